"""The one repository on a forge that options or the environment of a workflow or pipeline name."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bot import compose
from bot.errors import UserError
from bot.lifecycle.finding import Checkup
from bot.packages.layout import Layout

GITHUB, GITLAB = FORGES = ("github", "gitlab")
TOKEN = "PORTICO_TOKEN"  # noqa: S105 the name of a variable
# Variables in which a forge names its own address and the repository, and its address for everybody.
_VARIABLES = {
    GITHUB: ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "https://github.com"),
    GITLAB: ("CI_SERVER_URL", "CI_PROJECT_PATH", "https://gitlab.com"),
}


class Named(NamedTuple):
    """What options say; '' or None where they say nothing."""

    forge: str | None
    server: str
    branch: str
    directory: str


class Target(NamedTuple):
    """A repository at the forge `forge`, whose address is `server`, and who asks about it."""

    forge: str
    server: str
    name: str
    token: str
    layout: Layout


def read_target(environ: Mapping[str, str], name: str, named: Named) -> Target:
    """Put together what options and the environment say; raises UserError that names what is missing."""
    forge = named.forge or (GITLAB if environ.get("GITLAB_CI") else GITHUB)
    address, repository, usual = _VARIABLES[forge]
    name = name or environ.get(repository, "")
    token = environ.get(TOKEN, "").strip()
    if not name:
        raise UserError(
            f"Which repository? Give `--config FILE`, or `--repository NAME`; {repository} is not set either."
        )
    if not token:
        raise UserError(f"{TOKEN} is not set; it must hold portico's token, or give `--config FILE`.")
    server = (named.server or environ.get(address) or usual).rstrip("/")
    return Target(forge, server, name, token, Layout(named.branch, named.directory.strip("/")))


def checkup_of(target: Target, url: str) -> Checkup:
    """Check it; `url` is where the forge reaches `portico serve`, '' where there may be none."""
    forge, server, name, token, layout = target
    git = f"{server}/{name}.git"
    if forge == GITLAB:
        project = compose.OnGitLab(name, token, layout, server, git, Path())
        return compose.check_gitlab(project, url, serves=bool(url))
    from bot.web.github_door import api_of  # noqa: PLC0415 its library comes with an extra

    repository = compose.OnGitHub(name, compose.GitHubAccess(token), layout, api_of(server), git, Path())
    return compose.check_github(repository, url, serves=bool(url))
