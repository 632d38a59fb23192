"""Facts of one CON rule each: how consent is asked for, given and taken back."""

import re
from collections.abc import Iterable
from typing import Final

from monitor.analysis.consent.named import purposes_named, shares, topic_words, topics_named, without_lists
from monitor.analysis.consent.screen import OPENS_US
from monitor.analysis.consent.text import clearly, find, label, pattern, plain
from monitor.analysis.consent.window import WindowText, seen
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import CARRIED, Context
from monitor.analysis.rules.facts import Shown
from monitor.analysis.rules.facts.shown import touchable
from monitor.analysis.timeline import Mark, Moment, before, gap
from monitor.events import Consent, Event, Health, Lifecycle, Policy, Tap, Toggle, Transmission, UiSnapshot, Window
from monitor.knowledge.consent_strings import ALL, NONE, SOME, extent

_NOTICE_US: Final = 8_000_000
#: From an answer to what the app does at it.
_ANSWERED_US: Final = 1_000_000
_FEW: Final = 2
_DOCUMENT: Final = re.compile("《[^》]*》")
#: A policy for children is the guardian's to answer: whose answer it is makes no further purpose.
_NO_OTHER_PURPOSE: Final = frozenset({"guardian_words"})
#: Each needs a consent of its own before it happens.
_GIVEN_AWAY: Final = frozenset({"share", "cross_border", "sensitive"})


# CON-01 ---------------------------------------------------------------------------------------------------------------
def _by_then(e: Event, marks: Iterable[Mark | Moment]) -> bool:
    """Whether something was shown before the event, or while a screen that had just opened may have shown it."""
    opening = isinstance(e, Lifecycle | Health)
    return any(not before(e, mark) or (opening and gap(e, mark)[0] <= _NOTICE_US) for mark in marks)


def notice_unread(e: Event, c: Context) -> bool:
    """Whether an unreadable window that may have been the notice was shown: before the event, or while a screen that
    had just opened may have shown it."""
    return _by_then(e, c.consent.notices.strange.values())


def guardian_told(e: Event, c: Context) -> bool:
    """Whether a guardian was asked to agree before the event, or while a screen that had just opened may have asked:
    a notice of its own, which need not name the policy."""
    line = c.consent.lines.timeline("guardian")
    return line is not None and _by_then(e, line.marks)


# CON-02: boxes that are ticked before anybody chose, and consent that nobody gave -------------------------------------
def mailings_ticked(e: Window) -> bool:
    """Whether a form that opens an account has a ticked box for advertising that is sent, or for giving data to
    others. Not one that declines them."""
    wording = seen(e)
    on = [words for words, checked in wording.choices if checked and not find(words, "^declines")]
    offers = any(find(words, "mailings") or shares(words) for words in on)
    return offers and any(find(words, "enrols") for words in wording.controls)


def purposes_on(e: Window, c: Context) -> bool:
    """Whether a consent platform's boxes or switches are on as it opens, apart from what is needed in any case or said
    to rest on a legitimate interest; not where the user may have chosen before the session."""
    wording = seen(e, c.consent.notices.layers.windows.get(e.seq, ""))
    on = [words for words, checked in wording.choices if checked and not find(words, "interest")]
    if find(wording.words, "interest"):  # a list of partners says once for all of them on what they rely
        on = [words for words in on if purposes_named(words)]
    return wording.platform and wording.sends and bool(on) and not c.consent.kept


def told_by_window(e: UiSnapshot, c: Context) -> bool:
    """Whether windows that the hooks reported show every box that is ticked here."""
    ticked = {plain(box.label) for box in e.boxes if box.checked}
    return ticked <= {plain(box.label) for window in c.windows for box in window.boxes if box.checked}


def _given(e: Event, c: Context) -> list[Mark]:
    """When the policy had been agreed to by then."""
    line = c.consent.lines.scopes.get("policy")
    return [mark for mark in line.marks if mark.state == "granted" and mark.t <= e.t] if line else []


def policy_given(e: Event, c: Context) -> bool:
    """Whether the policy had been agreed to by then."""
    return bool(_given(e, c))


def kept_choice(e: Shown, c: Context) -> bool:
    """Whether a ticked box may show what the user had agreed to before: the policy, and, if the box is for terms of
    use as well, terms that something shown up to then had named."""
    given = max((mark.t for mark in _given(e, c)), default=None)
    if given is None:
        return False
    box = [box.label for box in e.boxes if box.checked]
    if not any(box):  # one that is drawn, or has no words of its own: the sentence beside it
        box = [seen(e).agreement]
    ticked, terms = plain("\n".join(box)), _names_terms(box)
    earlier = [shown for shown in c.screens if shown.t <= given]
    if not any(seen(shown).policy for shown in earlier):
        return True  # An answer to what nothing could read says nothing of what it named.
    every = "\n".join(plain("\n".join((seen(shown).words, *shown.buttons))) for shown in earlier)
    if _offers(ticked) - topics_named(every) or _apart(ticked) - _apart(every):
        return False
    return not terms or _names_terms([every])


