"""Every situation that a forge must come through: where it is shown for each forge, or why it is not.

`BOTH` are tests that run over both forges. A place is a file below tests/, which has a test named after the
situation; or a test by its name, as `<file>::<test>`.
"""

from typing import NamedTuple


class Situation(NamedTuple):
    """`github` and `gitlab` are places, or begin with '-' and are the reason why there is none."""

    what: str
    both: tuple[str, ...] = ()
    github: tuple[str, ...] = ()
    gitlab: tuple[str, ...] = ()


_HEAR = "forges/gitlab/adapter/test_hear.py"
_SEEN = "forges/gitlab/adapter/test_looking.py"
_LIFE, _APPROVALS, _WORDS, _TELLING = (
    f"attendant/contract/test_{name}.py" for name in ("life", "approvals", "words", "telling")
)
_PUBLISHING, _BRANCHES, _HOSTILE, _MARKUP, _EXCESS, _RUNNING = (
    f"attendant/situations/test_{name}.py"
    for name in ("publishing", "branches", "hostile", "markup", "excess", "running")
)
_HUB_DELIVERY, _HUB_APPROVALS, _HUB_PUBLISHING, _HUB_QUEUE, _HUB_BRANCHES, _HUB_MARKUP, _HUB_RUNNING = (
    f"attendant/github/test_situations_{name}.py"
    for name in ("delivery", "approvals", "publishing", "queue", "branches", "markup", "running")
)
_LAB_DELIVERY, _LAB_MOMENTS, _LAB_MERGING, _LAB_LIFE = (
    f"attendant/gitlab/test_{name}.py" for name in ("delivery", "moments", "merging", "life")
)
_KUBERNETES = (
    "- a mirror in Kubernetes belongs to the adapter of packages as Kubernetes sees them, not to a forge"
)
_VERSION = "- the version of portico that rendered a draft is not recorded; images are pinned by the policy"

