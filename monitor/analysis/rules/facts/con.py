"""Facts of one CON rule each: how consent is asked for, given and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from monitor.analysis.consent.drawn import drawn
from monitor.analysis.consent.labels import label
from monitor.analysis.consent.named import purposes_named, shares, topics_named
from monitor.analysis.consent.screens import only_informs
from monitor.analysis.consent.timeline import before, gap
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import CARRIED, Context
from monitor.analysis.rules.fact import Shown, fact
from monitor.analysis.rules.facts.shared import on_screen
from monitor.analysis.rules.screens import seen
from monitor.consent_strings import ALL, NONE, SOME, extent
from monitor.events import (
    DATA_TYPES,
    Consent,
    Event,
    Health,
    Lifecycle,
    Policy,
    Tap,
    Toggle,
    Transmission,
    UiSnapshot,
    Window,
)

_NOTICE_US: Final = 8_000_000
_FEW: Final = 2
#: Documents about personal information, whatever kind they say that they are.
_PRIVACY: Final = re.compile("《[^》]*(?:隐私|私隐|个人信息|个人资料)[^》]*》")
_DOCUMENT: Final = re.compile(r"《[^》]*》|(?:\w+ ){0,3}(?:terms|conditions|agreement)\b")
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


# CON-02 ---------------------------------------------------------------------------------------------------------------
on_screen("prechecked", "prechecked", "Whether a consent box is already ticked.")
on_screen("drawn_ticked", "ticked", "Whether a box that is drawn, or only says that something was read, is ticked.")


@fact
def mailings_ticked(e: Window) -> bool:
    """Whether a form that opens an account has a ticked box for advertising that is sent, or for giving data to
    others."""
    looks = seen(e)
    on = [words for words, checked in looks.choices if checked]
    return any(pattern("mailings").search(words) or shares(words) for words in on) and any(
        pattern("enrols").search(words) for words in looks.controls
    )


@fact
def perhaps_ticked(e: Shown) -> bool:
    """Whether it is not certain that the ticked box agrees: see ``drawn_ticked``."""
    return seen(e).ticked == "perhaps"


@fact
def turns_drawn(e: Tap) -> bool:
    """Whether a box that an app draws itself was tapped."""
    return drawn(e.label) is not None


@fact
def purposes_on(e: Window, c: Context) -> bool:
    """Whether a consent platform's boxes or switches are on as it opens, apart from what is needed in any case or said
    to rest on a legitimate interest; not where the user may have chosen before the session."""
    looks = seen(e, c.consent.notices.layers.windows.get(e.seq, ""))
    on = [words for words, checked in looks.choices if checked and not pattern("interest").search(words)]
    if pattern("interest").search(looks.words):  # a list of partners says once for all of them on what they rely
        on = [words for words in on if purposes_named(words)]
    return looks.platform and looks.sends and bool(on) and not c.consent.kept


@fact
def told_by_window(e: UiSnapshot, c: Context) -> bool:
    """Whether windows that the hooks reported show every box that is ticked here."""
    ticked = {plain(box.label) for box in e.boxes if box.checked}
    if not ticked:
        return True
    told = {plain(box.label) for window in c.windows for box in window.boxes if box.checked}
    return ticked <= told


on_screen("login_consent", "login_consent", "Whether it states that logging in is consent.")
on_screen("policy_titled", "titled", "Whether the title is that of a privacy policy.")


@fact
def policy_given(e: Event, c: Context) -> bool:
    """Whether the policy had been agreed to by then."""
    line = c.consent.lines.scopes.get("policy")
    if line is None or not line.holds(["granted"]):
        return False
    return next(mark.t for mark in line.marks if mark.state == "granted") <= e.t


@fact
def kept_choice(e: Shown, c: Context) -> bool:
    """Whether a ticked box may show what the user had agreed to before: the policy, and, if the box is for terms of
    use as well, terms that something shown up to then had named."""
    if not policy_given(e, c):
        return False
    box = [*(box.label for box in e.boxes if box.checked), *(e.links if isinstance(e, Window) else ())]
    ticked = plain("\n".join(box))
    if c.consent.kept or not (_names_terms(box) or _offers(ticked)):
        return True
    marks = c.consent.lines.scopes["policy"].marks
    given = max(mark.t for mark in marks if mark.state == "granted" and mark.t <= e.t)
    shows: list[Shown] = [*c.windows, *c.snapshots]
    earlier = [shown for shown in shows if shown.t <= given]
    # An answer to what nothing could read says nothing of what it named.
    read = any(seen(shown).policy for shown in earlier)
    if not read:
        return True
    every = "\n".join(plain("\n".join((seen(shown).words, *shown.buttons))) for shown in earlier)
    if _offers(ticked) - topics_named(every) or _apart(ticked) - _apart(every):
        return False
    return not _names_terms(box) or _names_terms([every])


def _offers(words: str) -> frozenset[str]:
    """Which of those plain words name that are agreed to for their own sake, and not with a policy: advertising that is
    sent to one, and data that goes to partners."""
    return (
        frozenset(topics_named(words)) & {"marketing", "share"} if pattern("agreement").search(words) else frozenset()
    )


def _apart(words: str) -> frozenset[str]:
    """What the documents that plain words name are about, apart from use and privacy."""
    return frozenset(found for name in _DOCUMENT.findall(words) for found in pattern("apart").findall(name))


def _names_terms(texts: Iterable[str]) -> bool:
    """Whether terms are named, and not only under a name of the privacy policy (隐私协议)."""
    words = pattern("policy").sub("", _PRIVACY.sub("", plain("\n".join(texts))))
    return bool(pattern("terms").search(words))


@fact
def share_agreed(e: Toggle, c: Context) -> bool:
    """Whether the user had agreed to give somebody data, or to all that a consent platform asks for: a switch that is
    on after it shows that choice."""
    if c.consent.notices.by_platform and consented(c, "policy", e).answer == "yes":
        return True
    shares = [name for name in c.consent.lines.scopes if name.startswith("share:")]
    return any(consented(c, name, e).answer in ("yes", "unclear") for name in shares)


def _stated(e: Consent | Transmission) -> str:
    """How much a consent string says was consented to: its form, or empty."""
    if isinstance(e, Consent):
        return extent(e.detail.get("purposes", "")) if e.via == "iab" and "Legitimate" not in _key(e) else ""
    return next((m.form for m in e.matches if m.data_type == "consent" and m.form in (NONE, SOME, ALL)), "")


def _key(e: Consent) -> str:
    return e.detail.get("key", "")


@fact
def consent_string_contradicts(e: Consent | Transmission, c: Context) -> bool:
    """Whether a consent string (TCF, GPP) says otherwise than the user's answer: a consent to purposes after a refusal
    or before any answer, or none after an agreement to all of them."""
    stated = _stated(e)
    if not stated:
        return False
    answer = consented(c, "policy", e).answer
    chosen = any(name.startswith("purpose:") for name in c.consent.lines.scopes)
    if stated == NONE:
        return answer == "yes" and not chosen
    return answer == "no" and not c.consent.perhaps_earlier


# CON-03 ---------------------------------------------------------------------------------------------------------------
on_screen("has_reject", "refuses", "Whether a control refuses, or boxes that can be left out are sent off.")
on_screen("has_accept", "goes_on", "Whether a control agrees, or is taken for it as there is no other.")


@fact
def only_told(e: Window, c: Context) -> bool:
    """Whether it may only tell something: no word of it asks to agree, and it is the policy's own text, its control
    only takes note, or the policy had been agreed to."""
    looks = seen(e)
    if looks.clear_accept or looks.login_consent or pattern("agreement").search(looks.words):
        return False
    return looks.titled or bool(looks.accepts) or policy_given(e, c)


@fact
def choice_unread(e: Shown) -> bool:
    """Whether a control beside others has words that are not understood, or none."""
    looks = seen(e)
    return bool(looks.unknown) and not (looks.lone and all(map(plain, e.buttons)))


@fact
def gate(e: Window, c: Context) -> bool:
    """Whether it is the first page and requests consent to the policy with few controls, or as a consent platform, and
    has no box."""
    looks = seen(e)
    asks = looks.clear_accept or (looks.goes_on and looks.told)
    few = (looks.platform or 1 <= len(looks.controls) <= _FEW) and not e.boxes
    return asks and few and looks.policy and not looks.login_consent and consented(c, "policy", e).answer == "no"


def _choices_known(e: Shown) -> bool:
    looks = seen(e)
    return not looks.unknown and all(map(plain, e.buttons))


@fact
def plain_gate(e: Window) -> bool:
    """Whether nothing on a page but a clear agreement can answer: each other control leads elsewhere. Not where the
    user signs in or registers: who does not want to goes back."""
    looks = seen(e)
    signs = any(pattern("signs_in").search(plain(button)) for button in looks.accepts)
    return looks.clear_accept and looks.told and not signs and _choices_known(e)


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
    """The window in which a tap was made, as it was then."""
    own = (w for w in reversed(c.windows) if tap.window and (w.src, w.window) == (tap.src, tap.window))
    return next((w for w in own if w.action != "hidden" and not before(tap, w)), None)


@fact
def refuse_taps(e: Tap, c: Context) -> int:
    """Taps that it took to refuse a notice on whose first layer one agrees with a single tap; 0 = it was refused there,
    or that is not known."""
    if not refuses_policy(e, c):
        return 0
    found = _way(e, c)
    return len(found[1]) if found else 0


@fact
def unequal_reject(e: UiSnapshot) -> bool:
    """Whether refusing has less than half the area of agreeing (EDPB, CNIL: as easy to refuse)."""

    def area(name: str) -> int:
        sides: tuple[int, ...] = (*e.sizes.get(name, ()), 0, 0, 0, 0)
        left, top, right, bottom = sides[:4]
        return max(0, right - left) * max(0, bottom - top)

    looks = seen(e)
    agree = max((area(b) for b in looks.accepts), default=0)
    refuse = max((area(b) for b in looks.rejects), default=0)
    return bool(looks.policy and agree and refuse and refuse * 2 < agree)


# CON-04 ---------------------------------------------------------------------------------------------------------------
@fact
def bundled(e: Shown) -> bool:
    """Whether one answer covers purposes that need separate consent."""
    looks = seen(e)
    return looks.policy and bool(looks.bundle - _NO_OTHER_PURPOSE) and not looks.separate


@fact
def bundled_for_good(e: Shown) -> bool:
    """Whether one answer covers purposes that no later switch undoes: what was given away stays so."""
    looks = seen(e)
    return looks.policy and bool(looks.bundle & _GIVEN_AWAY) and not looks.separate


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
    return c.withdraw_extra.get(e.seq, -99)


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
    """Whether the app says that its policy changed."""
    looks = seen(e)
    return looks.policy and bool(pattern("updated").search(looks.words))


@fact
def only_announced(e: Shown) -> bool:
    """Whether the app only says that its policy changed, and asks for nothing."""
    return only_informs(seen(e))


@fact
def agreed_before(e: Shown, c: Context) -> bool:
    """Whether the user had certainly and unambiguously agreed to the policy when it was shown."""
    return consented(c, "policy", e).answer == "yes"


@fact
def opens_policy(e: Tap) -> bool:
    """Whether the label names the policy and agrees to nothing: it leads to the text."""
    return not label(e.label).meaning and bool(pattern("policy").search(plain(e.label)))


@fact
def types_added(e: Consent, c: Context) -> bool:
    """Whether types of data are declared that were not when the user, in an earlier session, agreed to the policy."""
    if e.via != CARRIED or e.scope != "policy" or e.state != "granted" or c.declaration.collection is None:
        return False
    before_it = {name for name in e.detail.get("declared", "").split(",") if name in DATA_TYPES}
    return bool(before_it) and bool(c.declaration.by_type.keys() - before_it)
