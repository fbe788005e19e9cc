"""Questions about files, each of which is read at a commit, or written by one."""

import base64
import hashlib

from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.people import DEVELOPER
from tests.forges.gitlab.refusal import absent
from tests.forges.gitlab.routes.repository import commit_files

ONE = "/projects/:id/repository/files/:path"


def get(ask: Ask) -> Answer:
    asked, held = ask.need("ref"), ask.project
    sha, path = held.bare.resolve(str(asked["ref"])), ask.parts["path"]
    if not sha:
        raise absent("Commit")
    content = held.bare.read(sha, path)
    if content is None:
        raise absent("File")
    return 200, {
        "file_name": path.rpartition("/")[2],
        "file_path": path,
        "size": len(content),
        "encoding": "base64",
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "ref": str(asked["ref"]),
        "blob_id": str(held.bare.commit(sha).tree[path].id),
        "commit_id": sha,
        "last_commit_id": sha,
        "execute_filemode": False,
        "content": base64.b64encode(content).decode(),
    }


def create(ask: Ask) -> Answer:
    return 201, _written(ask, "create")


def update(ask: Ask) -> Answer:
    return 200, _written(ask, "update")


def delete(ask: Ask) -> Answer:
    _write(ask, "delete")
    return 204, None


def _written(ask: Ask, action: str) -> dict[str, str]:
    ask.need("content")
    return {"file_path": ask.parts["path"], "branch": _write(ask, action)}


def _write(ask: Ask, action: str) -> str:
    """What one commit does to the file; the branch."""
    asked = ask.need("branch", "commit_message")
    done = {"action": action, "file_path": ask.parts["path"]}
    done |= {key: asked[key] for key in ("content", "encoding") if key in asked}
    commit_files(ask, asked, [done])
    return str(asked["branch"])


ROUTES = (
    Route("GET", ONE, get),
    Route("POST", ONE, create, DEVELOPER),
    Route("PUT", ONE, update, DEVELOPER),
    Route("DELETE", ONE, delete, DEVELOPER),
)
