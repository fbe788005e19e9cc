"""What a check of a repository on a forge came to: findings, each with its grade."""

from enum import StrEnum
from typing import NamedTuple


class Grade(StrEnum):
    """How bad it is: WRONG stops the work, WARNING some of it, or lets something past."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


class Finding(NamedTuple):
    """One thing that was looked at: sentences that say what is, why it matters, and what to do.

    `subject` is a word or two by which scripts know it; `why` and `advice` are '' for what is well.
    """

    subject: str
    grade: Grade
    what: str
    why: str = ""
    advice: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.what, self.why, self.advice)))


class Checkup(NamedTuple):
    """All findings about one repository; `unread` is why the forge could not be asked, '' where it was."""

    forge: str
    repository: str
    branch: str
    findings: tuple[Finding, ...] = ()
    unread: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether something stops the work."""
        return any(finding.grade is Grade.WRONG for finding in self.findings)


def ok(subject: str, what: str) -> Finding:
    """Something that is as it must be."""
    return Finding(subject, Grade.OK, what)


def warning(subject: str, what: str, why: str, advice: str) -> Finding:
    """Something without which a part of the work does not go on, or that lets others past portico."""
    return Finding(subject, Grade.WARNING, what, why, advice)


def wrong(subject: str, what: str, why: str, advice: str) -> Finding:
    """Something that stops the work."""
    return Finding(subject, Grade.WRONG, what, why, advice)