def ticked_by_answer(e: Window, c: Context) -> bool:
    """Whether the app ticked the box as the user agreed, in a dialog, to the documents that the box names."""
    box, tap = _DOCUMENT.findall("".join(box.label for box in e.boxes if box.checked)), c.last_tap(e)
    if not box or tap is None or gap(tap, e)[1] > _ANSWERED_US or label(tap.label) != ("accept", True):
        return False
    asked = next((window for window in c.windows_of(tap) if window.texts), None)
    return asked is not None and asked.window != e.window and set(box) <= set(_DOCUMENT.findall("".join(asked.texts)))


def _offers(words: str) -> frozenset[str]:
    """Which of those plain words name that are agreed to for their own sake, and not with a policy: advertising that is
    sent to one, and data that goes to partners."""
    return frozenset(topics_named(words)) & {"marketing", "share"} if find(words, "agreement") else frozenset()


def _apart(words: str) -> frozenset[str]:
    """What the documents that plain words name are about, apart from use and privacy."""
    names = pattern("document_names").findall(words)
    return frozenset(found for name in names for found in pattern("apart").findall(name))


def _names_terms(texts: Iterable[str]) -> bool:
    """Whether terms are named, and not only under a name of the privacy policy (隐私协议)."""
    words = pattern("policy").sub("", pattern("privacy_documents").sub("", plain("\n".join(texts))))
    return bool(find(words, "terms"))


def share_agreed(e: Toggle | Window, c: Context) -> bool:
    """Whether the user had agreed to give somebody data, or to all that a consent platform asks for: a switch that is
    on after it shows that choice."""
    if c.consent.notices.requests.by_platform and consented(c, "policy", e).answer == "yes":
        return True
    shares = [name for name in c.consent.lines.scopes if name.startswith("share:")]
    return any(consented(c, name, e).answer in ("yes", "unclear") for name in shares)


def consent_string_contradicts(e: Consent | Transmission, c: Context) -> bool:
    """Whether a consent string (TCF, GPP) says otherwise than the user's answer: a consent to purposes after a refusal
    or before any answer, or none after an agreement to all of them."""
    answer = consented(c, "policy", e).answer
    if isinstance(e, Transmission):
        forms = (match.form for match in e.matches if match.data_type == "consent")
        stated = next((form for form in forms if form in (NONE, SOME, ALL)), "")
    else:
        own = e.via == "iab" and "Legitimate" not in e.detail.get("key", "")
        stated = extent(e.detail.get("purposes", "")) if own else ""
    if stated == NONE:
        return answer == "yes" and not any(name.startswith("purpose:") for name in c.consent.lines.scopes)
    return bool(stated) and answer == "no" and not c.consent.perhaps_earlier


# CON-03 ---------------------------------------------------------------------------------------------------------------
def only_told(e: Window, c: Context) -> bool:
    """Whether it may only tell something: no word of it asks to agree, and it is the policy's own text, its control
    only takes note, or the policy had been agreed to."""
    wording = seen(e)
    agrees = wording.clear_accept or wording.login_consent or wording.to_agree
    return not agrees and (wording.titled or bool(wording.accepts) or policy_given(e, c))


def read_at_will(e: Window, c: Context) -> bool:
    """Whether it shows the policy's own text, which the user opened by a link or an entry, and asks nothing."""
    tap = c.last_tap(e)
    return tap is not None and gap(tap, e)[1] <= OPENS_US and opens_policy(tap, c) and only_told(e, c)


def _up(e: Shown, c: Context) -> Shown:
    """What has come up in a page; otherwise what is shown itself."""
    return c.consent.sheets.seen.get(e.seq, e)


def _unknown(wording: WindowText) -> list[str]:
    """Controls whose words are not understood, none of them an entry of the page's menu."""
    return [control for control in wording.unknown if not find(plain(control), "=navigates")]


def choice_unread(e: Shown, c: Context) -> bool:
    """Whether a control beside others has words that are not understood, or none: of a sheet in a page, of the
    sheet."""
    wording = seen(up := _up(e, c))
    return bool(_unknown(wording)) and not (wording.lone and all(map(plain, up.buttons)))


def gate(e: Shown, c: Context) -> bool:
    """Whether it is the first page, or a sheet in one, that requests consent to the policy with few controls, or as a
    consent platform, and has no box and no control that refuses."""
    wording = seen(up := _up(e, c))
    asks = wording.policy and not wording.login_consent and (wording.clear_accept or (wording.goes_on and wording.told))
    few = (wording.platform or 1 <= len(wording.controls) <= _FEW) and not up.boxes
    refused = wording.refuses or clearly("reject", e.buttons)  # by what a sheet's controls may be taken for the page's
    return asks and few and not refused and consented(c, "policy", e).answer == "no"


def plain_gate(e: Window, c: Context) -> bool:
    """Whether nothing on a page but a clear agreement can answer: each other control leads elsewhere. Not where the
    user signs in or registers: there one goes back instead."""
    wording = seen(up := _up(e, c))
    signs = any(find(plain(button), "signs_in") for button in wording.accepts)
    return wording.clear_accept and wording.told and not signs and not _unknown(wording) and all(map(plain, up.buttons))


