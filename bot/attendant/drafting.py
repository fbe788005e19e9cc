"""Words that begin a draft: /init, /clone and /copy, whether they are said on an issue or on a change."""

from collections.abc import Sequence
from typing import NamedTuple, assert_never

from bot.attendant.room import Room
from bot.errors import Later, Moved, Refused, TransportFailed, UserError
from bot.gather import Gatherer
from bot.lifecycle import beginning_messages as say
from bot.lifecycle.beginning import Clone, Copy, Init, Wish, read_wish
from bot.lifecycle.person import Person, written
from bot.lifecycle.remark import Said
from bot.packages.initial import DEFAULT_DESCRIPTION, initial_files
from bot.packages.naming import RevisionName
from bot.packages.operations.beginning import copied_story, initial_story
from bot.packages.operations.content import Content
from bot.packages.published import newest, published_at
from bot.packages.revision import PackageRevision
from bot.packages.vacancy import in_the_way, is_taken


class Asker(NamedTuple):
    """Who asks for a draft, and where: the address of what they wrote."""

    by: Person
    where: str


class Here(NamedTuple):
    """The package of the change on which something is said, its tree (hex id) there, and who wrote that."""

    name: RevisionName
    tree: str
    wrote: tuple[Person, ...] = ()


def begin(room: Room, said: Said, asker: Asker, here: Here | None = None) -> RevisionName:
    """Begin the draft that was asked for, as one commit of the asker, and push it; its name.

    `here` is for a copy that names no package. One that this very remark began already, before somebody
    stopped the bot, is not begun again. Raises Refused with the reason, and Moved, Later and TransportFailed
    where it can be tried again.
    """
    try:
        return _begun(room, read_wish(said), asker, here)
    except (Refused, Moved, Later, TransportFailed):
        raise
    except UserError as error:
        raise Refused(str(error)) from None


def _begun(room: Room, wish: Wish, asker: Asker, here: Here | None) -> RevisionName:
    name = _named(wish, here)
    told = f"Asked-on: {asker.where}"
    if room.branches.tells(name, told):
        return name
    revisions = room.branches.revisions()
    _check_free(name, revisions)
    match wish:
        case Copy():
            content = _copied(room, wish, revisions, here)
        case Init() | Clone():
            _check_new(name.path, revisions)
            content = _initial(wish.name) if isinstance(wish, Init) else _cloned(room, wish)
        case _:
            assert_never(wish)
    # Who wrote what is copied must not approve it there either.
    wrote = map(_co_author, here.wrote) if here else ()
    body = "".join(f"{line}\n" for line in (told, *wrote))
    room.branches.begin(name, content.files, content.story._replace(body=body), asker.by)
    return name


def _co_author(person: Person) -> str:
    """A trailer by which a forge's login is known again, where there is one."""
    name = person.login or person.name
    email = person.email or f"{name}@users.noreply.localhost"
    return f"Co-authored-by: {written(name)} <{written(email)}>"


def _named(wish: Wish, here: Here | None) -> RevisionName:
    if not isinstance(wish, Copy):
        return wish.name
    if not wish.path and here is None:
        raise Refused(say.copy_of_what())
    return RevisionName(wish.path or (here.name.path if here else ""), wish.workspace)


def _check_free(name: RevisionName, revisions: Sequence[PackageRevision]) -> None:
    if is_taken(name, revisions):
        raise Refused(say.taken(name))


def _check_new(path: str, revisions: Sequence[PackageRevision]) -> None:
    """A package must not be there yet, lie in another one, or around it."""
    if other := in_the_way(path, revisions):
        raise Refused(say.there_already(path) if other == path else say.nested_with(path, other))


def _initial(name: RevisionName) -> Content:
    files = initial_files(name.path.rpartition("/")[2])
    return Content(files, initial_story({"description": DEFAULT_DESCRIPTION}))


def _cloned(room: Room, wish: Clone) -> Content:
    own = f"{room.forge.home().full_name}/"
    is_own = wish.source.lower().startswith(own.lower())
    facts = Gatherer(room.git, room.server).facts(wish.name)
    try:
        return room.branches.clone(
            wish.name.path,
            wish.source[len(own) :] if is_own else wish.source,
            facts.policy.upstreams,
            deployment=room.deployment,
        )
    except TransportFailed as error:
        # It is theirs to look after, not ours: trying again would keep them waiting for nothing.
        raise Refused(str(error)) from None


def _copied(room: Room, wish: Copy, revisions: Sequence[PackageRevision], here: Here | None) -> Content:
    if not wish.path and here:
        return Content(room.git.files(here.tree), copied_story(str(here.name)))
    found = (
        published_at(revisions, wish.path, wish.revision) if wish.revision else newest(revisions, wish.path)
    )
    files = room.git.files(room.branches.tree(found.commit, room.layout.full_path(wish.path)))
    return Content(files, copied_story(f"{wish.path}/v{found.revision}"))
