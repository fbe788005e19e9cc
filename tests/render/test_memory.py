"""Renderings are remembered whole or not at all, whatever happens to the folder."""

import fcntl
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.packages.package import EXECUTABLE, REGULAR, File
from bot.packages.problem import Problem
from bot.packages.rendering import Reference, Rendering, Result, Step
from bot.render.memory import Memory, key_of
from bot.render.record import decode, encode

ROOT = Path(__file__).parents[2]
KEY = key_of({})
BLOCK = 4096
TEXTS = st.text(st.characters(), max_size=8)  # lone surrogates too: a path of Git need not be UTF-8
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=5,
)
NUMBERS = st.integers(0, 9)
RESULTS = st.builds(
    Result,
    message=TEXTS,
    resource=st.none() | st.builds(Reference, TEXTS, TEXTS, TEXTS, TEXTS),
    line=NUMBERS,
    current=VALUES,
    proposed=VALUES,
    tags=st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
)
STEPS = st.builds(
    Step,
    TEXTS,
    exit_code=NUMBERS,
    results=st.lists(RESULTS, max_size=3).map(tuple),
    stderr=TEXTS,
    is_validator=st.booleans(),
)
RENDERINGS = st.builds(
    Rendering,
    st.dictionaries(TEXTS, st.none() | st.binary(max_size=20), max_size=3),
    st.lists(STEPS, max_size=3).map(tuple),
    st.lists(st.builds(Problem, TEXTS, TEXTS, NUMBERS), max_size=2).map(tuple),
)
SAMPLE = Rendering(
    {"a.yaml": b"a: 1\n", "gone.yaml": None, "b/\udcff": b""},
    (Step("set-labels:v0.2", results=(Result("set 1 labels", resource=Reference("v1", "Pod", "p", "n")),)),),
    (Problem("Kptfile", "bad", 3),),
)


def sized(blocks: int) -> Rendering:
    """A rendering whose file takes so many blocks of the disk."""
    return Rendering({"a": b"x" * (BLOCK * blocks - 500)})


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "room")


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A process of its own that can import what this one can."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE)


@given(RENDERINGS)
def test_what_is_remembered_comes_back(rendering: Rendering) -> None:
    data = encode(KEY, rendering)
    assert data
    assert decode(KEY, data) == rendering


def test_the_types_come_back_too(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "some" / "cache")
    assert memory.recall(KEY) is None
    memory.remember(KEY, SAMPLE)
    found = Memory(tmp_path / "some" / "cache").recall(KEY)
    assert found == SAMPLE
    assert found
    assert isinstance(found.steps[0].results[0].resource, Reference)
    assert isinstance(found.problems[0], Problem)
    memory.remember(KEY, Rendering({}))
    assert memory.recall(KEY) == Rendering({})


def test_every_field_is_remembered() -> None:
    """Who adds a field sees to it that `bot/render/record.py` gives it back."""
    assert Rendering._fields == ("changes", "steps", "problems")
    plain = {str, int, bool, object, int | None}
    for kind, others in (
        (Step, {"results"}),
        (Result, {"resource", "tags"}),
        (Reference, set()),
        (Problem, set()),
    ):
        assert {name for name, hint in kind.__annotations__.items() if hint not in plain} == others


@pytest.mark.parametrize("value", [(1, 2), [(1,)], {1: 2}, b"x", {"a"}, float("nan"), [10**5000]])
def test_what_would_not_come_back_is_not_kept(value: Any, tmp_path: Path) -> None:
    Memory(tmp_path).remember(KEY, Rendering({}, (Step("f", results=(Result("m", current=value),)),)))
    assert list(tmp_path.iterdir()) == []


def test_deep_values_are_no_trouble(tmp_path: Path) -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    Memory(tmp_path).remember(KEY, Rendering({}, (Step("f", results=(Result("m", current=value),)),)))
    assert files_in(tmp_path) == []
    while value:  # taken apart level by level, for Python's own sake
        value = value.pop()


