"""The apps' databases: real SQLite, one connection a handle, confined to the app's own folder."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from .providers import AppError

MAX_OPEN = 32
MAX_ROWS = 5000
#: Longest statement, in seconds.
LONGEST = 5.0
_BAD = "android.database.sqlite.SQLiteException"
_LOCATION = frozenset({"temp_store_directory", "data_store_directory"})


class Databases:
    """Open databases of all processes; ``pid`` and handle name one."""

    def __init__(self) -> None:
        self._open: dict[tuple[int, int], sqlite3.Connection] = {}
        self._last = 0

    def open(self, pid: int, path: str, home: Path) -> int:
        """The handle of a database file below ``home``, or of one in memory (no path)."""
        place = ":memory:"
        if path not in ("", ":memory:"):
            file = Path(path).resolve()
            if not file.is_relative_to(home.resolve()):
                raise AppError(
                    "android.database.sqlite.SQLiteCantOpenDatabaseException", "unable to open database file"
                )
            file.parent.mkdir(parents=True, exist_ok=True)
            place = str(file)
        if sum(owner == pid for owner, _ in self._open) >= MAX_OPEN:
            raise AppError("android.database.sqlite.SQLiteCantOpenDatabaseException", "too many open databases")
        try:
            made = sqlite3.connect(place, isolation_level=None, timeout=2, check_same_thread=False)
        except sqlite3.Error as bad:
            raise AppError("android.database.sqlite.SQLiteCantOpenDatabaseException", str(bad)) from None
        made.set_authorizer(_allowed)
        made.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 16 << 20)
        self._last += 1
        self._open[pid, self._last] = made
        return self._last

    def run(self, pid: int, handle: int, sql: str, args: list[Any]) -> dict[str, Any]:
        """Run one statement: columns and rows of a query, last row id and number of changed rows of any other."""
        database = self._open.get((pid, handle))
        if database is None:
            raise AppError("java.lang.IllegalStateException", "attempt to re-open an already-closed object")
        until = time.monotonic() + LONGEST
        database.set_progress_handler(lambda: time.monotonic() > until, 100_000)
        before = database.total_changes
        try:
            done = database.execute(sql, args)
            rows = done.fetchmany(MAX_ROWS) if done.description else []
        except (sqlite3.Error, sqlite3.Warning, OverflowError) as bad:
            kind = "SQLiteConstraintException" if isinstance(bad, sqlite3.IntegrityError) else "SQLiteException"
            raise AppError(f"android.database.sqlite.{kind}", f"{bad}: , while compiling: {sql[:200]}") from None
        return {
            "columns": [column[0] for column in done.description or ()],
            "rows": [[_plain(value) for value in row] for row in rows],
            "id": done.lastrowid if done.lastrowid is not None else -1,
            "changed": database.total_changes - before,
        }

    def close(self, pid: int, handle: int) -> None:
        """Close one; a handle that is not open is passed over."""
        database = self._open.pop((pid, handle), None)
        if database is not None:
            database.close()

    def gone(self, pid: int) -> None:
        """A process has ended."""
        for owner, handle in [key for key in self._open if key[0] == pid]:
            self.close(owner, handle)


def _allowed(action: int, first: str | None, *_: object) -> int:
    """No other file by way of a statement: neither attached (``VACUUM INTO`` does that, too) nor named by a pragma."""
    if action == sqlite3.SQLITE_ATTACH or (action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _LOCATION):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _plain(value: object) -> object:
    return value.decode("latin-1") if isinstance(value, bytes) else value
