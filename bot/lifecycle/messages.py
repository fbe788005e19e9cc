"""Every sentence that Portico says about the lifecycle."""

from collections.abc import Iterable, Sequence

from bot.lifecycle.person import Person
from bot.lifecycle.state import Hold
from bot.packages.naming import RevisionName, quoted
from bot.packages.problem import Problem
from bot.packages.revision import Lifecycle

SHOWN_HOLDS = 3
SHOWN_PROBLEMS = 20


def short(commit: str) -> str:
    return commit[:10]


def impossible(name: RevisionName, word: str, state: Lifecycle, possible: Sequence[str]) -> str:
    if state is Lifecycle.ABSENT:
        return f"There is no revision {quoted(str(name))} to {word}; push a draft to 'drafts/{name}' first."
    can = _alternatives([f"`{other}`" for other in possible])
    if word == "push":
        return (
            f"{quoted(str(name))} is {state}, so its content cannot change; use {can}, "
            f"or push to a new workspace: 'drafts/{name.path}/<workspace>'."
        )
    return f"{quoted(str(name))} is {state}, so it cannot be asked to `{word}`. Now you can use {can}."


def moved(name: RevisionName, seen: str, head: str) -> str:
    if not head:
        return f"{quoted(str(name))} is gone since you fetched it; fetch and look again."
    if not seen:
        return f"{quoted(str(name))} exists already, at {short(head)}; fetch it, or choose another workspace."
    return (
        f"{quoted(str(name))} stands at {short(head)}, not at {short(seen)} that you had in view; "
        f"fetch, look at what changed, and ask again."
    )


def bad_policy(problems: Sequence[Problem]) -> str:
    where = "on the registered branch or on the server"
    return f"Nothing can be published until the policy is mended, {where}:" + _listed(problems)


def not_an_approver(by: Person, path: str, approvers: Sequence[str]) -> str:
    return f"{by} may not decide about {quoted(path)}. Who may: {_people(approvers)}."


def wrote_it(by: Person) -> str:
    return (
        f"{by} wrote or pushed part of this, and the policy asks for somebody else's eyes "
        f"(`selfApproval: false`); ask another approver."
    )


def not_author_or_approver(by: Person) -> str:
    return f"{by} neither wrote this nor may approve it; only its authors and approvers may delete it."


def has_problems(problems: Sequence[Problem]) -> str:
    return "The package must be valid first:" + _listed(problems)


def not_rendered(head: str) -> str:
    return (
        f"The package has not been rendered at {short(head)}; `portico reconcile` on the server renders it, "
        f"and so does the next push to the draft."
    )


def render_failed(problems: Sequence[Problem]) -> str:
    return "The package's functions must succeed first:" + _listed(problems)


def gates_unmet(gates: Sequence[str]) -> str:
    names = ", ".join(quoted(gate) for gate in gates)
    return (
        f"The readiness gate {names} is not met: the Kptfile must hold a condition of that type with "
        f"status 'True' under `status.conditions`."
        if len(gates) == 1
        else f"The readiness gates {names} are not met: the Kptfile must hold conditions of those types "
        f"with status 'True' under `status.conditions`."
    )


def out_of_date(name: RevisionName, newer: str) -> str:
    return (
        f"{newer} reached the branch since {quoted(str(name))} began, and publishing would undo it. "
        f"Bring the draft up to date with `portico rpkg rebase <name>`, which merges both."
    )


def nothing_to_publish(name: RevisionName) -> str:
    return f"The draft {quoted(str(name))} holds no commit of its own, so there is nothing to publish yet."


def strays(name: RevisionName, files: Sequence[str]) -> str:
    shown = ", ".join(map(quoted, files))
    return (
        f"The draft also changes {shown}, outside {quoted(name.path)}; only the package would be published. "
        f"Take that out of the draft, or push it as a draft of its own."
    )


def of_companion(path: str, reason: str) -> str:
    return f"Of the package {quoted(path)} in the same change: {reason}"


def companion(path: str, reason: str) -> str:
    told = f"With it goes the package {quoted(path)}, published together or not at all."
    return f"{told} {reason}".rstrip()


