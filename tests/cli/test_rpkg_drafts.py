"""Drafts are begun, pulled and pushed, on any Git server."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.packages.annotation import read_annotations
from tests.cli.person import Person, git

DRAFT = "blueprints.dns.add-mx"


@pytest.fixture
def draft(registered: Person, tmp_path: Path) -> Path:
    """The folder of a draft that was just pulled."""
    registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    registered.did("rpkg", "pull", DRAFT, "dns")
    return tmp_path / "dns"


def show(bare: Path, what: str) -> str:
    return git(bare, "show", what)


def test_init_makes_the_commit_that_porch_makes(registered: Person, bare: Path) -> None:
    words = ("--description", "our: balancer", "--keywords", "a, b", "--site", "https://x")
    out = registered.did(
        "rpkg", "init", "net/lb", "--repository", "blueprints", "--workspace", "first", *words
    )
    assert out == "blueprints.net.lb.first created\n"
    ref = "drafts/net/lb/first"
    assert git(bare, "log", "-1", "--format=%an <%ae>, %cn: %s", ref) == (
        "Ada <ada@example.com>, Portico: Creating new empty revision"
    )
    assert git(bare, "rev-parse", f"{ref}^") == git(bare, "rev-parse", "main")
    (annotation,) = read_annotations(git(bare, "log", "-1", "--format=%B", ref))
    assert (annotation.package, annotation.workspace, annotation.revision) == ("net/lb", "first", "0")
    assert annotation.task == {
        "type": "init",
        "init": {"description": "our: balancer", "keywords": ["a", "b"], "site": "https://x"},
    }
    assert "description: 'our: balancer'" in show(bare, f"{ref}:net/lb/Kptfile")
    assert show(bare, f"{ref}:dns/Kptfile")
    assert "net/lb     first           0          false    Draft" in registered.did("rpkg", "get")


@pytest.mark.parametrize(
    ("package", "workspace", "says"),
    [
        ("dns", "v2", "already exists in repository 'blueprints'"),
        ("dns", "v1", "must be unique"),
        ("dns/inner", "w", "packages cannot be nested"),
        ("apps", "w", "packages cannot be nested"),
        ("Upper", "w", "'Upper' must be lower-case"),
        ("../x", "w", "The part '..' of the package '../x' must be lower-case"),
        ("a/../b", "w", "'..'"),
        ("a//b", "w", "''"),
        ("/a", "w", "''"),
        ("a b", "w", "'a b'"),
        ("ünï", "w", "'ünï'"),
        ("x.lock", "w", "'x.lock'"),
        ("a" * 300, "w", "at most 63"),
        ("/".join(["a" * 60] * 5), "w", "at most 253"),
        ("new", "a/b", "'a/b'"),
        ("new", "", "''"),
    ],
)
def test_init_refuses_bad_names_and_places(
    registered: Person, package: str, workspace: str, says: str
) -> None:
    answer = registered("rpkg", "init", package, "--repository", "blueprints", "--workspace", workspace)
    assert (answer.code, answer.out) == (1, "")
    assert says in answer.err


def test_copy_takes_the_published_files_and_names_its_source(registered: Person, bare: Path) -> None:
    assert (
        registered.did("rpkg", "edit", "blueprints.dns.v1", "--workspace", "add-mx") == f"{DRAFT} created\n"
    )
    assert git(bare, "rev-parse", "drafts/dns/add-mx:dns") == git(bare, "rev-parse", "dns/v1:dns")
    (annotation,) = read_annotations(git(bare, "log", "-1", "--format=%B", "drafts/dns/add-mx"))
    assert annotation.task == {"type": "edit", "edit": {"sourceRef": {"name": "blueprints.dns.v1"}}}


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("blueprints.dns.v1",), "--workspace is required"),
        (("blueprints.dns.main", "--workspace", "w"), "may not be the placeholder"),
        (("blueprints.dns.add-mx", "--workspace", "w"), "must be published"),
        (("blueprints.dns.v1", "--workspace", "add-mx"), "must be unique"),
        (("blueprints.gone.v1", "--workspace", "w"), "no package revision 'blueprints.gone.v1'"),
        (("elsewhere.dns.v1", "--workspace", "w"), "no repository is registered as 'elsewhere'"),
    ],
)
@pytest.mark.usefixtures("draft")
def test_copy_refuses(registered: Person, argv: tuple[str, ...], says: str) -> None:
    answer = registered("rpkg", "copy", *argv)
    assert (answer.code, answer.out) == (1, "")
    assert says in answer.err


def test_pull_writes_every_file_as_it_is(draft: Path, bare: Path) -> None:
    assert sorted(path.name for path in draft.iterdir()) == [
        ".KptRevisionMetadata", "Kptfile", "config.yaml", "logo.bin", "run.sh",
    ]  # fmt: skip
    assert (draft / "logo.bin").read_bytes() == b"\x00\xff\r\n"
    assert os.access(draft / "run.sh", os.X_OK)
    token: Any = yaml.safe_load((draft / ".KptRevisionMetadata").read_text())
    assert token["kind"] == "KptRevisionMetadata"
    assert token["metadata"]["name"] == DRAFT
    assert token["metadata"]["resourceVersion"] == git(bare, "rev-parse", "drafts/dns/add-mx")


def test_pull_refuses_a_folder_that_is_there(registered: Person, draft: Path) -> None:
    answer = registered("rpkg", "pull", DRAFT, str(draft))
    assert answer.code == 1
    assert "must not exist yet" in answer.err


def test_push_takes_the_folder_back(registered: Person, draft: Path, bare: Path) -> None:
    (draft / "config.yaml").write_bytes((draft / "config.yaml").read_bytes().replace(b"value", b"other"))
    (draft / "run.sh").chmod(0o644)
    (draft / "logo.bin").unlink()
    (draft / "sub").mkdir()
    (draft / "sub" / "new.txt").write_text("new")
    (draft / ".git").mkdir()
    (draft / ".git" / "config").touch()
    assert registered.did("rpkg", "push", DRAFT, "dns") == f"{DRAFT} pushed\n"
    listed = git(
        bare, "ls-tree", "-r", "--format=%(objectmode) %(path)", "drafts/dns/add-mx", "dns"
    ).splitlines()
    assert listed == [
        "100644 dns/Kptfile", "100644 dns/config.yaml", "100644 dns/run.sh", "100644 dns/sub/new.txt",
    ]  # fmt: skip
    (draft / "sub" / "new.txt").write_text("newer")
    assert registered.did("rpkg", "push", DRAFT, "dns", "-m", "Say more") == f"{DRAFT} pushed\n"
    assert git(bare, "log", "-3", "--format=%s", "drafts/dns/add-mx").splitlines() == [
        "Say more", "Intermediate commit: push", "Creating new revision by copying previous revision",
    ]  # fmt: skip


def test_push_of_nothing_new_says_so_and_commits_nothing(registered: Person, draft: Path, bare: Path) -> None:
    before = git(bare, "rev-parse", "drafts/dns/add-mx")
    answer = registered("rpkg", "push", DRAFT, str(draft))
    assert (answer.code, answer.out, answer.err) == (0, "", f"{DRAFT} is unchanged\n")
    assert git(bare, "rev-parse", "drafts/dns/add-mx") == before


def test_push_is_refused_when_the_draft_moved(registered: Person, draft: Path, bare: Path) -> None:
    registered.did("rpkg", "pull", DRAFT, "other")
    (draft / "one.txt").touch()
    Path("other/two.txt").touch()
    registered.did("rpkg", "push", DRAFT, "other")
    head = git(bare, "rev-parse", "drafts/dns/add-mx")
    answer = registered("rpkg", "push", DRAFT, "dns")
    assert (answer.code, answer.out) == (1, "")
    assert "moved since it was pulled" in answer.err
    assert "pull it into a new folder" in answer.err
    assert git(bare, "rev-parse", "drafts/dns/add-mx") == head


def test_push_refuses_what_it_must(registered: Person, draft: Path) -> None:
    def says(*argv: str) -> str:
        answer = registered("rpkg", "push", *argv)
        assert (answer.code, answer.out) == (1, "")
        return answer.err

    assert "Only drafts can be written" in says("blueprints.dns.v1", "dns")
    (draft / "link").symlink_to("../../etc")
    assert "'link' leads out of the package" in says(DRAFT, "dns")
    (draft / "link").unlink()
    (draft / "Kptfile").unlink()
    assert "must contain a Kptfile" in says(DRAFT, "dns")
    token = (draft / ".KptRevisionMetadata").read_text()
    (draft / ".KptRevisionMetadata").write_text(token.replace("add-mx", "other"))
    assert "were pulled from 'blueprints.dns.other'" in says(DRAFT, "dns")
    (draft / ".KptRevisionMetadata").write_text("a: [")
    assert ".KptRevisionMetadata" in says(DRAFT, "dns")
    (draft / ".KptRevisionMetadata").unlink()
    assert "cannot be told what was pulled" in says(DRAFT, "dns")
    assert "is not a folder" in says(DRAFT, "gone")


def test_a_package_goes_through_a_pipe(
    registered: Person, bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    listed = registered.did("rpkg", "read", DRAFT)
    assert [item["kind"] for item in yaml.safe_load(listed)["items"]] == [
        "KptRevisionMetadata", "Kptfile", "ConfigMap",
    ]  # fmt: skip
    for text, code, out in (
        (listed, 0, ""),
        (listed.replace("key: value", "key: other"), 0, f"{DRAFT} pushed\n"),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        answer = registered("rpkg", "write", DRAFT)
        assert (answer.code, answer.out) == (code, out)
    assert "name: dns # mine\ndata:\n  key: other" in show(bare, "drafts/dns/add-mx:dns/config.yaml")
    assert git(bare, "ls-tree", "--name-only", "drafts/dns/add-mx:dns").splitlines() == [
        "Kptfile", "config.yaml", "logo.bin", "run.sh",
    ]  # fmt: skip


def test_words_need_hooks_and_drafts_do_not(registered: Person) -> None:
    registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    answer = registered("rpkg", "propose", DRAFT)
    assert answer.code == 1
    assert "`portico hook install`" in answer.err
    assert "Drafts can be written" in answer.err


def test_a_person_whom_git_does_not_know_is_told_what_to_do(
    registered: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "home" / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    monkeypatch.delenv("EMAIL", raising=False)
    answer = registered("rpkg", "init", "new", "--repository", "blueprints", "--workspace", "w")
    assert answer.code == 1
    assert "git config --global user.name" in answer.err
