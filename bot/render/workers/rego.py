"""The worker of gatekeeper: all templates, each compiled once, over the reviews that are asked of them."""

import contextlib
import ctypes
import json
import os
import re
from collections.abc import Iterator
from typing import Any

from bot.render.workers.fault import Fault
from bot.render.workers.rego_source import Module, read

MOST = 100_000  # violations
LIBRARY = "lib"
RULE = "violation"
_TARGET = "data.{}." + RULE
# What must be escaped: the interpreter holds texts as JSON writes them, between the quotes.
_ESCAPED = re.compile(r'["\\\x00-\x1f]')
_MESSAGE = re.compile(r"\(errormsg \d+:([^\n]*)\)")
_PLACE = re.compile(r"\(error \d+:[^|]*\|(\d+)\|\d+\s+\(errormsg \d+:([^\n]*)\)\s")
_LARGEST = 2**63


def answer(request: bytes) -> bytes:
    """JSON for JSON: of `templates`, `constraints`, `reviews`, `asked` and `inventory` to `violations`.

    A template has a `name`, `rego`, `libs` and whether it `looks` at the inventory; a constraint the number
    of its `template` and its `parameters`; what is asked is the number of a review with those of constraints.
    A violation is the numbers of both, and its message. Where something cannot be done, `error` says what.
    """
    asked: dict[str, Any] = json.loads(request)
    try:
        with _silence():
            violations = list(_violations(asked))
    except Fault as fault:
        return json.dumps({"error": str(fault)}).encode()
    return json.dumps({"error": "", "violations": violations}).encode()


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """The interpreter, and `print` of a policy, say things on standard output, where the answer belongs."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(nowhere)
        os.close(kept)


def _violations(asked: dict[str, Any]) -> Iterator[tuple[int, int, str]]:
    try:
        from regopy import rego_shared as library  # noqa: PLC0415 where it cannot be loaded, it is told
    except (ImportError, OSError) as error:
        raise Fault(f"the interpreter of Rego, the library `regopy`, cannot be loaded: {error}") from None
    inventory = json.dumps({"inventory": asked["inventory"]}, ensure_ascii=False)
    policies = [Policy(library, template, inventory) for template in asked["templates"]]
    constraints = asked["constraints"]
    parameters = [json.dumps(constraint["parameters"], sort_keys=True) for constraint in constraints]
    count = 0
    for review, numbers in asked["asked"]:
        terms: dict[str, Term] = {}  # constraints with the same parameters share theirs
        for number in numbers:
            key = parameters[number]
            if key not in terms:
                value = {"review": asked["reviews"][review], "parameters": constraints[number]["parameters"]}
                terms[key] = Term(library, value)
            for message in policies[constraints[number]["template"]].messages(terms[key]):
                count += 1
                if count > MOST:
                    raise Fault(f"there must be at most {MOST} violations; mend, or select, fewer resources")
                yield review, number, message


class Term:
    """A value in the interpreter."""

    def __init__(self, library: Any, value: object) -> None:  # noqa: ANN401 the library has no types
        self._library = library
        self.pointer = ctypes.c_void_p(library.rego_new_input())
        self._add(library.rego, value)

    def __del__(self) -> None:
        self._library.rego_free_input(self.pointer)

    def _add(self, rego: Any, value: object) -> None:  # noqa: ANN401 the same
        # Called for each value of each resource: the library's own way takes four times as long.
        pointer = self.pointer
        if isinstance(value, str):
            if _ESCAPED.search(value):
                value = json.dumps(value, ensure_ascii=False)[1:-1]
            rego.regoInputString(pointer, value.encode())
        elif isinstance(value, dict):
            for key, item in value.items():
                self._add(rego, key)
                self._add(rego, item)
                rego.regoInputObjectItem(pointer)
            rego.regoInputObject(pointer, len(value))
        elif isinstance(value, list):
            for item in value:
                self._add(rego, item)
            rego.regoInputArray(pointer, len(value))
        elif isinstance(value, bool):
            rego.regoInputBoolean(pointer, value)
        elif isinstance(value, int) and -_LARGEST <= value < _LARGEST:
            rego.regoInputInt(pointer, value)
        elif isinstance(value, int | float):
            rego.regoInputFloat(pointer, float(value))
        else:
            rego.regoInputNull(pointer)


class Policy:
    """A template, compiled; the constructor raises Fault for what cannot be."""

    def __init__(self, library: Any, template: dict[str, Any], inventory: str) -> None:  # noqa: ANN401 the same
        self._library = library
        self._title = f"the ConstraintTemplate '{template['name']}'"
        self._engine = library.rego_new()
        module = self._read(template["rego"], "its `rego`")
        if RULE not in module.rules:
            raise Fault(f"{self._title} cannot be used: its `rego` must have a rule `{RULE}`")
        self._computes = module.computes
        for number, source in enumerate(template["libs"]):
            place = f"`libs[{number}]`"
            found = self._read(source, place)
            if found.package.partition(".")[0] != LIBRARY:
                raise Fault(
                    f"{self._title} cannot be used: {place} must have a `package` that begins with 'lib.'"
                )
            self._computes |= found.computes
        if template["looks"]:
            library.rego_add_data_json(self._engine, inventory)
        target = _TARGET.format(module.package)
        library.rego_set_query(self._engine, f"x = [v | v := {target}[_]]")
        self._bundle = library.rego_build(self._engine)
        if not library.rego_bundle_ok(self._bundle):
            raise Fault(f"{self._title} cannot be compiled here: the interpreter cannot order what it says")

    def _read(self, source: str, place: str) -> Module:
        library = self._library
        try:
            module = read(source, lambda name: bool(library.rego_is_available_builtin(self._engine, name)))
        except Fault as fault:
            raise Fault(f"{self._title} cannot be compiled: {place}: {fault}") from None
        for pattern in module.patterns:
            if not self._matches(pattern):
                raise Fault(
                    f"{self._title} cannot be compiled: {place}: {pattern} is no regular expression here"
                )
        try:
            library.rego_add_module(self._engine, place, module.text)
        except library.RegoError as error:
            why = _compile_error(str(error), module.text)
            raise Fault(f"{self._title} cannot be compiled: {place}: {why}") from None
        return module

    def _matches(self, pattern: str) -> bool:
        """Whether a regular expression, as it stands in a module, is one."""
        library = self._library
        engine = library.rego_new()
        try:
            library.rego_set_strict_builtin_errors(engine, True)
            output = library.rego_query(engine, f'x = regex.match({pattern}, "")')
            found = bool(library.rego_output_ok(output))
            library.rego_free_output(output)
        finally:
            library.rego_free(engine)
        return found

    def messages(self, term: Term) -> list[str]:
        """What the policy objects to. Raises Fault where it is broken."""
        self._library.rego_set_input(self._engine, term.pointer)
        text = self._asked(strict=True)
        if text is None:
            # As in OPA, what a function cannot answer is undefined; here, an expression could be too.
            if self._computes:
                raise Fault(
                    f"{self._title} calls a function, maybe with a regular expression, as none is called here"
                )
            text = self._asked(strict=False)
        if text is None:
            raise Fault(f"{self._title} gives two different values to one rule or function")
        try:
            violations = json.loads(text, strict=False)["bindings"]["x"]
        except (ValueError, KeyError, TypeError, RecursionError):
            found = _MESSAGE.search(text)
            why = found[1] if found else "what it says cannot be read"
            raise Fault(f"{self._title} cannot be evaluated: {why}") from None
        return [self._message(violation) for violation in violations]

    def _asked(self, *, strict: bool) -> str | None:
        library = self._library
        library.rego_set_strict_builtin_errors(self._engine, strict)
        output = library.rego_bundle_query(self._engine, self._bundle)
        try:
            text: str = library.rego_output_string(output)
        finally:
            library.rego_free_output(output)
        return None if text == "<error>" else text

    def _message(self, violation: object) -> str:
        match violation:
            case {"msg": str(message)}:
                return message
        raise Fault(f"{self._title}: each `{RULE}` must be an object with a text `msg`")


def _compile_error(error: str, text: str) -> str:
    found = _PLACE.search(error)
    if found is None:
        return "it is not Rego"
    line = text.encode()[: int(found[1])].count(b"\n") + 1
    return f"line {line}: {found[2]}"
