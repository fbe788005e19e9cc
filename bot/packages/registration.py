"""A registered repository: Porch's `Repository` object, checked, written and read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.errors import InvalidName, Refused
from bot.packages.documents import Node, from_plain
from bot.packages.layout import Layout
from bot.packages.naming import check_label, quoted

API_VERSION = "config.porch.kpt.dev/v1alpha1"
KIND = "Repository"
UPSTREAM_ANNOTATION = "portico.dev/upstream"
DEFAULT_BRANCH = "main"
ROOT = "/"

_SCHEMES = frozenset({"file", "ssh", "http", "https"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
# `host:path` is ssh to Git, unless a slash comes before the colon (git-fetch(1), GIT URLS).
_SCP = re.compile(r"(?:[^/@:]+@)?[^/@:]+:(?!:).+")
_SCP_WITH_PASSWORD = re.compile(r"[^/@:]*:[^/@]*@")
# What git-check-ref-format(1) forbids in a branch's name, and what starts an option.
_BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/]|/$|\.$|\.lock(?:/|$)|(?:^|/)\.")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a person registered; `directory` has no slash at its ends, '' is the root.

    `url` is a path, or a file, ssh or http(s) URL without credentials; `credentials` is the name of a Secret,
    `created` an RFC 3339 time.
    """

    name: str
    url: str
    branch: str = DEFAULT_BRANCH
    directory: str = ""
    description: str = ""
    deployment: bool = False
    upstream: str = ""
    create_branch: bool = False
    credentials: str = ""
    created: str = ""

    @property
    def layout(self) -> Layout:
        return Layout(self.branch, self.directory)


def check_registration(registration: Registration) -> Registration:
    """Return it when every part is legal; raise InvalidName, naming the part, when not."""
    check_label("repository name", registration.name)
    check_url(registration.url)
    if not is_ref_name(registration.branch):
        raise InvalidName(
            f"The branch {quoted(registration.branch)} must be a name that Git allows for a branch."
        )
    if registration.directory and _BAD_REF.search(registration.directory):
        raise InvalidName(
            f"The directory {quoted(registration.directory)} must be a path inside the repository, such as "
            f"'packages/blueprints', without '..', spaces or empty parts."
        )
    if registration.upstream:
        check_label("upstream repository", registration.upstream)
    return registration


def is_ref_name(text: str) -> bool:
    """Say whether Git allows `text` as the name of a branch or tag."""
    return bool(text) and text != "@" and not _BAD_REF.search(text)


def check_url(url: str) -> str:
    """Return `url` when it may be written down; raise InvalidName, without repeating a secret, when not."""
    if holds_secret(check_address(url)):
        raise InvalidName(
            f"The URL {quoted(redacted(url))} was given with credentials, and credentials are never written "
            f"down here. Register the URL without them, and let Git find them with a credential helper "
            f"(`git help credentials`); for Porch, name the Secret that holds them with `--secret-ref NAME`."
        )
    return url


def check_address(url: str) -> str:
    """Return `url` when Git may be asked to go there; raise InvalidName, which repeats no secret."""
    if not url or url.startswith("-") or not url.isprintable():
        raise InvalidName(f"{quoted(redacted(url))} is not the address of a Git repository.")
    scheme = _SCHEME.match(url)
    if (scheme and scheme[1].lower() not in _SCHEMES) or (not scheme and "::" in url):
        raise InvalidName(
            f"{quoted(redacted(url))} must be a path, or a URL that begins with 'file://', 'ssh://', "
            f"'http://' or 'https://'."
        )
    return url


def is_path(url: str) -> bool:
    """Say whether `url` is a path of this machine, and no URL."""
    return not (_SCHEME.match(url) or _SCP.fullmatch(url))


def holds_secret(url: str) -> bool:
    """Say whether `url` has credentials in it, or what could be some."""
    match = _SCHEME.match(url)
    if not match:
        return bool(_SCP_WITH_PASSWORD.match(url))
    scheme = match[1].lower()
    authority, _, rest = url.partition("://")[2].partition("/")
    user, at, host = authority.rpartition("@")
    if scheme in {"http", "https"}:
        # A user alone is often an access token; a port that is no number is a password with a slash.
        port = host[host.rfind("]") + 1 :].partition(":")
        return bool(at) or "?" in rest or "#" in rest or not (port[2].isdigit() or not port[2])
    return scheme == "ssh" and ":" in user


