"""The module `re` that a program may load: expressions of Go's, in time that grows with the text alone."""

import re
from typing import Any

import re2

from bot.render.workers.fault import Fault
from bot.render.workers.starlib import Function

LONGEST = 1_000  # characters of an expression
_GROUP = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})", re.ASCII)


def _compiled(pattern: str, flags: int = 0) -> Any:  # noqa: ANN401 the library has no types
    del flags  # starlib takes them, and looks at none
    if len(pattern) > LONGEST:
        raise Fault(f"re: an expression must have at most {LONGEST} characters, not {len(pattern)}")
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeError) as error:
        why = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise Fault(f"re: error parsing regexp: {why}") from None


def findall(pattern: str, text: str, flags: int = 0) -> list[str]:
    """All of each match."""
    return [match[0] for match in _compiled(pattern, flags).finditer(text)]


def match(pattern: str, string: str, flags: int = 0) -> list[list[str]]:
    """All of each match, and its groups."""
    found = _compiled(pattern, flags).finditer(string)
    return [[match[0], *(group or "" for group in match.groups())] for match in found]


def split(pattern: str, text: str, maxsplit: int = 0, flags: int = 0) -> list[str]:
    """What stands between the matches; `maxsplit` is the most parts."""
    parts: list[str] = []
    end = 0
    for found in _compiled(pattern, flags).finditer(text):
        if maxsplit > 0 and len(parts) >= maxsplit - 1:
            break
        if found.end() > found.start():
            parts.append(text[end : found.start()])
            end = found.end()
    return [*parts, text[end:]]


def sub(pattern: str, repl: str, text: str, count: int = 0, flags: int = 0) -> str:
    """The text with each match replaced; `$1` and `${name}` in `repl` stand for groups."""
    parts: list[str] = []
    end = 0
    for number, found in enumerate(_compiled(pattern, flags).finditer(text)):
        if 0 < count <= number:
            break
        parts += [text[end : found.start()], _expanded(repl, found)]
        end = found.end()
    return "".join([*parts, text[end:]])


def _expanded(template: str, found: Any) -> str:  # noqa: ANN401 the library has no types
    names = {**found.groupdict(), **{str(n): group for n, group in enumerate((found[0], *found.groups()))}}

    def group(match: "re.Match[str]") -> str:
        return "$" if match[0] == "$$" else names.get(match[1] or match[2]) or ""

    return _GROUP.sub(group, template)


MEMBERS: dict[str, Function] = {"findall": findall, "match": match, "split": split, "sub": sub}
