"""`portico serve` on GitLab, from end to end, made as the README says: its settings and its webhook."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.forges.gitlab.requirements import EVENTS
from tests.attendant.gitlab.conftest import street  # noqa: F401 a fixture is used by its name
from tests.attendant.gitlab.street import BRANCH, Street
from tests.forges.gitlab.cast import PATH, TOKEN
from tests.forges.gitlab.conftest import cast, lab  # noqa: F401 the world's own fixtures
from tests.web.bot import ROOT, Bot, Place, until

SECTION = (ROOT / "README.md").read_text().partition("\n## On GitLab\n")[2].partition("\n## ")[0]


@dataclass
class Home:
    """A street whose attendant is the process that the README says how to start."""

    street: Street
    place: Place

    def settle_in(self) -> None:
        at, folder = self.street.cast, self.place.folder
        [block] = re.findall(r"```yaml\n( *# serve\.yaml\n.*?)```", SECTION, re.DOTALL)
        settings = yaml.safe_load(block)
        settings["gitlab"] |= {"url": at.lab.url, "repositories": [PATH]}
        files = {
            settings["gitlab"]["tokenFile"]: at.bot_token,
            settings["gitlab"]["webhookSecretFiles"][0]: TOKEN,
        }
        for name, text in files.items():
            (folder / name).write_text(f"{text}\n")
        settings |= {"listen": "127.0.0.1:0", "tick": 86_400}
        (folder / "serve.yaml").write_text(yaml.safe_dump(settings))
        at.hook.events = frozenset(field for field, name in EVENTS.items() if f"`{name}`" in SECTION)

    @contextmanager
    def bot(self) -> Iterator[Bot]:
        with self.place.bot("bot", "serve", "--config", str(self.place.folder / "serve.yaml")) as bot:
            self.street.cast.hook.url = f"http://127.0.0.1:{bot.line.port}/webhooks/gitlab"
            until(bot.idle, "the first look at everything")
            yield bot

    def deliver(self, bot: Bot) -> set[int]:
        """Deliver every webhook, those too that come of what the bot does; the codes that answered."""
        board, codes = self.street.cast.world.switchboard, set[int]()
        while board.waiting:
            codes |= {delivery.code for delivery in board.deliver()}
            until(bot.idle, "what was heard is done")
        return codes


@pytest.fixture
def home(street: Street, tmp_path: Path) -> Home:  # noqa: F811 a fixture has its own name
    folder = tmp_path / "bot"
    folder.mkdir()
    made = Home(street, Place(folder))
    made.settle_in()
    return made


def test_from_a_push_to_a_published_revision(home: Home) -> None:
    road = home.street
    with home.bot() as bot:
        road.write("ada", "60")
        assert home.deliver(bot) <= {200, 202}
        assert road.request.is_draft
        road.ready()
        home.deliver(bot)
        road.say("grace", "/reject Too short.")
        home.deliver(bot)
        assert road.request.is_draft
        road.say("ada", "/portico propose")
        home.deliver(bot)
        road.approve("ada")
        home.deliver(bot)
        assert road.tag == ""
        assert "which does not count" in road.living()
        road.say("grace", "/approve")
        home.deliver(bot)
        assert bot.line.get("/readyz").status == 200
    assert road.tag == road.tip("main") != ""
    assert road.tip(BRANCH) == ""
    log = bot.log.read_text()
    assert TOKEN not in log
    assert road.cast.bot_token not in log


def test_a_word_in_a_thread_is_heard(home: Home) -> None:
    road = home.street
    with home.bot() as bot:
        road.write("ada", "60")
        home.deliver(bot)
        path = f"/merge_requests/{road.request.iid}/discussions"
        thread = road.cast.ask("POST", path, {"body": "Is it done?"}, "grace").json()["id"]
        road.cast.ask("POST", f"{path}/{thread}/notes", {"body": "/propose"}, "ada")
        home.deliver(bot)
    assert not road.request.is_draft


def test_another_secret_and_a_token_that_is_not_accepted_are_told(home: Home) -> None:
    road = home.street
    with home.bot() as bot:
        road.cast.hook.token = "another"  # noqa: S105 a secret of a test
        road.write("ada", "60")
        assert home.deliver(bot) == {401}
        assert road.cast.project.merge_requests == {}
    (home.place.folder / "token").write_text("none\n")
    with home.place.bot("bot", "serve", "--config", str(home.place.folder / "serve.yaml")) as bot:
        until(lambda: bot.said("look"), "the first look")
        assert "GitLab does not accept portico's token" in bot.said("look")[0]["text"]
        assert bot.line.get("/readyz").status == 503
