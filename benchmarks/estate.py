"""Large repositories as Porch or Portico would have left them: a draft and a merge for each revision."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

WHO = "Ada Lovelace <ada@example.com>"
KPTFILE = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {name}\ninfo:\n  description: {note}\n"
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  note: {note}\n"


def build(path: Path, *, packages: int, revisions: int, teams: int = 20) -> None:
    """Make the bare repository `path` with so many packages and published revisions of them in all.

    Packages lie in directories of `teams`; with 0 all lie in the root, which is the worst case for Git.
    """
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", path], check=True)
    script = "".join(_stories(packages, revisions, teams))
    importing = ["git", "-C", str(path), "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"]
    subprocess.run(importing, input=script.encode(), check=True)
    subprocess.run(["git", "-C", str(path), "update-ref", "-d", "refs/heads/scratch"], check=True)
    subprocess.run(["git", "-C", str(path), "pack-refs", "--all"], check=True)


def package_path(number: int, teams: int) -> str:
    return f"team-{number % teams:02}/package-{number:04}" if teams else f"package-{number:04}"


def _stories(packages: int, revisions: int, teams: int) -> Iterator[str]:
    """Yield the stream for git-fast-import(1)."""
    base = ""
    for at in range(revisions):
        path, number = package_path(at % packages, teams), at // packages + 1
        note = f'kpt:{{"package":"{path}","workspaceName":"work-{number}","revision":'
        task = '"0","task":{"type":"init","init":{"description":"x"}}}'
        content = _content(path, number)
        draft, merge = 2 * at + 1, 2 * at + 2
        yield _commit("scratch", draft, f"Creating new empty revision\n\n\n{note}{task}\n")
        yield (f"from {base}\n" if base else "") + content
        yield _commit("main", merge, f'Approving package revision {path}/{number}\n\n{note}"{number}"}}\n')
        yield (f"from {base}\n" if base else "") + f"merge :{draft}\n" + content
        base = f":{merge}"
        yield f"reset refs/tags/{path}/v{number}\nfrom {base}\n\n"


def _commit(branch: str, mark: int, message: str) -> str:
    when = f"{WHO} {1_700_000_000 + mark} +0000"
    head = f"commit refs/heads/{branch}\nmark :{mark}\nauthor {when}\ncommitter {when}\n"
    return f"{head}data {len(message)}\n{message}\n"


def _content(path: str, number: int) -> str:
    name = path.rpartition("/")[2]
    files = {"Kptfile": KPTFILE, "settings.yaml": SETTINGS}
    texts = {file: text.format(name=name, note=f"revision {number}") for file, text in files.items()}
    parts = (f"M 100644 inline {path}/{file}\ndata {len(text)}\n{text}\n" for file, text in texts.items())
    return "".join(parts)
