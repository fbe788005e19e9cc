"""What happened to a draft, read from its change: the forge is the record, nothing is kept beside it."""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

from bot.lifecycle.change import Answered, Change, Ejection, Opinion, Remark, Review
from bot.lifecycle.commands import Approve, Reject
from bot.lifecycle.ledger import Did, Entry
from bot.lifecycle.person import Person
from bot.lifecycle.remark import Said, read_remark
from bot.lifecycle.words import HOLD, UNHOLD

# Package trees by commit; '' where a commit is not there any more.
TreeOf = Callable[[str], str]
# Whether somebody may push to the repository: nobody else approves or rejects.
MayWrite = Callable[[Person], bool]


def entries(change: Change, tree_of: TreeOf, me: str, may_write: MayWrite) -> list[Entry]:
    """Pushes, approvals and rejections, oldest first; `me` is the login under which we write ourselves.

    Of each reviewer the last opinion counts, and one that was dismissed takes with it what they had said
    before: an older approval does not come back by itself.
    """
    timed: list[tuple[str, Entry]] = []
    if change.author.login.lower() != me.lower():
        timed.append(("", Entry(Did.PUSHED, change.author, "")))
    pushes = (push for push in change.arrivals if push.by.login.lower() != me.lower())
    timed += [(push.at, Entry(Did.PUSHED, push.by, push.after)) for push in pushes]
    opinions = (
        review
        for review in _last_opinions(change.reviews)
        if may_write(review.by) and review.by.login.lower() != me.lower()
    )
    timed += [(at, entry) for review in opinions for at, entry in _of_review(change, review, tree_of)]
    timed += [
        (remark.at, entry)
        for remark in change.remarks
        if remark.by.login.lower() != me.lower()
        for entry in _of_remark(change, remark, tree_of)
        # Who lost the right to push does not approve any more; what they sent back, held or let go stays so.
        if may_write(entry.by) or (entry.did is not Did.APPROVED and _is_record(remark))
    ]
    # Sorting is stable: what the forge dates alike stays in the order above.
    return [entry for _, entry in sorted(timed, key=itemgetter(0))]


def knows_its_pusher(change: Change) -> bool:
    """Whether the forge's record of pushes has come to the head; one that records none never will.

    Until then nobody knows whether an approver pushed it.
    """
    return not change.arrivals or any(push.after == change.head for push in change.arrivals)


def head_at(change: Change, at: str) -> str:
    """The head that the branch had at a moment, by the forge's own record; '' where that does not say.

    Times of forges are whole seconds: what was pushed in that very second nobody can have looked at.
    """
    before = [push.after for push in change.arrivals if push.at < at]
    if before:
        return before[-1]
    return change.arrivals[0].before if change.arrivals else ""


def seen_at(change: Change, at: str) -> str:
    """What somebody had in view at a moment: the head, or of a change that is merged, what became of it."""
    head = head_at(change, at)
    return change.merged if change.merged and head == change.head else head


def _last_opinions(reviews: Sequence[Review]) -> list[Review]:
    last: dict[str, Review] = {}
    for review in reviews:
        key = review.by.login.lower()
        # Taken out first, so that the order is that of the last opinions.
        last.pop(key, None)
        last[key] = review
    return [review for review in last.values() if review.opinion is not Opinion.DISMISSED]


def _of_review(change: Change, review: Review, tree_of: TreeOf) -> Iterator[tuple[str, Entry]]:
    if review.opinion is Opinion.APPROVED:
        if _was_aimed_here(change, review.at) and review.commit and (tree := tree_of(review.commit)):
            yield review.at, Entry(Did.APPROVED, review.by, review.commit, tree)
    # What was objected to before it was proposed anew has been answered by that.
    elif not (change.proposed_at and review.at > change.proposed_at):
        yield review.at, Entry(Did.REJECTED, review.by, review.commit, reason=review.text)


def _of_remark(change: Change, remark: Remark, tree_of: TreeOf) -> Iterator[Entry]:
    """What was said by comment and carried out, as our own mark on it says; a hold is one until we answer."""
    is_record = _is_record(remark)
    # What was refused may have been another word of the comment: a hold is refused where it was edited alone.
    may_hold = remark.answered is Answered.REFUSED and not remark.edited
    if not (is_record or may_hold or still_says(remark)):
        return
    for said in read_remark(remark.text):
        if not isinstance(said, Said):
            continue
        head = head_at(change, remark.at)
        if said.word.word == HOLD:
            yield Entry(Did.HELD, remark.by, head, reason=said.text)
        elif not is_record:
            continue
        elif said.word.word == UNHOLD:
            yield Entry(Did.LET_GO, remark.by, head)
        elif said.word.asks is Reject:
            yield Entry(Did.REJECTED, remark.by, head, reason=said.text)
        elif said.word.asks is Approve and _was_aimed_here(change, remark.at) and head and tree_of(head):
            yield Entry(Did.APPROVED, remark.by, head, tree_of(head))


def _is_record(remark: Remark) -> bool:
    """Whether a remark was carried out, and still says what was."""
    return remark.answered is Answered.DONE and not remark.edited


def still_says(remark: Remark) -> bool:
    """Whether a remark means what it says now, for words that lay nothing down which must not change.

    That holds from when it is written, and as long as it stands, whoever edits it later; not for what was
    refused, and for what was edited before we answered, which will be.
    """
    if remark.answered in (Answered.NOT_YET, Answered.SEEN):
        return not remark.edited
    return remark.answered is Answered.DONE


def _was_aimed_here(change: Change, at: str) -> bool:
    """Whether the change went into the branch that it goes into now: into another it was another one."""
    return at > change.retargeted_at


def unknown_approvals(change: Change) -> tuple[Person, ...]:
    """Who approves, and nobody can say what: the forge's record of pushes does not reach to that moment."""
    approvals = (review for review in _last_opinions(change.reviews) if review.opinion is Opinion.APPROVED)
    return tuple(review.by for review in approvals if not review.commit)


def standing_ejection(change: Change) -> Ejection | None:
    """The last time that the merge queue took the change out, unless somebody did something since."""
    if change.ejected is None or change.queued or change.merged:
        return None
    done = [change.proposed_at, *(push.at for push in change.arrivals)]
    done += [review.at for review in change.reviews if review.opinion is Opinion.APPROVED]
    done += [remark.at for remark in change.remarks if _approves(remark)]
    return change.ejected if change.ejected.at > max(done) else None


def _approves(remark: Remark) -> bool:
    return any(isinstance(said, Said) and said.word.asks is Approve for said in read_remark(remark.text))


def standing_objections(change: Change) -> tuple[tuple[Person, str], ...]:
    """Reviewers who object to the proposal as it stands now, each with their words."""
    if not change.proposed_at:
        return ()
    return tuple(
        (review.by, review.text)
        for review in _last_opinions(change.reviews)
        if review.opinion is Opinion.REJECTED and review.at > change.proposed_at
    )
