"""Commits, trees, blobs, tags and differences as GitHub writes them."""

import base64
from datetime import UTC, datetime
from typing import Any

import pygit2

from tests.forges.clock import stamp
from tests.forges.git_half import Touched
from tests.forges.github.people import User
from tests.forges.github.place import Place
from tests.forges.github.repository import Repository
from tests.forges.github.shapes.people import user
from tests.forges.github.shapes.repository import url

Json = dict[str, Any]
UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
KINDS = {"file": "blob", "dir": "tree"}


def signature(held: pygit2.Signature) -> Json:
    return {"name": held.name, "email": held.email, "date": stamp(datetime.fromtimestamp(held.time, UTC))}


def _account(place: Place, users: dict[str, User], held: pygit2.Signature) -> Json | None:
    """The account that a commit's address belongs to; anybody may write any address into a commit."""
    found = next((each for each in users.values() if each.person.email == held.email), None)
    return user(place, found) if found else None


def commit(place: Place, held: Repository, users: dict[str, User], sha: str) -> Json:
    """A commit as the repository lists it."""
    found = held.bare.commit(sha)
    address = url(place, held)
    page = f"{place.web}/{held.full_name}/commit"
    return {
        "sha": sha,
        "node_id": place.node("C", f"{held.id}:{sha}"),
        "commit": {
            "author": signature(found.author),
            "committer": signature(found.committer),
            "message": found.message.rstrip("\n"),
            "tree": {"sha": str(found.tree_id), "url": f"{address}/git/trees/{found.tree_id}"},
            "url": f"{address}/git/commits/{sha}",
            "comment_count": 0,
            "verification": dict(UNSIGNED),
        },
        "url": f"{address}/commits/{sha}",
        "html_url": f"{page}/{sha}",
        "comments_url": f"{address}/commits/{sha}/comments",
        "author": _account(place, users, found.author),
        "committer": _account(place, users, found.committer),
        "parents": [
            {"sha": str(p), "url": f"{address}/commits/{p}", "html_url": f"{page}/{p}"}
            for p in found.parent_ids
        ],
    }


def whole_commit(place: Place, held: Repository, users: dict[str, User], sha: str) -> Json:
    """A commit's own page, with what it changed."""
    parents = held.bare.commit(sha).parent_ids
    files = held.bare.touched(str(parents[0]) if parents else "", sha)
    additions, deletions = sum(f.additions for f in files), sum(f.deletions for f in files)
    stats = {"total": additions + deletions, "additions": additions, "deletions": deletions}
    listed = [difference(place, held, sha, each) for each in files]
    return {**commit(place, held, users, sha), "stats": stats, "files": listed}


def git_commit(place: Place, held: Repository, sha: str) -> Json:
    """A commit as an object of Git."""
    found = held.bare.commit(sha)
    address = f"{url(place, held)}/git"
    page = f"{place.web}/{held.full_name}/commit"
    return {
        "sha": sha,
        "node_id": place.node("C", f"{held.id}:{sha}"),
        "url": f"{address}/commits/{sha}",
        "html_url": f"{page}/{sha}",
        "author": signature(found.author),
        "committer": signature(found.committer),
        "tree": {"sha": str(found.tree_id), "url": f"{address}/trees/{found.tree_id}"},
        "message": found.message.rstrip("\n"),
        "parents": [
            {"sha": str(p), "url": f"{address}/commits/{p}", "html_url": f"{page}/{p}"}
            for p in found.parent_ids
        ],
        "verification": dict(UNSIGNED),
    }


def difference(place: Place, held: Repository, sha: str, each: Touched) -> Json:
    """One file that differs."""
    found = {
        "sha": each.blob,
        "filename": each.path,
        "status": each.status,
        "additions": each.additions,
        "deletions": each.deletions,
        "changes": each.additions + each.deletions,
        "blob_url": f"{place.web}/{held.full_name}/blob/{sha}/{each.path}",
        "raw_url": f"{place.web}/{held.full_name}/raw/{sha}/{each.path}",
        "contents_url": f"{url(place, held)}/contents/{each.path}?ref={sha}",
    }
    if each.patch:
        found["patch"] = each.patch
    if each.previous:
        found["previous_filename"] = each.previous
    return found


