"""A base image with Python and Git out of this machine's own files, for where no registry can be reached."""

import functools
import io
import re
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.images import busybox
from tests.forges.published import Unreachable, lock, place

ROOT = Path(__file__).parents[2]
EXTRAS = ".[github,gitlab,kubernetes,redis,serve]"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
PATIENCE = 900  # seconds that registries may take for all wheels
REFERENCE = "base.test/python"
_APPLETS = "cat chmod chown echo env id ls mkdir rm sh stat touch uname"
_LEFT_OUT = {"site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "__pycache__"}


@functools.cache
def wheels() -> Path:
    """The folder of everything that an installation of Portico takes; `Unreachable`."""
    settings = (ROOT / "pyproject.toml").read_text()
    needed = re.findall(r'^ *"([a-zA-Z][^"]*)"', settings.partition("[project.scripts]")[0], re.MULTILINE)
    label = f"wheels-{sysconfig.get_python_version()}-{abs(_sum(needed)):x}"
    made = place() / label
    with lock(label):
        if not made.exists():
            partial = place() / f"{label}.partial"
            words = ["download", "-q", "-d", str(partial), "setuptools>=77", "wheel", EXTRAS]
            done = subprocess.run(
                [sys.executable, "-m", "pip", *words],
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            if done.returncode:
                raise Unreachable(f"Wheels could not be fetched: {done.stderr.strip()[-200:]}")
            partial.rename(made)
    return made


def _sum(texts: list[str]) -> int:
    return int.from_bytes("\n".join(texts).encode()) % (1 << 61) - 1


def root() -> bytes:
    """The root file system as tar; the test is skipped where this machine has not what it takes."""
    git = Path("/usr/lib/git-core")
    for path in (git / "git-remote-https", Path(AUTHORITIES)):
        if not path.exists():
            pytest.skip(f"there is no {path} here, of which a base image could be made")
    python = Path(sys.executable).resolve()
    library = Path(sysconfig.get_paths()["stdlib"])
    modules = [path for path in library.rglob("*") if not _LEFT_OUT & set(path.relative_to(library).parts)]
    programs = [python, Path("/usr/bin/git"), git / "git", git / "git-remote-https"]
    # What wheels may count on in any Debian, however slim: the C library's own, and those of C++ and Rust.
    told = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    names = r"lib(?:gcc_s|stdc\+\+|dl|m|pthread|resolv|rt|util|nss_dns|nss_files)\.so\.\d"
    known = re.findall(rf"^\t{names} .*=> (/\S+)$", told, re.MULTILINE)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, mode in (
            ("tmp", 0o1777),
            ("etc", 0o755),
            ("src", 0o755),
            ("opt", 0o755),
            ("wheels", 0o755),
        ):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, mode
            tar.addfile(folder)
        tar.add(Path(AUTHORITIES).resolve(), AUTHORITIES.lstrip("/"))
        authorities = tarfile.TarInfo("usr/lib/ssl/certs")  # where Debian's OpenSSL looks
        authorities.type, authorities.linkname = tarfile.SYMTYPE, "/etc/ssl/certs"
        tar.addfile(authorities)
        for path in wheels().iterdir():
            tar.add(path, f"wheels/{path.name}")
        tar.add(python, "usr/local/bin/python3")
        for path in modules:
            tar.add(path, f"usr/local/lib/{library.name}/{path.relative_to(library)}", recursive=False)
        for path in programs[1:]:
            tar.add(path, str(path).lstrip("/"))
        shared = [path for path in modules if path.suffix == ".so"]
        needed = {needed for program in (*programs, *shared) for needed in _needed(program)}
        for path in sorted({*needed, *map(Path, known)}):
            tar.add(path.resolve(), str(path).lstrip("/"))
        _shell(tar)
    return packed.getvalue()


def _shell(tar: tarfile.TarFile) -> None:
    content = busybox()
    program = tarfile.TarInfo("usr/bin/busybox")
    program.size, program.mode = len(content), 0o755
    tar.addfile(program, io.BytesIO(content))
    for name in _APPLETS.split():
        link = tarfile.TarInfo(f"bin/{name}")
        link.type, link.linkname = tarfile.SYMTYPE, "/usr/bin/busybox"
        tar.addfile(link)


@functools.cache
def _needed(program: Path) -> tuple[Path, ...]:
    """The shared libraries of a program, and the one that loads them."""
    return tuple(
        _listed(subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout)
    )


def _listed(told: str) -> Iterator[Path]:
    for line in told.splitlines():
        if found := re.search(r"(/\S+) \(0x", line):
            yield Path(found[1])
