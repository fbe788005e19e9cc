"""Every sentence as a person reads it; `python -m tests.lifecycle.test_messages` writes the snapshot anew."""

import inspect
from collections.abc import Iterator
from pathlib import Path

from bot.lifecycle import messages as say
from bot.lifecycle.person import Person
from bot.lifecycle.state import Hold
from bot.packages.naming import RevisionName
from bot.packages.problem import Problem
from bot.packages.revision import Lifecycle

SNAPSHOT = Path(__file__).with_name("messages.txt")
NAME = RevisionName("net/dns", "add-mx")
ADA, BOB = Person("ada", "Ada Lovelace", "ada@example.com"), Person("", "Bob", "bob@example.com")
HEAD, OLD = "a1b2c3d4e5f6" * 3, "0f9e8d7c6b5a" * 3
EVIL = "fine\x1b[2J\r\nremote: published"
PROBLEMS = (
    Problem("Kptfile", "The Kptfile is empty.", 1),
    Problem("", "It is large."),
    Problem("a.yaml", EVIL, 3),
)
SAMPLES: dict[str, list[str]] = {
    "short": [say.short(HEAD)],
    "impossible": [
        say.impossible(NAME, "approve", Lifecycle.ABSENT, ["push"]),
        say.impossible(NAME, "approve", Lifecycle.DRAFT, ["push", "propose", "delete"]),
        say.impossible(NAME, "push", Lifecycle.PROPOSED, ["reject", "approve", "delete"]),
    ],
    "moved": [say.moved(NAME, OLD, ""), say.moved(NAME, "", HEAD), say.moved(NAME, OLD, HEAD)],
    "bad_policy": [say.bad_policy([Problem(".portico.yaml", "Unknown key 'x'.", 2)])],
    "not_an_approver": [
        say.not_an_approver(ADA, "net/dns", ["grace", "@linus", "bob@example.com"]),
        say.not_an_approver(BOB, "net/dns", []),
        say.not_an_approver(Person(""), "net/dns", [EVIL]),
    ],
    "wrote_it": [say.wrote_it(ADA)],
    "not_author_or_approver": [say.not_author_or_approver(ADA)],
    "has_problems": [
        say.has_problems(PROBLEMS),
        say.has_problems([Problem(str(n), "Bad.") for n in range(22)]),
    ],
    "not_rendered": [say.not_rendered(HEAD)],
    "render_failed": [say.render_failed(PROBLEMS[:1])],
    "gates_unmet": [say.gates_unmet(["tested"]), say.gates_unmet(["tested", "audited"])],
    "out_of_date": [say.out_of_date(NAME, "Revision v2")],
    "nothing_to_publish": [say.nothing_to_publish(NAME)],
    "strays": [say.strays(NAME, ["README.md", "net/other/Kptfile"])],
    "waiting": [
        say.waiting(0, 2, None),
        say.waiting(1, 2, ["ada", "grace", "linus"]),
        say.waiting(0, 1, ["ada"]),
    ],
    "nested": [say.nested("net/dns/zone", "net/dns")],
    "is_upstream": [say.is_upstream(["net/clone", "net/other"])],
    "rendered_unchanged": [say.rendered_unchanged(0), say.rendered_unchanged(1), say.rendered_unchanged(3)],
    "rendered_changed": [
        say.rendered_changed(1, ["a.yaml"], HEAD),
        say.rendered_changed(2, [f"{n}.yaml" for n in range(7)], HEAD),
    ],
    "render_report": [say.render_report(PROBLEMS[:1])],
    "proposed": [say.proposed(NAME, 1, ["grace", "linus"])],
    "rejected": [
        say.rejected(NAME, ADA, "too short"),
        say.rejected(NAME, ADA, ""),
        say.rejected(NAME, BOB, EVIL),
    ],
    "approved": [say.approved(ADA, HEAD)],
    "published": [say.published(NAME, 3, [ADA, BOB])],
    "finished": [say.finished(NAME, "publication")],
    "deletion_proposed": [say.deletion_proposed(NAME, 1, None)],
    "deletion_rejected": [say.deletion_rejected(NAME, ADA, "in use"), say.deletion_rejected(NAME, ADA, "")],
    "removed": [
        say.removed(NAME, 3, with_directory=True),
        say.removed(NAME, 2, with_directory=False),
        say.removed(NAME, -1, with_directory=True),
    ],
    "deleted": [say.deleted(NAME)],
    "nothing_there": [say.nothing_there(NAME)],
    "state": [say.state(NAME, Lifecycle.DRAFT, 0, HEAD), say.state(NAME, Lifecycle.PUBLISHED, 3, HEAD)],
    "step": [
        say.step("propose", "ask for it", "anyone", "", ""),
        say.step("propose", "ask for it", "anyone", "It is not ready.", ""),
        say.step("approve", "agree", "approvers", "", "Waiting."),
    ],
    "approval_given": [say.approval_given(ADA, ""), say.approval_given(ADA, say.wrote_it(ADA))],
    "stale_approval": [say.stale_approval(ADA, HEAD)],
    "unknown_word": [
        say.unknown_word("publish", ["propose", "approve"]),
        say.unknown_word(EVIL, ["propose"]),
    ],
    "nothing_to_delete": [say.nothing_to_delete("refs/portico/approve/net/dns/add-mx")],
    "not_a_commit": [say.not_a_commit("drafts/net/dns/add-mx")],
    "no_kind": [say.no_kind("refs/replace/x")],
    "branch_like_a_tag": [say.branch_like_a_tag("net/dns/v1")],
    "tag_like_a_branch": [say.tag_like_a_branch("main")],
    "branch_in_the_way": [say.branch_in_the_way("drafts")],
    "not_at_once": [say.not_at_once(2)],
    "branch_stays": [say.branch_stays("main")],
    "branch_never_rewinds": [say.branch_never_rewinds("main")],
    "branch_by_publication": [say.branch_by_publication("main")],
    "tag_never_moves": [say.tag_never_moves("net/dns/v3")],
    "tag_by_deletion": [say.tag_by_deletion("net/dns/v3")],
    "tag_by_publication": [say.tag_by_publication("net/dns/v3")],
    "proposed_by_asking": [say.proposed_by_asking(NAME)],
    "draft_or_proposal": [say.draft_or_proposal(NAME)],
    "was_rejected": [say.was_rejected(ADA, "too short"), say.was_rejected(BOB, "")],
    "held": [say.held([Hold(ADA, "the audit\nis on"), Hold(BOB)])],
    "sent_back": [say.sent_back(NAME, "The package must be valid first.")],
    "line": [say.line("One.\nTwo.")],
    "count": [say.count(1, "file"), say.count(2, "file")],
    "one_line": [say.one_line(EVIL), say.one_line("x" * 600)[-3:]],
}


def snapshot() -> Iterator[str]:
    for name, sentences in SAMPLES.items():
        yield f"{name}:"
        for sentence in sentences:
            yield "\n".join(f"    {line}" for line in sentence.splitlines())


def test_every_sentence_is_as_it_was_read() -> None:
    assert "\n".join(snapshot()) + "\n" == SNAPSHOT.read_text(encoding="utf-8")


def test_every_sentence_is_here() -> None:
    functions = inspect.getmembers(say, inspect.isfunction)
    spoken = {name for name, f in functions if f.__module__ == say.__name__ and not name.startswith("_")}
    assert spoken == SAMPLES.keys()


def test_a_sentence_has_nothing_that_could_move_a_cursor() -> None:
    for sentences in SAMPLES.values():
        for sentence in sentences:
            assert all(line.isprintable() for line in sentence.split("\n")), sentence
            assert "\nremote" not in sentence


if __name__ == "__main__":
    SNAPSHOT.write_text("\n".join(snapshot()) + "\n", encoding="utf-8")
