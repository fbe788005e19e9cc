"""Tables as kubectl prints them: columns as wide as their widest cell and three spaces more."""

from collections.abc import Iterable, Sequence

_GAP = 3


class Table:
    """Columns that never become narrower, so that rows which come later stand below those before."""

    def __init__(self) -> None:
        self._widths: list[int] = []

    def format(self, rows: Iterable[Sequence[str]]) -> str:
        """Lay out `rows` (the first may be the header); every row has the same number of cells."""
        shown = [tuple(_one_line(cell) for cell in row) for row in rows]
        before = self._widths or [0] * (len(shown[0]) if shown else 0)
        columns = zip(*shown, strict=True)
        self._widths = [
            max(old, *(len(cell) + _GAP for cell in column))
            for old, column in zip(before, columns, strict=True)
        ]
        return "".join(_line(row, self._widths) for row in shown)


def format_table(rows: Iterable[Sequence[str]]) -> str:
    """Lay out one table."""
    return Table().format(rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(" ") + "\n"


def _one_line(cell: str) -> str:
    """A name from a repository may hold anything, and must not paint the terminal."""
    return cell if cell.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in cell)
