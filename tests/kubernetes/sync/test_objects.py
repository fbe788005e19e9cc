"""Objects that pin a package: what each engine is told, what it is not, and what it answers."""

import re
import subprocess
import sys
from typing import Any

import pytest

from bot.errors import InvalidName, Refused
from bot.kubernetes.gitops.address import as_url, reachable
from bot.kubernetes.gitops.configsync import NAMESPACE
from bot.kubernetes.gitops.engines import ENGINES
from bot.kubernetes.gitops.marks import mark_of
from bot.kubernetes.gitops.names import check_given, name_for
from bot.kubernetes.gitops.pin import Place
from tests.kubernetes.sync.pins import NEXT, PIN, PLACE, URL

SYNCED = PLACE._replace(namespace=NAMESPACE)
METADATA = {
    "name": "blueprints-networking-dns",
    "namespace": "engines",
    "labels": {"app.kubernetes.io/managed-by": "portico", "portico.dev/repository": "blueprints"},
    "annotations": {
        "portico.dev/package": "networking/dns",
        "portico.dev/package-revision": "blueprints.networking.dns.v1",
        "portico.dev/commit": "0123456789abcdef0123456789abcdef01234567",
    },
}
ROOT_SYNC = {
    "apiVersion": "configsync.gke.io/v1beta1",
    "kind": "RootSync",
    "metadata": {**METADATA, "namespace": "config-management-system"},
    "spec": {
        "sourceFormat": "unstructured",
        "sourceType": "git",
        "git": {
            "repo": URL,
            "revision": "refs/tags/sites/networking/dns/v1",
            "dir": "sites/networking/dns",
            "auth": "none",
        },
    },
}
GIT_REPOSITORY = {
    "apiVersion": "source.toolkit.fluxcd.io/v1",
    "kind": "GitRepository",
    "metadata": METADATA,
    "spec": {
        "interval": "10m",
        "url": URL,
        "ref": {
            "tag": "sites/networking/dns/v1",
            "commit": "0123456789abcdef0123456789abcdef01234567",
        },
    },
}
KUSTOMIZATION = {
    "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
    "kind": "Kustomization",
    "metadata": METADATA,
    "spec": {
        "interval": "10m",
        "sourceRef": {"kind": "GitRepository", "name": "blueprints-networking-dns"},
        "path": "./sites/networking/dns",
        "prune": True,
        "deletionPolicy": "Orphan",
    },
}
APPLICATION = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Application",
    "metadata": METADATA,
    "spec": {
        "project": "default",
        "source": {
            "repoURL": URL,
            "targetRevision": "refs/tags/sites/networking/dns/v1",
            "path": "sites/networking/dns",
            "directory": {"recurse": True, "exclude": "package-context.yaml"},
        },
        "destination": {"server": "https://kubernetes.default.svc"},
        "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
    },
}


def built(word: str, place: Place, **changes: Any) -> list[dict[str, Any]]:
    return [written.whole for written in ENGINES[word].build(PIN._replace(**changes), place)]


@pytest.mark.parametrize(
    ("word", "place", "told"),
    [
        ("configsync", SYNCED, [ROOT_SYNC]),
        ("flux", PLACE, [GIT_REPOSITORY, KUSTOMIZATION]),
        ("argocd", PLACE, [APPLICATION]),
    ],
)
def test_an_engine_is_told_of_one_revision(word: str, place: Place, told: list[dict[str, Any]]) -> None:
    assert built(word, place) == told
    engine = ENGINES[word]
    assert (engine.ref(told[0]), engine.url(told[0])) == (PIN.ref, URL)


