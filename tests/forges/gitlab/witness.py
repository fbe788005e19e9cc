"""What real GitLabs sent: which keys their answers and webhooks always had, and which they ever had."""

import functools
import hashlib
import json
import pickle
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tests.forges.github.exchange import Response
from tests.forges.github.replay import Shape
from tests.forges.gitlab.exchange import Request
from tests.forges.gitlab.newer import ANY_KEYS, LEFT_OUT, NEWER
from tests.forges.gitlab.refusal import Refused
from tests.forges.gitlab.rest import ROUTES, find
from tests.forges.published import go_gitlab, lock, place, recordings

Json = Any
FORM = 5  # of what is kept in the cache
PAYLOADS = Path(__file__).resolve().parents[4] / "shared" / "payloads" / "gitlab"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# These ways lead to the same thing, so that one's keys are witnessed by another's.
SAME = (
    (re.compile(r"/merge_trains(/merge_requests/:iid)?"), "car"),
    (re.compile(r"/merge_requests(/:iid(/merge)?)?|/repository/commits/:sha/merge_requests"), "request"),
    (re.compile(r"/issues(/:iid)?"), "issue"),
    (re.compile(r"/notes(/:note)?"), "note"),
    (re.compile(r"/award_emoji(/:award)?"), "award"),
    (re.compile(r"/(members(/all)?(/:user)?)"), "member"),
    (re.compile(r"/repository/commits(/:sha)?|/merge_requests/:iid/commits"), "commit"),
    (re.compile(r"/statuses(/:sha)?|/repository/commits/:sha/statuses"), "status"),
    (re.compile(r"/branches(/:branch)?"), "branch"),
    (re.compile(r"/protected_branches(/:name)?"), "protected branch"),
    (re.compile(r"/protected_tags(/:name)?"), "protected tag"),
    (re.compile(r"/tags(/:tag)?"), "tag"),
    (re.compile(r"/hooks(/:hook)?"), "hook"),
    (re.compile(r"/approvals|/approve|/unapprove"), "approval"),
    (re.compile(r"/users?(/:user)?"), "user"),
    (re.compile(r"/projects(/:id)?|/groups/:group/projects"), "project"),
)


@dataclass
class Witness:
    """What several examples of one thing had: `kinds` by key, and the keys that all had."""

    always: Shape | None = None
    kinds: dict[str, set[str]] = field(default_factory=dict)
    is_real: bool = False
    """Whether a real GitLab gave an example, and not its documents alone, which leave much out."""

    def see(self, value: Json) -> None:
        shape = Shape.of(value)
        self.always = self.always.common(shape) if self.always else shape
        self.note(value)

    def note(self, value: Json) -> None:
        """See an example that may have left something out."""
        for key, kinds in kinds_of(value).items():
            self.kinds.setdefault(key, set()).update(kinds)

    def lacking(self, value: Json) -> list[str]:
        """The keys that all examples had, and this has not."""
        ours = Shape.of(value)
        return sorted(key for key in self.always.keys if not ours.may(key)) if self.always else []

    def strange(self, value: Json) -> list[str]:
        """The keys that no example had, and those whose kind of value none had."""
        found = []
        for key, kinds in kinds_of(value).items():
            known = self.kinds.get(key)
            if known is None:
                if not _is_below_blank(key, self.kinds):
                    found.append(f"{key} was never seen")
            elif known - {"null"} and not kinds - {"null"} <= known:
                found.append(f"{key} is {sorted(kinds)} and was {sorted(known)}")
        return found


def _is_below_blank(key: str, kinds: dict[str, set[str]]) -> bool:
    """Whether every example had nothing, or an empty list, where a key's place is."""
    places = (key[:n] for n, sign in enumerate(key) if sign in ".[" and n)
    return any(
        kinds.get(each, set()) == {"null"} or (f"{each}[]" == key and key not in kinds) for each in places
    )


def kinds_of(value: Json, at: str = "") -> dict[str, set[str]]:
    """The kinds of all values within, by their places; what a list holds is at one place."""
    found = {at: {_kind(value)}} if at else {}
    match value:
        case dict():
            within = [kinds_of(each, f"{at}.{key}") for key, each in value.items()]
        case list():
            within = [kinds_of(each, f"{at}[]" if at else at) for each in value]
        case _:
            within = []
    for each in within:
        for key, kinds in each.items():
            found.setdefault(key, set()).update(kinds)
    return found


