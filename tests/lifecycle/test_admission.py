"""The gate's answer for one ref, from what is known of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lifecycle.admission import Gate, Update, admit
from bot.lifecycle.person import Person
from bot.lifecycle.policy import Policy
from bot.packages.layout import Layout
from bot.packages.problem import Problem

ADA, ROOT = Person("ada", "Ada", "ada@example.com"), Person("root", "Root", "root@example.com")
NEW, OLD = "a" * 40, "b" * 40
GATE = Gate(Layout(), Policy(), admins=("root",))
OPEN = Gate(Layout(), Policy(direct_pushes=("*",)))
BROKEN = Gate(Layout(), Policy(direct_pushes=("*",), problems=(Problem(".portico.yaml", "Bad."),)))
BELOW = Gate(Layout("trunk", "pkgs"), Policy())
MAIN, TAG, DRAFT = "refs/heads/main", "refs/tags/net/dns/v1", "refs/heads/drafts/net/dns/ws"
BAD = (Problem("Kptfile", "Empty."),)


@pytest.mark.parametrize(
    ("update", "by", "gate"),
    [
        (Update(MAIN, "", NEW), ADA, GATE),
        (Update(MAIN, OLD, NEW), ROOT, GATE),
        (Update(MAIN, OLD, NEW), ADA, OPEN),
        (Update(MAIN, OLD, NEW), ADA, BELOW),
        (Update(TAG, "", NEW), ADA, GATE),
        (Update(TAG, OLD, NEW), ADA, GATE),
        (Update(TAG, "", NEW, holds_package=True), ROOT, GATE),
        (Update(DRAFT, "", NEW), ADA, GATE),
        (Update(DRAFT, OLD, ""), ADA, GATE),
        (Update(DRAFT, "", NEW, problems=BAD), ADA, BELOW),
        (Update("refs/heads/drafts/Old/Name/WS", OLD, NEW), ADA, GATE),
        (Update("refs/heads/drafts/x", OLD, ""), ADA, GATE),
        (Update("refs/heads/drafts", OLD, ""), ADA, GATE),
        (Update("refs/heads/draft", "", NEW), ADA, GATE),
        (Update("refs/notes/x", "", NEW), ADA, GATE),
        (Update("refs/replace/" + OLD, NEW, ""), ADA, GATE),
        (Update("refs/tags/main", OLD, ""), ADA, GATE),
        (Update("refs/heads/net/dns/v1", OLD, "", holds_package=True), ADA, GATE),
        (Update("refs/portico/explain/net/dns/ws", "", NEW), ADA, GATE),
    ],
)
def test_what_may_move(update: Update, by: Person, gate: Gate) -> None:
    assert admit(update, by, gate) == ""


@pytest.mark.parametrize(
    ("update", "by", "gate", "says"),
    [
        (Update(MAIN, OLD, NEW), ADA, GATE, "changes by publication only"),
        (Update(MAIN, OLD, NEW), ADA, BROKEN, "changes by publication only"),
        (Update(MAIN, OLD, NEW, fast_forward=False), ROOT, GATE, "never goes back"),
        (Update(MAIN, OLD, ""), ROOT, OPEN, "cannot be deleted"),
        (Update(MAIN, OLD, NEW, commit=False), ROOT, GATE, "must be a commit"),
        (Update("refs/heads/trunk", OLD, NEW), ADA, BELOW, "'trunk' changes by publication only"),
        (Update(TAG, OLD, NEW, holds_package=True), ROOT, OPEN, "never moves"),
        (Update(TAG, OLD, "", holds_package=True), ROOT, OPEN, "ask for its deletion"),
        (Update(TAG, "", NEW, holds_package=True), ADA, GATE, "nobody approved"),
        (Update(DRAFT, "", NEW, problems=BAD), ADA, GATE, "Kptfile: Empty."),
        (Update(DRAFT, OLD, NEW, problems=BAD), ADA, GATE, "Kptfile: Empty."),
        (Update(DRAFT.replace("drafts", "proposed"), "", NEW, problems=BAD), ADA, GATE, "Kptfile: Empty."),
        (Update("refs/heads/drafts/a/..", "", NEW), ADA, GATE, "The workspace '..' must be"),
        (Update("refs/heads/drafts/../ws", "", NEW), ADA, GATE, "The package '..' must be"),
        (Update("refs/heads/drafts/a//ws", "", NEW), ADA, GATE, "must be lower-case"),
        (Update("refs/heads/drafts/a b/ws", "", NEW), ADA, GATE, "'a b' must be"),
        (Update("refs/heads/drafts/a/ws.lock", "", NEW), ADA, GATE, "'ws.lock' must be"),
        (Update("refs/heads/drafts/pkgs/ws", "", NEW), ADA, BELOW, "must have a path"),
        (Update("refs/heads/drafts", "", NEW), ADA, GATE, "leave no room"),
        (Update("refs/replace/" + OLD, "", NEW), ROOT, OPEN, "no branch, tag or note"),
        (Update("refs/net/dns/v1", OLD, NEW), ROOT, OPEN, "no branch, tag or note"),
        (Update("refs/tags/trunk", "", NEW), ROOT, BELOW, "taken for a branch"),
        (Update("refs/heads/net/dns/v1", "", NEW, holds_package=True), ROOT, OPEN, "taken for a published"),
        (Update("refs/portico/approve/net/dns/ws", OLD, ""), ADA, GATE, "a request, not a ref"),
        (Update("refs/portico/ledger/drafts/net/dns/ws", OLD, ""), ROOT, OPEN, "nothing that can be asked"),
        (Update("refs/portico/", "", NEW), ADA, GATE, "'' is nothing that can be asked"),
    ],
)
def test_what_may_not_move(update: Update, by: Person, gate: Gate, says: str) -> None:
    assert says in admit(update, by, gate)


IDS = st.sampled_from(["", OLD, NEW])
STEMS = ["", "refs/", MAIN, TAG, DRAFT, "refs/heads/drafts/", "refs/heads/proposed/", "refs/portico/"]
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=400)
REFS = st.builds(lambda stem, rest: stem + rest, st.sampled_from(STEMS), WORDS)


UPDATES = st.builds(
    Update,
    REFS,
    IDS,
    IDS,
    commit=st.booleans(),
    fast_forward=st.booleans(),
    holds_package=st.booleans(),
    problems=st.just(()),
)


@given(UPDATES, st.sampled_from([GATE, OPEN, BROKEN, BELOW]))
def test_every_ref_has_an_answer_in_one_printable_sentence(update: Update, gate: Gate) -> None:
    answer = admit(update, ADA, gate)
    assert answer.isprintable()
    assert answer == "" or answer.endswith((".", "'.", "`."))


@given(st.sampled_from([OLD, ""]), st.sampled_from([ADA, ROOT]), st.sampled_from([GATE, OPEN, BROKEN]))
def test_a_published_tag_stays_whoever_asks(new: str, by: Person, gate: Gate) -> None:
    assert admit(Update(TAG, NEW, new, holds_package=True), by, gate)
