"""Repositories on servers elsewhere: let in by a Secret, written by one push or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.kubernetes.stamp import STAMP
from tests.cli.person import git
from tests.git.web import Web, served
from tests.kubernetes.street import STAMPS, Street, condition

PASSWORD = "correct horse"  # noqa: S105 of a server that is only a test's
DRAFT = "shop.dns.add-mx"


@pytest.fixture
def web(street: Street) -> Iterator[Web]:
    """The repository of the street, where it is to be had by HTTP alone."""
    git(street.bare, "config", "http.receivepack", "true")
    street.kubectl("delete", "repositories.config.porch.kpt.dev", "shop")
    with served(street.bare.parent) as made:
        yield made


def register(street: Street, web: Web, **secret: str) -> None:
    """Register it with a Secret that holds this."""
    literals = [f"--from-literal={key}={value}" for key, value in secret.items()]
    street.kubectl("create", "secret", "generic", "key", *literals)
    street.register(repo=f"{web.address}/shop.git", secretRef={"name": "key"})


def registered(street: Street, web: Web) -> None:
    web.password = PASSWORD
    register(street, web, username="ada", password=PASSWORD)


def ready(street: Street) -> tuple[str, str]:
    return condition(street.repository(), "Ready")


def head(street: Street, ref: str) -> str:
    return git(street.bare, "for-each-ref", "--format=%(objectname)", ref)


def approve(street: Street) -> None:
    """Have grace approve what is proposed, as the webhook lets it through."""
    mark = STAMPS.make(street.revision(DRAFT), "grace", "Published")
    patch = json.dumps({"metadata": {"annotations": {STAMP: mark}}, "spec": {"lifecycle": "Published"}})
    street.kubectl(
        "patch", "packagerevisions.porch.kpt.dev", DRAFT, "--type=merge", "-p", patch, user="grace"
    )


def proposed(street: Street) -> None:
    street.draft()
    assert street.go() == []
    street.ask(DRAFT, "Proposed")
    assert street.go() == []
    assert street.revisions()[DRAFT] == "Proposed"


def test_a_user_with_a_password_is_let_in(street: Street, web: Web) -> None:
    registered(street, web)
    street.draft()
    assert street.go() == []
    assert street.revisions()[DRAFT] == "Draft"
    assert ready(street) == ("True", "Repository Ready")


def test_a_bearer_is_let_in(street: Street, web: Web) -> None:
    web.bearer = "token-of-the-team"
    register(street, web, bearerToken=web.bearer)
    proposed(street)
    assert head(street, "refs/heads/proposed/dns/add-mx")


def test_a_publication_is_one_push(street: Street, web: Web) -> None:
    registered(street, web)
    proposed(street)
    base, draft = head(street, "refs/heads/main"), head(street, "refs/heads/proposed/dns/add-mx")
    approve(street)
    web.log.clear()
    assert street.go() == []
    pushes = [line for line in web.log if "POST" in line and "git-receive-pack" in line]
    assert len(pushes) == 1
    assert street.revisions()[DRAFT] == "Published"
    assert git(street.bare, "log", "-1", "--format=%P", "dns/v2") == f"{base} {draft}"
    assert head(street, "refs/tags/dns/v2") == head(street, "refs/heads/main")
    assert not head(street, "refs/heads/proposed/dns/add-mx")


def test_a_push_of_somebody_else_is_not_lost(street: Street, web: Web, tmp_path: Path) -> None:
    """Between the decision and its push the branch moves: it is decided again, on what is there now."""
    registered(street, web)
    proposed(street)
    approve(street)
    work = tmp_path / "theirs"
    git(tmp_path, "clone", "-q", str(street.bare), str(work))

    def theirs() -> None:
        (work / "README.md").write_text("# Read this\n")
        git(work, "add", "-A")
        git(work, "commit", "-qm", "read this")
        git(work, "push", "-q", "origin", "HEAD:main")

    web.interlude = theirs
    assert street.go() == []
    pushed = git(work, "rev-parse", "HEAD")
    assert git(street.bare, "log", "-1", "--format=%P", "dns/v2").split()[0] == pushed
    assert git(street.bare, "show", "main:README.md") == "# Read this"
    assert head(street, "refs/tags/dns/v2") == head(street, "refs/heads/main")
    assert street.revisions()[DRAFT] == "Published"


def test_what_is_moved_by_a_refused_push_is_nothing(street: Street, web: Web) -> None:
    """A tag that somebody made meanwhile holds up the branch, too."""
    registered(street, web)
    proposed(street)
    approve(street)

    def theirs() -> None:
        git(street.bare, "tag", "dns/v2", "dns/v1")

    web.interlude = theirs
    assert street.go() == []
    assert head(street, "refs/tags/dns/v3") == head(street, "refs/heads/main")
    assert git(street.bare, "rev-parse", "dns/v2") == git(street.bare, "rev-parse", "dns/v1")


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ({"username": "ada", "password": "wrong"}, "denies access"),
        ({"username": "ada"}, "must hold `username` and `password`"),
        ({"bearerToken": "wrong"}, "denies access"),
    ],
)
def test_a_secret_that_does_not_let_in_is_told(
    street: Street, web: Web, secret: dict[str, str], said: str
) -> None:
    web.password = PASSWORD
    register(street, web, **secret)
    (failure,) = street.go()
    status, message = ready(street)
    assert status == "False"
    assert said in message
    assert "Secret 'key'" in message
    assert "wrong" not in failure + message
    before = street.writes()
    street.go()
    assert street.writes() == before


def test_a_secret_that_is_not_there_is_told_until_it_is(street: Street, web: Web) -> None:
    web.password = PASSWORD
    street.register(repo=f"{web.address}/shop.git", secretRef={"name": "key"})
    street.go()
    assert ready(street) == (
        "False",
        f"There is no Secret 'key' in the namespace '{street.namespace}'.",
    )
    words = ("--from-literal=username=ada", f"--from-literal=password={PASSWORD}")
    street.kubectl("create", "secret", "generic", "key", *words)
    assert street.go() == []
    assert ready(street)[0] == "True"


def test_a_server_that_wants_a_secret_where_none_is_named(street: Street, web: Web) -> None:
    web.password = PASSWORD
    street.register(repo=f"{web.address}/shop.git")
    street.go()
    status, message = ready(street)
    assert status == "False"
    assert "`spec.git.secretRef`" in message


def test_a_secret_that_is_named_no_more_is_not_used(street: Street, web: Web) -> None:
    registered(street, web)
    assert street.go() == []
    patch = '[{"op": "remove", "path": "/spec/git/secretRef"}]'
    street.kubectl("patch", "repositories.config.porch.kpt.dev", "shop", "--type=json", "-p", patch)
    street.go()
    assert ready(street)[0] == "False"


def test_drafts_are_begun_on_the_server(street: Street, web: Web) -> None:
    registered(street, web)
    name = street.order("v1", "mail", user="ada", source={"init": {}})
    assert street.go() == []
    assert street.revisions()[name] == "Draft"
    assert git(street.bare, "log", "--format=%an", "-1", "drafts/mail/v1") in ("ada", "Portico")


def test_nothing_of_this_machine_is_cloned(street: Street, web: Web, tmp_path: Path) -> None:
    registered(street, web)
    street.policy(f"upstreams: ['{tmp_path}/', 'file://{tmp_path}/']\n")
    # Git takes the host of such a URL for a part of the path.
    places = (str(street.bare), f"file://{street.bare}", f"file://.{street.bare}", "../shop.git")
    for number, place in enumerate(places):
        upstream = {"repo": place, "ref": "dns/v1", "directory": "dns"}
        name = street.order("v1", f"mail-{number}", source={"cloneFrom": {"type": "git", "git": upstream}})
        assert street.go() == []
        assert "is nobody's upstream" in street.told(name)[1]
