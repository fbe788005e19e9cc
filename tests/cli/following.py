"""Repositories whose packages follow one another, made with Git alone."""

from collections.abc import Mapping
from pathlib import Path

from tests.cli.person import git

KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {name}\n"
SOURCE = "{key}:\n  type: git\n  git:\n    repo: {repo}\n    directory: /{path}\n    ref: {ref}\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name} # mine\ndata:\n{data}"


def config(name: str = "dns", **data: str) -> str:
    lines = "".join(f"  {key}: {value}\n" for key, value in data.items())
    return CONFIG.format(name=name, data=lines)


class Origin:
    """A bare repository and a working tree to fill it from."""

    def __init__(self, place: Path) -> None:
        self.bare = place
        self.work = place.with_suffix(".work")
        self.work.mkdir(parents=True)
        git(self.work, "init", "-q")
        git(place.parent, "init", "-q", "--bare", str(place))
        git(self.work, "remote", "add", "origin", str(place))

    def put(self, files: Mapping[str, str | None], *, tag: str = "") -> str:
        """Commit files, None for those that go, and push that, with a tag; its hex id."""
        for path, content in files.items():
            place = self.work / path
            if content is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)
        git(self.work, "add", "-A")
        git(self.work, "commit", "-q", "-m", "by hand")
        git(self.work, "push", "-q", "origin", "HEAD:refs/heads/main")
        if tag:
            self.tag(tag)
        return git(self.work, "rev-parse", "HEAD")

    def tag(self, tag: str) -> None:
        git(self.work, "tag", tag)
        git(self.work, "push", "-q", "origin", f"refs/tags/{tag}")

    def pull(self) -> None:
        git(self.work, "pull", "-q", "origin", "main")


def followed(repo: object, path: str, ref: str, commit: str, name: str = "dns", more: str = "") -> str:
    """A Kptfile of a package that follows another, in Porch's spelling or kpt's."""
    upstream = SOURCE.format(key="upstream", repo=repo, path=path, ref=ref)
    lock = SOURCE.format(key="upstreamLock", repo=repo, path=path, ref=f"{path}/{ref.rpartition('/')[2]}")
    return KPTFILE.format(name=name) + upstream + lock + f"    commit: {commit}\n" + more
