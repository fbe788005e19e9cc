"""Situations S43 to S50: content, words and people that mean no good, or are more than anybody expects."""

from pathlib import Path

import pytest

from tests.attendant.conftest import KPTFILE, PIPELINE, ZONE
from tests.attendant.github.hands import (
    MAIN,
    ZONE_FILE,
    approve,
    content,
    living_on,
    propose,
    pushed,
    ref,
    tags,
    while_rendering,
)
from tests.attendant.github.street import BRANCH, Street
from tests.forges.github.pull_request import PullRequest

LINKS = {
    "a link out of the package": ("out.yaml", "../../README.md"),
    "an absolute link": ("etc.yaml", "/etc/passwd"),
    "a link that climbs later": ("up.yaml", "sub/../../../README.md"),
}


def cannot_be_published(street: Street, pull: PullRequest) -> None:
    """Whoever proposes and approves it: it is a draft again, and the check is red."""
    run = street.cast.repo.runs_of(pull.head_sha)[-1]
    assert run.conclusion == "failure"
    street.ready()
    approve(street, pull)
    street.look()
    assert pull.draft
    assert "net/dns/v1" not in tags(street)


@pytest.mark.parametrize("kind", LINKS)
def test_s43_links_that_lead_elsewhere(street: Street, kind: str) -> None:
    """They are refused before anything is rendered, and named."""
    name, target = LINKS[kind]
    clone = street.cast.clone("ada")
    (clone / "net/dns" / name).symlink_to(target)
    (clone / "net/dns/Kptfile").write_text(PIPELINE)
    street.cast.git(clone, "add", ".")
    street.cast.git(clone, "commit", "-qm", "A link")
    assert street.cast.git(clone, "push", "-q", "origin", f"HEAD:{BRANCH}").ok
    attendant, renderer = while_rendering(street, lambda: None)

    attendant.look_at_branch(BRANCH)

    assert renderer.renderings == 0
    assert name in living_on(street, street.pull)
    cannot_be_published(street, street.pull)


def test_s43_links_in_a_circle(street: Street) -> None:
    """No link is followed, so a circle is no more than two names."""
    clone = street.cast.clone("ada")
    (clone / "net/dns/one.yaml").symlink_to("two.yaml")
    (clone / "net/dns/two.yaml").symlink_to("one.yaml")
    (clone / "net/dns/Kptfile").write_text(PIPELINE)
    street.cast.git(clone, "add", ".")
    street.cast.git(clone, "commit", "-qm", "A circle")
    assert street.cast.git(clone, "push", "-q", "origin", f"HEAD:{BRANCH}").ok

    street.attendant.look_at_branch(BRANCH)

    assert "team: net" in content(street, street.pull.head_sha)
    assert "one.yaml" in living_on(street, street.pull)


def test_s43_a_submodule(street: Street) -> None:
    """A submodule is no content that anybody could approve."""
    clone = street.cast.clone("ada")
    entry = f"160000,{ref(street, MAIN)},net/dns/sub"
    assert street.cast.git(clone, "update-index", "--add", "--cacheinfo", entry).ok
    street.cast.git(clone, "commit", "-qm", "A submodule")
    assert street.cast.git(clone, "push", "-q", "origin", f"HEAD:{BRANCH}").ok

    street.attendant.look_at_branch(BRANCH)

    assert "'sub'" in living_on(street, street.pull) or "sub:" in living_on(street, street.pull)
    cannot_be_published(street, street.pull)


def test_s43_a_function_that_is_configured_by_a_file_elsewhere(street: Street) -> None:
    """A path that leaves the package is not read."""
    steps = (
        "pipeline:\n  mutators:\n    - image: set-labels:v0.2\n      configPath: ../../../../etc/hostname\n"
    )
    pull = pushed(street, {"net/dns/Kptfile": (KPTFILE + steps).encode()})

    assert "../../../../etc/hostname" in living_on(street, pull)
    assert Path("/etc/hostname").read_text().strip() not in living_on(street, pull)
    cannot_be_published(street, pull)


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (name, name, b",".join([b"*%c" % (name - 1)] * 9)) for name in range(98, 110)
)
YAML = {
    "a billion laughs": BOMB,
    "a million levels": b"a: " + b"[" * 1_000_000,
    "the same key twice": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: z}\ndata: {}\ndata: {}\n",
    "not UTF-8": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: z}\ndata: {x: '\xff\xfe'}\n",
    "a tab": b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: z\n",
    "too many documents": b"---\na: 1\n" * 20_000,
}


@pytest.mark.parametrize("kind", YAML)
def test_s44_yaml_that_is_none_or_too_much(street: Street, kind: str) -> None:
    """The check fails cleanly and names the file."""
    pull = pushed(street, {"net/dns/bad.yaml": YAML[kind]})

    assert "bad.yaml" in living_on(street, pull).partition("Difference")[0]
    cannot_be_published(street, pull)


