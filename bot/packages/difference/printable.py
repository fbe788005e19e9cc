"""Text from outside made fit to be shown: nothing in it steers a terminal, and nothing is endless."""

import re

_UNSEEN = re.compile(r"[^\x20-\x7e]")


def printable(text: str) -> str:
    """The text on one line, with escapes for line breaks, tabs, control characters and lone surrogates.

    What turns the direction of writing, or is not seen, is escaped too: `str.isprintable` knows.
    """
    return text if text.isprintable() else _UNSEEN.sub(_escaped, text)


def printable_line(text: str) -> str:
    """The same for a line of a file, whose tabs stay."""
    return text if text.isprintable() else "\t".join(map(printable, text.split("\t")))


def cut(text: str, longest: int, rest: int = 0) -> str:
    """The text, or its beginning and how long all of it is; never much longer than `longest` characters.

    `rest` is how many characters were cut off before.
    """
    length = len(text) + rest
    return text if length <= longest else f"{text[:longest]}… ({length} characters)"


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    if char.isprintable():
        return char
    number = ord(char)
    if char in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[char]
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )
