"""A module of Rego, as templates have it, in the words that the interpreter has for the same.

The interpreter reads version 1, where the rule `p[x] { … }` is no longer a set; it lacks the built-in
functions that version 1 dropped; what else it lacks is undefined, so that a policy would never object.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from bot.render.workers.fault import Fault

LONGEST = 200_000  # characters of one module
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*) | (?P<text>"(?:[^"\\\n]|\\.)*") | (?P<raw>`[^`]*`) | (?P<word>[A-Za-z_]\w*)
    | (?P<sign>:=|==|!=|<=|>=|[^\s\w"`\#]) | (?P<number>\d[\w.]*) | (?P<stray>["`])""",
    re.VERBOSE | re.ASCII,
)
_CLOSING = {"[": "]", "{": "}", "(": ")"}
# What no rule may be called.
_KEYWORDS = frozenset(
    (
        *(
            "package",
            "import",
            "default",
            "else",
            "some",
            "every",
            "not",
            "with",
            "as",
            "if",
            "in",
            "contains",
        ),
        *("true", "false", "null"),
    )
)
_DROPPED = {
    "all": "all(x) := count([1 | y := x[_]; y != true]) == 0",
    "any": "any(x) := count([1 | y := x[_]; y == true]) > 0",
    "re_match": "re_match(x, y) := regex.match(x, y)",
    "set_diff": "set_diff(x, y) := x - y",
    "trace": "trace(_) := true",
}
_CLOCK = "a policy here has no clock and no chance, so that it says the same today and tomorrow"
_REFUSED = {
    "http.send": "a policy here reaches no network",
    "net.lookup_ip_addr": "a policy here reaches no network",
    "opa.runtime": "a policy here sees nothing of where it runs",
    "rand.intn": _CLOCK,
    "time.now_ns": _CLOCK,
    "uuid.rfc4122": _CLOCK,
}
_SHOWN = frozenset({"inventory", "lib"})
_PATTERN = re.compile(r"(?:regex\.\w+|re_match)", re.ASCII)
# What the interpreter's expressions lack, or read otherwise than Go's.
_UNLIKE_GO = re.compile(r"\(\?(?!:)|\\[AzpPQEC]")


class Token(NamedTuple):
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Module(NamedTuple):
    """A module to be handed to the interpreter, its lines as they were.

    `patterns` are the regular expressions that stand in it, as they are written, with their quotes;
    `computes` says that it has others.
    """

    package: str
    text: str
    patterns: tuple[str, ...]
    computes: bool
    rules: frozenset[str]


def read(source: str, known: Callable[[str], bool]) -> Module:
    """The module of this source; `known` says whether a function is built in. Raises Fault."""
    if len(source) > LONGEST:
        raise Fault(f"it must have at most {LONGEST} characters, not {len(source)}")
    tokens = [_checked(token, source) for token in _tokens(source) if token.kind != "comment"]
    pairs = _pairs(tokens, source)
    heads = list(_heads(tokens, source, pairs))
    rules = frozenset(tokens[at].text for at in heads)
    calls = list(_calls(tokens))
    _refuse_unknown(calls, tokens, known)
    _refuse_foreign(tokens)
    changes = [
        *_sets(tokens, source, pairs, heads),
        *_assignments(tokens, source, pairs, heads),
        *_formats(tokens),
    ]
    called = {name for name, _ in calls}
    added = [line for name, line in _DROPPED.items() if name in called and name not in rules]
    arguments = [tokens[at + 1] for name, at in calls if _PATTERN.fullmatch(name) and at + 1 < len(tokens)]
    patterns = tuple(token.text for token in arguments if token.kind in {"text", "raw"})
    for pattern in patterns:
        if _UNLIKE_GO.search(pattern):
            raise Fault(f"the regular expression {pattern} has a part that is not to be had here")
    text = "\n".join((_changed(source, changes), *added))
    return Module(_package(tokens), text, patterns, len(patterns) < len(arguments), rules)


