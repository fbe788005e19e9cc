"""What a workflow's run is told: outputs for later steps, a summary for people, annotations on lines."""

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.lifecycle.explain import explain
from bot.lifecycle.living import plain
from bot.lifecycle.state import Facts
from bot.packages.problem import Problem

MOST_ANNOTATIONS = 10  # GitHub shows no more of one step
LONGEST_SUMMARY = 900_000  # bytes; GitHub takes a mebibyte


def outputs(facts: Facts | None, before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """`state`, `package`, `revision`, `tag` and `changed`; refs by name before and after the round."""
    changed = "true" if before != after else "false"
    if facts is None:
        return {"state": "", "package": "", "revision": "", "tag": "", "changed": changed}
    number = max(0, facts.revision)
    return {
        "state": str(facts.lifecycle),
        "package": facts.name.path,
        "revision": str(number) if number else "",
        "tag": f"{facts.name.path}/v{number}" if number else "",
        "changed": changed,
    }


def write_outputs(path: Path, values: Mapping[str, str]) -> None:
    """Append to the file that GITHUB_OUTPUT names; no value can pass itself off as another."""
    end = f"end-{secrets.token_hex(16)}"
    text = "".join(f"{name}<<{end}\n{value}\n{end}\n" for name, value in values.items())
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def write_summary(path: Path, text: str) -> None:
    """Append Markdown to the file that GITHUB_STEP_SUMMARY names."""
    with path.open("a", encoding="utf-8") as file:
        file.write(text.encode()[:LONGEST_SUMMARY].decode("utf-8", "ignore"))


def summary(facts: Facts | None, failures: Iterable[str], difference: str = "") -> str:
    """The round in Markdown, in which nothing from outside is markup."""
    parts = []
    if facts is not None:
        parts.append(f"### {plain(str(facts.name))}: {facts.lifecycle}")
        parts.append("\n".join(f"{plain(line)}  " for line in explain(facts).splitlines()))
    parts += [f"- {plain(failure)}" for failure in failures]
    parts.append(difference)
    return "\n\n".join(filter(None, parts)) + "\n" if any(parts) else "Nothing to do.\n"


def annotations(problems: Iterable[Problem], directory: str) -> list[str]:
    """Workflow commands that mark the lines of `problems`, whose files count from `directory`."""
    lines = []
    for problem in list(problems)[:MOST_ANNOTATIONS]:
        place = f"{directory}/{problem.where}" if directory else problem.where
        where = f" file={_property(place)}" + (f",line={problem.line}" if problem.line else "")
        lines.append(f"::error{where if problem.where else ''}::{_data(problem.message)}")
    return lines


def _data(text: str) -> str:
    """Escaped as workflow commands want it, so that no text ends one or begins another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
