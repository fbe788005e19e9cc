"""A package in three states: as it was got, with changes of its own, and with those of its upstream.

A tenth of the resources is changed on each side, half of these the same ones in other fields. Of three
changes one adds a field, two change a value.
"""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.manifests import KINDS, KPTFILE

PACKAGE = "web"
# By the place in KINDS: what is replaced, and by what; the first line of this is new.
Edit = Mapping[int, tuple[str, str]]
# Fields that the other side leaves alone.
UPSTREAM: Edit = {
    0: (":1.2.", ":1.3."),
    1: ("targetPort: 8080", "targetPort: 9090"),
    2: ("  greeting:", '  feature.search: "on"\n  greeting:'),
}
LOCAL: Edit = {
    0: ("replicas: 3", "replicas: 5"),
    1: ("type: ClusterIP", "type: LoadBalancer"),
    2: ('  database.port: "5432"\n', '  database.user: shop\n  database.port: "5432"\n'),
}
Which = Callable[[int], bool]


def is_changed_upstream(number: int) -> bool:
    return number % 20 in {3, 17}


def is_changed_here(number: int) -> bool:
    return number % 10 == 3


def nothing(number: int) -> bool:  # noqa: ARG001 - as the others
    return False


def everything(number: int) -> bool:  # noqa: ARG001 - as the others
    return True


def resource(number: int, changed: Which = nothing, edit: Edit = UPSTREAM) -> str:
    """One resource of a package, with the edit where it is one of those that are changed."""
    text = KINDS[number % len(KINDS)].format(n=number, team=number % 20)
    return edited(number, text, edit) if changed(number) else text


def edited(number: int, text: str, edit: Edit) -> str:
    """The text of a resource with the edit of its kind; raises AssertionError where it has no place."""
    old, new = edit[number % len(KINDS)]
    if old not in text:
        raise AssertionError(f"{old!r} is not in resource {number}")
    return text.replace(old, new)


def file_name(number: int) -> str:
    return f"resource-{number:05}.yaml"


def build(path: Path, resources: int) -> str:
    """Make the repository `path` with the package as `v1` and `v2`; returns the address of the package."""
    git = ["git", "-C", str(path)]
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", path], check=True)
    script = _commit(1, "v1", resources, nothing) + _commit(2, "v2", resources, is_changed_upstream)
    importing = [*git, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"]
    subprocess.run(importing, input=script.encode(), check=True)
    return f"file://{path}/{PACKAGE}"


def change(folder: Path, resources: int) -> None:
    """Change a package in a folder as its own people do."""
    for number in filter(is_changed_here, range(resources)):
        place = folder / file_name(number)
        place.write_text(edited(number, place.read_text(), LOCAL))


def check(folder: Path, resources: int) -> None:
    """Raise AssertionError unless all has arrived in a package, and nothing of its own is lost."""
    for number in range(resources):
        text = (folder / file_name(number)).read_text()
        for changed, edit in ((is_changed_upstream, UPSTREAM), (is_changed_here, LOCAL)):
            new = edit[number % len(KINDS)][1].splitlines()[0]
            if (new in text) is not changed(number):
                raise AssertionError(f"{folder / file_name(number)} is not merged")


def _commit(mark: int, tag: str, resources: int, changed: Which) -> str:
    when = f"Ada Lovelace <ada@example.com> {1_700_000_000 + mark} +0000"
    head = f"commit refs/heads/main\nmark :{mark}\nauthor {when}\ncommitter {when}\n{_data(tag)}"
    files = {file_name(number): resource(number, changed) for number in range(resources)}
    files["Kptfile"] = KPTFILE.format(name=PACKAGE)
    parts = (f"M 100644 inline {PACKAGE}/{name}\n{_data(text)}" for name, text in files.items())
    return f"{head}{''.join(parts)}\nreset refs/tags/{tag}\nfrom :{mark}\n\n"


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"
