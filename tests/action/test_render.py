"""The workflow of five lines: what a pull request changes is rendered and shown, and nothing is written."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.action.conftest import Avenue, Json, make_avenue
from tests.action.machine import Machine, Ran
from tests.attendant.conftest import PIPELINE, ZONE
from tests.forges.github.cast import Cast
from tests.forges.github.conftest import cast, hub  # noqa: F401 the world's own fixtures

LABELS = "  labels:\n    team: net\n"
RENDERED = {
    "net/dns/Kptfile": PIPELINE.replace("name: dns\n", f"name: dns\n{LABELS}"),
    "net/dns/zone.yaml": ZONE.replace("name: zone\n", f"name: zone\n{LABELS}"),
}


@pytest.fixture
def avenue(cast: Cast, tmp_path: Path, machine: Machine) -> Avenue:  # noqa: F811 the world's own fixture
    return make_avenue(cast, tmp_path, machine, "render.yaml")


def opened(avenue: Avenue, files: Mapping[str, str | None], by: str = "ada", *, fork: bool = False) -> Json:
    """A pull request with `files`, by whoever may push or from a fork; its event."""
    street = avenue.cast
    repo = street.world.fork(street.repo, by) if fork else None
    content = {path: None if text is None else text.encode() for path, text in files.items()}
    street.commit(by, "my-change", content, repo=repo)
    head = f"{by}:my-change" if fork else "my-change"
    body = {"title": "Mine", "head": head, "base": "main", "body": "", "draft": False}
    assert street.ask("POST", "/repos/acme/blueprints/pulls", body, by).status == 201
    [payload] = [payload for event, payload in avenue.events() if event == "pull_request"]
    assert avenue.workflow.hears("pull_request", payload)
    return payload


def render(avenue: Avenue, payload: Json) -> Ran:
    refs, asked = avenue.repo.bare.refs(), len(avenue.cast.hub.log)
    ran = avenue.run("pull_request", payload)
    assert avenue.repo.bare.refs() == refs
    assert len(avenue.cast.hub.log) == asked  # Git alone is asked
    assert set(ran.outputs.values()) == {"", "false"}
    return ran


def test_what_is_rendered_is_shown(avenue: Avenue) -> None:
    ran = render(avenue, opened(avenue, {"net/dns/zone.yaml": ZONE.replace("300", "60"), "notes.txt": "x"}))
    assert (ran.code, ran.annotations) == (0, []), ran.log
    assert "### net/dns: valid and rendered" in ran.summary
    assert '! data.ttl: "300" → "60"' in ran.summary
    assert "1 changed" in ran.summary


def test_what_is_not_rendered_fails(avenue: Avenue) -> None:
    ran = render(avenue, opened(avenue, {"net/dns/Kptfile": PIPELINE}))
    assert ran.code == 1
    kptfile, zone = ran.annotations
    assert kptfile.startswith("::error file=net/dns/Kptfile::It is not rendered")
    assert zone.startswith("::error file=net/dns/zone.yaml::It is not rendered")
    assert "portico fn render --no-status net/dns" in zone
    done = opened_again(avenue, RENDERED)
    assert render(avenue, done).code == 0


def opened_again(avenue: Avenue, files: dict[str, str]) -> Json:
    avenue.cast.commit("ada", "my-change", {path: text.encode() for path, text in files.items()})
    [payload] = [payload for event, payload in avenue.events() if event == "pull_request"]
    return payload


def test_a_fork_is_rendered_too(avenue: Avenue) -> None:
    ran = render(avenue, opened(avenue, RENDERED, "eve", fork=True))
    assert ran.code == 0, ran.log
    assert "team" in ran.summary


def test_the_policy_of_a_pull_request_lets_nothing_run(avenue: Avenue) -> None:
    files = {
        ".portico.yaml": "functions: [example.com/]\n",
        "net/dns/Kptfile": PIPELINE.replace("set-labels:v0.2", "example.com/mine:v1"),
    }
    ran = render(avenue, opened(avenue, files))
    assert ran.code == 1
    assert "### net/dns: cannot be rendered" in ran.summary
    assert ran.annotations[0].startswith("::error file=net/dns/Kptfile,line=")


def test_what_is_invalid_is_marked(avenue: Avenue) -> None:
    ran = render(avenue, opened(avenue, {"net/dns/zone.yaml": "a: [\n", "new/Kptfile": "kind: Kptfile\n"}))
    assert ran.code == 1
    assert any(line.startswith("::error file=net/dns/zone.yaml,line=") for line in ran.annotations)
    assert any(line.startswith("::error file=new/Kptfile") for line in ran.annotations)


def test_what_is_removed_or_no_package_is_no_fault(avenue: Avenue) -> None:
    ran = render(avenue, opened(avenue, {"net/dns/Kptfile": None, "net/dns/zone.yaml": None}))
    assert ran.code == 0, ran.log
    assert "### net/dns: removed" in ran.summary


def test_no_package_is_changed(avenue: Avenue) -> None:
    ran = render(avenue, opened(avenue, {"notes.txt": "x"}))
    assert (ran.code, ran.summary) == (0, "No package is changed.\n")


def test_only_what_the_pull_request_changed_is_looked_at(avenue: Avenue) -> None:
    payload = opened(avenue, {"notes.txt": "x"})
    avenue.cast.commit("root", "main", {"net/dns/zone.yaml": ZONE.replace("300", "1").encode()})
    payload["pull_request"]["base"]["sha"] = avenue.repo.bare.ref("refs/heads/main")
    avenue.events()
    assert render(avenue, payload).summary == "No package is changed.\n"


def test_another_event_is_refused(avenue: Avenue) -> None:
    ran = avenue.run("push", {"ref": "refs/heads/main"})
    assert ran.code == 1
    assert "on: pull_request" in ran.log
