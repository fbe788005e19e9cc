"""The one living comment on a change: what state it is in, what is missing, who can provide it, and answers.

Everything in it that comes from outside stands where no forge finds markup, names to mention or HTML.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.lifecycle.explain import explain
from bot.lifecycle.state import Facts
from bot.lifecycle.words import ADDRESS, WORDS
from bot.packages.revision import Lifecycle

LONGEST = 60_000  # characters; every forge takes as much
MOST_ANSWERS = 5
LONGEST_ANSWER = 2_000
_ANSWERS = "<!-- portico:answers -->"
_END = "<!-- portico:end -->"
# What means something to a forge, in Markdown, in HTML or by itself; letters and digits never do alone.
_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#+!|~@&:$^=-]")
_LINK = re.compile(r"https?://[\w.:/~%#-]+", re.ASCII)
_HELP = "<sub>Write `/help` in a comment for the words that I know.</sub>"
_SHOWN = {
    Lifecycle.DRAFT: "📝 Draft",
    Lifecycle.PROPOSED: "👀 Proposed",
    Lifecycle.PUBLISHED: "✅ Published",
    Lifecycle.DELETION_PROPOSED: "🗑 Deletion proposed",
    Lifecycle.ABSENT: "Gone",
}


class Page(NamedTuple):
    """What the comment tells; answers are newest last, notes those of this look, the difference Markdown."""

    facts: Facts
    answers: Sequence[str] = ()
    notes: Sequence[str] = ()
    difference: str = ""


def living_text(page: Page) -> str:
    """The whole comment but the mark by which a forge's room knows it; the same for the same page."""
    facts = page.facts
    number = f" as v{facts.revision}" if facts.lifecycle is Lifecycle.PUBLISHED and facts.revision > 0 else ""
    parts = [
        f"### {_SHOWN[facts.lifecycle]}{number} · {plain(str(facts.name))}",
        explanation(facts),
    ]
    if page.notes:
        parts.append("\n".join(f"> {plain(note)}" for line in page.notes for note in line.splitlines()))
    # The marks come before the difference, so that nothing in that passes itself off as them.
    parts.append(_told(page.answers))
    parts.append(page.difference.strip())
    parts.append(_HELP)
    return "\n\n".join(part for part in parts if part)[:LONGEST]


def issue_text(answers: Sequence[str]) -> str:
    """The comment on an issue, where there is nothing to tell but answers."""
    return f"{_told(answers)}\n\n{_HELP}"


def _told(answers: Sequence[str]) -> str:
    return "\n".join([_ANSWERS, *(["**Answers**", *answers] if answers else []), _END])


def explanation(facts: Facts) -> str:
    """How a revision stands, and what is possible now, as Markdown."""
    return "\n".join(_line(line) for line in explain(facts).splitlines())


def answers_in(text: str) -> list[str]:
    """The answers that a living comment of ours shows; for showing again only, nothing is decided by it."""
    _, found, rest = text.partition(_ANSWERS)
    if not found:
        return []
    found_in: list[str] = []
    for line in rest.partition(_END)[0].strip().splitlines()[1:]:
        if line.startswith("- "):
            found_in.append(line)
        elif found_in and line.startswith("  "):
            found_in[-1] += f"\n{line}"
    return found_in[-MOST_ANSWERS:]


def answer(asked: str, said: Sequence[str], link: str = "") -> str:
    """One answer as the comment shows it, an item of a list; `link` is an address of the forge's own.

    What has several lines becomes a list below the first of them.
    """
    told = "\n".join(said)[:LONGEST_ANSWER]
    first, *more = [line for line in told.splitlines() if line.strip()] or ["done."]
    shown = f" <{link}>" if _LINK.fullmatch(link) else ""
    return "\n".join([f"- {plain(asked)}: {_line(first)}{shown}", *map(_below, more)])


def _below(line: str) -> str:
    """A line of an answer as an item of the list below its first; one step in is all that is kept."""
    deeper = "  " if line.startswith("  ") else ""
    return f"  {deeper}- {_line(line.strip().removeprefix('- '))}"


def with_answers(known: Sequence[str], new: Sequence[str]) -> list[str]:
    """The newest answers; one that was given before is given once."""
    return [*(line for line in known if line not in new), *dict.fromkeys(new)][-MOST_ANSWERS:]


def words_help(taken: Sequence[str] = ()) -> str:
    """What can be said, with who may; `taken` are words that the forge hears instead of us."""
    words = "\n".join(f"- {word.usage}: {word.help} ({word.who})" for word in WORDS.values())
    known = f"Each stands on a line of its own.\n{words}"
    if not taken:
        return known
    theirs, ours = (", ".join(f"{start}{word}" for word in taken) for start in ("/", f"/{ADDRESS} "))
    return f"{known}\nThis forge takes {theirs} for its own words; for mine, write {ours}"


def plain(text: str) -> str:
    """Text in which a forge finds no markup, no names and no numbers of changes."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", shown)


def _line(line: str) -> str:
    """One line of ours: its own dash, one step in too, and words in backticks stay what they are."""
    dash = next((dash for dash in ("- ", "  - ") if line.startswith(dash)), "")
    # Letters and dashes between single backticks are no markup but that of code, whoever wrote them.
    parts = re.split(r"(`/?[a-z][a-z-]*`)", line.removeprefix(dash))
    return dash + "".join(part if index % 2 else plain(part) for index, part in enumerate(parts))
