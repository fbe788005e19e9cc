"""annotate-apply-time-mutations: note on resources what `kpt live apply` is to take from other ones."""

import re
from collections.abc import Iterator

from bot.errors import InvalidDocument
from bot.packages.documents import dump
from bot.packages.documents.node import Kind, Node
from bot.packages.rendering import Result
from bot.packages.resource import Identity, Resource
from bot.render.fields import mappings_at, put_text, set_text
from bot.render.function import Outcome, about
from bot.render.substitution import Substitution, read_comment, read_mutation

NAME = "annotate-apply-time-mutations"
ANNOTATION = "config.kubernetes.io/apply-time-mutation"
MARK = "# apply-time-mutation:"
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)


def annotate_apply_time_mutations(items: list[Resource], config: Node | None) -> Outcome:  # noqa: ARG001 - it takes no config
    """Run over `items`; ApplyTimeMutations and comments beside fields say what is taken from where."""
    wanted: dict[Identity, list[Substitution]] = {}
    values: list[tuple[Resource, Node, str]] = []
    results: list[Result] = []
    faults: list[Result] = []
    mutations: list[tuple[Resource, Identity]] = []
    for number, item in enumerate(items):
        try:
            if item.kind == "ApplyTimeMutation" and item.group == "fn.kpt.dev":
                source, found = read_mutation(item.root)
                target = source.identity
                mutations.append((item, target))
                results.append(about(item, f"Found valid ApplyTimeMutation object (item: {number})"))
            else:
                target, found = item.identity, _read_comments(item, values)
        except InvalidDocument as error:
            faults.append(about(item, error.reason, "error", line=error.line))
        else:
            wanted.setdefault(target, []).extend(found)
    if not faults:
        _put_tokens(values)
        faults = _annotate(items, wanted, results)
    if faults:
        return Outcome(items, tuple(results + faults), 1, faults[0].message)
    known = {item.identity for item in items}
    results += [
        about(item, f"The target `{target.kind}` '{target.name}' is not among the resources.", "warning")
        for item, target in mutations
        if target not in known
    ]
    return Outcome(items, tuple(results))


def _read_comments(item: Resource, values: list[tuple[Resource, Node, str]]) -> list[Substitution]:
    """What the comments of a resource ask for; the new texts of its fields are added to `values`."""
    found: list[Substitution] = []
    for node, path in _marked(item.root):
        comment = node.line_comment.removeprefix(MARK).strip()
        try:
            substitutions, value = read_comment(comment, path, len(found))
        except InvalidDocument as error:
            raise InvalidDocument(error.reason, line=node.line) from error
        found += substitutions
        if value:
            values.append((item, node, value))
    return found


def _marked(root: Node) -> Iterator[tuple[Node, str]]:
    """The scalars with a mark beside them, in the order of the document, each with its JSONPath."""
    steps: list[str] = ["$"]
    waiting: list[tuple[Node, int, str]] = [(root, 0, "$")]
    while waiting:
        node, depth, step = waiting.pop()
        # The path is put together for marks alone: to carry it along would cost its length at every node.
        steps[depth:] = [step]
        if node.kind is Kind.SCALAR and node.line_comment.startswith(MARK):
            yield node, "".join(steps)
        elif node.kind is Kind.MAPPING:
            waiting += [(value, depth + 1, _step(key.value)) for key, value in node.pairs()][::-1]
        elif node.kind is Kind.SEQUENCE:
            waiting += [(child, depth + 1, f"[{index}]") for index, child in enumerate(node.content)][::-1]


def _step(key: str) -> str:
    if _PLAIN_KEY.fullmatch(key):
        return f".{key}"
    text = key.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{text}']"


def _put_tokens(values: list[tuple[Resource, Node, str]]) -> None:
    for item, node, value in values:
        set_text(item, node, value)


def _annotate(
    items: list[Resource], wanted: dict[Identity, list[Substitution]], results: list[Result]
) -> list[Result]:
    """Write the annotations, and say so in `results`; returns what keeps any from being written."""
    faults: list[Result] = []
    for number, item in enumerate(items):
        substitutions = wanted.get(item.identity)
        if not substitutions:
            continue
        text = dump([one.told() for one in dict.fromkeys(substitutions)]).decode()
        try:
            for notes in mappings_at(item, ("metadata", "annotations"), create=True):
                put_text(item, notes, ANNOTATION, text)
        except InvalidDocument as error:
            faults.append(about(item, error.reason, "error", line=error.line))
        else:
            results.append(about(item, f"Wrote apply-time-mutation annotation (item: {number})"))
    return faults
