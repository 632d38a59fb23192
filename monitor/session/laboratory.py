"""What a laboratory states on its report and no recording knows: numbers, names and dates, from a file or from words.

It may be given with the recording, which seals it, or afterwards for one report.
"""

import os
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base.errors import InputError, nearest, printable
from monitor.base.yamlfile import load, parse
from monitor.session.manifest import Record, require_record

#: What the inspection report has a place for, and the record of extraction; in the order of the page.
REPORT: Final = tuple(
    "report_no client laboratory contact place app_name source received issued operators reviewer approver".split()
)
EXTRACTION: Final = tuple("case_no cause app_name object place operators witness holder video".split())
#: Single texts and lists of names: what KEY=VALUE can say. The rest needs a file.
_WORDS: Final = tuple(
    name for name, field in Record.model_fields.items() if name != "profile" and field.annotation in (str, list[str])
)
_PAIR: Final = re.compile(r"([A-Za-z_]+)=(.*)", re.S)
_LONGEST: Final = 500
#: Fields that are days, and how one is written: 2026-11-28, or 2026年11月28日.
_DAYS: Final = ("received", "issued")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d\d)-(\d\d)|年(\d{1,2})月(\d{1,2})日)", re.A)


class Stated(NamedTuple):
    """A record with what was said after the session; ``later``: which fields that were."""

    record: Record
    later: tuple[str, ...] = ()


def record_file(path: Path | None) -> Record:
    """The record's fields from its file; empty without one. Raises ``InputError`` with the field."""
    if path is None:
        return Record()
    found = parse(Record, load(path), str(path))
    require_record(found)
    for name in _DAYS:
        _require_day(name, getattr(found, name), str(path))
    return found


def stated(record: Record, said: Sequence[str]) -> Stated:
    """The record of a session with what is said of it afterwards: files and ``KEY=VALUE``, a later one before an
    earlier one. What the recording seals is not changed. Raises ``InputError``."""
    found: dict[str, object] = {}
    for one in said:
        pair = _PAIR.fullmatch(one)
        if pair and not os.path.isfile(one):  # noqa: PTH113 (pathlib raises where a name is too long)
            found |= _pair(pair[1], pair[2].strip(), found)
        else:
            given = record_file(Path(one))
            found |= {name: getattr(given, name) for name in given.model_fields_set}
    for name, value in found.items():
        sealed = getattr(record, name)
        if sealed and value and sealed != value:
            raise InputError(
                f"the recording already states another {name}: {printable(_shown(sealed), 80)}",
                where="--record", hint=f"leave {name} out, or record the session anew",
            )  # fmt: skip
    later = tuple(name for name, value in found.items() if value and not getattr(record, name))
    return Stated(record.model_copy(update={name: found[name] for name in later}), later)


def missing(record: Record, names: Iterable[str], operator: str = "", label: str = "") -> list[str]:
    """Fields that a report leaves blank, to be filled in by hand. ``operator``: who recorded, where no names are;
    ``label``: the app's name as its package states it."""
    known = {"operators": operator, "app_name": label}
    return [name for name in names if not (getattr(record, name) or known.get(name))]


def _pair(name: str, value: str, found: dict[str, object]) -> dict[str, object]:
    if name not in _WORDS:
        raise InputError(f"a record has no {printable(name, 40)}", where="--record", hint=nearest(name, _WORDS))
    if len(value) > _LONGEST:
        raise InputError(f"{name} is longer than {_LONGEST} characters", where="--record")
    if name in _DAYS:
        _require_day(name, value, "--record")
    if Record.model_fields[name].annotation is str:
        return {name: value}
    names = [part.strip() for part in re.split(r"[,，、;；]", value) if part.strip()]
    before = found.get(name)
    return {name: [*(before if isinstance(before, list) else []), *names]}


def _require_day(name: str, value: str, where: str) -> None:
    """Raises ``InputError`` if there is a value and it is no day of the calendar."""
    try:
        if value:
            found = _DAY.fullmatch(value)
            date(*(int(part) for part in (found.groups() if found else ()) if part))
    except (TypeError, ValueError):
        raise InputError(f"{name} is no date: {printable(value, 40)}", where=where, hint="as 2026-11-28") from None


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
