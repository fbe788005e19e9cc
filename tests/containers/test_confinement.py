"""What an engine is asked for: everything closed, and other fences where it has no control groups."""

import pytest

from bot.render.containers.confinement import Abilities, Configuration, Image, configuration
from bot.render.containers.container import Container, Mount
from bot.render.program import MIB, Bounds

IMAGE = Image("sha256:0", "sha256:1")
ABLE = Abilities()
BOUNDS = Bounds(memory=64 * MIB, processes=32, seconds=10)


def host(container: Container, image: Image = IMAGE, abilities: Abilities = ABLE) -> Configuration:
    return dict(configuration(container, image, abilities, {})["HostConfig"])


def ulimits(container: Container, abilities: Abilities) -> dict[str, int]:
    return {limit["Name"]: limit["Hard"] for limit in host(container, IMAGE, abilities)["Ulimits"]}


def test_everything_is_closed() -> None:
    asked = host(Container("cat", bounds=BOUNDS))
    assert (
        asked.items()
        >= {
            "NetworkMode": "none",
            "ReadonlyRootfs": True,
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges"],
            "Privileged": False,
            "IpcMode": "none",
            "Memory": 64 * MIB,
            "MemorySwap": 64 * MIB,
            "PidsLimit": 32,
            "Mounts": [],
            "LogConfig": {"Type": "none", "Config": {}},
        }.items()
    )


def test_the_image_is_asked_for_by_its_id() -> None:
    asked = configuration(Container("cat:v1"), IMAGE, Abilities(), {"a": "b"})
    assert (asked["Image"], asked["User"], asked["Labels"]) == ("sha256:0", "65534:65534", {"a": "b"})
    assert "Healthcheck" not in asked


def test_processor_time_is_what_all_processors_have() -> None:
    assert ulimits(Container("cat", bounds=BOUNDS), Abilities(processors=4))["cpu"] == 41


@pytest.mark.parametrize(
    ("abilities", "data", "processes"),
    [
        (Abilities(), None, 4096),
        (Abilities(limits_memory=False), 64 * MIB, 4096),
        (Abilities(limits_processes=False), None, 32),
        (Abilities(limits_memory=False, limits_processes=False), 64 * MIB, 32),
    ],
)
def test_limits_of_processes_stand_in_for_control_groups(
    abilities: Abilities, data: int | None, processes: int
) -> None:
    found = ulimits(Container("cat", bounds=BOUNDS), abilities)
    assert (found.get("data"), found["nproc"]) == (data, processes)


def test_files_may_be_written_only_where_a_person_mounted_a_place_for_them() -> None:
    writable = Mount("bind", "/here", "/there", is_writable=True)
    assert ulimits(Container("cat", mounts=(Mount("bind", "/a", "/b"),)), Abilities())["fsize"] == 0
    assert "fsize" not in ulimits(Container("cat", mounts=(writable,)), Abilities())
    assert host(Container("cat", mounts=(writable,)))["Mounts"] == [
        {"Type": "bind", "Source": "/here", "Target": "/there", "ReadOnly": False}
    ]


def test_a_volume_of_the_image_is_an_empty_place_unless_something_is_mounted_there() -> None:
    image = IMAGE._replace(volumes=("/a", "/b"))
    mount = Mount("volume", "mine", "/a")
    targets = {one["Target"]: one["Type"] for one in host(Container("cat", mounts=(mount,)), image)["Mounts"]}
    assert targets == {"/a": "volume", "/b": "tmpfs"}
