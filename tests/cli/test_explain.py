"""What a package revision waits for, where there is no server to ask."""

from tests.cli.person import Person


def test_explain_without_hooks_says_what_the_repository_knows(registered: Person) -> None:
    registered.did("rpkg", "copy", "blueprints.dns.v1", "--workspace", "add-mx")
    answer = registered("explain", "blueprints.dns.add-mx")
    assert answer.code == 0
    assert "propose" in answer.out
    assert "no hooks" in answer.err
