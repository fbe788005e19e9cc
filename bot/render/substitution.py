"""What a field takes from another resource when it is applied, as comments and ApplyTimeMutations say it."""

import re
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node
from bot.packages.naming import quoted
from bot.packages.resource import Identity

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_FORM = "${GROUP[/VERSION][/namespaces/NAMESPACE]/KIND/NAME:$.PATH}"
_SHOWN = 120  # characters of what was written, in a message


class Source(NamedTuple):
    """A resource that is referred to, by its API version or by its group alone."""

    kind: str
    name: str
    namespace: str = ""
    group: str = ""
    api_version: str = ""

    def told(self) -> dict[str, str]:
        """Its fields that are not empty, as YAML has them."""
        fields = {
            "apiVersion": self.api_version,
            "group": self.group,
            "kind": self.kind,
            "name": self.name,
            "namespace": self.namespace,
        }
        return {key: text for key, text in fields.items() if text}

    @property
    def identity(self) -> Identity:
        """What tells it apart among resources."""
        return Identity(
            self.api_version.rpartition("/")[0] or self.group, self.kind, self.namespace, self.name
        )


class Substitution(NamedTuple):
    """A field whose value, or the part of it that is `token`, comes from a field of another resource."""

    source: Source
    source_path: str
    target_path: str
    token: str = ""

    def told(self) -> dict[str, object]:
        """Its fields that are not empty, as YAML has them."""
        fields: dict[str, object] = {
            "sourcePath": self.source_path,
            "sourceRef": self.source.told(),
            "targetPath": self.target_path,
        }
        return {**fields, "token": self.token} if self.token else fields


def read_comment(text: str, path: str, count: int) -> tuple[list[Substitution], str]:
    """The substitutions that a comment asks for in the field at `path`, and the field's new text.

    The text is '' where the whole value is substituted; otherwise each reference in it became a token, with a
    number from `count` on. Raises InvalidDocument where the comment holds no reference, or a wrong one.
    """
    whole = _REFERENCE.fullmatch(text)
    if whole:
        return [_substitution(whole[1], path)], ""
    found: list[Substitution] = []

    def token(match: re.Match[str]) -> str:
        found.append(_substitution(match[1], path, f"${{ref{count + len(found)}}}"))
        return found[-1].token

    value = _REFERENCE.sub(token, text)
    if not found:
        raise InvalidDocument(f"The comment {quoted(text[:_SHOWN])} must hold a reference like '{_FORM}'.")
    return found, value


def read_reference(text: str) -> tuple[Source, str]:
    """What stands between the braces of a reference, as source and path; raises InvalidDocument."""
    reference, _, path = text.partition(":$")
    parts = reference.split("/")
    namespace = ""
    if len(parts) > 4 and parts[-4] == "namespaces":
        namespace = parts[-3]
        parts[-4:-2] = []
        if not namespace:
            parts = []
    if len(parts) not in {3, 4} or not path or not all(parts[-2:]):
        raise InvalidDocument(f"The reference {quoted(text[:_SHOWN])} must have the form '{_FORM}'.")
    kind, name = parts[-2:]
    if len(parts) == 3:
        return Source(kind, name, namespace, group=parts[0]), f"${path}"
    return Source(kind, name, namespace, api_version="/".join(filter(None, parts[:2]))), f"${path}"


def _substitution(reference: str, path: str, token: str = "") -> Substitution:
    source, source_path = read_reference(reference)
    return Substitution(source, source_path, path, token)


def read_mutation(root: Node) -> tuple[Source, list[Substitution]]:
    """An ApplyTimeMutation's target and substitutions; raises InvalidDocument where any is missing."""
    target = _source(root, "spec", "targetRef")
    listed = root.get("spec", "substitutions")
    if listed is None or listed.kind is not Kind.SEQUENCE or not listed.content:
        raise InvalidDocument(
            "`spec.substitutions` must be a list with one substitution or more.", line=root.line
        )
    return target, [
        Substitution(
            _source(entry, "sourceRef"),
            _needed(entry, "sourcePath"),
            _needed(entry, "targetPath"),
            entry.text("token"),
        )
        for entry in listed.content
    ]


def _source(node: Node, *path: str) -> Source:
    found = node.get(*path) or node
    return Source(
        _needed(node, *path, "kind"),
        _needed(node, *path, "name"),
        found.text("namespace"),
        found.text("group"),
        found.text("apiVersion"),
    )


def _needed(node: Node, *path: str) -> str:
    text = node.text(*path)
    if not text:
        raise InvalidDocument(f"`{'.'.join(path)}` must be given.", line=node.line)
    return text
