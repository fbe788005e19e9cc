"""Whatever is ordered from Git and from the cluster in whatever order: one wins, and the other is told."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bot import compose
from bot.errors import UserError
from bot.kubernetes.connection import connect
from bot.kubernetes.hearing import asking
from bot.kubernetes.orders import wish_of
from bot.lifecycle.commands import Approve, Delete, Propose, Reject
from bot.lifecycle.person import Person
from bot.packages.naming import RevisionName
from bot.packages.objects import name_of
from bot.packages.registration import Registration
from bot.web.cluster_parts import Parts
from tests.cli.person import git, make_repository, settle
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.revisions import MERGE, place
from tests.kubernetes.street import Street, with_policy

STEPS = int(os.environ.get("PORTICO_STEPS", "10000"))
DEARER = 50  # how many steps of a village one with a cluster costs
LENGTH = 20  # steps of one life
NAME = RevisionName("dns", "next")
DRAFT = "shop.dns.next"
PEOPLE = ("ada", "grace", "linus", "mallory")
APPROVERS = ("grace", "linus")
LIFECYCLES = ("Draft", "Proposed", "Published", "Published", "DeletionProposed")
# Steps by word, and at which commit: as it stands, or as the object says it does.
WORDS = {"propose": Propose, "approve": Approve, "reject": Reject, "delete": Delete}

Step = tuple[str, str, str]  # what happens, by whom, and what for
step = st.one_of(
    st.tuples(st.just("push"), st.just("ada"), st.just("")),
    st.tuples(st.just("object"), st.sampled_from(PEOPLE), st.sampled_from(LIFECYCLES)),
    st.tuples(st.just("remove"), st.sampled_from(PEOPLE), st.just("")),
    st.tuples(st.just("say"), st.sampled_from(PEOPLE), st.sampled_from((*WORDS, "approve"))),
    st.tuples(st.just("go"), st.just(""), st.just("")),
    st.tuples(st.just("go"), st.just(""), st.just("")),
    st.tuples(st.just("restart"), st.just(""), st.just("")),
)


class World:
    """One namespace with one repository; Portico knows who wrote an object by the manager's name."""

    def __init__(self, cluster: Cluster, root: Path) -> None:
        bare = with_policy(make_repository(root / "srv" / "shop.git", ("dns",)))
        (root / "home").mkdir()
        self.street = Street(cluster, cluster.namespace(), bare, root / "home")
        self.street.register()
        self.registration = Registration("shop", str(bare))
        kept = compose.in_cluster(compose.InCluster(self.registration, None, root / "elsewhere"))
        self.say_elsewhere, self.there = asking(kept.handle), kept.collection
        self.deleted_by: dict[str, str] = {}
        self.pushes = 0
        self.do_restart()

    def do(self, what: str, who: str, wanted: str) -> None:
        match what:
            case "push":
                self.do_push()
            case "object":
                self.write(DRAFT, {"spec": {"lifecycle": wanted}}, who)
            case "remove":
                self.do_remove(who)
            case "say":
                self.do_say(who, wanted)
            case "go":
                self.go()
            case _:
                self.do_restart()

    def do_push(self) -> None:
        """Push to the draft; to a new one only where none was ever published by that name."""
        if git(self.street.bare, "for-each-ref", "refs/heads/proposed") or self.published():
            return
        self.pushes += 1
        is_there = git(self.street.bare, "for-each-ref", "refs/heads/drafts/dns/next")
        self.street.draft("next", extra=str(self.pushes) if is_there else "")

    def write(self, name: str, patch: object, who: str) -> None:
        path = place(self.street.namespace, name)
        self.street.cluster.request("PATCH", path, patch, kind=MERGE, fieldManager=who)

    def do_remove(self, who: str) -> None:
        item = self.street.revision(DRAFT)
        if item["kind"] == "PackageRevision" and "deletionTimestamp" not in item["metadata"]:
            self.deleted_by[item["metadata"]["uid"]] = who
            self.street.cluster.request("DELETE", place(self.street.namespace, DRAFT))

    def do_say(self, who: str, word: str) -> None:
        """What another door is told, by somebody who sees the repository as it stands."""
        branches = [f"refs/heads/{kind}/dns/next" for kind in ("drafts", "proposed")]
        head = git(self.street.bare, "for-each-ref", "--format=%(objectname)", *branches)
        try:
            self.say_elsewhere(WORDS[word](name=NAME, by=Person(who), at=head))
        except UserError:
            return  # refused, as it may be

    def do_restart(self) -> None:
        parts = Parts(self.street.settings(), connect(str(self.street.kubeconfig)))
        self.round = parts.round(parts.connection.cluster)
        self.round.identify = self.who

    def go(self) -> Sequence[str]:
        return self.round.go()

    def who(self, item: Any) -> Person | None:
        """Who wrote the lifecycle, or deleted the object."""
        if item["metadata"].get("deletionTimestamp"):
            by = self.deleted_by.get(item["metadata"]["uid"], "")
        else:
            entries = item["metadata"]["managedFields"]
            wrote = [e["manager"] for e in entries if "f:lifecycle" in e["fieldsV1"].get("f:spec", {})]
            by = wrote[0] if wrote else ""
        return Person(by) if by in PEOPLE else None

    def published(self) -> list[str]:
        return git(self.street.bare, "tag", "--list", "dns/v*").splitlines()[1:]

    def objects(self) -> dict[str, Any]:
        items = self.street.cluster.request("GET", place(self.street.namespace)).body["items"]
        return {item["metadata"]["name"]: item for item in items}

    def check(self) -> None:
        """Nothing is left unheard, the cluster says what Git says, and what is published was approved."""
        objects = self.objects()
        assert [name for name, item in objects.items() if wish_of(item)] == []
        self.there.refresh()
        in_git = {name_of(self.registration, one): str(one.lifecycle) for one in self.there.revisions()}
        assert {name: item["spec"]["lifecycle"] for name, item in objects.items()} == in_git
        for tag in self.published():
            message = git(self.street.bare, "log", "-1", "--format=%B", tag)
            assert any(f"Approved-by: {who}" in message for who in APPROVERS), message
            assert git(self.street.bare, "merge-base", "--is-ancestor", tag, "main") == ""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        root = tmp_path_factory.mktemp("lives")
        settle(monkeypatch, root)
        yield root


@settings(
    max_examples=max(1, STEPS // DEARER // LENGTH),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(step, min_size=LENGTH, max_size=LENGTH))
def test_one_wins_and_the_other_is_told(
    porch: Cluster,
    tmp_path_factory: pytest.TempPathFactory,
    home: Path,
    steps: Sequence[tuple[str, str, str]],
) -> None:
    assert home.is_dir()
    world = World(porch, tmp_path_factory.mktemp("life"))
    world.do("push", "ada", "")
    world.go()
    world.do("say", "ada", "propose")
    for what, who, wanted in steps:
        world.do(what, who, wanted)
    for _ in range(3):
        world.go()
    assert world.go() == []
    event(f"published: {len(world.published())}")
    world.check()
