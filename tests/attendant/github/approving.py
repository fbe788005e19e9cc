"""What is done and seen on the street where people approve."""

import html

from tests.attendant.conftest import ZONE
from tests.attendant.github.hands import ZONE_FILE
from tests.attendant.github.street import BRANCH, Street
from tests.forges.git_half import HEADS, ZERO, Change, Person
from tests.forges.github.apps import Caller
from tests.forges.github.comment import Comment
from tests.forges.github.people import User
from tests.forges.github.pushing import move


def says(street: Street) -> str:
    """The living comment, as people read it."""
    return html.unescape(street.living())


def proposed(street: Street, by: str = "ada") -> None:
    """A draft that was looked at, proposed by its author, and looked at again."""
    street.draft(by)
    street.ready("ada")
    street.look()


def propose_by_hand(street: Street) -> None:
    """Ada opens a pull request that is ready for review, before the bot has looked."""
    body = {"title": "DNS", "head": BRANCH, "base": "main", "body": "", "draft": False}
    assert street.cast.ask("POST", "/repos/acme/blueprints/pulls", body, "ada").status == 201


def approve(street: Street, by: str, commit: str = "") -> None:
    """An approving review, of an older commit if one is given."""
    path = f"/repos/acme/blueprints/pulls/{street.pull.number}/reviews"
    asked = {"event": "APPROVE", **({"commit_id": commit} if commit else {})}
    assert street.cast.ask("POST", path, asked, by).status == 200


def say(street: Street, by: str, text: str) -> Comment:
    number = street.cast.comment(by, street.pull, text).json()["id"]
    return street.cast.repo.comment(number)


def marks(street: Street, comment: Comment) -> list[str]:
    """What the bot put on a comment; nobody else does."""
    assert {each.user for each in comment.reactions} <= {street.cast.app.bot}
    return [each.content for each in comment.reactions]


def commit(
    street: Street,
    pusher: User,
    author: Person,
    committer: Person | None = None,
    message: str = "Change",
    *,
    upon: str = "",
    ttl: str = "60",
) -> str:
    """A commit by whom it says, pushed by whom it does not say; with `upon`, by force."""
    cast, bare = street.cast, street.cast.repo.bare
    with cast.world.lock:
        before = bare.ref(HEADS + BRANCH)
        parent = bare.resolve(upon) if upon else before or bare.resolve("main")
        tree = bare.tree({ZONE_FILE: ZONE.replace("300", ttl).encode()}, parent)
        made = bare.make(tree, [parent], message, author, cast.world.clock.tick(), committer)
        move(cast.world, cast.repo, Caller(pusher), [Change(HEADS + BRANCH, before or ZERO, made)])
    return made


def two_must_approve(street: Street) -> None:
    street.cast.commit("root", "main", {".portico.yaml": b"approvals: 2\napprovers: [ada, grace]\n"})
