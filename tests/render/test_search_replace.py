"""search-replace beyond the conformance tables: what it keeps, what it refuses, and that it ends."""

import time

import pytest

from bot.packages.documents import parse
from bot.packages.documents.node import Node
from bot.packages.redaction import REDACTED
from bot.packages.resource import Resource
from bot.render.config import config_map_of
from bot.render.expression import Expression
from bot.render.function import Outcome
from bot.render.functions.search_replace import search_replace
from bot.render.glob import glob_expression

TEXT = """apiVersion: v1
kind: Odd
metadata:
  name: web
  annotations:
    example.com/a: "3" # why
spec:
  replicas: 3
  args: [web, 'b']
"""


def config(**pairs: str) -> Node:
    return config_map_of(tuple((key.replace("_", "-"), value) for key, value in pairs.items()))


def run(given: Node, text: str = TEXT, path: str = "sub/r.yaml") -> tuple[Outcome, str]:
    item = Resource(parse(text.encode(), path=path)[0], path)
    outcome = search_replace([item], given)
    return outcome, item.emit().decode()


def test_quotes_and_comments_stay() -> None:
    outcome, after = run(config(by_value="3", put_value="4"))
    assert after == TEXT.replace("3", "4")
    assert [(result.field, result.message, result.file) for result in outcome.results] == [
        ("metadata.annotations.example.com/a", 'Mutated field value to "\\"4\\" # why"', "sub/r.yaml"),
        ("spec.replicas", 'Mutated field value to "4"', "sub/r.yaml"),
    ]


def test_a_path_without_wildcards_makes_what_is_missing() -> None:
    outcome, after = run(config(by_path="spec.new.deep", put_value="x", put_comment="kpt-set: ${x}"))
    assert after == TEXT + "  new:\n    deep: x # kpt-set: ${x}\n"
    assert run(config(by_path="spec.new.deep", put_value="x", put_comment="kpt-set: ${x}"), after)[1] == after
    assert outcome.results[0].field == "spec.new.deep"


def test_a_path_through_something_else_is_refused_with_its_line() -> None:
    outcome, after = run(config(by_path="spec.replicas.deep", put_value="x"))
    assert (outcome.exit_code, after) == (1, TEXT)
    assert "`spec.replicas` must be a mapping" in outcome.results[0].message
    assert (outcome.results[0].file, outcome.results[0].line) == ("sub/r.yaml", 8)


def test_keys_with_dots_are_several_elements() -> None:
    assert run(config(by_path="metadata.annotations.*.com/a", put_value="n"))[1] == TEXT.replace("3", "n", 1)
    assert run(config(by_path="**.com/a", put_value="n"))[1] == TEXT.replace("3", "n", 1)


@pytest.mark.parametrize(
    ("glob", "matches"),
    [
        ("sub/*.yaml", True),
        ("**/r.yaml", True),
        ("**", True),
        ("*.yaml", False),
        ("s?b/[a-r].{yml,yaml}", True),
        ("sub/[!r].yaml", False),
        ("sub/r.yaml}", False),
        ("sub,sub/r.yaml", False),
        ("sub/**/r.yaml", True),
        ("sub/r\\.yaml", True),
    ],
)
def test_files_are_chosen_by_globs(glob: str, matches: bool) -> None:  # noqa: FBT001 - a column of the table
    _, after = run(config(by_value="web", put_value="new", by_file_path=glob))
    assert (after != TEXT) is matches


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (config(by_name="x"), 'invalid matcher "by-name", must be one of ["by-value" "by-value-regex"'),
        (config(by_value="x", by_value_regex="x"), 'only one of ["by-value", "by-value-regex"] can be'),
        (config(by_value_regex="("), "`by-value-regex` is no regular expression: missing )"),
        (config(by_value_regex="(?=a)"), "`by-value-regex` is no regular expression"),
        (config(by_value_regex="a" * 1001), "must have at most 1000 characters, but has 1001"),
        (config(by_file_path="{a"), "`by-file-path` is no regular expression"),
        (config(by_path="a." * 64), "must have at most 64 elements"),
        (config(by_value="3", put_comment="a\nspec: {}"), "must be one line of printable text"),
    ],
)
def test_what_is_no_search_is_refused(given: Node, said: str) -> None:
    outcome, after = run(given)
    assert (outcome.exit_code, after) == (1, TEXT)
    assert said in outcome.results[0].message
    assert outcome.stderr == f"[error]: {outcome.results[0].message}"


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}$", "((a*)*)*b"])
def test_expressions_that_others_never_end_do_end(pattern: str) -> None:
    begun = time.monotonic()
    run(config(by_value_regex=pattern), f"a: {'a' * 20_000}!\n")
    assert time.monotonic() - begun < 5


def test_an_expression_has_a_budget() -> None:
    given = config(by_value_regex="(.*)(.*)[a-z]{900}q")
    outcome, _ = run(given, f"a: [{', '.join(['a' * 400_000] * 10)}]\n")
    assert "takes too long" in outcome.results[-1].message


def test_values_that_grow_without_end_are_refused() -> None:
    outcome, after = run(config(by_value_regex="(a+)", put_value="${1}" * 1000), f"a: {'a' * 100_000}\n")
    assert (outcome.exit_code, len(after)) == (1, 100_004)
    assert "characters in all" in outcome.results[0].message


def test_groups_that_took_no_part_are_empty() -> None:
    assert run(config(by_value_regex="^(w)eb(x)?", put_value="${1}-${2}"))[1] == TEXT.replace("web", "w-")


def test_secrets_are_not_told() -> None:
    outcome, _ = run(config(by_path="spec.*"), "spec:\n  password: hunter2\n")
    assert outcome.results[0].message == f'Matched field value "{REDACTED}"'


def test_an_expression_is_in_the_syntax_of_go() -> None:
    expression = Expression(r"(?P<name>\w+)-(?i:X)\z", "x")
    assert expression.search("é a-x") == ("a-x", "a")
    assert expression.search("a-x\n") is None
    assert Expression(glob_expression("a*"), "x").search("a\nb") == ("a\nb",)


@pytest.mark.parametrize(
    "given",
    [
        config(by_value="web"),
        config(by_value="web", put_value="web"),
        config(by_path="spec.args[*]", put_value="b"),
        config(by_path="spec.args", put_comment="x"),
        config(by_path="metadata.annotations.*.com/a", put_comment="why"),
        config(by_path="spec.replicas", put_value="3"),
        config(by_path="spec.replicas", put_value="4", put_comment="x"),
        config(by_path="a.b", put_value="c"),
    ],
)
def test_what_it_changes_it_asked_to_edit(given: Node) -> None:
    item = Resource(parse(TEXT.encode())[0], "r.yaml")
    search_replace([item], given)
    assert item.is_changed is (item.emit().decode() != TEXT)
