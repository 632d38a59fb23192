"""Statements about a sealed recording (results, reports, custody, copies), each signed separately."""

import re
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.base.errors import EvidenceDamaged, InputError, ResultsOfAnother
from monitor.evidence import bag, custody, dsse, seal
from monitor.evidence.keys import PublicKey, parse_public, public_keys
from monitor.evidence.log import Head

_RESULTS = re.compile(r"[0-9]{3}")
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}")
_AGAIN: Final = "monitor analyse rewrites and attests it"


class Attested(NamedTuple):
    """A valid statement: which file, by which key (SHA-256), and whose that key is."""

    file: str
    key: str
    whose: str
    """recorder (the key that sealed), named (by the reader) or unknown."""
    entry: int = 0
    """Number of custody entries that it counts; the last of them is its own."""
    files: Mapping[str, str] = {}
    """Digests of the files that it names, and its own, by name."""


class Results(NamedTuple):
    """Whose results are shown: recorder, named, examiner (in a report that this key attests), unknown, or none."""

    whose: str = "none"
    key: str = ""


def whose_keys(sealer: str, named: Collection[str] = ()) -> dict[str, str]:
    """Keys whose results count, by ID, and whose they are."""
    return dict.fromkeys(named, "named") | {sealer: "recorder"}


def sealed_by(bundle: Path) -> str:
    """The ID of the key of the seal, which must match its signature. Raises ``EvidenceDamaged``."""
    envelope = small(bundle / seal.SEAL)
    dsse.opened(envelope, public_keys(bundle), seal.SEAL)
    return dsse.parts(envelope, seal.SEAL)[1][0]["keyid"]


def is_recorders(bundle: Path, key: str) -> bool:
    """Whether a key is that of the seal; not if the seal is damaged."""
    try:
        return sealed_by(bundle) == key
    except (EvidenceDamaged, OSError):
        return False


def results_of(bundle: Path, named: Collection[str] = ()) -> Results:
    """Whose results a bundle has, for showing them: anything that is not attested as it stands is unknown."""
    try:
        opened = opened_with_own_key(bundle / seal.FINDINGS, seal.FINDINGS, seal.FINDINGS_TYPE)
        if opened is None:
            return Results("unknown" if any((bundle / name).is_file() for name in seal.DERIVED) else "none")
        attested = dsse.subjects(opened[0])
        shown = [name for name in seal.DERIVED if (bundle / name).is_file() and name != "report.html"]
        if any(attested.get(name) != bag.digest(bundle / name) for name in shown):
            return Results("unknown")
        return Results(whose_keys(sealed_by(bundle), named).get(opened[1], "unknown"), opened[1])
    except (EvidenceDamaged, OSError):
        return Results("unknown")


def require_known(attested: Collection[Attested], bundle: Path) -> None:
    """Refuse results by a key that is neither the recorder's nor named. Those that later ones replaced count for
    nobody, and are not asked. Raises ``ResultsOfAnother``."""
    for one in attested:
        if one.file == seal.FINDINGS:
            if one.whose == "unknown":
                hint = f"--results-key {one.key} if you know whose key that is; monitor analyse makes your own results"
                raise ResultsOfAnother(seal.FINDINGS, one.key, hint)
            return
    for name in seal.DERIVED[:2]:
        if (bundle / name).is_file():
            raise ResultsOfAnother(name, "", "monitor analyse BUNDLE derives them from the events again")


def check_custody(entries: list[custody.Entry], predicate: dict[str, Any], where: str, *, signed: bool = True) -> int:
    """Check that all entries counted by an attestation are present and signed; returns how many it counts."""
    told = predicate.get("custody")
    number, head = (told.get("entries"), told.get("head")) if isinstance(told, dict) else (None, None)
    if not isinstance(number, int) or number < 1:
        raise EvidenceDamaged("it does not count the custody entries", where=where)
    if len(entries) < number or entries[number - 1].hash != head:
        raise EvidenceDamaged(
            f"entries differ from {where}", where=custody.FILE, expected=f"{number} entries", actual=str(len(entries))
        )
    for place, entry in enumerate(entries, 1):
        if signed and not entry.key:
            raise EvidenceDamaged("the entry is not signed", where=f"{custody.FILE}:{place}")
    return number


def places(bundle: Path) -> list[str]:
    """Where results may be: at the top level, and in ``earlier`` those that later ones replaced."""
    earlier = bundle / seal.EARLIER
    found = [""]
    for path in sorted(earlier.iterdir()) if earlier.is_dir() else ():
        if not _RESULTS.fullmatch(path.name) or not path.is_dir():
            raise EvidenceDamaged("a file that was not recorded", where=f"{seal.EARLIER}/{path.name}")
        found.append(f"{seal.EARLIER}/{path.name}/")
    return found


