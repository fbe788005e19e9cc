"""A resource of the Kubernetes resource model: one document of one file of a package."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from bot.packages.documents import emit
from bot.packages.documents.node import Kind, Node

LOCAL_CONFIG = "config.kubernetes.io/local-config"
# The package of a resource that a function made at a path of its choice: that of the function's Kptfile.
UNPLACED = "?"
_KUSTOMIZATION_FILES = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_KUSTOMIZATION_GROUP = "kustomize.config.k8s.io"


State = tuple[object, ...]


class Identity(NamedTuple):
    """By what resources are told apart; the version is no part of it."""

    group: str
    kind: str
    namespace: str
    name: str


@dataclass(slots=True, eq=False)
class Resource:
    """One document, and where it stands: `path` from the root of the package, `index` in its file from 0.

    `package` is the directory of the (sub)package that it belongs to, '' for the root. What a function made
    has no place yet: `path` is '' or (with `UNPLACED`) leaves from the function's package, `index` may be -1.
    Read through `root`; whoever means to change asks for `edit()` first.
    """

    document: Node
    path: str = ""
    index: int = 0
    package: str = ""
    _before: State | None = field(default=None, repr=False)

    @property
    def root(self) -> Node:
        return self.document.root

    @property
    def api_version(self) -> str:
        return self.root.text("apiVersion")

    @property
    def group(self) -> str:
        """The API group; '' for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def kind(self) -> str:
        return self.root.text("kind")

    @property
    def name(self) -> str:
        return self.root.text("metadata", "name")

    @property
    def namespace(self) -> str:
        return self.root.text("metadata", "namespace")

    @property
    def labels(self) -> dict[str, str]:
        return _texts(self.root.get("metadata", "labels"))

    @property
    def annotations(self) -> dict[str, str]:
        return _texts(self.root.get("metadata", "annotations"))

    @property
    def identity(self) -> Identity:
        return Identity(self.group, self.kind, self.namespace, self.name)

    @property
    def is_local_config(self) -> bool:
        """Whether it configures tools and is never applied to a cluster."""
        found = self.root.get("metadata", "annotations", LOCAL_CONFIG)
        return found is not None and found.value not in {"", "false"}

    @property
    def is_kustomization(self) -> bool:
        """Whether it is kustomize's own file, which need not look like a resource."""
        if self.path.rpartition("/")[2] in _KUSTOMIZATION_FILES:
            return True
        version = self.api_version
        return version.startswith(_KUSTOMIZATION_GROUP) or (not version and self.kind == "Kustomization")

    def edit(self) -> Node:
        """The root, to be changed; what it was is kept once, so that the net change can be told."""
        if self._before is None:
            self._before = _state_of(self.document)
        return self.root

    def order_annotations(self) -> None:
        """Put annotations that were added where kpt has them: behind what stood in `metadata` at first.

        There they are from the moment at which it reads a resource, since it notes in them where that stood.
        """
        metadata = self.root.get("metadata")
        old = _keys_of(self._before, "metadata")
        if metadata is None or old is None or "annotations" in old:
            return
        pairs = list(metadata.pairs())
        added = [pair for pair in pairs if pair[0].value == "annotations"]
        others = [pair for pair in pairs if pair[0].value != "annotations"]
        if not added:
            return
        last = max((index + 1 for index, pair in enumerate(others) if pair[0].value in old), default=0)
        ordered = [*others[:last], *added, *others[last:]]
        metadata.content = [node for pair in ordered for node in pair]

    @property
    def is_edited(self) -> bool:
        """Whether anybody asked for `edit()`."""
        return self._before is not None

    @property
    def is_changed(self) -> bool:
        """Whether it is otherwise than before the first `edit()`: changed back is not changed."""
        return self._before is not None and self._before != _state_of(self.document)

    def emit(self) -> bytes:
        """The document's text."""
        return emit([self.document], wide=None)

    def fault(self) -> str:
        """Say what keeps it from being a resource; '' when nothing does."""
        root = self.root
        if root.kind is not Kind.MAPPING:
            return "it must be a mapping with `apiVersion`, `kind` and `metadata.name`"
        needed = ("apiVersion", "kind", "metadata.name")
        missing = [f"`{name}`" for name in needed if not root.text(*name.split("."))]
        if not missing or self.is_kustomization:
            return ""
        return f"it must have {' and '.join(missing)}"


def _texts(node: Node | None) -> dict[str, str]:
    pairs = node.pairs() if node is not None else ()
    return {key.value: value.value for key, value in pairs if value.kind is Kind.SCALAR}


def _keys_of(state: State | None, name: str) -> list[object] | None:
    """The keys of the mapping under `name` as it was; None where there was none."""
    if state is None:
        return None
    root = _content_of(state)[0] if _content_of(state) else ()
    content = _content_of(root)
    for key, value in zip(content[::2], content[1::2], strict=False):
        if key[_VALUE] == name:
            return [key[_VALUE] for key in _content_of(value)[::2]]
    return None


def _content_of(state: State) -> list[State]:
    content = state[-1] if state else []
    return content if isinstance(content, list) else []


_VALUE = 1  # its place in a state


def _state_of(node: Node) -> State:
    """All that is written of a tree; far cheaper than writing it."""
    return (
        node.tag,
        node.value,
        node.style,
        node.head_comment,
        node.line_comment,
        node.foot_comment,
        [_state_of(child) for child in node.content],
    )


def copy_of(node: Node) -> Node:
    """A copy of the whole tree."""
    return Node(
        node.kind,
        node.tag,
        node.value,
        node.style,
        [copy_of(child) for child in node.content],
        node.head_comment,
        node.line_comment,
        node.foot_comment,
        node.anchor,
        node.line,
        node.wide,
    )
