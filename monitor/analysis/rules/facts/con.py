"""Facts of one CON rule each: how consent is asked for, given and taken back."""

from typing import Final

from monitor.analysis.consent.control import clearly, label
from monitor.analysis.consent.named import topic_words, without_lists
from monitor.analysis.consent.timeline import before, gap
from monitor.analysis.consent.window import seen
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import CARRIED, Context
from monitor.analysis.rules.fact import Shown, fact
from monitor.analysis.rules.facts.shown import on_screen, touchable
from monitor.analysis.rules.facts.ticked import policy_given
from monitor.events import (
    DATA_TYPES,
    Consent,
    Event,
    Health,
    Lifecycle,
    Policy,
    Tap,
    UiSnapshot,
    Window,
)

_NOTICE_US: Final = 8_000_000
_FEW: Final = 2
#: A policy for children is the guardian's to answer: whose answer it is makes no further purpose.
_NO_OTHER_PURPOSE: Final = frozenset({"guardian_words"})
#: Each needs a consent of its own before it happens.
_GIVEN_AWAY: Final = frozenset({"share", "cross_border", "sensitive"})


# CON-01 ---------------------------------------------------------------------------------------------------------------
@fact
def notice_unread(e: Event, c: Context) -> bool:
    """Whether an unreadable window that may have been the notice was shown: before the event, or while a screen that
    had just opened may have shown it."""
    opening = isinstance(e, Lifecycle | Health)
    return any(
        not before(e, strange) or (opening and gap(e, strange)[0] <= _NOTICE_US)
        for strange in c.consent.notices.strange.values()
    )


@fact
def guardian_told(e: Event, c: Context) -> bool:
    """Whether a guardian was asked to agree before the event, or while a screen that had just opened may have asked:
    a notice of its own, which need not name the policy."""
    line = c.consent.lines.timeline("guardian")
    opening = isinstance(e, Lifecycle | Health)
    marks = line.marks if line is not None else ()
    return any(not before(e, mark) or (opening and gap(e, mark)[0] <= _NOTICE_US) for mark in marks)


# CON-03 ---------------------------------------------------------------------------------------------------------------
on_screen("has_reject", "refuses", "Whether a control refuses, or boxes that can be left out are sent off.")
on_screen("has_accept", "goes_on", "Whether a control agrees, or is taken for it as there is no other.")


@fact
def only_told(e: Window, c: Context) -> bool:
    """Whether it may only tell something: no word of it asks to agree, and it is the policy's own text, its control
    only takes note, or the policy had been agreed to."""
    looks = seen(e)
    if looks.clear_accept or looks.login_consent or looks.to_agree:
        return False
    return looks.titled or bool(looks.accepts) or policy_given(e, c)


def _up(e: Shown, c: Context) -> Shown:
    """What has come up in a page; otherwise what is shown itself."""
    return c.consent.sheets.seen.get(e.seq, e)


@fact
def choice_unread(e: Shown, c: Context) -> bool:
    """Whether a control beside others has words that are not understood, or none: of a sheet in a page, of the
    sheet."""
    up = _up(e, c)
    looks = seen(up)
    return bool(looks.unknown) and not (looks.lone and all(map(plain, up.buttons)))


@fact
def gate(e: Shown, c: Context) -> bool:
    """Whether it is the first page, or a sheet in one, that requests consent to the policy with few controls, or as a
    consent platform, and has no box and no control that refuses."""
    up = _up(e, c)
    looks = seen(up)
    asks = looks.clear_accept or (looks.goes_on and looks.told)
    few = (looks.platform or 1 <= len(looks.controls) <= _FEW) and not up.boxes
    refused = looks.refuses or clearly("reject", e.buttons)  # by what a sheet's controls may be taken for the page's
    open_yet = not refused and consented(c, "policy", e).answer == "no"
    return asks and few and looks.policy and not looks.login_consent and open_yet


@fact
def plain_gate(e: Window, c: Context) -> bool:
    """Whether nothing on a page but a clear agreement can answer: each other control leads elsewhere. Not where the
    user signs in or registers: who does not want to goes back."""
    up = _up(e, c)
    looks = seen(up)
    signs = any(pattern("signs_in").search(plain(button)) for button in looks.accepts)
    known = not looks.unknown and all(map(plain, up.buttons))
    return looks.clear_accept and looks.told and not signs and known


def _way(e: Tap, c: Context) -> tuple[Window, list[Tap]] | None:
    """The first layer of the notice that a tap refused, and the taps from there on, this one included; None where it
    was refused on the first layer, or may have been."""
    way, first, wanted = [e], _window(e, c), ""
    if first is None:
        return None
    for tap in reversed(c.taps):
        if not before(tap, e) or tap.seq in c.consent.answered:
            continue
        shown = _window(tap, c)
        words = label(tap.label).meaning
        if shown is None or (words and not tap.checked):
            break
        if not seen(shown, c.consent.notices.layers.windows.get(shown.seq, "")).policy:
            break
        way.append(tap)
        if not tap.checked:
            first, wanted = shown, plain(tap.label)
    looks = seen(first)
    others = [button for button in looks.unknown if plain(button) != wanted]
    one_layer = not wanted or looks.refuses or not looks.clear_accept or others or not all(map(plain, first.buttons))
    return None if one_layer else (first, way)