def opened_with_own_key(path: Path, where: str, kind: str) -> tuple[dict[str, Any], str, str] | None:
    """The statement of an envelope that names its key, that key's ID, and the envelope's SHA-256; None if there is no
    such file."""
    if not path.is_file():
        return None
    data = small(path)
    _, signatures = dsse.parts(data, where)
    try:
        keys: list[PublicKey] = parse_public(signatures[0]["public"].encode(), where)
    except (IndexError, KeyError, InputError):
        raise EvidenceDamaged("it names no key", where=where) from None
    record = dsse.opened(data, keys[:1], where, own=True)
    if record.get("predicateType") != kind:
        raise EvidenceDamaged("a statement of a different type", where=where)
    return record, keys[0].id, sha256(data).hexdigest()


def check_results(
    bundle: Path, place: str, head: Head, entries: list[custody.Entry], own: Mapping[str, str], version: int
) -> list[Attested]:
    """Check that findings, coverage and report of one analysis are exactly what was attested."""
    name = place + seal.FINDINGS
    opened = opened_with_own_key(bundle / name, name, seal.FINDINGS_TYPE)
    present = [file for file in seal.DERIVED if (bundle / place / file).is_file()]
    if place:
        for path in sorted((bundle / place).iterdir()):
            if path.name not in (*seal.DERIVED, seal.FINDINGS) or not path.is_file():
                raise EvidenceDamaged("a file that was not recorded", where=place + path.name)
    if opened is None:
        if present and version != 1:
            raise EvidenceDamaged("it is not attested", where=place + present[0], hint=_AGAIN)
        return []
    legacy = "custody" not in opened[0]["predicate"] and version == 1
    return [check_files(bundle, place, name, opened, head, entries, own, legacy=legacy, signed=version != 1)]


def check_files(
    bundle: Path, place: str, name: str, opened: tuple[dict[str, Any], str, str], head: Head,
    entries: list[custody.Entry], own: Mapping[str, str], *, legacy: bool = False, signed: bool = True,
) -> Attested:  # fmt: skip
    """Check that the files a statement names are present and unchanged, and so is the custody that it counts.

    ``opened``: statement, key and digest; ``own``: as ``whose_keys``. Raises ``EvidenceDamaged``.
    """
    record, key, digest = opened
    attested = dsse.subjects(record)
    if attested.pop("events.merkle-root", "") != head.root:
        raise EvidenceDamaged("it is about another recording", where=name)
    for file in [f for f in seal.DERIVED if (bundle / place / f).is_file() and f not in attested]:
        if place + seal.FINDINGS == name and not (legacy and file == "report.html"):
            raise EvidenceDamaged("it is not attested", where=place + file, hint=_AGAIN)
    for file, expected in attested.items():
        if not _NAME.fullmatch(file):
            raise EvidenceDamaged("a name that leaves the bundle", where=name)
        if (bundle / place / file).is_file() or not legacy:
            bag.same(bundle, place + file, expected, _AGAIN if file in seal.DERIVED else "")
    number = 0 if legacy else check_custody(entries, record["predicate"], name, signed=signed)
    _check_earlier(bundle, record["predicate"].get("earlier"), name)
    return Attested(name, key, own.get(key, "unknown"), number, {**attested, name: digest})


def _check_earlier(bundle: Path, told: object, where: str) -> None:
    """Check that the earlier results that a statement names are still here."""
    for number, expected in told.items() if isinstance(told, dict) else ():
        if not _RESULTS.fullmatch(str(number)):
            raise EvidenceDamaged("a name that leaves the bundle", where=where)
        bag.same(bundle, f"{seal.EARLIER}/{number}/{seal.FINDINGS}", str(expected))


def check_complete(entries: list[custody.Entry], attested: list[Attested], predicate: dict[str, Any]) -> int:
    """Check that results are present if the seal promises them or custody names an analysis. Returns how many analyses
    custody names whose results are not here: an interruption and a removal look the same."""
    analysed = {number for number, entry in enumerate(entries, 1) if entry.what == "analysed"}
    if not any(one.file == seal.FINDINGS for one in attested) and (analysed or predicate.get("results")):
        hint = "monitor analyse BUNDLE derives them from the events again"
        raise EvidenceDamaged("the results are missing", where=seal.FINDINGS, hint=hint)
    return len(analysed - {one.entry for one in attested})


def check_named_token(bundle: Path, entries: list[custody.Entry]) -> None:
    """Check that the time-stamp is the one that custody names, and that it is there if custody names one."""
    named = [entry for entry in entries if entry.what == "timestamped"]
    path, hint = bundle / seal.TOKEN, "monitor timestamp BUNDLE obtains another"
    if not path.is_file():
        if named:
            raise EvidenceDamaged("a recorded file is missing", where=seal.TOKEN, hint=hint)
        return
    if not named:
        raise EvidenceDamaged("no custody entry names it", where=seal.TOKEN, hint=f"remove it; {hint}")
    if (expected := named[-1].detail.get("sha256")) is not None:
        bag.same(bundle, seal.TOKEN, expected, hint)


def small(path: Path) -> bytes:
    """The bytes of a file that is small in every valid bundle. Raises ``EvidenceDamaged``."""
    if path.stat().st_size > dsse.MAX_BYTES:
        raise EvidenceDamaged("too large", where=path.name)
    return path.read_bytes()