def waiting(have: int, need: int, approvers: Sequence[str] | None) -> str:
    return f"Waiting for approvals: {have} of {need}, from {_people(approvers)}."


def nested(path: str, outer: str) -> str:
    return (
        f"{quoted(path)} and the package {quoted(outer)} would lie one inside the other, "
        f"and packages cannot be nested; choose another path."
    )


def is_upstream(downstream: Sequence[str]) -> str:
    names = ", ".join(quoted(name) for name in downstream[:5])
    return f"It cannot be deleted while {names} has it as upstream; upgrade or delete that first."


def rendered_unchanged(steps: int) -> str:
    return (
        f"rendered: {count(steps, 'function')}, nothing to change"
        if steps
        else "rendered: no functions to run"
    )


def rendered_changed(steps: int, files: Sequence[str], commit: str) -> str:
    shown = ", ".join(files[:5]) + (f" and {len(files) - 5} more" if len(files) > 5 else "")
    return (
        f"rendered: {count(steps, 'function')} changed {shown}; committed as {short(commit)}. "
        f"Pull before you go on."
    )


def render_report(problems: Sequence[Problem]) -> str:
    return "the draft is saved, but its functions failed, so it cannot be proposed yet:" + _listed(problems)


def proposed(name: RevisionName, need: int, approvers: Sequence[str] | None) -> str:
    return f"{name} is proposed. {waiting(0, need, approvers)}"


def rejected(name: RevisionName, by: Person, reason: str) -> str:
    return f"{name} is a draft again: rejected by {by}" + (f": {one_line(reason)}" if reason else ".")


def sent_back(name: RevisionName, reason: str) -> str:
    return f"{name} is a draft again, because it cannot be published as it is. {reason}"


def approved(by: Person, head: str) -> str:
    return f"{by} approved {short(head)}."


def published(name: RevisionName, revision: int, approvers: Iterable[Person]) -> str:
    return f"{name} is published as {name.path}/v{revision}, approved by {', '.join(map(str, approvers))}."


def finished(name: RevisionName, what: str) -> str:
    return f"{name}: an interrupted {what} is complete now."


def deletion_proposed(name: RevisionName, need: int, approvers: Sequence[str] | None) -> str:
    return f"{name} is proposed for deletion. {waiting(0, need, approvers)}"


def deletion_rejected(name: RevisionName, by: Person, reason: str) -> str:
    return f"{name} stays published: {by} rejected its deletion" + (
        f": {one_line(reason)}" if reason else "."
    )


def removed(name: RevisionName, revision: int, *, with_directory: bool) -> str:
    if revision < 1:
        return f"The directory {quoted(name.path)} is removed from the branch; its revisions stay published."
    rest = f" The directory {quoted(name.path)} is removed from the branch." if with_directory else ""
    return f"{name} (revision {revision}) is deleted.{rest} Its number will not be used again."


def deleted(name: RevisionName) -> str:
    return f"{name} is deleted."


def nothing_there(name: RevisionName) -> str:
    return f"There is no revision {quoted(str(name))}; `portico rpkg get` lists what there is."


def state(name: RevisionName, lifecycle: Lifecycle, revision: int, head: str) -> str:
    number = f", revision {revision}" if revision > 0 else ""
    return f"{name} is {lifecycle}{number}, at {short(head)}."


def step(word: str, what: str, who: str, objection: str, still: str) -> str:
    if objection:
        # What the objection lists stands below its own line.
        return f"- `{word}` is not possible yet: {objection}".replace("\n", "\n  ")
    return f"- `{word}`: {what} ({who}). {still}".rstrip()


def approval_given(by: Person, objection: str) -> str:
    return f"- approved by {by}" + (f", which does not count: {objection}" if objection else ".")


def stale_approval(by: Person, head: str) -> str:
    return (
        f"- stale approval by {by} at {short(head)}: it was for other content, and does not count any more."
    )


def unknown_word(word: str, words: Sequence[str]) -> str:
    return (
        f"{quoted(word)} is nothing that can be asked; push to 'refs/portico/<word>/<path>/<workspace>', "
        f"where the word is {_alternatives(list(words))}."
    )


def nothing_to_delete(ref: str) -> str:
    return f"{quoted(ref)} is a request, not a ref: nothing is kept there that could be deleted."