def _tokens(source: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(source):
        yield Token(match.lastgroup or "", match[0], match.start())


def _checked(token: Token, source: str) -> Token:
    if token.kind == "stray":
        raise Fault(f"line {_line(source, token.start)}: a text must end with the quote that it began with")
    return token


def _line(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1


def _pairs(tokens: list[Token], source: str) -> dict[int, int]:
    """Where each bracket that opens is closed."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token.text in _CLOSING:
            opened.append(at)
        elif token.kind == "sign" and token.text in "]})":
            if not opened or _CLOSING[tokens[opened[-1]].text] != token.text:
                raise Fault(
                    f"line {_line(source, token.start)}: nothing is open that {token.text!r} could close"
                )
            pairs[opened.pop()] = at
    if opened:
        token = tokens[opened[-1]]
        raise Fault(f"line {_line(source, token.start)}: {token.text!r} is never closed")
    return pairs


def _package(tokens: list[Token]) -> str:
    """What follows the word `package`: names with dots between."""
    if not tokens or tokens[0].text != "package":
        raise Fault("it must begin with `package` and a name")
    parts = []
    for token in tokens[1:]:
        if token.kind != ("sign" if len(parts) % 2 else "word") or (len(parts) % 2 and token.text != "."):
            break
        parts.append(token.text)
    if not len(parts) % 2:
        raise Fault("its `package` must be names with dots between")
    return "".join(parts)


def _heads(tokens: list[Token], source: str, pairs: dict[int, int]) -> Iterator[int]:
    """Where rules begin: names at the beginning of a line, or after a body, outside of all brackets."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        fresh = not at or tokens[at - 1].text in {"}", ";"} or _apart(tokens, source, at)
        if fresh and token.kind == "word" and (token.text not in _KEYWORDS or token.text == "default"):
            if token.text == "default" and at + 1 < len(tokens):
                at += 1
            yield at
        at = pairs.get(at, at) + 1


def _apart(tokens: list[Token], source: str, at: int) -> bool:
    """Whether a token stands on another line than the one before it."""
    return "\n" in source[tokens[at - 1].end : tokens[at].start]


def _calls(tokens: list[Token]) -> Iterator[tuple[str, int]]:
    """Names with the place of the bracket that follows at once."""
    name = ""
    for at, token in enumerate(tokens):
        touches = bool(at) and tokens[at - 1].end == token.start
        if token.kind == "word":
            name = name + token.text if touches and name.endswith(".") else token.text
        elif token.text == "." and name and touches and not name.endswith("."):
            name += "."
        else:
            if token.text == "(" and name and touches:
                yield name, at
            name = ""


def _refuse_unknown(calls: list[tuple[str, int]], tokens: list[Token], known: Callable[[str], bool]) -> None:
    imported = {"data", *_imported(tokens)}
    for name, _ in calls:
        if name in _REFUSED:
            raise Fault(f"`{name}` is refused: {_REFUSED[name]}")
        if "." in name and name.partition(".")[0] not in imported and not known(name):
            raise Fault(f"the function `{name}` is not to be had here")


def _refuse_foreign(tokens: list[Token]) -> None:
    """Of `data`, Gatekeeper shows templates the inventory and their libraries only."""
    padded = [Token("", "", 0), *tokens, Token("", "", 0), Token("", "", 0)]
    for before, token, dot, name in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        if token.kind != "word" or token.text != "data" or before.text == ".":
            continue
        shown = name.text.strip('"`') if dot.text in {".", "["} and name.kind != "number" else ""
        if shown not in _SHOWN or (dot.text == "[" and name.kind == "word"):
            raise Fault("of `data`, only `data.inventory` and `data.lib` can be seen")


def _imported(tokens: list[Token]) -> Iterator[str]:
    """The names that imports give: the last one of the path, or what follows `as`."""
    for at, token in enumerate(tokens):
        if token.text != "import":
            continue
        end = at + 1
        while end + 2 < len(tokens) and tokens[end + 1].text in {".", "as"}:
            end += 2
        if end < len(tokens):
            yield tokens[end].text


# A piece of the source, by start and end, and what stands for it.
Change = tuple[int, int, str]


def _sets(tokens: list[Token], source: str, pairs: dict[int, int], heads: list[int]) -> Iterator[Change]:
    """`p[x] { … }` is `p contains x if { … }`."""
    for at in heads:
        close = pairs.get(at + 1)
        if close is None or tokens[at + 1].text != "[":
            continue
        last = close + 1 == len(tokens)
        if last or tokens[close + 1].text == "{" or _apart(tokens, source, close + 1):
            body = not last and tokens[close + 1].text == "{"
            yield tokens[at + 1].start, tokens[at + 1].end, " contains "
            yield tokens[close].start, tokens[close].end, " if " if body else " "


def _assignments(
    tokens: list[Token], source: str, pairs: dict[int, int], heads: list[int]
) -> Iterator[Change]:
    """In `[x | …; x = f(y)]`, whose `x` is nowhere else, the interpreter needs `:=`."""
    starts = [*heads, len(tokens)]
    for first, end in pairwise(starts):
        names: dict[str, int] = {}
        for token in tokens[first:end]:
            if token.kind == "word":
                names[token.text] = names.get(token.text, 0) + 1
        for at in range(first, end - 3):
            if tokens[at].text not in {"[", "{"} or at not in pairs or tokens[at + 2].text != "|":
                continue
            name = tokens[at + 1].text
            if tokens[at + 1].kind == "word" and names[name] == 2:
                yield from _assignment(tokens[at + 2 : pairs[at]], name, source)


def _assignment(body: list[Token], name: str, source: str) -> Iterator[Change]:
    for before, token, sign in zip(body, body[1:], body[2:], strict=False):
        fresh = before.text in {"|", ";"} or "\n" in source[before.end : token.start]
        if fresh and token.text == name and sign.text == "=":
            yield sign.start, sign.end, ":="


def _formats(tokens: list[Token]) -> Iterator[Change]:
    """`%d` of a text is undefined in the interpreter, `%s` of an object empty; `%v` writes either."""
    for name, bracket, form in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if name.text == "sprintf" and bracket.text == "(" and form.kind in {"text", "raw"}:
            text = re.sub("%([%ds])", lambda match: match[0] if match[1] == "%" else "%v", form.text)
            yield form.start, form.end, text


def _changed(source: str, changes: list[Change]) -> str:
    parts = []
    done = 0
    for start, end, text in sorted(changes):
        parts += [source[done:start], text]
        done = end
    return "".join((*parts, source[done:]))
