"""Clones, rollbacks and contexts as values, without Git."""

import pytest

from bot.errors import InvalidDocument, NotFound, Refused
from bot.packages.acquisition import Fetched
from bot.packages.kptfile import Upstream, read_kptfile
from bot.packages.operations.clone import clone, cloned_package
from bot.packages.operations.rollback import free_workspace, rollback
from bot.packages.package import LINK, File, Files
from bot.packages.package_context import with_package_context
from bot.packages.provenance import new_kptfile
from bot.packages.published import newest, published, published_at
from bot.packages.revision import Lifecycle, PackageRevision

UPSTREAM = Upstream("/srv/blue.git", "dns", "dns/v1")
CONTEXT = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kptfile.kpt.dev\n  annotations:\n"
    '    config.kubernetes.io/local-config: "true"\ndata:\n  name: dns\n  package-path: edge/dns\n'
)
OTHER = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n    name:   other # mine\n"


def fetch_of(files: Files) -> Fetched:
    return Fetched(files, UPSTREAM, UPSTREAM._replace(commit="1" * 40))


def test_a_clone_forgets_what_was_rendered() -> None:
    kptfile = new_kptfile("dns") + (
        b'status:\n  conditions:\n    - type: Rendered\n      status: "True"\n'
        b'    - type: Reviewed\n      status: "False"\n'
    )
    made = clone("edge/dns", UPSTREAM, lambda _: fetch_of({"Kptfile": File(kptfile)}), source="blue.dns.v1")
    found = read_kptfile(made.files["Kptfile"].content)
    assert [condition.type for condition in found.conditions] == ["Reviewed"]
    assert (found.name, found.upstream) == ("dns", UPSTREAM)


def test_a_directory_without_a_kptfile_is_no_package() -> None:
    with pytest.raises(NotFound, match=r'"dns" of "/srv/blue\.git" at "dns/v1": the directory has no'):
        clone("dns", UPSTREAM, lambda _: fetch_of({"x.yaml": File(b"")}))


def test_no_secret_is_in_a_task() -> None:
    task = cloned_package(Upstream("https://ada:s3cret@h/r.git", "d", "main"))
    assert "s3cret" not in str(task)
    assert task["clone"]["upstreamRef"]["git"]["repo"] == "https://h/r.git"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, CONTEXT),
        (File(CONTEXT.replace("edge/dns", "old").encode()), CONTEXT),
        (File(OTHER.encode()), f"{CONTEXT}---\n{OTHER}"),
        (File(f"{OTHER}---\n{CONTEXT}---\n{OTHER}".encode()), f"{CONTEXT}---\n{OTHER}---\n{OTHER}"),
        (File(b""), CONTEXT),
        (File(b"elsewhere.yaml", LINK), CONTEXT),
    ],
)
def test_the_context_takes_the_place_of_the_old_one(before: File | None, after: str) -> None:
    files = {"sub/package-context.yaml": File(OTHER.encode()), "x": File(b"\x00")}
    old = files | ({"package-context.yaml": before} if before else {})
    found = with_package_context(old, "dns", "edge/dns")
    assert found == files | {"package-context.yaml": File(after.encode())}


@pytest.mark.parametrize("content", [b"a: [\n", b"\xff\xfe"])
def test_a_context_that_cannot_be_read_is_told(content: bytes) -> None:
    with pytest.raises(InvalidDocument, match=r"package-context\.yaml"):
        with_package_context({"package-context.yaml": File(content)}, "dns", "dns")


def test_only_another_content_is_rolled_back_to() -> None:
    files = {"Kptfile": File(b"a")}
    with pytest.raises(Refused, match="latest revision holds exactly what v1 holds"):
        rollback("blue.dns.v1", 1, files, dict(files))
    made = rollback("blue.dns.v1", 1, files, {"Kptfile": File(b"a", 0o100755)})
    assert (made.files, made.story.subject) == (files, "Rolling back to v1")


def test_workspaces_for_a_rollback() -> None:
    assert free_workspace(3, set()) == "rollback-v3"
    assert free_workspace(3, {"rollback-v3", "rollback-v3-2", "v3"}) == "rollback-v3-3"


def revisions(*numbers: int, path: str = "dns") -> list[PackageRevision]:
    return [
        PackageRevision(
            path, f"w{number}", number, Lifecycle.PUBLISHED, "1" * 40, f"refs/tags/{path}/v{number}"
        )
        for number in numbers
    ]


def test_published_revisions_by_number() -> None:
    known = [*revisions(10, 2, 0, -1), *revisions(7, path="web")]
    assert list(published(known, "dns")) == [2, 10]
    assert published_at(known, "dns", 2).workspace == "w2"
    assert newest(known, "dns").revision == 10


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ([], "`portico rpkg get` lists what is published"),
        ([1], "there is v1."),
        ([2, 1], "there are v1, v2."),
        (list(range(1, 13)), "there are 2 older ones and v3, v4, v5, v6, v7, v8, v9, v10, v11, v12."),
    ],
)
def test_which_there_are_is_said(numbers: list[int], says: str) -> None:
    with pytest.raises(NotFound) as caught:
        published_at(revisions(*numbers), "dns", 99)
    assert str(caught.value) == f"The package 'dns' has no published revision v99; {says.rstrip('.')}."
    with pytest.raises(NotFound, match="that is to stay"):
        newest([each._replace(lifecycle=Lifecycle.DELETION_PROPOSED) for each in revisions(*numbers)], "dns")
