"""Which members of the hook catalogue an app's code names, and in whose classes. A name is no call."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from monitor.analysis.correlate.owner import Owners
from monitor.analysis.coverage.reference import Reference
from monitor.apk import classfile
from monitor.apk.dex import Dex, every
from monitor.apk.parts import Parts
from monitor.base.paths import package_data
from monitor.base.yamlfile import load
from monitor.events import Frame
from monitor.knowledge.catalogue import Row

_NAMED: Final = 5
#: What a row hooks to know what the app reads, asks for and sends; the rest follows screens and lives.
_ROLES: Final = ("source", "prompt", "sink")
_ANCESTORS: Final = 40
_TABLE: Final[Any] = load(package_data("apk") / "platform.yaml")
_PLATFORM, _BEHIND, _AUTHORITIES = (_TABLE[name] for name in ("superclasses", "behind", "authorities"))
_SIGNATURE: Final = re.compile(r"\((.*)\)(.*)", re.DOTALL)


class _Found(NamedTuple):
    classes: set[str]
    types: set[str]
    unknown: list[bool]


class Code(NamedTuple):
    """The code of an app: its classes with their superclasses, and the references."""

    classes: dict[str, str]
    references: list[Reference]


def units(parts: Parts) -> Iterator[tuple[str, Dex | classfile.ClassFile]]:
    """All code that can be read, with its place; what cannot goes to ``parts.limits``."""
    for name, data in [*parts.dex, *(("", data) for data in parts.classes)]:
        try:
            yield from ((name, unit) for unit in (every(data) if name else (classfile.read(data),)))
        except ValueError as bad:
            parts.limit(f"{name}: {bad}" if name else str(bad))


def references(parts: Parts, rows: Iterable[Row], owners: Owners) -> Code:
    """Read all code. What cannot be read goes to ``parts.limits``."""
    code = list(units(parts))
    supers = {cls: parent for _, unit in code for cls, parent in unit.classes.items()}
    wanted = _Wanted(rows, supers)
    found: dict[tuple[str, str], _Found] = defaultdict(lambda: _Found(set(), set(), []))
    for name, unit in code:
        try:
            for matched, use in unit.uses(wanted.names, wanted):
                owner = owners.of([Frame(cls=use.cls, method=use.method)])
                for row in (row for row in matched if row.cls != use.cls):
                    one, types = found[row.id, owner], _types(row, use.words)
                    one.classes.add(use.cls)
                    one.types.update(types or ())
                    one.unknown.append(types is None)
        except ValueError as bad:
            parts.limit(f"{name}: {bad}")
    by_id = {row.id: row for row in wanted.rows}
    made = []
    for (hook, owner), one in sorted(found.items()):
        row = by_id[hook]
        if not one.types and not any(one.unknown):
            continue  # called with arguments of which the hook records nothing
        made.append(
            Reference(hook=hook, cls=row.cls, member=row.method, role=row.role, owner=owner, open=any(one.unknown),
                      data_types=sorted(one.types), classes=sorted(one.classes)[:_NAMED], count=len(one.classes))
        )  # fmt: skip
    return Code(supers, made)


class _Wanted:
    """Rows by member; called with what code names."""

    def __init__(self, rows: Iterable[Row], supers: Mapping[str, str]) -> None:
        self.rows = [
            row for row in rows if (row.enabled or row.kind == "field") and row.role in _ROLES and not row.overrides
        ]
        self._rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows:
            self._rows[row.cls, _member(row)].append(row)
        self.names = {name for _, name in self._rows}
        self._classes = {cls for cls, _ in self._rows}
        self._supers = supers

    def __call__(self, cls: str, name: str, signature: str | Callable[[], str]) -> tuple[Row, ...] | None:
        if name not in self.names:
            return None
        for _ in range(_ANCESTORS if name != "<init>" else 1):
            if found := self._rows.get((cls, name)) or self._rows.get((_BEHIND.get(cls, ""), name)):
                field = not callable(signature)
                text = "" if field else signature()  # type: ignore[operator]
                matched = tuple(row for row in found if (row.kind == "field") == field and _fits(row, text))
                return matched or None
            cls = self._supers.get(cls) or _PLATFORM.get(cls, "")
            if not cls:
                break
        return None


def _member(row: Row) -> str:
    return "<init>" if row.kind == "constructor" else row.method


def _fits(row: Row, signature: str) -> bool:
    """Whether the row hooks this overload; results of a constructor are told differently."""
    if not row.overloads or row.kind in ("field", "constructor"):
        return True
    given = _SIGNATURE.fullmatch(signature)
    return any(given and (one := _SIGNATURE.fullmatch(text)) and one[1] == given[1] for text in row.overloads)


def _types(row: Row, words: frozenset[str]) -> set[str] | None:
    """The data types that a call beside these words would read; None if an argument decides that stands elsewhere."""
    if row.select is None:
        return {row.data_type, *row.also}
    near = {word.removeprefix("content://").partition("?")[0] for word in words}
    near |= {name for prefix, name in _AUTHORITIES.items() for word in words if word.startswith(prefix)}
    near |= {word.partition("/")[0] for word in near}
    found = {kind for key, kind in row.select.map.items() for word in near if fnmatchcase(word, key) and key != "*"}
    found -= {"ignore"}
    return found or None
