"""The README says what the code does: its diagram is the table, its words and keys exist."""

import re
from pathlib import Path

from bot.lifecycle.commands import SPOKEN
from bot.lifecycle.policy import READERS
from bot.lifecycle.transitions import TRANSITIONS
from bot.packages.revision import Lifecycle
from bot.render.catalog import BUILT_IN

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
