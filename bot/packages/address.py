"""Addresses of repositories, compared: one repository is written in many ways."""

import posixpath
import re

from bot.packages.registration import is_path

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_FILE = re.compile(r"file://(?:localhost)?(?=/)", re.IGNORECASE)
_PORTS = {"http": "80", "https": "443", "ssh": "22"}


def same_repository(one: str, other: str) -> bool:
    """Whether two addresses are of one repository, as far as they tell; '' is of none."""
    return bool(one and other) and canonical_address(one) == canonical_address(other)


def canonical_address(url: str) -> str:
    """The one spelling of an address, fit for comparing and for nothing else: credentials are not in it.

    A user, a default port, `.git` and slashes at the end make no difference, nor does the protocol: what one
    server gives at one path by ssh and by https is the same repository.
    """
    if is_path(url) or _FILE.match(url):
        path = posixpath.normpath(_FILE.sub("", url))
        return _stem(f"/{path.lstrip('/')}" if path.startswith("/") else path)
    scheme = _SCHEME.match(url)
    if not scheme:
        host, _, path = url.rpartition("@")[2].partition(":")
        return _joined(host, path)
    authority, _, path = url[scheme.end() :].partition("/")
    host = authority.rpartition("@")[2]
    name, _, port = host.rpartition(":")
    return _joined(name if name and port == _PORTS.get(scheme[1].lower()) else host, path)


def _joined(host: str, path: str) -> str:
    inside = "/".join(part for part in path.split("/") if part not in {"", "."})
    # To ssh, `host:x` is in the home directory; a URL says so by a tilde.
    return f"{host.lower()}:{_stem(inside.removeprefix('~/'))}"


def _stem(path: str) -> str:
    return path.rstrip("/").removesuffix(".git").rstrip("/") or path
