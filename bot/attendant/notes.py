"""What the house says during one look, for the living comment."""

from dataclasses import dataclass, field

from bot.packages.naming import RevisionName


@dataclass(slots=True)
class Notes:
    """A Voice that remembers; `take` hands over what came since, and forgets it."""

    said: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def say(self, name: RevisionName, text: str) -> None:  # noqa: ARG002 a Voice; texts name what they mean
        if text:
            self.said.append(text)

    def refuse(self, name: RevisionName, text: str) -> None:  # noqa: ARG002 the same
        self.refused.append(text)

    def take(self) -> tuple[list[str], bool]:
        """What was said, and whether something was refused."""
        said, refused = [*self.said, *self.refused], bool(self.refused)
        self.said.clear()
        self.refused.clear()
        return said, refused
