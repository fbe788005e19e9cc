"""The bot on forges: requests and seconds for each step of a life, and a round over many changes on GitHub.

The forges are those in small of the tests; from GitHub every answer takes a while longer.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks import processes, tables
from benchmarks.webhooks import peak
from tests.attendant.conftest import KPTFILE, PIPELINE, POLICY, ZONE
from tests.attendant.github.street import Street
from tests.attendant.gitlab import street as gitlab_street
from tests.forges.github.cast import Cast
from tests.forges.github.server import served
from tests.forges.github.webhooks import Delivery
from tests.forges.gitlab import cast as gitlab_cast
from tests.forges.gitlab import server as gitlab
from tests.web import bot as running
from tests.web.bot import Bot, Place, until
from tests.web.house import House

__all__ = ["table"]

DELAY_SECONDS = 0.02
CHANGES = 1_000
RENDERED = 10  # every tenth has something for functions to do
ENOUGH = 1_000_000  # requests in an hour
PROPOSED = "pull_request.ready_for_review"


def table() -> str:
    return f"{_steps()}\n{_steps_on_gitlab()}\n{_rounds()}"


class Step(NamedTuple):
    """Something that a person does, and the webhook that tells of it."""

    what: str
    event: str
    goal: str
    act: Callable[[Street], object]


BEFORE = (
    Step("a draft is pushed", "push", "", lambda street: street.write("ada", "60")),
    Step("it is pushed to again", "push", "", lambda street: street.write("ada", "61")),
    Step("it is proposed", PROPOSED, "6", lambda street: street.ready()),
)
AFTER = (
    Step(
        "a word in a comment",
        "issue_comment.created",
        "",
        lambda street: street.cast.comment("ada", street.pull, "/explain"),
    ),
    Step(
        "it is approved, and published",
        "pull_request_review.submitted",
        "10",
        lambda street: street.cast.review("grace", street.pull, "APPROVE"),
    ),
)


def _steps() -> str:
    header = ("step", "API requests", "goal", "Git requests", "webhook to done")
    with _house() as house, house.bot() as bot:
        rows = [_step(house, bot, step) for step in BEFORE]
        rows.append(_doubled(house, bot, "the same webhook again", again=True))
        rows.append(_doubled(house, bot, "the same event by a second hook", again=False))
        rows += [_step(house, bot, step) for step in AFTER]
    title = f"On GitHub, each answer {DELAY_SECONDS * 1000:.0f} ms later than from this machine"
    return tables.table(title, header, rows)


def _step(house: House, bot: Bot, step: Step) -> Sequence[str]:
    """What is measured is the one webhook that tells of the step."""
    board = house.street.cast.world.switchboard
    step.act(house.street)
    [told] = board.select(step.event)
    board.lose(lambda held: held is not told)
    row = _measured(house, bot, step.what, step.goal)
    # What its own writes come back as is dealt with before the next step.
    house.deliver(bot)
    return row


def _doubled(house: House, bot: Bot, what: str, *, again: bool) -> Sequence[str]:
    board = house.street.cast.world.switchboard
    told = next(held for held in reversed(board.tried) if held.name == PROPOSED)
    if again:
        board.again(told)
    else:
        board.put(told.hook, told.event, told.payload, told.repository)
    return _measured(house, bot, what, "2")


def _measured(house: House, bot: Bot, what: str, goal: str) -> Sequence[str]:
    hub, board = house.street.cast.hub, house.street.cast.world.switchboard
    api, git = len(hub.log), len(hub.git_log)
    began = time.perf_counter()
    delivered: list[Delivery] = board.deliver()
    until(bot.idle, what)
    seconds = time.perf_counter() - began
    if {held.code for held in delivered} - {200, 202}:
        raise AssertionError(f"{what}: {[held.said for held in delivered]}")
    return (what, str(len(hub.log) - api), goal, str(len(hub.git_log) - git), f"{seconds:.2f} s")


def _steps_on_gitlab() -> str:
    """The same steps, each followed by the look that its webhook would be; what was pushed is a branch."""
    with tempfile.TemporaryDirectory() as folder, gitlab.served(Path(folder)) as lab:
        files = {".portico.yaml": POLICY, "net/dns/Kptfile": KPTFILE, "net/dns/zone.yaml": ZONE}
        at = gitlab_street.street_of(
            gitlab_cast.Cast(lab, Path(folder)),
            Path(folder) / "bot",
            {path: text.encode() for path, text in files.items()},
        )
        at.cast.project.settings.checked_after = 0
        hired = at.hire()
        hired.look_at_all()
        steps: Sequence[tuple[str, Callable[[], object]]] = (
            ("a draft is pushed", lambda: at.write("ada", "60")),
            ("it is pushed to again", lambda: at.write("ada", "61")),
            ("it is proposed", at.ready),
            ("the same event by a second hook", lambda: None),
            ("a word in a comment", lambda: at.say("ada", "/explain")),
            ("it is approved, and published", lambda: at.approve("grace")),
        )
        rows = []
        for what, act in steps:
            act()
            before = len(lab.log)
            if "pushed" in what:
                hired.look_at_branch(gitlab_street.BRANCH)
            else:
                hired.look(at.request.iid)
            rows.append((what, str(len(lab.log) - before)))
    return tables.table("On GitLab", ("step", "API requests"), rows)


def _rounds() -> str:
    running.PATIENCE_SECONDS = 3_600  # what takes long is what is measured
    header = ("a round over all of them", "time", "API requests", "Git requests", "memory, at most")
    with _house() as house:
        cast, folder = house.street.cast, house.place.folder
        for number in range(CHANGES):
            path = f"many/p{number}"
            kptfile = PIPELINE if number % RENDERED == 0 else KPTFILE
            files = {f"{path}/Kptfile": kptfile.encode(), f"{path}/zone.yaml": ZONE.encode()}
            cast.commit("ada", f"drafts/{path}/first", {**files})
        rows = [_round(house, "drafts without a pull request")]
        rows.append(_round(house, "at rest, by a process whose folder is there"))
        shutil.rmtree(folder / "state")
        rows.append(_round(house, "at rest, by one that knows nothing (cold)"))
        with house.bot() as bot:
            rows.append(_again(house, bot, "at rest, by one that just looked (warm)"))
            for _ in range(11):
                row = _again(house, bot, "the twelfth such round, after which each was looked at anew")
            rows.append(row)
    title = f"{CHANGES} changes of one repository, {CHANGES // RENDERED} of them rendered"
    return tables.table(title, header, rows)


def _round(house: House, what: str) -> Sequence[str]:
    hub = house.street.cast.hub
    before, git = len(hub.log), len(hub.git_log)
    words = [sys.executable, "-m", "bot", "reconcile", "--config", str(house.place.folder / "serve.yaml")]
    cost = processes.run(words)
    requests = len(hub.log) - before
    fetches = str(len(hub.git_log) - git)
    return (what, f"{cost.seconds:.1f} s", str(requests), fetches, f"{cost.memory:.0f} MiB")


def _again(house: House, bot: Bot, what: str) -> Sequence[str]:
    """One more round, of which a webhook about a tag tells: whose tag it is, only the whole can say."""
    board, hook = house.street.cast.world.switchboard, house.hook
    board.lose(lambda _held: True)
    payload = next(payload for event, _, payload in board.told if event == "push")
    installed = {"installation": {"id": house.street.cast.installation.id}}
    board.put(hook, "push", {**payload, **installed, "ref": "refs/tags/x"}, house.street.cast.repo.id)
    _, requests, _, fetches, seconds = _measured(house, bot, what, "")
    return (what, seconds, requests, fetches, f"{peak(bot.process.pid) / 1024:.0f} MiB")


@contextmanager
def _house() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as hub:
        hub.rest.limits.most = ENOUGH
        cast = Cast(hub, Path(folder))
        files = {".portico.yaml": POLICY, "net/dns/Kptfile": KPTFILE, "net/dns/zone.yaml": ZONE}
        cast.commit("root", "main", {path: text.encode() for path, text in files.items()})
        bot = Path(folder) / "bot"
        bot.mkdir()
        house = House(Street(cast, bot), Place(bot))
        house.settle_in()
        cast.world.switchboard.lose(lambda _held: True)
        hub.delay = DELAY_SECONDS
        yield house


if __name__ == "__main__":
    print(table())