STEPS = {
    "exec": "exec: ./evil.sh",
    "a shell": 'exec: "sh -c ./evil.sh"',
    "an image nobody listed": "image: registry.example.com/evil:v1",
    "an image by digest": f"image: registry.example.com/evil@sha256:{'0' * 64}",
}


@pytest.mark.parametrize("kind", STEPS)
def test_s45_functions_that_nobody_allowed(street: Street, tmp_path: Path, kind: str) -> None:
    """They are not run, and the comment says which one it is."""
    proof = tmp_path / "proof"
    clone = street.cast.clone("ada")
    (clone / "net/dns/Kptfile").write_text(f"{KPTFILE}pipeline:\n  mutators:\n    - {STEPS[kind]}\n")
    (clone / "net/dns/evil.sh").write_text(f"#!/bin/sh\ntouch {proof}\n")
    (clone / "net/dns/evil.sh").chmod(0o755)
    street.cast.git(clone, "add", ".")
    street.cast.git(clone, "commit", "-qm", "Evil")
    assert street.cast.git(clone, "push", "-q", "origin", f"HEAD:{BRANCH}").ok

    street.attendant.look_at_branch(BRANCH)

    assert not proof.exists()
    assert "evil" in living_on(street, street.pull).partition("Difference")[0]
    cannot_be_published(street, street.pull)


def test_s45_functions_that_the_draft_allows_itself(street: Street) -> None:
    """Images run where the branch's policy lists them, not where the draft's own does."""
    step = "pipeline:\n  mutators:\n    - image: registry.example.com/evil:v1\n"
    policy = b"approvals: 1\nfunctions: [registry.example.com/]\n"
    pull = pushed(street, {"net/dns/Kptfile": (KPTFILE + step).encode(), ".portico.yaml": policy})

    run = street.cast.repo.runs_of(pull.head_sha)[-1]
    assert run.conclusion == "failure"
    assert "registry.example.com/evil:v1" in str(run.annotations)
    cannot_be_published(street, pull)


RULES = {
    ".portico.yaml": b"approvals: 1\nselfApproval: true\n",
    "CODEOWNERS": b"* @eve\n",
    ".github/CODEOWNERS": b"* @eve\n",
    ".github/workflows/portico.yml": b"on: push\n",
}


@pytest.mark.parametrize("path", RULES)
def test_s46_a_draft_that_changes_the_rules(street: Street, path: str) -> None:
    """What it says itself is not believed, and it is not published as long as it changes them."""
    street.cast.commit("root", "main", {".portico.yaml": b"approvals: 1\napprovers: CODEOWNERS\n"})
    street.cast.commit("root", "main", {"CODEOWNERS": b"* @grace\n"})
    street.cast.repo.collaborators["eve"] = "write"
    pull = propose(street, BRANCH, {ZONE_FILE: ZONE.replace("300", "60").encode(), path: RULES[path]})
    for login in ("grace", "eve"):
        approve(street, pull, login)

    street.look()

    assert tags(street) == {}
    assert pull.draft
    assert f"'{path}'" in living_on(street, pull)


WORDS = (
    "/rollback $(touch {proof})",
    "/rollback v1;touch${{IFS}}{proof}",
    "/upgrade --upload-pack=touch${{IFS}}{proof}",
    "/rebase `touch {proof}`",
    "/approve && touch {proof}",
)


@pytest.mark.parametrize("word", WORDS)
def test_s48_words_with_more_in_them(street: Street, tmp_path: Path, word: str) -> None:
    """Arguments are text: nothing of them is run, and what is no argument is refused."""
    proof = tmp_path / "proof"
    upstream = "upstream:\n  type: git\n  git:\n    repo: acme\n    directory: /\n    ref: v1\n"
    street.write("ada", "60")
    pull = pushed(street, {"net/dns/Kptfile": (KPTFILE + upstream).encode()})
    head = pull.head_sha

    street.cast.comment("ada", pull, word.format(proof=proof))
    street.look()

    assert not proof.exists()
    assert pull.head_sha == head
    (comment, *_) = [each for each in street.cast.repo.comments_on(pull.number) if each.user.login == "ada"]
    assert [each.content for each in comment.reactions] == ["eyes", "confused"]


@pytest.mark.parametrize(
    "address", ["ext::sh -c touch% {proof}", "--upload-pack=touch {proof}", "file:///etc"]
)
def test_s48_an_upstream_that_is_a_command(street: Street, tmp_path: Path, address: str) -> None:
    """Addresses that nobody allowed are not fetched, whatever they would do."""
    proof = tmp_path / "proof"
    git = f"  git:\n    repo: '{address.format(proof=proof)}'\n    directory: /\n    ref: v1\n"
    pull = pushed(street, {"net/dns/Kptfile": f"{KPTFILE}upstream:\n  type: git\n{git}".encode()})

    street.cast.comment("ada", pull, "/upgrade v2")
    street.look()

    assert not proof.exists()
    answers = living_on(street, pull).partition("**Answers**")[2]
    assert "@ada, /upgrade: " in answers
    assert "upgraded" not in answers
