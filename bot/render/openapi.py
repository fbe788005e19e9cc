"""The setters and substitutions that a Kptfile of v1alpha1 defines, in the shapes of an OpenAPI document."""

import json
import re
from dataclasses import dataclass, field

from bot.errors import InvalidDocument
from bot.packages.documents import emit, parse, sequence
from bot.packages.documents.node import Kind, Node, Style
from bot.packages.documents.scalars import reads_as_other
from bot.packages.naming import quoted
from bot.packages.resource import copy_of
from bot.render.fields import QUOTES

SETTERS, SUBSTITUTIONS = "io.k8s.cli.setters.", "io.k8s.cli.substitutions."
_REFERENCE = "#/definitions/"
_EXTENSION = "x-k8s-cli"
# What can be the name in a `${…}`.
NAME = re.compile(r"[A-Za-z0-9_.-]{1,200}", re.ASCII)
# A substitution may be made of others: these keep a small file from growing into a large one.
LONGEST_PATTERN = 1_000
DEEPEST = 20


@dataclass(slots=True)
class Definitions:
    """What one Kptfile defines: the values of its setters, by name, and its substitutions as nodes."""

    setters: dict[str, Node] = field(default_factory=dict)
    substitutions: dict[str, Node] = field(default_factory=dict)
    _patterns: dict[str, str] = field(default_factory=dict)

    def pattern(self, name: str, depth: int = 0) -> str:
        """A substitution's pattern, in setters alone; raises InvalidDocument where it has none."""
        if name not in self._patterns:
            self._patterns[name] = self._resolve(name, depth)
        return self._patterns[name]

    def _resolve(self, name: str, depth: int) -> str:
        node = self.substitutions[name]
        if depth == DEEPEST:
            why = f"must not be made of others more than {DEEPEST} deep, nor of itself"
            raise InvalidDocument(f"The substitution {quoted(name)} {why}.", line=node.line)
        text, values = node.text("pattern"), node.get("values")
        self._check(name, text)
        markers: dict[str, str] = {}
        for value in values.content if values is not None and values.kind is Kind.SEQUENCE else ():
            marker = value.text("marker")
            if marker and marker in text:
                markers[marker] = self._referred(value, depth)
        if markers:
            # In one pass: what is put for one marker is not searched for the next.
            wanted = "|".join(map(re.escape, sorted(markers, key=len, reverse=True)))
            text = re.sub(wanted, lambda found: markers[found[0]], text)
            self._check(name, text)
        return text

    def _check(self, name: str, text: str) -> None:
        if not text or len(text) > LONGEST_PATTERN or not text.isprintable():
            why = f"must have a pattern of one line, of at most {LONGEST_PATTERN} characters"
            line = self.substitutions[name].line
            raise InvalidDocument(f"The substitution {quoted(name)} {why}.", line=line)

    def _referred(self, value: Node, depth: int) -> str:
        """What stands for a marker: a setter, or the pattern of another substitution."""
        name = value.text("ref").removeprefix(_REFERENCE)
        if name.startswith(SETTERS) and NAME.fullmatch(setter := name.removeprefix(SETTERS)):
            return f"${{{setter}}}"
        inner = name.removeprefix(SUBSTITUTIONS)
        if inner == name or inner not in self.substitutions:
            raise InvalidDocument(f"The reference {quoted(name)} leads to no definition.", line=value.line)
        return self.pattern(inner, depth + 1)


def read_definitions(root: Node) -> Definitions:
    """Read an old Kptfile's `openAPI`; raises InvalidDocument for names that no setter can have."""
    found = Definitions()
    definitions = root.get("openAPI", "definitions")
    for key, value in definitions.pairs() if definitions is not None else ():
        for prefix, word, place in (
            (SETTERS, "setter", found.setters),
            (SUBSTITUTIONS, "substitution", found.substitutions),
        ):
            node = value.get(_EXTENSION, word)
            if node is None or not key.value.startswith(prefix):
                continue
            name = key.value.removeprefix(prefix)
            if not NAME.fullmatch(name):
                why = "must have a name of letters, digits, '.', '-' and '_'"
                raise InvalidDocument(f"The {word} {quoted(name)} {why}.", line=key.line)
            place[name] = node
    return found


def value_of(setter: Node) -> str:
    """A setter's value as apply-setters takes it: text, an enum's meaning, or a list as YAML."""
    values = setter.get("listValues")
    if values is not None and values.kind is Kind.SEQUENCE:
        copies = [copy_of(value) for value in values.content]
        for copy in copies:
            if not reads_as_other(copy.value):
                copy.style &= ~QUOTES
        return _list_text(sequence(*copies))
    text = setter.text("value")
    text = setter.text("enumValues", text) or text
    return list_of(text) if text.startswith("[") else text


def list_of(text: str) -> str:
    """A list in flow style as one in block style; raises InvalidDocument for what is no YAML."""
    try:
        documents = parse(text.encode())
    except InvalidDocument as error:
        detail = error.reason.rpartition("YAML: ")[2].rstrip(".")
        where = f"line {error.line - 1}: " if error.line > 1 else ""  # go-yaml counts so
        shown = json.dumps(text[:200], ensure_ascii=False)
        message = f'failed to parse the array node value {shown} with error "yaml: {where}{detail}"'
        raise InvalidDocument(message) from error
    if len(documents) != 1 or documents[0].root.kind is not Kind.SEQUENCE:
        return text
    return _list_text(documents[0].root)


def _list_text(node: Node) -> str:
    node.style &= ~Style.FLOW
    return emit([node]).decode() if node.content else "[]"
