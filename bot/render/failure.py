"""Why a rendering stopped, in kpt's words."""

from typing import NamedTuple

# What kpt writes where the step itself has said what is wrong.
SAID = "already handled error"


class Failure(NamedTuple):
    """Where and why: `package` is the directory whose pipeline it was, `doing` kpt's name for what it did."""

    package: str
    reason: str = SAID
    doing: str = "pipeline.run"

    def __str__(self) -> str:
        where = f"./{self.package}" if self.package else "."
        why = f"\n\t{self.doing}: {self.reason}" if self.doing else f" {self.reason}"
        return f"pkg.render: pkg {where}:{why}"
