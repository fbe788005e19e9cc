"""A module of Rego, as templates have it, in the words that the interpreter has for the same.

The interpreter reads version 1, where the rule `p[x] { … }` is no longer a set; it lacks the built-in
functions that version 1 dropped; what else it lacks is undefined, so that a policy would never object.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from bot.render.workers.fault import Fault
from bot.render.workers.rego_statement import Change, names_for_references
from bot.render.workers.rego_token import Token, apart, pairs_of, tokens_of

LONGEST = 200_000  # characters of one module
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
# What is undefined in it for many a value that OPA has an answer for.
_UNRELIABLE = frozenset({"time"})
_SHOWN = frozenset({"inventory", "lib"})
_PATTERN = re.compile(r"(?:regex\.\w+|re_match)", re.ASCII)
# What the interpreter's expressions lack, or read otherwise than Go's.
_UNLIKE_GO = re.compile(r"\(\?(?!:)|\\[AzpPQEC]")


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
    tokens = tokens_of(source)
    pairs = pairs_of(tokens, source)
    heads = list(_heads(tokens, source, pairs))
    rules = frozenset(tokens[at].text for at in heads)
    calls = list(_calls(tokens, source))
    _refuse_unknown(calls, tokens, known)
    _refuse_foreign(tokens)
    changes = [
        *_sets(tokens, source, pairs, heads),
        *_assignments(tokens, source, pairs, heads),
        *_formats(tokens),
        *names_for_references(tokens, source, pairs),
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


def _package(tokens: list[Token]) -> str:
    """What follows the word `package`: names with dots between."""
    if not tokens or tokens[0].text != "package":
        raise Fault("it must begin with `package` and a name")
    parts: list[str] = []
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
        fresh = not at or tokens[at - 1].text in {"}", ";"} or apart(tokens, source, at)
        if fresh and token.kind == "word" and (token.text not in _KEYWORDS or token.text == "default"):
            if token.text == "default" and at + 1 < len(tokens):
                at += 1
            yield at
        at = pairs.get(at, at) + 1


def _calls(tokens: list[Token], source: str) -> Iterator[tuple[str, int]]:
    """Names, dots in them, with the place of the bracket that follows at once."""
    start = -1  # of the name, -1 outside of names
    for at, token in enumerate(tokens):
        touches = at > 0 and tokens[at - 1].end == token.start
        before = tokens[at - 1] if touches else None
        if token.kind == "word":
            if start < 0 or before is None or before.text != ".":
                start = token.start
        elif token.text != "." or before is None or before.kind != "word":
            if token.text == "(" and start >= 0 and before is not None and before.kind == "word":
                yield source[start : token.start], at
            start = -1


def _refuse_unknown(calls: list[tuple[str, int]], tokens: list[Token], known: Callable[[str], bool]) -> None:
    imported = {"data", *_imported(tokens)}
    for name, _ in calls:
        if name in _REFUSED:
            raise Fault(f"`{name}` is refused: {_REFUSED[name]}")
        root = name.partition(".")[0]
        if "." in name and root not in imported and (not known(name) or root in _UNRELIABLE):
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


def _sets(tokens: list[Token], source: str, pairs: dict[int, int], heads: list[int]) -> Iterator[Change]:
    """`p[x] { … }` is `p contains x if { … }`."""
    for at in heads:
        close = pairs.get(at + 1)
        if close is None or tokens[at + 1].text != "[":
            continue
        last = close + 1 == len(tokens)
        if last or tokens[close + 1].text == "{" or apart(tokens, source, close + 1):
            body = not last and tokens[close + 1].text == "{"
            yield tokens[at + 1].start, tokens[at + 1].end, " contains "
            yield tokens[close].start, tokens[close].end, " if " if body else " "


def _assignments(
    tokens: list[Token], source: str, pairs: dict[int, int], heads: list[int]
) -> Iterator[Change]:
    """In `[x | …; x = f(y)]`, whose `x` is nowhere else, the interpreter needs `:=`."""
    starts = [*heads, len(tokens)]
    known = {*(tokens[at].text for at in heads), *_imported(tokens)}
    for first, end in pairwise(starts):
        names: dict[str, int] = {}
        for token in tokens[first:end]:
            if token.kind == "word":
                names[token.text] = names.get(token.text, 0) + 1
        for at in range(first, end - 3):
            if tokens[at].text not in {"[", "{"} or at not in pairs or tokens[at + 2].text != "|":
                continue
            name = tokens[at + 1].text
            if tokens[at + 1].kind == "word" and names[name] == 2 and name not in known:
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
    for start, end, text in sorted(changes, key=itemgetter(0, 1)):
        parts += [source[done:start], text]
        done = end
    return "".join((*parts, source[done:]))
