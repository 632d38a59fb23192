"""Facts about whether a permission's purpose was on the screen when the system prompt appeared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from monitor.analysis.consent.prompts import component_title
from monitor.analysis.consent.timeline import before, gap
from monitor.analysis.consent.words import plain
from monitor.analysis.rules.context import Context, Subject, permission_entry
from monitor.analysis.rules.facts.registry import SCREENS, fact
from monitor.analysis.rules.screens import seen

#: What was shown this long before the prompt counts, even if it has since disappeared.
_RECENT_US: Final = 15_000_000
_SENTENCE: Final = 10
#: From the first dialog of a request to the answer to its last.
_REQUEST_US: Final = 120_000_000


def _screens(e: Any, c: Context) -> Iterator[tuple[Any, bool]]:
    """Windows on the screen at an event or shortly before, and the last snapshot of the screen; each with whether it is
    recent."""
    standing: dict[tuple[str, int], Any] = {}
    window: Any
    for window in c.history["window"]:
        if before(e, window):
            continue
        key = (window.src, window.window)
        if window.action != "hidden":
            standing[key] = window
        elif (shown := standing.pop(key, None)) is not None and gap(shown, e)[0] <= _RECENT_US:
            yield shown, True
    for window in standing.values():
        yield window, gap(window, e)[0] <= _RECENT_US
    pictures = [picture for picture in c.history["ui_snapshot"] if not before(e, picture)]
    for picture in pictures[-2:]:
        yield picture, gap(picture, e)[0] <= _RECENT_US


def _declared(c: Context, permissions: list[str]) -> list[str]:
    last = {name.rpartition(".")[2] for name in permissions}
    stated = [p for p in c.declaration.permissions or [] if p.name.rpartition(".")[2] in last]
    return [plain(p.purpose_text) for p in stated if p.purpose_text]


def _names(e: Any) -> list[str]:
    return list(e.permissions) if hasattr(e, "permissions") else [e.permission]


def _types(permissions: list[str]) -> set[str]:
    found: set[str] = set()
    for name in permissions:
        types = permission_entry(name).get("types", [])
        found.update(types if isinstance(types, list) else [])
    return found


@fact("prompt", "permission_result")
def explained(e: Any, c: Context, s: Subject) -> Any:
    """Whether text on the screen, for however long, says what the permission is for: in the declared words, or by
    naming its data with a reason."""
    stated, types = _declared(c, _names(e)), _types(_names(e))
    return any(
        any(words in looks.words for words in stated) or (looks.reasons and types & looks.types)
        for looks in (seen(screen) for screen, _ in _screens(e, c))
    )


@fact("permission_result")
def prompted(e: Any, c: Context, s: Subject) -> Any:
    """Whether a dialog that may have been for this permission was seen coming up: those for further groups of one
    request take its place without a sign of their own."""
    types = _types([e.permission])
    before_it: list[Any] = [prompt for prompt in c.history["prompt"] if not before(e, prompt)]
    seen_up = [prompt for prompt in before_it if prompt.shown and gap(prompt, e)[0] <= _REQUEST_US]
    own = any(not prompt.permissions or types & _types(prompt.permissions) for prompt in seen_up)
    return own or not types or not seen_up


@fact("prompt", "permission_result")
def told(e: Any, c: Context, s: Subject) -> Any:
    """Whether a screen shortly before said something of it: named its data, or gave a reason that names none. The
    reasons of the privacy policy are for the policy; what is vague or a reward is looked at by itself."""
    types = _types(_names(e))
    for screen, recent in _screens(e, c):
        looks = seen(screen)
        named = looks.types & types if types else looks.types
        reason = looks.reasons and not looks.types and not looks.policy
        if recent and (named or reason or looks.vague or looks.reward):
            return True
    return False


@fact("prompt", "permission_result")
def perhaps_explained(e: Any, c: Context, s: Subject) -> Any:
    """Whether a dialog shortly before says something in unknown words that may have been the purpose."""
    for screen, recent in _screens(e, c):
        looks = seen(screen)
        page = getattr(screen, "window_kind", "activity") in ("activity", "toast")
        dialog = recent and not (page and component_title(getattr(screen, "title", "")))
        if dialog and looks.prose >= _SENTENCE and not looks.everyday and not looks.policy:
            return True
    return False


@fact(*SCREENS)
def lures(e: Any, c: Context, s: Subject) -> Any:
    """Whether a permission or data is requested in return for a reward."""
    looks = seen(e)
    return looks.reward and (looks.rationale or bool(looks.types))
