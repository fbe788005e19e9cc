"""Tables as kubectl prints them: columns as wide as their widest cell and three spaces more."""

from collections.abc import Iterable, Sequence

_GAP = 3


def format_table(rows: Iterable[Sequence[str]]) -> str:
    """Lay out `rows` (the first may be the header); every row has the same number of cells."""
    shown = [tuple(_one_line(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) + _GAP for column in zip(*shown, strict=True)]
    return "".join(_line(row, widths) for row in shown)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(" ") + "\n"


def _one_line(cell: str) -> str:
    """A name from a repository may hold anything, and must not paint the terminal."""
    return cell if cell.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in cell)
