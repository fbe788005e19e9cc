"""The corridor: event, command, facts, decision, effect, and round again until the house is at rest."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from bot.errors import Moved
from bot.lifecycle import effects as do
from bot.lifecycle import messages
from bot.lifecycle.commands import Command
from bot.lifecycle.decide import decide
from bot.lifecycle.effects import Effect
from bot.lifecycle.events import Asked, Event, Pushed, Rendered
from bot.lifecycle.interpret import interpret
from bot.lifecycle.ledger import same_failure
from bot.packages.rendering import Rendering
from bot.ports import Reader, Renderer, Store, Voice

# Many people may publish different packages at once: each move of the branch costs the others one try.
MOST_TRIES = 100


@dataclass(frozen=True, slots=True)
class Steward:
    """Carries things between the rooms; decides nothing."""

    store: Store
    renderer: Renderer
    reader: Reader
    voice: Voice
    tries: int = MOST_TRIES
    """How often a command is decided on anew when something had moved; 1 for a reader that reads once."""

    def handle(self, event: Event) -> None:
        """Bring the house to rest after `event`; raises Moved when others were faster every time."""
        waiting = deque([event])
        while waiting:
            for command in interpret(waiting.popleft()):
                waiting.extend(self._carry_out(command))

    def _carry_out(self, command: Command) -> list[Event]:
        for last in (*(False,) * (self.tries - 1), True):
            consequences: list[Event] = []
            try:
                for effect in decide(command, self.reader.facts(command.name)):
                    consequences.extend(self._perform(effect))
            except Moved:
                if last:
                    raise
            else:
                break
        return consequences

    def _perform(self, effect: Effect) -> Iterable[Event]:
        match effect:
            case do.WriteDraft(name):
                self.store.write_draft(effect)
                return (Pushed(name),)
            case do.RunPipeline():
                return self._render(effect)
            case do.RecordFailure(name, head, problems):
                self.store.commit_rendering(name, head, Rendering({}, (), problems))
            case do.MarkProposed():
                self.store.mark_proposed(effect)
            case do.MarkDraft():
                self.store.mark_draft(effect)
            case do.RecordApproval():
                self.store.record_approval(effect)
            case do.Publish():
                self.store.publish(effect)
            case do.Finish():
                self.store.finish(effect)
            case do.MarkDeletion():
                self.store.mark_deletion(effect)
            case do.UnmarkDeletion():
                self.store.unmark_deletion(effect)
            case do.RemovePublished():
                self.store.remove_published(effect)
            case do.DeleteBranch():
                self.store.delete_branch(effect)
            case do.Say(name, text):
                self.voice.say(name, text)
            case do.Refuse(name, text):
                self.voice.refuse(name, text)
            case do.Again(command):
                return (Asked(command),)
            case _:
                assert_never(effect)
        return ()

    def _render(self, effect: do.RunPipeline) -> Iterable[Event]:
        rendering = self.renderer.render(
            self.store.read(effect.name, effect.head), effect.functions, effect.rendering
        )
        if rendering.failed and same_failure(effect.known, rendering.problems):
            head = effect.head
        else:
            head = self.store.commit_rendering(effect.name, effect.head, rendering)
        if rendering.failed:
            text = messages.render_report(rendering.problems)
        elif rendering.changes:
            text = messages.rendered_changed(len(rendering.steps), sorted(rendering.changes), head)
        else:
            text = messages.rendered_unchanged(len(rendering.steps))
        self.voice.say(effect.name, text)
        return (Rendered(effect.name),)
