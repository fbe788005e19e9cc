"""Addresses of repositories, compared: one repository is written in many ways."""

import posixpath
import re
from urllib.parse import unquote

from bot.packages.registration import is_path

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_PASSWORD = re.compile(r"[^/@:]*:[^/@]*@")
_PORTS = {"http": ":80", "https": ":443", "ssh": ":22", "git": ":9418"}
_HERE = frozenset({"", "localhost"})


def same_repository(one: str, other: str) -> bool:
    """Whether two addresses are of one repository, as far as they tell; '' is of none."""
    return bool(one and other) and canonical_address(one) == canonical_address(other)


def canonical_address(url: str) -> str:
    """`url` without what differs between spellings of one repository; to be compared, never to be shown.

    User, password, query, the scheme, its own port, `~/`, a final '/' and `.git` are left out: people reach
    one repository by ssh and by https, each with an account of their own. A path of this machine begins with
    one '/', all else with two.
    """
    if scheme := _SCHEME.match(url):
        return _of_url(scheme[1].lower(), url[scheme.end() :])
    if is_path(url):
        return _tidy(url)
    host, _, path = url[password.end() if (password := _PASSWORD.match(url)) else 0 :].partition(":")
    return f"//{host.rpartition('@')[2].lower()}{_tidy('/' + path)}"


def _of_url(scheme: str, rest: str) -> str:
    if scheme != "file":
        rest = re.split("[?#]", rest, maxsplit=1)[0]
    authority, _, path = rest.partition("/")
    host = authority.rpartition("@")[2].lower().removesuffix(_PORTS.get(scheme, ":"))
    tidy = _tidy("/" + unquote(path))
    return tidy if scheme == "file" and host in _HERE else f"//{host}{tidy}"


def _tidy(path: str) -> str:
    """One spelling of a path; in somebody's home it begins there, as that of `host:path` does."""
    root = "/" if path.startswith("/") else ""
    plain = posixpath.normpath(path.removeprefix("/~")).strip("/")
    return root + (plain.removesuffix(".git").rstrip("/") or plain)
