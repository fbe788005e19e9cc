"""gatekeeper: a validator that holds resources against the policies among them, in Rego."""

import importlib.util
import json
from dataclasses import replace
from typing import Any, NamedTuple

from bot.errors import InvalidDocument, WorkerFailed
from bot.packages.documents import plain
from bot.packages.documents.node import Node
from bot.packages.naming import quoted
from bot.packages.rendering import Reference, Result
from bot.packages.resource import Resource
from bot.render import constraint, constraint_template
from bot.render.bounds import BOUNDS, MEGABYTE, Bounds
from bot.render.constraint import Constraint, Subject, subjects
from bot.render.constraint_template import Template, is_template
from bot.render.function import Outcome, about, failed, fault_of
from bot.render.worker import run_worker

NAME = "gatekeeper"
LIBRARY = "regopy"
SECONDS_EACH = 0.005  # of a review by one constraint; it takes a tenth of that
LONGEST = 120.0  # seconds
# The map of all memory that its allocator, snmalloc, claims at its start; it fills as memory is used.
RESERVED = 256 * 1024 * MEGABYTE
_WORKER = "bot.render.workers.rego"
_SEVERITIES = ("error", "warning", "info")


class Asked(NamedTuple):
    """A resource, and the numbers of the constraints that are about it."""

    subject: Subject
    constraints: list[int]


def gatekeeper(items: list[Resource], config: Node | None, bounds: Bounds = BOUNDS) -> Outcome:
    """Run over `items`, without a config: templates, constraints and what they are about are all among them.

    Every resource is reviewed that is no template and no constraint itself, the Kptfile too.
    """
    del config
    templates, constraints, faults = _policies(items)
    if faults:
        return _outcome(items, faults)
    others = [item for item in items if not is_template(item) and item.group != constraint.GROUP]
    asked = [
        Asked(subject, numbers)
        for subject in subjects(others)
        if (numbers := [at for at, found in enumerate(constraints) if found.matches(subject)])
    ]
    if not templates:
        return Outcome(items)
    if importlib.util.find_spec(LIBRARY) is None:
        return _failed(
            items,
            f"gatekeeper needs the library `{LIBRARY}`, which is not here; install it by "
            f"`pip install {LIBRARY}`: it is made for Linux with glibc 2.34 or newer, on x86_64 and aarch64",
        )
    try:
        request = _request(others, templates, constraints, asked)
        answer: dict[str, Any] = json.loads(run_worker(_WORKER, request, _bounds(bounds, asked)))
    except InvalidDocument as error:
        return _failed(items, error.reason)
    except WorkerFailed as error:
        return _failed(items, f"the policies' program {error}; templates and resources must need less")
    if answer["error"]:
        return _failed(items, answer["error"])
    found = (
        _violation(asked[review].subject.item, constraints[number], message)
        for review, number, message in answer["violations"]
    )
    return _outcome(items, list(found))


def _policies(items: list[Resource]) -> tuple[list[Template], list[Constraint], list[Result]]:
    """The templates and the constraints among the items, and what is wrong with them."""
    templates: dict[str, Template] = {}
    constraints: list[Constraint] = []
    faults: list[Result] = []
    for item in items:
        try:
            if is_template(item):
                template = constraint_template.read(item)
                templates[template.kind] = template
            elif item.group == constraint.GROUP:
                constraints.append(constraint.read(item))
        except InvalidDocument as error:
            faults.append(fault_of(item, error))
    faults += [
        about(
            found.item,
            f"the kind {quoted(found.kind)} of this constraint must be made by a ConstraintTemplate among "
            "the resources; add the template, or remove the constraint",
            "error",
        )
        for found in constraints
        if not faults and found.kind not in templates
    ]
    return list(templates.values()), constraints, faults


def _request(
    others: list[Resource], templates: list[Template], constraints: list[Constraint], asked: list[Asked]
) -> bytes:
    """What the worker is asked. Raises InvalidDocument for numbers that JSON does not have."""
    places = {template.kind: place for place, template in enumerate(templates)}
    sought = any(template.looks for template in templates)
    values: dict[int, Any] = {}  # each resource's value is made once, whoever looks at it
    request = {
        "templates": [
            {"name": found.name, "rego": found.rego, "libs": found.libs, "looks": found.looks}
            for found in templates
        ],
        "constraints": [
            {"template": places[found.kind], "parameters": found.parameters} for found in constraints
        ],
        "reviews": [_review(found.subject.item, values) for found in asked],
        "asked": [(place, found.constraints) for place, found in enumerate(asked)],
        "inventory": _inventory(others, values) if sought else {},
    }
    try:
        return json.dumps(request, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        raise InvalidDocument(
            "a policy can be shown no `.inf` and no `.nan`; select the resources without them"
        ) from None


def _review(item: Resource, values: dict[int, Any]) -> dict[str, Any]:
    """What Gatekeeper's audit shows a policy of a resource."""
    group, _, version = item.api_version.rpartition("/")
    review = {
        "kind": {"group": group, "version": version, "kind": item.kind},
        "name": item.name,
        "object": _value(item, values),
    }
    return review | ({"namespace": item.namespace} if item.namespace else {})


def _inventory(items: list[Resource], values: dict[int, Any]) -> dict[str, Any]:
    """All resources as Gatekeeper's `data.inventory` has them."""
    inventory: dict[str, Any] = {"cluster": {}, "namespace": {}}
    for item in items:
        spaces = inventory["namespace"]
        place = spaces.setdefault(item.namespace, {}) if item.namespace else inventory["cluster"]
        kinds = place.setdefault(item.api_version, {})
        kinds.setdefault(item.kind, {})[item.name] = _value(item, values)
    return inventory


def _value(item: Resource, values: dict[int, Any]) -> Any:  # noqa: ANN401 JSON of a stranger
    if id(item) not in values:
        values[id(item)] = plain(item.root, path=item.path)
    return values[id(item)]


def _bounds(bounds: Bounds, asked: list[Asked]) -> Bounds:
    """As much more time as there is to be done, to a limit."""
    more = sum(len(found.constraints) for found in asked) * SECONDS_EACH
    seconds = max(bounds.seconds, min(bounds.seconds + more, LONGEST))
    processor = bounds.processor_seconds + int(seconds - bounds.seconds)
    return replace(bounds, seconds=seconds, processor_seconds=processor, reserved=RESERVED)


def _violation(item: Resource, found: Constraint, message: str) -> Result:
    return about(item, f"{message}\nviolatedConstraint: {found.name}", found.severity)


def _outcome(items: list[Resource], results: list[Result]) -> Outcome:
    results.sort(key=_order)
    if any(result.severity == "error" for result in results):
        return Outcome(items, tuple(results), 1, "\n\n".join(_said(result) for result in results))
    return Outcome(items, tuple(results))


def _failed(items: list[Resource], message: str) -> Outcome:
    return failed(items, message, stderr=f"[error]: {message}")


def _order(result: Result) -> tuple[str, int, int, str]:
    """By file, place in it, how bad it is, and text."""
    return result.file, result.document, _SEVERITIES.index(result.severity), _said(result)


def _said(result: Result) -> str:
    """A result as the original writes it on standard error: after the name an empty field's place."""
    named = result.resource or Reference()
    parts = (named.api_version, named.kind, named.namespace, named.name)
    return f"[{result.severity}] {'/'.join(part for part in parts if part)} : {result.message}"
