"""Questions to the tables in SQL: read-only, bounded in rows, time and memory, and without any other file."""

import contextlib
import sys
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import duckdb
import pyarrow.compute as pc

from monitor.archive.parts import Parts, tables
from monitor.base import host, paths, yamlfile
from monitor.base.errors import EnvironmentFault, InputError, MonitorError, nearest, printable

#: 95 %, two-sided.
_Z: Final = 1.959963984540054
#: ``wilson_low(k, n)``, ``wilson_high(k, n)``: the interval of 95 % for a share of which k of n were seen.
#: Wilson (1927); Brown, Cai and DasGupta (2001).
MACROS: Final = tuple(
    f"CREATE MACRO wilson_{name}(k, n) AS CASE WHEN n = 0 THEN NULL ELSE round(greatest(0, least(1, "
    f"((k / n) + {_Z * _Z} / (2 * n) {sign} {_Z} * sqrt((k / n) * (1 - k / n) / n + {_Z * _Z} / (4 * n * n))) "
    f"/ (1 + {_Z * _Z} / n))), 4) END"
    for name, sign in (("low", "-"), ("high", "+"))
)


#: Everything that a question may not use is off before it is read: files, network, extensions, settings.
_CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
    "python_enable_replacements": "false", "memory_limit": "2GB", "temp_directory": "",
}  # fmt: skip
_MAX_ROWS: Final = 100_000
_LIST: Final = "monitor archive query --tables lists tables and columns"
#: Bytes of an answer.
_MAX_ANSWER: Final = 64 << 20
#: What the process may take while a question is answered, beside what it has: DuckDB does not count single texts.
_SPACE: Final = 3 << 30


class Question(NamedTuple):
    """A ready question: title by language, parameters with their defaults, SQL."""

    name: str
    title: Mapping[str, str]
    set: Mapping[str, str]
    sql: str


class Answer(NamedTuple):
    """Names of the columns and rows; ``more``: there were more rows than asked for."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    more: bool


@cache
def questions() -> dict[str, Question]:
    """The ready questions by name."""
    loaded = yamlfile.own_table(paths.package_data("archive") / "queries.yaml")
    return {name: Question(name, said["title"], said["set"], said["sql"]) for name, said in loaded.items()}


def question(name: str) -> Question:
    """Raises ``InputError``."""
    if name not in questions():
        raise InputError(f"no such question: {printable(name, 40)}", hint=nearest(name, questions()))
    return questions()[name]


class Tables(contextlib.ExitStack):
    """The tables of an archive, as they were when it was opened; closed with the block. ``left_out``: how many sessions
    are not in them, since they were assessed with rules of the user's own."""

    def __init__(self, parts: Parts, *, seconds: float = 60, rows: int = 1000, own_rules: bool = False) -> None:
        """``seconds``, ``rows``: how long a question may take and how many rows its answer may have; ``own_rules``: no
        session is left out."""
        if not 0 < rows <= _MAX_ROWS:
            raise InputError(f"not a number of rows: {rows}", hint=f"1 to {_MAX_ROWS}")
        super().__init__()
        self._seconds, self._rows = seconds, rows
        listed = parts.listed()
        self._connection = self.enter_context(duckdb.connect(":memory:", config=_CONFIG))
        for macro in MACROS:
            self._connection.execute(macro)
        own = parts.read("sessions", listed, ["session"], pc.field("own_rules") != "")["session"]
        self.left_out = 0 if own_rules else len(own)
        for name in tables():
            table = parts.dataset(name, listed)
            self._connection.register(name, table.filter(~pc.field("session").isin(own)) if self.left_out else table)
        self._connection.execute("SET lock_configuration = true")

    def ask(self, sql: str, values: Mapping[str, str] | None = None) -> Answer:
        """The answer to one SELECT. Raises ``InputError``: it is none, is wrong, or took too long."""
        try:
            statements = self._connection.extract_statements(sql)
        except duckdb.Error as error:
            raise _refused(error) from None
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise InputError("only one SELECT can be asked", where="--sql", hint=_LIST)
        with self._bounded():
            cursor = self._connection.execute(sql, dict(values or {}))
            columns = [str(column[0]) for column in cursor.description or ()]
            rows = self._fetched(cursor)
        return Answer(columns, rows[: self._rows], len(rows) > self._rows)

    def _fetched(self, cursor: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        size = 0
        while len(rows) <= self._rows and (more := cursor.fetchmany(min(64, self._rows + 1 - len(rows)))):
            rows += more
            size += sum(_size(value) for row in more for value in row)
            if size > _MAX_ANSWER:
                raise InputError(f"an answer of more than {_MAX_ANSWER >> 20} MB", where="--sql", hint="ask for less")
        return rows

    @contextlib.contextmanager
    def _bounded(self) -> Iterator[None]:
        timer = threading.Timer(self._seconds, self._connection.interrupt)
        timer.start()
        try:
            with _space():
                yield
        except duckdb.InterruptException:
            hint = "ask for less, or allow more with --seconds"
            raise InputError(f"the question took more than {self._seconds:g} s", hint=hint) from None
        except (duckdb.OutOfMemoryException, MemoryError):
            raise EnvironmentFault("the question needs too much memory", hint="ask for less") from None
        except duckdb.Error as error:
            raise _refused(error) from None
        finally:
            timer.cancel()

    def hold(self, *names: str) -> None:
        """Read tables into memory once, by app, for very many questions."""
        for name in names:
            self._connection.execute(f"CREATE TEMP TABLE held_{name} AS SELECT * FROM {name} ORDER BY app")
            self._connection.unregister(name)
            self._connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM held_{name}")


def _size(value: Any) -> int:
    return sum(map(_size, value)) if isinstance(value, list | tuple) else sys.getsizeof(value)


@contextlib.contextmanager
def _space() -> Iterator[None]:
    """Bounds the address space of this process, where it can be read."""
    unbound = host.bound_memory(_SPACE)
    try:
        yield
    finally:
        unbound()


def _refused(error: duckdb.Error) -> MonitorError:
    said = str(error).split("\n\n")[0].replace("\n", " ")
    if isinstance(error, duckdb.IOException) or "No such file" in said or "NoSuchKey" in said:
        hint = "ask again if sessions are being added; otherwise monitor archive verify"
        return EnvironmentFault("a part of the tables cannot be read", hint=hint)
    return InputError(printable(said, 300), where="--sql", hint=_LIST)