def _kind(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
    return "list" if isinstance(value, list) else "object"


# Answers


@functools.cache
def answers() -> dict[str, Witness]:
    """Witnesses by `METHOD template status`, for what is always; and by the thing, for what ever was."""
    source, documented = recordings(), go_gitlab()
    routes = "".join(sorted(f"{each.method}{each.template}" for each in ROUTES))
    made_of = hashlib.sha256(routes.encode()).hexdigest()[:12]
    kept = place() / f"gitlab-{FORM}-{made_of}.pickle"
    with lock(kept.name):
        if not kept.exists():
            found: dict[str, Witness] = {}
            for file in sorted(source.rglob("*.yaml")):
                for method, path, status, body in _recorded(file):
                    _take(found, method, path, status, body)
            for file in sorted(documented.glob("*_test.go")):
                for path, body in _documented(file):
                    _take(found, "GET", path, 0, body)
            partial = kept.with_suffix(".partial")
            partial.write_bytes(pickle.dumps(found))
            partial.rename(kept)
    held: dict[str, Witness] = pickle.loads(kept.read_bytes())  # noqa: S301 we wrote it ourselves
    return held


def _recorded(file: Path) -> Iterator[tuple[str, str, int, Json]]:
    """The exchanges that ogr recorded: method, path below the API, status and body."""
    sent = yaml.load(file.read_bytes(), LOADER).get("requests.sessions", {}).get("send", {})  # noqa: S506 it is safe
    for method, by_address in sent.items():
        for address, calls in by_address.items():
            parts = urlsplit(address)
            if parts.hostname == "gitlab.com" and parts.path.startswith("/api/v4"):
                for call in calls:
                    output = call["output"]
                    path = parts.path.removeprefix("/api/v4")
                    yield method, path, output["status_code"], output.get("_content")


def _documented(file: Path) -> Iterator[tuple[str, Json]]:
    """What go-gitlab's tests answer, which is of GitLab's documents: paths and bodies."""
    parts = re.split(r'mux\.HandleFunc\(\s*"/api/v4', file.read_text(encoding="utf-8"))
    for part in parts[1:]:
        path = part.partition('"')[0]
        for text in re.findall(r"Fprintf?\(w, `(.*?)`", part, re.DOTALL):
            try:
                yield path, json.loads(text)
            except ValueError:
                continue


def _take(found: dict[str, Witness], method: str, path: str, status: int, body: Json) -> None:
    try:
        template = find(Request(method, path))[0].template
    except Refused:
        return
    if isinstance(body, dict | list) and body:
        if status:
            found.setdefault(f"{method} {template} {status}", Witness()).see(body)
        if 200 <= (status or 200) < 300:
            held = found.setdefault(thing(template), Witness())
            held.note(body)
            held.is_real = held.is_real or status > 0


def thing(template: str) -> str:
    """What a way leads to."""
    for pattern, name in SAME:
        if re.fullmatch(rf"(/projects/:id|/groups/:group)?.*?(?:{pattern.pattern})", template):
            return name
    return template


def answer_faults(method: str, template: str, response: Response) -> list[str]:
    """What is wrong with one answer, by those that real GitLabs gave."""
    label = f"{method} {template} -> {response.status}"
    if not template or "json" not in response.headers.get("Content-Type", ""):
        return []
    body = response.json()
    if response.status >= 400:
        is_good = isinstance(body, dict) and ("message" in body or "error" in body)
        return [] if is_good else [f"{label}: an error of another form"]
    held = answers().get(f"{method} {template} {response.status}", Witness())
    known = answers().get(thing(template), Witness())
    found = [f"{key} is missing" for key in held.lacking(body) if not _is(LEFT_OUT, key)]
    if known.is_real and body:
        found += [each for each in known.strange(body) if not _is(NEWER, each)]
    return [f"{label}: {each}" for each in found]


# Webhooks


@functools.cache
def events() -> dict[str, Witness]:
    """Witnesses by kind of event: what others caught, and what go-gitlab has from the documents.

    None where what others caught is not on the machine: the documents alone leave too much out.
    """
    if not PAYLOADS.is_dir():
        return {}
    found: dict[str, Witness] = {}
    for payload in _payloads(PAYLOADS.glob("*.json")):
        found.setdefault(_named(payload), Witness()).see(payload)
    for payload in _payloads((go_gitlab() / "testdata" / "webhooks").glob("*.json")):
        found.setdefault(_named(payload), Witness()).note(payload)
    return found


def _payloads(files: Iterable[Path]) -> Iterator[Json]:
    for file in sorted(files):
        held = json.loads(file.read_text(encoding="utf-8"))
        if "object_kind" in held:
            yield held


def _named(payload: Json) -> str:
    kind, of = payload["object_kind"], payload.get("object_attributes", {})
    return f"{kind} {of.get('noteable_type', '')}".strip()


def event_faults(event: str, action: str, payload: Json) -> list[str]:
    """What is wrong with one webhook, by those that real GitLabs sent; there is none of an emoji."""
    held = events().get(_named(payload), Witness())
    missing = [f"{key} is missing" for key in held.lacking(payload) if not _is(LEFT_OUT, key)]
    strange = held.strange(payload) if held.kinds else []
    found = missing + [each for each in strange if not _is(NEWER, each) and not each.startswith(ANY_KEYS)]
    return [f"{event} {action}: {each}" for each in found]


def _is(places: tuple[tuple[str, str], ...], fault: str) -> bool:
    return any(re.search(place, fault) for place, _ in places)
