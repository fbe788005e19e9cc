"""A package as the pipeline sees it: itself and its subpackages, each with its Kptfile and its resources."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.errors import InvalidDocument
from bot.packages.documents import parse
from bot.packages.function import Function
from bot.packages.ignore import KRMIGNORE, Ignore
from bot.packages.kptfile import Kptfile, kptfile_in, validate_kptfile
from bot.packages.package import EXECUTABLE, KPTFILE, REGULAR, Files, package_directories
from bot.packages.problem import PACKAGE, Problem
from bot.packages.resource import Resource
from bot.render.configs import Configs, malformed

_ENDINGS = (".yaml", ".yml", ".json")


@dataclass(slots=True)
class Hydrated:
    """One package of the tree: `directory` is '' for the root; `children` are its direct subpackages."""

    directory: str
    kptfile: Kptfile = field(default_factory=Kptfile)
    resources: list[Resource] = field(default_factory=list)
    children: list["Hydrated"] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The path of its Kptfile."""
        return posixpath.join(self.directory, KPTFILE)

    def config_place(self, function: Function) -> str:
        """The path of a function's config file, from the root."""
        return posixpath.normpath(posixpath.join(self.directory, function.config_path))


def hydrate(files: Files, problems: list[Problem]) -> list[Hydrated]:
    """Every package in `files`, subpackages before the package that holds them, as they are rendered.

    What cannot be read is added to `problems`, and left out.
    """
    directories = package_directories(files)
    if "" not in directories:
        words = f'Error: No Kptfile found at "{PACKAGE}".'
        problems.append(Problem(KPTFILE, "The package has no Kptfile at its root; add one.", kpt=words))
        return []
    packages = {directory: Hydrated(directory) for directory in directories}
    found = {directory: Configs(directory, files, {}, {}) for directory in directories}
    for path in _resource_files(files, packages, problems):
        package = packages[_nearest(path, packages)]
        try:
            items = _read(path, files[path].content, package)
        except InvalidDocument as error:
            found[package.directory].broken[path] = error
        else:
            package.resources += items
            found[package.directory].items[path] = items
    for package in sorted(packages.values(), key=lambda package: package.directory.split("/")):
        problems += _faults(package, files, found[package.directory])
    return _linked(packages)


def turns(files: Files) -> list[Hydrated]:
    """The packages of a tree in the order in which they are rendered, without what is in them."""
    return _linked({directory: Hydrated(directory) for directory in package_directories(files)})


def resources_of(files: Files, problems: list[Problem], *, without: str = "") -> list[Resource]:
    """All resources of a tree, be they in packages or not, but those of the file `without`.

    As `kpt fn eval` reads them: as if they all belonged to the root.
    """
    packages = {directory: Hydrated(directory) for directory in ("", *package_directories(files))}
    found: list[Resource] = []
    for path in _resource_files(files, packages, problems):
        try:
            documents = parse(files[path].content, path=path) if path != without else []
        except InvalidDocument as error:
            problems.append(Problem(path, error.reason, error.line, malformed(error)))
        else:
            found += [Resource(document, path, index) for index, document in enumerate(documents)]
    return found


def _faults(package: Hydrated, files: Files, configs: Configs) -> list[Problem]:
    """What keeps one package from being rendered; kpt's words for the first of it are with the first."""
    faults = [
        *validate_kptfile(package.kptfile, files, directory=package.directory),
        *configs.faults(package.kptfile),
        *_unreadable(package, configs),
    ]
    # Kpt does not look into a Kptfile that it cannot read.
    words = configs.kpt(package.kptfile) if package.kptfile.is_fit else ""
    return [faults[0]._replace(kpt=words), *faults[1:]] if faults and words else faults


def _unreadable(package: Hydrated, configs: Configs) -> Iterator[Problem]:
    """The files that could not be read, with the Kptfile first, as kpt begins with it."""
    for path, error in sorted(configs.broken.items(), key=lambda broken: broken[0] != package.place):
        words = malformed(error)
        if words:
            words = f"Error: {PACKAGE}/{path}: {words}"
        yield Problem(path, error.reason, error.line, error.kpt if path == package.place else words)


def _read(path: str, data: bytes, package: Hydrated) -> list[Resource]:
    if path == package.place:
        document, package.kptfile = kptfile_in(data, path=path)
        documents = [document]
    else:
        documents = parse(data, path=path)
    return [Resource(document, path, index, package.directory) for index, document in enumerate(documents)]


def _resource_files(files: Files, packages: dict[str, Hydrated], problems: list[Problem]) -> list[str]:
    """The files that hold resources, in the order in which a walk finds them."""
    ignores: dict[str, Ignore] = {}
    for directory in packages:
        place = posixpath.join(directory, KRMIGNORE)
        file = files.get(place)
        if file is not None and file.mode in (REGULAR, EXECUTABLE):
            try:
                ignores[directory] = Ignore(file.content, path=place)
            except InvalidDocument as error:
                problems.append(Problem(place, error.reason, error.line))
    found = [
        path
        for path, file in files.items()
        if may_hold_resources(path) and file.mode in (REGULAR, EXECUTABLE)
    ]
    if ignores:
        found = [path for path in found if not _is_ignored(path, packages, ignores)]
    return sorted(found, key=lambda path: path.split("/"))


def _is_ignored(path: str, packages: dict[str, Hydrated], ignores: dict[str, Ignore]) -> bool:
    directory = _nearest(path, packages)
    ignore = ignores.get(directory)
    inside = path[len(directory) + 1 :] if directory else path
    return ignore is not None and inside != KPTFILE and ignore.ignores(inside)


def may_hold_resources(path: str) -> bool:
    """Whether a file's name says that it holds resources."""
    return path.endswith(_ENDINGS) or path == KPTFILE or path.endswith("/" + KPTFILE)


def _nearest(path: str, packages: dict[str, Hydrated]) -> str:
    """The directory of the package that `path` belongs to, be it a file or a directory."""
    while path and path not in packages:
        path = posixpath.dirname(path)
    return path


def _linked(packages: dict[str, Hydrated]) -> list[Hydrated]:
    """Give every package its direct subpackages; all in the order in which they are rendered."""
    for package in packages.values():
        if package.directory:
            packages[_nearest(posixpath.dirname(package.directory), packages)].children.append(package)
    return _post_order(packages[""])


def _post_order(root: Hydrated) -> list[Hydrated]:
    """Children before parents; without recursion, since directories may be nested deeply."""
    order = []
    waiting = [root]
    while waiting:
        package = waiting.pop()
        package.children.sort(key=lambda child: child.directory.split("/"))
        order.append(package)
        waiting += package.children
    return order[::-1]
