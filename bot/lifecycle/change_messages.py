"""Every sentence that Portico says about changes on forges."""

from collections.abc import Sequence

from bot.lifecycle.messages import count, one_line, short
from bot.lifecycle.person import Person
from bot.packages.naming import RevisionName, quoted


def merged_otherwise(name: RevisionName, merge: str, tag: str) -> str:
    return (
        f"{name} was merged as {short(merge)}, and what is there is not what was approved: the merge made "
        f"something else of it. It is not tagged as {tag}; look at the branch, and publish a new draft."
    )


def merged_unfit(name: RevisionName, reason: str) -> str:
    return f"{name} was merged, and is not published: {reason}"


def merged_untagged(name: RevisionName) -> str:
    return f"{name} is merged, but its tag is missing, so it is not published yet; the next look tries again."


def no_room(name: RevisionName, other: str, tag: str) -> str:
    return (
        f"{name} cannot be published: the tag {quoted(other)} stands in the way of {quoted(tag)}. Nothing "
        f"was merged; somebody must delete that tag first."
    )


def conflict(name: RevisionName, files: Sequence[str]) -> str:
    return (
        f"{name} conflicts with the branch in {', '.join(map(quoted, files))}. Bring it up to date "
        f"with `/rebase`, with `portico rpkg rebase <name>`, or by hand; nobody's commits are rewritten here."
    )


def both_changed(files: Sequence[str]) -> str:
    return (
        f"Both sides changed {', '.join(map(quoted, files))}: comment `/rebase local` or `/rebase upstream` "
        f"to say which side holds, or merge them by hand."
    )


def queued(name: RevisionName) -> str:
    return f"{name} stands in the merge queue; it is published when that has merged it."


def ejected(name: RevisionName, reason: str) -> str:
    why = f" ({one_line(reason)})" if reason else ""
    return (
        f"The merge queue took it out without merging it{why}. Once that is mended, push to {name}, approve "
        f"it again, or put it into the queue by hand."
    )


def merged_unpublished(name: RevisionName, *, by_hand: bool) -> str:
    how = "by hand, and is not published" if by_hand else "into something that nobody approved as it is there"
    return (
        f"{name} was merged {how}: what is missing is named here. An approval still counts, and publishes it "
        f"as it was merged."
    )


def merged_stays(name: RevisionName) -> str:
    return f"{name} was merged, so there is no draft to throw away; publish a new draft that undoes it."


def merged_unrendered() -> str:
    return "It was merged before its functions had run, and they would change it; publish a new draft."


def approval_of_unknown(by: Person) -> str:
    return (
        f"{by} has approved, which does not count, because the forge does not say of which commit: its "
        f"record of pushes has a gap there. {by} must approve again: take it back and give it anew, or "
        f"comment `/portico approve`."
    )


def from_a_fork(branch: str) -> str:
    return (
        f"The branch {quoted(branch)} lies in a fork, so nothing of it is run, and it cannot be published "
        f"from there. Somebody who may push here can take it over, as a branch of the same name."
    )


def from_a_fork_here() -> str:
    return "The pull request comes from a fork, so nothing of it is run here, and it is no draft."


def other_target(target: str, branch: str) -> str:
    return f"This change goes into {quoted(target)}; packages are published on {quoted(branch)} only."


def change_text(name: RevisionName) -> str:
    return (
        f"A draft of the package `{name.path}`, in the workspace `{name.workspace}`.\n\n"
        f"Mark it ready for review to propose it; approving reviews publish it. Comment `/help` for more."
    )


def rebased(name: RevisionName) -> str:
    return f"{name} has what was published since it began; look at the commit before you propose it."


def upgraded(name: RevisionName, conflicts: Sequence[str]) -> str:
    if not conflicts:
        return f"{name} has what its upstream has now."
    return f"{name} has what its upstream has now. Both sides had changed: {' '.join(conflicts)}"


def rolled_back(name: RevisionName, revision: int) -> str:
    return f"{name} holds what v{revision} held."


def nothing_to_edit(name: RevisionName) -> str:
    return f"{name} is up to date already; nothing was changed."


def not_on_hold(name: RevisionName) -> str:
    return f"{name} is not on hold; nothing was changed."


def let_go(name: RevisionName) -> str:
    return f"{name} is not on hold any more."


def compared(against: str, *, differs: bool) -> str:
    return f"the difference against {against} is shown below." if differs else f"it is the same as {against}."


def no_number(text: str) -> str:
    return f"{quoted(text[:40])} must be a revision, such as 'v1'."