def _window(tap: Tap, c: Context) -> Window | None:
    """The window in which a tap was made, as it was then; of a page, what had come up in it."""
    own = (w for w in reversed(c.windows) if tap.window and (w.src, w.window) == (tap.src, tap.window))
    shown = next((w for w in own if w.action != "hidden" and not before(tap, w)), None)
    sheet = c.consent.sheets.seen.get(shown.seq) if shown is not None else None
    return sheet if isinstance(sheet, Window) else shown


@fact
def refuse_taps(e: Tap, c: Context) -> int:
    """Taps that it took to refuse a notice on whose first layer one agrees with a single tap; 0 = it was refused there,
    or that is not known."""
    if not refuses_policy(e, c):
        return 0
    found = _way(e, c)
    return len(found[1]) if found else 0


@fact
def unequal_reject(e: UiSnapshot, c: Context) -> bool:
    """Whether refusing has less than half the area of agreeing (EDPB, CNIL: as easy to refuse)."""

    def area(name: str) -> int:
        sides: tuple[int, ...] = (*e.sizes.get(name, ()), 0, 0, 0, 0)
        left, top, right, bottom = sides[:4]
        return max(0, right - left) * max(0, bottom - top)

    looks = seen(_up(e, c))
    agree = max((area(b) for b in looks.accepts), default=0)
    refuse = max((area(b) for b in looks.rejects), default=0)
    return bool(looks.policy and agree and refuse and refuse * 2 < agree)


# CON-04 ---------------------------------------------------------------------------------------------------------------
@fact
def bundled(e: Shown, c: Context) -> bool:
    """Whether one answer covers purposes that need separate consent."""
    looks = seen(e)
    return (
        looks.policy
        and bool(looks.bundle - _NO_OTHER_PURPOSE)
        and not (looks.separate or looks.refers or _asks_apart(e, c))
    )


def _asks_apart(e: Shown, c: Context) -> bool:
    """Whether it asks for something besides the policy, which was agreed to: the document that it names is no
    notice."""
    asked = c.consent.notices.asked.get(e.seq, ())
    return bool(asked) and "policy" not in asked


@fact
def bundled_for_good(e: Shown, c: Context) -> bool:
    """Whether one answer covers purposes that no later switch undoes: what was given away stays so."""
    looks = seen(e)
    return (
        looks.policy and bool(looks.bundle & _GIVEN_AWAY) and not (looks.separate or looks.refers or _asks_apart(e, c))
    )


@fact
def bundled_words(e: Shown) -> str:
    """The words on the screen that name what one answer covers besides the policy."""
    looks = seen(e)
    found = (topic_words(topic, without_lists(looks.words)) for topic in sorted(looks.bundle - _NO_OTHER_PURPOSE))
    return " / ".join(filter(None, found))


@fact
def apart_here(e: Shown) -> bool:
    """Whether a consent platform's notice lets everything be refused, and each purpose be chosen in its settings."""
    looks = seen(e)
    leads = any(pattern("layer").search(words) or pattern("leads").fullmatch(words) for words in looks.controls)
    return looks.platform and looks.refuses and leads


on_screen("separate_text", "separate", "Whether its words request separate consent.")


# CON-05 and CON-06 ----------------------------------------------------------------------------------------------------
@fact
def refuses_policy(e: Tap, c: Context) -> bool:
    """Whether the tap refused the privacy policy."""
    line = c.consent.lines.scopes.get("policy")
    return line is not None and any(mark.state == "denied" for mark in line.named(e.seq))


@fact
def withdraw_extra(e: Tap, c: Context) -> int:
    """Taps that withdrawal took beyond those for agreement; -99 = unknown."""
    return c.way.extra.get(e.seq, -99)


# CON-07 ---------------------------------------------------------------------------------------------------------------
@fact
def policy_changed(e: Policy, c: Context) -> bool:
    """Whether the text differs from the one fetched before."""
    return e.seq in c.policy_changed


@fact
def policy_announced(e: Policy, c: Context) -> bool:
    """Whether the app showed a notice between the fetch of the text before and this one."""
    since = c.policy_changed.get(e.seq, e.t)
    screens: tuple[Shown, ...] = (*c.windows, *c.snapshots)
    return any(since < screen.t <= e.t and seen(screen).policy for screen in screens)


@fact
def policy_updated(e: Shown) -> bool:
    """Whether the app says that its policy changed, in a window that does not only close."""
    looks = seen(e)
    return (
        not (isinstance(e, Window) and e.action == "hidden")
        and looks.policy
        and bool(pattern("updated").search(looks.words))
    )


@fact
def only_announced(e: Shown) -> bool:
    """Whether the app only says that its policy changed, and asks for nothing."""
    return seen(e).informs


@fact
def agreed_before(e: Shown, c: Context) -> bool:
    """Whether the user had certainly and unambiguously agreed to the policy when it was shown."""
    return consented(c, "policy", e).answer == "yes"


@fact
def opens_policy(e: Tap, c: Context) -> bool:
    """Whether the label names the policy and agrees to nothing: it leads to the text, if the user may have seen it."""
    return not label(e.label).meaning and bool(pattern("policy").search(plain(e.label))) and touchable(e, c)


@fact
def types_added(e: Consent, c: Context) -> bool:
    """Whether types of data are declared that were not when the user, in an earlier session, agreed to the policy."""
    if e.via != CARRIED or e.scope != "policy" or e.state != "granted" or c.declaration.collection is None:
        return False
    before_it = {name for name in e.detail.get("declared", "").split(",") if name in DATA_TYPES}
    return bool(before_it) and bool(c.declaration.entries.keys() - before_it)
