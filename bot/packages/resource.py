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

_DOCUMENT = Kind.DOCUMENT  # to look it up takes longer than to compare with it

State = list[object]


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
    # The keys of its metadata before the first edit; None where there was none.
    _old_metadata: list[str] | None = field(default=None, repr=False)

    @property
    def root(self) -> Node:
        document = self.document  # as `Node.root`, without another call: all that functions do begins here
        return document.content[0] if document.kind is _DOCUMENT and document.content else document

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
    def names(self) -> tuple[str, str, str, str]:
        """Its apiVersion, kind, name and namespace, found in one walk: they are asked for most often."""
        found = dict.fromkeys(("apiVersion", "kind", "name", "namespace"), "")
        for key, value in self.root.pairs():
            if key.value == "metadata":
                for inner, text in value.pairs():
                    if inner.value in {"name", "namespace"}:
                        found[inner.value] = text.text()
            elif key.value in {"apiVersion", "kind"}:
                found[key.value] = value.text()
        api_version, kind, name, namespace = found.values()
        return api_version, kind, name, namespace

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
            metadata = self.root.get("metadata") if self.document.kind is _DOCUMENT else None
            if metadata is not None:
                self._old_metadata = [key.value for key in metadata.content[::2]]
        return self.root

    def order_annotations(self) -> None:
        """Put annotations that were added where kpt has them: behind what stood in `metadata` at first.

        There they are from the moment at which it reads a resource, since it notes in them where that stood.
        """
        metadata = self.root.get("metadata")
        old = self._old_metadata
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
        return self._before is not None and not _is_in_state(self.document, self._before)

    def emit(self) -> bytes:
        """The document's text."""
        return emit([self.document], wide=None)

    def fault(self) -> str:
        """Say what keeps it from being a resource; '' when nothing does."""
        root = self.root
        if root.text("apiVersion") and root.text("kind") and root.text("metadata", "name"):
            return ""
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


def _state_of(node: Node) -> State:
    """All that is written of a tree; far cheaper than writing it.

    One list, level by level; how many nodes each holds tells which belong to which.
    """
    state: State = []
    nodes = [node]
    for one in nodes:
        content = one.content
        state += (one.tag, one.value, one.style, len(content))
        if one.head_comment or one.line_comment or one.foot_comment:
            state += (None, one.head_comment, one.line_comment, one.foot_comment)
        if content:
            nodes += content  # which the loop comes to later
    return state


def _is_in_state(node: Node, state: State) -> bool:
    """Whether the tree is as it was; what functions change stands in its upper levels, so this ends soon."""
    at = 0
    nodes = [node]
    for one in nodes:
        content = one.content
        said: State = [one.tag, one.value, one.style, len(content)]
        if one.head_comment or one.line_comment or one.foot_comment:
            said += (None, one.head_comment, one.line_comment, one.foot_comment)
        end = at + len(said)
        if state[at:end] != said or (len(said) == 4 and state[end : end + 1] == [None]):
            return False
        at = end
        nodes += content
    return True


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
