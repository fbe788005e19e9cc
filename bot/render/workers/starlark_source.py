"""The source of a program in the original's dialect, as the interpreter here can read it."""

import re
from typing import NamedTuple

# More rounds than a process may have time for.
_ROUNDS = 2**31 - 1
_TAB = 8  # columns; as the original's scanner counts them
_SYNTAX = r"""
    (?P<string>[rR]?(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''
                     |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    |(?P<comment>\#[^\n]*)
    |(?P<joined>\\\r?\n)
    |(?P<newline>\n)
    |(?P<space>[ \t\r]+)
    |(?P<word>[^\W\d]\w*)
    |(?P<other>.)
    """


class Token(NamedTuple):
    """A piece of the source; `line` counts from 1."""

    kind: str
    text: str
    line: int


class Line(NamedTuple):
    """A logical line: its indentation, and all of its tokens, the newline at its end with them."""

    indent: str
    tokens: list[Token]

    @property
    def first(self) -> str:
        return self.tokens[0].text if self.tokens else ""

    @property
    def is_blank(self) -> bool:
        return all(token.kind in {"comment", "newline", "space"} for token in self.tokens)


class Source(NamedTuple):
    """The text to interpret, and which line of the original each of its lines stands for.

    `likeness` has the places of the original, and is no program: it is to be read only. '' where it would be
    the same.
    """

    text: str
    lines: list[int]
    likeness: str = ""

    def line(self, number: int) -> int:
        """The line of the original, counted from 1."""
        return self.lines[min(number, len(self.lines)) - 1] if self.lines else number


def read(text: str) -> Source:
    """Spaces for tabs, and each `while` as a `for` that breaks; what cannot be read stays as it is."""
    if "\t" not in text and "while" not in text:
        return unchanged(text)
    lines = _logical(text)
    written: list[Token] = []
    alike: list[str] = []
    for number, line in enumerate(lines):
        colon = _colon(line.tokens) if line.first == "while" else 0
        here = [Token("space", line.indent, line.tokens[0].line), *line.tokens]
        written += _loop(line, colon, _body_indent(lines, number)) if colon else here
        if line.first == "while":
            here[1] = Token("word", "if   ", here[1].line)
        alike += [token.text for token in here]
    return _source(written, "".join(alike))


def unchanged(text: str) -> Source:
    """A source whose lines stand for themselves."""
    return Source(text, list(range(1, text.count("\n") + 2)))


def _logical(text: str) -> list[Line]:
    """The logical lines: brackets, strings and backslashes hold lines together."""
    lines: list[Line] = []
    tokens: list[Token] = []
    depth, number = 0, 1
    # Compiled here, because most programs need it not at all.
    for match in re.compile(_SYNTAX, re.VERBOSE | re.DOTALL).finditer(text + "\n"):
        token = Token(match.lastgroup or "", match[0], number)
        number += match[0].count("\n")
        if token.kind == "space":
            # At the beginning of a line it says how deep the line is.
            blank = match[0].expandtabs(_TAB) if not tokens else match[0].replace("\t", " ")
            token = Token("space", blank.replace("\r", ""), token.line)
        tokens.append(token)
        depth = max(0, depth + (token.text in {"(", "[", "{"}) - (token.text in {")", "]", "}"}))
        if token.kind == "newline" and not depth:
            lines.append(_line(tokens))
            tokens = []
    return [*lines, _line(tokens)] if tokens else lines


def _line(tokens: list[Token]) -> Line:
    return Line(tokens[0].text, tokens[1:]) if tokens[0].kind == "space" else Line("", tokens)


def _colon(tokens: list[Token]) -> int:
    """Where the condition of a `while` ends; 0 where it does not. The colon of a lambda is another one."""
    depth = lambdas = 0
    for number, token in enumerate(tokens):
        depth += (token.text in {"(", "[", "{"}) - (token.text in {")", "]", "}"})
        if depth == 0 and token.text == "lambda":
            lambdas += 1
        elif depth == 0 and token.text == ":":
            if not lambdas:
                return number
            lambdas -= 1
    return 0


def _body_indent(lines: list[Line], number: int) -> str:
    """How deep the line after a header is; one deeper than the header where that is no deeper."""
    here = lines[number].indent
    following = next((line.indent for line in lines[number + 1 :] if not line.is_blank), "")
    return following if len(following) > len(here) else here + " "


def _loop(line: Line, colon: int, indent: str) -> list[Token]:
    """`while x: …` as `for _while in range(…):`, `if not (x): break`, …."""
    first, last = line.tokens[0], line.tokens[colon]
    condition, rest = line.tokens[1:colon], line.tokens[colon + 1 :]
    header = [
        Token("space", line.indent, first.line),
        Token("other", f"for _while in range({_ROUNDS}):", first.line),
        Token("newline", "\n", first.line),
    ]
    test = [
        Token("space", f"{indent}if not (", first.line),
        *condition,
        Token("other", "): break", last.line),
    ]
    if all(token.kind in {"comment", "newline", "space"} for token in rest):
        return [*header, *test, *rest]
    if rest[0].kind == "space":
        rest = rest[1:]
    return [*header, *test, Token("newline", "\n", last.line), Token("space", indent, last.line), *rest]


def _source(tokens: list[Token], likeness: str) -> Source:
    lines: list[int] = []
    begins = True
    for token in tokens:
        if begins:
            lines.append(token.line)
        # A token may hold several lines; what follows a newline says itself where it stood.
        inner = token.text.count("\n") - (begins := token.text.endswith("\n"))
        lines += [token.line + part for part in range(1, inner + 1)]
    return Source(
        "".join(token.text for token in tokens).removesuffix("\n"), lines, likeness.removesuffix("\n")
    )
