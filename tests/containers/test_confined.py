"""What a function in a container cannot do, tried by functions that try."""

from pathlib import Path

import pytest
from docker.api.client import APIClient

from bot.render.containers.container import Container, Mount
from bot.render.containers.runtime import Runtime
from tests.containers.conftest import Make

WRITES = "for place in {}; do echo x >$place/x && echo wrote $place; done 2>&1 | grep wrote"
PLACES = "/ /tmp /data /bin /dev /dev/shm /dev/mqueue /proc /proc/sys /sys /sys/fs/cgroup /run /etc"


def said(runtime: Runtime, container: Container, request: bytes = b"") -> str:
    return runtime.run(container, request).stdout.decode()


def test_what_is_sent_comes_back(runtime: Runtime, make: Make) -> None:
    answer = runtime.run(Container(make("cat; echo no >&2; exit 3")), b"hello\n")
    assert answer[:3] == (b"hello\n", b"no\n", 3)


def test_much_is_sent_while_much_comes_back(runtime: Runtime, make: Make) -> None:
    request = b"0123456789abcdef" * 1_000_000
    assert runtime.run(Container(make("cat")), request).stdout == request


def test_a_function_need_not_listen(runtime: Runtime, make: Make) -> None:
    answer = runtime.run(Container(make("exec <&-; echo deaf")), b"x" * 10_000_000)
    assert answer[:3] == (b"deaf\n", b"", 0)


def test_it_is_nobody_without_any_capability(runtime: Runtime, make: Make) -> None:
    script = "id; grep -E '^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status"
    lines = said(runtime, Container(make(script, "USER 0"))).splitlines()
    assert lines[0] == "uid=65534 gid=65534 groups=65534"
    assert {line.split()[1] for line in lines[1:6]} == {"0000000000000000"}
    assert [line.split() for line in lines[6:]] == [["NoNewPrivs:", "1"], ["Seccomp:", "2"]]


@pytest.mark.parametrize("change", ["USER 0", "VOLUME /data", "VOLUME /tmp", 'VOLUME ["/tmp", "/data"]'])
def test_there_is_no_place_to_write_to(runtime: Runtime, make: Make, client: APIClient, change: str) -> None:
    assert said(runtime, Container(make(WRITES.format(PLACES), change))) == ""
    assert not client.volumes()["Volumes"]


def test_the_image_could_be_written_to_otherwise(runtime: Runtime, make: Make, tmp_path: Path) -> None:
    # The probe finds a writable place, if there is one: a folder of the person's own.
    tmp_path.chmod(0o777)
    mount = Mount("bind", str(tmp_path), "/data", is_writable=True)
    assert said(runtime, Container(make(WRITES.format("/data")), mounts=(mount,))) == "wrote /data\n"
    assert (tmp_path / "x").read_text() == "x\n"


def test_a_mount_is_read_only_unless_asked_otherwise(runtime: Runtime, make: Make, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    (tmp_path / "here").write_text("mounted\n")
    container = Container(
        make(f"cat /data/here; {WRITES.format('/data')}"), mounts=(Mount("bind", str(tmp_path), "/data"),)
    )
    assert said(runtime, container) == "mounted\n"


def test_nothing_of_the_machine_is_mounted(runtime: Runtime, make: Make) -> None:
    lines = said(runtime, Container(make("cat /proc/mounts"))).splitlines()
    mounted = {(place, kind) for _, place, kind, *_ in (line.split() for line in lines)}
    pseudo = {"proc", "sysfs", "tmpfs", "devpts", "cgroup", "cgroup2", "mqueue", "overlay"}
    # The Engine's own file, with the container's name in it.
    assert {place for place, kind in mounted if kind not in pseudo} <= {"/", "/etc/hostname"}


def test_there_is_no_network(runtime: Runtime, make: Make) -> None:
    script = "ls /sys/class/net; nc -w 3 1.1.1.1 80 2>&1; cat /proc/net/route"
    lines = said(runtime, Container(make(script))).splitlines()
    assert lines[0] == "lo"
    assert "unreachable" in lines[1]
    assert lines[2].startswith("Iface")
    assert len(lines) == 3


def test_a_person_may_give_network_and_environment(runtime: Runtime, make: Make) -> None:
    container = Container(make("echo $GIVEN; ls /sys/class/net"), network=True, env=("GIVEN=by a person",))
    here = sorted(path.name for path in Path("/sys/class/net").iterdir())
    assert said(runtime, container).splitlines() == ["by a person", *here]


def test_nothing_of_our_environment_is_seen(
    runtime: Runtime, make: Make, monkeypatch: pytest.MonkeyPatch, docker_configuration: Path
) -> None:
    monkeypatch.setenv("PORTICO_SECRET", "secret")
    (docker_configuration / "config.json").write_text('{"proxies": {"default": {"httpProxy": "secret"}}}')
    assert "secret" not in said(runtime, Container(make("env")))


def test_no_other_process_is_seen(runtime: Runtime, make: Make) -> None:
    # Its shell, and the shell's child that lists them.
    assert len(said(runtime, Container(make("ps"))).splitlines()) == 3


def test_the_images_own_check_of_its_health_does_not_run(
    runtime: Runtime, make: Make, client: APIClient
) -> None:
    container = Container(make("cat", "HEALTHCHECK --interval=1s CMD true"))
    runtime.expect(container)
    while not (mine := client.containers(filters={"ancestor": container.image})):
        pass
    assert "health" not in mine[0]["Status"]
    assert runtime.run(container, b"well").stdout == b"well"
