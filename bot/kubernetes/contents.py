"""Keeps the objects that show what is in the packages of one repository, and take changes of drafts.

A cluster keeps all its objects in one small database, and every version of a package is a whole copy of it:
shown is what people work with, the latest revision of each package and all that is not published. With ten
thousand revisions of a thousand packages that is a tenth. What is shown is read in full once, and after that
only the objects' metadata, round by round.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.errors import AccessDenied, Later, Moved, NotFound, Refused, TransportFailed, UserError
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.hearing import Rendered
from bot.kubernetes.keeper import UNPUBLISHED, Identify, Kept
from bot.kubernetes.kinds import RESOURCES
from bot.kubernetes.report import report
from bot.kubernetes.repositories import ALL, LATEST, NONE
from bot.kubernetes.resources import are_ours, commit_of, contents, written
from bot.kubernetes.revisions import telling
from bot.kubernetes.wished import Now, Wished, is_ours
from bot.lifecycle import cluster_messages as say
from bot.lifecycle.commands import Save
from bot.lifecycle.person import Person
from bot.packages.objects import name_of
from bot.packages.operations.writing import written_story
from bot.packages.package import Files
from bot.packages.registration import Registration
from bot.packages.revision import Lifecycle, PackageRevision
from bot.packages.texts import texts_of, with_texts
from bot.ports import Collection, Drafts


class Told(NamedTuple):
    """What came of an order, '' for done, and the version of the object that was heard."""

    version: str
    refusal: str


class Seen(NamedTuple):
    """What an object was written for, and its version since: the same for both is nothing to do."""

    revision: PackageRevision
    rendered: Rendered
    version: str


@dataclass
class Contents:
    """Of one registered repository; `refusal` is why no content is written into it, '' where it is.

    `shows` is of which revisions: 'latest', and what is unpublished; 'all'; or 'none'.
    """

    cluster: Cluster
    registration: Registration
    owner: Object
    collection: Collection
    drafts: Drafts
    identify: Identify
    now: Now
    refusal: str = ""
    shows: str = LATEST
    _seen: dict[str, Seen] = field(default_factory=dict)

    def keep(
        self,
        heads: Mapping[str, Object] | None,
        keep: Callable[[], Kept],
        rendered: Callable[[PackageRevision], Rendered],
    ) -> Kept:
        """Write into drafts what people wrote into `heads`, objects by name; `keep` the rest; then show it.

        None for a cluster that does not have such objects. Raises what `keep` raises.
        """
        if heads is None:
            return keep()
        told = dict(self._obeyed(heads))
        kept = keep()
        shown = {
            name_of(self.registration, one): one for one in self.collection.revisions() if self._is_shown(one)
        }
        failures, moved = list(kept.failures), kept.moved
        for name, revision in shown.items():
            try:
                failures += self._mirror(name, revision, rendered(revision), heads.get(name), told.get(name))
            except Moved:
                moved = True
            except (AccessDenied, Later, TransportFailed):
                raise
            except UserError as error:
                failures.append(say.not_mirrored(name, str(error)))
        for name in [name for name, head in heads.items() if name not in shown and is_ours(head)]:
            self.cluster.delete(RESOURCES, heads[name])
        self._seen = {name: seen for name, seen in self._seen.items() if name in shown}
        return Kept(kept.packages, tuple(failures), moved)

    def _is_shown(self, revision: PackageRevision) -> bool:
        if self.shows in (ALL, NONE):
            return self.shows == ALL
        return revision.latest or revision.lifecycle in UNPUBLISHED

    def _obeyed(self, heads: Mapping[str, Object]) -> Iterator[tuple[str, Told]]:
        """Write what people changed; for each object what came of it."""
        orders = [name for name, head in heads.items() if is_ours(head) and not are_ours(head)]
        if not orders:
            return
        self.collection.refresh()
        named = {name_of(self.registration, one): one for one in self.collection.revisions()}
        for name in orders:
            revision = named.get(name)
            item = self._read(name)
            if revision is None or not item:
                continue
            refusal = self._write(revision, item)
            if refusal:
                report(self.cluster, RESOURCES, item, refusal, self.now)
            yield name, Told(item["metadata"]["resourceVersion"], refusal)

    def _write(self, revision: PackageRevision, item: Object) -> str:
        metadata = item["metadata"]
        place = f"{metadata['namespace']}/{metadata['name']}"
        line = f"Asked-by: {RESOURCES.kind} {place} {metadata['uid']} {metadata['generation']}"
        try:
            if revision.lifecycle is Lifecycle.DRAFT and self.drafts.tells(revision.name, line):
                return ""  # we were stopped before we could say so
            before = self.collection.files(revision)
            by, after = self._allowed(revision, item, before)
            if after != before:
                story = written_story()._replace(body=f"{line}\n")
                self.drafts.save(revision.name, revision.commit, after, story, by)
        except (AccessDenied, Later, TransportFailed):
            raise
        except UserError as error:
            return str(error)
        return ""

    def _allowed(self, revision: PackageRevision, item: Object, before: Files) -> tuple[Person, Files]:
        """Who wrote it, and what the draft is to hold then; raises Refused, and InvalidName."""
        if self.refusal:
            raise Refused(self.refusal)
        if revision.lifecycle is not Lifecycle.DRAFT:
            raise Refused(say.not_a_draft(revision.name, revision.lifecycle))
        by = self.identify(item)
        if by is None:
            raise Refused(say.nobody_known(revision.name, Save(name=revision.name)))
        if commit_of(item) != revision.commit:
            raise Refused(say.moved_since(revision.name, commit_of(item), revision.commit))
        after = with_texts(before, written(item))
        if texts_of(before).too_large or texts_of(after).too_large:
            raise Refused(say.too_large(name_of(self.registration, revision)))
        return by, after

    def _mirror(
        self,
        name: str,
        revision: PackageRevision,
        rendered: Rendered,
        head: Object | None,
        told: Told | None,
    ) -> Iterator[str]:
        version = told.version if told else head["metadata"]["resourceVersion"] if head else ""
        if told is None and self._seen.get(name) == Seen(revision, rendered, version):
            return
        item = self._read(name) if head else {}
        if item and not is_ours(item):
            yield say.another_writes(name)
            return
        if item and item["metadata"]["resourceVersion"] != version:
            raise Moved(say.not_mirrored(name, "Somebody has changed it just now."))
        texts = texts_of(self.collection.files(revision))
        wish = contents(self.registration, revision, texts, self.owner, rendered)
        stays = bool(item) and commit_of(item) == revision.commit
        wish = telling(wish, item, told.refusal if told else None, stays=stays)
        made = item if _says(item, wish) else self._put(wish, item)
        self._seen[name] = Seen(revision, rendered, made["metadata"]["resourceVersion"])

    def _put(self, wish: Wished, item: Object) -> Object:
        made = self.cluster.apply(RESOURCES, wish.onto(item))
        return self.cluster.apply(RESOURCES, wish.state(made, self.now), subresource="status")

    def _read(self, name: str) -> Object:
        """The whole object; {} where it is gone."""
        try:
            return self.cluster.get(RESOURCES, self.owner["metadata"]["namespace"], name)
        except NotFound:
            return {}


def _says(item: Object, wish: Wished) -> bool:
    return bool(item) and are_ours(item) and wish.is_said_by(item)


def read_heads(cluster: Cluster, namespace: str, labels: str = "") -> tuple[Object, ...] | None:
    """The metadata of all such objects of a namespace, '' for all; None where there can be none.

    That is a cluster without this custom resource, and one that lets Portico not see it.
    """
    try:
        return cluster.list(RESOURCES, namespace, labels, heads=True).items
    except (NotFound, AccessDenied):
        return None
