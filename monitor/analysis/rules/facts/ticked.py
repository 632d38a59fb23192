"""Facts of CON-02: boxes that are ticked before anybody chose, and consent that nobody gave."""

import re
from collections.abc import Iterable
from typing import Final

from monitor.analysis.consent.control import drawn, label, written
from monitor.analysis.consent.named import purposes_named, shares, topics_named
from monitor.analysis.consent.timeline import before, gap
from monitor.analysis.consent.window import seen
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import Shown, fact
from monitor.analysis.rules.facts.shown import on_screen
from monitor.events import (
    Consent,
    Event,
    Tap,
    Toggle,
    Transmission,
    UiSnapshot,
    Window,
)
from monitor.knowledge.consent_strings import ALL, NONE, SOME, extent

#: From an answer to what the app does at it (microseconds).
_ANSWERED_US: Final = 1_000_000


on_screen("prechecked", "prechecked", "Whether a consent box is already ticked.")
on_screen("drawn_ticked", "ticked", "Whether a box that is drawn, or only says that something was read, is ticked.")


@fact
def mailings_ticked(e: Window) -> bool:
    """Whether a form that opens an account has a ticked box for advertising that is sent, or for giving data to
    others. Not one that declines them."""
    looks = seen(e)
    on = [words for words, checked in looks.choices if checked and not regex("declines").match(words)]
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
    return drawn(e.label) is not None or written(e.label) is not None


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
    if not any(box):  # one that is drawn, or has no words of its own: the sentence beside it
        box = [seen(e).agreement]
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


@fact
def ticked_by_answer(e: Window, c: Context) -> bool:
    """Whether the app ticked the box as the user agreed, in a dialog, to the documents that the box names."""
    box = _named(b.label for b in e.boxes if b.checked)
    tap = next((tap for tap in reversed(c.taps) if before(tap, e)), None)
    if not box or tap is None or gap(tap, e)[1] > _ANSWERED_US or label(tap.label) != ("accept", True):
        return False
    asked = next((w for w in reversed(c.windows) if w.window == tap.window and w.src == tap.src and w.texts), None)
    return asked is not None and asked.window != e.window and box <= _named(asked.texts)


def _named(texts: Iterable[str]) -> frozenset[str]:
    """Documents by their names."""
    return frozenset(name for text in texts for name in re.findall("《[^》]*》", text))


def _offers(words: str) -> frozenset[str]:
    """Which of those plain words name that are agreed to for their own sake, and not with a policy: advertising that is
    sent to one, and data that goes to partners."""
    return (
        frozenset(topics_named(words)) & {"marketing", "share"} if pattern("agreement").search(words) else frozenset()
    )


def _apart(words: str) -> frozenset[str]:
    """What the documents that plain words name are about, apart from use and privacy."""
    return frozenset(
        found for name in regex("document_names").findall(words) for found in pattern("apart").findall(name)
    )


def _names_terms(texts: Iterable[str]) -> bool:
    """Whether terms are named, and not only under a name of the privacy policy (隐私协议)."""
    words = pattern("policy").sub("", regex("privacy_documents").sub("", plain("\n".join(texts))))
    return bool(pattern("terms").search(words))


@fact
def share_agreed(e: Toggle, c: Context) -> bool:
    """Whether the user had agreed to give somebody data, or to all that a consent platform asks for: a switch that is
    on after it shows that choice."""
    if c.consent.notices.requests.by_platform and consented(c, "policy", e).answer == "yes":
        return True
    shares = [name for name in c.consent.lines.scopes if name.startswith("share:")]
    return any(consented(c, name, e).answer in ("yes", "unclear") for name in shares)


def _stated(e: Consent | Transmission) -> str:
    """How much a consent string says was consented to: its form, or empty."""
    if isinstance(e, Consent):
        return (
            extent(e.detail.get("purposes", ""))
            if e.via == "iab" and "Legitimate" not in e.detail.get("key", "")
            else ""
        )
    return next((m.form for m in e.matches if m.data_type == "consent" and m.form in (NONE, SOME, ALL)), "")


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
