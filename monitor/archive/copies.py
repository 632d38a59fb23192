"""Copies of one recording: what shows that they are of the same, and which of two counts.

The first line of a log names the app, its file and the moment to the microsecond: copies that were cut, redacted,
recovered, sealed by another key, analysed anew or time-stamped all begin with it, and no two recordings do.
"""

from hashlib import sha256
from pathlib import Path

import msgspec

from monitor.archive.facts import Context
from monitor.evidence import attested
from monitor.evidence.standalone.verify import CAPTURE_TYPE, SEAL, TOKEN, envelope_parts, pieces, statement_in


class Entry(msgspec.Struct, kw_only=True, frozen=True):
    """A session of the index. ``bundle``: its content address; ``trusted``: its seal is by a key that was named.

    ``recording``: SHA-256 of the first line of its log (empty: archived by a version that did not compare them);
    ``events`` in the log; ``recovered``: sealed after an interruption; with its ``private`` part; time-``stamped``.
    """

    session: str
    bundle: str
    bytes: int
    sealed_by: str
    results_by: str
    trusted: bool
    archived: int
    context: Context = Context()
    recording: str = ""
    events: int = 0
    recovered: bool = False
    private: bool = False
    stamped: bool = False

    @property
    def object(self) -> str:
        """Where its bundle is."""
        return f"bundles/{self.bundle[:2]}/{self.bundle}.tar.zst"


def described(entry: Entry, bundle: Path) -> Entry:
    """The entry of a bundle that was verified, with what is compared. Raises ``EvidenceDamaged``."""
    with attested.damage(bundle):
        seal = statement_in(envelope_parts((bundle / SEAL).read_bytes(), SEAL)[0], SEAL, CAPTURE_TYPE)
        first = next((piece.lines[0] for piece in pieces(bundle)), entry.session.encode())
    return msgspec.structs.replace(
        entry, recording=sha256(first).hexdigest(), events=int(seal.part("monitorLog").get("events", 0)),
        recovered=bool(seal.part("recovery", list)), private=(bundle / "private").is_dir(),
        stamped=(bundle / TOKEN).is_file(),
    )  # fmt: skip


def better(new: Entry, old: Entry) -> bool:
    """Whether a copy takes the place of one that is there: it is sealed by a key that was named; sealed when it ended,
    not recovered; the longer of two recovered ones. With the same seal: it has the private part, or a time-stamp."""

    def rank(one: Entry) -> tuple[int, ...]:
        whole = (one.trusted, not one.recovered, one.events if one.recovered else 0)
        return (*whole, one.private, one.stamped) if new.session == old.session else whole

    return rank(new) > rank(old)
