"""Plays a story on a stage, tells it as it goes, and stops where it differs."""

from collections.abc import Iterable
from typing import Protocol

from bot.demo.stage import Stage
from bot.demo.step import Answer, Chapter, Edit, Run, Say, Write


class Teller(Protocol):
    """Shows a story to whoever watches."""

    def open(self, number: int, title: str) -> None:
        """Begin a chapter."""

    def say(self, text: str) -> None:
        """Speak to the reader."""

    def write(self, step: Write | Edit) -> None:
        """Show what somebody writes."""

    def ask(self, step: Run) -> None:
        """Show a command before it runs."""

    def answer(self, answer: Answer) -> None:
        """Show what came of it."""


def play(story: Iterable[Chapter], stage: Stage, teller: Teller) -> list[str]:
    """Play every step; returns how the first step that differs does, as sentences, or nothing."""
    for number, chapter in enumerate(story, 1):
        teller.open(number, chapter.title)
        for step in chapter.steps:
            if differences := _play(step, stage, teller):
                return differences
    return []


def _play(step: Say | Write | Edit | Run, stage: Stage, teller: Teller) -> list[str]:
    match step:
        case Say(text):
            teller.say(text)
            return []
        case Run():
            teller.ask(step)
            answer = stage.run(step)
            teller.answer(answer)
            return list(step.differences(answer))
        case Write() | Edit():
            teller.write(step)
            refusal = stage.write(step)
            return [refusal] if refusal else []
