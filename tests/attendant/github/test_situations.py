"""The list of situations is complete: each is tried beside this file, or its absence has a reason."""

import ast
from pathlib import Path

NOT_HERE = {
    "S08": "a replay with an old time stamp: GitHub's deliveries have no signed time, GitLab's have",
    "S21": "approvals that a push takes away without a webhook: GitLab's, GitHub's reviews stay",
}
LAST = 24


def test_every_situation_is_here_or_its_absence_has_a_reason() -> None:
    found = set()
    for file in sorted(Path(__file__).parent.glob("test_situations_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.FunctionDef)
                and node.name.startswith("test_s")
                and node.name[6:8].isdigit()
            ):
                found.add(f"S{node.name[6:8]}")
                assert ast.get_docstring(node), node.name
    expected = {f"S{number:02}" for number in range(1, LAST + 1)}
    assert expected - found == set(NOT_HERE)
    assert not found & set(NOT_HERE)
    assert all(len(reason.split()) > 4 for reason in NOT_HERE.values())
