"""The hook catalogue: what is hooked, why, and what is kept. One YAML file per family in ``hooks/catalogue``.

A row names a class and a method; the agent installs it on every overload found at run time (rule R2) in the class that
declares it (R3), or on ``implementation`` where the named method is abstract (R1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from monitor.base.errors import InputError
from monitor.base.paths import bundled
from monitor.base.yamlfile import Strict, load, matching, parse
from monitor.events import DATA_TYPES

Role = Literal["source", "prompt", "popup", "consent", "sink", "transform", "lifecycle", "context"]
Kind = Literal["instance", "static", "static+instance", "constructor", "abstract", "interface", "field", "native"]
Public = Literal["public", "hidden", "vendor", "library"]
#: How an argument or result is kept. ``value``: a personal value (to the private part, tag and needles);
#: ``text``: not personal, kept in ``args``; ``count``: number of elements; ``length``; the rest extract one thing
#: from an object: authority of a Uri, action/component of an Intent, a list of permissions, class name of a listener.
#: ``command``: the words of a command line; ``point``: degrees, of an array that is returned or that the method was
#: given to fill; ``cells``: IDs of cells; ``limit``: only the number after LIMIT in a text or Uri; ``uri_path``: the
#: words of its path, no row ID and no key.
As = Literal[
    "value", "text", "count", "length", "authority", "uri_path", "action", "component", "permissions", "class", "bytes",
    "location", "wifi_info", "account", "clip", "package_names", "url", "bool", "int", "fields", "path",
    "limit", "provider", "bundle", "target", "characteristic", "point", "command", "cells",
]  # fmt: skip

#: Rows with an observer report more than a call; the agent's observer of this name makes the event.
Observer = Literal[
    "", "permission_request", "permission_result", "window_added", "window_removed", "window_settled", "toast", "tap",
    "item_tap", "link_tap", "consent", "activity", "application", "app_ready", "provider", "service", "receiver",
    "handover", "handover_run", "handover_begin", "handover_end", "exit", "request", "page", "page_part", "page_bridge",
    "loader", "cursor", "unpin", "unpin_managers", "fed", "transform", "transform_part",
    "renewed", "copied", "switch_tap", "touch", "asks", "delivery",
]  # fmt: skip

_NAME = r"[A-Za-z_$][\w$]*"
_MEMBER = re.compile(rf"((?:{_NAME}\.)+{_NAME})\.(<init>|{_NAME})")


def _known(data_type: str) -> str:
    if data_type not in DATA_TYPES:
        raise ValueError(f"unknown data type {data_type!r}")
    return data_type


def _distinct(overloads: list[str]) -> list[str]:
    if len(set(overloads)) != len(overloads):
        raise ValueError("duplicate overload")
    return overloads


RowId = Annotated[
    str,
    matching(
        rf"[a-z0-9_]+(\.[a-z0-9_]+)*|named\.{_MEMBER.pattern}",
        "an ID is lower-case words joined by dots, such as telephony.get_imei",
    ),
]
ClassName = Annotated[str, matching(rf"{_NAME}(\.{_NAME})*", "not a class name: {!r}")]
Signature = Annotated[str, matching(r"\([\w$.,\[\]]*\)[\w$.\[\]]+", "not a signature like (int)java.lang.String: {!r}")]
DataType = Annotated[str, AfterValidator(_known)]


class KeepArg(Strict):
    """Keep argument ``index`` (from 0) under ``name``."""

    index: int = Field(ge=0, le=15)
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    keep: As = "text"


class Select(Strict):
    """The data type depends on an argument, or on the receiver (``index`` -1): the first matching ``map`` key wins.

    In a key, ``*`` matches anything, ``$own`` the package of the app under test, ``$pid`` its process, ``$uid`` its
    user ID.

    ``otherwise`` is a data type, or ``ignore``: the call is not recorded.
    """

    index: int = Field(ge=-1, le=15)
    keep: As = "text"
    map: dict[str, str]
    otherwise: str = "ignore"

    @model_validator(mode="after")
    def _known_types(self) -> Select:
        for data_type in {*self.map.values(), self.otherwise} - {"ignore"}:
            _known(data_type)
        return self


class Delivers(Strict):
    """The value comes later, from an object of class ``by`` that is an argument (a callback) or is returned (a task).

    Rows that name a method of ``by`` are hooked in the object's own class as soon as it is seen. ``keep``: how a row
    with the observer ``delivery`` reads what the object hands over, as a value of this row's data type; empty where the
    rows of ``by`` keep it themselves.
    """

    by: ClassName
    keep: As | None = None


class Levels(Strict):
    """API levels: first level with the member, level of deprecation, first level without it."""

    since: int = Field(default=1, ge=1, le=99)
    deprecated: int | None = None
    removed: int | None = None


class Row(Strict):
    """One hook."""

    id: RowId
    cls: ClassName = Field(alias="class")
    method: str
    overloads: Annotated[list[Signature], AfterValidator(_distinct)] = []
    """``(params)return`` in erased Java types; empty = every overload found."""
    kind: Kind = "instance"
    implementation: list[ClassName] = []
    role: Role
    data_type: DataType
    also: list[DataType] = []
    public: Public
    permission: str = "-"
    levels: Levels = Levels()
    sensitive: bool = False
    hot: bool = False
    """Called so often that it is only counted unless asked for (R24)."""
    native: bool = False
    enabled: bool = True
    result: As | None = None
    args: list[KeepArg] = []
    select: Select | None = None
    constants: list[str] = []
    """Results that are placeholders, not values (``02:00:00:00:00:00``): outcome ``constant``."""
    receiver: list[str] = []
    """Record only if the receiver is an instance of one of these classes (R4)."""
    observer: Observer = ""
    delivers: Delivers | None = None
    """For the observer ``asks``, and only for it."""
    overrides: bool = False
    """Apps override the method: also hook every loaded subclass that declares it."""
    why: str = Field(min_length=3, max_length=600)
    references: list[str] = []
    confidence: Literal["seen", "confirmed", "unverified", "secondary"] = "unverified"
    reason: str = ""
    """Why a row that is not ``enabled`` is off, or why the exerciser cannot call it."""
    family: str = ""

    @model_validator(mode="after")
    def _asks(self) -> Row:
        if (self.observer == "asks") != (self.delivers is not None):
            raise ValueError("`delivers` and the observer `asks` belong together")
        return self


class _Family(Strict):
    family: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    description: str
    rows: list[Any]


def named_rows(names: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """Rows for single members that a user names as ``class.method``, their IDs ``named.class.method``: every overload,
    recorded as context, with no data type that a rule looks for. Raises ``InputError`` for what is no such name, or is
    hooked already."""
    hooked = {(row.cls, row.method): row.id for row in rows if row.enabled}
    named: list[Row] = []
    for name in dict.fromkeys(names):
        where = f"--hook {name[:200]}"
        if not (found := _MEMBER.fullmatch(name)):
            raise InputError("not a class and a method", where=where, hint="com.example.Class.method")
        cls, method = found[1], "$init" if found[2] == "<init>" else found[2]
        if (cls, method) in hooked:
            raise InputError(f"the row {hooked[cls, method]} hooks it already", where=where)
        fields = {
            "id": f"named.{cls}.{method}", "class": cls, "method": method, "role": "context", "data_type": "misc",
            "kind": "constructor" if method == "$init" else "static+instance", "public": "library",
            "why": "Named on the command line.", "family": "named",
        }  # fmt: skip
        named.append(Row.model_validate(fields))
    return named


def load_catalogue(extra: Sequence[Path] = ()) -> list[Row]:
    """All rows, ordered by file and position; this version's are read once per process. For a session they are read by
    ``monitor/record/inputs.py`` and used by ``monitor/record/run.py``. Raises ``InputError`` naming file and row of the
    first fault."""
    return read_files(extra, _own_rows())


@cache
def _own_rows() -> tuple[Row, ...]:
    directory = bundled("hooks") / "catalogue"
    if not (rows := read_files(sorted(directory.glob("*.yaml")))):
        raise InputError("the hook catalogue is empty", where=str(directory))
    return tuple(rows)


def read_files(files: Iterable[Path], known: Iterable[Row] = ()) -> list[Row]:
    """The rows that are known, and those of catalogue files. Raises ``InputError`` on bad YAML, unknown keys and
    duplicate ids or methods."""
    rows = list(known)
    ids = {row.id: row.family for row in rows}
    targets = {(row.cls, row.method, tuple(row.overloads)): row.id for row in rows}
    for path in files:
        family = parse(_Family, load(path), str(path))
        for number, raw in enumerate(family.rows, 1):
            name = raw.get("id", "?") if isinstance(raw, dict) else "?"
            row = parse(Row, raw, f"{path}: row {number} ({name})").model_copy(update={"family": family.family})
            target = (row.cls, row.method, tuple(row.overloads))
            if row.id in ids:
                raise InputError(f"duplicate row {row.id}", where=str(path), hint=f"first in {ids[row.id]}.yaml")
            if target in targets:
                raise InputError(f"row {row.id} hooks what {targets[target]} hooks", where=str(path))
            ids[row.id], targets[target] = row.family, row.id
            rows.append(row)
    return rows