def redacted(url: str) -> str:
    """`url` without user, password, query and fragment, fit for messages; better too little than too much."""
    scheme = _SCHEME.match(url)
    if not scheme:
        return url.rpartition("@")[2] if _SCP_WITH_PASSWORD.match(url) else url
    return scheme[0] + re.split(r"[?#]", url[len(scheme[0]) :].rpartition("@")[2])[0]


def default_name(url: str) -> str:
    """The last part of the URL's path, as porchctl does."""
    return url.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git")


def check_conflicts(new: Registration, existing: Iterable[Registration], namespace: str = "default") -> None:
    """Raise Refused when `new` has the name of another, or shares packages with it (facts: Porch §2.6)."""
    for other in existing:
        if other.name == new.name:
            raise Refused(
                f"The repository {quoted(new.name)} is already registered; choose another `--name`, or begin "
                f"with `portico repo unregister {new.name}`."
            )
        if overlap(new, other):
            raise Refused(
                f"Repository conflict with existing repository: {namespace}/{other.name} holds "
                f"{quoted(ROOT + other.directory)} of the same URL and branch; use it, or begin with "
                f"`portico repo unregister {other.name}`."
            )


def to_object(registration: Registration, namespace: str = "default") -> dict[str, Any]:
    """The `Repository` object, as JSON has it."""
    metadata: dict[str, Any] = {"name": registration.name, "namespace": namespace}
    if registration.created:
        metadata["creationTimestamp"] = registration.created
    if registration.upstream:
        metadata["annotations"] = {UPSTREAM_ANNOTATION: registration.upstream}
    git: dict[str, Any] = {
        "repo": registration.url,
        "branch": registration.branch,
        "directory": ROOT + registration.directory,
    }
    if registration.create_branch:
        git["createBranch"] = True
    if registration.credentials:
        git["secretRef"] = {"name": registration.credentials}
    spec: dict[str, Any] = {"description": registration.description} if registration.description else {}
    spec |= {"type": "git", "deployment": registration.deployment, "git": git}
    return {"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata, "spec": spec}


def to_node(registration: Registration, namespace: str = "default") -> Node:
    """The same object as a node tree, ready to be written."""
    return from_plain(to_object(registration, namespace))


def from_node(node: Node) -> Registration:
    """Read a `Repository` object; raise InvalidName when it is none that can be used."""
    root = node.root
    if root.text("apiVersion") != API_VERSION or root.text("kind") != KIND:
        raise InvalidName(f"The object must have `apiVersion: {API_VERSION}` and `kind: {KIND}`.")
    kind = root.text("spec", "type") or "git"
    if kind != "git":
        raise InvalidName(f"The field `spec.type` must be 'git', not {quoted(kind)}.")
    return check_registration(
        Registration(
            name=root.text("metadata", "name"),
            url=root.text("spec", "git", "repo"),
            branch=root.text("spec", "git", "branch") or DEFAULT_BRANCH,
            directory=root.text("spec", "git", "directory").strip("/"),
            description=root.text("spec", "description"),
            deployment=root.text("spec", "deployment") == "true",
            upstream=root.text("metadata", "annotations", UPSTREAM_ANNOTATION),
            create_branch=root.text("spec", "git", "createBranch") == "true",
            credentials=root.text("spec", "git", "secretRef", "name"),
            created=root.text("metadata", "creationTimestamp"),
        )
    )


def overlap(one: Registration, other: Registration) -> bool:
    """Whether the two share packages: one URL and branch, and one directory in the other."""
    if one.branch != other.branch or _address(one.url) != _address(other.url):
        return False
    first, second = sorted((f"/{one.directory}/", f"/{other.directory}/"), key=len)
    return first == "//" or second.startswith(first)


def _address(url: str) -> str:
    """`url` in the one spelling by which two are compared."""
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() == "file":
        url = url[len(scheme[0]) :]
    elif scheme:
        host, slash, path = url[len(scheme[0]) :].partition("/")
        url = f"{scheme[1].lower()}://{host.lower()}{slash}{path}"
    return url.rstrip("/").removesuffix(".git").rstrip("/")