def nothing_to_compare(path: str) -> str:
    return f"There is nothing to compare {quoted(path)} with: no revision of it was published yet."


def edited_remark() -> str:
    return "What was edited is not carried out; write a new comment."


def fix(problems: int) -> str:
    return f"{count(problems, 'problem')} to mend before it can be proposed"


def one_commit(names: Sequence[str]) -> str:
    return f"{', '.join(names)} stand at this commit, of which there is one verdict: the worst of theirs."


def same_commit(names: Sequence[str]) -> str:
    stand = "stand" if len(names) > 1 else "stands"
    return (
        f"{', '.join(names)} {stand} at the same commit, and check or status show the worst of them: push a "
        "commit of its own to tell them apart."
    )


def draft_waits() -> str:
    return "A draft; mark it ready for review to propose it"


def approved_enough() -> str:
    return "Approved by as many as the policy asks for"


def deletion_title(name: RevisionName) -> str:
    return f"Delete {name}"


def deletion_text(name: RevisionName) -> str:
    return (
        f"The published revision `{name}` is proposed for deletion.\n\n"
        f"Approving reviews delete its tag, and its directory too where it is the latest revision. Request "
        f"changes or close this to keep it. Its number is never used again. Comment `/help` for more."
    )


def would_delete(name: RevisionName, *, whole: bool) -> str:
    if whole:
        return (
            f"Once approved, the tag {quoted(str(name))} is deleted, and the directory {quoted(name.path)} "
            f"is removed from the branch, because this is the latest revision."
        )
    return f"Once approved, the tag {quoted(str(name))} is deleted; what the branch holds stays as it is."


def which_revision() -> str:
    return "Say which revision: `/propose-delete v<N>`."


def no_revision(name: RevisionName) -> str:
    return f"There is no published revision {quoted(name.workspace)} of {quoted(name.path)}."


def no_revision_left(name: RevisionName) -> str:
    return f"{no_revision(name)} Delete the branch {quoted(f'deletionProposed/{name}')}."


def doomed_already(name: RevisionName) -> str:
    return f"{name} is proposed for deletion."


def unknown_proposer(name: RevisionName) -> str:
    return (
        f"The forge does not say who proposed {name} for deletion; look again, or comment `/propose-delete "
        f"{name.workspace}` on a change of the package."
    )


def holds_more(name: RevisionName, files: Sequence[str]) -> str:
    return (
        f"{name} is not deleted by this: its branch also changes {', '.join(map(quoted, files))}, which a "
        f"deletion must not. Push the tag to 'deletionProposed/{name}' again, or close this."
    )


def nothing_to_write(name: RevisionName) -> str:
    return f"{name} is a published revision, so there is no draft to change; its deletion is kept up to date."


def deletion_merged(name: RevisionName) -> str:
    return (
        f"The deletion of {name} was merged. What was removed can be proposed again: `git restore -SW "
        f"--source={name} {name.path}`, pushed as a draft."
    )


def deletion_unapproved(name: RevisionName, *, by_hand: bool) -> str:
    how = "by hand" if by_hand else "as something that nobody approved"
    return (
        f"The deletion of {name} was merged {how}, and its tag was not deleted: what is missing is named "
        f"here. An approval still counts, and deletes it; to undo it, push what the tag holds as a draft."
    )


def tag_is_left(name: RevisionName) -> str:
    return f"The deletion of {name} is merged, but its tag is there still; the next look tries again."


def tag_stays(name: RevisionName, reason: str, rules: Sequence[str]) -> str:
    demanded = "".join(f" {rule}" for rule in rules)
    return (
        f"The tag {quoted(str(name))} cannot be deleted: {one_line(reason)}{demanded} Whoever may delete it "
        f"can do so by hand, which ends this, or let portico."
    )


def removed_otherwise(name: RevisionName, merge: str) -> str:
    return (
        f"The deletion of {name} was merged as {short(merge)}, and {quoted(name.path)} is there still: the "
        f"merge made something else of it. Its tag is not deleted; propose it anew."
    )


def unremembered(name: RevisionName, merge: str) -> str:
    return (
        f"The deletion of {name} was merged as {short(merge)} under a message that does not say so, and the "
        f"number could be given again. Its tag is not deleted; propose it anew, and let portico merge."
    )


def stays_published(name: RevisionName) -> str:
    return f"{name} stays published: its deletion was closed without being merged."


def is_deleted(name: RevisionName) -> str:
    return f"{name} is deleted; its number is not used again."


def deletion_queued(name: RevisionName) -> str:
    return f"The deletion of {name} stands in the merge queue; it is done when that has merged it."
