"""What goes wrong with a cluster goes wrong here: restarts, lost history, too many requests."""

from pathlib import Path
from threading import Event, Thread

import pytest

from tests.kubernetes.cluster import Cluster
from tests.kubernetes.webhook import webhook

SETTINGS = "/api/v1/namespaces/{}/configmaps"


def setting(name: str, **data: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


@pytest.mark.parametrize("end", [Cluster.stop, Cluster.kill])
def test_what_was_written_outlives_the_server(own: Cluster, end: object) -> None:
    namespace, url = own.namespace(), own.url
    own.grant("ada", namespace, "get", "configmaps")
    for number in range(20):
        assert own.request("POST", SETTINGS.format(namespace), setting(f"a{number}", a="b")).status == 201
    assert callable(end)
    end(own)
    own.start()
    assert own.url == url
    answer = own.request("GET", SETTINGS.format(namespace) + "/a19", user="ada")
    assert (answer.status, answer.body["data"]) == (200, {"a": "b"})


def test_a_watch_from_before_a_restart_is_gone(own: Cluster) -> None:
    namespace = own.namespace()
    path = SETTINGS.format(namespace)
    since = own.request("GET", path).body["metadata"]["resourceVersion"]
    own.request("POST", path, setting("a"))
    own.restart()
    with own.watch(path, resourceVersion=since) as seen:
        told = next(seen)
    assert (told["type"], told["object"]["code"], told["object"]["reason"]) == ("ERROR", 410, "Expired")


def test_a_forgotten_history_is_gone_for_watches_and_pages(built: Path) -> None:
    with Cluster(built, "-watch-cache=false") as own:
        path = SETTINGS.format(own.namespace())
        for name in ("a", "b"):
            own.request("POST", path, setting(name))
        page = own.request("GET", path, limit="1").body["metadata"]
        for name in ("c", "d"):
            own.request("POST", path, setting(name))
        own.compact()
        with own.watch(path, resourceVersion=page["resourceVersion"]) as seen:
            assert next(seen)["object"]["code"] == 410
        answer = own.request("GET", path, limit="1", **{"continue": page["continue"]})
        assert (answer.status, answer.body["reason"]) == (410, "Expired")
        since = own.request("GET", path).body["metadata"]["resourceVersion"]
        with own.watch(path, resourceVersion=since) as seen:
            own.request("POST", path, setting("e"))
            assert next(seen)["object"]["metadata"]["name"] == "e"


def test_who_asks_too_much_at_once_is_told_to_wait(built: Path) -> None:
    asked, answered = Event(), Event()

    def slow(_: object) -> str:
        asked.set()
        assert answered.wait(30)
        return ""

    rule = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["secrets"], "operations": ["CREATE"]}
    with Cluster(built, "-writes=1") as own:
        namespace = own.namespace()
        own.grant("ada", namespace, "create", "secrets", "configmaps")
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}
        first = Thread(
            target=own.request,
            args=("POST", f"/api/v1/namespaces/{namespace}/secrets", secret),
            kwargs={"user": "ada"},
        )
        with webhook(own, namespace, slow, rule, seconds=30):
            first.start()
            assert asked.wait(30)
            refused = own.request("POST", SETTINGS.format(namespace), setting("a"), user="ada")
            answered.set()
            first.join()
        assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
        assert own.request("POST", SETTINGS.format(namespace), setting("a"), user="ada").status == 201
