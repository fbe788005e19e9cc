"""Situations of content and words that mean no good, on both forges."""

from pathlib import Path

import pytest

from tests.attendant.conftest import KPTFILE, PIPELINE
from tests.attendant.contract.driver import DRAFT, KPT_FILE, Files, Stands, zone
from tests.attendant.contract.hosted import Hosted
from tests.attendant.situations.acts import cannot_be_published, drafted, proposed, while_rendering

LINKS = {
    "a link out of the package": ("out.yaml", "../../README.md"),
    "an absolute link": ("etc.yaml", "/etc/passwd"),
    "a link that climbs later": ("up.yaml", "sub/../../../README.md"),
}


def link(clone: Path, links: dict[str, str]) -> None:
    """Links in the package, which has functions."""
    (clone / KPT_FILE).write_text(PIPELINE)
    for name, target in links.items():
        (clone / "net/dns" / name).symlink_to(target)


@pytest.mark.parametrize("kind", LINKS)
def test_s43_links_that_lead_elsewhere(forge: Hosted, kind: str) -> None:
    """They are refused before anything is rendered, and named."""
    name, target = LINKS[kind]
    forge.push("ada", lambda clone: link(clone, {name: target}))
    attendant, renderer = while_rendering(forge, lambda: None)

    forge.look_at_branch(DRAFT, attendant)

    assert renderer.renderings == 0
    assert name in forge.told()
    cannot_be_published(forge)


def test_s43_links_in_a_circle(forge: Hosted) -> None:
    """No link is followed, so a circle is no more than two names."""
    forge.push("ada", lambda clone: link(clone, {"one.yaml": "two.yaml", "two.yaml": "one.yaml"}))

    forge.look_at_branch()

    assert "team: net" in forge.show(forge.head())
    assert "one.yaml" in forge.told()


def test_s43_a_submodule(forge: Hosted) -> None:
    """A submodule is no content that anybody could approve."""
    entry = f"160000,{forge.main()},net/dns/sub"
    words = ("update-index", "--add", "--cacheinfo", entry)
    forge.push("ada", lambda clone: forge.cast.git(clone, *words), adds=False)

    forge.look_at_branch()

    assert "'sub'" in forge.told() or "sub:" in forge.told()
    cannot_be_published(forge)


def test_s43_a_function_that_is_configured_by_a_file_elsewhere(forge: Hosted) -> None:
    """A path that leaves the package is not read."""
    steps = (
        "pipeline:\n  mutators:\n    - image: set-labels:v0.2\n      configPath: ../../../../etc/hostname\n"
    )
    drafted(forge, {"net/dns/Kptfile": (KPTFILE + steps).encode()})

    assert "../../../../etc/hostname" in forge.told()
    assert Path("/etc/hostname").read_text().strip() not in forge.told()
    cannot_be_published(forge)


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
def test_s44_yaml_that_is_none_or_too_much(forge: Hosted, kind: str) -> None:
    """The check fails cleanly and names the file."""
    drafted(forge, {"net/dns/bad.yaml": YAML[kind]})

    assert "bad.yaml" in forge.told().partition("Difference")[0]
    cannot_be_published(forge)


STEPS = {
    "exec": "exec: ./evil.sh",
    "a shell": 'exec: "sh -c ./evil.sh"',
    "an image nobody listed": "image: registry.example.com/evil:v1",
    "an image by digest": f"image: registry.example.com/evil@sha256:{'0' * 64}",
}


@pytest.mark.parametrize("kind", STEPS)
def test_s45_functions_that_nobody_allowed(forge: Hosted, tmp_path: Path, kind: str) -> None:
    """They are not run, and the comment says which one it is."""
    proof = tmp_path / "proof"

    def write(clone: Path) -> None:
        (clone / KPT_FILE).write_text(f"{KPTFILE}pipeline:\n  mutators:\n    - {STEPS[kind]}\n")
        (clone / "net/dns/evil.sh").write_text(f"#!/bin/sh\ntouch {proof}\n")
        (clone / "net/dns/evil.sh").chmod(0o755)

    forge.push("ada", write)
    forge.look_at_branch()

    assert not proof.exists()
    assert "evil" in forge.told().partition("Difference")[0]
    cannot_be_published(forge)


def test_s45_functions_that_the_draft_allows_itself(forge: Hosted) -> None:
    """Images run where the branch's policy lists them, not where the draft's own does."""
    step = "pipeline:\n  mutators:\n    - image: registry.example.com/evil:v1\n"
    policy = b"approvals: 1\nfunctions: [registry.example.com/]\n"
    drafted(forge, {KPT_FILE: (KPTFILE + step).encode(), ".portico.yaml": policy})

    assert "registry.example.com/evil:v1" in forge.told()
    cannot_be_published(forge)


RULES: Files = {
    ".portico.yaml": b"approvals: 1\nselfApproval: true\n",
    "CODEOWNERS": b"* @eve\n",
    ".github/CODEOWNERS": b"* @eve\n",
    ".gitlab/CODEOWNERS": b"* @eve\n",
    ".github/workflows/portico.yml": b"on: push\n",
    ".gitlab-ci.yml": b"portico: {script: [true]}\n",
}


@pytest.mark.parametrize("path", RULES)
def test_s46_a_draft_that_changes_the_rules(forge: Hosted, path: str) -> None:
    """What it says itself is not believed, and it is not published as long as it changes them."""
    forge.write_main({".portico.yaml": b"approvals: 1\napprovers: CODEOWNERS\n", "CODEOWNERS": b"* @grace\n"})
    forge.promote("eve")
    proposed(forge, {**zone("60"), path: RULES[path]})
    for login in ("grace", "eve"):
        forge.approve(login)
    forge.look_at()

    assert forge.tags() == {}
    assert forge.stands() is Stands.DRAFT
    assert f"'{path}'" in forge.told()


WORDS = (
    "/rollback $(touch {proof})",
    "/rollback v1;touch${{IFS}}{proof}",
    "/upgrade --upload-pack=touch${{IFS}}{proof}",
    "/portico rebase `touch {proof}`",
    "/portico approve && touch {proof}",
)


@pytest.mark.parametrize("word", WORDS)
def test_s48_words_with_more_in_them(forge: Hosted, tmp_path: Path, word: str) -> None:
    """Arguments are text: nothing of them is run, and what is no argument is refused."""
    proof = tmp_path / "proof"
    upstream = "upstream:\n  type: git\n  git:\n    repo: acme\n    directory: /\n    ref: v1\n"
    drafted(forge, {**zone("60"), KPT_FILE: (KPTFILE + upstream).encode()})
    head = forge.head()

    forge.say("ada", word.format(proof=proof))
    forge.look_at()

    assert not proof.exists()
    assert forge.head() == head
    assert forge.marks() == ["refused"]


@pytest.mark.parametrize(
    "address", ["ext::sh -c touch% {proof}", "--upload-pack=touch {proof}", "file:///etc"]
)
def test_s48_an_upstream_that_is_a_command(forge: Hosted, tmp_path: Path, address: str) -> None:
    """Addresses that nobody allowed are not fetched, whatever they would do."""
    proof = tmp_path / "proof"
    git = f"  git:\n    repo: '{address.format(proof=proof)}'\n    directory: /\n    ref: v1\n"
    drafted(forge, {KPT_FILE: f"{KPTFILE}upstream:\n  type: git\n{git}".encode()})

    forge.say("ada", "/upgrade v2")
    forge.look_at()

    assert not proof.exists()
    answers = forge.told().partition("**Answers**")[2]
    assert "@ada, /upgrade: " in answers
    assert "upgraded" not in answers
