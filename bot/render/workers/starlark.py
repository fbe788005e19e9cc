"""The worker of starlark: one program over one ResourceList, in an interpreter that reaches nothing else."""

import json
from collections.abc import Callable
from typing import Any

from starlark import (
    AstModule,
    Dialect,
    DialectTypes,
    EvalOptions,
    FileLoader,
    FrozenModule,
    Globals,
    LibraryExtension,
    Module,
    StarlarkError,
    eval_with,
    parse,
)

from bot.render.workers.fault import Fault
from bot.render.workers.starlark_prelude import CODA, preludes
from bot.render.workers.starlark_source import Source, read, unchanged

MOST_PRINTED = 1_000_000  # characters
MOST_VALUES = 2_000_000  # in all resources that are new or changed
DEEPEST = 100  # of a resource; as of a document
_ID = "internal.config.kubernetes.io/id"
_CALLS = 3_000  # one within the other; ten thousand are more than the stack holds
_SYNTAX = "Parse error: "
_TOO_DEEP = f"a resource must be at most {DEEPEST} levels deep"
_OPTIONS = EvalOptions(max_callstack_size=_CALLS)
_FILE = "program"  # in the interpreter's messages, before they get the program's name


class Said:
    """What a program printed, and why it ended, if it did not come to its end.

    `items` are the texts of all items before it, and then after it.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.left = MOST_PRINTED
        self.failure = ""
        self.items: list[list[str]] = []

    def print(self, text: str) -> None:
        self.left -= len(text) + 1
        if self.left < 0:
            self.end(f"the program prints more than {MOST_PRINTED} characters; print less")
        self.lines.append(text)

    def end(self, why: str) -> None:
        self.failure = why
        raise Fault(why)


def answer(request: bytes) -> bytes:
    """JSON for JSON: of `name`, `source` and `list`, the ResourceList, to `printed`, `error` and `items`.

    `list` is text, JSON once more. An item is the number of one that came back as it was, or else that number
    (null for a new one) and the value.
    """
    asked: dict[str, str] = json.loads(request)
    said = Said()
    error = ""
    returned: list[object] = []
    try:
        _run(asked["name"], asked["source"], asked["list"], said)
        returned = _returned(*said.items)
    except Fault as fault:
        error = str(fault)
    return json.dumps({"printed": said.lines, "error": error, "items": returned}).encode()


def _run(name: str, source: str, resource_list: str, said: Said) -> None:
    """Run a program to its end. Raises Fault."""
    # Ours alone: the original knows neither; modules that are loaded are structs.
    more = Globals.extended_by([LibraryExtension.StructType, LibraryExtension.Json])
    module = Module()
    module["_request_"] = resource_list
    module.add_callable("_print_", said.print)
    module.add_callable("_end_", said.end)
    module.add_callable("_keep_", said.items.append)
    for prelude in preludes(with_sets="set" in source):
        eval_with(_OPTIONS, module, parse(_FILE, prelude, _dialect()), more)
    written = read(source)
    program = _parsed(written, name)
    try:
        load = FileLoader(lambda path: _load(path, said))
        eval_with(_OPTIONS, module, program, Globals.standard(), load)
        eval_with(_OPTIONS, module, parse(_FILE, CODA, _dialect()), more)
    except StarlarkError as error:
        raise Fault(said.failure or _sentence(error, written, name, runs=True)) from None


def _parsed(written: Source, name: str) -> AstModule:
    try:
        return parse(_FILE, written.text, _dialect())
    except StarlarkError as error:
        why = _sentence(error, written, name)
    try:
        parse(_FILE, written.likeness, _dialect())
    except StarlarkError as error:
        if _SYNTAX in str(error):  # other errors may come of what makes it no program
            why = _sentence(error, unchanged(written.likeness), name)
    raise Fault(why)


def _sentence(error: Exception, source: Source, name: str, *, runs: bool = False) -> str:
    from bot.render.workers.starlark_errors import reword  # noqa: PLC0415 what goes well needs no words

    return reword(str(error), source, name, runs=runs)


def _dialect() -> Dialect:
    """The original's, with all that it allows beyond the specification."""
    dialect = Dialect.standard()
    dialect.enable_def = dialect.enable_lambda = dialect.enable_load = True
    dialect.enable_keyword_only_arguments = dialect.enable_top_level_stmt = True
    dialect.enable_f_strings = False
    dialect.enable_types = DialectTypes.DISABLE
    return dialect


def _load(path: str, said: Said) -> FrozenModule:
    """The module of a `load`; what goes wrong in it is kept in the words it was said in."""
    from bot.render.workers.starlib import library  # noqa: PLC0415 most programs load nothing

    def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:  # noqa: ANN401 whatever the program gives
            try:
                return function(*values, **named)
            except Fault as fault:
                return said.end(str(fault))

        return call

    found = guarded(library)(path)
    module = Module()
    names = {}
    for number, (word, member) in enumerate(found.members.items()):
        names[word] = f"_{number}"
        if callable(member):
            module.add_callable(names[word], guarded(member))
        elif isinstance(member, str):
            names[word] = member
        else:
            module[names[word]] = member
    members = ", ".join(f"{word} = {name}" for word, name in names.items())
    gathered = f"{found.symbol} = {names.get('', f'struct({members})')}"
    structs = Globals.extended_by([LibraryExtension.StructType])
    eval_with(_OPTIONS, module, parse(_FILE, f"{found.source}\n{gathered}\n", _dialect()), structs)
    return module.freeze()


def _returned(before: list[str], after: list[str]) -> list[object]:
    """What the answer says of each item, whose texts these are. Raises Fault for what is too much."""
    numbers = {text: number for number, text in enumerate(before)}
    left = {str(number) for number in range(len(before))}
    told: list[object] = []
    values = 0
    for text in after:
        number = numbers.get(text)
        if number is not None and str(number) in left:
            left.remove(str(number))  # the same one again is another one
            told.append(number)
            continue
        item = _value(text)
        values += _count(item)
        if values > MOST_VALUES:
            raise Fault(f"the program makes more than {MOST_VALUES} values; make fewer")
        mark = _number(item)
        told.append((int(mark) if mark in left else None, item))
        left.discard(mark)
    return told


def _value(text: str) -> Any:  # noqa: ANN401 whatever it is
    try:
        return json.loads(text)
    except RecursionError:
        raise Fault(_TOO_DEEP) from None


def _number(item: dict[str, Any]) -> str:
    """What the annotation of ours says, which numbers the items."""
    metadata = item.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    return str(annotations.get(_ID, "")) if isinstance(annotations, dict) else ""


def _count(item: Any) -> int:  # noqa: ANN401 whatever it is
    """How many values a resource holds. Raises Fault for one that is too deep."""
    count = 0
    level = [item]
    for _ in range(DEEPEST):
        count += len(level)
        deeper: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                deeper += value.values()
            elif isinstance(value, list):
                deeper += value
        if not deeper:
            return count
        level = deeper
    raise Fault(_TOO_DEEP)
