"""The words that people write in comments on a change, each declared once: usage, help, who may say it."""

from typing import NamedTuple

from bot.lifecycle.commands import EXPLAIN, Approve, Command, Delete, Propose, ProposeDeletion, Reject, Render

WRITERS = Command.who
EVERYBODY = "everybody"
REBASE, ROLLBACK, UPGRADE = "rebase", "rollback", "upgrade"
DIFF, HELP, HOLD, UNHOLD = "diff", "help", "hold", "unhold"
INIT, CLONE, COPY = "init", "clone", "copy"
# They begin a draft, and may be said on an issue, too.
BEGINNINGS = frozenset({INIT, CLONE, COPY})
# The remark that says them is all that there is of them.
RECORDS = frozenset({HOLD, UNHOLD})


class Word(NamedTuple):
    """A word; `most` is how many arguments it takes, -1 for the rest of the line as one text.

    `asks` is the command that it stands for, None for a question, for a change of the draft's content, and
    for what the remark itself is the record of.
    """

    word: str
    usage: str
    help: str
    who: str
    least: int = 0
    most: int = 0
    asks: type[Command] | None = None


def _of(command: type[Command], arguments: str = "", least: int = 0, most: int = 0) -> Word:
    usage = f"/{command.word} {arguments}".rstrip()
    return Word(command.word, usage, command.help, command.who, least, most, command)


_WORDS = (
    _of(Propose),
    _of(Approve),
    _of(Reject, "[reason]", most=-1),
    _of(Render),
    Word(
        REBASE, "/rebase [upstream|local]", "merge what was published since into the draft", WRITERS, most=1
    ),
    Word(UPGRADE, "/upgrade [v<N>|latest]", "merge a newer upstream into the draft", WRITERS, most=1),
    Word(ROLLBACK, "/rollback v<N>", "give the draft what an old revision held", WRITERS, 1, 1),
    Word(HOLD, "/hold [reason]", "have nothing merged until somebody says `/unhold`", WRITERS, most=-1),
    Word(UNHOLD, "/unhold", "let go of what is on hold", WRITERS),
    _of(Delete),
    _of(ProposeDeletion, "[v<N>]", most=1),
    Word(INIT, "/init <path> [as <workspace>]", "begin a new package, in the workspace v1", WRITERS, 1, 3),
    Word(
        CLONE, "/clone <package>[@v<N>] as <path>", "begin a new package that follows another", WRITERS, 3, 3
    ),
    Word(
        COPY,
        "/copy [<path>[@v<N>]] as <workspace>",
        "begin a next revision with the files of a published one, or of this change",
        WRITERS,
        2,
        3,
    ),
    Word(DIFF, "/diff [v<N>]", "show the difference against a revision, or the latest", WRITERS, most=1),
    Word(EXPLAIN, f"/{EXPLAIN}", "say what state it is in, and what is possible now", EVERYBODY),
    Word(HELP, f"/{HELP}", "list these words", EVERYBODY),
)
WORDS = {word.word: word for word in _WORDS}
# Addresses us where a word alone could be meant for somebody else.
ADDRESS = "portico"
