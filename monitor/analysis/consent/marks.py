"""The marks of consent as results: written with the coverage, and read by reports and explanations alike."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.timeline import AGAINST, Timeline
from monitor.base.errors import EvidenceDamaged
from monitor.events import Event
from monitor.text.reasons import Coverage

_LINE: Final = "consent"
_MAX: Final = 10_000


class KeptMark(NamedTuple):
    """A mark of one app's consent in one scope. ``t`` and ``err`` in microseconds; ``seq``: the event that made it."""

    app: str
    scope: str
    state: str
    t: int
    err: int
    src: str
    seq: int
    clear: bool
    basis: str
    events: tuple[int, ...]

    def bears_on(self, data_type: str, recipient: str, witnesses: Sequence[int]) -> bool:
        """Whether it is about the policy as a whole, the account, or this type or recipient; or refuses a purpose and
        is among the ``witnesses`` of the finding."""
        if self.scope.startswith("purpose:"):
            return self.state in AGAINST and not set(witnesses).isdisjoint(self.events)
        own = {"policy", "account", f"sensitive:{data_type}", f"share:{recipient}", "share:*" if recipient else ""}
        return self.scope in own


def kept(app: str, scopes: Mapping[str, Timeline]) -> list[KeptMark]:
    """The marks of an app, by scope and time."""
    return [
        KeptMark(app, scope, m.state, m.t, m.err, m.src, m.seq, m.clear, m.basis, m.events)
        for scope, line in sorted(scopes.items())
        for m in line.marks
    ][:_MAX]


def line(mark: KeptMark) -> Coverage:
    """A mark as a line of the coverage."""
    detail = {
        "app": mark.app, "t": str(mark.t), "err": str(mark.err), "src": mark.src, "seq": str(mark.seq),
        "clear": "yes" if mark.clear else "no", "basis": mark.basis,
    }  # fmt: skip
    return Coverage(
        line=_LINE, id=mark.scope, state=mark.state, why=mark.basis, detail=detail, events=list(mark.events)
    )


def marks_of(coverage: Iterable[Coverage], events: Iterable[Event]) -> list[KeptMark]:
    """The marks in the results; if they hold none (an earlier version), those derived from the events now."""
    found = read_marks(coverage)
    if found:
        return found
    own: dict[str, list[Event]] = {}
    for event in events:
        own.setdefault(event.app, []).append(event)
    for app, one in sorted(own.items()):
        found += kept(app, read_consent(sorted(one, key=lambda event: (event.t, event.seq))).lines.scopes)
    return found


def read_marks(coverage: Iterable[Coverage]) -> list[KeptMark]:
    """The marks in the lines of a coverage. Raises ``EvidenceDamaged``."""
    return [_mark(line.id, line.state, line.detail, line.events) for line in coverage if line.line == _LINE]


def _mark(scope: str, state: str, said: Mapping[str, str], events: Sequence[int]) -> KeptMark:
    try:
        return KeptMark(
            said["app"], scope, state, int(said["t"]), int(said["err"]), said["src"], int(said["seq"]),
            said["clear"] == "yes", said["basis"], tuple(events),
        )  # fmt: skip
    except (KeyError, ValueError):
        raise EvidenceDamaged("not a consent mark", where="coverage.jsonl") from None
