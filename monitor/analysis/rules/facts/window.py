"""Facts about what a window, a snapshot or a prompt shows."""

from __future__ import annotations

from typing import Any, Final

from monitor.analysis.consent.prompts import component_title
from monitor.analysis.consent.screens import PROSE, Screen
from monitor.analysis.consent.timeline import before, gap
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context, Subject
from monitor.analysis.rules.facts.registry import SCREENS, fact
from monitor.analysis.rules.screens import seen
from monitor.events import KINDS

_NOTICE_US: Final = 8_000_000
_FEW: Final = 2
#: A policy for children is the guardian's to answer: whose answer it is makes no further purpose.
_NO_OTHER_PURPOSE: Final = frozenset({"guardian_words"})

#: Each needs a consent of its own before it happens.
_GIVEN_AWAY: Final = frozenset({"share", "cross_border", "sensitive"})


def _unequal(e: Any) -> bool:
    """A refusal control of less than half the area of the agreement (EDPB, CNIL: as easy to refuse)."""

    def area(name: str) -> int:
        left, top, right, bottom = (*e.sizes.get(name, ()), 0, 0, 0, 0)[:4]
        return int(max(0, right - left) * max(0, bottom - top))

    looks = seen(e)
    agree = max((area(b) for b in looks.accepts), default=0)
    refuse = max((area(b) for b in looks.rejects), default=0)
    return bool(looks.policy and agree and refuse and refuse * 2 < agree)


def _shown_prompt(e: Any) -> bool:
    """A visible request: the system dialog, known from outside or from its answer, or the app's own guide to it."""
    if hasattr(e, "buttons") and hasattr(e, "action"):
        looks = seen(e)
        named = bool(looks.types and pattern("permission").search(looks.words))
        return e.action == "shown" and named and looks.asks and not looks.policy
    return bool(e.shown and e.permissions) if hasattr(e, "shown") else e.dialog == "yes"


def _offers_switch(e: Any) -> bool:
    words = plain(e.name) if hasattr(e, "value") else seen(e).words
    return bool(pattern("switch").search(words))


def _notice_unread(e: Any, c: Context) -> bool:
    """Whether an unreadable window that may have been the notice was shown: before the event, or while a screen that
    had just opened may have shown it."""
    return any(
        not before(e, strange) or (hasattr(e, "what") and gap(e, strange)[0] <= _NOTICE_US)
        for strange in c.consent.notices.strange.values()
    )


def _page(e: Any) -> bool:
    return bool(e.window_kind == "activity" and component_title(e.title))


@fact("ui_snapshot")
def told_by_window(e: Any, c: Context, s: Subject) -> Any:
    """Whether windows that the hooks reported show every box that is ticked here."""
    ticked = {plain(box.label) for box in e.boxes if box.checked}
    told = {plain(box.label) for window in c.history["window"] for box in getattr(window, "boxes", ()) if box.checked}
    return ticked <= told


@fact("window")
def is_page(e: Any, c: Context, s: Subject) -> Any:
    """Whether the window is an activity that its component names."""
    return _page(e)


def _agreeable(e: Any, looks: Screen) -> bool:
    """Whether something on it may agree. A whole page has many controls with other uses: there only a clear one."""
    if hasattr(e, "window_kind") and _page(e):
        return looks.clear_accept or looks.login_consent or (looks.refusable and looks.prose >= PROSE)
    return bool(looks.accepts or looks.unknown or e.boxes) or not all(map(plain, e.buttons))


@fact(*SCREENS)
def policy_dialog(e: Any, c: Context, s: Subject) -> Any:
    """Whether it mentions the privacy policy and asks for consent, not whether to take one back."""
    looks = seen(e)
    return looks.policy and looks.asks and not looks.withdraws and _agreeable(e, looks)


@fact(*SCREENS)
def policy_notice(e: Any, c: Context, s: Subject) -> Any:
    """Whether it mentions the privacy policy, or the scenario says so."""
    return seen(e).policy or e.seq in c.consent.notices.stated


@fact(*SCREENS)
def has_reject(e: Any, c: Context, s: Subject) -> Any:
    """Whether a control refuses."""
    return bool(seen(e).rejects)


@fact(*SCREENS)
def has_accept(e: Any, c: Context, s: Subject) -> Any:
    """Whether a control agrees."""
    return bool(seen(e).accepts)


