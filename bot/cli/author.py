"""Who sits at this command line, as Git knows them."""

import re
import subprocess

from bot.errors import UserError
from bot.lifecycle.person import Person

_IDENT = re.compile(r"(?P<name>.*?) <(?P<email>[^>]*)> \d+ [-+]\d+\s*")


def author() -> Person:
    """The author of commits made here; raises UserError when Git does not know them."""
    asked = subprocess.run(
        ["git", "var", "GIT_AUTHOR_IDENT"],  # noqa: S607 the person's own git
        capture_output=True,
        text=True,
        check=False,
    )
    found = _IDENT.fullmatch(asked.stdout)
    if asked.returncode or not found:
        raise UserError(
            "Git does not know who you are; run `git config --global user.name 'Your Name'` and "
            "`git config --global user.email you@example.com`."
        )
    return Person("", found["name"], found["email"])
