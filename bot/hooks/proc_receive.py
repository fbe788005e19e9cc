"""Drafts and requests of a push: Git leaves these refs to us, and reports what we answer (proc-receive).

Protocol and traps: gitprotocol-pack, githooks(5). A `new-oid` that the client lacks must never be
reported, so a rendered commit is only told in words.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from bot.errors import PorticoError
from bot.git.pushed import commit_of
from bot.git.standing import tip
from bot.git.transaction import ZERO, Transaction
from bot.hooks import faults
from bot.hooks.desk import Desk
from bot.hooks.pktline import read_group, write_group
from bot.hooks.requests import Request, read_requests
from bot.lifecycle.admission import MAGIC
from bot.lifecycle.commands import EXPLAIN, Save
from bot.lifecycle.events import Asked
from bot.lifecycle.explain import explain
from bot.lifecycle.messages import not_at_once, one_line
from bot.packages.naming import RevisionName


class Order(NamedTuple):
    """One line of the push; ids are '' for a ref that appears or goes."""

    old: str
    new: str
    ref: str


def proc_receive(desk: Desk) -> int:
    """Speak the protocol on standard input and output."""
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    orders, options, atomic = _hear(stdin, stdout)
    seen = [_peeled(desk, order) for order in orders]
    requests = list(read_requests(desk.layout, seen, options, desk.by))
    answers: dict[str, str] = {}
    for request in requests:
        reason = not_at_once(len(requests)) if atomic and len(requests) > 1 else _serve(desk, request)
        answers |= dict.fromkeys(request.refs, reason)
    write_group(stdout, _report(orders, answers))
    return 0


def _hear(stdin: BinaryIO, stdout: BinaryIO) -> tuple[list[Order], list[str], bool]:
    version, _, features = read_group(stdin)[0].partition(b"\0")
    if version != b"version=1":
        raise EOFError(f"Git speaks an unknown protocol to its proc-receive hook: {version!r}")
    asked = features.split()
    with_options = b"push-options" in asked
    write_group(stdout, [b"version=1\0push-options atomic" if with_options else b"version=1\0atomic"])
    orders = [_order(line.decode(errors="surrogateescape")) for line in read_group(stdin)]
    options = read_group(stdin) if with_options else []
    return orders, [option.decode(errors="replace") for option in options], b"atomic" in asked


def _order(line: str) -> Order:
    old, new, ref = line.split(" ", 2)
    return Order("" if old == ZERO else old, "" if new == ZERO else new, ref)


def _peeled(desk: Desk, order: Order) -> Order:
    """An annotated tag stands for its commit: people ask about what they see."""
    if not order.ref.startswith(MAGIC) or not order.new:
        return order
    # Nothing stands at what is no commit, and the guards say so.
    return order._replace(new=commit_of(desk.repository, order.new))


def _serve(desk: Desk, request: Request) -> str:
    """Do what is asked; '' when done, else why not."""
    if request.refusal:
        return request.refusal
    try:
        if request.word == EXPLAIN:
            desk.tell(explain(desk.gatherer.facts(request.name)))
            return ""
        if not request.commands:
            return _pass_through(desk, request)
        return _carry_out(desk, request)
    except (PorticoError, OSError) as error:
        return faults.sentence(error)


def _carry_out(desk: Desk, request: Request) -> str:
    steward = desk.steward
    for command in request.commands:
        desk.refusals.clear()
        try:
            steward.handle(Asked(command))
        except Exception as error:
            # A draft that is saved stays saved, whatever befalls what comes after it.
            if not (isinstance(command, Save) and _holds(desk, command.name, command.at)):
                raise
            desk.tell(f"the draft is saved, but could not be rendered: {faults.sentence(error)}")
        if desk.refusals:
            if "\n" in desk.refusals[0]:
                desk.tell(desk.refusals[0])  # Git shows only one line of an answer
            return desk.refusals[0]
    return ""


def _holds(desk: Desk, name: RevisionName, commit: str) -> bool:
    head = tip(desk.repository, desk.layout.draft_ref(name))
    return bool(head) and (head == commit or desk.repository.descendant_of(head, commit))


def _pass_through(desk: Desk, request: Request) -> str:
    """Move a branch that only looks like a draft, outside the registered directory, as Git would."""
    transaction = Transaction(desk.repository.path)
    for ref, old, new in request.moves:
        if new:
            transaction.move(ref, new, old)
        else:
            transaction.delete(ref, old)
    transaction.commit(f"push by {desk.by}")
    return ""


def _report(orders: Iterable[Order], answers: dict[str, str]) -> Iterator[bytes]:
    for order in orders:
        reason = answers.get(order.ref, "not understood")
        ref = order.ref.encode(errors="surrogateescape")
        yield b"ng %s %s" % (ref, one_line(reason).encode()) if reason else b"ok " + ref
