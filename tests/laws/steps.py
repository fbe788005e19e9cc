"""Every step of the lifecycle: how to get to where it is possible, and the event that takes it."""

from collections.abc import Callable

from bot.lifecycle.commands import Approve, Command, Delete, Propose, ProposeDeletion, Reject, Save
from bot.lifecycle.events import Asked
from bot.packages.naming import RevisionName
from tests.laws.realm import KPTFILE, PEOPLE, RENDERED, Realm

NAME = RevisionName("net/dns", "add-mx")
PLACEHOLDER = RevisionName("net/dns", "main")
CROSSED = RevisionName("net/dns", "v2")  # a workspace that is called like another revision's tag
ADA, BOB, GRACE, LINUS = PEOPLE.values()


def ask(realm: Realm, kind: type[Command], name: RevisionName, by: str) -> Asked:
    return Asked(kind(name=name, by=PEOPLE[by], at=realm.head(name)))


def drafted(realm: Realm, name: RevisionName = NAME) -> None:
    realm.save(name, BOB)


def proposed(realm: Realm, name: RevisionName = NAME) -> None:
    drafted(realm, name)
    realm.handle(ask(realm, Propose, name, "bob"))


def rejected(realm: Realm, name: RevisionName = NAME) -> None:
    proposed(realm, name)
    realm.handle(Asked(Reject(name=name, by=LINUS, at=realm.head(name), reason="an earlier one")))


def published(realm: Realm, name: RevisionName = NAME) -> None:
    proposed(realm, name)
    realm.handle(ask(realm, Approve, name, "grace"))
    assert realm.facts(name).revision > 0


def published_twice(realm: Realm) -> None:
    """Make CROSSED v1, NAME v2."""
    published(realm, CROSSED)
    published(realm)


def proposed_second(realm: Realm) -> None:
    published(realm, CROSSED)
    proposed(realm)


def proposed_twins(realm: Realm) -> None:
    """Two drafts that stand at one commit, of which one was published."""
    head = realm.write(NAME, BOB, realm.main(), content=RENDERED)
    for name in (NAME, CROSSED):
        realm.handle(Asked(Save(name=name, by=BOB, at=head)))
    for name in (NAME, CROSSED):
        realm.handle(Asked(Propose(name=name, by=BOB, at=realm.head(name))))
    realm.handle(ask(realm, Approve, CROSSED, "grace"))


def doomed(realm: Realm, name: RevisionName = NAME) -> None:
    published(realm, name)
    realm.handle(ask(realm, ProposeDeletion, name, "bob"))


def doomed_under_a_newer(realm: Realm) -> None:
    published_twice(realm)
    realm.handle(ask(realm, ProposeDeletion, CROSSED, "bob"))


def doomed_with_the_name_of_another_tag(realm: Realm) -> None:
    published_twice(realm)
    realm.handle(ask(realm, ProposeDeletion, NAME, "bob"))


def two_wanted(realm: Realm) -> None:
    realm.set_policy(2)
    proposed(realm)


def placeholder(realm: Realm) -> None:
    """Put a package on the branch that was never published."""
    realm.write_main("net/dns/Kptfile", KPTFILE.decode(), ADA)


def doomed_placeholder(realm: Realm) -> None:
    placeholder(realm)
    realm.handle(ask(realm, ProposeDeletion, PLACEHOLDER, "bob"))
    realm.write_main("README.md", "# The branch goes on\n", ADA)


def placeholder_by_two(realm: Realm) -> None:
    doomed_placeholder(realm)
    realm.set_policy(2)


def deletion_by_two(realm: Realm) -> None:
    doomed(realm)
    realm.set_policy(2)


def nothing(realm: Realm) -> None:
    assert realm.main()


def push(name: RevisionName = NAME) -> Callable[[Realm], Asked]:
    def event(realm: Realm) -> Asked:
        head = realm.head(name)
        new = realm.write(name, BOB, head or realm.main(), content=7)
        return Asked(Save(name=name, by=BOB, at=new, old=head))

    return event


def asked(kind: type[Command], by: str, name: RevisionName = NAME) -> Callable[[Realm], Asked]:
    return lambda realm: ask(realm, kind, name, by)


STEPS = {
    "propose a placeholder's deletion": (placeholder, asked(ProposeDeletion, "bob", PLACEHOLDER)),
    "reject a placeholder's deletion": (doomed_placeholder, asked(Reject, "grace", PLACEHOLDER)),
    "approve a placeholder's deletion": (doomed_placeholder, asked(Approve, "grace", PLACEHOLDER)),
    "approve a placeholder's deletion as one of two": (
        placeholder_by_two,
        asked(Approve, "grace", PLACEHOLDER),
    ),
    "push a new draft": (nothing, push()),
    "push to a draft": (drafted, push()),
    "push to a rejected draft": (rejected, push()),
    "propose": (drafted, asked(Propose, "bob")),
    "propose again": (rejected, asked(Propose, "bob")),
    "reject": (proposed, asked(Reject, "grace")),
    "approve": (proposed, asked(Approve, "grace")),
    "approve the second revision": (proposed_second, asked(Approve, "grace")),
    "approve the second of twins": (proposed_twins, asked(Approve, "grace")),
    "approve as the first of two": (two_wanted, asked(Approve, "grace")),
    "delete a draft": (drafted, asked(Delete, "bob")),
    "delete a proposal": (proposed, asked(Delete, "bob")),
    "propose a deletion": (published, asked(ProposeDeletion, "bob")),
    "reject a deletion": (doomed, asked(Reject, "grace")),
    "approve a deletion": (doomed, asked(Approve, "grace")),
    "approve an older one's deletion": (doomed_under_a_newer, asked(Approve, "grace", CROSSED)),
    "approve a newer one's deletion": (doomed_with_the_name_of_another_tag, asked(Approve, "grace")),
    "approve a deletion as the first of two": (deletion_by_two, asked(Approve, "grace")),
}
