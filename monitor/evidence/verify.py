"""Is the bundle what was recorded? The verifier that lies in every bundle decides it; here the log is read as the rest
of the monitor reads it, so that it can be read again, and a time-stamp's authority is checked."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from monitor.base.errors import InputError
from monitor.evidence import bag, redaction, timestamp
from monitor.evidence.attested import damage
from monitor.evidence.checked import CheckedLog, LogChecker
from monitor.evidence.keys import load_public
from monitor.evidence.standalone.verify import DERIVED, EVENTS, TOKEN, Damaged


class Verified(LogChecker):
    """The check of a whole bundle, and once it succeeded its result."""

    log: CheckedLog
    """To read again what was verified."""
    roots: Collection[bytes] = ()
    """Certificates (PEM) that the caller trusts: the time-stamp was verified against them, if there are any."""

    def token_time(self) -> str:
        """Time of the token (ISO 8601)."""
        said = super().token_time()
        if self.roots:
            timestamp.require_authority(self.read(TOKEN), self.seal.signature, self.roots)
        try:
            return datetime.fromisoformat(f"{said[:8]}T{said[8:]}").isoformat()
        except ValueError:
            raise Damaged(TOKEN, "the time-stamp cannot be read") from None

    def check_private(self) -> None:
        """Check that what is present of the private part is what was sealed, and can be read."""
        super().check_private()
        for _ in redaction.openings(self.bundle / "private"):
            pass


def verify(
    bundle: Path,
    key: Path | None = None,
    roots: list[bytes] | None = None,
    *,
    results: bool = True,
    token: bool = True,
    results_keys: Collection[str] | None = (),
) -> Verified:
    """Check everything. ``key``: PEM of the key that must have signed; ``roots``: PEM certificates of the TSA.
    ``results=False`` skips what an analysis rewrites, ``token=False`` a time-stamp that is about to be replaced.

    Results count only from the key of the seal or from ``results_keys`` (IDs): ``ResultsOfAnother`` otherwise. None:
    whoever attested them, for those who do not use them.

    Without ``key`` the keys in the bundle are used: this detects every later change, but not a bundle rebuilt by
    someone else. Raises ``EvidenceDamaged`` with the place, or ``InputError`` if this is not a bundle at all.
    """
    if not (bundle / EVENTS).is_dir():
        raise InputError(
            "not an evidence bundle", where=str(bundle), hint="give the directory that was named with --out"
        )
    with damage(bundle):
        check = Verified(bundle, [load_public(key).raw] if key else None, results_keys or ())
        check.roots = roots or ()
        check.check(results=results, token=token)
        if results and results_keys is not None:
            check.require_known_results()
    check.log, found = CheckedLog(bundle, check), check.results()
    legacy = [name for name in DERIVED if check.first and (bundle / name).is_file()]  # not all were attested
    check.log.files = check.listed | {name: bag.digest(bundle / name) for name in legacy}
    check.log.files |= found.files if found else {}
    return check
