"""The tables: their schema, and on disk, parts of Parquet files by month, one a session until many are joined into one.

``tables/v1/<table>/month=2026-11/<part>.parquet``. A part counts once its file in ``sessions`` is there, which is
written last; a session's own part no longer counts once a joined part holds that session. So whatever is interrupted,
each session is read once. The schema is read from ``tables.yaml``, which is the data dictionary as well.
"""

import contextlib
import hashlib
import io
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from monitor.archive.facts import Facts, Row
from monitor.archive.store import Store
from monitor.base.errors import EvidenceDamaged
from monitor.base.paths import package_data
from monitor.base.yamlfile import own_table

_FILE: Final = package_data("archive") / "tables.yaml"
#: How a type is written: in Parquet, and what an absent value is.
_TYPES: Final[dict[str, tuple[Any, Any]]] = {
    "text": (pa.string(), ""),
    "int": (pa.int64(), 0),
    "flag": (pa.bool_(), False),
}


class Column(NamedTuple):
    """A column: ``type`` is text, int or flag."""

    name: str
    type: str
    en: str
    zh: str


class Table(NamedTuple):
    """A table with its columns, the keys first."""

    name: str
    en: str
    zh: str
    columns: tuple[Column, ...]


def version() -> int:
    """The version of the schema."""
    return int(own_table(_FILE)["version"])


def oldest() -> int:
    """The earliest version whose tables can be read: what they lack is NULL."""
    return int(own_table(_FILE)["oldest"])


@cache
def tables() -> dict[str, Table]:
    """All tables by name."""
    file = own_table(_FILE)
    found = {}
    for name, table in file["tables"].items():
        columns = [Column(key, **column) for key, column in {**file["keys"], **table["columns"]}.items()]
        found[name] = Table(name, table["en"], table["zh"], tuple(columns))
    return found


@cache
def arrow(name: str) -> Any:
    """The Arrow schema of a table."""
    return pa.schema([pa.field(one.name, _TYPES[one.type][0], nullable=False) for one in tables()[name].columns])


def batch(name: str, rows: list[dict[str, Any]]) -> Any:
    """Rows as an Arrow table; a column that a row lacks is empty, 0 or false. Raises ``EvidenceDamaged``: a number or a
    text that no column can hold."""
    absent = {column.name: _TYPES[column.type][1] for column in tables()[name].columns}
    try:
        return pa.Table.from_pylist([absent | row for row in rows], schema=arrow(name))
    except (pa.ArrowException, OverflowError, UnicodeEncodeError) as error:
        raise EvidenceDamaged(f"what no table can hold: {error}", where=name) from None


#: From so many single sessions of a month on they are joined.
JOINED_FROM: Final = 64
_JOINED: Final = "joined-"
_LOCK: Final = "tables/joining"
_REBUILD: Final = "monitor archive migrate --again rebuilds the tables from the bundles"
#: Parts are named so; what else is among them is none.
_PART: Final = re.compile(rf"month=([0-9]{{4,}}-[0-9]{{2}})/([0-9a-f]{{64}}|{_JOINED}[0-9a-f]{{32}})\.parquet")


class Part(NamedTuple):
    """A part of a month."""

    month: str
    name: str

    @property
    def joined(self) -> bool:
        """Whether it holds several sessions."""
        return self.name.startswith(_JOINED)


def month_of(start: int) -> str:
    """The month of a time in microseconds, in UTC; of what has none, 1970-01."""
    try:
        return f"{datetime.fromtimestamp(start / 1e6, UTC):%Y-%m}"
    except (OverflowError, ValueError, OSError):
        return "1970-01"


class Made(NamedTuple):
    """A session's part, with its tables, that can be written."""

    part: Part
    tables: dict[str, Any]


