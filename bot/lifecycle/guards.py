"""What must hold before a row of the table applies; each guard is '' or the sentence that says why not."""

from collections.abc import Callable

from bot.errors import InvalidName
from bot.lifecycle import messages
from bot.lifecycle.commands import Approve, Command, Save
from bot.lifecycle.person import Person
from bot.lifecycle.state import Facts, Outcome
from bot.packages.naming import check_name
from bot.packages.revision import Lifecycle

Guard = Callable[[Command, Facts], str]


def well_named(command: Command, facts: Facts) -> str:
    try:
        check_name(facts.name)
    except InvalidName as error:
        return str(error)
    return ""


def not_nested(command: Command, facts: Facts) -> str:
    return messages.nested(facts.name.path, facts.nested_in) if facts.nested_in else ""


def on_its_head(command: Command, facts: Facts) -> str:
    """The commits of a push continue the draft as it stands."""
    old = command.old if isinstance(command, Save) else ""
    return "" if old == facts.head else messages.moved(facts.name, old, facts.head)


def in_view(command: Command, facts: Facts) -> str:
    """Whoever asks has seen the commit that it is about; an approval must name it (invariant 3)."""
    if not command.at and not isinstance(command, Approve):
        return ""
    return "" if command.at == facts.head else messages.moved(facts.name, command.at, facts.head)


def policy_readable(command: Command, facts: Facts) -> str:
    return messages.bad_policy(facts.policy.problems) if facts.policy.problems else ""


def by_approver(command: Command, facts: Facts) -> str:
    """Of a set, whoever approves one of its packages may speak, and counts for those that are theirs."""
    if any(is_approver(command.by, one) for one in (facts, *facts.companions)):
        return ""
    return messages.not_an_approver(
        command.by, facts.name.path, facts.policy.approvers_of(facts.name.path) or ()
    )


def by_other_than_authors(command: Command, facts: Facts) -> str:
    return "" if counts(command.by, facts) else messages.wrote_it(command.by)


def by_author_or_approver(command: Command, facts: Facts) -> str:
    if is_approver(command.by, facts) or any(command.by.may_be(author) for author in facts.contributors):
        return ""
    return messages.not_author_or_approver(command.by)


def valid(command: Command, facts: Facts) -> str:
    return messages.has_problems(facts.problems) if facts.problems else ""


def rendered(command: Command, facts: Facts) -> str:
    if facts.outcome is Outcome.FAILED:
        return messages.render_failed(facts.render_problems)
    return "" if facts.outcome is Outcome.WELL else messages.not_rendered(facts.head)


def ready(command: Command, facts: Facts) -> str:
    return messages.gates_unmet(facts.unmet_gates) if facts.unmet_gates else ""


def up_to_date(command: Command, facts: Facts) -> str:
    return messages.out_of_date(facts.name, facts.newer) if facts.newer else ""


def begun(command: Command, facts: Facts) -> str:
    return messages.nothing_to_publish(facts.name) if facts.head == facts.base else ""


def within_its_package(command: Command, facts: Facts) -> str:
    return messages.strays(facts.name, facts.strays) if facts.strays else ""


def companions_fit(command: Command, facts: Facts) -> str:
    """The other packages of a set are as fit as this one."""
    for one in waiting_companions(facts):
        if reason := companion_unfit(command, one):
            return messages.of_companion(one.name.path, reason)
    return ""


def companion_unfit(command: Command, facts: Facts) -> str:
    """What keeps another package of a set from being published, by its content."""
    guards = (policy_readable, well_named, not_nested, valid, rendered, ready, up_to_date)
    return next(filter(None, (guard(command, facts) for guard in guards)), "")


def waiting_companions(facts: Facts) -> tuple[Facts, ...]:
    """The other packages of a set that are not published yet: a crash may come between two tags."""
    return tuple(one for one in facts.companions if one.lifecycle is not Lifecycle.PUBLISHED)


def not_upstream(command: Command, facts: Facts) -> str:
    return messages.is_upstream(facts.downstream) if facts.downstream else ""


def enough_approvals(command: Command, facts: Facts) -> str:
    if reason := lacking(command, facts):
        return reason
    for one in waiting_companions(facts):
        if reason := lacking(command, one):
            return messages.of_companion(one.name.path, reason)
    return ""


def lacking(command: Command, facts: Facts) -> str:
    """Which approvals one package still waits for, whatever goes with it."""
    have, need = len(approvers(command, facts)), facts.policy.approvals
    return "" if have >= need else messages.waiting(have, need, others(facts))


def not_held(command: Command, facts: Facts) -> str:
    return messages.held(facts.holds) if facts.holds else ""


# What a proposal's content must be, whoever asks.
CONTENT: tuple[Guard, ...] = (
    not_nested,
    valid,
    begun,
    within_its_package,
    rendered,
    ready,
    up_to_date,
    companions_fit,
)


def unfit(command: Command, facts: Facts) -> str:
    """Why a proposal must be a draft again, by its content alone; '' for one that may stay and wait."""
    if any(
        one.outcome is Outcome.NOT_YET and not one.problems for one in (facts, *waiting_companions(facts))
    ):
        return ""
    return next(filter(None, (guard(command, facts) for guard in CONTENT)), "")


def approvers(command: Command, facts: Facts) -> tuple[Person, ...]:
    """Everybody whose approval counts for exactly this package tree, the asker of an approval included."""
    given = [approval.by for approval in facts.approvals if approval.tree == facts.tree]
    if isinstance(command, Approve):
        given.append(command.by)
    people: list[Person] = []
    for person in given:
        # Two names of one person are one approval.
        if is_approver(person, facts) and counts(person, facts) and not any(map(person.may_be, people)):
            people.append(person)
    return tuple(people)


def others(facts: Facts, *authors: Person) -> tuple[str, ...] | None:
    """Whom to ask for an approval: the approvers who are no authors; None for anybody but the authors."""
    listed = facts.policy.approvers_of(facts.name.path)
    if listed is None or facts.policy.self_approval:
        return listed
    wrote = (*facts.contributors, *authors)
    return tuple(entry for entry in listed if not any(map(_named(entry).may_be, wrote)))


def _named(entry: str) -> Person:
    """Whom an entry of a list means: a login, or an e-mail address."""
    return Person(entry.removeprefix("@"), email=entry)


def is_approver(person: Person, facts: Facts) -> bool:
    listed = facts.policy.approvers_of(facts.name.path)
    return person != Person("") and (listed is None or person.listed_in(listed))


def counts(person: Person, facts: Facts) -> bool:
    return facts.policy.self_approval or not any(person.may_be(author) for author in facts.contributors)
