"""What a bundle's statements say, and by whose keys, read by the verifier that also lies in every bundle
(``standalone``): its findings become errors of the monitor, with what to do about them."""

import contextlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base.errors import EvidenceDamaged, InputError, ResultsOfAnother
from monitor.evidence import bag, keys
from monitor.evidence.standalone import verify as standalone
from monitor.evidence.standalone.verify import DERIVED, FINDINGS, SEAL, TOKEN

_REWRITTEN: Final = "monitor analyse rewrites and attests it"
_CHANGED: Final = f"{standalone.ORIGINAL}; monitor analyse would write over what was changed"
_TOKEN: Final = "monitor timestamp BUNDLE obtains another"
_DERIVED: Final = "monitor analyse BUNDLE derives them from the events again"
#: What to do about damage, by what it is, or by place and what it is.
_HINTS: Final = {
    "there is no seal": "if the recording was interrupted: monitor recover BUNDLE; otherwise the seal was removed",
    "it is not attested": _REWRITTEN,
    "the results are missing": _DERIVED,
    "no custody entry names it": f"remove it; {_TOKEN}",
    (TOKEN, "a recorded file is missing"): _TOKEN,
    (TOKEN, "the file was changed"): _TOKEN,
} | {(name, "the file was changed"): _CHANGED for name in DERIVED}


class Results(NamedTuple):
    """Whose results are shown: recorder, named, examiner (in a report that this key attests), unknown, or none."""

    whose: str = "none"
    key: str = ""


class Checker(standalone.Verifier):
    """The verifier, with the signatures checked by OpenSSL."""

    def signed(self, public: bytes, signature: bytes, message: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        return keys.PublicKey(public).verify(signature, message)


@contextlib.contextmanager
def damage(bundle: Path) -> Iterator[None]:
    """In the block, what the verifier finds becomes ``EvidenceDamaged``, and a folder that this user may not read
    ``InputError``."""
    try:
        yield
    except standalone.OfAnother as found:
        hint = f"--results-key {found.key} if you know whose key that is; monitor analyse makes your own results"
        raise ResultsOfAnother(found.where, found.key, hint if found.key else _DERIVED) from None
    except standalone.Damaged as found:
        hint = found.hint or _HINTS.get(found.what) or _HINTS.get((found.where, found.what), "")
        if found.where.startswith(".") and found.where.endswith(bag.TEMPORARY):
            hint = "if an assessment was interrupted: monitor analyse BUNDLE"
        raise EvidenceDamaged(
            found.what, where=found.where, expected=found.expected, actual=found.actual, hint=hint
        ) from None
    except PermissionError as error:
        place = os.path.relpath(error.filename or bundle, bundle)
        hint = "run it as the bundle's owner, or ask for a copy: monitor redact BUNDLE -o COPY"
        folder = "/" if (bundle / place).is_dir() else ""
        raise InputError(f"{place}{folder} cannot be read by this user", where=str(bundle), hint=hint) from None


@contextlib.contextmanager
def checking(bundle: Path) -> Iterator[Checker]:
    """A verifier of a bundle for single checks in the block, as ``damage``."""
    with damage(bundle):
        yield Checker(bundle)


def attested_results(bundle: Path) -> standalone.Statement | None:
    """The statement about a bundle's results, by the key that it names; None if there is none. Raises
    ``EvidenceDamaged``."""
    with checking(bundle) as check:
        return check.open_envelope(FINDINGS, standalone.FINDINGS_TYPE) if (bundle / FINDINGS).is_file() else None


def sealed_by(bundle: Path) -> str:
    """The ID of the key of the seal, which must match its signature. Raises ``EvidenceDamaged``."""
    with checking(bundle) as check:
        return check.open_envelope(SEAL, standalone.CAPTURE_TYPE, check.read_keys()).by


def is_recorders(bundle: Path, key: str) -> bool:
    """Whether a key is that of the seal; not if the seal is damaged."""
    try:
        return sealed_by(bundle) == key
    except (EvidenceDamaged, OSError):
        return False


def results_of(bundle: Path, named: Collection[str] = ()) -> Results:
    """Whose results a bundle has, for showing them: anything that is not attested as it stands is unknown."""
    present = [name for name in DERIVED if (bundle / name).is_file()]
    try:
        statement = attested_results(bundle)
        if statement is None:
            return Results("unknown" if present else "none")
        shown = [name for name in present if name != "report.html"]
        if any(statement.subjects.get(name) != bag.digest(bundle / name) for name in shown):
            return Results("unknown")
        whose = "recorder" if statement.by == sealed_by(bundle) else "named" if statement.by in named else "unknown"
        return Results(whose, statement.by)
    except (EvidenceDamaged, OSError):
        return Results("unknown")
