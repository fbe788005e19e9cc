"""set-enforcement-action: what Gatekeeper does about the policies' violations."""

from bot.errors import InvalidDocument
from bot.packages.documents.node import Node
from bot.packages.naming import quoted
from bot.packages.rendering import Result
from bot.packages.resource import Resource
from bot.render.config import texts_of
from bot.render.fields import mappings_at, put_text
from bot.render.function import Outcome, failed, fault_of, succeeded

NAME = "set-enforcement-action"
FIELD = "enforcementAction"
ACTIONS = ("deny", "warn", "dryrun")
_POLICIES = "constraints.gatekeeper.sh/v1beta1"


def set_enforcement_action(items: list[Resource], config: Node | None) -> Outcome:
    """Run over `items`; the action is a ConfigMap's `enforcementAction`, and nothing else is in it."""
    try:
        action = _read(config)
    except InvalidDocument as error:
        return failed(items, error.reason, stderr=f"[error]: {error.reason}")
    policies = [item for item in items if item.api_version == _POLICIES]
    if not policies:
        return succeeded(items, f"Found no policy to set to [{action}]", severity="warning")
    results = [Result(f"Number of policies set to [{action}]: {len(policies)}")]
    faults: list[Result] = []
    for item in policies:
        try:
            for spec in mappings_at(item, ("spec",), create=True):
                put_text(item, spec, FIELD, action)
        except InvalidDocument as error:
            faults.append(fault_of(item, error))
        message = f"Policy name: [{item.name}]"
        results.append(Result(message, "info", item.path, line=item.root.line))
    if faults:
        return Outcome(items, tuple(faults), 1, f"[error]: {faults[0].message}")
    return Outcome(items, tuple(results))


def _read(config: Node | None) -> str:
    texts = texts_of(config.root.get("data")) if config is not None else {}
    if texts.keys() != {FIELD}:
        raise InvalidDocument(f"expecting exactly 1 {FIELD} as part of the ConfigMap")
    if texts[FIELD] not in ACTIONS:
        raise InvalidDocument(
            f"`{FIELD}` must be one of {', '.join(ACTIONS)}, but is {quoted(texts[FIELD][:80])}"
        )
    return texts[FIELD]
