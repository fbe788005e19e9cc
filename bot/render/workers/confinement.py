"""The first lines of a worker's process: its bounds, then its module, its request and its answer.

A front door of its own: started by path, without any package's directory in `sys.path`, with these
arguments: the module, seconds until it is ended, seconds of the processor, bytes of memory, open files, and
the directories to import from. Only what starts fast is imported here.
"""

import importlib
import os
import resource
import signal
import sys

OUT_OF_MEMORY = 70  # the exit code that says so


def confine(seconds: int, processor: int, memory: int, files: int) -> None:
    """Bound this process, for good; it can raise none of the bounds again."""
    # The processor's soft bound comes first, because its signal tells what happened.
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(nothing, (0, 0))
    # Nobody may be left to end a process whose parent was killed.
    signal.alarm(seconds)


def main(module: str, seconds: str, processor: str, memory: str, files: str, *places: str) -> int:
    """Answer the request on standard input with `module.answer(request: bytes) -> bytes`."""
    confine(int(seconds), int(processor), int(memory), int(files))
    sys.path[:] += places
    try:
        answer = importlib.import_module(module).answer
        sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
        sys.stdout.buffer.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    # Without taking down what was built: the system is faster at that.
    os._exit(main(*sys.argv[1:]))
