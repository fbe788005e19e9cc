"""fix: bring packages of kpt's versions before 1.0 to v1: their Kptfiles, their setters, their comments."""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.errors import InvalidDocument
from bot.packages.documents import from_plain, plain
from bot.packages.documents.node import Kind, Node, Style, mapping, string
from bot.packages.kptfile import API_VERSION
from bot.packages.package import KPTFILE
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.comment import SETTER, line_comment
from bot.render.fields import leaves, set_text
from bot.render.function import Outcome, fault_of
from bot.render.healing import heal
from bot.render.migration import FIRST, SECOND, lost, migrated
from bot.render.openapi import NAME as SETTER_NAME
from bot.render.openapi import SETTERS, SUBSTITUTIONS, Definitions, read_definitions, value_of

NAME = "fix"
SETTING = "gcr.io/kpt-fn/apply-setters:v0.2"
SETTERS_FILE = "setters.yaml"
# How fields were bound to setters: `# {"$kpt-set":"name"}`, and two older ways to say the same.
_BOUND = re.compile(
    r'#\s*\{\s*"\$(?:(?:kpt-set|openapi)"\s*:\s*"|ref"\s*:\s*"#/definitions/)(?P<name>[^"\\]+)"\s*\}\s*'
)
_FUNCTION = ("config.kubernetes.io/function", "config.k8s.io/function")


class _Plan(NamedTuple):
    """What becomes of one Kptfile of v1alpha1; `setters` is its new file, if it has any."""

    old: Node
    new: Node
    setters: Resource | None
    said: tuple[str, ...]


def fix(items: list[Resource], config: Node | None) -> Outcome:  # noqa: ARG001 - it takes no config
    """Run over `items`, Kptfiles among them; those of v1 and the comments of v1 stay as they are.

    What v1 has no place for is named in a warning. A package that cannot be brought to v1 fails, and
    nothing is changed.
    """
    defined: dict[str, Definitions] = {}
    plans: list[tuple[Resource, _Plan]] = []
    faults: list[Result] = []
    paths = {item.path for item in items}
    kptfiles = [item for item in items if item.kind == KPTFILE]
    for item in kptfiles:
        if item.api_version != FIRST:
            continue
        try:
            plans.append((item, _plan(item, defined, paths)))
        except InvalidDocument as error:
            faults.append(fault_of(item, error))
    if faults:
        return Outcome(items, tuple(faults), 1, faults[0].message)
    results = [result for item, plan in plans for result in _carry_out(item, plan)]
    results += [result for item in kptfiles for result in _second(item)]
    results += [result for item in items for result in _comments(item, defined)]
    results += [_implicit(item) for item in items if item.kind != KPTFILE and _is_function(item)]
    return Outcome([*items, *(plan.setters for _, plan in plans if plan.setters)], tuple(results))


def _without_aliases(item: Resource) -> Node:
    """An item's root, with aliases written out: what they stand for may have no place in v1."""
    waiting = [item.root]
    while waiting:
        node = waiting.pop()
        if node.kind is Kind.ALIAS:
            return from_plain(plain(item.document))
        waiting += node.content
    return item.root


def _plan(item: Resource, defined: dict[str, Definitions], paths: set[str]) -> _Plan:
    directory = posixpath.dirname(item.path)
    if directory in defined:
        raise InvalidDocument("A package must have one Kptfile; remove the others.")
    old = _without_aliases(item)
    defined[directory] = definitions = read_definitions(old)
    for name in definitions.substitutions:
        definitions.pattern(name)  # raises for one that has none
    setters = _setters(item, definitions, paths) if definitions.setters else None
    name = posixpath.basename(setters.path) if setters else ""
    mutator = mapping(("image", string(SETTING)), ("configPath", string(name))) if setters else None
    new = migrated(old, mutator)
    said = []
    if new.get("info") is not None:
        said.append('transformed "packageMetadata" to "info"')
    if new.get("upstream") is not None:
        said.append('transformed "upstream" to "upstream" and "upstreamLock"')
    if setters:
        said.append(f'transformed "openAPI" to the function "apply-setters" with the config "{name}"')
    return _Plan(old, new, setters, tuple(said))


def _setters(item: Resource, definitions: Definitions, paths: set[str]) -> Resource:
    """The ConfigMap with a package's setters, in a file of its own."""
    data = {name: value_of(node) for name, node in sorted(definitions.setters.items())}
    root = from_plain(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "setters"}, "data": data}
    )
    stem, ending = posixpath.splitext(posixpath.join(posixpath.dirname(item.path), SETTERS_FILE))
    path, number = stem + ending, 1
    while path in paths:
        path, number = f"{stem}-{number}{ending}", number + 1
    paths.add(path)
    return Resource(Node(Kind.DOCUMENT, content=[root]), path, 0, item.package)


def _carry_out(item: Resource, plan: _Plan) -> Iterator[Result]:
    line = item.root.line
    for message in plan.said:
        yield Result(message, "info", item.path, line=line)
    for name, value in lost(plan.old):
        message = f"`{name[:80]}` has no place in {API_VERSION}; it is left out"
        yield Result(message, "warning", item.path, line=value.line or line)
    heal(plan.new, item.edit())
    item.document.content = [plan.new]


def _second(item: Resource) -> Iterator[Result]:
    """A Kptfile of v1alpha2 differs from v1 in its version, and in the name of one field."""
    version = item.root.get("apiVersion")
    if version is None or version.value != SECOND:
        return
    set_text(item, version, API_VERSION)
    lock = item.root.get("upstreamLock")
    key = lock.key("gitLock") if lock is not None else None
    if lock is not None and key is not None and lock.get("git") is None:
        key.value = "git"
    yield Result(f'transformed "{SECOND}" to "{API_VERSION}"', "info", item.path, line=item.root.line)


def _comments(item: Resource, defined: dict[str, Definitions]) -> Iterator[Result]:
    """Bind an item's fields to setters as v1 does."""
    for key, node, path in leaves(item.root):
        place = node if key is None or node.style & Style.FLOW else key
        bound = _BOUND.fullmatch(place.line_comment) if place.line_comment else None
        pattern = _pattern(bound["name"], item.path, defined) if bound else ""
        if pattern:
            item.edit()
            place.line_comment = line_comment(SETTER + pattern)
            message = f'transformed the comment to "{SETTER}{pattern}"'
            yield Result(message, "info", item.path, path, line=place.line)


def _pattern(name: str, path: str, defined: dict[str, Definitions]) -> str:
    """What a field is made of: the nearest substitution of that name, or else a setter; '' for neither."""
    name = name.removeprefix(SETTERS).removeprefix(SUBSTITUTIONS)
    parts = path.split("/")[:-1]
    for count in range(len(parts), -1, -1) if defined else ():
        here = defined.get("/".join(parts[:count]))
        if here is not None and name in here.substitutions:
            return here.pattern(name)
        if here is not None and name in here.setters:
            break
    return f"${{{name}}}" if SETTER_NAME.fullmatch(name) else ""


def _is_function(item: Resource) -> bool:
    return any(item.root.get("metadata", "annotations", key) is not None for key in _FUNCTION)


def _implicit(item: Resource) -> Result:
    message = (
        f"this is the config of a function that {API_VERSION} does not run by itself; add the function to "
        "the pipeline of the Kptfile, with this file as its `configPath`"
    )
    return Result(message, "warning", item.path, line=item.root.line, document=item.index)