def comparison(place: Place, held: Repository, users: dict[str, User], base: str, head: str) -> Json:
    """What `head` has that `base` lacks, and the other way round."""
    fork = held.bare.fork_point(base, head)
    ahead, behind = held.bare.missing(base, head), held.bare.missing(head, base)
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    page = f"{place.web}/{held.full_name}/compare/{base}...{head}"
    return {
        "url": f"{url(place, held)}/compare/{base}...{head}",
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit(place, held, users, base),
        "merge_base_commit": commit(place, held, users, fork),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [commit(place, held, users, sha) for sha in ahead[:250]],
        "files": [difference(place, held, head, each) for each in held.bare.touched(fork, head)[:300]],
    }


def tag_object(place: Place, held: Repository, sha: str) -> Json:
    """An annotated tag."""
    found = held.bare.git[sha]
    assert isinstance(found, pygit2.Tag)
    address = f"{url(place, held)}/git"
    tagger = found.tagger
    assert tagger is not None
    return {
        "node_id": place.node("TA", f"{held.id}:{sha}"),
        "tag": found.name,
        "sha": sha,
        "url": f"{address}/tags/{sha}",
        "message": found.message,
        "tagger": signature(tagger),
        "object": {
            "sha": str(found.target),
            "type": "commit",
            "url": f"{address}/commits/{found.target}",
        },
        "verification": dict(UNSIGNED),
    }


def tree(place: Place, held: Repository, sha: str, *, deep: bool) -> Json:
    """A tree's entries, those of its folders too when it is `deep`."""
    address = f"{url(place, held)}/git"

    def entries(folder: pygit2.Tree, opening: str) -> list[Json]:
        found: list[Json] = []
        for each in folder:
            kind = str(each.type_str)
            made: Json = {
                "path": f"{opening}{each.name}",
                "mode": f"{int(each.filemode):06o}",
                "type": kind,
                "sha": str(each.id),
            }
            if isinstance(each, pygit2.Blob):
                made["size"] = each.size
            if kind != "commit":
                made["url"] = f"{address}/{kind}s/{each.id}"
            found.append(made)
            if deep and isinstance(each, pygit2.Tree):
                found += entries(each, f"{opening}{each.name}/")
        return found

    held_tree = held.bare.git[sha].peel(pygit2.Tree)
    found = entries(held_tree, "")
    return {"sha": sha, "url": f"{address}/trees/{sha}", "tree": found, "truncated": False}


def blob(place: Place, held: Repository, sha: str) -> Json:
    found = held.bare.git[sha]
    assert isinstance(found, pygit2.Blob)
    return {
        "sha": sha,
        "node_id": place.node("B", f"{held.id}:{sha}"),
        "size": found.size,
        "url": f"{url(place, held)}/git/blobs/{sha}",
        "content": base64.encodebytes(found.data).decode(),
        "encoding": "base64",
    }


def content(place: Place, held: Repository, path: str, name: str, entry: pygit2.Object) -> Json:
    """What stands at a path of commit or branch `name`; a file's bytes are not in it."""
    address = f"{url(place, held)}/contents/{path}?ref={name}"
    kind = "file" if isinstance(entry, pygit2.Blob) else "dir"
    git = f"{url(place, held)}/git/{KINDS[kind]}s/{entry.id}"
    page = f"{place.web}/{held.full_name}/{KINDS[kind]}/{name}/{path}"
    raw = f"{place.web}/raw/{held.full_name}/{name}/{path}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": str(entry.id),
        "size": entry.size if isinstance(entry, pygit2.Blob) else 0,
        "url": address,
        "html_url": page,
        "git_url": git,
        "download_url": raw if kind == "file" else None,
        "type": kind,
        "_links": {"self": address, "git": git, "html": page},
    }
