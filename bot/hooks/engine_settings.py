"""Whether functions may run in containers on this server, and how much each of them may take."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bot.packages.documents import Kind, Node
from bot.packages.naming import quoted
from bot.render.program import MIB, Bounds

KEYS = ("engine", "memory", "processes", "seconds", "output")
_SIZE = re.compile(r"([1-9][0-9]{0,5})(Mi|Gi)")
_UNITS = {"Mi": MIB, "Gi": 1024 * MIB}
_WHOLE = re.compile(r"[1-9][0-9]{0,5}")
HOST_VARIABLE = "DOCKER_HOST"


class EngineSettings(NamedTuple):
    """`engine` is the address of a Docker Engine, '' for what the environment says."""

    engine: str = ""
    bounds: Bounds = Bounds()

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The environment in which the engine is looked for."""
        return {**environ, **({HOST_VARIABLE: self.engine} if self.engine else {})}


def read_engine(node: Node | None) -> EngineSettings | None:
    """Read `containers`, which has no mistakes; None where it is not there, which means that none run."""
    if node is None:
        return None
    values = {key.value: value.value for key, value in node.pairs()}
    default = Bounds()
    return EngineSettings(
        values.get("engine", ""),
        Bounds(
            _bytes(values["memory"]) if "memory" in values else default.memory,
            int(values.get("processes", default.processes)),
            float(values.get("seconds", default.seconds)),
            _bytes(values["output"]) if "output" in values else default.output,
        ),
    )


def engine_mistakes(node: Node) -> Iterator[str]:
    """What is wrong with `containers`, each with its line."""
    for key, value in node.pairs():
        fault = _fault(key.value, value)
        if fault:
            yield f"line {key.line}: `containers` {fault}."


def _fault(key: str, value: Node) -> str:
    text = value.value
    if key not in KEYS:
        return f"has {', '.join(KEYS)}, but no {quoted(key)}"
    if value.kind is not Kind.SCALAR:
        return f"must have one value for `{key}`"
    if key in {"memory", "output"} and not _SIZE.fullmatch(text):
        return f"must have a size such as 512Mi for `{key}`, not {quoted(text)}"
    if key in {"processes", "seconds"} and not _WHOLE.fullmatch(text):
        return f"must have a number for `{key}`, not {quoted(text)}"
    if key == "engine" and not text.startswith(("unix://", "tcp://")):
        return f"must have an `engine` such as 'unix:///var/run/docker.sock', not {quoted(text)}"
    return ""


def _bytes(text: str) -> int:
    found = _SIZE.fullmatch(text)
    return int(found[1]) * _UNITS[found[2]] if found else 0
