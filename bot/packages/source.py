"""What a person names to get a package: a repository, a directory in it and a ref, in kpt's forms."""

import posixpath
import re
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import NamedTuple

from bot.errors import InvalidName, Refused
from bot.packages.gostring import go_quoted
from bot.packages.kptfile import Upstream
from bot.packages.naming import quoted
from bot.packages.registration import (
    check_address,
    default_name,
    holds_secret,
    is_path,
    is_ref_name,
    redacted,
)

ROOT = "/"
FORMS = "REPO.git[/DIRECTORY][@REF]"
GITHUB = "github.com"
# Characters of an address, a directory and a ref: longer ones are no names, and no arguments for Git.
LONGEST = 1024
# The suffix ends the repository; what only begins with it, such as `.gitops`, does not.
_SUFFIX = re.compile(r"\.git(?=$|[/@])")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SCP = re.compile(r"(?:[^/@:]+@)?[^/@:]+:(?!:)")
_COMMIT = re.compile(r"[0-9a-f]{4,64}")

# The names of a repository's branches; only a page of GitHub makes it necessary to ask.
Branches = Callable[[str], Collection[str]]
# Whether a path of this machine is a Git repository; only a path without `.git` makes it necessary to ask.
IsRepository = Callable[[str], bool]


class Standing(StrEnum):
    """What is at the place where a package is to go."""

    NOTHING = "nothing"
    NO_PARENT = "no parent"
    EMPTY = "empty folder"
    FULL = "folder"
    FILE = "file"


class PackageAt(NamedTuple):
    """A package's folder and the ref to which it is to be brought, '' where the person named none."""

    folder: str
    ref: str


def read_source(text: str, branches: Branches, is_repository: IsRepository) -> Upstream:
    """Read `REPO[.git][/DIRECTORY][@REF]`, or the address of a page of GitHub.

    The repository comes without `.git`, as kpt records it; the directory begins with '/', which is the root;
    the ref is '' where it is the default branch. Credentials stay in the repository's URL: see
    `without_credentials`. Raises InvalidName, which repeats no secret; what it is handed may raise, too.
    """
    check_address(text)
    if text.startswith(("http://", "https://")) and re.search("[?#]", text):
        # What stands there is often a token, and nothing that Git would use.
        raise InvalidName(f"The address {quoted(redacted(text))} must have nothing after '?' or '#'.")
    if suffix := _SUFFIX.search(text, _path_start(text)):
        return _upstream(_stem(text, suffix, is_repository), text[suffix.end() :], text)
    if _host(text) == GITHUB or text.startswith(f"{GITHUB}/"):
        return read_github_page(text, branches)
    if local := local_path(text):
        return _local(text, local, is_repository)
    raise _ambiguous(text)


def read_github_page(url: str, branches: Branches) -> Upstream:
    """Read `https://github.com/OWNER/REPO[/tree/REF][/DIRECTORY][@REF]`; raises InvalidName."""
    page = url.rstrip("/")
    scheme, colon, rest = page.partition("://")
    if not colon or _host(page) != GITHUB:
        raise InvalidName(
            f"invalid GitHub url: {redacted(page)}: begin with 'https://{GITHUB}/', or end the repository "
            f"with '.git'."
        )
    parts = rest.split("/")
    if len(parts) < 3 or not all(parts[:3]):
        raise InvalidName(f"invalid GitHub pkg url: {redacted(page)}: name an owner and a repository.")
    last, at, ref = parts[2].partition("@")
    repository = f"{scheme}://{'/'.join([*parts[:2], last])}"
    if at and len(parts) > 3:
        raise _ambiguous(page)
    if len(parts) < 5 or parts[3] != "tree":
        rest = f"@{ref}" if at else "".join(f"/{part}" for part in parts[3:])
        return _upstream(repository, rest, page)
    ref = parts[4]
    # 'tree/a/b' is the directory 'b' of 'a', or the branch 'a/b': GitHub knows, its address does not say.
    if any(branch.startswith(f"{ref}/") for branch in branches(repository)):
        raise _ambiguous(page)
    return _upstream(repository, "".join(f"/{part}" for part in parts[5:]) + f"@{ref}", page)


def read_package_at(text: str, *, folder: str = "", ref: str = "") -> PackageAt:
    """Read `[FOLDER][@REF]`, with what is meant where one is not named; raises InvalidName."""
    named, _, wanted = text.partition("@")
    if "@" in wanted:
        raise InvalidName(f"at most one version permitted, but {quoted(text)} has more: write FOLDER[@REF].")
    return PackageAt(named or folder, check_ref(wanted) if wanted else ref)


def check_repository(url: str) -> str:
    """Return `url` when Git may be asked to go there; raise InvalidName, which repeats no secret.

    Credentials may be in it, but only where they can be told from the rest, to be left out of messages.
    """
    if len(url) > LONGEST:
        raise InvalidName(f"The address of a repository must have at most {LONGEST} characters.")
    plain = without_credentials(check_address(url))
    if holds_secret(url) and (holds_secret(plain) or "@" in plain.partition("://")[2].partition("/")[2]):
        raise InvalidName(
            f"In the address {quoted(redacted(url))} it cannot be told what is secret; write '%40' for '@' "
            f"and '%2F' for '/' in a password, and nothing after '?' or '#'."
        )
    return url


def check_ref(ref: str) -> str:
    """Return `ref` when it can be the name of a branch, tag or commit; raise InvalidName when not."""
    if not is_ref_name(ref) or len(ref) > LONGEST:
        raise InvalidName(
            f"The ref {quoted(ref)} must be a branch, a tag or a commit, in the spelling that Git allows."
        )
    return ref


