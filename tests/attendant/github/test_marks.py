"""The marks of a verdict stand at files of the repository, wherever its packages are."""

from pathlib import Path

from bot import compose
from bot.packages.layout import Layout
from tests.attendant.conftest import KPTFILE, POLICY, ZONE
from tests.attendant.github.hands import pushed
from tests.attendant.github.street import Street
from tests.forges.github.pull_request import PullRequest

UNKNOWN = (KPTFILE + "pipeline:\n  mutators:\n    - image: no-such-function:v1\n").encode()
BROKEN = b"kind: [\n"


def marks(street: Street, pull: PullRequest) -> list[tuple[str, int]]:
    """File and line of each mark at a pull request's head, newest verdict only."""
    run = [each for each in street.cast.repo.runs.values() if each.sha == pull.head_sha][-1]
    return [(each["path"], each["start_line"]) for each in run.annotations]


def test_of_a_package_that_is_not_valid(street: Street) -> None:
    pull = pushed(street, {"net/dns/zone.yaml": BROKEN})
    assert {path for path, _ in marks(street, pull)} == {"net/dns/zone.yaml"}


def test_of_a_function_that_failed(street: Street) -> None:
    assert marks(street, pushed(street, {"net/dns/Kptfile": UNKNOWN})) == [("net/dns/Kptfile", 7)]


def test_of_each_package_of_a_set(street: Street) -> None:
    street.cast.commit("root", "main", {".portico.yaml": f"{POLICY}sets: true\n".encode()})
    pull = pushed(street, {"net/dns/zone.yaml": BROKEN, "net/ntp/Kptfile": UNKNOWN})
    assert {path for path, _ in marks(street, pull)} == {"net/dns/zone.yaml", "net/ntp/Kptfile"}


def test_of_a_package_below_the_registered_directory(street: Street, tmp_path: Path) -> None:
    files = {"all/net/dns/Kptfile": KPTFILE.encode(), "all/net/dns/zone.yaml": ZONE.encode()}
    street.cast.commit("root", "main", {**files})
    branch = "drafts/all/net/dns/ttl"
    street.cast.commit("ada", branch, {"all/net/dns/zone.yaml": BROKEN})
    cast, app = street.cast, street.cast.app
    place = compose.OnGitHub(
        "acme/blueprints",
        compose.GitHubAccess(app=str(app.id), key=app.pem),
        Layout(directory="all"),
        cast.hub.api,
        f"{cast.world.place.web}/acme/blueprints.git",
        tmp_path / "below",
    )
    compose.on_github(place).look_at_branch(branch)
    assert {path for path, _ in marks(street, street.pull)} == {"all/net/dns/zone.yaml"}
