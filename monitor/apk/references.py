"""What an app's code names: members of the hook catalogue, with whose classes name them (a name is no call), and known
SDKs that have another name there. An SDK that a shrinker renamed, or that was moved into another package, still holds
its hosts and the names by which the platform and its own parts know it: a reason, with how certain it is; never the
owner of a call.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

import msgspec

from monitor.analysis.correlate.owner import Owners, remains
from monitor.analysis.coverage.reference import Reference
from monitor.apk import classfile, dex
from monitor.apk.parts import Parts
from monitor.base import paths, yamlfile
from monitor.events import Frame
from monitor.knowledge.catalogue import Row
from monitor.knowledge.tables import UNLISTED, Packages, Sdk

_NAMED: Final = 5
#: What a row hooks to know what the app reads, asks for and sends; the rest follows screens and lives.
_ROLES: Final = ("source", "prompt", "sink")
_ANCESTORS: Final = 40
_TABLE: Final[Any] = yamlfile.load(paths.package_data("apk") / "platform.yaml")
_PLATFORM, _BEHIND, _AUTHORITIES = (_TABLE[name] for name in ("superclasses", "behind", "authorities"))
_ELSEWHERE: Final = ""


_HOST: Final = re.compile(r"(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[:/?].*)?", re.DOTALL)
#: A dotted name as actions, keys and classes have it: at least three parts.
_NAME: Final = re.compile(r"[a-z][\w$]*(?:\.[\w$]+){2,}")
#: A listed package of so many dots holds no app; a name of so few parts may be that of one whatever its letters
#: (``com.vendor.Maps``).
_OWN_PACKAGE, _APP_PARTS = 2, 3
_LONGEST: Final = 300
_REASONS: Final = 4
#: From so many different strings of one SDK on, or a host beside a name, its code is likely.
_LIKELY: Final = 3
_SHOWN: Final = 200


class Code(NamedTuple):
    """The code of an app: its classes with their superclasses, and the references."""

    classes: dict[str, str]
    references: list[Reference]


def units(parts: Parts) -> Iterator[tuple[str, dex.Dex | classfile.ClassFile]]:
    """All code that can be read, with its place; what cannot goes to ``parts.limits``."""
    for name, data in [*parts.dex, *(("", data) for data in parts.classes)]:
        try:
            yield from ((name, unit) for unit in (dex.every(data) if name else (classfile.read(data),)))
        except ValueError as bad:
            parts.limit(f"{name}: {bad}" if name else str(bad))


def references(parts: Parts, rows: Iterable[Row], owners: Owners) -> Code:
    """Read all code. What cannot be read goes to ``parts.limits``."""
    code = list(units(parts))
    supers = {cls: parent for _, unit in code for cls, parent in unit.classes.items()}
    wanted = _Wanted(rows, supers)
    rows_by_id = {row.id: row for row in wanted.rows}
    classes: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    types: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for name, unit in code:
        try:
            for matched, use in unit.uses(wanted.names, wanted):
                owner = owners.of([Frame(cls=use.cls, method=use.method)])
                for row in (row for row in matched if row.cls != use.cls):
                    classes[row.id, owner].add(use.cls)
                    types[row.id, owner] |= _types(row, use.words)
        except ValueError as bad:
            parts.limit(f"{name}: {bad}")
    found = []
    for hook, owner in sorted(key for key, read in types.items() if read):
        row, read, users = rows_by_id[hook], types[hook, owner], classes[hook, owner]
        found.append(
            Reference(hook=hook, cls=row.cls, member=row.method, role=row.role, owner=owner, open=_ELSEWHERE in read,
                      data_types=sorted(read - {_ELSEWHERE}), classes=sorted(users)[:_NAMED], count=len(users))
        )  # fmt: skip
    return Code(supers, found)


class _Wanted:
    """Rows by member; called with what code names."""

    def __init__(self, rows: Iterable[Row], supers: Mapping[str, str]) -> None:
        self.rows = [
            row for row in rows if (row.enabled or row.kind == "field") and row.role in _ROLES and not row.overrides
        ]
        self._rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows:
            self._rows[row.cls, "<init>" if row.kind == "constructor" else row.method].append(row)
        self.names = {name for _, name in self._rows}
        self._supers = supers

    def __call__(self, cls: str, name: str, signature: str | Callable[[], str]) -> tuple[Row, ...] | None:
        if name not in self.names:
            return None
        for _ in range(_ANCESTORS if name != "<init>" else 1):
            if found := self._rows.get((cls, name)) or self._rows.get((_BEHIND.get(cls, ""), name)):
                text = signature() if callable(signature) else None  # of a field
                return tuple(row for row in found if _fits(row, text)) or None
            cls = self._supers.get(cls) or _PLATFORM.get(cls, "")
        return None


def _fits(row: Row, signature: str | None) -> bool:
    """Whether the row hooks this field (None) or overload; results of a constructor are told differently."""
    if signature is None or row.kind == "field":
        return signature is None and row.kind == "field"
    params = (text.partition(")")[0] for text in row.overloads)
    return not row.overloads or row.kind == "constructor" or signature.partition(")")[0] in params


def _types(row: Row, words: frozenset[str]) -> set[str]:
    """The data types that a call beside these words would read, none if the hook records nothing of these arguments;
    ``_ELSEWHERE`` if an argument decides that stands elsewhere."""
    if row.select is None:
        return {row.data_type, *row.also}
    near = {word.removeprefix("content://").partition("?")[0] for word in words}
    near |= {name for prefix, name in _AUTHORITIES.items() for word in words if word.startswith(prefix)}
    near |= {word.partition("/")[0] for word in near}
    found = {kind for key, kind in row.select.map.items() for word in near if fnmatchcase(word, key) and key != "*"}
    return found - {"ignore"} or {_ELSEWHERE}


class Renamed(msgspec.Struct, frozen=True, kw_only=True):
    """Code that is perhaps a known SDK's. ``tree``: the owner that its calls have (``lib:a.b``). ``certainty``:
    ``likely`` (a host and a name of the SDK, or three of either) or ``possible``. ``reasons``: strings in its code."""

    tree: str
    sdk: str
    name: str
    certainty: str
    reasons: list[str]
    classes: list[str]


def renamed(
    parts: Parts, owner: Callable[[str], str], packages: Packages, sdks: Mapping[str, Sdk], present: Iterable[str]
) -> list[Renamed]:
    """What code without a listed name holds of SDKs that are not ``present`` under their own. ``owner``: of a class."""
    marks = _Marks(packages, sdks, set(present))
    found: dict[tuple[str, str], tuple[set[str], set[str], set[str]]] = defaultdict(lambda: (set(), set(), set()))
    for _, unit in units(parts):
        with suppress(ValueError):  # the reading of references has said so
            for cls, (sdk, kind, text) in unit.strings(marks):
                of = owner(cls) or UNLISTED + remains(cls)
                if of.startswith(UNLISTED):
                    hosts, names, classes = found[of, sdk]
                    (hosts if kind == "host" else names).add(text)
                    classes.add(cls)
    made = []
    for (tree, sdk), (hosts, names, classes) in sorted(found.items()):
        likely = bool(hosts and names) or len(hosts) + len(names) >= _LIKELY
        reasons = [*sorted(hosts)[:_REASONS], *sorted(names)[:_REASONS]][:_REASONS]
        made.append(
            Renamed(tree=tree, sdk=sdk, name=sdks[sdk].name, certainty="likely" if likely else "possible",
                    reasons=reasons, classes=sorted(classes)[:_REASONS])
        )  # fmt: skip
    return sorted(made, key=lambda one: (one.certainty, one.tree, one.sdk))[:_SHOWN]


class _Marks:
    """Which SDK a string tells of."""

    def __init__(self, packages: Packages, sdks: Mapping[str, Sdk], present: set[str]) -> None:
        self._packages, self._present = packages, present
        owners: dict[str, set[str]] = defaultdict(set)
        for sdk in sdks.values():
            for host in sdk.hosts:
                owners[host].add(sdk.id)
        # A host of several SDKs of one vendor tells none of them.
        self._hosts = {host: next(iter(ids)) for host, ids in owners.items() if len(ids) == 1}

    def __call__(self, text: str) -> tuple[str, str, str] | None:
        """``(sdk, kind, text)``; None for a string that tells nothing."""
        if not 8 <= len(text) <= _LONGEST:
            return None
        if match := _HOST.fullmatch(text):
            labels = match[1].split(".")
            domains = (".".join(labels[start:]) for start in range(len(labels) - 1))
            if sdk := next(filter(None, map(self._hosts.get, domains)), ""):
                return None if sdk in self._present else (sdk, "host", match[1])
        if _NAME.fullmatch(text):
            known = self._packages.sdk(text)
            if known and not known.carrier and known.id not in self._present and not _app(text, known):
                return known.id, "name", text
        return None


def _app(text: str, known: Sdk) -> bool:
    """Whether a name may be that of an app of the same vendor, for which the code only looks: its listed package is the
    vendor's whole one (``com.vendor``), and no part below it is written as a class or a constant."""
    under = max((p for p in known.packages if text == p or text.startswith(p + ".")), key=len, default="")
    if under.count(".") >= _OWN_PACKAGE:
        return False
    parts = text.split(".")
    return len(parts) <= _APP_PARTS or not any(part[0].isupper() for part in parts)
