"""`portico serve` at a world of GitHub, made as the README says: its App, its settings, its command."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs

import yaml

from tests.attendant.github.conftest import Street
from tests.forges.github.cast import SECRET
from tests.forges.github.exchange import Request
from tests.forges.github.webhooks import Hook
from tests.web.bot import ROOT, Bot, Place, until
from tests.web.redis_machine import RedisMachine

README = (ROOT / "README.md").read_text()


@dataclass
class House:
    """A street whose attendant is the process that the README says how to start."""

    street: Street
    place: Place

    @property
    def hook(self) -> Hook:
        return next(h for h in self.street.cast.world.switchboard.hooks if h.app is self.street.cast.app)

    def settle_in(self) -> None:
        """Make the App by the README's link, and the settings by its example."""
        at, app = self.street.cast, self.street.cast.app
        asked = parse_qs(re.findall(r"/settings/apps/new\?(name=\S+)", README)[0])
        app.events = tuple(asked.pop("events[]"))
        granted = {name: level for name, [level] in asked.items() if level in {"read", "write"}}
        app.permissions = at.installation.permissions = {"metadata": "read", **granted}
        block = re.findall(r"```yaml\n( *# serve\.yaml\n.*?)```", README, re.DOTALL)[0]
        settings = yaml.safe_load(block)
        settings["github"] |= {"url": at.world.place.web, "repositories": ["acme/blueprints"]}
        settings["github"]["app"]["id"] = app.id
        folder = self.place.folder
        (folder / settings["github"]["app"]["privateKeyFile"]).write_text(app.pem)
        (folder / settings["github"]["webhookSecretFiles"][0]).write_text(SECRET)
        settings |= {"listen": "127.0.0.1:0", "tick": 86_400}
        (folder / "serve.yaml").write_text(yaml.safe_dump(settings))

    def queue_on(self, redis: RedisMachine) -> None:
        """Let the queue be on a Redis, whose password lies in a file."""
        folder = self.place.folder
        settings = yaml.safe_load((folder / "serve.yaml").read_text())
        (folder / "password").write_text(redis.password)
        settings["queue"] = {"url": redis.url, "passwordFile": "password"}
        (folder / "serve.yaml").write_text(yaml.safe_dump(settings))

    @contextmanager
    def bot(self) -> Iterator[Bot]:
        with self.place.bot("bot", "serve", "--config", str(self.place.folder / "serve.yaml")) as bot:
            self.hook.url = f"http://127.0.0.1:{bot.line.port}/webhooks/github"
            until(bot.idle, "the first look at everything")
            yield bot

    def deliver(self, bot: Bot) -> None:
        """Deliver every webhook, those too that come of what the bot does, until all is at rest."""
        board = self.street.cast.world.switchboard
        while board.waiting:
            codes = {delivery.code for delivery in board.deliver()}
            assert codes <= {200, 202}, codes
            until(bot.idle, "what was heard is done")

    def writes(self) -> list[str]:
        """What was written by now, by REST, GraphQL or Git."""
        log = self.street.cast.hub.log
        refs = [f"{ref} {commit}" for ref, commit in self.street.cast.repo.bare.refs().items()]
        return [f"{each.method} {each.path}" for each in log if _is_write(each)] + refs


def _is_write(request: Request) -> bool:
    if request.path.endswith("/graphql"):
        return b"mutation" in request.body
    return request.method != "GET" and not request.path.endswith("/access_tokens")
