"""Questions about refs, commits, trees, tags and files."""

import base64

import pygit2

from tests.forges.git_half import HEADS, TAGS
from tests.forges.github import pushing
from tests.forges.github.ask import Answer, Ask, Route
from tests.forges.github.opening import acting
from tests.forges.github.refusal import Refused, absent
from tests.forges.github.shapes import git, repository

REPO = "/repos/{owner}/{repo}"
GIT = f"{REPO}/git"


def _commit(ask: Ask, name: str) -> str:
    found = ask.repo.bare.resolve(name)
    if not found:
        raise Refused(422, f"No commit found for SHA: {name}")
    return found


def ref(ask: Ask) -> Answer:
    name = f"refs/{ask.parts['ref']}"
    found = ask.repo.bare.ref(name)
    if not found:
        raise absent()
    return 200, repository.ref(ask.place, ask.repo, name, found)


def matching(ask: Ask) -> Answer:
    found = ask.repo.bare.refs(f"refs/{ask.parts['ref']}")
    return ask.page(repository.ref(ask.place, ask.repo, name, sha) for name, sha in found.items())


def create_ref(ask: Ask) -> Answer:
    asked = ask.need("ref", "sha")
    shown = pushing.create_ref(ask.world, ask.repo, ask.caller, str(asked["ref"]), str(asked["sha"]))
    return 201, shown, {"Location": shown["url"]}


def update_ref(ask: Ask) -> Answer:
    asked, name = ask.need("sha"), f"refs/{ask.parts['ref']}"
    force = bool(asked.get("force"))
    return 200, pushing.update_ref(ask.world, ask.repo, ask.caller, name, str(asked["sha"]), force=force)


def delete_ref(ask: Ask) -> Answer:
    pushing.delete_ref(ask.world, ask.repo, ask.caller, f"refs/{ask.parts['ref']}")
    return 204, None


def create_tag(ask: Ask) -> Answer:
    """An annotated tag's object, which no ref names yet."""
    asked, held = ask.need("tag", "message", "object", "type"), ask.repo
    pushing.check_writable(held)
    if str(asked["object"]) not in held.bare.git:
        raise Refused(422, "Object does not exist")
    named = asked.get("tagger") or {}
    person = acting(ask.caller).person
    name, email = named.get("name", person.name), named.get("email", person.email)
    moment = int(ask.world.clock.tick().timestamp())
    # pygit2 makes a tag together with its ref; an object alone is written as its text.
    text = (
        f"object {asked['object']}\ntype {asked['type']}\ntag {asked['tag']}\n"
        f"tagger {name} <{email}> {moment} +0000\n\n{asked['message']}"
    )
    made = held.bare.git.odb.write(pygit2.enums.ObjectType.TAG, text.encode())
    return 201, git.tag_object(ask.place, held, str(made))


def tag(ask: Ask) -> Answer:
    sha = ask.parts["tag_sha"]
    if sha not in ask.repo.bare.git or ask.repo.bare.git[sha].type_str != "tag":
        raise absent()
    return 200, git.tag_object(ask.place, ask.repo, sha)


def tags(ask: Ask) -> Answer:
    held = ask.repo
    address = repository.url(ask.place, held)
    found = list(held.bare.refs(TAGS).items())[::-1]
    return ask.page(
        {
            "name": (name := full.removeprefix(TAGS)),
            "zipball_url": f"{address}/zipball/refs/tags/{name}",
            "tarball_url": f"{address}/tarball/refs/tags/{name}",
            "commit": {"sha": (peeled := held.bare.peel(sha)), "url": f"{address}/commits/{peeled}"},
            "node_id": ask.place.node("REF", f"{held.id}:{full}"),
        }
        for full, sha in found
    )


def git_commit(ask: Ask) -> Answer:
    found = ask.repo.bare.peel(ask.parts["commit_sha"])
    if not found:
        raise absent()
    return 200, git.git_commit(ask.place, ask.repo, found)


def tree(ask: Ask) -> Answer:
    name = ask.parts["tree_sha"]
    sha = name if name in ask.repo.bare.git else ask.repo.bare.resolve(name)
    if not sha:
        raise absent()
    deep = "recursive" in ask.request.query
    return 200, git.tree(ask.place, ask.repo, sha, deep=deep)


