"""The pattern of asking again: a prompt, a notice or a request for consent that is shown once more after a refusal."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.text import find, label, plain
from monitor.analysis.consent.window import seen, sentence
from monitor.analysis.guarded import permissions_of, short
from monitor.analysis.rules.answers import NO, TemporalAnswer, consented, refused, seconds
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts.shown import OPENS_US, not_shown, went_there
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.matching import CERTAIN, EVIDENCED, INCONCLUSIVE, REVIEW, Hit, Matcher
from monitor.analysis.rules.plan import Check, scope_of
from monitor.analysis.timeline import AGAINST, Mark, Moment, before, gap, moment
from monitor.events import Event, PermissionResult, UiSnapshot, Window

_SAME_DIALOG_US: Final = 3_000_000
#: The device log and the app report the same answer within this time: the second is not a separate refusal.
_REPORTED_TWICE_US: Final = 1_000_000
#: From the app's own layer to the system's prompt that it leads to.
_LAYER_US: Final = 30_000_000
#: From a refusal to the sheet that insists.
_SHEET_US: Final = 3_000_000
#: The scope of a pattern for whatever a window asks consent for, apart from the policy.
_ASKED: Final = "asked"
#: What no function of an app needs: asked for after a tap, it may still be asked for by the app. Anything else is then
#: asked for by the user.
_OPTIONAL: Final = ("personalisation", "ai_training", "purpose:")
#: Steps that touch nothing, or whose every touch is a tap that is recorded as such.
_NO_TOUCH: Final = frozenset(
    """assertNotVisible assertVisible canary clock consent expect extendedWaitUntil idle longPressOn network permission
    phase policy repeat runFlow setLocation takeScreenshot tapOn toggle withdraw""".split()
)


class RepeatAfter(Matcher):
    """A prompt shown again after the scope was refused, without the user needing it."""

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self._asks = check.pattern.scopes[0] == _ASKED
        self._repeats: dict[tuple[int, str], list[Hit]] = defaultdict(list)
        self._last: dict[tuple[int, str, str], tuple[Moment, str]] = {}
        self._sheets: dict[tuple[int, str], Hit] = {}
        """The last sheet that insisted after a refusal: it counts only once it is shown again by itself."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class. The app's own guide to a permission counts for every refused permission that it names."""
        template, scopes = self.check.pattern.scopes[0], c.consent.lines.scopes
        if self._asks:
            asked = [scope for scope in c.consent.notices.asked.get(e.seq, ()) if scope not in ("policy", "guardian")]
        elif "{permission}" in template and isinstance(e, Window):
            guards = {name for data_type in seen(e).types for name in permissions_of(data_type)}
            asked = [scope for scope in scopes if scope.startswith("permission:") and short(scope) in guards]
        else:
            asked = [scope_of(template, e, c, s)]
        for scope in asked:
            name = scope.partition(":")[2] if "{permission}" in template else s.permission
            yield from self._shown(scope, e, c, replace(s, permission=name))

    def _shown(self, scope: str, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """Matches for what is shown, or refused without being shown, for a scope."""
        key = (id(c), scope)
        if self._reported_before(key, e, c):
            return
        temporal, by = self._refusal(scope, e, c)
        if temporal.answer == "no":
            if consented(c, scope, e).answer == "yes":
                self._repeats.pop(key, None)
                self._sheets.pop(key, None)
            return
        states = AGAINST if self._asks else ("denied",)
        named = (mark for seq in temporal.events for mark in c.consent.lines.scopes[by].named(seq))
        refusals = [mark for mark in named if mark.state in states and mark.seq in temporal.events]
        least, most = min((gap(mark, e) for mark in refusals), default=(0, 0))
        if least > self.check.within_us or self._wanted(scope, e, c, s, most):
            return
        status = self._softened(CERTAIN[temporal.answer], scope, by, e, c, most)
        if status and self._counts(key, Hit(e, s, status, temporal.events), refusals, c):
            yield self._repeated(self._repeats[key], scope)

    def _repeated(self, hits: list[Hit], scope: str) -> Hit:
        """All matches so far together: as certain as enough of them are."""
        events = tuple(seq for one in hits for seq in (*one.events, one.event.seq))
        statuses = [one.status for one in hits]
        open_ = INCONCLUSIVE if INCONCLUSIVE in statuses else REVIEW
        detail = {"repeats": str(len(hits)), **({"scope": scope} if self._asks else {})}
        enough = statuses.count(EVIDENCED) >= self.check.least
        return Hit(hits[-1].event, hits[-1].subject, EVIDENCED if enough else open_, events, detail)

    def _reported_before(self, key: tuple[int, str], e: Event, c: Context) -> bool:
        """Whether it is another observation of what was shown last: of one dialog there are a prompt and its answer,
        two answers, or one window reported twice. A request that Android refuses without a dialog is another one,
        however soon it comes; so is a window that comes up after the refusal of what stood in it a moment ago, as a
        notice drawn into a page does."""
        window, hidden = isinstance(e, Window), isinstance(e, PermissionResult) and not_shown(e)
        kind = f"window {e.window}" if isinstance(e, Window) else "hidden" if hidden else str(e.__struct_config__.tag)
        source = (*key, "window" if window else "system")
        last, last_kind = self._last.get(source, (None, ""))
        self._last[source] = (moment(e), kind)
        if last is None or (hidden and last_kind != kind):
            return False
        if window and any(label(tap.label).meaning == "reject" for tap in c.taps_between(last, e)):
            return False
        if (last_kind, kind) == ("prompt", "permission_result"):
            return True
        if (last_kind, kind) == ("permission_result", "prompt"):
            return not before(last, e)  # answered before it was shown: another one
        return e.t - last.t < _SAME_DIALOG_US and (last_kind == kind or not window)

    def _refusal(self, scope: str, e: Event, c: Context) -> tuple[TemporalAnswer, str]:
        """Whether the scope had been refused, and in which scope the refusal was told: of a consent apart from the
        policy, also as a purpose, or in a consent platform's notice; not where it was given since."""
        if not self._asks:
            if isinstance(e, PermissionResult) and not_shown(e):
                # The app is told at the same moment that it was refused: what stood before counts.
                return refused(c, scope, replace(e, t=e.t - _REPORTED_TWICE_US), ("denied",)), scope
            grace = _REPORTED_TWICE_US if isinstance(e, PermissionResult) else 0
            return refused(c, scope, e, ("denied",), grace), scope
        if consented(c, scope, e).answer == "yes":
            return NO, scope
        found = [(refused(c, scope, e, AGAINST), scope)]
        if scope == "personalisation" or scope.startswith("share:"):
            found.append((refused(c, "purpose:advertising", e, AGAINST), "purpose:advertising"))
            whole = refused(c, "policy", e, AGAINST)
            if not c.consent.lines.platforms.isdisjoint(whole.events):
                found.append((whole, "policy"))
        return max(found, key=lambda one: (one[0].answer == "yes", one[0].answer != "no"))

    def _softened(self, status: str, scope: str, by: str, e: Event, c: Context, refused_us: int) -> str:
        """The status with regard to what the window asks for, and whether the user may have wanted it; empty = none.

        A tap shortly before may have asked for it where no function map is declared; for the policy no declaration
        could say so. Not one that was made before the refusal, which was its answer, or before the tester left the app
        with HOME: what comes up on the return answers no tap."""
        optional = scope.startswith(_OPTIONAL)
        status = status if refused_us <= self.check.within_us else INCONCLUSIVE
        if self._asks and isinstance(e, Window) and not _same_matter(e, c, by, optional=optional):
            if not optional:
                return ""
            status = REVIEW if status == EVIDENCED else status
        mapped = c.declaration.functions and scope.startswith("permission:")
        trigger_us = min(seconds(self.check.limits.get("trigger", 0)), refused_us)
        if status == EVIDENCED and not mapped and c.wished(e, trigger_us):
            return "" if self._asks and not optional else REVIEW
        return status

    def _counts(self, key: tuple[int, str], hit: Hit, refusals: Iterable[Mark], c: Context) -> bool:
        """Count a match with those before it. Whether there are enough now."""
        hits, e = self._repeats[key], hit.event
        if isinstance(e, PermissionResult) and not_shown(e) and not any(h.status == EVIDENCED for h in hits):
            hit = replace(hit, status=REVIEW)  # nobody saw any of them
        if hits and _introduced(hits[-1].event, e, c):
            layer = hits.pop()  # one request: the app's own layer, then the system's prompt
            hit = replace(hit, events=(*layer.events, layer.event.seq, *hit.events))
        if isinstance(e, Window):
            sheet = self._sheets.get(key)
            if _insists(e, refusals, c, sheet):
                self._sheets[key] = hit
                return False
            if sheet is not None and isinstance(sheet.event, Window) and sheet.event.texts == e.texts:
                hits.append(self._sheets.pop(key))
        hits.append(hit)
        return len(hits) >= self.check.least

    def _wanted(self, scope: str, e: Event, c: Context, s: Subject, refused_us: int) -> bool:
        """Whether the function in use needs it: not what the system is asked for although nothing was touched since the
        refusal, as by a timer, or since the tester left the app with HOME, as at each return. Of the policy, whether a
        tap opened it that was made for it: a sheet that says that the function needs the agreement and can be gone
        past, or the notice where the user went to agree (去同意)."""
        if scope == "policy" and isinstance(e, Window | UiSnapshot) and c.wished(e, min(OPENS_US, refused_us)):
            wording = seen(e)
            if (wording.refuses and find(wording.words, "function_needs")) or went_there(e, c):
                return True
        function = c.used_function(e)
        needed = function is not None and short(s.permission) in map(short, function.permissions)
        if not needed or isinstance(e, Window):
            return needed
        return _touched(e, c, refused_us) and not c.untouched_return(e, wish=True)


def _insists(e: Window, refusals: Iterable[Mark], c: Context, sheet: Hit | None) -> bool:
    """Whether the window is the second one of the request that was just refused, in other words than the first. A
    third one asks again, and so does the first one, which was refused in a second layer."""
    for mark in refusals:
        if not 0 <= gap(mark, e)[0] <= _SHEET_US or (sheet is not None and sheet.event.seq in mark.events):
            continue
        refused_in = next((window for window in reversed(c.windows) if window.seq in mark.events), None)
        # Its own first layer, from which the user went on to where it can be refused, is no second sheet.
        if refused_in is not None and all(window.texts != e.texts for window in c.windows_of(refused_in)):
            return True
    return False


def _introduced(layer: Event, e: Event, c: Context) -> bool:
    """Whether the app's own layer led to this prompt of the system's: it was not refused in between."""
    if not isinstance(layer, Window) or isinstance(e, Window) or not 0 <= gap(layer, e)[0] <= _LAYER_US:
        return False
    between = (tap for tap in c.taps if before(layer, tap) and not before(e, tap))
    return not any(label(tap.label).meaning == "reject" for tap in between)


def _touched(e: Event, c: Context, refused_us: int) -> bool:
    """Whether the user may have touched something that refuses or closes nothing, or a step begun, within this time
    before an event; a person who uses the device by hand may at any time."""
    tap = c.since_tap(e, wish=True)
    earlier = (gap(step, e) for step in c.history["step"] if step.verb not in _NO_TOUCH)
    touched = any(most >= 0 and least <= refused_us for least, most in earlier)
    return touched or c.by_hand(e) or (tap is not None and tap[0] <= refused_us)


def _same_matter(e: Window, c: Context, by: str, *, optional: bool) -> bool:
    """Whether a window asks for what was refused (``by``): in the same words, or drawn into the same page in the same
    words, whatever the page says besides. ``optional``: of what no function needs, for advertising only where that was
    refused, as a recommendation is another matter."""
    marks = c.consent.lines.scopes[by].marks
    named = {number for mark in marks if mark.state in AGAINST for number in mark.events}
    earlier = [window for window in c.windows if window.seq in named and before(window, e)]
    if not optional:
        return any(window.texts == e.texts or _same_card(window, e) for window in earlier)
    taps = [plain(tap.label) for tap in c.taps if tap.seq in named]
    known = "\n".join((*taps, *(seen(window).words for window in earlier)))
    ads = "purposes/advertising"
    return by != "personalisation" or not find(seen(e).words, ads) or bool(find(known, ads))


def _same_card(refused_in: Window, e: Window) -> bool:
    said = {text for text in refused_in.texts if sentence(plain(text)) and types_named(plain(text))}
    answers = {button for button in refused_in.buttons if label(button).clear}
    same = (refused_in.src, refused_in.window, e.action) == (e.src, e.window, "changed")
    return same and bool(said and answers) and said <= set(e.texts) and answers <= set(e.buttons)