class Parts:
    """Reads and writes the tables of one store; ``made``: by which version, if not by this one."""

    def __init__(self, store: Store, made: int | None = None) -> None:
        self._store = store
        self.top = f"tables/v{version() if made is None else made}"

    def _place(self, table: str, part: Part) -> str:
        return f"{self.top}/{table}/month={part.month}/{part.name}.parquet"

    def write(self, made: Made) -> None:
        """Write a session's part."""
        self._put(made.part, made.tables.__getitem__)

    def _put(self, part: Part, table: Callable[[str], Any]) -> None:
        for name in sorted(tables(), key=lambda name: name == "sessions"):
            data = io.BytesIO()
            pq.write_table(table(name), data, compression="zstd")
            self._store.put(self._place(name, part), data.getvalue())

    def listed(self) -> list[Part]:
        """All parts that count, sorted. Raises ``EvidenceDamaged`` if two joined ones hold the same session."""
        top = f"{self.top}/sessions"
        found = (_PART.fullmatch(name.removeprefix(f"{top}/")) for name in self._store.names(top))
        parts = [Part(*name.groups()) for name in found if name]
        held: set[str] = set()
        for part in parts:
            if part.joined:
                own = self.sessions([part])
                if held & own:
                    raise EvidenceDamaged("a session is in two parts of the tables", where=self.top, hint=_REBUILD)
                held |= own
        return [part for part in sorted(set(parts)) if part.joined or part.name not in held]

    def sessions(self, parts: Iterable[Part]) -> set[str]:
        """The sessions that parts hold."""
        found: set[str] = set()
        for part in parts:
            held = self._table("sessions", part, ["session"])["session"].to_pylist() if part.joined else [part.name]
            found.update(held)
        return found

    def _table(self, name: str, part: Part, columns: list[str] | None = None) -> Any:
        data = self._store.get(self._place(name, part))
        try:
            if data is None:
                raise EvidenceDamaged("a part of the tables is missing", where=self._place(name, part))
            table = pq.read_table(io.BytesIO(data), columns=columns)
            return table.select(columns) if columns else table
        except (pa.ArrowException, KeyError, OSError):
            raise EvidenceDamaged("not a table", where=self._place(name, part), hint=_REBUILD) from None

    def dataset(self, name: str, parts: list[Part]) -> Any:
        """A table over some parts, as an Arrow dataset with the column ``month``."""
        schema = pa.schema([*(field.with_nullable(True) for field in arrow(name)), pa.field("month", pa.string())])
        paths = [self._store.path(self._place(name, part)) for part in parts]
        if not paths:
            return ds.dataset(pa.table({field.name: pa.array([], field.type) for field in schema}))
        partitioning = ds.partitioning(pa.schema([("month", pa.string())]), flavor="hive")
        top = self._store.path(f"{self.top}/{name}")
        with _readable(f"{self.top}/{name}"):
            return ds.dataset(paths, schema=schema, format="parquet", filesystem=self._store.fs,
                              partitioning=partitioning, partition_base_dir=top)  # fmt: skip

    def read(self, name: str, parts: list[Part], columns: list[str], only: Any = None) -> Any:
        """Columns of a table over some parts, of the rows that ``only`` selects. Raises ``EvidenceDamaged``."""
        with _readable(f"{self.top}/{name}"):
            return self.dataset(name, parts).to_table(columns, filter=only)

    def join(self, least: int = JOINED_FROM) -> int:
        """Join the single sessions of each month that has at least ``least``; returns how many were joined. One process
        does so at a time: another one leaves it."""
        single: dict[str, list[Part]] = defaultdict(list)
        for part in self.listed():
            if not part.joined:
                single[part.month].append(part)
        due = {month: parts for month, parts in single.items() if len(parts) >= least}
        if not due or not self._store.put_new(_LOCK, secrets.token_hex(8).encode()):
            return 0
        try:
            still = set(self.listed())
            return sum(self._join([part for part in parts if part in still]) for parts in due.values())
        finally:
            self._store.drop(_LOCK)

    def _join(self, parts: list[Part]) -> int:
        if len(parts) < 2:
            return 0
        self._rewrite(parts)
        return len(parts)

    def _rewrite(self, parts: list[Part], without: str = "") -> None:
        """Write the sessions of parts of a month as one part, but for one of them; remove those parts, first what makes
        them count."""
        if rest := sorted(self.sessions(parts) - {without}):
            joined = Part(parts[0].month, f"{_JOINED}{hashlib.sha256(''.join(rest).encode()).hexdigest()[:32]}")
            kept = pc.field("session") != without
            self._put(joined, lambda name: pa.concat_tables([self._table(name, part).filter(kept) for part in parts]))
        for name in sorted(tables(), key=lambda name: name != "sessions"):
            for part in parts:
                self._store.drop(self._place(name, part))

    def drop(self, session: str, *, own: bool = True) -> None:
        """Remove a session; from a joined part by writing that without it. ``own=False``: not its own part."""
        for part in self.listed():
            if (own or part.joined) and session in self.sessions([part]):
                self._rewrite([part], session)

    def unlock(self) -> None:
        """Remove what a joining process left that was killed."""
        self._store.drop(_LOCK)


def made(session: str, facts: Facts, more: Row) -> Made:
    """A session's part. ``more``: further columns of its row in ``sessions``. Raises ``EvidenceDamaged``."""
    keys = {"session": session, "app": facts.app}
    filled = {name: [row | keys for row in facts.rows.get(name, ())] for name in tables()}
    filled["sessions"] = [row | more for row in filled["sessions"]]
    return Made(Part(month_of(facts.start), session), {name: batch(name, rows) for name, rows in filled.items()})


@contextlib.contextmanager
def _readable(where: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, pa.ArrowException) as error:
        hint = "ask again if sessions are being added; otherwise monitor archive migrate --again"
        raise EvidenceDamaged(f"a part cannot be read: {type(error).__name__}", where=where, hint=hint) from None
