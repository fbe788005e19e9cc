"""The to-do list in a SQLite file, which several processes of one machine may share."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.packages.naming import quoted
from bot.web.look import Look
from bot.web.presence import Presence
from bot.web.todo import (
    DELIVERIES_KEPT_SECONDS,
    GIVEN_UP_KEPT_SECONDS,
    LEASE_SECONDS,
    MOST_LOOKS,
    Depth,
    Full,
    GivenUp,
    NotKept,
    Taken,
)

VERSION = 1
BUSY_SECONDS = 2
SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS look (
    id INTEGER PRIMARY KEY AUTOINCREMENT, forge TEXT NOT NULL, repository TEXT NOT NULL,
    number INTEGER NOT NULL, branch TEXT NOT NULL,
    turn INTEGER NOT NULL, asked INTEGER NOT NULL, tries INTEGER NOT NULL,
    since REAL NOT NULL, due REAL NOT NULL, given_up REAL, reason TEXT,
    UNIQUE (forge, repository, number, branch));
CREATE INDEX IF NOT EXISTS look_by_turn ON look (turn);
CREATE TABLE IF NOT EXISTS repository (
    forge TEXT NOT NULL, name TEXT NOT NULL, holder TEXT, until REAL NOT NULL DEFAULT 0,
    rest REAL NOT NULL DEFAULT 0, PRIMARY KEY (forge, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS delivery (
    forge TEXT NOT NULL, id TEXT NOT NULL, at REAL NOT NULL, look INTEGER NOT NULL, asked INTEGER NOT NULL,
    done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (forge, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS delivery_by_look ON delivery (look) WHERE NOT done;
PRAGMA user_version = {VERSION};
COMMIT;
"""
NEXT_TURN = "(SELECT coalesce(max(turn), 0) + 1 FROM look)"
ASK = f"""
INSERT INTO look (forge, repository, number, branch, turn, asked, tries, since, due)
VALUES (?, ?, ?, ?, {NEXT_TURN}, 1, 0, ?, ?)
ON CONFLICT (forge, repository, number, branch) DO UPDATE SET
    asked = asked + 1, tries = 0, due = excluded.due, given_up = NULL, reason = NULL,
    since = iif(given_up IS NULL, since, excluded.since)
RETURNING id, asked
"""  # noqa: S608 the only insertion is our own
REMIND = f"""
INSERT INTO look (forge, repository, number, branch, turn, asked, tries, since, due)
VALUES (?, ?, ?, ?, {NEXT_TURN}, 1, 0, ?, ?)
ON CONFLICT (forge, repository, number, branch) DO UPDATE SET
    due = excluded.due, since = excluded.since, given_up = NULL, reason = NULL
WHERE given_up IS NOT NULL
"""  # noqa: S608 the only insertion is our own
TAKE = """
SELECT id, look.forge, repository, number, branch, asked, tries
FROM look LEFT JOIN repository AS home ON home.forge = look.forge AND home.name = look.repository
WHERE given_up IS NULL AND due <= :now AND coalesce(home.rest, 0) <= :now
    AND (home.holder IS NULL OR (home.holder <> :me AND home.until <= :now))
ORDER BY turn LIMIT 1
"""
HOLD = """
INSERT INTO repository (forge, name, holder, until) VALUES (?, ?, ?, ?)
ON CONFLICT (forge, name) DO UPDATE SET holder = excluded.holder, until = excluded.until
"""


