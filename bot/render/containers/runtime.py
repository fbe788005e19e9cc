"""Functions run in containers of their own, the next ones started while the present one works.

What makes a run slow is the start of a container, so a container may be started before there is anything to
run: its function then waits for its input. It has seen no resource when it is given the request, it serves
that one run, and is thrown away: nothing of one run can reach another, whatever the image does. That is as
quick as a second program in a container that was used before (`docker exec`), of which the same cannot be
said: what an earlier run left (a process, a message queue) would still be there. `benchmarks/RESULTS.md` has
the measurements.
"""

import atexit
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from socket import socket
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from bot.errors import NotRun
from bot.packages.naming import quoted
from bot.render.containers.confinement import configuration
from bot.render.containers.container import Container
from bot.render.containers.conversation import converse
from bot.render.containers.owner import labels
from bot.render.program import KILLED, MIB, OUT_OF_TIME, Answer, Bounds

if TYPE_CHECKING:
    from bot.render.containers.engine import Engine

AHEAD = 2  # containers that wait for their request; each costs the memory of a function that has just started
IDLE_SECONDS = 60.0  # how long one waits before it is thrown away
START_SECONDS = 600.0  # to fetch an image and start it
MOST_EXPECTED = 256
CLOSE_SECONDS = 15.0
REMOVE_PAUSES = (0.5, 2, 5)  # seconds after an attempt that failed


@dataclass(frozen=True, slots=True)
class _Started:
    """A container that waits for its request."""

    id: str
    attached: socket
    digest: str


class _Ahead(NamedTuple):
    """One that is started ahead, and the timer that throws it away."""

    container: Container
    started: Future[_Started]
    timer: threading.Timer


