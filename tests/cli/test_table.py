"""The table is kubectl's, to the letter."""

from bot.cli.table import format_table

# facts: Porch §4, a golden output of porchctl.
GOLDEN = (
    "NAME                              PACKAGE             WORKSPACENAME   REVISION   LATEST   "
    "LIFECYCLE          REPOSITORY\n"
    "git.lifecycle-package.lifecycle   lifecycle-package   lifecycle       1          true     "
    "DeletionProposed   git\n"
    "test-blueprints.basens.main       basens              main            -1         false    "
    "Published          test-blueprints\n"
)


def test_it_prints_what_porchctl_prints() -> None:
    assert format_table([line.split() for line in GOLDEN.splitlines()]) == GOLDEN


def test_no_line_ends_in_spaces() -> None:
    assert format_table([("A", "B"), ("long", ""), ("", "")]) == "A      B\nlong\n\n"


def test_names_from_outside_cannot_paint_the_terminal() -> None:
    assert format_table([("\x1b[31mred\n",)]) == "\\x1b[31mred\\x0a\n"
