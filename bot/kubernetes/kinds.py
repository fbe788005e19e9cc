"""The kinds of objects that are read and written in a cluster, each with the place where its API has it."""

from typing import NamedTuple

from bot.packages import objects, registration


class Kind(NamedTuple):
    """A kind as its API serves it; `group` is '' for those of the core."""

    group: str
    version: str
    plural: str
    kind: str

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str, name: str = "", subresource: str = "") -> str:
        """The path of one object, or of all in a namespace; of all in the cluster for ''."""
        root = f"/apis/{self.api_version}" if self.group else f"/api/{self.version}"
        below = (f"namespaces/{namespace}" if namespace else "", self.plural, name, subresource)
        return "/".join((root, *filter(None, below)))


def _of(api_version: str, plural: str, kind: str) -> Kind:
    group, _, version = api_version.rpartition("/")
    return Kind(group, version, plural, kind)


REPOSITORY = _of(registration.API_VERSION, "repositories", registration.KIND)
REVISION = _of(objects.API_VERSION, "packagerevisions", objects.KIND)
RESOURCES = _of(objects.API_VERSION, "packagerevisionresources", "PackageRevisionResources")
SECRET = Kind("", "v1", "secrets", "Secret")
EVENT = Kind("", "v1", "events", "Event")
