"""The fuse box: the only place where parts are chosen and put together."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.attendant.attendant import Attendant
from bot.attendant.room import Room
from bot.errors import AccessDenied
from bot.gather import Gatherer
from bot.git.branches import RemoteBranches
from bot.git.cache import Cache
from bot.git.client import Client
from bot.git.collection import GitCollection
from bot.git.drafts import GitDrafts
from bot.git.outcomes import Outcomes
from bot.git.remote_store import RemoteStore, bring
from bot.git.repository import Repository
from bot.git.source import GitSource
from bot.git.span import Span
from bot.git.spoken import say_to
from bot.git.standing import tip
from bot.git.store import GitStore
from bot.lifecycle.events import Event
from bot.lifecycle.examined import Wanted
from bot.lifecycle.finding import Checkup
from bot.lifecycle.judgement import checked
from bot.lifecycle.policy import NARROWS_NOTHING, Policy
from bot.lifecycle.state import Facts
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName
from bot.packages.registration import Registration
from bot.ports import Collection, Drafts, Forge, GitCredentials, Renderer, Voice
from bot.render.memory import Memory
from bot.render.renderer import PackageRenderer
from bot.render.runners import Functions, functions
from bot.steward import Steward

if TYPE_CHECKING:
    from bot.forges.github.forge import GitHub
    from bot.forges.gitlab.forge import GitLab


def gatherer(
    repository: Repository, layout: Layout, server: Policy = NARROWS_NOTHING, cache: Path | None = None
) -> Gatherer:
    """Facts of a local repository; what it remembers lies in the folder `cache`, None to remember nothing."""
    return Gatherer(GitSource(repository, layout, Cache(cache) if cache else None), server)


def renderer(cache: Path | None = None, may_run: Functions = functions) -> PackageRenderer:
    """Renders drafts; what was rendered is remembered in the folder `cache`, None to remember nothing."""
    return PackageRenderer(may_run, Memory(cache / "renderings") if cache else None)


def steward(
    repository: Repository, layout: Layout, reader: Gatherer, voice: Voice, renders: Renderer | None = None
) -> Steward:
    """The house over a local repository, for hooks and ticks."""
    return Steward(GitStore(repository, layout), renders or renderer(), reader, voice)


def attendant(  # noqa: PLR0913 one parameter per choice
    forge: Forge,
    branches: RemoteBranches,
    place: Path,
    server: Policy = NARROWS_NOTHING,
    may_run: Functions = functions,
    *,
    deployment: bool = False,
) -> Attendant:
    """Look after the changes of one repository; what was learnt of it lies in `place`, and may be deleted."""
    try:
        branches.refresh()
    except AccessDenied:
        forge.home()  # the forge says what is wrong with a token; Git would ask a person for a password
        raise
    git = GitSource(branches.repository, branches.layout, Cache(place / "facts"))
    outcomes = Outcomes(Cache(place / "outcomes"))
    rendering = renderer(place, may_run)
    return Attendant(Room(forge, branches, git, branches.layout, rendering, outcomes, server, deployment))


class GitHubAccess(NamedTuple):
    """Who the bot is on GitHub: the bearer of a token, or the App `app` with its private `key` (PEM)."""

    token: str = ""
    app: str = ""
    key: str = ""


class OnGitHub(NamedTuple):
    """A repository on GitHub: `api` is where REST is, `git` the URL for Git, `place` for what was learnt."""

    name: str
    access: GitHubAccess
    layout: Layout
    api: str
    git: str
    place: Path
    deployment: bool = False


class OnGitLab(NamedTuple):
    """A project on GitLab: `url` is where people see GitLab, `git` the URL for Git, `place` as above."""

    name: str
    token: str
    layout: Layout
    url: str
    git: str
    place: Path
    deployment: bool = False


def on_github(repository: OnGitHub, may_run: Functions = functions) -> Attendant:
    """Look after a repository on GitHub; raises AccessDenied for a key that is none."""
    forge, (_, _, layout, _, git, place, deployment) = _github(repository), repository
    branches = RemoteBranches(git, layout, place, forge.git_credentials, forge.renew)
    return attendant(forge, branches, place, may_run=may_run, deployment=deployment)


def on_gitlab(project: OnGitLab, may_run: Functions = functions) -> Attendant:
    """Look after a project on GitLab; raises AccessDenied for a token that is none."""
    forge, (_, _, layout, _, git, place, deployment) = _gitlab(project), project
    branches = RemoteBranches(git, layout, place, forge.git_credentials)
    return attendant(forge, branches, place, may_run=may_run, deployment=deployment)


def check_github(repository: OnGitHub, address: str = "", *, serves: bool = True) -> Checkup:
    """Say what a repository on GitHub lacks for portico's work; `address` and `serves` as in `Wanted`."""
    wanted = Wanted(repository.layout, repository.git.removesuffix(".git"), address, serves)
    return checked(
        "GitHub", repository.name, repository.layout.branch, lambda: _github(repository).check(wanted)
    )


