"""Drafts that people ask for by creating an object with a `spec.source`: begun in Git, and ours from then on.

What cannot be begun is told on the object, which stays its author's, and is not looked at again before they
change it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import AccessDenied, Later, Moved, NotFound, Refused, TransportFailed, UserError
from bot.kubernetes.cluster import Cluster, Object
from bot.kubernetes.keeper import UNKNOWN, Identify
from bot.kubernetes.kinds import REVISION
from bot.kubernetes.orders import asks
from bot.kubernetes.origins import Find, Origins
from bot.kubernetes.report import report
from bot.kubernetes.revisions import LONGEST_MESSAGE, OBEYED
from bot.kubernetes.wished import MIRRORED, Condition, Now, Wished, conditions_of
from bot.lifecycle import cluster_messages as say
from bot.packages.naming import RevisionName, check_name, check_object_name, object_name
from bot.packages.origin import read_origin
from bot.packages.revision import Lifecycle


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Begins drafts in one registered repository; `refusal` is why none is begun, '' where they are."""

    cluster: Cluster
    origins: Origins
    identify: Identify
    now: Now
    refusal: str = ""

    def begin(self, items: Iterable[Object], find: Find) -> tuple[int, list[str]]:
        """Do what these objects ask for; how many drafts are there now, and what must be tried again."""
        begun, failures = 0, []
        for item in items:
            if not asks(item) or _is_told(item) or item["metadata"].get("deletionTimestamp"):
                continue
            try:
                begun += self._begin(item, find)
            except NotFound:
                continue  # its author has taken it away again
            except UserError as error:
                failures.append(say.not_mirrored(item["metadata"]["name"], str(error)))
        return begun, failures

    def _begin(self, item: Object, find: Find) -> bool:
        try:
            self._write(item, find)
        except (AccessDenied, Later, Moved, TransportFailed):
            raise
        except UserError as error:
            self._refuse(item, str(error))
            return False
        self._adopt(item)
        return True

    def _write(self, item: Object, find: Find) -> None:
        """Have the draft begun in Git, unless this very object had that done before we were stopped."""
        if self.refusal:
            raise Refused(self.refusal)
        name = self._name(item)
        spec, drafts = item["spec"], self.origins.drafts
        told = f"Asked-by: {REVISION.kind} {item['metadata']['namespace']}/{item['metadata']['name']} "
        told += item["metadata"]["uid"]
        if drafts.tells(name, told):
            return
        if spec.get("lifecycle", "") not in ("", Lifecycle.DRAFT):
            raise Refused(say.begins_as_draft(str(spec["lifecycle"])))
        if spec.get("packageMetadata") or spec.get("readinessGates"):
            raise Refused(say.in_the_kptfile())
        content = self.origins.content(name, read_origin(spec["source"]), find)
        story = content.story._replace(body=f"{content.story.body}{told}\n")
        drafts.begin(name, content.files, story, self.identify(item) or UNKNOWN)

    def _name(self, item: Object) -> RevisionName:
        spec = item["spec"]
        name = check_name(RevisionName(str(spec.get("packageName", "")), str(spec.get("workspaceName", ""))))
        wanted = check_object_name(object_name(self.origins.registration.name, *name))
        if item["metadata"]["name"] != wanted:
            raise Refused(say.misnamed(wanted))
        return name

    def _adopt(self, item: Object) -> None:
        """Make the object one that we write; what it is to say is written when the draft is read."""
        metadata = {key: item["metadata"][key] for key in ("name", "namespace", "uid")}
        self.cluster.apply(REVISION, {"metadata": {**metadata, "annotations": {MIRRORED: "begun"}}})

    def _refuse(self, item: Object, text: str) -> None:
        metadata = item["metadata"]
        place = {key: metadata[key] for key in ("name", "namespace")}
        status = {"observedGeneration": metadata["generation"]}
        condition = Condition(OBEYED, "False", "Refused", text[:LONGEST_MESSAGE])
        wish = Wished(place, {}, status, (condition,))
        self.cluster.apply(REVISION, wish.state(item, self.now), subresource="status")
        report(self.cluster, REVISION, item, text, self.now)


def _is_told(item: Object) -> bool:
    """Whether the object says already why it was refused as it is."""
    seen = (item.get("status") or {}).get("observedGeneration")
    return OBEYED in conditions_of(item) and seen == item["metadata"]["generation"]
