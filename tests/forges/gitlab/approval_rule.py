"""A rule of Premium that names whose approvals a project wants, and how many."""

from dataclasses import dataclass

from tests.forges.gitlab.people import Group, User


@dataclass(eq=False)
class ApprovalRule:
    """One rule; who is named nowhere in it counts when it names nobody at all."""

    id: int
    name: str
    count: int
    users: list[User]
    groups: list[Group]

    def eligible(self) -> list[User]:
        """Whom it names, each once."""
        members = [each.user for group in self.groups for each in group.members.values()]
        return list({user.id: user for user in [*self.users, *members]}.values())

    def is_met(self, approvers: list[User]) -> bool:
        named = self.eligible()
        return sum(not named or each in named for each in approvers) >= self.count
