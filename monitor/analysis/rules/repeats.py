"""The pattern of asking again: a prompt, a notice or a request for consent that is shown once more after a refusal."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec

from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.text import label, pattern, plain
from monitor.analysis.consent.window import seen, sentence
from monitor.analysis.guarded import permission_entry
from monitor.analysis.rules.answers import TemporalAnswer, consented, refused, seconds
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts.shown import OPENS_US, has_permission, not_shown, went_there
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.matching import CERTAIN, EVIDENCED, INCONCLUSIVE, REVIEW, Hit, Matcher, together
from monitor.analysis.rules.plan import Check, scope_of
from monitor.analysis.timeline import AGAINST, Mark, Moment, Timeline, before, gap, moment
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
        template = self.check.pattern.scopes[0]
        if self._asks:
            for scope in c.consent.notices.asked.get(e.seq, ()):
                if scope not in ("policy", "guardian"):
                    yield from self._shown(scope, e, c, s)
        elif "{permission}" in template and isinstance(e, Window):
            types = seen(e).types
            for name in [n.partition(":")[2] for n in c.consent.lines.scopes if n.startswith("permission:")]:
                guarded = permission_entry(name).get("types", [])
                if isinstance(guarded, list) and types & set(guarded):
                    yield from self._shown(f"permission:{name}", e, c, msgspec.structs.replace(s, permission=name))
        else:
            yield from self._shown(scope_of(template, e, c, s), e, c, s)

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
        line = c.consent.lines.scopes[by]
        states = AGAINST if self._asks else ("denied",)
        named = (mark for seq in temporal.events for mark in line.named(seq))
        refusals = [mark for mark in named if mark.state in states and mark.seq in temporal.events]
        nearest = min((gap(mark, e) for mark in refusals), default=(0, 0))
        if nearest[0] > self.check.within_us or self._wanted(e, c, s, nearest[1]):
            return
        if scope == "policy" and _gone_to(e, c, nearest[1]):
            return
        status = CERTAIN[temporal.answer] if nearest[1] <= self.check.within_us else INCONCLUSIVE
        softened = self._softened(status, scope, by, line, e, c, nearest[1])
        if not softened:
            return
        hit = self._counted(key, Hit(e, s, softened, temporal.events), refusals, c)
        hits = self._repeats[key]
        if hit is not None and len(hits) >= self.check.least:
            detail = {"repeats": str(len(hits)), **({"scope": scope} if self._asks else {})}
            events = tuple(seq for one in hits for seq in (*one.events, one.event.seq))
            yield Hit(e, s, together([one.status for one in hits], self.check.least), events, detail)

    def _reported_before(self, key: tuple[int, str], e: Event, c: Context) -> bool:
        """Whether it is another observation of what was shown last."""
        hidden = isinstance(e, PermissionResult) and not_shown(e)
        kind = f"window {e.window}" if isinstance(e, Window) else "hidden" if hidden else str(e.__struct_config__.tag)
        source = (*key, "window" if isinstance(e, Window) else "system")
        last = self._last.get(source)
        self._last[source] = (moment(e), kind)
        return last is not None and _same_dialog(last, e, kind) and not _refused_since(last[0], e, c)

    def _refusal(self, scope: str, e: Event, c: Context) -> tuple[TemporalAnswer, str]:
        """Whether the scope had been refused, and in which scope the refusal was told."""
        if isinstance(e, PermissionResult) and not_shown(e):
            # The app is told at the same moment that it was refused: what stood before counts.
            stood = msgspec.structs.replace(e, t=e.t - _REPORTED_TWICE_US)
            return refused(c, scope, stood, ("denied",)), scope
        if self._asks:
            return _against(c, scope, e)
        grace = _REPORTED_TWICE_US if isinstance(e, PermissionResult) else 0
        return refused(c, scope, e, ("denied",), grace), scope

    def _softened(
        self, status: str, scope: str, by: str, line: Timeline, e: Event, c: Context, refused_us: int
    ) -> str:  # fmt: skip
        """The status with regard to what the window asks for and whether the user may have wanted it; empty = none."""
        optional = scope.startswith(_OPTIONAL)
        if self._asks and isinstance(e, Window) and not _same_matter(e, line, c, by if optional else ""):
            if not optional:
                return ""
            status = REVIEW if status == EVIDENCED else status
        if status == EVIDENCED and self._perhaps_wanted(scope, e, c, refused_us):
            return "" if self._asks and not optional else REVIEW
        return status

    def _counted(self, key: tuple[int, str], hit: Hit, refusals: Iterable[Mark], c: Context) -> Hit | None:
        """The match as it counts with those before it; None where it does not yet."""
        hits, e = self._repeats[key], hit.event
        if isinstance(e, PermissionResult) and not_shown(e) and not any(h.status == EVIDENCED for h in hits):
            hit = msgspec.structs.replace(hit, status=REVIEW)  # nobody saw any of them
        if hits and self._introduced(hits[-1].event, e, c):
            layer = hits.pop()  # one request: the app's own layer, then the system's prompt
            hit = msgspec.structs.replace(hit, events=(*layer.events, layer.event.seq, *hit.events))
        if isinstance(e, Window):
            sheet = self._sheets.get(key)
            if self._insists(e, refusals, c, sheet):
                self._sheets[key] = hit
                return None
            if sheet is not None and isinstance(sheet.event, Window) and sheet.event.texts == e.texts:
                hits.append(self._sheets.pop(key))
        hits.append(hit)
        return hit

    @staticmethod
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

    @staticmethod
    def _introduced(layer: Event, e: Event, c: Context) -> bool:
        """Whether the app's own layer led to this prompt of the system's: it was not refused in between."""
        if not isinstance(layer, Window) or isinstance(e, Window) or not 0 <= gap(layer, e)[0] <= _LAYER_US:
            return False
        between = (tap for tap in c.taps if before(layer, tap) and not before(e, tap))
        return not any(label(tap.label).meaning == "reject" for tap in between)

    def _wanted(self, e: Event, c: Context, s: Subject, refused_us: int) -> bool:
        """Whether the function in use needs it: not what the system is asked for although nothing was touched since the
        refusal, as by a timer, or since the tester left the app with HOME, as at each return."""
        function = c.declaration.functions.get(c.function(e))
        needed = function is not None and has_permission(function.permissions, s.permission)
        if not needed or isinstance(e, Window):
            return needed
        return _touched(e, c, refused_us) and not c.untouched_return(e, wish=True)

    def _perhaps_wanted(self, scope: str, e: Event, c: Context, refused_us: int) -> bool:
        """A tap shortly before, where no function map is declared; for the policy no declaration could say so. Not one
        that was made before the refusal, which was its answer, or before the tester left the app with HOME: what comes
        up on the return answers no tap."""
        if c.declaration.functions and scope.startswith("permission:"):
            return False
        return c.wished(e, min(seconds(self.check.limits.get("trigger", 0)), refused_us))


def _gone_to(e: Event, c: Context, refused_us: int) -> bool:
    """Whether a tap opened it that was made for it: a sheet that says that the function needs the agreement and can be
    gone past, or the notice where the user went to agree (去同意)."""
    if not isinstance(e, Window | UiSnapshot) or not c.wished(e, min(OPENS_US, refused_us)):
        return False
    wording = seen(e)
    return bool(wording.refuses and pattern("function_needs").search(wording.words)) or went_there(e, c)


def _touched(e: Event, c: Context, refused_us: int) -> bool:
    """Whether the user may have touched something that refuses or closes nothing, or a step begun, within this time
    before an event; a person who uses the device by hand may at any time."""
    tap = c.since_tap(e, wish=True)
    earlier = (gap(step, e) for step in c.history["step"] if step.verb not in _NO_TOUCH)
    touched = any(most >= 0 and least <= refused_us for least, most in earlier)
    return touched or c.by_hand(e) or (tap is not None and tap[0] <= refused_us)


def _same_matter(e: Window, line: Timeline, c: Context, by: str) -> bool:
    """Whether a window asks for what was refused: in the same words; or of what no function needs (``by``: what was
    refused of it), for advertising only where that was refused, as a recommendation is another matter."""
    named = {number for mark in line.marks if mark.state in AGAINST for number in mark.events}
    earlier = [window for window in c.windows if window.seq in named and before(window, e)]
    if not by:
        return any(window.texts == e.texts or _same_card(window, e) for window in earlier)
    for_ads = pattern("purposes", "advertising")
    if by != "personalisation" or not for_ads.search(seen(e).words):
        return True
    taps = (plain(tap.label) for tap in c.taps if tap.seq in named)
    return any(for_ads.search(words) for words in (*taps, *(seen(window).words for window in earlier)))


def _same_card(refused_in: Window, e: Window) -> bool:
    """Whether what asks is drawn into the same page in the same words: what the page says besides may be other."""
    said = {text for text in refused_in.texts if sentence(plain(text)) and types_named(plain(text))}
    answers = [button for button in refused_in.buttons if label(button).clear]
    same = (refused_in.src, refused_in.window, e.action) == (e.src, e.window, "changed")
    return same and bool(said and answers) and said <= set(e.texts) and set(answers) <= set(e.buttons)


def _against(c: Context, scope: str, e: Event) -> tuple[TemporalAnswer, str]:
    """Whether a consent had been refused or taken back by itself, as a purpose, or in a consent platform's notice; and
    in which scope. Not where it was given since."""
    if consented(c, scope, e).answer == "yes":
        return TemporalAnswer("no"), scope
    found = [(refused(c, scope, e, AGAINST), scope)]
    if scope == "personalisation" or scope.startswith("share:"):
        found.append((refused(c, "purpose:advertising", e, AGAINST), "purpose:advertising"))
        whole = refused(c, "policy", e, AGAINST)
        if not c.consent.lines.platforms.isdisjoint(whole.events):
            found.append((whole, "policy"))
    return max(found, key=lambda one: (one[0].answer == "yes", one[0].answer != "no"))


def _refused_since(last: Moment, e: Event, c: Context) -> bool:
    """Whether a window comes up after the refusal of what stood in it a moment ago: a notice drawn into a page does."""
    between = (tap for tap in c.taps if before(last, tap) and before(tap, e))
    return isinstance(e, Window) and any(label(tap.label).meaning == "reject" for tap in between)


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
