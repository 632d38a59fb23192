"""Facts of PRM-04: whether a permission's purpose was on the screen when the system prompt appeared."""

from collections.abc import Iterator, Sequence
from typing import Final

from monitor.analysis.consent.control import label
from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.timeline import before, gap, moment
from monitor.analysis.consent.window import WindowText, seen, sentence
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.guarded import group_names, short
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import Shown, fact
from monitor.analysis.rules.facts.lures import lure
from monitor.analysis.rules.facts.shown import on_screen
from monitor.analysis.rules.spoken import (
    SENTENCE_END,
    asks_alone,
    asks_perhaps,
    concrete,
    gives_reason,
    nearly,
    says_why,
    subjects,
)
from monitor.events import PermissionResult, Prompt, Window
from monitor.knowledge.prompts import component_title
from monitor.knowledge.wordlists import table

#: What was shown this long before the prompt counts, even if it has since disappeared; and whatever else was shown last
#: before at most one tap, which then asked for it: a busy machine takes its time.
_RECENT_US: Final = 15_000_000
_ONE_TAP: Final = 1
#: Steps after which another page may stand there.
_TURNS: Final = frozenset({"back", "background", "foreground", "restart", "launchApp", "openLink"})
_SENTENCE: Final = 10
#: An app's own name takes no more room than this, as ``_width`` has it.
_APP_NAME: Final = 16
#: From the first dialog of a request to the answer to its last.
_REQUEST_US: Final = 120_000_000


def screens_of(e: Prompt | PermissionResult, c: Context) -> list[tuple[Shown, bool]]:
    """Windows on the screen at an event or shortly before, and the last snapshot of the screen; each with whether it is
    recent."""
    return c.once(("screens", *moment(e)), lambda: list(_standing(e, c)))


def _standing(e: Prompt | PermissionResult, c: Context) -> Iterator[tuple[Shown, bool]]:
    standing: dict[tuple[str, int], Window] = {}
    for window in c.windows:
        if before(e, window):
            continue
        key = (window.src, window.window)
        gone = standing.pop(key, None)
        if gone is not None and _recent(gone, e, c):
            yield from ((one, True) for one in _whole_and_sheet(gone, c))
        if window.action != "hidden":
            standing[key] = window
    for window in standing.values():
        yield from ((one, _recent(window, e, c)) for one in _whole_and_sheet(window, c))
    pictures = [picture for picture in c.snapshots if not before(e, picture)]
    for picture in pictures[-2:]:
        yield picture, _recent(picture, e, c)


def _whole_and_sheet(window: Window, c: Context) -> Iterator[Window]:
    """A window, and what has come up in it, which a page with much else says by itself."""
    yield window
    if isinstance(sheet := c.consent.sheets.seen.get(window.seq), Window):
        yield sheet


def _recent(screen: Shown, e: Prompt | PermissionResult, c: Context) -> bool:
    if gap(screen, e)[0] <= _RECENT_US:
        return True
    since = 0
    for tap in reversed(c.taps):
        if before(screen, tap) and before(tap, e):
            since += 1
            if since > _ONE_TAP:
                return False
    return bool(since) and not any(s.verb in _TURNS and before(screen, s) and before(s, e) for s in c.history["step"])


def _declared(c: Context, permissions: Sequence[str]) -> list[str]:
    last = {short(name) for name in permissions}
    stated = [p for p in c.declaration.permissions or [] if short(p.name) in last]
    return [plain(p.purpose_text) for p in stated if p.purpose_text]


def names_of(e: Prompt | PermissionResult) -> list[str]:
    """The permissions that were asked for."""
    return e.permissions if isinstance(e, Prompt) else [e.permission]


def guarded_types(permissions: Sequence[str]) -> set[str]:
    """The types that permissions guard, with those of their group, for which the system asks at once: not of the
    phone's, as a number that is typed in to sign in is no reason for the phone's state."""
    groups, names = group_names(permissions) - {"PHONE"}, {short(name) for name in permissions}
    every = table("permissions").items()
    return set[str]().union(*(entry["types"] for name, entry in every if name in names or entry["group"] in groups))


def _subjects(e: Prompt | PermissionResult) -> set[str]:
    """The groups asked for that guard no data of their own, or none that texts name."""
    known: set[str] = set(table("consent_words")["asked_about"])
    return known & group_names(names_of(e))


