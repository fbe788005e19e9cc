"""What a look at GitLab costs: it fetches only where GitLab shows what is not here."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.attendant.attendant import Attendant
from bot.ports import Branches
from tests.attendant.conftest import ZONE
from tests.attendant.gitlab.street import BRANCH, Street


class Counted:
    """Branches that count how often they were fetched."""

    def __init__(self, branches: Branches) -> None:
        self._branches = branches
        self.fetches = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._branches, name)

    def refresh(self) -> None:
        self.fetches += 1
        self._branches.refresh()

    def during(self, act: Callable[[], object]) -> int:
        before = self.fetches
        act()
        return self.fetches - before


def counted(street: Street) -> tuple[Attendant, Counted]:
    hired = street.hire()
    branches = Counted(hired.room.branches)
    room = replace(hired.room, branches=branches)
    return Attendant(room), branches


def test_a_look_fetches_once_for_what_moved_and_not_for_what_did_not(street: Street) -> None:
    street.draft()
    street.ready()
    hired, branches = counted(street)
    number = street.request.iid
    hired.look(number)
    assert branches.during(lambda: hired.look(number)) == 0
    street.say("ada", "/explain")
    assert branches.during(lambda: hired.look(number)) == 0
    street.write("ada", "61", BRANCH)
    assert branches.during(lambda: hired.look_at_branch(BRANCH)) == 1
    street.cast.commit("root", "main", {"net/dns/zone.yaml": ZONE.replace("300", "1").encode()})
    assert branches.during(lambda: hired.look(number)) >= 1
    assert "rebase" in street.living()


def test_a_round_fetches_once(street: Street) -> None:
    for number in range(3):
        street.write("ada", f"{number + 1}", f"drafts/net/dns/n{number}")
    hired, branches = counted(street)
    hired.look_at_all()
    assert len(street.cast.project.merge_requests) == 3
    cold, branches = counted(street)
    assert branches.during(cold.look_at_all) == 1


def requests(street: Street, act: Callable[[], object]) -> list[str]:
    """What GitLab was asked while something was done."""
    log = street.cast.lab.log
    before = len(log)
    act()
    return [f"{asked.method} {asked.path.rpartition('blueprints')[2]}" for asked in log[before:]]


def test_a_verdict_of_another_colour_is_written_without_reading_the_status_again(street: Street) -> None:
    street.draft()
    street.ready()
    hired, number = street.hire(), street.request.iid
    hired.look(number)
    street.approve("grace")
    asked = requests(street, lambda: hired.look(number))
    assert street.tag
    # By the look at it while it is open: what is merged has no verdict any more.
    assert sum(each.startswith("GET ") and each.endswith("/statuses") for each in asked) == 1
    assert sum(each.startswith("POST /statuses/") for each in asked) == 1


def test_a_change_is_read_once_for_a_push(street: Street) -> None:
    street.draft()
    hired = street.hire()
    hired.look(street.request.iid)
    street.write("ada", "61", BRANCH)
    asked = requests(street, lambda: hired.look_at_branch(BRANCH))
    assert asked.count("GET /merge_requests/1") == 1
    assert "61" in street.living()
