"""Facts of PRM-04: whether a permission's purpose was on the screen when the system prompt appeared."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.text import find, label, pattern, plain
from monitor.analysis.consent.window import WindowText, seen
from monitor.analysis.guarded import group_names, short
from monitor.analysis.rules import spoken
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts import Shown
from monitor.analysis.rules.facts.shown import is_page
from monitor.analysis.timeline import before, gap
from monitor.events import DATA_TYPES, PermissionResult, Prompt, Window
from monitor.knowledge.wordlists import groups_of, table

#: What was shown this long before the prompt counts, even if it has since disappeared; and whatever else was shown last
#: before at most one tap, which then asked for it: a busy machine takes its time.
_RECENT_US: Final = 15_000_000
_SENTENCE: Final = 10
#: An app's own name takes no more room than this; a part of a sentence that is wider says something.
_APP_NAME: Final = 16
_FEW_WORDS: Final = 14

Asking = Prompt | PermissionResult


class _Asked(NamedTuple):
    """What the system asked for: ``types`` are those of ``_guarded_types``; ``about``, of its groups those that guard
    no data of their own, or none that texts name (notifications, nearby devices, the body's activity), as terms of the
    lexicon; ``purposes``, as declared and in plain words."""

    types: set[str]
    groups: set[str]
    about: list[str]
    purposes: list[str]

    def named_in(self, words: str) -> bool:
        """Whether a plain text that names no data speaks of this permission's group, or of permissions as such."""
        return bool(find(words, *self.about, "permission"))


def _asked(e: Asking, c: Context) -> _Asked:
    names = e.permissions if isinstance(e, Prompt) else [e.permission]
    groups, last = group_names(names), {short(name) for name in names}
    stated = [one for one in c.declaration.permissions or [] if short(one.name) in last and one.purpose_text]
    about = [f"asked_about/{group}" for group in sorted(groups & set(groups_of("asked_about")))]
    return _Asked(_guarded_types(names), groups, about, [plain(one.purpose_text) for one in stated])


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
    return [(one, seen(one), _recent(of, e, c)) for one, of in _standing(e, c)]


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
    return gap(screen, e)[0] <= _RECENT_US or sum(1 for _ in c.taps_between(screen, e)) == 1


def _about(screen: Shown, asked: _Asked) -> bool:
    """Whether a screen is about what a permission is for that guards no data of its own, and not in general only."""
    wording = seen(screen)
    if not wording.words or wording.vague:  # the system's own question is no reason
        return False
    return any(find(text, *asked.about) for text in spoken.sentences(screen))


def _promised(screen: Shown, asked: _Asked) -> bool:
    """Whether it is the policy's notice without a reason why the system asks now: it says what data is for, or that
    permissions will be asked for some other time. What it says of a permission with its reason, in one sentence,
    counts."""
    wording = seen(screen)
    if not wording.policy or not find(wording.words, "permission"):
        return wording.policy
    said = (piece for text in screen.texts for piece in spoken.SENTENCE_END.split(plain(text)))
    own = (piece for piece in said if not asked.types or types_named(piece) & asked.types)
    return not any(find(piece, "necessity") and not find(piece, "asked_later") for piece in own)


def _refused(screen: Shown, e: Asking, c: Context) -> bool:
    """Whether the user refused what a dialog offered: what comes up after that is not what it announced."""
    since = (tap for tap in c.taps if before(screen, tap) and not before(e, tap))
    return any(plain(tap.label) in seen(screen).controls and label(tap.label).meaning == "reject" for tap in since)


def _says_why(screen: Shown, asked: _Asked) -> bool:
    return spoken.says_why(screen, asked.groups & set(groups_of("subjects")))


# A reason -------------------------------------------------------------------------------------------------------------
def explained(e: Asking, c: Context) -> bool:
    """Whether text on the screen, for however long, says what the permission is for: in the declared words, or by
    naming its data with a reason."""
    # A control that is called as the purpose asks for it. The name of a page or a function elsewhere explains no
    # permission; nor does that of what sends notifications: who opens it wants to see it.
    tap, name = c.last_tap(e), False
    if tap is not None and not tap.checked and "NOTIFICATIONS" in _asked(e, c).groups:
        # Neither a switch, nor a label that asks to be told (remind me, 开启降价提醒).
        name = label(tap.label).meaning != "accept" and not find(plain(tap.label), "benefit", "asks_me")
    by_tap = _named_by_tap(e, c) and not name
    return by_tap or any(explains(screen, e, c) for screen, _, _ in screens_of(e, c))


def explains(screen: Shown, e: Asking, c: Context) -> bool:
    """Whether a screen states a declared purpose of a permission, or a reason in one breath with its data. Of a screen
    that is there for one thing, it is enough that it says what this permission is for: on a page with much else such a
    sentence may be about anything."""
    asked = _asked(e, c)
    if _promised(screen, asked):
        return False
    said = (seen(screen).title, *spoken.spoken_texts(screen)) if asked.purposes else ()
    if any(words in text for words in asked.purposes for text in said) and seen(screen).words:
        return True
    wording, texts = seen(screen), [seen(screen).title, *map(plain, screen.texts)]
    general = wording.vague and not any(find(spoken.concrete(text), "necessity") for text in texts)
    named = asked.types & wording.types and wording.reasons and not general
    if named or spoken.nearly(asked.purposes, screen):
        return True
    return spoken.asks_alone(screen) and _says_why(screen, asked) and not _refused(screen, e, c)


def _named_by_tap(e: Asking, c: Context) -> bool:
    """Whether the control that was tapped last is called as the declared purpose."""
    tap = c.last_tap(e)
    return tap is not None and any(words in plain(tap.label) for words in _asked(e, c).purposes)


def perhaps_explained(e: Asking, c: Context) -> bool:
    """Whether a screen shortly before may have stated the purpose: a dialog, or a page that says little and of which a
    control was tapped, in unknown words; or a page with much else, in a sentence about what the permission does."""
    asked, tap = _asked(e, c), c.last_tap(e)
    tapped = plain(tap.label) if tap else ""
    for screen, wording, recent in screens_of(e, c):
        if not recent or wording.policy or _refused(screen, e, c):
            continue
        page = not isinstance(screen, Window) or is_page(screen)
        alone = not page or (not wording.types and tapped in wording.controls and spoken.asks_perhaps(screen))
        unknown = wording.prose >= _SENTENCE and (page or not wording.everyday)  # a tab is no subject
        if (alone and unknown) or _says_why(screen, asked):
            return True
    return _named_by_tap(e, c)


def prompted(e: PermissionResult, c: Context) -> bool:
    """Whether a dialog that may have been for this permission was seen coming up: those for further groups of one
    request take its place without a sign of their own."""
    types = _guarded_types([e.permission])
    shown = [_guarded_types(p.permissions) for p in c.history["prompt"] if not before(e, p) and p.shown]
    return not shown or any(not guarded or types & guarded for guarded in shown)


# A word of it ---------------------------------------------------------------------------------------------------------
def told(e: Asking, c: Context) -> bool:
    """Whether a screen shortly before said something of it: named its data, or gave a reason that names none. The
    reasons of the privacy policy are for the policy; what is vague or a reward is looked at by itself."""
    asked = _asked(e, c)
    for screen, wording, recent in screens_of(e, c):
        if not recent or _own_name(screen, wording, c):
            continue
        own = wording.types & asked.types
        if not wording.policy and ((wording.reasons and not wording.types) or _about(screen, asked)):
            return True
        vague = wording.vague and not wording.types
        if ((own or vague) and not _promised(screen, asked)) or spoken.lure(screen, asked.types):
            return True
    return False


def _own_name(screen: Shown, wording: WindowText, c: Context) -> bool:
    """Whether a page shows nothing but a name, has no control, and came up without a tap: that of the app, as at its
    start (晴窗相机), which says nothing of a permission."""
    if not isinstance(screen, Window) or len(screen.texts) != 1 or wording.controls or wording.reasons:
        return False
    if not is_page(screen) or spoken.width(plain(screen.texts[0])) > _APP_NAME:
        return False
    tap = c.since_tap(screen, wish=True)
    return not wording.requests and (tap is None or tap[0] > _RECENT_US)


def vaguely_told(e: Prompt, c: Context) -> bool:
    """Whether a screen shortly before says vaguely what this permission, or permissions as such, are for, and no other
    says it clearly."""
    asked, vaguely = _asked(e, c), False
    for screen, wording, recent in screens_of(e, c):
        if explains(screen, e, c):
            return False
        about = wording.types & asked.types or (not wording.types and asked.named_in(wording.words))
        vaguely |= bool(recent and wording.vague and about)
    return vaguely


def lured_by(e: Asking, c: Context) -> str:
    """The words in which a screen shortly before promised a reward for this permission; empty if none did."""
    asked = _asked(e, c)
    groups = [term.partition("/")[2] for term in asked.about]
    promised = (spoken.lure(screen, asked.types, groups) for screen, _, recent in screens_of(e, c) if recent)
    return next(filter(None, promised), "")


def lures(e: Shown) -> bool:
    """Whether a permission or data is requested in return for a reward."""
    return bool(spoken.lure(e, DATA_TYPES))


# Nothing but its name -------------------------------------------------------------------------------------------------
def only_named(e: Asking, c: Context) -> str:
    """Whether a dialog, or a page that is there for one thing, asked for it shortly before and gave no reason at all:
    it names the data, the permission, or its group, and says neither what for nor what is in it for the user.
    ``certain`` if it has no other word, in its title either, that may say what for; else ``perhaps``."""
    asks = [screen for screen, _, recent in screens_of(e, c) if recent and _asks_only(screen, e, c)]
    return "" if not asks else "certain" if any(map(_nothing_more, asks)) else "perhaps"


def _asks_only(screen: Shown, e: Asking, c: Context) -> bool:
    asked, wording = _asked(e, c), seen(screen)
    if wording.policy or wording.reasons or not spoken.asks_alone(screen):
        return False
    dialog = isinstance(screen, Window) and screen.window_kind != "activity"
    texts = list(map(plain, screen.texts)) if dialog else spoken.sentences(screen)
    named = frozenset[str]().union(*map(types_named, texts))
    about = named & asked.types or (not named and any(asked.named_in(text) for text in texts))
    return bool(about) and not any(_says_more(text, asked) for text in texts)


def _says_more(text: str, asked: _Asked) -> bool:
    """Whether a plain text that asks for a permission may say what for, in whatever words."""
    for part in pattern("parts").split(spoken.concrete(text)):
        asks = bool(types_named(part)) or asked.named_in(part)
        said = pattern("asked_in_general").sub("", part)
        if find(said, "benefit") or (find(said, "what_for") if asks else spoken.width(part) > _FEW_WORDS):
            return True
    return False


def _nothing_more(screen: Shown) -> bool:
    """Whether each word of its title and texts is known to say nothing. The name of an app, or of what it is for
    (签到需要获取您的位置信息), may say something."""
    words = "\n".join((seen(screen).title, *map(plain, screen.texts)))
    for act in (*(f"types/{kind}" for kind in groups_of("types")), "nothing_more"):
        words = pattern(*act.split("/")).sub("", words)
    return not re.search(r"[^\W_]", words)
