"""What portico thinks of a draft, a proposal or a deletion, as one line for a check or a status."""

from collections.abc import Mapping

from bot.lifecycle import change_messages, messages
from bot.lifecycle import guards as g
from bot.lifecycle.change import Signal, Verdict
from bot.lifecycle.commands import Settle
from bot.lifecycle.living import explanation
from bot.lifecycle.state import Facts, Outcome
from bot.packages.layout import Layout
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle

_WORST_FIRST = (Signal.BAD, Signal.WAITING, Signal.GOOD)


def verdict(facts: Facts, layout: Layout) -> Verdict:
    """Good when nothing of ours is missing, bad when the content must change, else waiting.

    `layout` says which files of the repository its problems are about.
    """
    command = Settle(name=facts.name, at=facts.head)
    together = (facts, *facts.companions)
    problems = tuple(
        each.below(layout.full_path(one.name.path))
        for one in together
        for each in (*one.problems, *one.render_problems)
    )
    if facts.lifecycle in (Lifecycle.PUBLISHED, Lifecycle.ABSENT):
        return Verdict(Signal.GOOD, messages.line(str(facts.lifecycle)))
    if problems and any(one.outcome is Outcome.FAILED or one.problems for one in together):
        what = change_messages.fix(len(problems))
        return Verdict(Signal.BAD, what, explanation(facts), problems)
    if facts.policy.problems:
        return Verdict(Signal.BAD, messages.line(g.policy_readable(command, facts)), explanation(facts))
    if facts.lifecycle is Lifecycle.DRAFT:
        return Verdict(Signal.WAITING, change_messages.draft_waits(), explanation(facts))
    if facts.lifecycle is Lifecycle.DELETION_PROPOSED and (reason := g.not_upstream(command, facts)):
        return Verdict(Signal.WAITING, messages.line(reason), explanation(facts))
    if reason := g.unfit(command, facts):
        return Verdict(Signal.BAD, messages.line(reason), explanation(facts))
    if reason := g.not_held(command, facts) or g.enough_approvals(command, facts):
        return Verdict(Signal.WAITING, messages.line(reason), explanation(facts))
    return Verdict(Signal.GOOD, change_messages.approved_enough(), explanation(facts))


def shared(verdicts: Mapping[RevisionName, Verdict]) -> Verdict:
    """The one on a commit at which several stand: the worst of them, and what is thought of each."""
    each = sorted((str(name), found) for name, found in verdicts.items())
    worst = min(each, key=lambda one: _WORST_FIRST.index(one[1].signal))
    told = "\n\n".join(f"**{name}: {found.title}**\n\n{found.summary}".strip() for name, found in each)
    problems = dict.fromkeys(problem for _, found in each for problem in found.problems)
    title = f"{worst[0]}: {worst[1].title}"
    summary = f"{change_messages.one_commit([name for name, _ in each])}\n\n{told}"
    return Verdict(worst[1].signal, title, summary, tuple(problems))
