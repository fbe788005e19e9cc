"""What is in the packages of a street, as people read and change it in the cluster."""

from collections.abc import Mapping
from typing import Any

from bot.kubernetes.stamp import STAMP
from tests.cli.person import git
from tests.kubernetes.revisions import GROUP, MERGE
from tests.kubernetes.street import STAMPS, Street, condition


class Library:
    """The PackageRevisionResources of a street."""

    def __init__(self, street: Street) -> None:
        self.street = street

    def item(self, name: str) -> Any:
        return self.street.cluster.request("GET", self.place(name)).body

    def names(self) -> set[str]:
        return {item["metadata"]["name"] for item in self.item("")["items"]}

    def resources(self, name: str) -> dict[str, str]:
        return dict(self.item(name)["spec"]["resources"])

    def told(self, name: str) -> tuple[str, str]:
        return condition(self.item(name), "portico.dev/Obeyed")

    def complete(self, name: str) -> tuple[str, str]:
        return condition(self.item(name), "portico.dev/Complete")

    def write(
        self, name: str, files: Mapping[str, str | None], user: str = "ada", *, proven: bool = True
    ) -> None:
        """Have a person change some files, None for one that goes, as the webhook would let it through."""
        item = self.item(name)
        mark = STAMPS.make(item, user, "") if proven else None
        patch = {"metadata": {"annotations": {STAMP: mark}}, "spec": {"resources": files}}
        answer = self.street.cluster.request("PATCH", self.place(name), patch, user=user, kind=MERGE)
        assert answer.status == 200, answer

    def git(self, what: str) -> str:
        return git(self.street.bare, "show", what)

    def place(self, name: str) -> str:
        """The path of one object, or of all for ''."""
        place = f"{GROUP}/namespaces/{self.street.namespace}/packagerevisionresources"
        return f"{place}/{name}" if name else place