class Runtime:
    """Runs functions in containers of one engine, which is looked for when the first is needed.

    It must be closed, and closes itself at the process's end. All methods may be called from any thread.
    One runtime serves one repository.
    """

    def __init__(
        self, connect: Callable[[], "Engine"], *, ahead: int = AHEAD, idle: float = IDLE_SECONDS
    ) -> None:
        self._connect = connect
        self._most_ahead = ahead
        self._idle = idle
        self._lock = threading.RLock()
        self._connecting = threading.Lock()
        self._engine: Engine | None = None
        self._expected: deque[Container] = deque(maxlen=MOST_EXPECTED)
        self._ahead: list[_Ahead] = []
        self._threads: set[threading.Thread] = set()
        atexit.register(self.close)

    def expect(self, container: Container) -> None:
        """Say that this will be run soon: it is started ahead, when it is its turn. Never raises."""
        with self._lock:
            self._expected.append(container)
            self._top_up()

    def run(self, container: Container, request: bytes) -> Answer:
        """Give the function its input and return its answer, whatever its exit code.

        Raises NotRun when it could not run, or was stopped at one of its bounds. However this ends, the
        container is killed and removed.
        """
        started = self._take(container)
        try:
            return self._answer(container, started.result(START_SECONDS), request)
        except TimeoutError:
            raise NotRun(
                f"The image {quoted(container.image)} was not fetched and started within {START_SECONDS:.0f} "
                "seconds; pull it by hand, or see to the Docker Engine.",
                OUT_OF_TIME,
            ) from None
        finally:
            # After Ctrl-C it may not have started yet: then it is removed as soon as it has.
            started.add_done_callback(self._discard)

    def tags(self, repository: str) -> list[str]:
        """The tags under which the engine has images of a repository. Raises NotRun."""
        return self._connected().tags(repository)

    def close(self) -> None:
        """Throw away what was started ahead, and wait until all containers are gone."""
        self._expire()
        deadline = time.monotonic() + CLOSE_SECONDS
        while threads := self._at_work():
            threads[0].join(max(deadline - time.monotonic(), 0))
            if time.monotonic() > deadline:
                break  # a fetch of an image, which ends with this process
        if self._engine is not None:
            self._engine.close()
        atexit.unregister(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self, container: Container) -> "Future[_Started]":
        """One that was started ahead, or a new one; and the next ones are started."""
        with self._lock:
            ahead = next((ahead for ahead in self._ahead if ahead.container == container), None)
            if ahead is not None:
                ahead.timer.cancel()
                self._ahead.remove(ahead)
                started = ahead.started
            else:
                with suppress(ValueError):
                    self._expected.remove(container)
                started = self._start(container)
            self._top_up()
        return started

    def _top_up(self) -> None:
        while self._expected and len(self._ahead) < self._most_ahead:
            container = self._expected.popleft()
            timer = threading.Timer(self._idle, self._expire)
            timer.daemon = True
            self._ahead.append(_Ahead(container, self._start(container), timer))
            timer.start()

    def _expire(self) -> None:
        """Nobody came for a container: whoever expected it has gone another way."""
        with self._lock:
            self._expected.clear()
            unused, self._ahead = self._ahead, []
        for ahead in unused:
            ahead.timer.cancel()
            ahead.started.add_done_callback(self._discard)

    def _start(self, container: Container) -> "Future[_Started]":
        started: Future[_Started] = Future()

        def fill() -> None:
            try:
                started.set_result(self._begin(container))
            except Exception as error:  # noqa: BLE001 whoever asks for the result is told
                started.set_exception(error)

        # Daemons, as the fetch of an image must not keep a process that wants to end.
        self._spawn(fill, daemon=True)
        return started

    def _begin(self, container: Container) -> _Started:
        engine = self._connected()
        image = engine.image(container.image, container.pull)
        wanted = configuration(container, image, engine.abilities, labels(container.bounds.seconds))
        made = engine.create(wanted)
        with ExitStack() as failing:
            failing.callback(engine.remove, made)
            attached = failing.enter_context(engine.attach(made))
            engine.start(made)
            failing.pop_all()
        return _Started(made, attached, image.digest)

    def _answer(self, container: Container, started: _Started, request: bytes) -> Answer:
        engine, bounds = self._connected(), container.bounds
        deadline = time.monotonic() + bounds.seconds
        try:
            said = converse(started.attached, request, deadline, bounds.output)
            # A function may close its outputs and go on.
            exit_code = engine.wait(started.id, deadline - time.monotonic())
        except TimeoutError:
            raise NotRun(_too_long(container.image, bounds), OUT_OF_TIME) from None
        if exit_code and engine.was_out_of_memory(started.id):
            raise NotRun(_too_large(container.image, bounds), KILLED)
        if exit_code == KILLED:  # podman does not say for what
            raise NotRun(_killed(container.image, bounds), KILLED)
        return Answer(said.stdout, said.stderr, exit_code, started.digest)

    def _connected(self) -> "Engine":
        with self._connecting:
            if self._engine is None:
                self._engine = self._connect()
                self._spawn(self._sweep)
            return self._engine

    def _sweep(self) -> None:
        """Remove what processes that were killed left behind."""
        engine = self._connected()
        with suppress(NotRun):
            for container in engine.left_overs():
                engine.remove(container)

    def _discard(self, started: "Future[_Started]") -> None:
        if started.exception() is None:
            self._spawn(lambda: self._remove(started.result()))

    def _remove(self, started: _Started) -> None:
        started.attached.close()
        for pause in REMOVE_PAUSES:
            try:
                return self._connected().remove(started.id)
            except NotRun:  # what was killed under load may not have ended yet, says the Engine
                time.sleep(pause)
        return None  # the next process finds it, and tries again

    def _at_work(self) -> list[threading.Thread]:
        with self._lock:
            return list(self._threads)

    def _spawn(self, work: Callable[[], None], *, daemon: bool = False) -> None:
        """Do it in a thread of its own, which `close` waits for; or here, in a process that is ending."""

        def done() -> None:
            try:
                work()
            finally:
                self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=done, daemon=daemon)
        with self._lock:
            self._threads.add(thread)
            try:
                thread.start()
            except RuntimeError:
                self._threads.discard(thread)
                work()


def runtime(environ: Mapping[str, str]) -> Runtime:
    """The runtime of the person's engine: `DOCKER_HOST`, or the context of the Docker configuration."""

    def connect() -> "Engine":
        # The SDK takes a quarter of a second to load, and most packages have no function for it.
        try:
            from bot.render.containers.engine import Engine, address  # noqa: PLC0415 only where it is needed
        except ModuleNotFoundError as error:
            raise NotRun(
                "Functions in containers need the Docker SDK, which is not installed; install it with "
                "`pip install 'portico[containers]'`."
            ) from error
        return Engine(address(environ))

    return Runtime(connect)


def _too_long(image: str, bounds: Bounds) -> str:
    return (
        f"The function {quoted(image)} took longer than {bounds.seconds:g} s and was stopped; it must "
        "be quicker, or be given fewer resources."
    )


def _too_large(image: str, bounds: Bounds) -> str:
    return (
        f"The function {quoted(image)} took more than {bounds.memory // MIB} MiB of memory and was stopped; "
        "it must take less, or be given fewer resources."
    )


def _killed(image: str, bounds: Bounds) -> str:
    return (
        f"The function {quoted(image)} was killed; it may have taken more than {bounds.memory // MIB} MiB of "
        "memory, and must take less, or be given fewer resources."
    )
