"""A mapping of the settings, asked for key by key; what is wrong with it is collected, with its line."""

import re
from collections.abc import Iterator, Sequence

from bot.packages.documents import Kind, Node
from bot.packages.naming import quoted

_WHOLE = re.compile(r"[0-9]{1,9}")


class Form:
    """`name` is where the mapping stands, '' at the top; `mistakes` is shared by all forms of a file.

    Every method gives its default where the key is missing or its value is wrong.
    """

    def __init__(self, node: Node, name: str, mistakes: list[tuple[int, str]]) -> None:
        self.node = node
        self.name = name
        self.mistakes = mistakes
        self._asked: list[str] = []

    def __contains__(self, key: str) -> bool:
        return self.node.key(key) is not None

    def object(self, line: int, text: str) -> None:
        """Add a mistake; `text` is a sentence."""
        self.mistakes.append((line, text))

    def called(self, key: str) -> str:
        """The key with its path, in back-ticks."""
        return f"`{self.name}.{key}`" if self.name else f"`{key}`"

    def text(self, key: str, default: str = "") -> str:
        """A text that is not empty."""
        value = self._value(key)
        if value is None:
            return default
        if value.kind is Kind.SCALAR and value.tag in {"!!str", "!!int"} and value.value:
            return value.value
        self.object(value.line, f"{self.called(key)} must be a text.")
        return default

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number in these bounds, both included."""
        value = self._value(key)
        if value is None:
            return default
        if value.tag == "!!int" and _WHOLE.fullmatch(value.value) and least <= int(value.value) <= most:
            return int(value.value)
        self.object(value.line, f"{self.called(key)} must be a whole number from {least} to {most}.")
        return default

    def truth(self, key: str) -> bool:
        """True or false; false where it is not said."""
        value = self._value(key)
        if value is None:
            return False
        if value.tag == "!!bool":
            return value.value.lower() == "true"
        self.object(value.line, f"{self.called(key)} must be true or false.")
        return False

    def texts(self, key: str) -> list[tuple[str, int]]:
        """The items of a list of texts, each with its line."""
        found = []
        for item in self.items(key):
            if item.kind is Kind.SCALAR and item.tag == "!!str" and item.value:
                found.append((item.value, item.line))
            else:
                self.object(item.line, f"{self.called(key)} must be a list of texts.")
        return found

    def items(self, key: str) -> Sequence[Node]:
        """The items of a list, of any kind."""
        value = self._value(key)
        if value is None:
            return ()
        if value.kind is Kind.SEQUENCE:
            return value.content
        self.object(value.line, f"{self.called(key)} must be a list.")
        return ()

    def form(self, key: str) -> "Form | None":
        """The mapping under `key`, None where there is none."""
        value = self._value(key)
        if value is None:
            return None
        if value.kind is Kind.MAPPING:
            return Form(value, f"{self.name}.{key}".lstrip("."), self.mistakes)
        self.object(value.line, f"{self.called(key)} must be a mapping.")
        return None

    def line(self, key: str) -> int:
        """Where `key` stands; where the mapping begins when it is not there."""
        found = self.node.key(key)
        return found.line if found else self.node.line

    def close(self) -> None:
        """Object to every key that nobody asked for."""
        for key, _ in self.node.pairs():
            if key.value not in self._asked:
                known = ", ".join(f"`{name}`" for name in self._asked)
                where = f" in `{self.name}`" if self.name else ""
                self.object(key.line, f"Unknown key {quoted(key.value)}{where}; the keys are {known}.")

    def _value(self, key: str) -> Node | None:
        if key not in self._asked:
            self._asked.append(key)
        value = self.node.get(key)
        return None if value is None or value.tag == "!!null" else value


def sentences(mistakes: Sequence[tuple[int, str]]) -> Iterator[str]:
    """The mistakes from top to bottom, each with its line."""
    for line, text in sorted(mistakes):
        yield f"line {line}: {text}"
