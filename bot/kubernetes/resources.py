"""What is in a package revision, as the `PackageRevisionResources` that a cluster shall have of it."""

from collections.abc import Mapping
from typing import Any

from bot.kubernetes.cluster import MANAGER, Object
from bot.kubernetes.hearing import Rendered
from bot.kubernetes.revisions import LONGEST_MESSAGE, reference
from bot.kubernetes.wished import Condition, Wished, managed
from bot.lifecycle import cluster_messages as say
from bot.packages.objects import REPOSITORY_LABEL, name_of
from bot.packages.problem import Problem
from bot.packages.registration import Registration
from bot.packages.revision import PackageRevision
from bot.packages.texts import Texts

# Annotation: the commit that the contents are those of, which whoever changes them has seen.
COMMIT = "portico.dev/commit"
COMPLETE = "portico.dev/Complete"  # the condition that tells which files are not shown
MOST_PROBLEMS = 100
_LONGEST_PROBLEM = 1000  # characters


def contents(
    registration: Registration, revision: PackageRevision, texts: Texts, owner: Object, rendered: Rendered
) -> Wished:
    """The object with what is in one revision; `owner` is the Repository object that it belongs to."""
    name = name_of(registration, revision)
    metadata: dict[str, Any] = {
        "name": name,
        "namespace": owner["metadata"]["namespace"],
        "labels": {REPOSITORY_LABEL: registration.name},
        "annotations": {COMMIT: revision.commit},
        "ownerReferences": [reference(owner)],
    }
    spec = {
        "packageName": revision.path,
        "workspaceName": revision.workspace,
        "revision": revision.revision,
        "repository": registration.name,
        "resources": dict(texts.texts),
    }
    status = {"renderStatus": _render_status(rendered)} if rendered is not None else {}
    return Wished(metadata, spec, status, (_complete(name, texts),))


def are_ours(head: Object) -> bool:
    """Whether the contents are those that we wrote: another's change takes the whole field from us."""
    return any(
        entry.get("manager") == MANAGER
        and "f:resources" in ((entry.get("fieldsV1") or {}).get("f:spec") or {})
        for entry in managed(head)
    )


def commit_of(item: Object) -> str:
    """The commit that the contents were read at, '' where the object does not say it any more."""
    return str((item["metadata"].get("annotations") or {}).get(COMMIT, ""))


def written(item: Object) -> Mapping[str, str]:
    """The contents that the object has now."""
    return dict(item.get("spec", {}).get("resources") or {})


def _complete(name: str, texts: Texts) -> Condition:
    if texts.too_large:
        return Condition(COMPLETE, "False", "TooLarge", say.too_large(name))
    if texts.left_out:
        return Condition(COMPLETE, "False", "NotText", say.left_out(name, texts.left_out))
    return Condition(COMPLETE, "True", "Complete", "")


def _render_status(problems: tuple[Problem, ...]) -> dict[str, Any]:
    """Porch's fields of this name (facts: Porch §2.1), as far as a rendering is remembered."""
    if not problems:
        return {"result": {"exitCode": 0}}
    shown = [_result(problem) for problem in problems[:MOST_PROBLEMS]]
    said = "\n".join(map(str, problems))[:LONGEST_MESSAGE]
    return {"error": said, "result": {"exitCode": 1, "items": [{"exitCode": 1, "results": shown}]}}


def _result(problem: Problem) -> dict[str, Any]:
    result: dict[str, Any] = {"message": problem.message[:_LONGEST_PROBLEM], "severity": "error"}
    return {**result, "file": {"path": problem.where}} if problem.where else result