class SqliteTodo:
    """The file is made where there is none; raises NotKept for one that is no list of this version.

    A repository that this process holds is never handed out again by it, however late it is; to others it
    is when this process is gone, or has not renewed for a minute.
    """

    def __init__(self, path: Path, *, most: int = MOST_LOOKS, lease: float = LEASE_SECONDS) -> None:
        self.path = path
        self.most = most
        self.lease = lease
        self._one_at_a_time = threading.Lock()
        with self._told_apart():
            # Each thread waits for its turn here; SQLite's own waiting is between processes.
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            # An answer is given to the forge after this: it must survive a power cut, not only a crash.
            self._connection.execute("PRAGMA synchronous = FULL")
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version not in {0, VERSION}:
                raise NotKept(f"The queue {quoted(str(path))} was written by another version of Portico.")
            self._connection.executescript(SCHEMA)
        try:
            self._presence = Presence(path)
        except OSError as error:
            raise NotKept(f"The queue {quoted(str(path))} cannot be used: {error.strerror}.") from None
        self.me = self._presence.me
        self._free_of_the_dead()

    def close(self) -> None:
        with self._one_at_a_time:
            self._connection.close()
            self._presence.close()

    def ask(self, look: Look, delivery: str, now: float) -> bool:
        with self._transaction() as db:
            known = db.execute(
                "SELECT done FROM delivery WHERE forge = ? AND id = ?", (look.forge, delivery)
            ).fetchone()
            if known and known[0]:
                return False
            place, asked = db.execute(ASK, (*look, now, now)).fetchone()
            if asked == 1 and self._waiting(db) > self.most:
                raise Full(f"{self.most} looks are waiting already.")
            if delivery:
                db.execute(
                    "INSERT OR REPLACE INTO delivery (forge, id, at, look, asked) VALUES (?, ?, ?, ?, ?)",
                    (look.forge, delivery, now, place, asked),
                )
        return True

    def remind(self, looks: Sequence[Look], now: float) -> None:
        with self._transaction() as db:
            db.executemany(REMIND, [(*look, now, now) for look in looks])

    def take(self, now: float) -> Taken | None:
        with self._transaction() as db:
            found = db.execute(TAKE, {"now": now, "me": self.me}).fetchone()
            if found is None:
                return None
            place, forge, repository, number, branch, asked, tries = found
            db.execute(HOLD, (forge, repository, self.me, now + self.lease))
        return Taken(place, Look(forge, repository, number, branch), asked, tries)

    def renew(self, now: float) -> None:
        self._free_of_the_dead()
        with self._transaction() as db:
            db.execute("UPDATE repository SET until = ? WHERE holder = ?", (now + self.lease, self.me))

    def done(self, taken: Taken, now: float) -> None:
        with self._transaction() as db:
            db.execute(
                "UPDATE delivery SET done = 1 WHERE look = ? AND asked <= ? AND NOT done",
                (taken.place, taken.asked),
            )
            db.execute("DELETE FROM look WHERE id = ? AND asked = ?", (taken.place, taken.asked))
            # What was asked for meanwhile waits behind the others of its repository.
            db.execute(
                f"UPDATE look SET turn = {NEXT_TURN}, since = ? WHERE id = ?",  # noqa: S608 the only insertion is our own
                (now, taken.place),
            )
            self._free(db, taken)

    def again(self, taken: Taken, due: float, *, tries: int, rest: bool) -> None:
        with self._transaction() as db:
            db.execute(
                f"UPDATE look SET turn = {NEXT_TURN}, due = ?, tries = ? WHERE id = ? AND asked = ?",  # noqa: S608 the only insertion is our own
                (due, tries, taken.place, taken.asked),
            )
            self._free(db, taken, due if rest else 0)

    def give_up(self, taken: Taken, reason: str, now: float) -> None:
        # What programs write, and errors repeat, is not always in the encoding that it should be in.
        text = reason.encode(errors="replace").decode()
        with self._transaction() as db:
            db.execute(
                "UPDATE look SET given_up = ?, reason = ?, tries = ? WHERE id = ? AND asked = ?",
                (now, text, taken.tries + 1, taken.place, taken.asked),
            )
            self._free(db, taken)

    def let_go(self) -> None:
        with self._transaction() as db:
            db.execute("UPDATE repository SET holder = NULL WHERE holder = ?", (self.me,))

    def depth(self, now: float) -> Depth:
        with self._transaction() as db:
            (given_up,) = db.execute("SELECT count(*) FROM look WHERE given_up IS NOT NULL").fetchone()
            (oldest,) = db.execute("SELECT min(since) FROM look WHERE given_up IS NULL").fetchone()
            (running,) = db.execute(
                "SELECT count(*) FROM repository WHERE holder = ? OR (holder IS NOT NULL AND until > ?)",
                (self.me, now),
            ).fetchone()
            return Depth(max(0, self._waiting(db) - running), running, given_up, oldest or 0)

    def given_up(self) -> list[GivenUp]:
        with self._transaction() as db:
            rows = db.execute(
                "SELECT forge, repository, number, branch, tries, given_up, reason FROM look "
                "WHERE given_up IS NOT NULL ORDER BY given_up, id"
            ).fetchall()
        return [GivenUp(Look(*row[:4]), *row[4:]) for row in rows]

    def sweep(self, now: float) -> None:
        with self._transaction() as db:
            db.execute("DELETE FROM delivery WHERE at < ?", (now - DELIVERIES_KEPT_SECONDS,))
            db.execute("DELETE FROM look WHERE given_up < ?", (now - GIVEN_UP_KEPT_SECONDS,))

    def warning(self) -> str:
        return ""

    def _free(self, db: sqlite3.Connection, taken: Taken, rest: float = 0) -> None:
        """Free its repository, unless another process took it over when this one was late."""
        db.execute(
            "UPDATE repository SET holder = NULL, rest = max(rest, ?) "
            "WHERE forge = ? AND name = ? AND holder = ?",
            (rest, taken.look.forge, taken.look.repository, self.me),
        )

    def _free_of_the_dead(self) -> None:
        with self._transaction() as db:
            rows = db.execute("SELECT DISTINCT holder FROM repository WHERE holder IS NOT NULL").fetchall()
            gone = [row for row in rows if self._presence.is_gone(row[0])]
            db.executemany("UPDATE repository SET holder = NULL WHERE holder = ?", gone)

    def _waiting(self, db: sqlite3.Connection) -> int:
        (number,) = db.execute("SELECT count(*) FROM look WHERE given_up IS NULL").fetchone()
        return int(number)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._one_at_a_time, self._told_apart():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have rolled it back already
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _told_apart(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise NotKept(f"The queue {quoted(str(self.path))} cannot be used: {error}.") from None
