"""Questions about branches, tags, commits and what differs."""

import base64
from typing import Any

import pygit2

from tests.forges.git_half import HEADS, TAGS, ZERO, Change, Stale, is_branch_name
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.people import DEVELOPER
from tests.forges.gitlab.project import Project
from tests.forges.gitlab.pushing import move, refusal
from tests.forges.gitlab.refusal import absent, bad, forbidden
from tests.forges.gitlab.shapes import merge_request
from tests.forges.gitlab.shapes import repository as shape

ROOT = "/projects/:id/repository"
LONGEST_NAME = 255


# Branches


def branches(ask: Ask) -> Answer:
    held, wanted = ask.project, ask.request.query.get("search", "")
    names = [each for each in shape.branch_names(held) if wanted in each]
    show = lambda name: shape.branch(ask.place, held, name, ask.level)  # noqa: E731 both pagings take it
    return ask.keyset(names, str, show, "page_token")


def branch(ask: Ask) -> Answer:
    if not ask.project.tip(ask.parts["branch"]):
        raise absent("Branch")
    return 200, shape.branch(ask.place, ask.project, ask.parts["branch"], ask.level)


def add_branch(ask: Ask) -> Answer:
    asked, held = ask.need("branch", "ref"), ask.project
    if not held.bare.refs(HEADS):
        _begin(ask)
    name, sha = str(asked["branch"]), held.bare.resolve(str(asked["ref"]))
    if held.tip(name):
        raise bad("Branch already exists")
    if not is_branch_name(name):
        raise bad("Branch name is invalid")
    if not sha:
        raise bad(f"Invalid reference name: {asked['ref']}")
    _move(ask, Change(HEADS + name, ZERO, sha), f"Failed to create branch '{name}'")
    return 201, shape.branch(ask.place, held, name, ask.level)


def _begin(ask: Ask) -> None:
    """A branch in a project where there is none begins with a default branch."""
    asked = {"branch": ask.project.default_branch, "commit_message": "Add README.md"}
    commit_files(ask, asked, [{"action": "create", "file_path": "README.md", "content": ""}])


def remove_branch(ask: Ask) -> Answer:
    held, name = ask.project, ask.parts["branch"]
    if not held.tip(name):
        raise absent("Branch")
    if name == held.default_branch:
        raise bad("The default branch of a project cannot be deleted.")
    if held.protections(name) and not held.may_push(ask.level, name):
        raise forbidden()
    move(ask.world, held, ask.user, [Change(HEADS + name, held.tip(name), ZERO)])
    return 204, None


def _move(ask: Ask, change: Change, otherwise: str) -> None:
    """Move a ref that may be moved; `Refused` in the words of a push."""
    if said := refusal(ask.project, ask.level, change):
        raise bad(said)
    try:
        move(ask.world, ask.project, ask.user, [change])
    except Stale as error:
        # `drafts/a` and `drafts/a/b` cannot both be.
        raise bad(otherwise) from error


# Tags


def tags(ask: Ask) -> Answer:
    held, wanted = ask.project, ask.request.query.get("search", "")
    names = [each for each in shape.tag_names(held) if wanted in each][::-1]
    return ask.keyset(names, str, lambda name: shape.tag(ask.place, held, name), "page_token")


def tag(ask: Ask) -> Answer:
    if not ask.project.bare.ref(TAGS + ask.parts["tag"]):
        raise absent("Tag")
    return 200, shape.tag(ask.place, ask.project, ask.parts["tag"])


def add_tag(ask: Ask) -> Answer:
    asked, held = ask.need("tag_name", "ref"), ask.project
    name, sha = str(asked["tag_name"]), held.bare.resolve(str(asked["ref"]))
    if not pygit2.reference_is_valid_name(TAGS + name) or len(name.encode()) > LONGEST_NAME:
        raise bad("Tag name invalid")
    if held.bare.ref(TAGS + name):
        raise bad(f"Tag {name} already exists")
    if not sha:
        raise bad(f"Target {asked['ref']} is invalid")
    target, by = sha, ask.user.person
    if message := asked.get("message"):
        signature = pygit2.Signature(by.name, by.email, int(ask.world.clock.tick().timestamp()), 0)
        target = _annotated(held, name, sha, signature, f"{message}\n")
    _move(ask, Change(TAGS + name, ZERO, target), f"Tag {name} already exists")
    return 201, shape.tag(ask.place, held, name)


def _annotated(held: Project, name: str, sha: str, by: pygit2.Signature, message: str) -> str:
    """A tag with words, that no ref names yet."""
    head = (
        f"object {sha}\ntype commit\ntag {name}\ntagger {by.name} <{by.email}> {by.time} +0000\n\n{message}"
    )
    return str(held.bare.git.odb.write(pygit2.enums.ObjectType.TAG, head.encode()))


def remove_tag(ask: Ask) -> Answer:
    held, name = ask.project, ask.parts["tag"]
    target = held.bare.ref(TAGS + name)
    if not target:
        raise absent("Tag")
    if held.tag_protections(name) and not held.may_tag(ask.level, name):
        raise forbidden()
    move(ask.world, held, ask.user, [Change(TAGS + name, target, ZERO)])
    return 204, None


# Commits


