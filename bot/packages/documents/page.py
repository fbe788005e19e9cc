"""The page that a document is written on: where the pen stands, and which comments wait."""

from __future__ import annotations

import re

from bot.packages.documents.text import literal_hints

_LINE_STARTS = re.compile("\n+")


class Page:
    """Text so far, with what go-yaml's emitter knows of it.

    `column` is exact while only indention stands on the line, else merely not 0. `head`, `line`, `foot`,
    `tail` and `key_line` are comments that wait to be written.
    """

    __slots__ = (
        "column", "foot", "foot_indent", "head", "indention", "key_line", "line", "out", "tail", "whitespace",
    )  # fmt: skip

    def __init__(self) -> None:
        self.out: list[str] = []
        self.column = 0
        self.whitespace = True
        self.indention = True
        self.foot_indent = -1
        self.head = self.line = self.foot = self.tail = self.key_line = ""

    def text(self) -> str:
        return "".join(self.out)

    def line_break(self) -> None:
        self.out.append("\n")
        self.column = 0
        self.indention = True

    def indent_to(self, indent: int) -> None:
        """Go to column `indent` of this line, or of the next where this one is used up."""
        indent = max(indent, 0)
        out = self.out
        column = self.column
        if not self.indention or column > indent or (column == indent and not self.whitespace):
            out.append("\n")
            column = 0
            self.indention = True
        if self.foot_indent == indent:
            out.append("\n")
            column = 0
            self.indention = True
        if column < indent:
            out.append(" " * (indent - column))
        self.column = max(column, indent)
        self.whitespace = True
        self.foot_indent = -1

    def put(self, text: str, *, space: bool = False) -> None:
        """Write text that is no indention; `space` asks for a blank before it where there is none."""
        if space and not self.whitespace:
            self.out.append(" ")
        self.out.append(text)
        self.column = 1
        self.whitespace = False
        self.indention = False

    def put_indicator(self, mark: str, *, whitespace: bool = False, indention: bool = False) -> None:
        """Write an indicator that counts as a blank, or as indention, for what follows."""
        if not self.whitespace:
            self.out.append(" ")
            self.column += 1
        self.out.append(mark)
        self.column += 1
        self.whitespace = whitespace
        self.indention = self.indention and indention

    def put_head(self, indent: int) -> None:
        if self.tail:
            self.indent_to(indent)
            self._comment(self.tail, indent)
            self.tail = ""
            self.foot_indent = max(indent, 0)
        if self.head:
            self.indent_to(indent)
            self._comment(self.head, indent)
            self.head = ""

    def put_line(self, indent: int) -> None:
        if self.line:
            if not self.whitespace:
                self.out.append(" ")
            self._comment(self.line, indent)
            self.line = ""

    def put_foot(self, indent: int) -> None:
        if self.foot:
            self.indent_to(indent)
            self._comment(self.foot, indent)
            self.foot = ""
            self.foot_indent = max(indent, 0)

    def literal(self, text: str, indent: int) -> None:
        self._begin_block("|", text, indent)
        pad = " " * indent
        self.out.append("\n".join(pad + line if line else "" for line in text.split("\n")))
        self._end_block(text)

    def folded(self, text: str, indent: int) -> None:
        self._begin_block(">", text, indent)
        pad = " " * indent
        written = []
        lines = text.split("\n")
        for line, following in zip(lines, _next_lines(text, lines), strict=True):
            folds = line and line[0] not in " \t" and following[:1] not in {" ", "\t"}
            written.append(f"{pad}{line}" + ("\n" if folds and following else "") if line else "")
        self.out.append("\n".join(written))
        self._end_block(text)

    def single_quoted(self, text: str, indent: int) -> None:
        body = text.replace("'", "''")
        if "\n" in body:
            pad = " " * indent
            body = _LINE_STARTS.sub(lambda run: "\n" + run[0] + pad, body)
            body = body.removesuffix(pad) if text.endswith("\n") else body
        self.put(f"'{body}'", space=True)

    def _begin_block(self, mark: str, text: str, indent: int) -> None:
        self.put(mark + literal_hints(text), space=True)
        if self.line:
            self.put_line(indent)
        else:
            self.line_break()
        self.whitespace = True

    def _end_block(self, text: str) -> None:
        if text.endswith("\n"):
            self.column = 0
            self.indention = True
        else:
            self.column = 1
            self.indention = False

    def _comment(self, comment: str, indent: int) -> None:
        """Write a comment, its second and later lines at column `indent`, and end the line."""
        pad = "\n" + " " * max(indent, 0)
        lines = [line if not line or line[0] == "#" else f"# {line}" for line in comment.split("\n")]
        self.out.append(lines[0])
        self.out.extend(pad + line if line else "\n" for line in lines[1:])
        if lines[-1]:
            self.out.append("\n")
        self.column = 0
        self.indention = True
        self.whitespace = True


def _next_lines(text: str, lines: list[str]) -> list[str]:
    """For each line the next one with text; '' where a break behind it must not be doubled.

    A break is doubled to be one after folding. go-yaml doubles the last one too, which only adds an empty
    line, and we with it; where it doubles breaks that fold to more than was there, we do not.
    """
    clipped = text.endswith("\n") and not text.endswith("\n\n")
    following = "\n" if clipped and text[0] not in " \t\n" else ""
    found = []
    for line in reversed(lines):
        found.append(following)
        following = line or following
    return found[::-1]
