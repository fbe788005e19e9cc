"""How the API shows commits, branches, tags and statuses."""

from datetime import UTC, datetime
from typing import Any

import pygit2

from tests.forges.git_half import HEADS, TAGS, Touched
from tests.forges.gitlab.people import DEVELOPER, LEVELS
from tests.forges.gitlab.place import Place, maybe, offset, stamp
from tests.forges.gitlab.project import Project, Protection
from tests.forges.gitlab.shapes import people
from tests.forges.gitlab.status import Status, combined

Json = dict[str, Any]


def commit(place: Place, held: Project, sha: str) -> Json:
    found = held.bare.commit(sha)
    authored = offset(datetime.fromtimestamp(found.author.time, UTC))
    committed = offset(datetime.fromtimestamp(found.committer.time, UTC))
    return {
        "id": sha,
        "short_id": sha[:8],
        "created_at": committed,
        "parent_ids": [str(each) for each in found.parent_ids],
        "title": found.message.partition("\n")[0],
        "message": found.message,
        "author_name": found.author.name,
        "author_email": found.author.email,
        "authored_date": authored,
        "committer_name": found.committer.name,
        "committer_email": found.committer.email,
        "committed_date": committed,
        "trailers": {},
        "extended_trailers": {},
        "web_url": f"{place.web}/{held.full_path}/-/commit/{sha}",
    }


def full_commit(place: Place, held: Project, sha: str) -> Json:
    parents = held.bare.commit(sha).parent_ids
    touched = held.bare.touched(str(parents[0]) if parents else "", sha)
    added, removed = sum(e.additions for e in touched), sum(e.deletions for e in touched)
    refs = [ref for at, ref in held.pipelines if at == sha]
    return {
        **commit(place, held, sha),
        "stats": {"additions": added, "deletions": removed, "total": added + removed},
        "status": combined(held.statuses_of(sha)) or None,
        "project_id": held.id,
        "last_pipeline": pipeline(place, held, sha, refs[-1]) if refs else None,
    }


def pipeline(place: Place, held: Project, sha: str, ref: str) -> Json:
    number = held.pipelines[sha, ref]
    statuses = [each for each in held.statuses_of(sha) if each.pipeline == number]
    moments = [each.finished or each.started or each.made for each in statuses]
    return {
        "id": number,
        "iid": list(held.pipelines).index((sha, ref)) + 1,
        "project_id": held.id,
        "sha": sha,
        "ref": ref,
        "status": combined(statuses),
        "source": "external",
        "created_at": stamp(min(each.made for each in statuses)),
        "updated_at": stamp(max(moments)),
        "web_url": f"{place.web}/{held.full_path}/-/pipelines/{number}",
    }


def branch(place: Place, held: Project, name: str, level: int) -> Json:
    sha, protections = held.tip(name), held.protections(name)
    main = held.tip(held.default_branch)
    return {
        "name": name,
        "commit": commit(place, held, sha),
        "merged": name != held.default_branch and bool(main) and held.bare.is_ancestor(sha, main),
        "protected": bool(protections),
        "developers_can_push": any(each.push == DEVELOPER for each in protections),
        "developers_can_merge": any(each.merge == DEVELOPER for each in protections),
        "can_push": held.may_push(level, name),
        "default": name == held.default_branch,
        "web_url": f"{place.web}/{held.full_path}/-/tree/{name}",
    }


def tag(place: Place, held: Project, name: str) -> Json:
    target = held.bare.ref(TAGS + name)
    found = held.bare.git[target]
    message, made = "", None
    if isinstance(found, pygit2.Tag):
        message = found.message.rstrip("\n")
        made = stamp(datetime.fromtimestamp(found.tagger.time, UTC)) if found.tagger else None
    return {
        "name": name,
        "message": message,
        "target": target,
        "commit": commit(place, held, held.bare.peel(target)),
        "release": None,
        "protected": bool(held.tag_protections(name)),
        "created_at": made,
    }


def branch_names(held: Project) -> list[str]:
    return [name.removeprefix(HEADS) for name in held.bare.refs(HEADS)]


def tag_names(held: Project) -> list[str]:
    return [name.removeprefix(TAGS) for name in held.bare.refs(TAGS)]


def status(place: Place, held: Status) -> Json:
    return {
        "id": held.id,
        "sha": held.sha,
        "ref": held.ref,
        "status": held.state,
        "name": held.name,
        "target_url": held.target,
        "description": held.description,
        "created_at": stamp(held.made),
        "started_at": maybe(held.started),
        "finished_at": maybe(held.finished),
        "allow_failure": False,
        "coverage": None,
        "pipeline_id": held.pipeline,
        "author": people.brief(place, held.author),
    }


def difference(held: Touched) -> Json:
    return {
        "diff": held.patch,
        "collapsed": False,
        "too_large": False,
        "new_path": held.path,
        "old_path": held.previous or held.path,
        "a_mode": "0" if held.status == "added" else "100644",
        "b_mode": "0" if held.status == "removed" else "100644",
        "new_file": held.status == "added",
        "renamed_file": held.status == "renamed",
        "deleted_file": held.status == "removed",
        "generated_file": False,
    }


def _access(level: int, number: int) -> Json:
    found = {"id": number, "access_level": level, "access_level_description": LEVELS[level]}
    return {**found, "deploy_key_id": None, "user_id": None, "group_id": None}


def protected_branch(held: Protection) -> Json:
    return {
        "id": held.id,
        "name": held.name,
        "push_access_levels": [_access(held.push, held.id)],
        "merge_access_levels": [_access(held.merge, held.id)],
        "allow_force_push": held.force,
        "unprotect_access_levels": [],
        "code_owner_approval_required": False,
        "inherited": False,
    }


def protected_tag(held: Protection) -> Json:
    return {"name": held.name, "create_access_levels": [_access(held.push, held.id)]}
