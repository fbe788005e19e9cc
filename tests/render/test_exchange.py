"""What a program outside of this process answers is read with care, and what it says of itself is kept."""

import pytest

from bot.errors import InvalidDocument, NotRun
from bot.packages.documents import LIMITS, emit, parse
from bot.packages.resource import Resource
from bot.render.config import config_map_of
from bot.render.exchange import MOST_STDERR, exchange
from bot.render.function import Outcome
from bot.render.program import Answer

ITEM = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a # the name\ndata:\n  a: b\n"
DIGEST = "sha256:0"


def items() -> list[Resource]:
    return [Resource(parse(ITEM)[0], "a.yaml")]


def run(stdout: bytes | None, exit_code: int = 0, stderr: bytes = b"") -> tuple[Outcome, list[Resource]]:
    """The outcome of a program that writes this, or what it was given where it is None; and its items."""
    given = items()

    def ask(request: bytes) -> Answer:
        return Answer(request if stdout is None else stdout, stderr, exit_code, DIGEST)

    return exchange(ask, given, config_map_of((("key", "value"),))), given


def test_what_comes_back_as_it_was_is_as_it_was() -> None:
    outcome, given = run(None)
    assert outcome == Outcome(given, digest=DIGEST)
    assert emit([given[0].document]) == ITEM


def test_the_program_is_given_the_config() -> None:
    asked = []

    def ask(request: bytes) -> Answer:
        asked.append(request)
        return Answer(request, b"", 0)

    exchange(ask, items(), config_map_of((("key", "value"),)))
    (root,) = parse(asked[0])
    assert root.root.text("functionConfig", "data", "key") == "value"
    assert root.root.text("apiVersion") == "config.kubernetes.io/v1"


def test_json_is_an_answer_too() -> None:
    answer = b'{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": []}'
    assert run(answer)[0] == Outcome([], digest=DIGEST)


@pytest.mark.parametrize(
    ("stdout", "why"),
    [
        (b"", "must be one ResourceList, but has 0 documents"),
        (b"null\n", "must be one ResourceList, but has 0 documents"),
        (b"Hello, world!\n", "must return a ResourceList"),
        (b"a: [\n", "no valid YAML"),
        (b"\xff\xfe\x00", "must be UTF-8"),
        (b"{}", "must return a ResourceList"),
        (b"kind: ResourceList\nitems: {}\n", "must return lists"),
        (b"kind: ResourceList\n---\nkind: ResourceList\n", "more than 1 documents"),
        (b"[" * 200, "YAML|deep"),
        (b"- " * 10_000_000, "at most"),
        (b"a: &a [x]\n" + b"b: [" + b"*a," * 1_000 + b"]\n", "alias"),
        (b"[" + b"1," * 510_000 + b"]", "more than"),
    ],
)
def test_an_answer_that_is_none_is_refused(stdout: bytes, why: str) -> None:
    given = items()
    with pytest.raises(InvalidDocument, match=r"^The function's answer cannot be used: ") as caught:
        exchange(lambda _: Answer(stdout, b"", 0), given, None)
    assert any(part in str(caught.value) for part in why.split("|"))
    assert emit([given[0].document]) == ITEM


def test_a_failure_keeps_its_results_and_changes_nothing() -> None:
    answer = b"kind: ResourceList\nitems: []\nresults:\n- message: bad\n  severity: error\n"
    outcome, given = run(answer, exit_code=3, stderr=b"why\n")
    assert (outcome.items, outcome.exit_code, outcome.stderr) == (given, 3, "why\n")
    assert [(result.message, result.severity) for result in outcome.results] == [("bad", "error")]


@pytest.mark.parametrize("stdout", [b"", b"usage: fn\n", b"a: ["])
def test_a_failure_need_not_answer(stdout: bytes) -> None:
    outcome, given = run(stdout, exit_code=3, stderr=b"why\n")
    assert outcome == Outcome(given, (), 3, "why\n", digest=DIGEST)


def test_what_did_not_run_says_so() -> None:
    def ask(_: bytes) -> Answer:
        raise NotRun("The engine sleeps.", 124)

    given = items()
    assert exchange(ask, given, None) == Outcome(given, (), 124, "The engine sleeps.")


def test_of_what_is_said_only_so_much_is_kept() -> None:
    outcome, _ = run(None, stderr=b"\xffx" * MOST_STDERR)
    assert outcome.stderr.startswith("�x�x")
    assert outcome.stderr.endswith(f"\n… ({MOST_STDERR} more characters)\n")


@pytest.mark.parametrize(
    "text",
    [
        "x: &m {name: a, annotations: {q: r}}\nmetadata: *m\n",
        "x: &m {q: r}\nmetadata:\n  name: a\n  annotations: *m\n",
        "x: [&m {q: s}, &m {q: r}]\nmetadata:\n  name: a\n  annotations: *m\nz: &m {q: t}\n",
    ],
)
def test_metadata_that_is_an_alias_is_not_lost(text: str) -> None:
    given = [Resource(parse(b"apiVersion: v1\nkind: ConfigMap\n" + text.encode())[0], "a.yaml")]
    outcome = exchange(lambda request: Answer(request, b"", 0), given, None)
    assert outcome.items == given
    assert given[0].name == "a"
    assert given[0].annotations == {"q": "r"}


@pytest.mark.parametrize(
    "second", ["*a", "{<<: *a}", "{apiVersion: v1, kind: A, metadata: {name: b}, data: *d}"]
)
def test_an_alias_of_another_item_is_refused(second: str) -> None:
    first = "&a {apiVersion: v1, kind: A, metadata: {name: a}, data: &d {x: y}, own: *d}"
    assert len(run(f"kind: ResourceList\nitems: [{first}]\n".encode())[0].items) == 1
    with pytest.raises(InvalidDocument, match="must have its anchor in the same item"):
        run(f"kind: ResourceList\nitems:\n- {first}\n- {second}\n".encode())


def test_a_resource_that_is_as_deep_as_it_may_be_comes_back() -> None:
    deep = LIMITS.depth - 1
    given = [Resource(parse(ITEM + b"deep: " + b"[" * deep + b"]" * deep)[0], "a.yaml")]
    assert exchange(lambda request: Answer(request, b"", 0), given, None).items == given
    with pytest.raises(InvalidDocument, match="deeper"):
        parse(ITEM + b"deep: [" + b"[" * deep + b"]" * deep + b"]")
