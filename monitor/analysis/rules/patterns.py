"""Patterns about consent and what was sent, and the register of all types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec

from monitor.analysis.consent.labels import label
from monitor.analysis.consent.timeline import Mark, Moment, before, gap, moment
from monitor.analysis.rules.answers import (
    GRACE_US,
    TemporalAnswer,
    by_purpose,
    consented,
    equivalent_refused,
    lasting,
    purpose_refused,
    refused,
    seconds,
    type_refused,
    withdrawn_within_grace,
)
from monitor.analysis.rules.certainty import CERTAIN, EVIDENCED, INCONCLUSIVE, REVIEW, WITHOUT, Hit, together
from monitor.analysis.rules.context import NOBODY, Context, Subject, permission_entry
from monitor.analysis.rules.facts.col import one_row
from monitor.analysis.rules.facts.shared import listed, suppressed
from monitor.analysis.rules.matcher import Matcher
from monitor.analysis.rules.plan import Check, scope_of
from monitor.analysis.rules.screens import seen
from monitor.analysis.rules.timed import Background, Rate, Sequence
from monitor.events import ApiCall, Event, PermissionResult, Transmission, Window

_SAME_DIALOG_US = 3_000_000
#: Owners that name nobody whose read and whose message could belong together.
_NOBODYS: Final = frozenset({"", "framework"})
#: Certainty of a value in a message that cannot be read.
UNREADABLE: Final = "unreadable"
#: The device log and the app report the same answer within this time: the second is not a separate refusal.
_REPORTED_TWICE_US = 1_000_000
#: From the app's own layer to the system's prompt that it leads to.
_LAYER_US = 30_000_000
#: From a refusal to the sheet that insists.
_SHEET_US = 3_000_000


class BeforeConsent(Matcher):
    """An access or transfer without consent to the scope, and not after what ``not_after`` allows."""

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Not once there is consent, until something changes."""
        return e is None or not all(lasting(c, scope, e) for scope in self.check.scopes(e, c, s))

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        for scope in self.check.scopes(e, c, s):
            temporal = consented(c, scope, e)
            if scope == "policy" and temporal.answer == "unclear":
                temporal = by_purpose(c, e, temporal, s.data_type)
                if temporal.answer == "unclear" and s.data_type:  # asked for by itself, and agreed to
                    alone = consented(c, f"sensitive:{s.data_type}", e)
                    temporal = alone if alone.answer == "yes" else temporal
            if temporal.answer == "yes":
                continue
            excuses = [withdrawn_within_grace(c, scope, e, GRACE_US)]
            if self.check.not_after:
                excuses.append(self.check.not_after.earlier(c, e).answer)
            if "yes" not in excuses:
                status = INCONCLUSIVE if "maybe" in excuses else WITHOUT[temporal.answer]
                return (Hit(e, s, status, temporal.events, _unread(temporal)),)
        return ()


