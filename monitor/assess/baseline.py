"""Accepted findings: a YAML file for pipelines, so that they fail on new problems only.

Each entry names a finding by its fingerprint and says why it is accepted, by whom and until when. An expired entry no
longer accepts anything, and none accepts more than was there: who accepted an attempt did not accept that data leaves.
"""

from collections import Counter
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
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"not a day: {value!r}, write YYYY-MM-DD") from None


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
    misnamed: list[Entry]
    """Entries that name another rule than that of their finding: it counts as new."""


def load_baseline(path: Path) -> Baseline:
    """Raises ``InputError`` with the entry at fault."""
    baseline = parse(Baseline, load(path) or {}, str(path))
    times = Counter(entry.fingerprint for entry in baseline.accepted)
    if twice := next((key for key, number in times.items() if number > 1), ""):
        raise InputError(f"{twice}: duplicate", where=str(path))
    return baseline


def held_against(findings: Iterable[Finding], baseline: Baseline, today: date) -> Sorted:
    """Evidenced findings as new or accepted."""
    entries = {entry.fingerprint: entry for entry in baseline.accepted}
    there = _evidenced(findings)
    result = Sorted([], [], [], [], [], [])
    for key, finding in there.items():
        entry = entries.get(key)
        if entry is None:
            result.new.append(finding)
        elif entry.rule != finding.rule:  # what a reader of the file takes it to accept is something else
            result.new.append(finding)
            result.misnamed.append(entry)
        elif date.fromisoformat(entry.until) < today:
            result.new.append(finding)
            result.expired.append(entry)
        elif _worse(finding, entry):
            result.new.append(finding)
            result.worse.append(entry)
        else:
            result.accepted.append(finding)
    result.unused.extend(entry for key, entry in entries.items() if key not in there)
    return result


def _evidenced(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.fingerprint: finding for finding in findings if finding.status == "evidenced"}


def _worse(finding: Finding, entry: Entry) -> bool:
    return bool(entry.grade) and GRADES.index(finding.grade) > GRADES.index(entry.grade)


def written(baseline: Baseline) -> str:
    """The file's text."""
    import yaml

    data = baseline.model_dump()
    return _HEAD + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def accepting(findings: Iterable[Finding], *, reason: str, author: str, until: str, app: str = "") -> Baseline:
    """A baseline that accepts every evidenced finding of a session. Raises ``InputError``."""
    given = {"reason": reason, "author": author, "until": until}
    entries = [
        {"fingerprint": key, "rule": one.rule, "grade": one.grade, **given,
         "what": " · ".join(filter(None, (one.title, one.data_type, one.sdk, one.recipient)))}
        for key, one in _evidenced(findings).items()
    ]  # fmt: skip
    return parse(Baseline, {"app": app, "accepted": entries}, "baseline")


def updated(baseline: Baseline, findings: Iterable[Finding], fresh: Baseline) -> Baseline:
    """Entries whose finding still exists and is no worse, and those of ``fresh`` that are new."""
    there = _evidenced(findings)
    kept = {
        entry.fingerprint: entry for entry in baseline.accepted
        if (found := there.get(entry.fingerprint)) and found.rule == entry.rule and not _worse(found, entry)
    }  # fmt: skip
    added = (entry for entry in fresh.accepted if entry.fingerprint not in kept)
    return Baseline(app=baseline.app or fresh.app, accepted=[*kept.values(), *added])