@fact(*SCREENS)
def prechecked(e: Any, c: Context, s: Subject) -> Any:
    """Whether a consent box is already ticked."""
    return seen(e).prechecked


@fact(*SCREENS)
def login_consent(e: Any, c: Context, s: Subject) -> Any:
    """Whether it states that logging in is consent."""
    return seen(e).login_consent


@fact(*SCREENS)
def policy_titled(e: Any, c: Context, s: Subject) -> Any:
    """Whether the title is that of a privacy policy."""
    return seen(e).titled


@fact(*SCREENS)
def bundled(e: Any, c: Context, s: Subject) -> Any:
    """Whether one answer covers purposes that need separate consent."""
    return seen(e).policy and bool(seen(e).bundle - _NO_OTHER_PURPOSE) and not seen(e).separate


@fact(*SCREENS)
def bundled_for_good(e: Any, c: Context, s: Subject) -> Any:
    """Whether one answer covers purposes that no later switch undoes: what was given away stays so."""
    return seen(e).policy and bool(seen(e).bundle & _GIVEN_AWAY) and not seen(e).separate


@fact(*SCREENS)
def separate(e: Any, c: Context, s: Subject) -> Any:
    """Whether it requests a consent apart from the policy."""
    return bool(set(c.consent.notices.scopes_of(seen(e))) - {"policy"})


@fact(*SCREENS)
def separate_text(e: Any, c: Context, s: Subject) -> Any:
    """Whether its words request separate consent."""
    return seen(e).separate


@fact(*SCREENS)
def vague(e: Any, c: Context, s: Subject) -> Any:
    """Whether purposes are stated vaguely."""
    return seen(e).vague


@fact(*SCREENS)
def reward(e: Any, c: Context, s: Subject) -> Any:
    """Whether consent is induced by a reward."""
    return seen(e).reward


@fact(*SCREENS)
def reasons(e: Any, c: Context, s: Subject) -> Any:
    """Whether it says why something is needed."""
    return seen(e).reasons


@fact(*SCREENS)
def names_types(e: Any, c: Context, s: Subject) -> Any:
    """Whether it names types of personal information."""
    return bool(seen(e).types)


@fact(*SCREENS)
def odd_demand(e: Any, c: Context, s: Subject) -> Any:
    """Whether it asks the user to recruit others."""
    return bool(pattern("recruit").search(seen(e).words))


@fact(*SCREENS)
def cancels_account(e: Any, c: Context, s: Subject) -> Any:
    """Whether it mentions account cancellation."""
    return bool(pattern("cancel_account").search(seen(e).words))


@fact("ui_snapshot")
def unequal_reject(e: Any, c: Context, s: Subject) -> Any:
    """Whether refusing has less than half the area of agreeing."""
    return _unequal(e)


@fact(*SCREENS)
def choice_unread(e: Any, c: Context, s: Subject) -> Any:
    """Whether a control has words that are not understood."""
    return bool(seen(e).unknown)


@fact("window", "prompt", "permission_result")
def shown_prompt(e: Any, c: Context, s: Subject) -> Any:
    """Whether a request for permission was visible."""
    return _shown_prompt(e)


@fact(*SCREENS, "toggle")
def offers_switch(e: Any, c: Context, s: Subject) -> Any:
    """Whether it offers a switch for personalisation."""
    return _offers_switch(e)


@fact(*KINDS)
def notice_unread(e: Any, c: Context, s: Subject) -> Any:
    """Whether an unreadable window may have been the notice."""
    return _notice_unread(e, c)


@fact(*SCREENS)
def policy_updated(e: Any, c: Context, s: Subject) -> Any:
    """Whether the app says that its policy changed."""
    looks = seen(e)
    return looks.policy and bool(pattern("updated").search(looks.words))


@fact(*SCREENS)
def agreed_before(e: Any, c: Context, s: Subject) -> Any:
    """Whether the user had certainly and unambiguously agreed to the policy when it was shown."""
    return consented(c, "policy", e).answer == "yes"


@fact("window")
def gate(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is the first page and requests consent to the policy with few controls and no box."""
    looks = seen(e)
    few = bool(looks.accepts) and 1 <= len(looks.controls) <= _FEW and not e.boxes
    return few and looks.policy and not looks.login_consent and consented(c, "policy", e).answer == "no"
