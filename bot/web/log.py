"""What the bot writes down: one JSON object a line for machines, one sentence a line for a terminal."""

import json
import logging
import threading
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO
from uuid import uuid4

HIDDEN = "***"
LONGEST_FIELD = 8_000
SHORTEST_SECRET = 6


class Log:
    """Writes to one stream, a line at a time from any thread; `secrets` never appear in it."""

    def __init__(
        self, stream: TextIO, now: Callable[[], float], *, lines: bool = True, secrets: Sequence[str] = ()
    ) -> None:
        self._stream = stream
        self._now = now
        self._lines = lines
        # The longest first: one may contain another.
        self._secrets = sorted((s for s in secrets if len(s) >= SHORTEST_SECRET), key=len, reverse=True)
        self._one_at_a_time = threading.Lock()

    def note(self, what: str, **fields: Any) -> None:  # noqa: ANN401 whatever JSON can say
        self._write("info", what, fields)

    def trouble(self, what: str, **fields: Any) -> None:  # noqa: ANN401 whatever JSON can say
        self._write("warning", what, fields)

    def fault(self, what: str, error: BaseException, **fields: Any) -> str:  # noqa: ANN401 whatever JSON can say
        """Write down a failure of ours with its traceback; returns the id under which it is found."""
        number = uuid4().hex[:12]
        text = "".join(traceback.format_exception(error))
        self._write("error", what, {**fields, "id": number, "traceback": text[-LONGEST_FIELD:]})
        return number

    def _write(self, level: str, what: str, fields: dict[str, Any]) -> None:
        at = datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="milliseconds")
        record: dict[str, Any] = {"time": at.replace("+00:00", "Z"), "level": level, "event": what}
        record |= {key: self._shown(value) for key, value in fields.items() if value not in ("", None)}
        text = json.dumps(record, ensure_ascii=True, default=str) if self._lines else _sentence(record)
        with self._one_at_a_time:
            try:
                self._stream.write(text + "\n")
                self._stream.flush()
            except (OSError, ValueError):  # a closed or full stream must not stop the work
                return

    def _shown(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        for secret in self._secrets:
            value = value.replace(secret, HIDDEN)
        return value if len(value) <= LONGEST_FIELD else value[:LONGEST_FIELD] + "…"


def _sentence(record: dict[str, Any]) -> str:
    rest = {key: value for key, value in record.items() if key not in {"time", "level", "event", "traceback"}}
    shown = " ".join(f"{key}={json.dumps(value, default=str)}" for key, value in rest.items())
    text = f"{record['time']} {record['level']:7} {record['event']}  {shown}".rstrip()
    return "\n  ".join((text, *_lines(record.get("traceback", ""))))


def _lines(text: str) -> list[str]:
    """Without what a terminal would obey."""
    return ["".join(c if c.isprintable() else "�" for c in line) for line in text.splitlines()]


class LibraryHandler(logging.Handler):
    """Hands on what libraries log in their own way."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._log.fault("library", error, library=record.name)
        else:
            self._log.trouble("library", library=record.name, text=record.getMessage())
