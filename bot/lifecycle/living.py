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
    lines = rest.partition(_END)[0].strip().splitlines()[1:]
    return [line for line in lines if line.startswith("- ")][-MOST_ANSWERS:]


def answer(asked: str, said: Sequence[str], link: str = "") -> str:
    """One answer as the comment shows it, on one line; `link` is an address of the forge's own."""
    told = " ".join(" ".join(line.split()) for line in said) or "done."
    shown = f" <{link}>" if _LINK.fullmatch(link) else ""
    return f"- {plain(asked)}: {plain(told[:LONGEST_ANSWER])}{shown}"


def with_answers(known: Sequence[str], new: Sequence[str]) -> list[str]:
    """The newest answers; one that was given before is given once."""
    return [*(line for line in known if line not in new), *dict.fromkeys(new)][-MOST_ANSWERS:]


def words_help(taken: Sequence[str] = ()) -> str:
    """What can be said, with who may; `taken` are words that the forge hears instead of us."""
    words = "; ".join(f"{word.usage}: {word.help} ({word.who})" for word in WORDS.values())
    if not taken:
        return words
    theirs, ours = (", ".join(f"{start}{word}" for word in taken) for start in ("/", f"/{ADDRESS} "))
    return f"{words}. This forge takes {theirs} for its own words; for mine, write {ours}"


def plain(text: str) -> str:
    """Text in which a forge finds no markup, no names and no numbers of changes."""
    shown = "".join(c if c.isprintable() else " " for c in text)
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", shown)


def _line(line: str) -> str:
    """One line of an explanation: its own dash and words in backticks stay what they are."""
    dash, rest = ("- ", line[2:]) if line.startswith("- ") else ("", line)
    # Only words of ours stand in single backticks here, and they are letters and dashes.
    parts = re.split(r"(`/?[a-z][a-z-]*`)", rest)
    return dash + "".join(part if index % 2 else plain(part) for index, part in enumerate(parts))