def test_what_the_package_made_goes_with_the_pin_only_where_that_is_wanted() -> None:
    [synced], [_, applied], [told] = (
        built(word, place._replace(cascade=True))
        for word, place in (("configsync", SYNCED), ("flux", PLACE), ("argocd", PLACE))
    )
    policy = synced["metadata"]["annotations"]["configsync.gke.io/deletion-propagation-policy"]
    assert (policy, applied["spec"]["deletionPolicy"]) == ("Foreground", "Delete")
    assert told["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]


def test_a_secret_is_named_and_never_held() -> None:
    [synced] = built("configsync", SYNCED._replace(access="key"))
    assert (synced["spec"]["git"]["auth"], synced["spec"]["git"]["secretRef"]) == ("token", {"name": "key"})
    by_ssh = Place("dns", NAMESPACE, "git@git.example.com:team/blueprints.git", access="key")
    assert built("configsync", by_ssh)[0]["spec"]["git"]["auth"] == "ssh"
    source, _ = built("flux", by_ssh)
    assert source["spec"]["url"] == "ssh://git@git.example.com/team/blueprints.git"
    assert source["spec"]["secretRef"] == {"name": "key"}


def test_a_namespace_for_what_the_package_holds() -> None:
    inside = PLACE._replace(target="dns")
    assert built("flux", inside)[1]["spec"]["targetNamespace"] == "dns"
    assert built("argocd", inside)[0]["spec"]["destination"]["namespace"] == "dns"


def test_files_for_tools_alone_are_left_out() -> None:
    [told] = built("argocd", PLACE, tools=("a.yaml", "b/c.yaml"))
    assert told["spec"]["source"]["directory"]["exclude"] == "{a.yaml,b/c.yaml}"
    [told] = built("argocd", PLACE, tools=())
    assert told["spec"]["source"]["directory"] == {"recurse": True}


@pytest.mark.parametrize(
    ("word", "place", "changes", "said"),
    [
        ("configsync", PLACE, {}, "in 'config-management-system' alone; leave `--namespace` out"),
        ("configsync", SYNCED._replace(target="dns"), {}, "leave `--target-namespace` out"),
        ("configsync", SYNCED._replace(url="ssh://git@x.example/y"), {}, "with `--secret-name`"),
        ("flux", PLACE._replace(url="git@x.example:y"), {}, "with `--secret-name`"),
        ("argocd", PLACE._replace(access="key"), {}, "leave `--secret-name` out"),
        ("argocd", PLACE, {"tools": ("a{b.yaml",)}, "'a{b.yaml' holds objects for tools"),
    ],
)
def test_what_an_engine_cannot_do_is_refused(
    word: str, place: Place, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused) as refusal:
        built(word, place, **changes)
    assert said in str(refusal.value)


@pytest.mark.parametrize("word", ["configsync", "flux", "argocd"])
def test_a_moved_pin_says_what_one_made_anew_would(word: str) -> None:
    engine = ENGINES[word]
    place = Place("dns", engine.namespace, URL, cascade=True)
    first, wanted = engine.build(PIN._replace(follows=True), place), engine.build(NEXT, place)
    moved = tuple(one._replace(item=engine.move(one.kind, one.item, NEXT)) for one in first)
    assert moved == wanted
    assert all((mark := mark_of(one.item)) is not None and mark.follows for one in moved)


def condition(kind: str, status: str, reason: str = "", message: str = "") -> dict[str, str]:
    return {"type": kind, "status": status, "reason": reason, "message": message}


def having(*conditions: dict[str, str], **status: Any) -> dict[str, Any]:
    return {"metadata": {}, "status": {"conditions": list(conditions), **status}}


READY = having(condition("Ready", "True", "Succeeded"))


@pytest.mark.parametrize(
    ("word", "items", "said"),
    [
        (
            "configsync",
            (having(condition("Syncing", "False", "Sync", "Sync Completed")),),
            "Sync: Sync Completed",
        ),
        ("configsync", (having(condition("Stalled", "True", "Auth", "no\nkey")),), "Stalled: Auth: no key"),
        ("configsync", ({},), ""),
        ("flux", (READY, READY), "Ready"),
        ("flux", (READY, {}), "There is no Kustomization"),
        ("flux", ({"metadata": {}}, READY), ""),
        (
            "flux",
            (having(condition("Ready", "False", "GitOperationFailed", "no such tag")), READY),
            "GitRepository not ready: GitOperationFailed: no such tag",
        ),
        ("argocd", (having(sync={"status": "Synced"}, health={"status": "Healthy"}),), "Synced, Healthy"),
        (
            "argocd",
            (having({"type": "ComparisonError", "message": "no such tag"}, sync={"status": "Unknown"}),),
            "ComparisonError: no such tag",
        ),
        ("argocd", ({},), ""),
    ],
)
def test_an_engine_is_quoted_in_few_words(word: str, items: tuple[Any, ...], said: str) -> None:
    assert ENGINES[word].state(items) == said


def test_a_name_is_a_label_of_dns_however_long_the_path() -> None:
    assert name_for("blueprints", "networking/dns", 47) == "blueprints-networking-dns"
    one, other = (name_for("r" * 30, f"{'a' * 9}/{'b' * 60}/{end}", 47) for end in ("x", "y"))
    assert one != other
    for name in (one, other, name_for("r", f"{'a' * 35}/{'b' * 9}", 47)):
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name)
        assert len(name) <= 47


@pytest.mark.parametrize("name", ["Dns", "-dns", "a.b", "", "x" * 48])
def test_a_name_that_is_given_is_checked(name: str) -> None:
    with pytest.raises(InvalidName, match="must be lower-case letters"):
        check_given("name", name, 47)


@pytest.mark.parametrize("url", ["/srv/git/x.git", "file:///srv/git/x.git", "FILE:///srv/x", "../x"])
def test_a_place_on_this_machine_is_no_place_for_a_cluster(url: str) -> None:
    with pytest.raises(Refused, match="name the URL at which it finds the same repository with `--url`"):
        reachable(url)


def test_a_secret_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidName) as refusal:
        reachable("https://ada:hunter2@git.example.com/x.git")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("git@host:a/b.git", "ssh://git@host/a/b.git"),
        ("host:/srv/b.git", "ssh://host/srv/b.git"),
        ("https://host/b.git", "https://host/b.git"),
    ],
)
def test_an_address_without_scheme_gets_one(address: str, url: str) -> None:
    assert as_url(address) == url


def test_objects_are_built_where_the_library_for_clusters_is_not() -> None:
    rooms = "bot.kubernetes.gitops.engines, bot.kubernetes.gitops.choice"
    code = f"import sys, {rooms}; print('kubernetes' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