def is_commit(ref: str) -> bool:
    """Say whether `ref` can be a commit's hex id, whole or its beginning."""
    return _COMMIT.fullmatch(ref) is not None


def directory_path(directory: str) -> str:
    """A recorded directory as a path from the repository's root, '' for that; raises InvalidName."""
    parts = [part for part in directory.split("/") if part not in {"", "."}]
    if ".." in parts or not directory.isprintable() or len(directory) > LONGEST:
        raise InvalidName(
            f"The directory {quoted(directory)} must be a path inside the repository, without '..'."
        )
    return "/".join(parts)


def without_credentials(url: str) -> str:
    """`url` as it may be written down: of `https://user:secret@host/…` the user and the secret are left out.

    The user of ssh stays, as that is no secret and Git needs it.
    """
    scheme = _SCHEME.match(url)
    if not scheme or not holds_secret(url):
        return url
    authority, slash, path = url[scheme.end() :].partition("/")
    user, at, host = authority.rpartition("@")
    if not at:
        return url
    kept = f"{user.partition(':')[0]}@" if scheme[0].lower() == "ssh://" else ""
    return f"{scheme[0]}{kept}{host}{slash}{path}"


def destination(upstream: Upstream, named: str, look: Callable[[str], Standing]) -> str:
    """Say where the package is to go: `named` by the person, '' for a folder of the package's own name.

    `look` tells what is at a path. Within a folder that is there, the package gets one of its own; only '.'
    is taken as it is, if it is empty. Raises Refused in kpt's words.
    """
    place = posixpath.normpath(named) if named else _package_name(upstream)
    standing = look(place)
    if named and place != "." and standing in {Standing.EMPTY, Standing.FULL}:
        place = posixpath.join(place, _package_name(upstream))
        standing = look(place)
    match standing:
        case Standing.FILE:
            raise Refused(f"LOCAL_PKG_DEST must be a directory, and {quoted(place)} is none; name another.")
        case Standing.NO_PARENT:
            parent = go_quoted(posixpath.dirname(place))
            raise Refused(f"parent directory {parent} does not exist; make it, or name another destination.")
        case Standing.FULL:
            raise _exists(place)
        case Standing.EMPTY if place != ".":
            raise _exists(place)
        case _:
            return place


def local_path(url: str) -> str:
    """The path of a repository on this machine; '' for one elsewhere."""
    return url if is_path(url) else url[7:] if url.startswith("file:///") else ""


def _upstream(repository: str, rest: str, text: str) -> Upstream:
    """Build it from the repository and what followed it, `[/DIRECTORY][@REF]`."""
    directory, at, ref = rest.partition("@")
    check_repository(repository or ".")
    if not redacted(repository):
        raise InvalidName(f"{quoted(redacted(text))} names no repository: write {FORMS}.")
    if "@" in ref:
        # kpt takes the second part and drops the others without a word.
        raise _ambiguous(text)
    # kpt takes an empty ref for none.
    wanted = check_ref(ref) if at and ref else ""
    return Upstream(repository, ROOT + directory_path(directory), wanted)


def _stem(text: str, suffix: re.Match[str], is_repository: IsRepository) -> str:
    """The repository as kpt records it, without `.git`; with it where another one would be meant then."""
    stem = text[: suffix.start()]
    if not stem:
        return "."
    if _SCHEME.fullmatch(stem):
        return ""
    path = local_path(stem)
    is_twofold = path and not stem.endswith("/") and is_repository(path) and is_repository(f"{path}.git")
    return f"{stem}.git" if is_twofold else stem


def _local(text: str, path: str, is_repository: IsRepository) -> Upstream:
    """Find where in a path without `.git` the repository ends: at the first that Git would find upwards."""
    head = text[: len(text) - len(path)]
    whole, at, ref = path.rpartition("@")
    for candidate, rest in ((path, ""), (whole, at + ref)) if at else ((path, ""),):
        place = candidate.rstrip("/")
        while place:
            if is_repository(place):
                return _upstream(head + place, candidate[len(place) :] + rest, text)
            place = place.rpartition("/")[0]
    raise _ambiguous(text)


def _path_start(text: str) -> int:
    """Where in an address the path begins: a host or a user may be called `x.git` as well."""
    if scheme := _SCHEME.match(text):
        slash = text.find("/", scheme.end())
        return slash if slash >= 0 else len(text)
    scp = _SCP.match(text)
    return scp.end() if scp else 0


def _host(url: str) -> str:
    scheme = _SCHEME.match(url)
    if not scheme:
        return ""
    return url[scheme.end() :].partition("/")[0].rpartition("@")[2].partition(":")[0].lower()


def _package_name(upstream: Upstream) -> str:
    name = posixpath.basename(directory_path(upstream.directory)) or default_name(upstream.repo)
    if name in {"", ".", ".."}:
        raise InvalidName(
            f"{quoted(redacted(upstream.repo))} gives the package no name; name its destination, too."
        )
    return name


def _ambiguous(text: str) -> InvalidName:
    return InvalidName(
        f"ambiguous repo/dir@version specify '.git' in argument: {redacted(text)}: write {FORMS}, so that it "
        f"is seen where the repository ends."
    )


def _exists(place: str) -> Refused:
    return Refused(
        f"destination directory {go_quoted(place)} already exists; name another one, or remove it."
    )
