"""Lines of text without what looks secret in them, where nothing is known but the lines."""

import re
from collections.abc import Sequence

from bot.packages.redaction import REDACTED, holds_secret, names_secret

# A line such as `key: value`, `- key: value`, `export KEY=value` or `"key": "value"`.
_PAIR = re.compile(r"([ \t]*(?:- +)*(?:export +)?)([\"']?)([\w./-]+)\2([ \t]*[:=][ \t]*)(.*)")
_BLOCK = re.compile(r"(?:[|>][-+0-9]*)?[ \t]*(?:#.*)?")
_SECRET_KIND = re.compile(r"""(?:^|[\s{,"'-])kind["']?[ \t]*:[ \t]*["']?Secret\b""")
# What a Secret may show.
_PLAIN_KEYS = frozenset({"apiVersion", "kind", "name", "namespace", "type"})
_SECRET_FIELDS = frozenset({"data", "stringData"})
_NAMED = frozenset({"name", "key"})  # what these call secret has its `value` next to it
_LONGEST_NAME = 64
_BEGIN, _END = "-----BEGIN ", "-----END "
_NAME = re.compile(r"([\w.-]{1,64})[\"']?[ \t]*[:=][ \t]*(?=\S)")
_LONG_WORD = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_HEX = re.compile(r"[0-9a-fA-F]+")


def lines_of(text: str) -> list[str]:
    """The lines, each with its line feed; the last may have none."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def mask_text(text: str) -> str:
    """The text with each secret masked in its place; as many lines as before."""
    return "".join(mask_lines(lines_of(text)))


def mask_lines(lines: Sequence[str]) -> list[str]:
    """The lines, masked: values of names that look secret with what is indented below them, keys, tokens.

    Where a line says `kind: Secret`, hardly a value is left in any of them.
    """
    masking = _Masking(is_secret=any(map(_SECRET_KIND.search, lines)))
    return [masking.line(line) for line in lines]


class _Masking:
    """Knows, from line to line, whether a key of several lines or the value of a secret name goes on."""

    def __init__(self, *, is_secret: bool) -> None:
        self._is_secret = is_secret
        self._is_in_key = False
        self._is_named = False  # the `value` that follows is that of a secret name
        self._below = -1  # what is indented more than this is masked; -1 for nothing

    def line(self, line: str) -> str:
        body = line.rstrip("\r\n")
        end = line[len(body) :]
        text = body.lstrip(" \t")
        if not text:
            return line
        indent = len(body) - len(text)
        if self._is_in_key or _BEGIN in text:
            self._is_in_key = _END not in text
            return body[:indent] + REDACTED + end
        if indent > self._below >= 0 or (indent == self._below and text.startswith("- ")):
            return body[:indent] + REDACTED + end
        self._below = -1
        return self._open(body, indent) + end

    def _open(self, body: str, indent: int) -> str:
        found = _PAIR.fullmatch(body)
        if found is None:
            is_bare = not body.strip("-{}[], \t")
            return body[:indent] + REDACTED if self._is_secret and not is_bare else _words(body)
        head, quote, name, sign, value = found.groups()
        is_masked = self._masks(name, value)
        if _BLOCK.fullmatch(value):
            is_open = value[:1] in {"|", ">"} or name in _SECRET_FIELDS or names_secret(name)
            self._below = len(head) if is_masked and is_open else -1
            return body
        if not is_masked:
            return body[: -len(value)] + _words(value)
        self._below = len(head)  # a plain value may go on in the next line
        return f"{head}{quote}{name}{quote}{sign}{REDACTED}"

    def _masks(self, name: str, value: str) -> bool:
        if name in _NAMED:
            self._is_named = names_secret(value)
        if self._is_secret:
            return name not in _PLAIN_KEYS
        return names_secret(name) or (name == "value" and self._is_named)


def _words(text: str) -> str:
    """What no name stands before: masked from the first name that looks secret on, long tokens alone."""
    if holds_secret(text):
        return REDACTED
    is_named = False
    for found in _NAME.finditer(text):
        if names_secret(found[1]) or (is_named and found[1] == "value"):
            return text[: found.end()] + REDACTED
        is_named = found[1] in _NAMED and names_secret(text[found.end() : found.end() + _LONGEST_NAME])
    return _LONG_WORD.sub(_masked_word, text)


def _masked_word(found: re.Match[str]) -> str:
    word = found[0]
    is_mixed = any(map(str.isdigit, word)) and any(map(str.isupper, word)) and any(map(str.islower, word))
    return REDACTED if is_mixed or _HEX.fullmatch(word) else word
