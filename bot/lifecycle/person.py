"""Who asked, approved or wrote: a person under the names by which a repository may know them."""

import re
from typing import NamedTuple

# The address that a forge gives those who hide theirs: `<number>+<login>@users.noreply.<host>` on GitHub,
# with a dash on GitLab; old ones have no number.
_HIDDEN = re.compile(r"(?:\d+[+-])?(.+)@users\.noreply\..+")


class Person(NamedTuple):
    """A login, a name for people to read, and an e-mail address; any of them may be ''."""

    login: str
    name: str = ""
    email: str = ""

    def __str__(self) -> str:
        return f"@{self.login}" if self.login else self.email or self.name or "somebody unknown"

    def listed_in(self, entries: tuple[str, ...]) -> bool:
        """Say whether a list of logins and e-mail addresses names this person."""
        mine = {self.login.lower(), self.email.lower()} - {""}
        return any(entry.lower().removeprefix("@") in mine for entry in entries)

    def may_be(self, other: "Person") -> bool:
        """Say whether both could be one person.

        An author's name and address are only claimed in a commit, so any likeness counts: a person
        who may have contributed must not approve (invariant 3).
        """
        return bool(_aliases(self) & _aliases(other))


def written(text: str) -> str:
    """What a commit can hold of a name or an address: nothing that ends its line or begins an address."""
    return "".join(c for c in text if c.isprintable() and c not in "<>").strip()


# The bot itself; the committer of everything that it writes.
PORTICO = Person("", "Portico", "portico@localhost")


def _aliases(person: Person) -> set[str]:
    email = person.email.lower()
    local = email.partition("@")[0] if "@" in email else ""
    hidden = _HIDDEN.fullmatch(email)
    return {person.login.lower(), person.name.lower(), email, local, hidden[1] if hidden else ""} - {""}