def _about(screen: Shown, e: Prompt | PermissionResult) -> bool:
    """Whether a dialog, or a sentence of a page, is about what a permission is for that guards no data of its own or
    none that texts name: notifications, nearby devices, the body's activity."""
    groups = _subjects(e)
    title = "" if not isinstance(screen, Window) or component_title(screen.title) else screen.title
    page = not title and not (isinstance(screen, Window) and screen.window_kind != "activity")
    looks = seen(screen)
    own = groups and looks.words  # the system's own question is no reason
    texts = map(plain, (title, *screen.texts)) if own else ()
    spoken = [concrete(text) for text in texts if text not in looks.controls and (not page or sentence(text))]
    if looks.vague:  # what it says besides must say what for
        spoken = [text for text in spoken if pattern("benefit").search(text)]
    return any(pattern("asked_about", group).search(text) for group in groups for text in spoken)


@fact
def explained(e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether text on the screen, for however long, says what the permission is for: in the declared words, or by
    naming its data with a reason."""
    # Who taps what is called as the purpose asks for it, and need not be told. The name of a page or a function
    # elsewhere explains no permission; nor does that of what sends notifications: who opens it wants to see it.
    asked = _named_by_tap(e, c) and not _bare(e, c)
    return asked or any(explains(screen, e, c) for screen, _ in screens_of(e, c))


def explains(screen: Shown, e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether a screen states a declared purpose of a permission, or a reason in one breath with its data."""
    looks, types = seen(screen), guarded_types(names_of(e))
    if _promised(screen, types):
        return False
    declared = _declared(c, names_of(e))
    if any(words in looks.words for words in declared):
        said = {plain(text) for text in screen.texts} - looks.controls | {plain(getattr(screen, "title", ""))}
        if any(words in text for words in declared for text in said):
            return True
    if types & looks.types and gives_reason(screen, looks):
        return True
    return nearly(declared, screen, looks) or _meant(screen, looks, e, c)


def _meant(screen: Shown, looks: WindowText, e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether a screen that is there for one thing says what this permission is for. On a page with much else such a
    sentence may be about anything."""
    alone = asks_alone(screen, looks) and says_why(screen, looks, subjects(names_of(e)))
    return alone and not _refused(screen, looks, e, c)


def _named_by_tap(e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether the control that was tapped last is called as the declared purpose."""
    tapped = _tapped(e, c)
    return any(words in tapped for words in _declared(c, names_of(e)))


def _bare(e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether the control that was tapped last only bears a name (Boarding reminders), and the permission is for
    telling the user: neither a switch, nor a label that asks for it (remind me, 开启降价提醒)."""
    tap = next((tap for tap in reversed(c.taps) if before(tap, e)), None)
    if tap is None or tap.checked or "NOTIFICATIONS" not in group_names(names_of(e)):
        return False
    words = plain(tap.label)
    return not (label(tap.label).meaning == "accept" or any(pattern(k).search(words) for k in ("benefit", "asks_me")))


def _promised(screen: Shown, types: set[str]) -> bool:
    """Whether it is the policy's notice without a reason why the system asks now: it says what data is for, or that
    permissions will be asked for some other time. What it says of a permission with its reason, in one sentence,
    counts."""
    looks = seen(screen)
    if not looks.policy:
        return False
    if not pattern("permission").search(looks.words):
        return True
    said = (sentence for text in screen.texts for sentence in SENTENCE_END.split(plain(text)))
    return not any(
        (types_named(sentence) & types or not types)
        and pattern("necessity").search(sentence)
        and not pattern("asked_later").search(sentence)
        for sentence in said
    )


@fact
def prompted(e: PermissionResult, c: Context) -> bool:
    """Whether a dialog that may have been for this permission was seen coming up: those for further groups of one
    request take its place without a sign of their own."""
    types = guarded_types([e.permission])
    seen_up = [p for p in c.prompts_seen if not before(e, p) and p.shown and gap(p, e)[0] <= _REQUEST_US]
    own = any(not prompt.permissions or types & guarded_types(prompt.permissions) for prompt in seen_up)
    return own or not types or not seen_up


@fact
def told(e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether a screen shortly before said something of it: named its data, or gave a reason that names none. The
    reasons of the privacy policy are for the policy; what is vague or a reward is looked at by itself."""
    types, groups = guarded_types(names_of(e)), _subjects(e)
    for screen, recent in screens_of(e, c):
        looks = seen(screen)
        own = looks.types & types if types else not groups and looks.types  # of others, only what is said of them
        named = own and not _promised(screen, types)
        reason = (looks.reasons and not looks.types and not looks.policy) or (not looks.policy and _about(screen, e))
        vague = looks.vague and (own or not looks.types) and not _promised(screen, types)
        if recent and not _own_name(screen, c) and (named or reason or vague or lure(screen, types)):
            return True
    return False


def _own_name(screen: Shown, c: Context) -> bool:
    """Whether a page shows nothing but a name, has no control, and came up without a tap: that of the app, as at its
    start (晴窗相机), which says nothing of a permission."""
    if not isinstance(screen, Window) or not component_title(screen.title):
        return False
    looks = seen(screen)
    bare = len(screen.texts) == 1 and width(plain(screen.texts[0])) <= _APP_NAME
    more = looks.controls or looks.links or screen.boxes
    says = looks.requests or looks.reasons or looks.vague or looks.reward or pattern("permission").search(looks.words)
    if not bare or more or says:
        return False
    tap = c.since_tap(screen, wish=True)
    return tap is None or tap[0] > _RECENT_US


def width(text: str) -> int:
    """The room that a text takes: a Chinese character that of two Latin ones."""
    return sum(1 + (character > "\u2e80") for character in text)


@fact
def vaguely_told(e: Prompt, c: Context) -> bool:
    """Whether a screen shortly before says vaguely what this permission, or permissions as such, are for, and no other
    says it clearly."""
    types, vaguely = guarded_types(names_of(e)), False
    for screen, recent in screens_of(e, c):
        looks = seen(screen)
        if explains(screen, e, c) or (not looks.policy and _about(screen, e)):
            return False
        about = looks.types & types or (not looks.types and of_permissions(looks.words, e))
        vaguely |= bool(recent and looks.vague and about)
    return vaguely


def of_permissions(words: str, e: Prompt | PermissionResult) -> bool:
    """Whether a plain text that names no data speaks of this permission's group, or of permissions as such."""
    groups = _subjects(e)
    own = any(pattern("asked_about", group).search(words) for group in groups)
    return own or bool(pattern("permission").search(words))


@fact
def perhaps_explained(e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether a screen shortly before may have stated the purpose: a dialog, or a page that says little and of which a
    control was tapped, in unknown words; or a page with much else, in a sentence about what the permission does."""
    for screen, recent in screens_of(e, c):
        looks = seen(screen)
        page = not isinstance(screen, Window) or (
            screen.window_kind in ("activity", "toast") and bool(component_title(screen.title))
        )
        asked = not page or (not looks.types and asks_perhaps(screen, looks) and _tapped(e, c) in looks.controls)
        unknown = looks.prose >= _SENTENCE and not looks.policy and (page or not looks.everyday)  # a tab is no subject
        spoken = not looks.policy and says_why(screen, looks, subjects(names_of(e)))
        if recent and ((asked and unknown) or spoken) and not _refused(screen, looks, e, c):
            return True
    return _named_by_tap(e, c)


def _tapped(e: Prompt | PermissionResult, c: Context) -> str:
    """The plain words of the control that was tapped last."""
    return next((plain(tap.label) for tap in reversed(c.taps) if before(tap, e)), "")


def _refused(screen: Shown, looks: WindowText, e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether the user refused what a dialog offered: what comes up after that is not what it announced."""
    for tap in c.taps:
        since = before(screen, tap) and not before(e, tap) and plain(tap.label) in looks.controls
        if since and label(tap.label).meaning == "reject":
            return True
    return False


@fact
def lured(e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether a screen shortly before promised a reward for this permission."""
    return bool(lured_by(e, c))


@fact
def lured_by(e: Prompt | PermissionResult, c: Context) -> str:
    """The words in which a screen shortly before promised a reward for this permission; empty if none did."""
    types, groups = guarded_types(names_of(e)), _subjects(e)
    promised = (lure(screen, types, groups) for screen, recent in screens_of(e, c) if recent)
    return next(filter(None, promised), "")


on_screen("vague", "vague", "Whether purposes are stated vaguely.")
