"""The status that kpt leaves in a root Kptfile: whether its last rendering went well, and each step of it."""

from collections.abc import Collection, Sequence

from bot.packages.canonical import format_kptfile, kptfile_values
from bot.packages.documents import LIMITS, parse
from bot.packages.package import KPTFILE
from bot.packages.rendering import Step
from bot.render.failure import Failure
from bot.render.report import Values, step_values

RENDERED = "Rendered"
MOST_RESULTS = 10_000


def with_status(
    kptfile: bytes, steps: Sequence[Step], failure: Failure | None, directories: Collection[str]
) -> bytes:
    """The Kptfile with its status set anew; `directories` are those of all packages.

    It is written as kpt does, so its comments are lost and its fields come in kpt's order. Results and stderr
    are left out where there are so many of them that the Kptfile could not be read again.
    """
    if sum(len(step.results) for step in steps) <= MOST_RESULTS:
        text = _with_status(kptfile, steps, failure, directories)
        if len(text) <= LIMITS.bytes // 2:
            return text
    brief = [step._replace(results=(), stderr="") for step in steps]
    return _with_status(kptfile, brief, failure, directories)


def _with_status(
    kptfile: bytes, steps: Sequence[Step], failure: Failure | None, directories: Collection[str]
) -> bytes:
    values = kptfile_values(parse(kptfile, path=KPTFILE)[0].root)
    had = values.pop("status", None)
    conditions = had.get("conditions") if isinstance(had, dict) else None
    others = [
        condition
        for condition in (conditions if isinstance(conditions, list) else [])
        if isinstance(condition, dict) and condition.get("type") != RENDERED
    ]
    status: Values = {"conditions": [*others, _condition(failure)]}
    if steps:
        status["renderStatus"] = _render_status(steps, directories)
    return format_kptfile({**values, "status": status})


def _condition(failure: Failure | None) -> Values:
    if failure is None:
        return {"type": RENDERED, "status": "True", "reason": "RenderSuccess"}
    return {"type": RENDERED, "status": "False", "reason": "RenderFailed", "message": str(failure)}


def _render_status(steps: Sequence[Step], directories: Collection[str]) -> Values:
    mutations = [step_values(step, directories) for step in steps if not step.is_validator]
    validations = [step_values(step, directories) for step in steps if step.is_validator]
    found: Values = {}
    if mutations:
        found["mutationSteps"] = mutations
    if validations:
        found["validationSteps"] = validations
    summary = [
        f"{step.name or step.function}: {step.error or f'exit code {step.exit_code}'}"
        for step in steps
        if step.exit_code or step.error
    ]
    if summary:
        found["errorSummary"] = "\n".join(summary)
    return found
