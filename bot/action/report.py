"""What a workflow's run is told: outputs for later steps, a summary for people, annotations on lines."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.lifecycle.living import explanation, plain
from bot.lifecycle.state import Facts
from bot.packages.problem import Problem

MOST_ANNOTATIONS = 10  # GitHub shows no more of one step
LONGEST_SUMMARY = 900_000  # bytes; GitHub takes a mebibyte


class Round(NamedTuple):
    """What came of a round: the revision that it was about, if of one, and refs by name before and after.

    `notes` are sentences that a person may want to know, `failures` those that a person must mend;
    `difference` is Markdown.
    """

    facts: Facts | None = None
    before: Mapping[str, str] = {}
    after: Mapping[str, str] = {}
    notes: Sequence[str] = ()
    failures: Sequence[str] = ()
    difference: str = ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the package, by files of the package."""
        return (*self.facts.problems, *self.facts.render_problems) if self.facts else ()

    @property
    def policy_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the policy, by files of the repository."""
        return self.facts.policy.problems if self.facts else ()

    @property
    def is_well(self) -> bool:
        """Whether nothing must be mended; what waits for a person is well."""
        return not (self.failures or self.problems or self.policy_problems)


def outputs(done: Round) -> dict[str, str]:
    """`state`, `package`, `revision`, `tag` and `changed`."""
    facts, changed = done.facts, "true" if done.before != done.after else "false"
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


def summary(done: Round) -> str:
    """The round in Markdown, in which nothing from outside is markup."""
    facts, parts = done.facts, []
    if facts is not None:
        parts.append(f"### {plain(str(facts.name))}: {facts.lifecycle}")
        parts.append(explanation(facts))
    parts += [listed(map(str, (*done.problems, *done.policy_problems))), listed(done.failures)]
    parts += [listed(moved(done.before, done.after)), *map(plain, done.notes), done.difference]
    return "\n\n".join(filter(None, parts)) + "\n" if any(parts) else "Nothing to do.\n"


def listed(lines: Iterable[str]) -> str:
    """A list in Markdown of what comes from outside."""
    return "\n".join(f"- {plain(line)}" for line in lines)


def moved(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Each branch and tag that a round changed."""
    names = sorted(name for name, _ in before.items() ^ after.items())
    return [_move(name, name in before, name in after) for name in dict.fromkeys(names)]


def _move(name: str, was_there: bool, is_there: bool) -> str:  # noqa: FBT001 two of a kind, told apart by time
    what = "changed" if was_there and is_there else "new" if is_there else "deleted"
    return f"{name}: {what}"


def annotations(problems: Iterable[Problem]) -> list[str]:
    """Workflow commands that mark the lines of `problems`, by files of the repository."""
    lines = []
    for problem in list(problems)[:MOST_ANNOTATIONS]:
        where = f" file={_property(problem.where)}" + (f",line={problem.line}" if problem.line else "")
        lines.append(f"::error{where if problem.where else ''}::{_data(problem.message)}")
    return lines


def _data(text: str) -> str:
    """Escaped as workflow commands want it, so that no text ends one or begins another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
