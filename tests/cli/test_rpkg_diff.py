"""`portico rpkg diff` shows what differs between two revisions."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.person import KPTFILE, Person, git

DRAFT = "blueprints.dns.add-mx"
CHANGED = 'changed ConfigMap dns in config.yaml\n    ~ data.key: "value" → "{}"\n1 resource changed\n'
LOCK = """upstreamLock:
  type: git
  git: {{repo: '{repo}', directory: dns, ref: dns/v1, commit: {commit}}}
"""


def edit(person: Person, old: str, new: str, *, name: str = DRAFT) -> None:
    """Change the draft's resource, by way of a folder of its own."""
    folder = Path(f"folder-{len(list(Path.cwd().glob('folder-*')))}")
    person.did("rpkg", "pull", name, str(folder))
    config = folder / "config.yaml"
    config.write_text(config.read_text().replace(old, new))
    person.did("rpkg", "push", name, str(folder))


@pytest.fixture
def drafted(registered: Person) -> Person:
    """A person with a draft that changes one field."""
    registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    edit(registered, "key: value", "key: other")
    return registered


def release(bare: Path, number: int, value: str, package: str = "dns") -> None:
    """Publish another version, as any program may."""
    work = bare.with_suffix(".work")
    (work / package / "config.yaml").write_text(
        f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: dns # mine\ndata:\n  key: {value}\n"
    )
    git(work, "commit", "-qam", f"v{number}")
    git(work, "tag", f"{package}/v{number}")
    git(work, "push", "-q", str(bare), "main", f"{package}/v{number}")


def test_a_draft_is_compared_with_the_latest(drafted: Person, bare: Path) -> None:
    answer = drafted("rpkg", "diff", DRAFT)
    assert (answer.code, answer.err) == (0, f"What differs in {DRAFT} from blueprints.dns.v1:\n")
    assert answer.out == CHANGED.format("other")
    release(bare, 2, "two")
    assert 'data.key: "two" → "other"' in drafted.did("rpkg", "diff", DRAFT)
    assert 'data.key: "value" → "other"' in drafted.did("rpkg", "diff", DRAFT, "v1")


def test_a_published_revision_is_compared_with_the_one_before_it(registered: Person, bare: Path) -> None:
    release(bare, 2, "two")
    release(bare, 10, "ten")
    assert 'data.key: "two" → "ten"' in registered.did("rpkg", "diff", "blueprints.dns.v10")
    assert 'data.key: "value" → "two"' in registered.did("rpkg", "diff", "blueprints.dns.v2")
    assert 'data.key: "ten" → "value"' in registered.did("rpkg", "diff", "blueprints.dns.v1", "latest")
    first = registered("rpkg", "diff", "blueprints.dns.v1")
    assert first.err == "What differs in blueprints.dns.v1 from nothing, as it is new:\n"
    assert "added ConfigMap dns in config.yaml" in first.out
    assert "added Kptfile dns in Kptfile" in first.out
    same = registered("rpkg", "diff", "blueprints.dns.main")
    assert (same.out, same.err) == ("", "Nothing differs in blueprints.dns.main from blueprints.dns.v10.\n")


def test_a_draft_of_what_has_no_numbers_is_compared_with_the_branch(registered: Person, bare: Path) -> None:
    registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    git(bare, "update-ref", "-d", "refs/tags/dns/v1")
    answer = registered("rpkg", "diff", DRAFT)
    assert (answer.out, answer.err) == ("", f"Nothing differs in {DRAFT} from blueprints.dns.main.\n")
    registered.did("rpkg", "init", "net/lb", "--repository", "blueprints", "--workspace", "first")
    assert "as it is new" in registered("rpkg", "diff", "blueprints.net.lb.first").err


def test_any_two_revisions_are_compared(drafted: Person) -> None:
    drafted.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "ttl")
    edit(drafted, "key: value", "key: third", name="blueprints.dns.ttl")
    assert 'data.key: "third" → "other"' in drafted.did("rpkg", "diff", DRAFT, "blueprints.dns.ttl")
    assert "renamed" in drafted.did("rpkg", "diff", "blueprints.dns.v1", "blueprints.apps.web.v1")


def test_revisions_of_two_repositories_are_compared(drafted: Person, bare: Path) -> None:
    twin = bare.with_name("twin.git")
    git(bare.parent, "clone", "-q", "--bare", str(bare), str(twin))
    drafted.did("repo", "register", str(twin), "--name", "twin")
    assert 'data.key: "value" → "other"' in drafted.did("rpkg", "diff", DRAFT, "twin.dns.v1")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ((DRAFT, "v2"), "has no published revision v2; there is v1."),
        ((DRAFT, "blueprints.dns.v9"), "no package revision 'blueprints.dns.v9'"),
        ((DRAFT, "elsewhere.dns.v1"), "no repository is registered as 'elsewhere'"),
        ((DRAFT, "v0"), "'v0' must be the name of a package revision"),
        ((DRAFT, "upstraem"), "'latest', or 'upstream'."),
        ((DRAFT, "upstream"), "must have an `upstreamLock`"),
        ((DRAFT, "--stat", "-o", "json"), "`--stat` must stand without `-o json`"),
        (("blueprints.gone.v1",), "no package revision 'blueprints.gone.v1'"),
    ],
)
def test_what_cannot_be_compared_is_told(drafted: Person, argv: tuple[str, ...], says: str) -> None:
    answer = drafted("rpkg", "diff", *argv)
    assert (answer.code, answer.out) == (1, "")
    assert says in answer.err


