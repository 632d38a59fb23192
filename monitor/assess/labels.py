"""A person's statements about dialogs after the session: kept beside the findings, attested with them, used by
analyses."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from monitor.analysis.consent.tracker import Label
from monitor.base.errors import EvidenceDamaged, InputError, ResultsOfAnother, printable
from monitor.evidence import attested, bag, seal
from monitor.knowledge.vocabulary import checked_scope

FILE: Final = seal.LABELS
#: Decision as given, to the resulting state. ``none``: the dialog requested no consent.
DECISIONS: Final = {"accept": "granted", "reject": "denied", "withdraw": "withdrawn", "none": "nothing"}
_MAX_BYTES: Final = 4 << 20
_MAX_NAME: Final = 200


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the file. ``tap``: number of the tap's event; ``at``: when it was stated, ISO 8601 in UTC."""

    tap: int
    scope: str
    decision: str
    by: str
    at: str


def entry(tap: int, scope: str, decision: str, by: str, at: str) -> Entry:
    """A label, checked. Raises ``InputError``."""
    name = printable(by.strip(), _MAX_NAME)
    if not name:
        raise InputError("a label needs the name of the person who gives it", hint="--by NAME")
    if decision not in DECISIONS:
        raise InputError(f"no such decision: {printable(decision, 40)}", hint=f"one of {', '.join(DECISIONS)}")
    try:
        checked_scope(scope)
    except ValueError as error:
        raise InputError(str(error), where="--scope") from None
    return Entry(tap=tap, scope=scope, decision=decision, by=name, at=at)


def attested_file(bundle: Path, name: str, known: Collection[str] | None = None) -> Path | None:
    """A file beside the findings, as attested with them; None = there is none. Raises ``EvidenceDamaged``.

    ``known``: keys from which it is taken over besides the recorder's (``ResultsOfAnother``); None = anyone's, for
    showing results that were made with it.
    """
    path = bundle / name
    if path.is_symlink():
        raise EvidenceDamaged("a link", where=name)
    if not path.exists():
        return None
    if path.stat().st_size > _MAX_BYTES:
        raise EvidenceDamaged("too large", where=name)
    results = attested.attested_results(bundle)
    if results is None or results.subjects.get(name) != bag.digest(path):
        raise EvidenceDamaged(
            "differs from what was attested", where=name, hint="remove it, then give the labels, words or rules again"
        )
    if known is not None and results.by not in {attested.sealed_by(bundle), *known}:
        hint = f"--results-key {results.by} takes it over; --without-additions analyses without it"
        raise ResultsOfAnother(name, results.by, hint)
    return path


def read_labels(path: Path) -> list[Entry]:
    """The labels of a file. Raises ``EvidenceDamaged``."""
    found = []
    for number, raw in enumerate(path.read_bytes().splitlines(), 1):
        try:
            one = msgspec.json.decode(raw, type=Entry)
            found.append(entry(one.tap, one.scope, one.decision, one.by, one.at))
        except (msgspec.DecodeError, UnicodeDecodeError, InputError):
            raise EvidenceDamaged("not a valid line", where=f"{FILE}:{number}") from None
    return found


def written(entries: Iterable[Entry]) -> bytes:
    """The file."""
    encoder = msgspec.json.Encoder(order="sorted")
    return b"".join(encoder.encode(one) + b"\n" for one in entries)


def with_new(known: Iterable[Entry], new: Iterable[Entry]) -> list[Entry]:
    """All labels; a new one replaces an earlier one for the same tap and scope."""
    found = {(one.tap, one.scope): one for one in known}
    for one in new:
        found.pop((one.tap, one.scope), None)
        found[one.tap, one.scope] = one
    return list(found.values())


def by_tap(entries: Iterable[Entry]) -> Mapping[int, tuple[Label, ...]]:
    """Labels in the form that the analysis takes."""
    found: dict[int, tuple[Label, ...]] = {}
    for one in entries:
        label = Label(one.scope, DECISIONS[one.decision], one.by, one.at)
        found[one.tap] = (*found.get(one.tap, ()), label)
    return found