def blob(ask: Ask) -> Answer:
    sha = ask.parts["file_sha"]
    if sha not in ask.repo.bare.git or ask.repo.bare.git[sha].type_str != "blob":
        raise absent()
    return 200, git.blob(ask.place, ask.repo, sha)


def commits(ask: Ask) -> Answer:
    held = ask.repo
    start = _commit(ask, ask.request.query.get("sha") or held.default_branch)
    return ask.page(git.commit(ask.place, held, ask.world.users, sha) for sha in held.bare.log(start))


def commit(ask: Ask) -> Answer:
    found = _commit(ask, ask.parts["ref"])
    return 200, git.whole_commit(ask.place, ask.repo, ask.world.users, found)


def compare(ask: Ask) -> Answer:
    base, cut, head = ask.parts["basehead"].partition("...")
    found = [ask.repo.bare.resolve(name.rpartition(":")[2]) for name in (base, head)]
    if not cut or not all(found):
        raise absent()
    return 200, git.comparison(ask.place, ask.repo, ask.world.users, *found)


def content(ask: Ask) -> Answer:
    held, path = ask.repo, ask.parts["path"].strip("/")
    name = ask.request.query.get("ref") or held.default_branch
    sha = held.bare.resolve(name)
    if not sha:
        raise Refused(404, f"No commit found for the ref {name}")
    found = held.bare.commit(sha).tree
    if path not in found:
        raise absent()
    entry = found[path]
    if isinstance(entry, pygit2.Tree):
        listed = (git.content(ask.place, held, f"{path}/{each.name}", name, each) for each in entry)
        return 200, list(listed)
    assert isinstance(entry, pygit2.Blob)
    text = base64.encodebytes(entry.data).decode()
    return 200, {**git.content(ask.place, held, path, name, entry), "content": text, "encoding": "base64"}


def branches(ask: Ask) -> Answer:
    names = [name.removeprefix(HEADS) for name in ask.repo.bare.refs(HEADS)]
    found = [repository.branch(ask.place, ask.repo, name) for name in names]
    if (wanted := ask.request.query.get("protected")) is not None:
        found = [each for each in found if each["protected"] == (wanted == "true")]
    return ask.page(found)


def branch(ask: Ask) -> Answer:
    held, name = ask.repo, ask.parts["branch"]
    sha = held.bare.ref(HEADS + name)
    if not sha:
        raise Refused(404, "Branch not found")
    page = f"{ask.place.web}/{held.full_name}/tree/{name}"
    shown = repository.branch(ask.place, held, name)
    links = {"self": f"{repository.url(ask.place, held)}/branches/{name}", "html": page}
    return 200, {**shown, "commit": git.commit(ask.place, held, ask.world.users, sha), "_links": links}


READ, WRITE = "contents:read", "contents:write"
ROUTES = (
    Route("GET", f"{GIT}/ref/{{ref}}", ref, READ),
    Route("GET", f"{GIT}/matching-refs/{{ref}}", matching, READ),
    Route("POST", f"{GIT}/refs", create_ref, WRITE, "write", 404),
    Route("PATCH", f"{GIT}/refs/{{ref}}", update_ref, WRITE, "write", 404),
    Route("DELETE", f"{GIT}/refs/{{ref}}", delete_ref, WRITE, "write", 404),
    Route("POST", f"{GIT}/tags", create_tag, WRITE, "write", 404),
    Route("GET", f"{GIT}/tags/{{tag_sha}}", tag, READ),
    Route("GET", f"{GIT}/commits/{{commit_sha}}", git_commit, READ),
    Route("GET", f"{GIT}/trees/{{tree_sha}}", tree, READ),
    Route("GET", f"{GIT}/blobs/{{file_sha}}", blob, READ),
    Route("GET", f"{REPO}/tags", tags, READ),
    Route("GET", f"{REPO}/commits", commits, READ),
    Route("GET", f"{REPO}/commits/{{ref}}", commit, READ),
    Route("GET", f"{REPO}/compare/{{basehead}}", compare, READ),
    Route("GET", f"{REPO}/contents/{{path}}", content, READ),
    Route("GET", f"{REPO}/branches", branches, READ),
    Route("GET", f"{REPO}/branches/{{branch}}", branch, READ),
)
