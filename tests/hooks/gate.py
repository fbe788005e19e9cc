"""A push that must be refused: what the person reads, and that nothing has moved."""

from collections.abc import Iterator
from pathlib import Path

from bot.hooks.install import install
from tests.hooks.world import PEOPLE, POLICY, Answer, Human, Server, World, make_world, run


def house(home: Path, *, policy: str | None = POLICY) -> Iterator[World]:
    """Make a world whose resident ends with the tests that share it."""
    world = make_world(home, policy=policy, resident=True)
    yield world
    close(world)


def empty_house(home: Path, *, people: str = PEOPLE) -> World:
    """Make a world whose server has no commit at all."""
    path = home / "packages.git"
    run("git", "init", "-q", "--bare", "-b", "main", path, cwd=home)
    install(path, resident=True)
    (path / "portico" / "server.yaml").write_text(people)
    return World(Server(path), home)


def close(world: World) -> None:
    """The resident ends as soon as it sees that its door is gone."""
    for door in (world.server.path / "portico").glob("resident-*.sock"):
        door.unlink(missing_ok=True)


def refused(human: Human, *words: str, says: str | tuple[str, ...]) -> Answer:
    """Push, and hold that it is refused in words that contain `says`, and that no ref has moved."""
    before = human.server.refs()
    answer = human.push(*words, check=False)
    assert answer.code == 1, f"exit code {answer.code}: {answer}"
    for part in (says,) if isinstance(says, str) else says:
        assert part in answer.text, f"{part!r} is not said: {answer}"
    assert "Traceback" not in answer.text
    assert "Portico failed" not in answer.text
    after = human.server.refs()
    assert after == before, f"moved: {set(after.items()) ^ set(before.items())}: {answer}"
    return answer


def refused_request(
    human: Human, word: str, name: str, *options: str, says: str | tuple[str, ...], commit: str = ""
) -> Answer:
    """Ask by a magic ref, at the commit that stands when none is given."""
    target = commit or human.standing(name)
    return refused(human, *options, f"{target}:refs/portico/{word}/{name}", says=says)


def kept(world: World, oid: str) -> bool:
    """Say whether the server has the object."""
    git = ("git", "--git-dir", world.server.path, "cat-file", "-e", oid)
    return run(*git, cwd=world.home, check=False).ok


def set_policy(world: World, policy: str) -> None:
    """Let the admin put another policy on the branch."""
    root = world["root"]
    root.start()
    root.write(".portico.yaml", policy)
    root.commit("Policy")
    root.push("HEAD:refs/heads/main")
