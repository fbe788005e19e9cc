"""Who is told what a rendering does while it does it."""

from typing import Protocol

from bot.packages.rendering import Step


class Watch(Protocol):
    """Hears of every package and function as its turn comes."""

    def package(self, directory: str) -> None:
        """The pipeline of the package in `directory` begins, '' being the root."""

    def running(self, title: str, directory: str, selected: int | None) -> None:
        """A function starts, over `selected` resources; None where it is given all."""

    def ended(self, step: Step) -> None:
        """That function is done, or could not run."""

    def package_done(self) -> None:
        """All functions of the package ran."""


class Silent:
    """Tells nobody."""

    def package(self, directory: str) -> None:
        """Say nothing."""

    def running(self, title: str, directory: str, selected: int | None) -> None:
        """Say nothing."""

    def ended(self, step: Step) -> None:
        """Say nothing."""

    def package_done(self) -> None:
        """Say nothing."""
