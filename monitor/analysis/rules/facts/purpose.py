"""Facts of PRM-04: whether a permission's purpose was on the screen when the system prompt appeared."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from monitor.analysis.consent.control import label
from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.window import WindowText, seen, sentence
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.analysis.guarded import group_names, short
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import Shown
from monitor.analysis.rules.spoken import (
    SENTENCE_END,
    asks_alone,
    asks_perhaps,
    concrete,
    gives_reason,
    lure,
    nearly,
    says_why,
    sentences,
    title_of,
    width,
)
from monitor.analysis.timeline import before, gap, moment
from monitor.events import DATA_TYPES, PermissionResult, Prompt, Window
from monitor.knowledge.prompts import component_title
from monitor.knowledge.wordlists import groups_of, table

#: What was shown this long before the prompt counts, even if it has since disappeared; and whatever else was shown last
#: before at most one tap, which then asked for it: a busy machine takes its time.
_RECENT_US: Final = 15_000_000
#: From the first dialog of a request to the answer to its last.
_REQUEST_US: Final = 120_000_000
#: Steps after which another page may stand there.
_TURNS: Final = frozenset({"back", "background", "foreground", "restart", "launchApp", "openLink"})
_SENTENCE: Final = 10
#: An app's own name takes no more room than this; a part of a sentence that is wider says something.
_APP_NAME: Final = 16
_FEW_WORDS: Final = 14

Asking = Prompt | PermissionResult


class _Asked(NamedTuple):
    """What the system asked for: ``types`` are those of ``_guarded_types``; ``about``, the groups that guard no data of
    their own, or none that texts name (notifications, nearby devices, the body's activity); ``purposes``, as declared
    and in plain words."""

    names: list[str]
    types: set[str]
    groups: set[str]
    about: set[str]
    purposes: list[str]


def _asked(e: Asking, c: Context) -> _Asked:
    names = e.permissions if isinstance(e, Prompt) else [e.permission]
    groups, last = group_names(names), {short(name) for name in names}
    stated = [one for one in c.declaration.permissions or [] if short(one.name) in last and one.purpose_text]
    about = groups & set(groups_of("asked_about"))
    return _Asked(names, _guarded_types(names), groups, about, [plain(one.purpose_text) for one in stated])


def _guarded_types(permissions: Iterable[str]) -> set[str]:
    """The types that permissions guard, with those of their group, for which the system asks at once: not of the
    phone's, as a number that is typed in to sign in is no reason for the phone's state."""
    groups, names = group_names(permissions) - {"PHONE"}, {short(name) for name in permissions}
    every = table("permissions").items()
    return set[str]().union(*(entry["types"] for name, entry in every if name in names or entry["group"] in groups))


# The screens ----------------------------------------------------------------------------------------------------------
def screens_of(e: Asking, c: Context) -> list[tuple[Shown, WindowText, bool]]:
    """Windows on the screen at an event or shortly before, and the last snapshots of the screen; each with what it
    shows, and whether it is recent."""
    return c.once(("screens", *moment(e)), lambda: [(one, seen(one), _recent(of, e, c)) for one, of in _standing(e, c)])


def _standing(e: Asking, c: Context) -> Iterator[tuple[Shown, Shown]]:
    """Windows, what has come up in each, which a page with much else says by itself, and pictures; with the screen that
    says when it was shown."""
    standing: dict[tuple[str, int], Window] = {}
    gone: list[Window] = []
    for window in c.windows:
        if before(e, window):
            continue
        last = standing.pop((window.src, window.window), None)
        if last is not None and _recent(last, e, c):
            gone.append(last)
        if window.action != "hidden":
            standing[window.src, window.window] = window
    for window in (*gone, *standing.values()):
        yield window, window
        if isinstance(sheet := c.consent.sheets.seen.get(window.seq), Window):
            yield sheet, window
    pictures = [picture for picture in c.snapshots if not before(e, picture)]
    yield from ((picture, picture) for picture in pictures[-2:])


def _recent(screen: Shown, e: Asking, c: Context) -> bool:
    if gap(screen, e)[0] <= _RECENT_US:
        return True
    if sum(before(screen, tap) and before(tap, e) for tap in c.taps) != 1:
        return False
    return not any(step.verb in _TURNS and before(screen, step) and before(step, e) for step in c.history["step"])


def _about(screen: Shown, wording: WindowText, asked: _Asked) -> bool:
    """Whether a dialog, or a sentence of a page, is about what a permission is for that guards no data of its own."""
    if not (asked.about and wording.words):  # the system's own question is no reason
        return False
    title = title_of(screen)
    page = not title and not (isinstance(screen, Window) and screen.window_kind != "activity")
    texts = map(plain, (title, *screen.texts))
    spoken = [concrete(text) for text in texts if text not in wording.controls and (not page or sentence(text))]
    if wording.vague:  # what it says besides must say what for
        spoken = [text for text in spoken if pattern("benefit").search(text)]
    return any(pattern("asked_about", group).search(text) for group in asked.about for text in spoken)


def _of_permissions(words: str, asked: _Asked) -> bool:
    """Whether a plain text that names no data speaks of this permission's group, or of permissions as such."""
    own = any(pattern("asked_about", group).search(words) for group in asked.about)
    return own or bool(pattern("permission").search(words))


def _promised(screen: Shown, wording: WindowText, asked: _Asked) -> bool:
    """Whether it is the policy's notice without a reason why the system asks now: it says what data is for, or that
    permissions will be asked for some other time. What it says of a permission with its reason, in one sentence,
    counts."""
    if not wording.policy or not pattern("permission").search(wording.words):
        return wording.policy
    said = (sentence for text in screen.texts for sentence in SENTENCE_END.split(plain(text)))
    return not any(
        (types_named(sentence) & asked.types or not asked.types)
        and pattern("necessity").search(sentence)
        and not pattern("asked_later").search(sentence)
        for sentence in said
    )


def _refused(screen: Shown, wording: WindowText, e: Asking, c: Context) -> bool:
    """Whether the user refused what a dialog offered: what comes up after that is not what it announced."""
    since = (tap for tap in c.taps if before(screen, tap) and not before(e, tap))
    return any(plain(tap.label) in wording.controls and label(tap.label).meaning == "reject" for tap in since)


def _says_why(screen: Shown, wording: WindowText, asked: _Asked) -> bool:
    return says_why(screen, wording, asked.groups & set(groups_of("subjects")))


# A reason -------------------------------------------------------------------------------------------------------------
def explained(e: Asking, c: Context) -> bool:
    """Whether text on the screen, for however long, says what the permission is for: in the declared words, or by
    naming its data with a reason."""
    # A control that is called as the purpose asks for it. The name of a page or a function elsewhere explains no
    # permission; nor does that of what sends notifications: who opens it wants to see it.
    by_tap = _named_by_tap(e, c) and not _only_a_name(e, c)
    return by_tap or any(explains(screen, e, c) for screen, _, _ in screens_of(e, c))


def explains(screen: Shown, e: Asking, c: Context) -> bool:
    """Whether a screen states a declared purpose of a permission, or a reason in one breath with its data. Of a screen
    that is there for one thing, it is enough that it says what this permission is for: on a page with much else such a
    sentence may be about anything."""
    wording, asked = seen(screen), _asked(e, c)
    if _promised(screen, wording, asked):
        return False
    if any(words in wording.words for words in asked.purposes):
        said = {plain(text) for text in screen.texts} - wording.controls | {plain(getattr(screen, "title", ""))}
        if any(words in text for words in asked.purposes for text in said):
            return True
    if asked.types & wording.types and gives_reason(screen, wording):
        return True
    if nearly(asked.purposes, screen, wording):
        return True
    return asks_alone(screen, wording) and _says_why(screen, wording, asked) and not _refused(screen, wording, e, c)


def _tapped(e: Asking, c: Context) -> str:
    """The plain words of the control that was tapped last."""
    tap = c.last_tap(e)
    return plain(tap.label) if tap else ""


def _named_by_tap(e: Asking, c: Context) -> bool:
    """Whether the control that was tapped last is called as the declared purpose."""
    tapped = _tapped(e, c)
    return any(words in tapped for words in _asked(e, c).purposes)


def _only_a_name(e: Asking, c: Context) -> bool:
    """Whether the control that was tapped last only bears a name (Boarding reminders), and the permission is for
    telling the user: neither a switch, nor a label that asks for it (remind me, 开启降价提醒)."""
    tap = c.last_tap(e)
    if tap is None or tap.checked or "NOTIFICATIONS" not in _asked(e, c).groups:
        return False
    words = plain(tap.label)
    return not (label(tap.label).meaning == "accept" or any(pattern(k).search(words) for k in ("benefit", "asks_me")))


def perhaps_explained(e: Asking, c: Context) -> bool:
    """Whether a screen shortly before may have stated the purpose: a dialog, or a page that says little and of which a
    control was tapped, in unknown words; or a page with much else, in a sentence about what the permission does."""
    asked = _asked(e, c)
    for screen, wording, recent in screens_of(e, c):
        if not recent or wording.policy:
            continue
        page = not isinstance(screen, Window) or (
            screen.window_kind in ("activity", "toast") and bool(component_title(screen.title))
        )
        alone = not page or (not wording.types and asks_perhaps(screen, wording) and _tapped(e, c) in wording.controls)
        unknown = wording.prose >= _SENTENCE and (page or not wording.everyday)  # a tab is no subject
        if ((alone and unknown) or _says_why(screen, wording, asked)) and not _refused(screen, wording, e, c):
            return True
    return _named_by_tap(e, c)


def prompted(e: PermissionResult, c: Context) -> bool:
    """Whether a dialog that may have been for this permission was seen coming up: those for further groups of one
    request take its place without a sign of their own."""
    types = _guarded_types([e.permission])
    seen_up = [p for p in c.history["prompt"] if not before(e, p) and p.shown and gap(p, e)[0] <= _REQUEST_US]
    own = any(not prompt.permissions or types & _guarded_types(prompt.permissions) for prompt in seen_up)
    return own or not types or not seen_up


# A word of it ---------------------------------------------------------------------------------------------------------
def told(e: Asking, c: Context) -> bool:
    """Whether a screen shortly before said something of it: named its data, or gave a reason that names none. The
    reasons of the privacy policy are for the policy; what is vague or a reward is looked at by itself."""
    asked = _asked(e, c)
    for screen, wording, recent in screens_of(e, c):
        if not recent or _own_name(screen, wording, c):
            continue
        # Of others, only what is said of them.
        own = wording.types & asked.types if asked.types else not asked.about and wording.types
        vague = wording.vague and (own or not wording.types)
        reason = not wording.policy and ((wording.reasons and not wording.types) or _about(screen, wording, asked))
        if reason or ((own or vague) and not _promised(screen, wording, asked)) or lure(screen, asked.types):
            return True
    return False


def _own_name(screen: Shown, wording: WindowText, c: Context) -> bool:
    """Whether a page shows nothing but a name, has no control, and came up without a tap: that of the app, as at its
    start (晴窗相机), which says nothing of a permission."""
    if not isinstance(screen, Window) or not component_title(screen.title):
        return False
    only_name = len(screen.texts) == 1 and width(plain(screen.texts[0])) <= _APP_NAME
    more = wording.controls or wording.links or screen.boxes
    says = (
        wording.requests
        or wording.reasons
        or wording.vague
        or wording.reward
        or pattern("permission").search(wording.words)
    )
    tap = c.since_tap(screen, wish=True) if only_name and not (more or says) else (0, 0)
    return tap is None or tap[0] > _RECENT_US


def vaguely_told(e: Prompt, c: Context) -> bool:
    """Whether a screen shortly before says vaguely what this permission, or permissions as such, are for, and no other
    says it clearly."""
    asked, vaguely = _asked(e, c), False
    for screen, wording, recent in screens_of(e, c):
        if explains(screen, e, c) or (not wording.policy and _about(screen, wording, asked)):
            return False
        about = wording.types & asked.types or (not wording.types and _of_permissions(wording.words, asked))
        vaguely |= bool(recent and wording.vague and about)
    return vaguely


def lured_by(e: Asking, c: Context) -> str:
    """The words in which a screen shortly before promised a reward for this permission; empty if none did."""
    asked = _asked(e, c)
    promised = (lure(screen, asked.types, asked.about) for screen, _, recent in screens_of(e, c) if recent)
    return next(filter(None, promised), "")


def lures(e: Shown) -> bool:
    """Whether a permission or data is requested in return for a reward."""
    return bool(lure(e, DATA_TYPES))


# Nothing but its name -------------------------------------------------------------------------------------------------
def only_named(e: Asking, c: Context) -> bool:
    """Whether a dialog, or a page that is there for one thing, asked for it shortly before and gave no reason at all:
    it names the data, the permission, or its group, and says neither what for nor what is in it for the user."""
    return any(recent and _asks_only(screen, wording, e, c) for screen, wording, recent in screens_of(e, c))


def only_asks(e: Asking, c: Context) -> bool:
    """Whether a dialog or page as in ``only_named`` has no other word, in its title and controls either, that may say
    what for."""
    asking = (one for one, wording, recent in screens_of(e, c) if recent and _asks_only(one, wording, e, c))
    return any(_nothing_more(screen, seen(screen)) for screen in asking)


def _asks_only(screen: Shown, wording: WindowText, e: Asking, c: Context) -> bool:
    asked = _asked(e, c)
    if wording.policy or wording.reasons or not asks_alone(screen, wording) or explains(screen, e, c):
        return False
    dialog = isinstance(screen, Window) and screen.window_kind != "activity"
    texts = list(map(plain, screen.texts) if dialog else sentences(screen, wording))
    named = frozenset[str]().union(*map(types_named, texts))
    about = named & asked.types or (not named and any(_of_permissions(text, asked) for text in texts))
    return bool(about) and not any(_says_more(text, asked) for text in texts)


def _says_more(text: str, asked: _Asked) -> bool:
    """Whether a plain text that asks for a permission may say what for, in whatever words."""
    for part in regex("parts").split(concrete(text)):
        asks = bool(types_named(part)) or _of_permissions(part, asked)
        said = regex("asked_in_general").sub("", part)
        if pattern("benefit").search(said) or (regex("what_for").search(said) if asks else width(part) > _FEW_WORDS):
            return True
    return False


def _nothing_more(screen: Shown, wording: WindowText) -> bool:
    """Whether each word of its texts is known to say nothing, and each control only answers. The name of an app, or of
    what it is for (签到需要获取您的位置信息), may say something."""
    answers = (
        label(words).clear or any(pattern(kind, "ambiguous").fullmatch(words) for kind in ("accept", "reject"))
        for words in wording.controls
    )
    if wording.links or not all(answers):
        return False
    words = plain("\n".join((title_of(screen), *screen.texts)))
    for kind in groups_of("types"):
        words = pattern("types", kind).sub("", words)
    return not re.search(r"[^\W_]", regex("nothing_more").sub("", words))
