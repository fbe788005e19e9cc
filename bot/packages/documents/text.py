"""How the text of one scalar is written: which style can hold it, and its escapes; go-yaml v3's rules."""

from __future__ import annotations

import re
from functools import cache

from bot.packages.documents.node import Style

# go-yaml's emitter takes others for printable; the astral planes are not among them.
_UNPRINTABLE = "[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
_ESCAPED = "[^ -!#-\\[\\]-~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
_BREAK = "\n\r\x85\u2028\u2029"
_BREAKS = re.compile(f"[{_BREAK}]")
_SPACE_BREAK = re.compile(f" [{_BREAK}]")
# go-yaml writes these unescaped, and reads them back as something else; here they are escaped.
_RARE_BREAK = re.compile("[\u2028\u2029]")
_BREAK_SPACE = re.compile(f"[{_BREAK}] ")

_INDICATORS = frozenset("#,[]{}&*!|>'\"%@`")
# What makes text unfit to be plain anywhere, after its first character.
_BLOCK_UNFIT = re.compile(f":(?:[ \t]|\\Z)|[ \t{_BREAK}]#")
_FLOW_UNFIT = re.compile(f"[,?\\[\\]{{}}:]|[ \t{_BREAK}]#")
# Most text is like this, and can be plain in block context without a closer look.
_SURELY_PLAIN = re.compile(r"[A-Za-z0-9_/$(.](?:[ ]?[A-Za-z0-9_/$().;=+*,<>\[\]{}@%&!|'\"-]|:(?=[^\s:]))*")

_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e",
    '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def style_for(text: str, style: Style, *, flow: bool, key: bool) -> Style:
    """The style in which `text` can be written, if possible `style`; `key` says that it is a simple key.

    The result is one of PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED, LITERAL and FOLDED.
    """
    if style is Style.PLAIN:
        if not flow and _SURELY_PLAIN.fullmatch(text) and text[:3] != "...":
            return style
        if _plain_allowed(text, flow=flow, key=key):
            return style
        style = Style.SINGLE_QUOTED
    if key and _BREAKS.search(text):
        return Style.DOUBLE_QUOTED
    if style is Style.SINGLE_QUOTED and not _single_quotes_allowed(text):
        return Style.DOUBLE_QUOTED
    if style in {Style.LITERAL, Style.FOLDED} and (flow or key or not _block_allowed(text)):
        return Style.DOUBLE_QUOTED
    return style


def is_one_line(text: str) -> bool:
    """Whether `text` holds no line break of any kind."""
    return text.isprintable() or not _BREAKS.search(text)


def double_quoted(text: str) -> str:
    """`text` in double quotes, on one line."""
    if _is_plain_ascii(text) and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{_compiled(_ESCAPED).sub(_escape, text)}"'


def single_quoted(text: str) -> str:
    """`text`, which is one line, in single quotes."""
    return "'" + text.replace("'", "''") + "'"


def literal_hints(text: str) -> str:
    """The indentation and chomping hints that a block scalar needs to be read back as `text`."""
    indentation = "2" if text[:1] in {" ", "\n"} else ""
    if not text.endswith("\n"):
        return indentation + "-"
    return indentation + ("+" if text == "\n" or text.endswith("\n\n") else "")


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _ESCAPES:
        return "\\" + _ESCAPES[char]
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _plain_allowed(text: str, *, flow: bool, key: bool) -> bool:
    if not text:
        return not (flow or key)
    if text[0] == " " or text[-1] == " " or text.startswith(("---", "...")) or text[0] in _INDICATORS:
        return False
    if text[0] in "?:" and (flow or len(text) == 1 or text[1] in " \t"):
        return False
    if text[0] == "-" and (len(text) == 1 or text[1] in " \t"):
        return False
    if _BREAKS.search(text) or "\t" in text or _is_unprintable(text):
        return False
    return not (_FLOW_UNFIT if flow else _BLOCK_UNFIT).search(text, 1)


def _single_quotes_allowed(text: str) -> bool:
    if "\t" in text or _is_unprintable(text):
        return False
    return not (_SPACE_BREAK.search(text) or _BREAK_SPACE.search(text) or _RARE_BREAK.search(text))


def _block_allowed(text: str) -> bool:
    if text.lstrip("\n")[:1] == "\t":  # go-yaml writes it, and cannot read it back
        return False
    if not text or text[-1] == " " or _SPACE_BREAK.search(text) or _RARE_BREAK.search(text):
        return False
    return not _is_unprintable(text.replace("\t", ""))


def _is_unprintable(text: str) -> bool:
    """Whether any character of `text` must be escaped."""
    return not _is_plain_ascii(text.replace("\n", "")) and _compiled(_UNPRINTABLE).search(text) is not None


def _is_plain_ascii(text: str) -> bool:
    return text.isascii() and text.isprintable()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The sets of characters above take 15 ms to compile, and most packages never ask for them."""
    return re.compile(pattern)
