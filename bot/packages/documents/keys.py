"""The order in which go-yaml writes the keys of a Go map: letters last, numbers by their value."""

from collections.abc import Iterable
from functools import cmp_to_key


def in_order(keys: Iterable[str]) -> list[str]:
    """Sort keys as go-yaml does (sorter.go): 'a2' before 'a10', '_' before 'a'."""
    return sorted(keys, key=cmp_to_key(_compare))


def _compare(left: str, right: str) -> int:
    digits = False
    for index, (here, there) in enumerate(zip(left, right, strict=False)):
        if here == there:
            digits = here.isdecimal()
        elif here.isalpha() and there.isalpha():
            return -1 if here < there else 1
        elif here.isalpha() or there.isalpha():
            return -1 if here.isalpha() is digits else 1
        else:
            return _compare_numbers(left, right, index)
    return len(left) - len(right)


def _compare_numbers(left: str, right: str, index: int) -> int:
    """Compare from the first difference on, where neither character is a letter."""
    one, other = _digits(left, index), _digits(right, index)
    # A zero in the middle of a number is a digit like any other; one at its start counts for nothing.
    before = left[:index]
    zeros = "0" in {left[index], right[index]} and before[len(before.rstrip("0123456789")) :].strip("0")
    lead = "1" if zeros else ""
    if (value := int(lead + (one or "0"))) != (than := int(lead + (other or "0"))):
        return value - than
    if len(one) != len(other):
        return len(one) - len(other)
    return -1 if left[index] < right[index] else 1


def _digits(text: str, start: int) -> str:
    # More digits than a number of Go holds are no number that anybody sorts by.
    end = start
    while end < len(text) and text[end].isdecimal() and end - start < 18:
        end += 1
    return text[start:end]
