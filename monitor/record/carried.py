"""Consent carried over from an earlier session of the same app: what rules over days (48 hours) need to know.

The earlier bundle is verified first. Its last states become ``consent`` events at the head of the new log, each with
the root of the earlier log and the event it comes from: a chained record that any later analysis reads again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from monitor.analysis.consent import ConsentTracker
from monitor.errors import InputError, printable
from monitor.events import Consent
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.evidence.verify import verify
from monitor.tables import load_organisations

VIA: Final = "carried"
_KEPT: Final = frozenset({"granted", "denied", "withdrawn"})


def carried(path: Path, wanted: str = "") -> list[Consent]:
    """The decisions that stood at the end of a recorded session, by time. Raises ``InputError``, ``EvidenceDamaged``.

    ``wanted``: the package that it must be of. An erased state (data cleared, reinstalled) is not carried, nor is one
    that was only asked for.
    """
    if not path.is_dir():
        raise InputError("no such bundle", where=str(path), hint="give the directory that monitor run made")
    root = verify(path).root
    app = Bundle.open(path).session().app.package
    if wanted and app != wanted:
        raise InputError(f"a session of another app: {printable(app, 100)}", where=str(path), hint=f"not {wanted}")
    names = {name: org.id for org in load_organisations().values() for name in (org.name, org.name_zh) if name}
    tracker = ConsentTracker(names)
    for event in read_events(path):
        if event.app in ("", app):
            tracker.feed(event)
    found = []
    for scope, line in tracker.scopes.items():
        last = line.marks[-1] if line.marks else None
        if last is not None and last.state in _KEPT and last.clear:
            detail = {"from": root, "seq": str(last.events[0] if last.events else last.seq)}
            found.append(Consent(t=last.t, err=last.err, src=VIA, app=app, scope=scope, state=last.state, via=VIA,
                                 detail=detail))  # fmt: skip
    return sorted(found, key=lambda event: (event.t, event.scope))
