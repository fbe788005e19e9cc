"""What is recorded of a revision is no longer than anybody reads."""

from bot.lifecycle.ledger import LONGEST, Did, Entry, read_entry
from bot.lifecycle.person import PORTICO
from bot.packages.problem import Problem


def test_what_functions_say_is_kept_as_long_as_it_is_read() -> None:
    problems = (Problem("w" * 10**6, "m" * 10**6, 3), Problem("a.yaml", "short", kpt="k" * 10**6))
    entry = read_entry(Entry(Did.RENDERED, PORTICO, "0" * 40, problems=problems).message)
    assert entry is not None
    assert entry.problems == (Problem("w" * LONGEST, "m" * LONGEST, 3), Problem("a.yaml", "short"))
