"""What a cluster is told to take, and where that is written."""

from typing import NamedTuple


class Pin(NamedTuple):
    """One published revision: `name` is that of its object, `package` its path, `ref` its tag in full.

    `directory` is where the package is in the repository, `commit` the hex id that the tag names; `tools`
    are the files whose objects are for tools alone, by their paths in the package.
    """

    repository: str
    package: str
    name: str
    ref: str
    commit: str
    directory: str
    tools: tuple[str, ...] = ()
    follows: bool = False


class Place(NamedTuple):
    """The object that says so, and what it says beside the pin; '' for what is not said.

    `url` is where the engine fetches from, `access` the name of the Secret that lets it in, `target` the
    namespace that the package's objects are put in; with `cascade` these go when the object does.
    """

    name: str
    namespace: str
    url: str
    access: str = ""
    target: str = ""
    cascade: bool = False
