"""The README says what the code does: its diagram is the table, its words and keys exist."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

from bot.lifecycle.commands import SPOKEN
from bot.lifecycle.living import Page, living_text
from bot.lifecycle.policy import READERS, Policy
from bot.lifecycle.state import Facts, Outcome
from bot.lifecycle.transitions import TRANSITIONS
from bot.lifecycle.words import WORDS
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle
from bot.render.catalog import BUILT_IN
from bot.web.github_door import EVENTS

README = (Path(__file__).parents[2] / "README.md").read_text()


def diagram() -> str:
    """The table as a Mermaid diagram, a line for each row."""

    def shown(state: Lifecycle) -> str:
        return "[*]" if state is Lifecycle.ABSENT else state

    rows = (f"    {shown(row.source)} --> {shown(row.target)}: {row.asked.word}" for row in TRANSITIONS)
    return "\n".join(("stateDiagram-v2", *rows))


def test_the_diagram_is_the_table() -> None:
    found = re.search(r"```mermaid\n(.*?)\n```", README, re.DOTALL)
    assert found is not None
    assert found[1] == diagram()


def test_every_word_that_can_be_said_is_in_the_readme() -> None:
    for word in SPOKEN:
        assert f"refs/portico/{word}/" in README or word == "delete"


def test_every_key_of_the_policy_is_in_the_readme() -> None:
    policy = README.partition("`.portico.yaml`")[2]
    for key in READERS:
        assert f"\n{key}: " in policy or f"\n{key}:  " in policy


def test_every_built_in_function_is_in_the_readme() -> None:
    rendering = README.partition("### Rendering")[2].partition("###")[0]
    listed = rendering.partition("which names and versions):")[2].partition("\n\n")[0]
    assert sorted(re.findall(r"`([a-z/-]+)`", listed)) == sorted(BUILT_IN)


def test_every_word_of_a_comment_is_in_its_table() -> None:
    table = README.partition("### Words in comments")[2].partition("\n\n| word ")[2].partition("\n\n")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `/")]
    # A bar begins another cell in GitHub's tables, in code too.
    usages = {word: word.usage.replace("|", "\\|") for word in WORDS.values()}
    assert rows == [f"| `{usages[word]}` | {word.help} | {word.who} |" for word in WORDS.values()]


def test_the_app_that_people_make_has_what_the_bot_needs() -> None:
    address = re.search(r"https://github\.com/organizations/\S+/settings/apps/new\?(\S+)", README)
    assert address is not None
    asked = parse_qs(address[1])
    assert sorted(asked.pop("events[]")) == sorted(EVENTS - {"ping"})  # a ping is sent to everybody
    explained = re.findall(r"^ *\| `([a-z_]+): (read|write)` \|", README, re.MULTILINE)
    assert [(name, level) for name, [level] in asked.items() if level in {"read", "write"}] == explained


def test_the_living_comment_looks_as_shown() -> None:
    facts = Facts(
        name=RevisionName("net/dns", "ttl"),
        lifecycle=Lifecycle.PROPOSED,
        head="3f9c1d20a7" + "0" * 30,
        outcome=Outcome.WELL,
        policy=Policy(approvers=(("**", ("grace",)),)),
    )
    text = living_text(Page(facts, difference="**Difference:** 1 resource changed (1 field)\n"))
    seen = re.sub(r"<!--.*?-->\n+", "", text)
    quote = "\n".join(f"> {line}".rstrip() for line in unescape(seen).splitlines())
    assert f"\n\n{quote}\n\n" in README