class AfterRefusal(Matcher):
    """An access or transfer while the scope was refused or withdrawn."""

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Not before anything was refused."""
        return c.consent.lines.refused

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        best: TemporalAnswer | None = None
        detail: dict[str, str] = {}
        grace = seconds(self.check.limits.get("grace", 0))
        for scope in self.check.scopes(e, c, s):
            if scope == "permission" and isinstance(e, ApiCall) and one_row(e):
                continue
            if scope == "permission":
                temporal = type_refused(c, s.data_type, e)
            elif scope == "equivalent":
                temporal, base = equivalent_refused(c, s.data_type, e)
                detail = {"equivalent_of": base} if base else detail
            elif scope == "purpose":
                temporal = purpose_refused(c, e, s.data_type, self.check.pattern.states, grace)
            else:
                begun = scope == "personalisation" and self._begun_after(scope, e, c, s)
                temporal = refused(c, scope, e, self.check.pattern.states, 0 if begun else grace)
            if temporal.answer != "no" and (best is None or best.answer != "yes"):
                best = temporal
        return () if best is None else (Hit(e, s, CERTAIN[best.answer], best.events, detail | _unread(best)),)

    def _begun_after(self, scope: str, e: Event, c: Context, s: Subject) -> bool:
        """Whether the code that sent it read the value after the refusal: then nothing was in progress."""
        read = c.lately.get(e.sdk, {}).get(s.data_type) if isinstance(e, Transmission) and e.sdk else None
        if read is None or not before(read, e):
            return False
        reading = msgspec.structs.replace(e, t=read.t, err=read.err, src=read.src, seq=read.seq)
        return refused(c, scope, reading, self.check.pattern.states).answer == "yes"


class RepeatAfter(Matcher):
    """A prompt shown again after the scope was refused, without the user needing it."""

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self._repeats: dict[tuple[int, str], list[Hit]] = defaultdict(list)
        self._last: dict[tuple[int, str, str], tuple[Moment, str]] = {}
        self._sheets: dict[tuple[int, str], Hit] = {}
        """The last sheet that insisted after a refusal: it counts only once it is shown again by itself."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class. The app's own guide to a permission counts for every refused permission that it names."""
        template = self.check.pattern.scopes[0]
        if "{permission}" in template and isinstance(e, Window):
            types = seen(e).types
            for name in [n.partition(":")[2] for n in c.consent.lines.scopes if n.startswith("permission:")]:
                guarded = permission_entry(name).get("types", [])
                if isinstance(guarded, list) and types & set(guarded):
                    yield from self._shown(f"permission:{name}", e, c, msgspec.structs.replace(s, permission=name))
            return
        yield from self._shown(scope_of(template, e, c, s), e, c, s)

    def _shown(self, scope: str, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        key = (id(c), scope)
        hidden = isinstance(e, PermissionResult) and suppressed(e)
        kind = f"window {e.window}" if isinstance(e, Window) else "hidden" if hidden else str(e.__struct_config__.tag)
        source = (*key, "window" if isinstance(e, Window) else "system")
        last = self._last.get(source)
        self._last[source] = (moment(e), kind)
        if last is not None and _same_dialog(last, e, kind):
            return
        if hidden:  # the app is told at the same moment that it was refused: what stood before counts
            stood = msgspec.structs.replace(e, t=e.t - _REPORTED_TWICE_US)
            temporal = refused(c, scope, stood, ("denied",))
            if temporal.answer != "yes" and _answered_there(scope, e, c):  # a moment before, as the same log tells
                temporal = refused(c, scope, e, ("denied",))
        else:
            grace = _REPORTED_TWICE_US if isinstance(e, PermissionResult) else 0
            temporal = refused(c, scope, e, ("denied",), grace)
        if temporal.answer == "no":
            if consented(c, scope, e).answer == "yes":
                self._repeats.pop(key, None)
                self._sheets.pop(key, None)
            return
        within = self.check.within_us
        line = c.consent.lines.scopes[scope]
        named = (m for seq in temporal.events for m in line.named(seq))
        anchor = [m for m in named if m.state == "denied" and m.seq in temporal.events]
        nearest = min((gap(m, e) for m in anchor), default=(0, 0))
        if nearest[0] > within or self._wanted(e, c, s):
            return
        status = CERTAIN[temporal.answer] if nearest[1] <= within else INCONCLUSIVE
        if status == EVIDENCED and self._perhaps_wanted(scope, e, c):
            status = REVIEW
        hits = self._repeats[key]
        events = temporal.events
        if hidden and not any(h.status == EVIDENCED for h in hits):
            status = REVIEW  # nobody saw any of them
        if hits and self._introduced(hits[-1].event, e, c):
            layer = hits.pop()  # one request: the app's own layer, then the system's prompt
            events = (*layer.events, layer.event.seq, *events)
        if isinstance(e, Window):
            sheet = self._sheets.get(key)
            if self._insists(e, anchor, c, sheet):
                self._sheets[key] = Hit(e, s, status, events)
                return
            if sheet is not None and isinstance(sheet.event, Window) and sheet.event.texts == e.texts:
                hits.append(self._sheets.pop(key))
        hits.append(Hit(e, s, status, events))
        if len(hits) < self.check.least:
            return
        status = together([h.status for h in hits], self.check.least)
        detail = {"repeats": str(len(hits))}
        yield Hit(e, s, status, tuple(x for h in hits for x in (*h.events, h.event.seq)), detail)

    @staticmethod
    def _insists(e: Window, refusals: Iterable[Mark], c: Context, sheet: Hit | None) -> bool:
        """Whether the window is the second one of the request that was just refused, in other words than the first. A
        third one asks again, and so does the first one, which was refused in a second layer."""
        for mark in refusals:
            if not 0 <= gap(mark, e)[0] <= _SHEET_US or (sheet is not None and sheet.event.seq in mark.events):
                continue
            refused_in = next((w for w in reversed(c.windows) if w.seq in mark.events), None)
            if refused_in is None or refused_in.texts == e.texts:
                continue
            # Its own first layer, from which the user went on to where it can be refused, is no second sheet.
            own = (w for w in c.windows if (w.src, w.window) == (refused_in.src, refused_in.window))
            if not any(w.texts == e.texts for w in own):
                return True
        return False

    @staticmethod
    def _introduced(layer: Event, e: Event, c: Context) -> bool:
        """Whether the app's own layer led to this prompt of the system's: it was not refused in between."""
        if not isinstance(layer, Window) or isinstance(e, Window) or not 0 <= gap(layer, e)[0] <= _LAYER_US:
            return False
        between = (tap for tap in c.taps if before(layer, tap) and not before(e, tap))
        return not any(label(tap.label).meaning == "reject" for tap in between)

    def _wanted(self, e: Event, c: Context, s: Subject) -> bool:
        function = c.declaration.functions.get(c.function(e))
        return function is not None and listed(s.permission, function.permissions)

    def _perhaps_wanted(self, scope: str, e: Event, c: Context) -> bool:
        """A tap shortly before, where no function map is declared; for the policy no declaration could say so. Not one
        that was made before the tester left the app with HOME: what comes up on the return answers no tap."""
        if c.declaration.functions and scope.startswith("permission:"):
            return False
        tap = c.since_tap(e, wish=True)
        near = tap is not None and tap[0] <= seconds(self.check.limits.get("trigger", 0))
        return near and not c.untouched_return(e, wish=True)


def _unread(temporal: TemporalAnswer) -> dict[str, str]:
    """The number of the unreadable tap, where the answer depends on it."""
    return {"unread": str(temporal.events[-1])} if temporal.answer == "unread" and temporal.events else {}


def _answered_there(scope: str, e: Event, c: Context) -> bool:
    """Whether a refusal before an event is told by the same source, which tells of each request once."""
    line = c.consent.lines.scopes.get(scope)
    return line is not None and any(m.state == "denied" and m.src == e.src and before(m, e) for m in line.marks)


def _same_dialog(last: tuple[Moment, str], e: Event, kind: str) -> bool:
    """Whether two observations are of one dialog: a prompt and its answer, two answers, or one window reported
    twice. A request that Android refuses without a dialog is another one, however soon it comes."""
    if kind == "hidden" != last[1]:
        return False
    if (last[1], kind) == ("prompt", "permission_result"):
        return True
    if (last[1], kind) == ("permission_result", "prompt"):
        return not before(last[0], e)  # answered before it was shown: another one
    near = e.t - last[0].t < _SAME_DIALOG_US
    return near and (last[1] == kind or not kind.startswith("window"))


class ValueFlow(Matcher):
    """A known value in a transmission; names the call that read it, if observed."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        read = c.read_by(s.tag, e.sdk) if isinstance(e, Transmission) else 0
        return (Hit(e, s, EVIDENCED, (read,) if read else (), {"form": s.form}),)


class Opaque(Matcher):
    """A message that cannot be read, shortly after the code that sent it had read something. What it holds is not
    known: a person must find out, so that this is never more than a case for review."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        if not isinstance(e, Transmission) or e.sdk in _NOBODYS or any(m.certainty == "found" for m in e.matches):
            return
        for data_type, read in sorted(c.lately.get(e.sdk, {}).items()):
            least, most = gap(read, e)
            if most >= 0 and least <= self.check.within_us:
                detail = {"read": data_type, "bytes": str(e.bytes), "seconds": f"{max(0, e.t - read.t) / 1e6:.1f}"}
                yield Hit(e, Subject(data_type, UNREADABLE), REVIEW, (read.seq,), detail)


class Documentary(Matcher):
    """Not decidable from the device: a line of the checklist, never a finding."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """Nothing."""
        return ()


TYPES: Final[dict[str, type[Matcher]]] = {
    "before_consent": BeforeConsent,
    "after_refusal": AfterRefusal,
    "repeat_after": RepeatAfter,
    "rate": Rate,
    "value_flow": ValueFlow,
    "undisclosed": Matcher,
    "background": Background,
    "sequence": Sequence,
    "opaque": Opaque,
    "documentary": Documentary,
}
