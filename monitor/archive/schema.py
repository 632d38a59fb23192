"""The tables' schema: read from ``tables.yaml``, which is the data dictionary as well."""

from functools import cache
from typing import Any, Final, NamedTuple

import pyarrow as pa

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


@cache
def tables() -> dict[str, Table]:
    """All tables by name."""
    file = own_table(_FILE)
    return {
        name: Table(name, said["en"], said["zh"], tuple(_column(*one) for one in
                    [*file["keys"].items(), *said["columns"].items()]))
        for name, said in file["tables"].items()
    }  # fmt: skip


def _column(name: str, said: dict[str, str]) -> Column:
    return Column(name, said["type"], said["en"], said["zh"])


@cache
def arrow(name: str) -> Any:
    """The Arrow schema of a table."""
    return pa.schema(
        [pa.field(column.name, _TYPES[column.type][0], nullable=False) for column in tables()[name].columns]
    )


def batch(name: str, rows: list[dict[str, Any]]) -> Any:
    """Rows as an Arrow table; a column that a row lacks is empty, 0 or false."""
    columns = tables()[name].columns
    values = [[row.get(column.name, _TYPES[column.type][1]) for row in rows] for column in columns]
    return pa.table([pa.array(one, _TYPES[column.type][0]) for one, column in zip(values, columns, strict=True)],
                    schema=arrow(name))  # fmt: skip