def test_a_file_cut_anywhere_is_not_believed(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.remember(KEY, SAMPLE)
    path = tmp_path / f"{KEY}.rendering"
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        assert memory.recall(KEY) is None
        path.write_bytes(data[:length] + bytes([data[length] ^ 1]) + data[length + 1 :])
        assert memory.recall(KEY) is None
    path.write_bytes(data + b"\0")
    assert memory.recall(KEY) is None
    path.write_bytes(data)
    assert memory.recall(KEY) == SAMPLE


def test_a_file_under_another_key_is_not_believed(tmp_path: Path) -> None:
    memory, other = Memory(tmp_path), key_of({}, ["other"])
    memory.remember(KEY, SAMPLE)
    (tmp_path / f"{KEY}.rendering").rename(tmp_path / f"{other}.rendering")
    assert memory.recall(other) is None
    memory.remember(other, SAMPLE)
    assert memory.recall(other) == SAMPLE


@given(st.binary(max_size=200))
def test_any_bytes_are_no_rendering(data: bytes) -> None:
    assert decode(KEY, data) is None


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    memory, path = Memory(tmp_path), tmp_path / f"{KEY}.rendering"
    memory.remember(KEY, SAMPLE)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to("elsewhere")
    assert memory.recall(KEY) is None
    path.unlink()
    os.mkfifo(path)
    assert memory.recall(KEY) is None
    path.unlink()
    path.mkdir()
    assert memory.recall(KEY) is None
    memory.remember(KEY, SAMPLE)
    assert memory.recall(KEY) is None
    assert files_in(tmp_path) == [f"{KEY}.rendering", "elsewhere"]


def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o755)
    Memory(folder).remember(KEY, SAMPLE)
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, *sorted(folder.iterdir()))] == [
        "0o700",
        "0o600",
        "0o600",
    ]


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    memory = Memory(tmp_path, 8 * BLOCK)
    keys = [key_of(str(number)) for number in range(8)]
    for age, key in enumerate(keys):
        memory.remember(key, sized(1))
        os.utime(tmp_path / f"{key}.rendering", (age + 1, age + 1))
    assert len(files_in(tmp_path)) == 8
    assert memory.recall(keys[0])  # used just now
    memory.remember(KEY, sized(2))
    kept = [key for key in keys if memory.recall(key)]
    assert kept == [keys[0], *keys[5:]]
    assert memory.recall(KEY)


def test_what_is_larger_than_the_memory_is_not_kept(tmp_path: Path) -> None:
    memory = Memory(tmp_path, 2 * BLOCK)
    memory.remember(KEY, sized(2))
    assert memory.recall(KEY)
    memory.remember(key_of("larger"), sized(3))
    assert files_in(tmp_path) == [f"{KEY}.rendering"]
    assert Memory(tmp_path, BLOCK).recall(KEY) is None


def test_remains_of_the_dead_and_a_lost_count_are_swept(tmp_path: Path) -> None:
    memory = Memory(tmp_path, 4 * BLOCK)
    for ledger in (b"", b"x" * 20, b"\xff", b"-1"):
        remains = tmp_path / ".dead.rendering"
        remains.write_bytes(b"x" * 4 * BLOCK)
        os.utime(remains, (1, 1))
        (tmp_path / "mine.txt").write_text("no concern of ours")
        (tmp_path / "room").write_bytes(ledger)
        memory.remember(KEY, SAMPLE)
        assert files_in(tmp_path) == [f"{KEY}.rendering", "mine.txt"]
        assert memory.recall(KEY) == SAMPLE


def test_a_writer_that_holds_the_lock_is_not_waited_for(tmp_path: Path) -> None:
    memory, other = Memory(tmp_path), key_of("other")
    memory.remember(KEY, SAMPLE)
    with (tmp_path / "room").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        memory.remember(other, SAMPLE)
        assert memory.recall(other) is None
        assert memory.recall(KEY) == SAMPLE
        assert files_in(tmp_path) == [f"{KEY}.rendering"]
    memory.remember(other, SAMPLE)
    assert memory.recall(other) == SAMPLE


WRITER = """
    import random, sys
    from pathlib import Path
    from bot.packages.rendering import Rendering
    from bot.render.memory import Memory, key_of

    memory, dice = Memory(Path(sys.argv[1]), 40 * 4096), random.Random(int(sys.argv[2]))
    found = 0
    for turn in range(int(sys.argv[3])):
        number = dice.randrange(30)
        wanted = Rendering({"a": b"%d" % number * 2000})
        memory.remember(key_of(str(number)), wanted)
        number = dice.randrange(30)
        got = memory.recall(key_of(str(number)))
        assert got in (None, Rendering({"a": b"%d" % number * 2000}))
        found += got is not None
        if turn == 0:
            print("begun", flush=True)
    print(found)
"""