def test_latest_needs_a_published_revision(registered: Person) -> None:
    registered.did("rpkg", "init", "net/lb", "--repository", "blueprints", "--workspace", "first")
    answer = registered("rpkg", "diff", "blueprints.net.lb.first", "latest")
    assert answer.code == 1
    assert "has no published revision to be compared with." in answer.err


def test_a_clone_is_compared_with_its_upstream(registered: Person, bare: Path, tmp_path: Path) -> None:
    registered.did("pkg", "get", f"{bare}/dns@v1", "mine")
    commit = git(bare, "rev-parse", "dns/v1")
    work = bare.with_suffix(".work")
    shutil.copytree(tmp_path / "mine", work / "clone")
    kptfile = KPTFILE.format(name="clone") + LOCK.format(repo=bare, commit=commit)
    (work / "clone" / "Kptfile").write_text(kptfile)
    config = work / "clone" / "config.yaml"
    config.write_text(config.read_text().replace("key: value", "key: mine"))
    git(work, "add", "-A")
    git(work, "commit", "-qm", "clone")
    git(work, "push", "-q", str(bare), "main")
    release(bare, 2, "two")
    answer = registered("rpkg", "diff", "blueprints.clone.main", "upstream")
    assert answer.err == f"What differs in blueprints.clone.main from its upstream {bare} at dns/v1:\n"
    assert answer.out == CHANGED.format("mine")


def test_it_has_several_forms(drafted: Person) -> None:
    found = json.loads(drafted.did("rpkg", "diff", DRAFT, "-o", "json"))
    (changed,) = found["resources"]
    assert changed["fields"][0] | {"path": []} == {
        "field": "data.key", "path": [], "change": "changed", "before": "value", "after": "other",
    }  # fmt: skip
    assert "```diff" in drafted.did("rpkg", "diff", DRAFT, "-o", "markdown")
    counts = drafted.did("rpkg", "diff", DRAFT, "--stat")
    assert counts == "changed  ConfigMap dns in config.yaml  ~1\n1 resource changed\n"


def test_secrets_are_masked_in_every_form(drafted: Person) -> None:
    edit(drafted, "key: other", "password: hunter2\n  key: other")
    for form in ((), ("-o", "json"), ("-o", "markdown"), ("--stat",), ("--color", "always")):
        answer = drafted("rpkg", "diff", DRAFT, *form)
        assert (answer.code, "hunter2" in answer.out + answer.err) == (0, False)
    assert "data.password: <redacted>" in drafted.did("rpkg", "diff", DRAFT)


def test_colours_are_for_terminals(drafted: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = drafted.did("rpkg", "diff", DRAFT)
    assert "\x1b" not in plain
    assert "\x1b[33m    ~ data.key" in drafted.did("rpkg", "diff", DRAFT, "--color", "always")
    assert drafted.did("rpkg", "diff", DRAFT, "--color", "never") == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[33m" in drafted.did("rpkg", "diff", DRAFT, "--color", "always")
    assert drafted.did("rpkg", "diff", DRAFT, "-o", "json", "--color", "always").isascii()


def test_the_exit_code_tells_only_where_it_is_asked_for(drafted: Person) -> None:
    assert drafted("rpkg", "diff", DRAFT).code == 0
    assert drafted("rpkg", "diff", DRAFT, "--exit-code").code == 2
    assert drafted("rpkg", "diff", "blueprints.dns.v1", "v1", "--exit-code").code == 0


@pytest.mark.parametrize(
    ("argv", "code"),
    [((), 1), (("-o", "json"), 1), (("v1",), 1), (("--stat",), 0), (("other",), 0)],
)
def test_an_approval_is_of_what_a_difference_showed(
    served: Person,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    argv: tuple[str, ...],
    code: int,
) -> None:
    adas, graces = os.environ["PORTICO_HOME"], str(tmp_path / "graces")
    for workspace in ("add-mx", "other"):
        served.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", workspace)
    edit(served, "key: value", "key: other")
    served.did("rpkg", "propose", DRAFT)
    shutil.copytree(adas, graces, ignore=shutil.ignore_patterns("seen*"))
    served.become("grace")
    monkeypatch.setenv("PORTICO_HOME", graces)
    words = tuple("blueprints.dns.other" if word == "other" else word for word in argv)
    served.did("rpkg", "diff", DRAFT, *words)
    served.did("rpkg", "reject", DRAFT)
    served.become("ada")
    monkeypatch.setenv("PORTICO_HOME", adas)
    edit(served, "key: other", "key: evil")
    served.did("rpkg", "propose", DRAFT)
    served.become("grace")
    monkeypatch.setenv("PORTICO_HOME", graces)
    answer = served("rpkg", "approve", DRAFT)
    assert answer.code == code, answer
    assert ("when you looked at it, and is at" in answer.err) is bool(code)
