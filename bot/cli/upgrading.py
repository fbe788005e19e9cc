"""The plan for one package that is to be upgraded."""

from dataclasses import dataclass, field

from bot.cli.desk import Found, warn
from bot.cli.new_draft import NewDraft, new_revision
from bot.cli.plan import Step, Work
from bot.cli.sources import Sources
from bot.cli.stock import Stock
from bot.errors import Refused, UserError
from bot.git.client import Move
from bot.lifecycle.person import Person
from bot.packages.acquisition import Fetched
from bot.packages.address import same_repository
from bot.packages.kptfile import Upstream, read_kptfile
from bot.packages.layout import NO_REVISION
from bot.packages.merge.conflict import OnConflict
from bot.packages.naming import quoted
from bot.packages.operations.content import Content
from bot.packages.operations.target import number_of, target_ref
from bot.packages.operations.upgrade import Parties, Wish, strategy_of, upgrade
from bot.packages.package import KPTFILE, Files
from bot.packages.package_context import with_own_context
from bot.packages.provenance import Strategy
from bot.packages.revision import Lifecycle
from bot.packages.source import directory_path

PUBLISHED = (Lifecycle.PUBLISHED, Lifecycle.DELETION_PROPOSED)


@dataclass(frozen=True, slots=True)
class Upgrading:
    """What a person wants of every package: `revision` is a number, 'latest', a ref, or ''."""

    stock: Stock
    sources: Sources
    workspace: str
    revision: str
    strategy: Strategy | None
    on_conflict: OnConflict
    taken: set[str] = field(default_factory=set)

    def step(self, name: str) -> Step:
        """Merge the package called `name`, and write nothing yet; raises UserError where that cannot be."""
        found = self.stock.find(name)
        _check_published(found)
        draft = self._draft(found)
        local = found.shelf.client.files(found.revision)
        upstream, lock = _provenance(found, local)
        self.sources.check(upstream.repo, found.shelf.registration)
        target = upstream._replace(
            ref=target_ref(upstream, lock, self.sources.refs(upstream.repo), self.revision), commit=""
        )
        updated = self.sources.fetch(target)
        step = Step(
            found.name, _shown(lock or upstream), _shown(target), str(self.strategy or strategy_of(local))
        )
        if self._is_current(lock, updated):
            return step
        _warn_of_age(found, lock, target)
        try:
            content = self._content(found, local, lock, target)
        except UserError as error:
            return step.failed(error)
        self.taken.add(draft.shown)
        work = Work(found.shelf, draft.shown, _Writing(draft, content))
        return step._replace(conflicts=content.conflicts, work=work)

    def _draft(self, found: Found) -> NewDraft:
        """The new draft; raises InvalidName, or Refused where its name is taken."""
        draft = new_revision(found.shelf, found.revision.path, self.workspace)
        if draft.shown in self.taken:
            raise Refused(
                f"{quoted(draft.shown)} is to be begun already, from another revision of its package."
            )
        return draft

    def _is_current(self, lock: Upstream | None, updated: Fetched) -> bool:
        """Whether the package has what its upstream has, by the same name."""
        if lock is None or _short(lock) != _short(updated.lock) or not _same_place(lock, updated.lock):
            return False
        if lock.commit == updated.lock.commit:
            return True
        # A branch moves on for other packages, too.
        return bool(lock.commit) and self.sources.fetch(lock).files == updated.files

    def _content(self, found: Found, local: Files, lock: Upstream | None, target: Upstream) -> Content:
        old = self.sources.revision(lock) if lock is not None else None
        new = self.sources.revision(target)
        if new is not None and new.revision.lifecycle not in PUBLISHED:
            raise Refused(
                f"all source PackageRevisions of upgrade task must be published, {quoted(new.name)} is "
                f"{new.revision.lifecycle}; name a published one with `--revision`."
            )
        parties = Parties(
            found.name, old.name if old is not None else "", new.name if new is not None else ""
        )
        repository = found.shelf.registration

        def fetch(upstream: Upstream) -> Fetched:
            self.sources.check(upstream.repo, repository)
            return self.sources.fetch(upstream)

        content = upgrade(local, fetch, parties, Wish(target.ref, self.strategy, self.on_conflict))
        if repository.deployment:
            return content._replace(files=with_own_context(content.files, local, found.revision.path))
        return content


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes the commit with which the upgraded draft begins."""

    draft: NewDraft
    content: Content

    def __call__(self, author: Person) -> Move:
        _, client, _, head = self.draft.shelf
        tree = client.write(self.content.files)
        return client.beginning(self.draft.name, tree, self.content.story, author, head)


def _check_published(found: Found) -> None:
    revision = found.revision
    if revision.lifecycle not in PUBLISHED:
        raise Refused(
            f"all source PackageRevisions of upgrade task must be published, {quoted(found.name)} is "
            f"{revision.lifecycle}; publish it first, or upgrade the latest that is published."
        )
    if revision.revision == NO_REVISION:
        raise Refused(
            f"The source revision may not be the placeholder package revision {quoted(found.name)}; upgrade "
            "one that has a revision number."
        )


def _provenance(found: Found, local: Files) -> tuple[Upstream, Upstream | None]:
    """What a package follows, and what it was brought to last; raises Refused where it follows nothing."""
    kptfile = read_kptfile(local[KPTFILE].content) if KPTFILE in local else None
    upstream = kptfile.upstream if kptfile is not None else None
    if kptfile is None or upstream is None or not upstream.repo:
        raise Refused(
            f"package must have an upstream reference, and {quoted(found.name)} has none: only what was "
            "cloned can be upgraded."
        )
    registration = found.shelf.registration
    own = registration.layout.full_path(found.revision.path)
    if same_repository(upstream.repo, registration.url) and directory_path(upstream.directory) == own:
        raise Refused(
            f"The package {quoted(found.revision.path)} names itself as its upstream; correct `upstream` in "
            "its Kptfile."
        )
    return upstream, kptfile.upstream_lock


def _warn_of_age(found: Found, lock: Upstream | None, target: Upstream) -> None:
    """Tell what a person may not have meant."""
    before, after = number_of(lock) if lock is not None else NO_REVISION, number_of(target)
    if 0 < after < before:
        warn(f"{found.name} goes back from v{before} to v{after} of its upstream.")
    if not found.revision.latest:
        warn(
            f"{found.name} is not the latest revision of its package; what later ones changed is not in the "
            "new draft."
        )


def _same_place(one: Upstream, other: Upstream) -> bool:
    """Whether two name one directory of one repository: somebody may have edited what is followed."""
    places = (directory_path(each.directory) for each in (one, other))
    return same_repository(one.repo, other.repo) and len(set(places)) == 1


def _short(upstream: Upstream) -> str:
    return upstream.ref.removeprefix(f"{directory_path(upstream.directory)}/")


def _shown(upstream: Upstream) -> str:
    return _short(upstream) or upstream.commit[:10] or "?"
