"""Accepted findings: a YAML file for pipelines, so that they fail on new problems only.

Each entry names a finding by its fingerprint and says why it is accepted, by whom and until when. An expired entry no
longer accepts anything, and none accepts more than was there: who accepted an attempt did not accept that data leaves.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field

from monitor.analysis.correlate.findings import GRADES, Finding
from monitor.base.errors import InputError
from monitor.base.yamlfile import Strict, load, parse

_HEAD = "# Accepted findings: why, by whom and until when (YYYY-MM-DD); after that day an entry no longer applies.\n"


def _day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"not a day: {value!r}, write YYYY-MM-DD") from None
    return value


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


class Entry(Strict):
    """One accepted finding. ``what`` is for the reader only and has no effect."""

    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    rule: str
    what: str = ""
    grade: Literal["", "attempted", "access", "collection"] = ""
    """The most that is accepted; empty (in files of earlier versions) = whatever it is."""
    reason: Annotated[str, AfterValidator(_said)]
    author: Annotated[str, AfterValidator(_said)]
    until: Annotated[str, AfterValidator(_day)]


class Baseline(Strict):
    """The file."""

    app: str = ""
    accepted: list[Entry] = []


class Sorted(NamedTuple):
    """Findings compared with a baseline."""

    new: list[Finding]
    accepted: list[Finding]
    expired: list[Entry]
    """Expired entries whose finding still exists: it counts as new."""
    unused: list[Entry]
    """Entries whose finding no longer exists."""
    worse: list[Entry]
    """Entries whose finding is of a higher grade than was accepted: it counts as new."""


def load_baseline(path: Path) -> Baseline:
    """Raises ``InputError`` with the entry at fault."""
    baseline = parse(Baseline, load(path) or {}, str(path))
    seen: set[str] = set()
    for entry in baseline.accepted:
        if entry.fingerprint in seen:
            raise InputError(f"{entry.fingerprint}: duplicate", where=str(path))
        seen.add(entry.fingerprint)
    return baseline


def held_against(findings: Iterable[Finding], baseline: Baseline, today: date) -> Sorted:
    """Evidenced findings as new or accepted."""
    entries = {entry.fingerprint: entry for entry in baseline.accepted}
    found = [finding for finding in findings if finding.status == "evidenced"]
    valid = {key for key, entry in entries.items() if date.fromisoformat(entry.until) >= today}
    there = {finding.fingerprint for finding in found}
    worse = {one.fingerprint for one in found if one.fingerprint in valid and _worse(one, entries[one.fingerprint])}
    valid -= worse
    return Sorted(
        [finding for finding in found if finding.fingerprint not in valid],
        [finding for finding in found if finding.fingerprint in valid],
        [entry for key, entry in entries.items() if key in there and key not in valid | worse],
        [entry for key, entry in entries.items() if key not in there],
        [entry for key, entry in entries.items() if key in worse],
    )


def _worse(finding: Finding, entry: Entry) -> bool:
    return bool(entry.grade) and GRADES.index(finding.grade) > GRADES.index(entry.grade)


def written(baseline: Baseline) -> str:
    """The file's text."""
    import yaml

    data = baseline.model_dump()
    return _HEAD + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def accepting(findings: Iterable[Finding], *, reason: str, author: str, until: str, app: str = "") -> Baseline:
    """A baseline that accepts every evidenced finding of a session. Raises ``InputError``."""
    entries = [
        {
            "fingerprint": finding.fingerprint,
            "rule": finding.rule,
            "what": " · ".join(filter(None, (finding.title, finding.data_type, finding.sdk, finding.recipient))),
            "grade": finding.grade,
            "reason": reason,
            "author": author,
            "until": until,
        }
        for finding in findings
        if finding.status == "evidenced"
    ]
    return parse(Baseline, {"app": app, "accepted": entries}, "baseline")


def updated(baseline: Baseline, findings: Iterable[Finding], fresh: Baseline) -> Baseline:
    """Entries whose finding still exists and is no worse, and those of ``fresh`` that are new."""
    there = {finding.fingerprint: finding for finding in findings if finding.status == "evidenced"}
    kept = [
        entry for entry in baseline.accepted
        if entry.fingerprint in there and not _worse(there[entry.fingerprint], entry)
    ]  # fmt: skip
    known = {entry.fingerprint for entry in kept}
    added = [entry for entry in fresh.accepted if entry.fingerprint not in known]
    return Baseline(app=baseline.app or fresh.app, accepted=[*kept, *added])
