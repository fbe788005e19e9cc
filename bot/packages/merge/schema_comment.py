"""Comments that say what a field is, in OpenAPI's words, where no schema knows it: `# {"$ref": "…"}`."""

import json

from bot.packages.documents import Node
from bot.packages.merge.guide import Guide, KubernetesGuide
from bot.packages.schema import Shape

_LONGEST = 1000
_DEFINITIONS = "#/definitions/io.k8s."


def commented_guide(key: Node | None) -> Guide | None:
    """What the comments at a key say of its value; None where they say nothing of the kind."""
    if key is None or "{" not in key.head_comment + key.line_comment:
        return None
    for comment in (key.line_comment, key.head_comment):
        text = comment.removeprefix("#").strip()
        if text.startswith("{") and len(text) <= _LONGEST:
            try:
                found = _shape(json.loads(text))
            except (ValueError, RecursionError):
                continue
            if found:
                return KubernetesGuide(Shape(found))
    return None


def _shape(schema: object) -> str:
    """The schema as our schema's own notation has it, '' where that knows none of it."""
    if not isinstance(schema, dict):
        return ""
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith(_DEFINITIONS):
        return reference.rpartition(".")[2]
    items = _shape(schema.get("items"))
    key = schema.get("x-kubernetes-patch-merge-key")
    if schema.get("type") == "array" and schema.get("x-kubernetes-patch-strategy") == "merge":
        return f"[{items}]/{key}" if isinstance(key, str) else ""
    return ""
