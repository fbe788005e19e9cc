"""annotate-apply-time-mutations beyond the conformance tables."""

import pytest

from bot.packages.documents import parse
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.annotate_apply_time_mutations import annotate_apply_time_mutations

HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"
MUTATION = "apiVersion: fn.kpt.dev/v1alpha1\nkind: ApplyTimeMutation\nmetadata:\n  name: m\nspec:\n"
SOURCE = "{apiVersion: v1, kind: Secret, name: s}"
NOTE = "  annotations:\n    config.kubernetes.io/apply-time-mutation: |\n"


def run(text: str) -> tuple[Outcome, str]:
    items = [Resource(document, "r.yaml", index) for index, document in enumerate(parse(text.encode()))]
    outcome = annotate_apply_time_mutations(items, None)
    return outcome, b"---\n".join(item.emit() for item in items).decode()


def substitution(source: str, path: str, target: str, token: str = "") -> str:
    lines = [f"- sourcePath: {path}", "  sourceRef:", *(f"    {line}" for line in source.split("; "))]
    lines += [f"  targetPath: {target}", *([f"  token: {token}"] if token else [])]
    return "".join(f"      {line}\n" for line in lines)


def test_references_become_tokens_and_an_annotation() -> None:
    comment = "# apply-time-mutation: a-${g/namespaces/ns/K/x:$.a}-${g/v1/K/w:$.b[0]}"
    odd = "  odd.key: x # apply-time-mutation: ${/K/z:$.c}\n"
    text = f"{HEAD}data:\n  list:\n  - one\n  - a-1-2 {comment}\n{odd}"
    outcome, after = run(text)
    note = (
        substitution("group: g; kind: K; name: x; namespace: ns", "$.a", "$.data.list[1]", "${ref0}")
        + substitution("apiVersion: g/v1; kind: K; name: w", "$.b[0]", "$.data.list[1]", "${ref1}")
        + substitution("kind: K; name: z", "$.c", "$.data['odd.key']")
    )
    assert after == text.replace(HEAD, HEAD + NOTE + note).replace("a-1-2", "a-${ref0}-${ref1}")
    assert [one.message for one in outcome.results] == ["Wrote apply-time-mutation annotation (item: 0)"]
    again, twice = run(after)
    assert (again.exit_code, twice) == (0, after)


def test_a_mutation_and_a_comment_for_one_target_come_together() -> None:
    text = (
        f"{MUTATION}  targetRef: {{kind: ConfigMap, name: c}}\n  substitutions:\n"
        f"  - {{sourceRef: {SOURCE}, sourcePath: $.a, targetPath: $.data.a}}\n"
        f"---\n{HEAD}data:\n  b: x # apply-time-mutation: ${{g/K/w:$.b}}\n"
    )
    _, after = run(text)
    assert (
        NOTE
        + substitution("apiVersion: v1; kind: Secret; name: s", "$.a", "$.data.a")
        + substitution("group: g; kind: K; name: w", "$.b", "$.data.b")
        in after
    )


def test_resources_without_marks_are_not_touched() -> None:
    item = Resource(parse(f"{HEAD}data:\n  b: x # plain\n".encode())[0], "r.yaml")
    assert annotate_apply_time_mutations([item], None) == Outcome([item])
    assert not item.is_edited


def test_a_target_that_is_not_here_is_told() -> None:
    outcome, _ = run(
        f"{MUTATION}  targetRef: {{kind: Secret, name: s}}\n  substitutions:\n"
        f"  - {{sourceRef: {SOURCE}, sourcePath: $.a, targetPath: $.b}}\n"
    )
    assert [(one.message, one.severity) for one in outcome.results] == [
        ("Found valid ApplyTimeMutation object (item: 0)", "info"),
        ("The target `Secret` 's' is not among the resources.", "warning"),
    ]


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        (f"{MUTATION}  substitutions: []\n", "`spec.targetRef.kind` must be given.", 1),
        (
            f"{MUTATION}  targetRef: {{kind: K, name: n}}\n",
            "`spec.substitutions` must be a list with one substitution or more.",
            1,
        ),
        (
            f"{MUTATION}  targetRef: {{kind: K, name: n}}\n  substitutions:\n  - 5\n",
            "`sourceRef.kind` must be given.",
            8,
        ),
        (
            f"{MUTATION}  targetRef: {{kind: K, name: n}}\n  substitutions:\n  - sourceRef: {SOURCE}\n",
            "`sourcePath` must be given.",
            8,
        ),
        (f"{HEAD}a: 1 # apply-time-mutation: none\n", "must hold a reference like '${GROUP", 5),
        (
            f"{HEAD}a: 1 # apply-time-mutation: ${{K/n:$.a}}\n",
            "The reference 'K/n:$.a' must have the form",
            5,
        ),
        (f"{HEAD}a: 1 # apply-time-mutation: ${{g/K/n:a}}\n", "must have the form", 5),
        (f"{HEAD}a: 1 # apply-time-mutation: ${{g/K/n:$}}\n", "must have the form", 5),
        (f"{HEAD}a: 1 # apply-time-mutation: ${{g/namespaces//K/n:$.a}}\n", "must have the form", 5),
        (f"{HEAD}a: 1 # apply-time-mutation: {'${' * 50_000}\n", "must hold a reference", 5),
        (
            f"{HEAD}  annotations: [a]\na: 1 # apply-time-mutation: ${{g/K/n:$.a}}\n",
            "`metadata.annotations` must be a mapping.",
            5,
        ),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, said: str, line: int) -> None:
    outcome, _ = run(text)
    (result,) = (one for one in outcome.results if one.severity == "error")
    assert (outcome.exit_code, outcome.stderr, result.file) == (1, result.message, "r.yaml")
    assert said in result.message
    assert result.line == line
    assert len(result.message) < 300


def test_a_fault_leaves_the_fields_as_they_are() -> None:
    good = f"{HEAD}a: 1 # apply-time-mutation: x${{g/K/n:$.a}}\n"
    text = f"{good}---\n{HEAD}a: 1 # apply-time-mutation: none\n"
    assert run(text)[1] == text
