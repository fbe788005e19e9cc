"""What was read of a repository on a forge before it is judged: values, the same for every forge."""

from typing import NamedTuple

from bot.packages.layout import Layout, RefKind

# Packages that stand for all: how deep a package lies may decide whether a rule holds for it.
_SAMPLES = ("package", "folder/package", "folder/folder/package")


class Wanted(NamedTuple):
    """What a check looks for: where packages are, and the `page` at which people see the repository.

    `address` is where portico is to be reached, '' where that is not known; `serves` says that it must be.
    """

    layout: Layout
    page: str
    address: str = ""
    serves: bool = True

    @property
    def draft(self) -> str:
        """A branch that stands for all drafts."""
        return f"{RefKind.DRAFT}/{self.layout.full_path(_SAMPLES[0])}/workspace"

    @property
    def tags(self) -> list[str]:
        """Tags that stand for all that portico creates."""
        return [f"{self.layout.full_path(sample)}/v1" for sample in _SAMPLES]


class Permission(NamedTuple):
    """Something that portico's credentials must have; `granted` is None where the forge does not say.

    `reason` ends the sentence 'It is needed for …'; `where` is the sentence that says how it is given. What
    is `optional` is needed for a part of the work only.
    """

    name: str
    granted: bool | None
    reason: str
    where: str
    optional: bool = False


class Hook(NamedTuple):
    """A webhook that points at portico, or may.

    `where` is the page on which it is set. `lacking` are events that it does not tell of; `secret` is None
    where the forge does not say. `stopped` says how long the forge has put it to rest. `answers` are the
    statuses of the last deliveries, newest first, 0 where nobody answered.
    """

    url: str
    where: str
    lacking: tuple[str, ...] = ()
    active: bool = True
    secret: bool | None = True
    verifies: bool = True
    stopped: str = ""
    answers: tuple[int, ...] = ()


class Hooks(NamedTuple):
    """The webhooks of a repository: None where the forge does not show them; `where` they are set.

    `address` is where portico is to be reached, '' where that is not known. They are `needed` by
    `portico serve`, and not by workflows.
    """

    found: tuple[Hook, ...] | None
    where: str
    address: str = ""
    needed: bool = True


class PolicyFile(NamedTuple):
    """The policy on the registered branch, None for none, and what belongs to it.

    `owners` says whether there is a file CODEOWNERS; `unreadable` are teams whose members are not shown.
    """

    data: bytes | None
    owners: bool = True
    unreadable: tuple[str, ...] = ()
