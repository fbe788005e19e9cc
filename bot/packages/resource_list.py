"""A package's resources as one `ResourceList`, as kyaml's kio writes it, and such a list as files again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.errors import InvalidDocument, InvalidName
from bot.packages.anchors import check_aliases
from bot.packages.documents import Kind, Node, emit, from_plain, mapping, parse, sequence, string
from bot.packages.marks import INTERNAL, LEGACY, drop_empty, marked, place_marks, unmark
from bot.packages.naming import quoted
from bot.packages.package import EXECUTABLE, KPTFILE, REGULAR, File, Files

METADATA_KIND = "KptRevisionMetadata"
METADATA_FILE = ".KptRevisionMetadata"
_MARKS = frozenset(place_marks("", 0))
_SUFFIXES = (".yaml", ".yml")


class Token(NamedTuple):
    """Which revision files were pulled from: `version` is the commit's hex id."""

    name: str
    version: str


def is_resource_file(path: str, file: File) -> bool:
    """Whether its documents go into the list; other files are not printed."""
    name = path.rpartition("/")[2]
    return file.mode in (REGULAR, EXECUTABLE) and (name == KPTFILE or name.endswith(_SUFFIXES))


def format_list(files: Files, metadata: Mapping[str, str]) -> bytes:
    """Every resource of the package, with where it stood, and `metadata` as the item that `push` asks for.

    Raises InvalidDocument for a file that is no YAML: a list without it would lose it on the way back.
    """
    items = [_metadata_item(metadata)]
    for path in sorted(path for path, file in files.items() if is_resource_file(path, file)):
        for index, document in enumerate(parse(files[path].content, path=path)):
            items.append(_placed(document, path, index))
    return emit(
        [
            mapping(
                ("apiVersion", string("config.kubernetes.io/v1")),
                ("kind", string("ResourceList")),
                ("items", sequence(*items)),
            )
        ]
    )


def read_list(data: bytes, current: Files) -> tuple[Token, Files]:
    """The files that a list stands for, and the revision that it was pulled from.

    Files of `current` that a list cannot hold stay; those whose resources are as they were keep their bytes.
    Raises InvalidDocument or InvalidName, naming the item.
    """
    documents = parse(data, path="the ResourceList")
    if len(documents) != 1 or documents[0].root.text("kind") != "ResourceList":
        raise InvalidDocument("It must be one ResourceList, as `portico rpkg pull` prints it.", path="-")
    items = documents[0].root.get("items")
    token: Token | None = None
    placed: dict[str, list[tuple[int, Node]]] = defaultdict(list)
    listed = items.content if items is not None else []
    check_aliases(listed, path="-")
    for item in listed:
        if item.text("kind") == METADATA_KIND:
            token = _token(item)
        else:
            path, index = _place(item)
            placed[path].append((index, item))
    if token is None:
        raise InvalidDocument(
            f"The list has no item of kind {METADATA_KIND}, which says what it was pulled from; pull again.",
            path="-",
        )
    return token, _files(placed, current)


def format_token(metadata: Mapping[str, str]) -> bytes:
    """The content of `.KptRevisionMetadata`."""
    return emit([_metadata_node(metadata)])


def read_token(data: bytes) -> Token:
    """Read `.KptRevisionMetadata`; raises InvalidDocument when it says too little."""
    documents = parse(data, path=METADATA_FILE)
    if len(documents) != 1:
        raise InvalidDocument("It must be one document; pull the package again.", path=METADATA_FILE)
    return _token(documents[0].root)


def _token(node: Node) -> Token:
    token = Token(node.text("metadata", "name"), node.text("metadata", "resourceVersion"))
    if not all(token):
        raise InvalidDocument(
            "It must have `metadata.name` and `metadata.resourceVersion`; pull the package again.",
            path=METADATA_FILE,
            line=node.line,
        )
    return token


def _metadata_node(metadata: Mapping[str, str]) -> Node:
    return from_plain({"apiVersion": "", "kind": METADATA_KIND, "metadata": dict(metadata)})


def _metadata_item(metadata: Mapping[str, str]) -> Node:
    return _placed(_metadata_node(metadata), METADATA_FILE, 0)


def _placed(document: Node, path: str, index: int) -> Node:
    root = document.root
    if root.kind is not Kind.MAPPING:
        raise InvalidDocument(
            "Only mappings can stand in a ResourceList; pull into a folder.", path=path, line=root.line
        )
    return marked(root, place_marks(path, index))


def _place(item: Node) -> tuple[str, int]:
    """Where an item belongs; its notes of that are taken off it."""
    said = unmark(item, _MARKS)
    path, index = (said.get(LEGACY + name) or said.get(INTERNAL + name, "") for name in ("path", "index"))
    if not path:
        raise InvalidName(
            f"The item {quoted(item.text('metadata', 'name'))} must have the annotation '{LEGACY}path', "
            f"which says the file that it belongs to."
        )
    drop_empty(item)
    return path, int(index) if index.isdecimal() and len(index) < 10 else 0


def _files(placed: Mapping[str, list[tuple[int, Node]]], current: Files) -> Files:
    files = {path: file for path, file in current.items() if not is_resource_file(path, file)}
    for path, items in placed.items():
        before = current.get(path, File(b""))
        content = emit([item for _, item in sorted(items, key=lambda pair: pair[0])])
        same = content == _unplaced(before.content, path) if path in current else False
        files[path] = before if same else File(content, before.mode if path in current else REGULAR)
    return files


def _unplaced(content: bytes, path: str) -> bytes:
    """What a file becomes on its way through a list when nobody changes it."""
    documents: Iterable[Node] = parse(content, path=path)
    roots = []
    for index, document in enumerate(documents):
        root = _placed(document, path, index)
        _place(root)
        roots.append(root)
    passed = parse(emit([mapping(("items", sequence(*roots)))])) if roots else []
    items = passed[0].root.get("items") if passed else None
    return emit(items.content) if items is not None else b""
