"""set-project-id: give a package's setters, and Config Connector's resources, the project of Google Cloud."""

import posixpath

from bot.errors import InvalidDocument
from bot.packages.documents.node import Kind, Node, mapping, sequence, string
from bot.packages.function import is_null
from bot.packages.naming import quoted
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.config import texts_of
from bot.render.fields import mappings_at, put_text
from bot.render.function import Outcome, failed, fault_of, succeeded
from bot.render.functions.list_setters import is_setting

NAME = "set-project-id"
SETTER = "project-id"
ANNOTATION = "cnrm.cloud.google.com/project-id"
SETTING = "gcr.io/kpt-fn/apply-setters:v0.2"
_FAILURE = "failed to evaluate function: error: function failure"
_GROUPS = ".cnrm.cloud.google.com"
_CORE = "core" + _GROUPS


def set_project_id(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the project is a ConfigMap's `project-id`."""
    project = texts_of(config.root.get("data")).get(SETTER, "") if config is not None else ""
    if not project:
        return failed(items, f"`data.{SETTER}` must name the project", stderr=_FAILURE)
    files = {item.path: item for item in items if item.index == 0}
    setters = annotations = 0
    faults: list[Result] = []
    for item in items:
        try:
            if item.kind == "Kptfile":
                setters += _set(item, files, project)
            elif item.group.endswith(_GROUPS) and item.group != _CORE:
                annotations += _annotate(item, project)
        except InvalidDocument as error:
            faults.append(fault_of(item, error))
    if faults:
        return Outcome(items, tuple(faults), 1, _FAILURE)
    message = f'set {setters} setter(s) and {annotations} annotation(s) to project-id "{project}"'
    return succeeded(items, message)


def _annotate(item: Resource, project: str) -> bool:
    """Put the annotation where there is none; say whether it was put."""
    if item.root.get("metadata", "annotations", ANNOTATION) is not None:
        return False
    return any(
        put_text(item, node, ANNOTATION, project)
        for node in mappings_at(item, ("metadata", "annotations"), create=True)
    )


def _set(kptfile: Resource, files: dict[str, Resource], project: str) -> bool:
    """Set it in a package's first config of apply-setters, made if there is none; say if it changed."""
    mutators = kptfile.root.get("pipeline", "mutators")
    entries = mutators.content if mutators is not None and mutators.kind is Kind.SEQUENCE else []
    entry = next((entry for entry in entries if is_setting(entry)), None)
    if entry is None:
        entry = _add(kptfile)
    path = entry.text("configPath")
    if not path:
        return _put(kptfile, entry, "configMap", project)
    place = posixpath.normpath(posixpath.join(posixpath.dirname(kptfile.path), path))
    file = files.get(place)
    if file is None:
        raise InvalidDocument(
            f"The setters' file {quoted(place)} is no resource that the function was given; give it all "
            "resources of the package.",
            line=entry.line,
        )
    return _put(file, file.root, "data", project)


def _put(item: Resource, holder: Node, field: str, project: str) -> bool:
    """Set the setter in the mapping `field`, made if it is missing."""
    found = holder.get(field)
    if found is None or is_null(found):
        item.edit()
        found = mapping()
        holder.put(field, found)
    if found.kind is not Kind.MAPPING:
        raise InvalidDocument(f"`{field}` must be a mapping.", line=found.line)
    return put_text(item, found, SETTER, project)


def _add(kptfile: Resource) -> Node:
    """A new function at the end of the package's mutators."""
    entry = mapping(("image", string(SETTING)))
    for pipeline in mappings_at(kptfile, ("pipeline",), create=True):
        mutators = pipeline.get("mutators")
        if mutators is not None and not is_null(mutators) and mutators.kind is not Kind.SEQUENCE:
            raise InvalidDocument("`mutators` must be a list.", line=mutators.line)
        kptfile.edit()
        if mutators is None or is_null(mutators):
            mutators = sequence()
            pipeline.put("mutators", mutators)
        mutators.content.append(entry)
    return entry
