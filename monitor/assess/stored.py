"""The results that a bundle holds: its findings and the lines of its coverage, as verified with ``log``. All raise
``InputError`` where there are none, ``EvidenceDamaged`` where they are not, or a line is not valid, with its place."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import msgspec

from monitor.analysis.correlate.findings import Assessment, Finding, decode
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.evidence.verify import CheckedLog, kept
from monitor.text.reasons import Coverage

_HINT: Final = "run: monitor analyse BUNDLE"
_coverage: Final = msgspec.json.Decoder(Coverage)


def findings(bundle: Path, log: CheckedLog | None = None) -> list[Finding]:
    """The findings."""
    return list(_lines(bundle, "findings.jsonl", decode, log))


def as_written(bundle: Path, log: CheckedLog | None = None) -> list[dict[str, object]]:
    """The findings with the fields that they have in the file, as reports give them on."""
    return list(_lines(bundle, "findings.jsonl", msgspec.json.Decoder(dict[str, object]).decode, log))


def coverage(bundle: Path, log: CheckedLog | None = None) -> list[Coverage]:
    """The lines of the coverage."""
    return list(_lines(bundle, "coverage.jsonl", _coverage.decode, log))


def assessment(bundle: Path, log: CheckedLog | None = None) -> Assessment:
    """Both."""
    return Assessment(findings(bundle, log), coverage(bundle, log))


def _lines(bundle: Path, name: str, read: Callable[[bytes], Any], log: CheckedLog | None) -> Iterator[Any]:
    if (data := kept(bundle, name, log)) is None:
        raise InputError(f"there is no {name}", where=str(bundle), hint=_HINT)
    for number, line in enumerate(BytesIO(data), 1):
        try:
            yield read(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise EvidenceDamaged("not a valid line", where=f"{name}:{number}", hint=_HINT) from None
