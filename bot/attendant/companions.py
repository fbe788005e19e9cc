"""The packages of one change as a decision reads them: its own, and those that go with it."""

from dataclasses import dataclass

from bot.errors import NotFound
from bot.lifecycle.state import Facts
from bot.packages.naming import RevisionName, quoted
from bot.ports import Reader


@dataclass(frozen=True, slots=True)
class SetReader:
    """Reads the change of the draft `name`, and from it the other packages of a set."""

    reader: Reader
    name: RevisionName

    def facts(self, name: RevisionName) -> Facts:
        """Raises NotFound for a package that is not in the change."""
        found = self.reader.facts(self.name)
        for one in (found, *found.companions):
            if one.name == name:
                return one
        raise NotFound(f"The package {quoted(name.path)} is not in the change any more.")