def test_many_processes_share_it(tmp_path: Path) -> None:
    processes = [run(WRITER, tmp_path, seed, 150) for seed in range(4)]
    ends = [process.communicate() for process in processes]
    assert [error for _, error in ends] == [""] * 4
    assert all(int(said.split()[-1]) > 0 for said, _ in ends)
    room = sum(-(-path.stat().st_size // BLOCK) * BLOCK for path in tmp_path.glob("*.rendering"))
    assert 0 < room <= 40 * BLOCK
    assert not list(tmp_path.glob(".*"))


def test_killed_writers_leave_nothing_that_is_believed(tmp_path: Path) -> None:
    for seed in range(4):
        with run(WRITER, tmp_path, seed, 1_000_000) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == "begun\n"
            writer.kill()
        with run(WRITER, tmp_path, seed, 60) as survivor:
            said, error = survivor.communicate()
        assert error == ""
        assert int(said.split()[-1]) > 0


def test_a_full_disk_is_no_error(tmp_path: Path) -> None:
    code = """
        import resource, sys
        from pathlib import Path
        from bot.packages.rendering import Rendering
        from bot.render.memory import Memory, key_of

        folder = Path(sys.argv[1])
        memory = Memory(folder)
        small, large = Rendering({"a": b"x"}), Rendering({"a": b"x" * 1_000_000})
        memory.remember(key_of("first"), small)
        for limit in (100_000, 10, 0):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            memory.remember(key_of("large"), large)
            assert memory.recall(key_of("large")) is None
            assert memory.recall(key_of("first")) == small
            assert len(list(folder.iterdir())) == 2, list(folder.iterdir())
        memory.remember(key_of("second"), small)
        assert memory.recall(key_of("second")) is None
    """
    said = run(code, tmp_path)
    assert said.communicate()[1] == ""
    assert len(files_in(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/self/no-such")):
        memory = Memory(folder)
        memory.remember(KEY, SAMPLE)
        assert memory.recall(KEY) is None
    assert (tmp_path / "file").read_text() == ""


def test_a_memory_that_cannot_be_written_is_still_read(tmp_path: Path) -> None:
    memory, other = Memory(tmp_path), key_of("other")
    memory.remember(KEY, SAMPLE)
    (tmp_path / "room").unlink()
    (tmp_path / "room").mkdir()
    memory.remember(other, SAMPLE)
    assert memory.recall(other) is None
    assert memory.recall(KEY) == SAMPLE
    assert files_in(tmp_path) == [f"{KEY}.rendering"]


FILES = st.dictionaries(TEXTS, st.builds(File, st.binary(max_size=3), st.sampled_from([REGULAR, EXECUTABLE])))
PARTS = st.lists(TEXTS | st.binary(max_size=3), max_size=3)
INPUTS = st.tuples(FILES | TEXTS, PARTS)


@given(INPUTS, INPUTS)
def test_keys_are_equal_where_all_that_went_in_is(one: Any, other: Any) -> None:
    assert (key_of(*one) == key_of(*other)) is (one == other)
    assert key_of(*one) == key_of(
        dict(reversed(one[0].items())) if isinstance(one[0], dict) else one[0], one[1]
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (({"a": File(b"bc")}, ()), ({"ab": File(b"c")}, ())),
        (({"a": File(b"")}, ()), ({"a": File(b"", EXECUTABLE)}, ())),
        (({}, ["ab"]), ({}, ["a", "b"])),
        (({}, ["a"]), ({}, [b"a"])),
        (({}, ["a"]), ("a", ())),
        (("", ()), ({}, ())),
    ],
)
def test_keys_that_must_differ(one: Any, other: Any) -> None:
    assert key_of(*one) != key_of(*other)


def test_a_folder_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir(mode=0o755)
    (tmp_path / "memory").symlink_to(tmp_path / "mine")
    memory = Memory(tmp_path / "memory")
    memory.remember("a" * 64, sized(1))
    assert memory.recall("a" * 64) is None
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o755
    assert list((tmp_path / "mine").iterdir()) == []
