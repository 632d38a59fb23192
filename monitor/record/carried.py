"""Carried over from an earlier session of the same app: decisions, for rules over days (48 hours), and policy texts.

The earlier bundle is verified first. Its last states become ``consent`` events at the head of the new log, each with
the root of the earlier log and its source event: a chained record that later analyses read again.
"""

from pathlib import Path
from typing import Final

import msgspec

from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.rules.context import CARRIED
from monitor.analysis.rules.model import HISTORY
from monitor.assess.opened import Opened
from monitor.base.errors import InputError, printable
from monitor.events import KINDS, Consent, Policy
from monitor.evidence.attested import results_of
from monitor.evidence.verify import verify

VIA: Final = CARRIED
#: What consent is read from.
_READ: Final = frozenset(KINDS[kind] for kind in HISTORY)
_KEPT: Final = frozenset({"granted", "denied", "withdrawn"})


def carried(path: Path, wanted: str = "") -> list[Consent | Policy]:
    """The decisions in force at the end of a recorded session, and the texts of its policy, by time.

    The decision on the policy says which types of data were declared at the time.

    Raises ``InputError``, ``EvidenceDamaged``.

    ``wanted``: the required package. An erased state (data cleared, reinstalled) is not carried over, nor is a mere
    request.
    """
    if not path.is_dir():
        raise InputError("no such bundle", where=str(path), hint="give the directory that monitor run created")
    verified = verify(path, results_keys=None)  # what was recorded, whoever drew conclusions from it
    log, root = verified.log, verified.root
    assert log is not None
    with Opened(path, additions=False, log=log) as opened:
        app = opened.session.app.package
    if wanted and app != wanted:
        raise InputError(f"a session of a different app: {printable(app, 100)}", where=str(path), hint=f"not {wanted}")
    own_results = results_of(path).whose == "recorder"  # words that another added do not decide what was agreed to
    with Opened(path, additions=own_results, log=log) as opened:
        organisations = opened.organisations.values()
        collection = opened.declaration.collection
        declared = "" if collection is None else ",".join(sorted(opened.declaration.entries))
        names = {name: org.id for org in organisations for name in (org.name, org.name_zh) if name}
        own = [event for event in log.events() if type(event) in _READ and event.app in ("", app)]
        tracker = read_consent(sorted(own, key=lambda event: (event.t, event.seq)), names)
    again = {event.seq: event for event in own if isinstance(event, Consent) and event.via == VIA}
    texts = {event.url: event for event in own if isinstance(event, Policy) and event.sha256}
    found: list[Consent | Policy] = [
        msgspec.structs.replace(event, seq=0, src=VIA, app=app, examined=False, taps=0, soft_404=False, error="")
        for event in texts.values()
    ]
    for scope, line in tracker.lines.scopes.items():
        last = line.marks[-1] if line.marks else None
        if last is not None and last.state in _KEPT and last.clear:
            detail = {"from": root, "seq": str(last.events[0] if last.events else last.seq)}
            earlier = again.get(int(detail["seq"]))
            agreed_to = declared if earlier is None else earlier.detail.get("declared", "")
            if scope == "policy" and agreed_to:
                detail["declared"] = agreed_to
            found.append(Consent(t=last.t, err=last.err, src=VIA, app=app, scope=scope, state=last.state, via=VIA,
                                 detail=detail))  # fmt: skip
    return sorted(found, key=lambda event: (event.t, getattr(event, "scope", "")))
