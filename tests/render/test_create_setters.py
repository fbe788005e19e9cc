"""create-setters beyond the conformance tables."""

import pytest

from bot.packages.documents import parse
from bot.packages.redaction import REDACTED
from bot.packages.resource import Resource
from bot.render.config import config_map_of
from bot.render.function import Outcome
from bot.render.functions.apply_setters import apply_setters
from bot.render.functions.create_setters import comment_for, create_setters

TEXT = "image: nginx:1.2 # old\nargs: [a, 'b']\nport: 80\nnone: []\nmaps: [{a: b}]\nlong: |\n  nginx\n"


def run(text: str, **setters: str) -> tuple[Outcome, str]:
    item = Resource(parse(text.encode())[0], "r.yaml")
    outcome = create_setters([item], config_map_of(tuple(setters.items())))
    return outcome, item.emit().decode()


def test_comments_are_put_and_told() -> None:
    outcome, after = run(TEXT, image="nginx", tag="1.2", port="80", args="[b, a]", none="[]")
    assert after == (
        "image: nginx:1.2 # kpt-set: ${image}:${tag}\nargs: # kpt-set: ${args}\n- a\n- 'b'\n"
        "port: 80 # kpt-set: ${port}\nnone: [] # kpt-set: ${none}\nmaps: [{a: b}]\nlong: |\n  nginx\n"
    )
    said = 'Added line comment "kpt-set: {}" for field with value "{}"'
    assert [(result.field, result.message, result.line) for result in outcome.results] == [
        ("args", said.format("${args}", "[a, b]"), 2),
        ("none", said.format("${none}", "[]"), 4),
        ("image", said.format("${image}:${tag}", "nginx:1.2"), 1),
        ("port", said.format("${port}", "80"), 3),
    ]


def test_again_nothing_changes_and_setters_apply() -> None:
    setters = {"image": "nginx", "args": "[a, b]"}
    _, after = run(TEXT, **setters)
    assert run(after, **setters)[1] == after
    item = Resource(parse(after.encode())[0])
    apply_setters([item], config_map_of((("image", "httpd"), ("args", "[c]"))))
    assert (item.root.text("image"), item.root.get("args").content[0].value) == ("httpd:1.2", "c")  # type: ignore[union-attr] # it is there


@pytest.mark.parametrize(
    ("setters", "said"),
    [
        ({}, "config map cannot be empty"),
        ({"x": "elsewhere"}, "no matches for the input list of setters"),
        ({"x": ""}, "no matches for the input list of setters"),
        ({f"s{number}": "x" for number in range(1001)}, "it must have at most 1000"),
        ({"a\nspec: {}": "nginx"}, "must be one line of printable text"),
        ({"x" * 254: "nginx"}, "at most 253 characters"),
    ],
)
def test_configs_that_do_not_do(setters: dict[str, str], said: str) -> None:
    outcome, after = run(TEXT, **setters)
    assert (outcome.exit_code, after) == (1, TEXT)
    assert said in outcome.results[0].message
    assert outcome.stderr == f"[error]: {outcome.results[0].message}"


def test_comments_that_grow_without_end_are_refused() -> None:
    text = "a:\n" + "".join(f"- {'a' * 10_000}\n" for _ in range(40))
    outcome, _ = run(text, **{"x" * 253: "a"})
    assert "characters in all" in outcome.results[0].message


def test_values_that_are_no_yaml_are_scalars() -> None:
    assert run("a: '[x'\n", a="[x")[1] == "a: '[x' # kpt-set: ${a}\n"


def test_secrets_are_not_told() -> None:
    outcome, _ = run("password: hunter2\n", key="hunter2")
    assert outcome.results[0].message.endswith(f'"{REDACTED}"')


def test_the_longest_value_at_a_place_counts() -> None:
    assert comment_for("aaab", {"a": "one", "aa": "two", "ab": "end"}) == "${two}${end}"
    assert comment_for("xaay", {"aa": "two", "ay": "no"}) == "x${two}y"
