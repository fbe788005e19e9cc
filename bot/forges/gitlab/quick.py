"""GitLab's quick actions: lines that begin with a slash, which it carries out as whoever wrote them.

https://docs.gitlab.com/user/project/quick_actions/
"""

import re

# Words of ours that GitLab takes for its own, and strips from what people write: `/portico <word>` is ours.
TAKEN = ("approve", "clone", "rebase")
_ACTION = re.compile(r"^(\s*)/", re.MULTILINE)


def tamed(text: str) -> str:
    """A text in which nothing is carried out: some of it may come from packages and their functions."""
    return _ACTION.sub(r"\1&#47;", text)
