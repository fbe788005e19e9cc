"""What went wrong in a program, in the words of the original's interpreter, which people search for."""

import re

from bot.render.workers.starlark_source import Source

_PLACE = re.compile(r"--> \S+?:(\d+):(\d+)")
# The end of the source is a place without a line to show.
_AT_END = re.compile(r"\n--> \S+?:1:1\n \|\n \|\n\Z")
_UNEXPECTED = re.compile(r"Parse error: unexpected (.+?) here, expected (?:one of )?(.+)\Z", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
# What begins an operand; where all of them would do, an operand is what is missing.
_OPERAND = {"(", "[", "{", "IDENTIFIER"}
_NAMED = {"new line": "newline", "new indentation block": "indent"}
_LISTED = {"IDENTIFIER": "identifier", "STRING": "string literal"}
_NOT_THERE = {"/", "->"}  # in the original's grammar
_CLOSING = {",", ")", "]", "}", ":"}
_MOST_LISTED = 4
_LITERAL = re.compile(r"(string|int|integer|float) literal")
_F_STRING = "must enable f-strings"
_UNDEFINED = re.compile(r"Variable `(.+?)` not found")
_RUNNING = (
    (re.compile(r"Key `(.+)` was not found\Z", re.DOTALL), r"key \1 not in dict"),
    (re.compile(r"Index `(.+)` is out of bound\Z"), r"index \1 out of range"),
    (
        re.compile(r"Object of type `(.+)` has no attribute `(.+?)`.*", re.DOTALL),
        r"\1 has no .\2 field or method",
    ),
    (
        re.compile(r"Operation `compare` not supported for types `(.+)` and `(.+)`"),
        r"\1 < \2 not implemented",
    ),
    (
        re.compile(r"Operation `(.+)` not supported for types `(.+)` and `(.+)`"),
        r"unknown binary op: \2 \1 \3",
    ),
    (re.compile(r"Operation `call\(\)` not supported on type `(.+)`"), r"invalid call of non-function (\1)"),
    (
        re.compile(r"Operation `serde::serialize` not supported on type `(.+)`"),
        r"a value of type \1 cannot be handed on; use dicts, lists, strings, numbers, booleans and None",
    ),
    (
        re.compile(r"Cycle detected .*", re.DOTALL),
        "a value that contains itself cannot be handed on",
    ),
    (re.compile(r"key must be a string"), "the keys of a resource must be strings"),
    (re.compile(r"Floor division by zero.*", re.DOTALL), "floored division by zero"),
    (re.compile(r"Starlark call stack overflow"), "the calls are nested too deeply; call less deeply"),
    (
        re.compile(r"This operation mutates an iterable for an iterator while iterating\."),
        "cannot change what is iterated over, during the iteration",
    ),
)


def reword(said: str, source: Source, name: str, *, runs: bool) -> str:
    """The one sentence of an error that the interpreter here says in several lines.

    The original says where a program cannot be read, and only what happened when it `runs`.
    """
    message = _message(said)
    if found := _UNDEFINED.match(message):
        return f"{_place(said, source, name)}undefined: {found[1]}"
    if not runs:
        return _place(said, source, name) + _read_as(message, at_end=bool(_AT_END.search(said)))
    for pattern, words in _RUNNING:
        if match := pattern.match(message):
            return match.expand(words)
    return message


def _read_as(message: str, *, at_end: bool) -> str:
    found = _UNEXPECTED.match(message)
    if _F_STRING in message:
        return "got string literal, want newline"
    if not found:
        return message.removeprefix("Parse error: ")
    return f"got {'end of file' if at_end else _token(found[1])}, {_wanted(found[2])}"


def _message(said: str) -> str:
    """What stands between the trace and the place; of an error without them, all."""
    _, found, message = f"\n{said}".rpartition("\nerror: ") if "\nerror: " in f"\n{said}" else ("", "", said)
    ends = (at for mark in ("\n --> ", "\n--> ") if (at := message.rfind(mark)) >= 0)
    return message[: min(ends, default=len(message))].strip() if found else message.strip()


def _place(said: str, source: Source, name: str) -> str:
    """`name:line:column: `, in the lines of the original; '' for an error without a place."""
    if _AT_END.search(said):
        return f"{name}:{source.lines[-1]}:1: "
    places = _PLACE.findall(said)
    return f"{name}:{source.line(int(places[-1][0]))}:{places[-1][1]}: " if places else ""


def _token(text: str) -> str:
    """A token as the original names it."""
    if text in _NAMED:
        return _NAMED[text]
    if literal := _LITERAL.match(text):
        return f"{literal[1].removesuffix('eger')} literal"
    word = re.sub(r"\A(?:symbol|keyword|identifier) ", "", text).strip("'\"`")
    if text.startswith("identifier"):
        return "identifier"
    return word if word.isalpha() else f"'{word}'"


def _wanted(text: str) -> str:
    """What would have been right, as the original says it; it knows one thing where this one lists all."""
    words = [word for word in _QUOTED.findall(text) if word not in _NOT_THERE]
    if set(words) >= _OPERAND:
        return "want primary expression"
    if words == ["\\n", "INDENT"]:
        return "want indent"
    if "\\n" in words:
        return "want newline"
    if len(words) > _MOST_LISTED:  # all operators would do, and are of no help
        words = [word for word in words if word in _CLOSING]
    return f"want {' or '.join(_LISTED.get(word, repr(word)) for word in words)}"