def not_a_commit(branch: str) -> str:
    return (
        f"What is pushed to {quoted(branch)} must be a commit, not a tag, a tree or a file; "
        f"push '<what you have>^{{commit}}'."
    )


def no_kind(ref: str) -> str:
    return (
        f"{quoted(ref)} is no branch, tag or note, and Git could take it for something else; "
        f"push to 'refs/heads/…' or 'refs/tags/…'."
    )


def branch_like_a_tag(branch: str) -> str:
    return (
        f"A branch of the name {quoted(branch)} would be taken for a published revision, which is a tag; "
        f"choose another name."
    )


def tag_like_a_branch(tag: str) -> str:
    return f"A tag of the name {quoted(tag)} would be taken for a branch; choose another name."


def branch_in_the_way(branch: str) -> str:
    return (
        f"A branch of the name {quoted(branch)} would leave no room for the drafts below it; "
        f"push to '{branch}/<path>/<workspace>'."
    )


def not_at_once(requests: int) -> str:
    return (
        f"These are {requests} requests, and each is done by itself: `--atomic` cannot be kept; "
        f"push without it, or push them one by one."
    )


def branch_stays(branch: str) -> str:
    return f"The branch {quoted(branch)} holds the published packages and cannot be deleted."


def branch_never_rewinds(branch: str) -> str:
    return (
        f"The branch {quoted(branch)} never goes back: fetch it, put your commits on top, push without force."
    )


def branch_by_publication(branch: str) -> str:
    return (
        f"The branch {quoted(branch)} changes by publication only. Push a draft to "
        f"'drafts/<path>/<workspace>' and propose it; or let `directPushes` of the policy name you."
    )


def tag_never_moves(tag: str) -> str:
    return f"The tag {quoted(tag)} is a published revision and never moves; publish a new revision instead."


def tag_by_deletion(tag: str) -> str:
    path, _, revision = tag.rpartition("/")
    return (
        f"The tag {quoted(tag)} is a published revision; ask for its deletion: "
        f"`git push origin {tag}:refs/portico/propose-delete/{path}/{revision}`."
    )


def tag_by_publication(tag: str) -> str:
    return f"The tag {quoted(tag)} would publish a package that nobody approved; push a draft and propose it."


def proposed_by_asking(name: RevisionName) -> str:
    return f"The branch 'proposed/{name}' cannot be rewritten; reject it, and push to 'drafts/{name}'."


def draft_or_proposal(name: RevisionName) -> str:
    return (
        f"{quoted(str(name))} is a draft or a proposal, never both: push to 'drafts/{name}' and to "
        f"'proposed/{name}' one after the other."
    )


def was_rejected(by: Person, reason: str) -> str:
    return f"- was rejected by {by}" + (f": {one_line(reason)}" if reason else ".")


def held(holds: Sequence[Hold]) -> str:
    people = " and ".join(_holder(hold) for hold in holds[-SHOWN_HOLDS:])
    return f"On hold by {people}: nothing is merged until somebody who may push comments `/unhold`."


def line(text: str) -> str:
    """The first line, as long as every forge shows it."""
    return one_line(text.partition("\n")[0])[:140]


def one_line(text: str) -> str:
    """Words from outside, so that they can neither break a line nor move a terminal's cursor."""
    return "".join(c if c.isprintable() else " " for c in text)[:500].strip()


def _holder(hold: Hold) -> str:
    return f"{hold.by} ({one_line(hold.reason)})" if hold.reason else str(hold.by)


def _people(approvers: Sequence[str] | None) -> str:
    if approvers is None:
        return "anyone but its authors"
    return (
        _alternatives([one_line(a) if "@" in a else f"@{one_line(a)}" for a in approvers])
        or "nobody: the policy names no approver who did not write part of it"
    )


def _alternatives(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def _listed(problems: Sequence[Problem]) -> str:
    lines = [f"\n- {one_line(str(problem))}" for problem in problems[:SHOWN_PROBLEMS]]
    if len(problems) > SHOWN_PROBLEMS:
        lines.append(f"\n- and {len(problems) - SHOWN_PROBLEMS} more")
    return "".join(lines)


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
