"""One run of a function outside of this process: the ResourceList out, what it answers back in."""

from collections.abc import Callable

from bot.errors import InvalidDocument, NotRun
from bot.packages.documents import LIMITS, Limits, Node, emit, parse
from bot.packages.resource import Resource
from bot.render import wire
from bot.render.function import Outcome
from bot.render.program import Answer

MOST_STDERR = 64 * 1024  # characters that are kept, as they stand in results for ever
_BYTES_PER_NODE = 4  # a YAML file has hardly more values than a quarter of its bytes

_DEPTH = 2  # of items in their list: the list's mapping and its sequence

# Gives a program its input and returns what it answers; raises NotRun.
Ask = Callable[[bytes], Answer]


def exchange(ask: Ask, items: list[Resource], config: Node | None) -> Outcome:
    """What came of a run; of a program that did not run, or not to its end, the stderr says why.

    Raises InvalidDocument when it ended well, but answered what cannot be used.
    """
    request = emit([wire.request(items, config)])
    try:
        answer = ask(request)
    except NotRun as error:
        return Outcome(items, (), error.exit_code, str(error))
    try:
        outcome = _read(answer, request, items)
    except InvalidDocument as error:
        # One that failed may answer nothing, or anything; its exit code and stderr are what it has to say.
        if not answer.exit_code:
            raise InvalidDocument(f"The function's answer cannot be used: {error}") from error
        outcome = Outcome(items, (), answer.exit_code, _text(answer.stderr))
    return outcome._replace(digest=answer.digest)


def _read(answer: Answer, request: bytes, items: list[Resource]) -> Outcome:
    documents = parse(answer.stdout, path="stdout", limits=_limits(len(request)))
    if len(documents) != 1:
        raise InvalidDocument(f"It must be one ResourceList, but has {len(documents)} documents.")
    return wire.outcome(documents[0], items, exit_code=answer.exit_code, stderr=_text(answer.stderr))


def _limits(asked: int) -> Limits:
    """An answer may be as large as its request, and larger by what any file may be."""
    return Limits(
        bytes=LIMITS.bytes + 2 * asked,
        depth=LIMITS.depth + _DEPTH,
        nodes=LIMITS.nodes + asked // _BYTES_PER_NODE,
        documents=1,
        aliases=LIMITS.aliases,
    )


def _text(stderr: bytes) -> str:
    text = stderr.decode("utf-8", errors="replace")
    if len(text) <= MOST_STDERR:
        return text
    return f"{text[:MOST_STDERR]}\n… ({len(text) - MOST_STDERR} more characters)\n"
