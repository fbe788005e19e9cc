"""drop-comments: what healing gives back, and what only styles lose."""

from bot.packages.documents import parse
from bot.packages.package import File
from bot.packages.resource import Resource
from bot.render.function import Outcome
from bot.render.functions.drop_comments import drop_comments
from bot.render.pipeline import Pipeline

HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"


def run(text: str) -> tuple[Outcome, str]:
    item = Resource(parse(text.encode())[0], "r.yaml")
    outcome = drop_comments([item], None)
    return outcome, item.emit().decode()


def test_comments_and_order_are_as_they_were() -> None:
    text = (
        f"# licence\n\n# why\n{HEAD}data: # all\n  b: x # b\n  # above\n  a: |\n    two\n    lines\n# end\n"
    )
    assert run(text)[1] == text


def test_styles_are_plain_and_anchors_are_written_out() -> None:
    text = HEAD + "data: &d {b: 'x', a: \"yes\"} # all\nmore:\n  <<: *d\n  c: 1.50\n  d: ~\n"
    assert run(text)[1] == HEAD + (
        'data: # all\n  b: x\n  a: "yes"\nmore:\n  c: 1.5\n  d: null\n  a: "yes"\n  b: x\n'
    )


def test_what_cannot_be_written_out_is_refused() -> None:
    text = f"{HEAD}? [a]\n: b\n"
    outcome, after = run(text)
    (result,) = outcome.results
    assert (outcome.exit_code, result.file, result.line, after) == (1, "r.yaml", 5, text)
    assert result.message == outcome.stderr == "A key must be text, not a list or a mapping."


def test_it_changes_nothing_that_is_written_plainly() -> None:
    kptfile = (
        "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: p\n"
        "pipeline:\n  mutators:\n    - image: drop-comments:latest # the\n"
    )
    files = {"Kptfile": kptfile, "r.yaml": HEAD + "data:\n  # why\n  b: x\n  a: x # z\n"}
    rendering = Pipeline().render({path: File(text.encode()) for path, text in files.items()})
    assert (rendering.problems, dict(rendering.changes)) == ((), {})
