"""Images for tests, made from scratch out of one static busybox and a script."""

import hashlib
import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest
from docker.api.client import APIClient

APPLETS = (
    "awk cat chmod echo env find grep head id kill ls mkdir mount ps sed sh sleep tail touch true nc yes"
)


def busybox() -> bytes:
    """The program, or the test is skipped."""
    found = shutil.which("busybox")
    if found is None:
        pytest.skip("no static busybox here; install Debian's busybox-static")
    program = Path(found).read_bytes()
    if b"/ld-linux" in program:
        pytest.skip("the busybox here is not static; install Debian's busybox-static")
    return program


def root(script: str) -> bytes:
    """A root file system as tar, whose /function is this shell script."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        _folder(tar, "tmp", 0o1777)
        _folder(tar, "data", 0o777)
        _file(tar, "bin/busybox", busybox(), 0o755)
        _file(tar, "function", f"#!/bin/sh\n{script}\n".encode(), 0o755)
        _file(tar, "text", b"no program\n", 0o644)
        for name in APPLETS.split():
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return packed.getvalue()


def make(engine: str, script: str, *changes: str) -> str:
    """The reference of an image that runs the script; `changes` are lines of a Dockerfile."""
    lines = ['ENTRYPOINT ["/function"]', *changes]
    name = hashlib.sha256(json.dumps([script, *lines]).encode()).hexdigest()[:16]
    reference = f"function.test/{name}:v1"
    client = APIClient(engine, version="auto")
    try:
        if not client.images(reference):
            client.import_image_from_data(
                root(script), repository=reference.removesuffix(":v1"), tag="v1", changes=lines
            )
    finally:
        client.close()
    return reference


def _folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    folder = tarfile.TarInfo(name)
    folder.type, folder.mode = tarfile.DIRTYPE, mode
    tar.addfile(folder)


def _file(tar: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    file = tarfile.TarInfo(name)
    file.size, file.mode = len(content), mode
    tar.addfile(file, io.BytesIO(content))
