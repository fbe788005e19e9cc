"""Whoever may write some objects of a namespace gets no more by it, and keeps nobody else from their work."""

from tests.kubernetes.street import Street


def test_repositories_on_the_machine_of_portico_are_not_served(street: Street) -> None:
    street.restart(allows_local=False)
    # Git takes the host of a `file:` URL for a part of the path.
    for number, before in enumerate(("file://", "file://.", "FILE://", ".")):
        street.register(f"other-{number}", repo=f"{before}{street.bare}-{number}")
    failures = street.go()
    assert ["is on the machine where Portico runs" in failure for failure in failures] == [True] * 5
    assert street.revisions() == {}
