"""The files that a package's functions are configured by: what keeps one from being a functionConfig."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import InvalidDocument
from bot.packages.documents.goyaml import UNMARSHAL
from bot.packages.documents.node import Kind
from bot.packages.function import Function
from bot.packages.gostring import go_quoted
from bot.packages.invalid import invalidity
from bot.packages.kptfile import Kptfile
from bot.packages.naming import quoted
from bot.packages.package import KPTFILE, Files
from bot.packages.problem import PACKAGE, Problem
from bot.packages.resource import Resource
from bot.render import krm


@dataclass(frozen=True, slots=True)
class Configs:
    """What may configure the functions of the package at `directory`.

    `items` are its resources by path, `broken` why others could not be read, by path.
    """

    directory: str
    files: Files
    items: dict[str, list[Resource]]
    broken: dict[str, InvalidDocument]

    def faults(self, kptfile: Kptfile) -> Iterator[Problem]:
        """Configs that are there, and yet no single resource of this package."""
        place = posixpath.join(self.directory, KPTFILE)
        for function in kptfile.functions:
            path = self._place(function)
            if function.config_path and path in self.files and path not in self.broken:
                why = self._fault(path)
                if why:
                    message = f"The config {quoted(function.config_path)} {why}."
                    yield Problem(place, message, function.line, self._missing(function, kptfile))

    def kpt(self, kptfile: Kptfile) -> str:
        """What kpt says of the pipeline before it runs; '' when it is valid."""
        return invalidity(kptfile, self._kpt_fault)

    def _place(self, function: Function) -> str:
        return posixpath.normpath(posixpath.join(self.directory, function.config_path))

    def _fault(self, path: str) -> str:
        items = self.items.get(path)
        if items is None:
            return (
                "is no resource of this package: it belongs to a subpackage, is ignored, or is no YAML file"
            )
        if len(items) != 1:
            return f"must hold one config, but holds {len(items)}"
        fault = items[0].fault()
        return f"must be a Kubernetes resource: {fault}" if fault else ""

    def _missing(self, function: Function, kptfile: Kptfile) -> str:
        """Kpt's words for a config that it could read, and does not find when the pipeline runs."""
        if self._place(function) in self.items:
            return ""
        path = go_quoted(function.config_path)
        stage = "mutator" if function in kptfile.mutators else "validator"
        missing = (
            f"functionConfig resource for {stage} {go_quoted(function.title)} is missing from path {path}"
        )
        return f"Error: {missing}, this also occurs if {path} is part of a subpackage"

    def _kpt_fault(self, function: Function) -> str:
        """Why kpt does not take the file as a functionConfig; '' when it does, or when that is not known."""
        name, path = go_quoted(function.config_path), self._place(function)
        if path not in self.files:
            shown = f"{PACKAGE}/{path}"
            if any(other.startswith(f"{path}/") for other in self.files):
                return f"failed to read functionConfig {name}: read {shown}: is a directory"
            return f"failed to open functionConfig from path {name}: open {shown}: no such file or directory"
        if path in self.broken:
            words = malformed(self.broken[path])
            return f"failed to read functionConfig {name}: {words}" if words else ""
        items = self.items.get(path)
        if items is None:
            return ""
        if len(items) != 1:
            return f"functionConfig {name} must not contain more than one config, got {len(items)}"
        if items[0].root.kind is Kind.SCALAR:
            kinds = "wrong node kind: expected MappingNode but got ScalarNode"
            contents = items[0].emit().decode()
            return f"failed to read functionConfig {name}: {kinds}: node contents:\n{contents}"
        fault = krm.fault(items[0])
        return f"functionConfig {name}: {fault}" if fault else ""


def malformed(error: InvalidDocument) -> str:
    """What kpt says of a file that is no YAML; '' for what it takes all the same, or has no words for."""
    # Keys that stand twice trouble kpt in Kptfiles alone, which it puts into types.
    return f"MalformedYAMLError: {error.kpt}" if error.kpt and not error.kpt.startswith(UNMARSHAL) else ""
