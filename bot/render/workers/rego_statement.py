"""The statements of Rego's bodies, and names for what several of their references stand for.

Where one expression has two references that iterate, as in `a[i].x == b[j].y`, or has one inside a call, the
interpreter may find nothing; it does where each has a name from a statement of its own: that means the same.
"""

from collections.abc import Iterator

from bot.render.workers.rego_token import Token, apart

# A piece of the source, by start and end, and what stands for it.
Change = tuple[int, int, str]
# Statements that are left as they are: their variables are others, or must be known already.
_OTHERS = frozenset({"not", "some", "every", "import", "package", "default"})
_NO_REFERENCE = frozenset({"in", "if", "contains", "else", "with", "as", "not", "some", "every"})
_FEW = 2  # tokens beside the only reference: `x := a[i]` and `a[i] == 1` iterate as they must
_NAME = "named_by_portico_"
_OPENING = frozenset("([{")


def names_for_references(tokens: list[Token], source: str, pairs: dict[int, int]) -> Iterator[Change]:
    """What must change so that references iterate in statements of their own."""
    count = 0
    for start, end in _bodies(tokens, pairs):
        for first, last in _statements(tokens, source, pairs, start, end):
            if tokens[first].text in _OTHERS or _is_left(tokens, pairs, first, last):
                continue
            found = list(_references(tokens, pairs, first, last))
            if len(found) == 1 and last - first - (found[0][1] - found[0][0]) <= _FEW:
                continue
            for head, tail in found:
                count += 1
                place, finish = tokens[head].start, tokens[tail - 1].end
                at = tokens[first].start
                # Before the statement; where it begins with the reference itself, both in one piece.
                text = f"{_NAME}{count} := {source[place:finish]}; "
                if place == at:
                    yield place, finish, f"{text}{_NAME}{count}"
                else:
                    yield at, at, text
                    yield place, finish, f"{_NAME}{count}"


def _bodies(tokens: list[Token], pairs: dict[int, int]) -> Iterator[tuple[int, int]]:
    """The inside of each rule's body and of each comprehension, behind its bar."""
    depth = 0
    for at, token in enumerate(tokens):
        if at in pairs:
            bar = _bar(tokens, pairs, at)
            if bar:
                yield bar + 1, pairs[at]
            elif not depth and token.text == "{" and _follows_head(tokens, at):
                yield at + 1, pairs[at]
            depth += 1
        elif token.kind == "sign" and token.text in ")]}":
            depth -= 1


def _bar(tokens: list[Token], pairs: dict[int, int], at: int) -> int:
    """Where the bar of a comprehension is that begins here; 0 for anything else."""
    if tokens[at].text == "(":
        return 0
    inside = at + 1
    while inside < pairs[at]:
        if tokens[inside].text == "|":
            return inside
        if tokens[inside].text in {",", ";"}:
            return 0
        inside = pairs.get(inside, inside) + 1
    return 0


def _follows_head(tokens: list[Token], at: int) -> bool:
    """Whether a brace outside of all brackets opens a body, and not a value of the head."""
    before = tokens[at - 1] if at else None
    return before is not None and (
        before.text in {"]", ")", "}"} or (before.kind != "sign" and before.text != "contains")
    )


def _statements(
    tokens: list[Token], source: str, pairs: dict[int, int], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """They end at a semicolon, or with the line where nothing is left open."""
    first = at = start
    while at < end:
        if tokens[at].text == ";":
            if first < at:
                yield first, at
            first = at + 1
        elif at > first and apart(tokens, source, at) and not _goes_on(tokens[at - 1], tokens[at]):
            yield first, at
            first = at
        at = pairs.get(at, at) + 1
    if first < end:
        yield first, end


def _goes_on(before: Token, after: Token) -> bool:
    """Whether an expression goes on in the next line."""
    return (before.kind == "sign" and before.text not in ")]}") or (
        after.kind == "sign" and after.text not in _OPENING
    )


def _is_left(tokens: list[Token], pairs: dict[int, int], first: int, last: int) -> bool:
    """A unification iterates as it must; `with` changes what references mean."""
    at = first
    while at < last:
        if tokens[at].text in {"=", "with"}:
            return True
        at = pairs.get(at, at) + 1
    return False


def _references(
    tokens: list[Token], pairs: dict[int, int], first: int, last: int
) -> Iterator[tuple[int, int]]:
    """References with a bracket that holds more than a number or a text: all that iterate, and some more."""
    at = first
    while at < last:
        if at in pairs and _bar(tokens, pairs, at):
            at = pairs[at] + 1
            continue
        if tokens[at].kind != "word" or tokens[at].text in _NO_REFERENCE:
            at += 1
            continue
        end, iterates = _reference(tokens, pairs, at, last)
        if iterates:
            yield at, end
        at = end


def _reference(tokens: list[Token], pairs: dict[int, int], at: int, last: int) -> tuple[int, bool]:
    """Where the reference that begins here ends, and whether it has such a bracket."""
    end, iterates = at + 1, False
    while end < last and tokens[end].start == tokens[end - 1].end:
        if tokens[end].text == "[":
            plain = pairs[end] == end + 2 and tokens[end + 1].kind in {"number", "text", "raw"}
            iterates = iterates or not plain
            end = pairs[end] + 1
        elif tokens[end].text == "." and end + 1 < last and tokens[end + 1].kind == "word":
            end += 2
        else:
            break
    called = end < last and tokens[end].text == "(" and tokens[end].start == tokens[end - 1].end
    return end, iterates and not called
