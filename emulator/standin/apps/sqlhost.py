"""The databases of one app process: real SQLite, in a process with the app's own rights (`databases` starts it).

Whatever a path leads to, it is the app that opens it. Requests and answers are lines of JSON, over standard input and
output. The source is the program: it imports nothing but the standard library.
"""

import json
import resource
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

MAX_OPEN = 32
_MAX_ROWS = 5000
MAX_BYTES = 2 << 20
"""Of one result, as a CursorWindow has it."""
HEAP = 64 << 20
"""Bytes that SQLite may take in all, databases in memory among them."""
SPACE, FILE = 1 << 30, 256 << 20
_CANT = "SQLiteCantOpenDatabaseException"
_LOCATION = frozenset({"temp_store_directory", "data_store_directory", "hard_heap_limit"})


class Refused(Exception):
    """What the app is told: an exception of ``android.database.sqlite`` and its message."""


def opened(path: str, home: Path) -> sqlite3.Connection:
    """A database file below ``home``, or one in memory (no path)."""
    place = ":memory:"
    if path not in ("", ":memory:"):
        file = Path(path).resolve()
        if not file.is_relative_to(home.resolve()):
            raise Refused(_CANT, "unable to open database file")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as bad:
            raise Refused(_CANT, str(bad.strerror)) from None
        place = str(file)
    try:
        made = sqlite3.connect(place, isolation_level=None, timeout=2)
        made.execute(f"PRAGMA hard_heap_limit={HEAP}")
    except sqlite3.Error as bad:
        raise Refused(_CANT, str(bad)) from None
    made.set_authorizer(_allowed)
    made.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 16 << 20)
    return made


def ran(database: sqlite3.Connection, sql: str, args: list[Any], seconds: float) -> dict[str, Any]:
    """Columns and rows of a query, last row id and number of changed rows of any other statement; broken off after so
    many seconds."""
    until = time.monotonic() + seconds
    database.set_progress_handler(lambda: time.monotonic() > until, 100_000)
    before, size = database.total_changes, 0
    rows: list[list[Any]] = []
    try:
        done = database.execute(sql, args)
        while done.description and len(rows) < _MAX_ROWS and (row := done.fetchone()):
            size += sum(len(value) for value in row if isinstance(value, str | bytes))
            if size > MAX_BYTES:
                raise Refused("SQLiteException", "Row too big to fit into CursorWindow")
            rows.append([value.decode("latin-1") if isinstance(value, bytes) else value for value in row])
    except MemoryError:
        raise Refused("SQLiteException", "out of memory (code 7 SQLITE_NOMEM)") from None
    except (sqlite3.Error, sqlite3.Warning, OverflowError) as bad:
        kind = "SQLiteConstraintException" if isinstance(bad, sqlite3.IntegrityError) else "SQLiteException"
        raise Refused(kind, f"{bad}: , while compiling: {sql[:200]}") from None
    return {
        "columns": [column[0] for column in done.description or ()],
        "rows": rows,
        "id": done.lastrowid if done.lastrowid is not None else -1,
        "changed": database.total_changes - before,
    }


def _allowed(action: int, first: str | None, *_: object) -> int:
    """No other file by way of a statement: neither attached (``VACUUM INTO`` does that, too) nor named by a pragma."""
    if action == sqlite3.SQLITE_ATTACH or (action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _LOCATION):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


class Host:
    """The open databases, by handle."""

    def __init__(self, home: Path, seconds: float) -> None:
        self._home, self._seconds = home, seconds
        self._open: dict[int, sqlite3.Connection] = {}

    def answer(self, asked: dict[str, Any]) -> Any:
        """One request: ``open``, ``run`` or ``close``."""
        handle = asked["db"]
        if "path" in asked:
            if len(self._open) >= MAX_OPEN:
                raise Refused(_CANT, "too many open databases")
            self._open[handle] = opened(asked["path"], self._home)
        elif "sql" in asked:
            return ran(self._open[handle], asked["sql"], asked["args"], self._seconds)
        elif handle in self._open:
            self._open.pop(handle).close()
        return None


def main() -> None:
    """Answers until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    host = Host(Path(sys.argv[1]), float(sys.argv[2]))
    for line in sys.stdin.buffer:
        try:
            said = {"r": host.answer(json.loads(line))}
        except Refused as bad:
            said = {"e": list(bad.args)}
        print(json.dumps(said, ensure_ascii=True), flush=True)


if __name__ == "__main__":
    main()
