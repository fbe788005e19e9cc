"""What functions said, in kpt's shapes: `results.yaml`, and the steps of a Kptfile's status."""

import posixpath
from collections.abc import Collection, Iterable

from bot.packages.documents import dump
from bot.packages.rendering import Result, Step

Values = dict[str, object]


def format_results(steps: Iterable[Step], directories: Collection[str], exit_code: int) -> bytes:
    """The FunctionResultList of a run; `directories` are those of the packages, '' being the root."""
    items = [_item(step, directories) for step in steps]
    found: Values = {
        "apiVersion": "kpt.dev/v1",
        "kind": "FunctionResultList",
        "metadata": {"name": "fnresults"},
        "exitCode": exit_code,
    }
    if items:
        found["items"] = items
    return dump(found, wide=True)


def step_values(step: Step, directories: Collection[str]) -> Values:
    """One step as `status.renderStatus` holds it."""
    results = [_result(result, directories) for result in step.results]
    errors = [values for values in results if values.get("severity") == "error"]
    return _filled(
        name=step.name,
        **_title(step),
        executionError=step.error,
        stderr=step.stderr,
        exitCode=step.exit_code,
        results=results,
        errorResults=errors,
    )


def _item(step: Step, directories: Collection[str]) -> Values:
    results = [_result(result, directories) for result in step.results]
    # The digest is ours: whoever reads the results of a container learns what it really was.
    which = {**_title(step), "digest": step.digest}
    return _filled(**which, stderr=step.stderr, exitCode=step.exit_code, results=results)


def _title(step: Step) -> Values:
    return {"exec" if step.is_executable else "image": step.function}


def _result(result: Result, directories: Collection[str]) -> Values:
    about, resource, field = None, result.resource, None
    if resource is not None:
        names = {"name": resource.name, "namespace": resource.namespace}
        about = _filled(apiVersion=resource.api_version, kind=resource.kind, **names)
    if result.field:
        field = _filled(
            path=result.field, currentValue=_text(result.current), proposedValue=_text(result.proposed)
        )
    file = None
    if result.file:
        file = _filled(path=inside(result.file, directories), index=result.document)
    return _filled(
        message=result.message,
        severity=result.severity,
        resourceRef=about,
        field=field,
        file=file,
        tags=dict(result.tags),
    )


def inside(path: str, directories: Collection[str]) -> str:
    """A path from the root as the path from its own package."""
    directory = posixpath.dirname(path)
    while directory and directory not in directories:
        directory = posixpath.dirname(directory)
    return path[len(directory) + 1 :] if directory else path


def _text(value: object) -> object:
    """The value of a field: scalars as text, as kpt keeps them."""
    if value is None or isinstance(value, str | dict | list):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _filled(**values: object) -> Values:
    """The values that say something; an exit code always does."""
    return {name: value for name, value in values.items() if value or name == "exitCode"}