def commits(ask: Ask) -> Answer:
    held, query = ask.project, ask.request.query
    if query.get("all", "").lower() == "true":
        tips = held.bare.refs().values()
        return ask.page(held.bare.log(*tips), lambda each: shape.commit(ask.place, held, each))
    sha = held.bare.resolve(query.get("ref_name", held.default_branch))
    if not sha:
        raise absent("Commit")
    return ask.page(held.bare.log(sha), lambda each: shape.commit(ask.place, held, each))


def _sha(ask: Ask) -> str:
    found = ask.project.bare.resolve(ask.parts["sha"])
    if not found:
        raise absent("Commit")
    return found


def commit(ask: Ask) -> Answer:
    return 200, shape.full_commit(ask.place, ask.project, _sha(ask))


def diff(ask: Ask) -> Answer:
    held, sha = ask.project, _sha(ask)
    parents = held.bare.commit(sha).parent_ids
    return ask.page(held.bare.touched(str(parents[0]) if parents else "", sha), shape.difference)


def refs_of(ask: Ask) -> Answer:
    """The branches and tags that hold a commit."""
    held, sha = ask.project, _sha(ask)
    listed = [
        {"type": kind, "name": name}
        for kind, names, root in (
            ("branch", shape.branch_names(held), HEADS),
            ("tag", shape.tag_names(held), TAGS),
        )
        for name in names
        if held.bare.is_ancestor(sha, held.bare.peel(held.bare.ref(root + name)))
    ]
    return ask.page(listed, lambda each: each)


def make(ask: Ask) -> Answer:
    """A commit by the API, as if pushed; `Refused` as a push would be."""
    asked = ask.need("branch", "commit_message", "actions")
    return 201, shape.full_commit(ask.place, ask.project, commit_files(ask, asked, asked["actions"]))


def commit_files(ask: Ask, asked: dict[str, Any], actions: list[dict[str, Any]]) -> str:
    """A commit of what is done to files upon a branch that was asked for; `Refused`."""
    held, name = ask.project, str(asked["branch"])
    before = held.tip(name)
    start = before or held.bare.resolve(str(asked.get("start_branch") or asked.get("start_sha") or ""))
    if not start and held.bare.refs(HEADS):
        raise bad("You can only create or edit files when you are on a branch")
    tree = held.bare.tree(_files(held, start, actions), start)
    by, now = ask.user.person, ask.world.clock.tick()
    made = held.bare.make(tree, [start] if start else [], str(asked["commit_message"]), by, now)
    _move(
        ask,
        Change(HEADS + name, before or ZERO, made),
        "Could not update branch. Please refresh and try again.",
    )
    return made


def _files(held: Project, start: str, actions: list[dict[str, Any]]) -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {}
    for each in actions:
        path = str(each["file_path"])
        is_there = bool(start) and held.bare.read(start, path) is not None
        if each["action"] == "create" and is_there:
            raise bad("A file with this name already exists")
        if each["action"] in {"update", "delete"} and not is_there:
            raise bad("A file with this name doesn't exist")
        text = str(each.get("content", ""))
        content = base64.b64decode(text) if each.get("encoding") == "base64" else text.encode()
        found[path] = None if each["action"] == "delete" else content
    return found


def of_commit(ask: Ask) -> Answer:
    """The merge requests that brought a commit, or have it."""
    sha = _sha(ask)
    listed = ask.project.merge_requests.values()
    found = [e for e in listed if sha in {e.head, e.merge_commit, e.squash_commit}]
    return ask.page(found, lambda each: merge_request.listed(ask.place, each))


def compare(ask: Ask) -> Answer:
    asked, held = ask.need("from", "to"), ask.project
    older, newer = held.bare.resolve(str(asked["from"])), held.bare.resolve(str(asked["to"]))
    if not older or not newer:
        raise absent("Ref")
    base = older if asked.get("straight") == "true" else held.bare.fork_point(older, newer) or older
    names = held.bare.missing(older, newer)
    return 200, {
        "commit": shape.commit(ask.place, held, names[-1]) if names else None,
        "commits": [shape.commit(ask.place, held, sha) for sha in names],
        "diffs": [shape.difference(each) for each in held.bare.touched(base, newer)],
        "compare_timeout": False,
        "compare_same_ref": older == newer,
        "web_url": f"{ask.place.web}/{held.full_path}/-/compare/{asked['from']}...{asked['to']}",
    }


ROUTES = (
    Route("GET", f"{ROOT}/branches", branches),
    Route("POST", f"{ROOT}/branches", add_branch, DEVELOPER),
    Route("GET", f"{ROOT}/branches/:branch", branch),
    Route("DELETE", f"{ROOT}/branches/:branch", remove_branch, DEVELOPER),
    Route("GET", f"{ROOT}/tags", tags),
    Route("POST", f"{ROOT}/tags", add_tag, DEVELOPER),
    Route("GET", f"{ROOT}/tags/:tag", tag),
    Route("DELETE", f"{ROOT}/tags/:tag", remove_tag, DEVELOPER),
    Route("GET", f"{ROOT}/commits", commits),
    Route("POST", f"{ROOT}/commits", make, DEVELOPER),
    Route("GET", f"{ROOT}/commits/:sha", commit),
    Route("GET", f"{ROOT}/commits/:sha/diff", diff),
    Route("GET", f"{ROOT}/commits/:sha/refs", refs_of),
    Route("GET", f"{ROOT}/commits/:sha/merge_requests", of_commit),
    Route("GET", f"{ROOT}/compare", compare),
)
