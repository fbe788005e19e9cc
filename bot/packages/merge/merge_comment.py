"""What kpt notes in each resource that it fetched, so that it is known again after it was renamed."""

from collections.abc import Iterable

from bot.errors import InvalidDocument
from bot.packages.documents import Kind, Node, Style, emit, mapping, parse, string
from bot.packages.merge.identity import ANNOTATION, COMMENT, noted_in_comment
from bot.packages.merge.piece import Piece, content_of, pieces_of
from bot.packages.package import EXECUTABLE, REGULAR, File, Files
from bot.packages.resource import copy_of

_ENDINGS = (".yaml", ".yml")


def with_merge_comments(files: Files, *, tidy: bool = True) -> dict[str, File]:
    """The files with kpt's notes in every resource that has none; all else stays byte for byte.

    As kpt does it after fetching: best effort, files that are no YAML stay as they are. `tidy` writes what is
    noted anew, as kpt does; where not, its lines stay as they were written.
    """
    return {path: _noted(path, file, tidy=tidy) for path, file in files.items()}


def all_with_merge_comments(trees: Iterable[Files]) -> list[dict[str, File]]:
    """Several states of one package, each `with_merge_comments`; what is the same in them is read once.

    The quickest order is from the oldest on: what is as it was, but for the notes, is then known already.
    """
    known: dict[File, File] = {}

    def noted(path: str, file: File) -> File:
        if not path.endswith(_ENDINGS):
            return file
        found = known.get(file)
        if found is None:
            found = known[file] = _noted(path, file, tidy=True)
            known[found] = found  # nothing is left to be noted in it
        return found

    return [{path: noted(path, file) for path, file in files.items()} for files in trees]


def add_merge_comment(root: Node) -> bool:
    """Note in a resource, as it is in the upstream, which one it is; say whether anything was added.

    Nothing is noted where kpt notes nothing: in what has neither name, namespace nor labels.
    """
    metadata = root.get("metadata")
    key = root.key("metadata") if root.kind is Kind.MAPPING else None
    if key is None or metadata is None or metadata.kind is not Kind.MAPPING or not metadata.content:
        return False
    name, namespace = metadata.text("name"), metadata.text("namespace")
    if not (name or namespace or metadata.get("labels")):
        return False
    changed = False
    if not key.line_comment.startswith(COMMENT):
        key.line_comment = f"{COMMENT} {namespace}/{name}"
        changed = True
    namespace, name = noted_in_comment(root) or (namespace, name)
    group, _, _ = root.text("apiVersion").rpartition("/")
    identifier = f"{group}|{root.text('kind')}|{namespace or 'default'}|{name}"
    return _annotate(metadata, identifier) or changed


def _annotate(metadata: Node, identifier: str) -> bool:
    annotations = metadata.get("annotations")
    if annotations is None or annotations.kind is not Kind.MAPPING:
        annotations = mapping()
        metadata.put("annotations", annotations)
    if annotations.text(ANNOTATION):
        return False
    annotations.put(ANNOTATION, string(identifier, Style.SINGLE_QUOTED))
    return True


def _noted(path: str, file: File, *, tidy: bool) -> File:
    if not path.endswith(_ENDINGS) or file.mode not in (REGULAR, EXECUTABLE):
        return file
    try:
        if tidy:
            documents = parse(file.content, path=path)
            added = [add_merge_comment(document.root) for document in documents]
            return File(emit(documents, wide=None), file.mode) if any(added) else file
        before = pieces_of(path, file.content)
        after = [_noted_piece(piece) for piece in before]
    except InvalidDocument:
        return file
    return file if before == after else File(content_of(after, file.content), file.mode)


def _noted_piece(piece: Piece) -> Piece:
    document = copy_of(piece.document)
    return piece.written_as(document) if add_merge_comment(document.root) else piece
