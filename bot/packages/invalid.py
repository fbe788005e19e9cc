"""What kpt says of a Kptfile that it can read, and yet not run: the first fault of its pipeline only."""

from collections.abc import Callable, Iterator

from bot.packages.function import Function, is_image, path_fault
from bot.packages.gostring import go_quoted
from bot.packages.kptfile import Kptfile

_BOTH = "must not specify both `image` and `exec` at the same time"
_BOTH_CONFIGS = "functionConfig must not specify both `configMap` and `configPath` at the same time"
_NEITHER = "must specify a functon (`image` or `exec`) to execute"  # so misspelled by kpt


def invalidity(kptfile: Kptfile, config_fault: Callable[[Function], str]) -> str:
    """Kpt's words; '' when the pipeline is valid.

    `config_fault` says what is wrong with the file at a function's `configPath`, '' for nothing.
    """
    for stage, functions in (("mutators", kptfile.mutators), ("validators", kptfile.validators)):
        for index, function in enumerate(functions):
            fault = next(_faults(function, config_fault), None)
            if fault:
                field, value, reason = fault
                place = f"Field: `pipeline.{stage}[{index}]{field}`"
                shown = f"Value: {go_quoted(value)}\n" if value else ""
                return f"Kptfile is invalid:\n{place}\n{shown}Reason: {reason}\n"
    return ""


def _faults(function: Function, config_fault: Callable[[Function], str]) -> Iterator[tuple[str, str, str]]:
    """Field, value and reason of each fault, in the order in which kpt looks."""
    image, path = function.image, function.config_path
    if not image and not function.exec:
        yield "", "", _NEITHER
    if image and function.exec:
        yield "", "", _BOTH
    if image and not is_image(image):
        yield (
            ".image",
            image,
            f"function image reference {go_quoted(image)} is invalid: {_image_fault(image)}",
        )
    if function.config_map and path:
        yield "", "", _BOTH_CONFIGS
    reason = _path_reason(path) or config_fault(function) if path else ""
    if reason:
        yield ".configPath", path, reason


def _image_fault(image: str) -> str:
    return "repository name must be lowercase" if is_image(image.lower()) else "invalid reference format"


def _path_reason(path: str) -> str:
    fault = path_fault(path)
    if not fault:
        return ""
    return "path must be relative" if path.startswith("/") else f"path {fault.partition(',')[0]}"
