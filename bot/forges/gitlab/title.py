"""Titles of merge requests, which alone say that one is a draft.

https://docs.gitlab.com/user/project/merge_requests/drafts/
"""

import re

DRAFT = "Draft: "
_PREFIX = re.compile(r"\s*(?:\[draft\]|\(draft\)|draft:)\s*", re.IGNORECASE)
_MOST_PREFIXES = 20  # that are taken away; who writes more of them is told by the result


def is_draft(title: str) -> bool:
    return _PREFIX.match(title) is not None


def as_draft(title: str) -> str:
    """The title of a draft; one that is one already stays as it is."""
    return title if is_draft(title) else DRAFT + title


def as_ready(title: str) -> str:
    """The title without all that makes it a draft."""
    rest = title
    for _ in range(_MOST_PREFIXES):
        found = _PREFIX.match(rest)
        if found is None:
            break
        rest = rest[found.end() :]
    return rest