SITUATIONS = {
    1: Situation("the same webhook twice", (_TELLING,), (_HUB_DELIVERY,), (_LAB_DELIVERY,)),
    2: Situation("the same event by two hooks", (), (_HUB_DELIVERY,), (_LAB_DELIVERY,)),
    3: Situation(
        "a crash between seen and done",
        (),
        (_HUB_DELIVERY,),
        ("- the queue and the process around it know no forge: GitHub's test kills the same ones",),
    ),
    4: Situation("a webhook is lost", (_TELLING,), (_HUB_DELIVERY,)),
    5: Situation("webhooks out of order", (_TELLING,), (_HUB_DELIVERY,)),
    6: Situation("Git is ahead of the API", (), (_HUB_DELIVERY,), (_LAB_DELIVERY,)),
    7: Situation(
        "signatures that are none",
        (),
        (_HUB_DELIVERY,),
        (f"{_HEAR}::test_who_does_not_know_the_secret_is_not_heard",),
    ),
    8: Situation(
        "an old delivery that is replayed",
        (),
        ("- GitHub's deliveries have no signed time; what is told again is S01",),
        (_LAB_DELIVERY,),
    ),
    9: Situation("too much for a webhook", (), (_HUB_DELIVERY,), (_LAB_DELIVERY,)),
    10: Situation(
        "another forge's webhook",
        (),
        (_HUB_DELIVERY,),
        (f"{_HEAR}::test_other_forges_messages_are_theirs",),
    ),
    11: Situation(
        "the bot's own doings, and talk about words", (_WORDS,), (_HUB_DELIVERY,), (_LAB_DELIVERY,)
    ),
    12: Situation("an author approves", (_LIFE, _WORDS)),
    13: Situation("a contributor approves", (_APPROVALS,), (_HUB_APPROVALS,)),
    14: Situation("a push after an approval", (_APPROVALS,)),
    15: Situation("a push between reading and merging", (_PUBLISHING,)),
    16: Situation("a word about an older head", (_WORDS,), (_HUB_APPROVALS,)),
    17: Situation("a comment that is edited", (_WORDS,)),
    18: Situation(
        "an objection that is dismissed",
        (),
        (_HUB_APPROVALS,),
        (f"{_SEEN}::test_changes_are_requested_while_the_reviewer_says_so",),
    ),
    19: Situation("the bot renders after an approval", (_APPROVALS,)),
    20: Situation("a rebase after an approval", (_APPROVALS,), (_HUB_APPROVALS,)),
    21: Situation(
        "approvals that the forge resets",
        (),
        ("- a review on GitHub stays, and says of which commit it was: S14 and S24",),
        (_LAB_MOMENTS,),
    ),
    22: Situation("an approver loses the permission", (_PUBLISHING,), (_HUB_APPROVALS,)),
    23: Situation("a change of several packages", (_PUBLISHING,)),
    24: Situation(
        "a review of an outdated commit",
        (),
        (_HUB_APPROVALS,),
        ("- an approval on GitLab names no commit, and is of the head when it was given: S14 and S21",),
    ),
    25: Situation("two drafts of one package", (_LIFE, _PUBLISHING)),
    26: Situation("a merge that cannot be just now", (), (_HUB_PUBLISHING,), (_LAB_MERGING,)),
    27: Situation("the tag is there", (_LIFE, _PUBLISHING)),
    28: Situation("merged and not tagged", (_LIFE, _PUBLISHING)),
    29: Situation("two compute the same number", (_PUBLISHING,)),
    30: Situation("a repository that squashes or rebases", (), (_HUB_PUBLISHING,), (_LAB_LIFE,)),
    31: Situation("a person merges or pushes", (_APPROVALS, _WORDS, _PUBLISHING)),
    32: Situation("a conflict with the branch", (_PUBLISHING,)),
    33: Situation("a merge queue or train", (), (_HUB_QUEUE,), (_LAB_MERGING,)),
    34: Situation("a permission is missing", (_PUBLISHING,), (_HUB_QUEUE,), (_LAB_MERGING,)),
    35: Situation("a rollback", (_WORDS, _PUBLISHING)),
    36: Situation("a branch or change that is gone", (_APPROVALS, _BRANCHES)),
    37: Situation("a force push while it renders", (_BRANCHES,)),
    38: Situation("renamed, moved, archived", (_BRANCHES,), (_HUB_BRANCHES,), (_LAB_MERGING,)),
    39: Situation("names of branches", (_BRANCHES,)),
    40: Situation("forks", (_BRANCHES,)),
    41: Situation("another target", (_BRANCHES,)),
    42: Situation("reopened, or there already", (_APPROVALS, _BRANCHES)),
    43: Situation("links and paths that leave", (_HOSTILE,)),
    44: Situation("YAML that is none or too much", (_HOSTILE,)),
    45: Situation("functions that nobody allowed", (_HOSTILE,)),
    46: Situation("a draft that changes the rules", (_LIFE, _HOSTILE)),
    47: Situation("markup in what is shown", (_MARKUP,), (_HUB_MARKUP,)),
    48: Situation("words that are commands", (_HOSTILE,)),
    49: Situation("too large", (_EXCESS,)),
    50: Situation("strangers, and a hundred words", (_WORDS, _EXCESS)),
    51: Situation("the forge asks to wait", (_RUNNING,)),
    52: Situation("an answer is lost after the work", (_RUNNING,)),
    53: Situation("a token that ends", (), (_HUB_RUNNING,), (_LAB_MERGING,)),
    54: Situation("two bots at once", (_RUNNING,)),
    55: Situation("the forge is down", (_RUNNING,)),
    56: Situation("Kubernetes is down", (), (_KUBERNETES,), (_KUBERNETES,)),
    57: Situation("clocks that differ", (_RUNNING,)),
    58: Situation(
        "the limits of a workflow's token",
        (),
        (_HUB_RUNNING,),
        ("attendant/gitlab/test_job.py::test_what_is_missing_is_named",),
    ),
    59: Situation(
        "words that the forge takes for its own",
        (),
        ("- GitHub takes no words of comments for its own",),
        (_LAB_DELIVERY,),
    ),
    60: Situation("another version renders otherwise", (), (_VERSION,), (_VERSION,)),
}
