"""A forge's own words in an answer, as they are handed on: on one line, printable, and bounded."""

from collections.abc import Iterable

MOST_SAID = 600  # characters


def joined(words: Iterable[object]) -> str:
    """What of it is text, each once; '' for none."""
    texts = dict.fromkeys(" ".join(word.split()) for word in words if isinstance(word, str) and word.strip())
    shown = "".join(c if c.isprintable() else "?" for c in "; ".join(texts))
    return shown if len(shown) <= MOST_SAID else f"{shown[:MOST_SAID]}…"
