"""The results that a bundle holds: its findings and the lines of its coverage. All raise ``InputError`` where there are
none, ``EvidenceDamaged`` with the place of a line that is not valid."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from monitor.analysis.correlate.findings import Finding, decode
from monitor.errors import EvidenceDamaged, InputError
from monitor.reasons import Coverage

_HINT: Final = "run: monitor analyse BUNDLE"
_LONGEST: Final = 8_000_000
_coverage: Final = msgspec.json.Decoder(Coverage)


def findings(bundle: Path) -> list[Finding]:
    """The findings."""
    return list(_lines(bundle, "findings.jsonl", decode))


def as_written(bundle: Path) -> list[dict[str, object]]:
    """The findings with the fields that they have in the file, as reports give them on."""
    return list(_lines(bundle, "findings.jsonl", msgspec.json.Decoder(dict[str, object]).decode))


def coverage(bundle: Path) -> list[Coverage]:
    """The lines of the coverage."""
    return list(_lines(bundle, "coverage.jsonl", _coverage.decode))


def _lines(bundle: Path, name: str, read: Callable[[bytes], Any]) -> Iterator[Any]:
    if not (bundle / name).is_file():
        raise InputError(f"there is no {name}", where=str(bundle), hint=_HINT)
    with (bundle / name).open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST), b""), 1):
            try:
                yield read(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                raise EvidenceDamaged("not a valid line", where=f"{name}:{number}", hint=_HINT) from None
