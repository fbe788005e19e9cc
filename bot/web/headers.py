"""The headers of a request: upper and lower case are the same in their names."""

from collections.abc import Iterable, Iterator, Mapping


class Headers(Mapping[str, str]):
    """Of a header that came twice the last is kept; names are listed in lower case."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values = {name.lower(): value for name, value in pairs}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