def check_gitlab(project: OnGitLab, address: str = "", *, serves: bool = True) -> Checkup:
    """Say what a project on GitLab lacks for portico's work; `address` and `serves` as in `Wanted`."""
    wanted = Wanted(project.layout, project.git.removesuffix(".git"), address, serves)
    return checked("GitLab", project.name, project.layout.branch, lambda: _gitlab(project).check(wanted))


def _github(repository: OnGitHub) -> "GitHub":
    from bot.forges.github.credentials import App, Token  # noqa: PLC0415 its library is an extra
    from bot.forges.github.forge import GitHub  # noqa: PLC0415 the same

    name, access, layout, api, git, _, _ = repository
    who = App(access.app, access.key) if access.app else Token(access.token)
    return GitHub(name, who, branch=layout.branch, api=api, git=git)


def _gitlab(project: OnGitLab) -> "GitLab":
    from bot.forges.gitlab.credentials import Token  # noqa: PLC0415 its library is an extra
    from bot.forges.gitlab.forge import GitLab  # noqa: PLC0415 the same

    name, token, layout, url, git, _, _ = project
    return GitLab(name, Token(token), branch=layout.branch, url=url, git=git)


class InCluster(NamedTuple):
    """A repository that a cluster registers; `place` is for what was learnt of it, and may be deleted."""

    registration: Registration
    credentials: GitCredentials | None
    place: Path


class Kept(NamedTuple):
    """A repository that a cluster is shown, how events in it are dealt with, and how its facts are read."""

    collection: Collection
    handle: Callable[[Event, Voice], None]
    facts: Callable[[RevisionName], Facts]
    drafts: Drafts


def in_cluster(repository: InCluster, may_run: Functions = functions) -> Kept:
    """A repository on this machine is written where it lies; one elsewhere by pushes, if it is ours to keep.

    A server with hooks decides by who pushes, and is asked.
    """
    registration, credentials, place = repository
    layout = registration.layout
    branches = RemoteBranches(registration.url, layout, place, lambda: credentials)
    client = Client(registration.url, layout, place)
    bring_it = branches.refresh if client.is_local else partial(bring, branches)
    collection = GitCollection(client, bring_it, registration.credentials)

    def handle(event: Event, voice: Voice) -> None:
        if not client.is_local and client.has_hooks:
            return say_to(client, event)
        here, renders = client.repository, renderer(place, may_run)
        store = GitStore(here, layout) if client.is_local else RemoteStore(here, layout, branches)
        Steward(store, renders, gatherer(here, layout, cache=place / "facts"), voice).handle(event)
        return None

    def facts(name: RevisionName) -> Facts:
        return gatherer(client.repository, layout, cache=place / "facts").facts(name)

    def allowed() -> tuple[tuple[str, ...], ...]:
        here = client.repository
        base = tip(here, layout.branch_ref)
        return gatherer(here, layout, cache=place / "facts").policy(base).upstreams

    return Kept(collection, handle, facts, GitDrafts(branches, allowed))


def span(repository: OnGitHub, base: str, head: str) -> Span:
    """What a pull request changes, read by Git alone with the token that `repository` has."""
    _, access, layout, _, git, place, _ = repository
    credentials = GitCredentials("x-access-token", access.token)
    return Span(RemoteBranches(git, layout, place, lambda: credentials), base, head)