def refuse_taps(e: Tap, c: Context) -> int:
    """Taps that it took to refuse a notice on whose first layer one agrees with a single tap; 0 = it was refused there,
    or that is not known."""
    first, taps, wanted = _tapped_in(e, c), 1, ""
    if first is None or not refuses_policy(e, c):
        return 0
    for tap in (tap for tap in reversed(c.taps) if before(tap, e) and tap.seq not in c.consent.answered):
        window = None if label(tap.label).meaning and not tap.checked else _tapped_in(tap, c)
        if window is None or not seen(window, c.consent.notices.layers.windows.get(window.seq, "")).policy:
            break
        taps += 1
        if not tap.checked:
            first, wanted = window, plain(tap.label)
    wording = seen(first)
    others = {*map(plain, wording.unknown)} - {wanted}
    unlike = any((not wording.clear_accept, wording.refuses, others, not all(map(plain, first.buttons))))
    return 0 if unlike or not wanted else taps


def _tapped_in(tap: Tap, c: Context) -> Window | None:
    """The window in which a tap was made, as it was then; of a page, what had come up in it."""
    own = c.windows_of(tap) if tap.window else ()
    shown = next((window for window in own if window.action != "hidden" and not before(tap, window)), None)
    sheet = _up(shown, c) if shown is not None else None
    return sheet if isinstance(sheet, Window) else shown


def unequal_reject(e: UiSnapshot, c: Context) -> bool:
    """Whether refusing has less than half the area of agreeing (EDPB, CNIL: as easy to refuse)."""
    wording, areas = seen(_up(e, c)), dict[str, int]()
    for name, sides in e.sizes.items():
        left, top, right, bottom = (*sides, 0, 0, 0, 0)[:4]
        areas[name] = max(0, right - left) * max(0, bottom - top)
    agree, refuse = (
        max((areas.get(one, 0) for one in names), default=0) for names in (wording.accepts, wording.rejects)
    )
    return bool(wording.policy and refuse and refuse * 2 < agree)


# CON-04 ---------------------------------------------------------------------------------------------------------------
def bundle(e: Shown, c: Context) -> str:
    """Whether it asks for the policy, with no separate consent, and one answer covers purposes that need one:
    ``for_good`` if no later switch undoes one of them, as what was given away stays so, else ``switchable``. The
    document that is named by what asks for something besides the policy, which was agreed to, is no notice."""
    wording, asked = seen(e), c.consent.notices.asked.get(e.seq, ())
    if not wording.policy or wording.separate or wording.refers or (asked and "policy" not in asked):
        return ""
    return "for_good" if wording.bundle & _GIVEN_AWAY else "switchable" if wording.bundle - _NO_OTHER_PURPOSE else ""


def bundled_words(e: Shown) -> str:
    """The words on the screen that name what one answer covers besides the policy."""
    wording = seen(e)
    found = (topic_words(topic, without_lists(wording.words)) for topic in sorted(wording.bundle - _NO_OTHER_PURPOSE))
    return " / ".join(filter(None, found))


def apart_here(e: Shown) -> bool:
    """Whether a consent platform's notice lets everything be refused, and each purpose be chosen in its settings."""
    wording = seen(e)
    leads = any(find(words, "layer", "=leads") for words in wording.controls)
    return wording.platform and wording.refuses and leads


# CON-05 and CON-06 ----------------------------------------------------------------------------------------------------
def refuses_policy(e: Tap, c: Context) -> bool:
    """Whether the tap refused the privacy policy."""
    line = c.consent.lines.scopes.get("policy")
    return line is not None and any(mark.state == "denied" for mark in line.named(e.seq))


def withdraw_extra(e: Tap, c: Context) -> int:
    """Taps that withdrawal took beyond those for agreement; -99 = unknown."""
    return c.way.extra.get(e.seq, -99)


# CON-07 ---------------------------------------------------------------------------------------------------------------
def policy_announced(e: Policy, c: Context) -> bool:
    """Whether the app showed a notice between the fetch of the text before and this one."""
    since = c.policy_changed.get(e.seq, e.t)
    return any(since < screen.t <= e.t and seen(screen).policy for screen in c.screens)


def policy_updated(e: Shown) -> bool:
    """Whether the app says that its policy changed, in a window that does not only close."""
    wording, closes = seen(e), isinstance(e, Window) and e.action == "hidden"
    return not closes and wording.policy and bool(find(wording.words, "updated"))


def opens_policy(e: Tap, c: Context) -> bool:
    """Whether the label names the policy and agrees to nothing: it leads to the text, if the user may have seen it."""
    return not label(e.label).meaning and bool(find(plain(e.label), "policy")) and touchable(e, c)


def types_added(e: Consent, c: Context) -> bool:
    """Whether types of data are declared that were not when the user, in an earlier session, agreed to the policy."""
    if (e.via, e.scope, e.state) != (CARRIED, "policy", "granted") or c.declaration.collection is None:
        return False
    before_it = set(e.detail.get("declared", "").split(",")) - {""}
    return bool(before_it) and bool(c.declaration.entries.keys() - before_it)
