"""Facts of PRM-04: whether a permission's purpose was on the screen when the system prompt appeared; and what the texts
of a screen say: a reason, nearly the declared words, a reward."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.text import find, label, pattern, plain
from monitor.analysis.consent.window import seen, sentence
from monitor.analysis.guarded import group_names, short
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts import Shown
from monitor.analysis.rules.facts.shown import is_page
from monitor.analysis.rules.given import Subject
from monitor.analysis.timeline import before, gap
from monitor.events import DATA_TYPES, PermissionResult, Prompt, Window
from monitor.knowledge.wordlists import groups_of, table

SENTENCE_END: Final = re.compile(r"[。;\n!?]|\.(?= |$)")
#: What was shown this long before the prompt counts, even if it has since disappeared; and whatever else was shown last
#: before at most one tap, which then asked for it: a busy machine takes its time.
_RECENT_US: Final = 15_000_000
_SENTENCE: Final = 10
#: An app's own name takes no more room than this; a part of a sentence that is wider says something.
_APP_NAME: Final = 16
_FEW_WORDS: Final = 14
#: A page that asks for something has no more controls: to do it, to leave it, and one besides.
_FEW: Final = 3
#: With a bar of tabs below, and no more texts than this, it is still no page of all sorts.
_TABS, _TEXTS = 6, 3
#: What stands between the names and times of an entry (Spinning · Orla · 18:30).
_ENTRY: Final = re.compile(r"[·•|\n]|\s[-\u2013\u2014]\s|\d+(?:[:.]\d+)*")
#: So many words, or characters of Chinese, are more than a name.
_PHRASE: Final = re.compile(r"(?:[^\W\d_\u2e80-\uffff]+\W+){2}[^\W\d_\u2e80-\uffff]|[\u2e80-\uffff]{5}")
_ENOUGH: Final = 0.6
_WORD: Final = re.compile(r"[^\W\d_\u2e80-\uffff]{4,}|[\u2e80-\uffff]+")
_COMMON: Final = frozenset("your when with from that this them they will have need what which would into some".split())
_LEAST: Final = 2
#: Characters of a dialog that is read as one sentence: a title, a promise, what to do for it.
_ONE_OFFER: Final = 200
#: Characters of a text from which on each of its sentences stands by itself: a notice names many things.
_MANY: Final = 100

Asking = Prompt | PermissionResult


class _Asked:
    """What the system asked for: of a request for several groups of permissions, for which it asks one by one, that of
    the permission ``s`` is about; empty: all."""

    def __init__(self, e: Asking, c: Context, s: Subject) -> None:
        every = e.permissions if isinstance(e, Prompt) else [e.permission]
        group = group_names([s.permission])
        names = [name for name in every if group & group_names([name])] or every
        self.types, self.groups, last = _guarded_types(names), group_names(names), set(map(short, names))
        self.about = [f"asked_about/{group}" for group in sorted(self.groups & set(groups_of("asked_about")))]
        """Terms of the lexicon: of its groups, those that guard no data of their own, or none that texts name
        (notifications, nearby devices, the body's activity)."""
        others = (group_names(every) - self.groups) & set(groups_of("asked_about"))
        self.others = [f"asked_about/{group}" for group in sorted(others)]
        stated = (plain(one.purpose_text) for one in c.declaration.permissions or [] if short(one.name) in last)
        self.purposes = list(filter(None, stated))

    def others_named_in(self, words: str) -> bool:
        """Whether a plain text that names no data is about another group of the same request alone."""
        return bool(find(words, *self.others)) and not find(words, *self.about)

    def named_in(self, words: str) -> bool:
        """Whether a plain text that names no data speaks of this permission's group, or of permissions as such."""
        return bool(find(words, *self.about, "permission"))


def _guarded_types(permissions: Iterable[str]) -> set[str]:
    """The types that permissions guard, with those of their group, for which the system asks at once: not of the
    phone's, as a number that is typed in to sign in is no reason for the phone's state."""
    groups, names = group_names(permissions) - {"PHONE"}, set(map(short, permissions))
    every = table("permissions").items()
    return set[str]().union(*(entry["types"] for name, entry in every if name in names or entry["group"] in groups))


# The screens ----------------------------------------------------------------------------------------------------------
def screens_of(e: Asking, c: Context, *, recent: bool = False) -> Iterator[Shown]:
    """Windows on the screen at an event or shortly before, what has come up in each, which a page with much else says
    by itself, and the last pictures of the screen. ``recent``: not those that were there long before."""

    def lately(screen: Shown) -> bool:
        return gap(screen, e)[0] <= _RECENT_US or sum(1 for _ in c.taps_between(screen, e)) == 1

    standing: dict[tuple[str, int], Window] = {}
    gone: list[Window] = []
    for window in (window for window in c.windows if not before(e, window)):
        last = standing.pop((window.src, window.window), None)
        if last is not None and lately(last):
            gone.append(last)
        if window.action != "hidden":
            standing[window.src, window.window] = window
    pictures = [picture for picture in c.snapshots if not before(e, picture)]
    shown: list[Shown] = [*gone, *standing.values(), *pictures[-2:]]
    for screen in shown:
        if not recent or lately(screen):
            yield screen
            if isinstance(sheet := c.consent.sheets.seen.get(screen.seq), Window):
                yield sheet


def _promised(screen: Shown, asked: _Asked) -> bool:
    """Whether it is the policy's notice without a reason why the system asks now: it says what data is for, or that
    permissions will be asked for some other time. What it says of a permission with its reason, in one sentence,
    counts."""
    wording = seen(screen)
    if not wording.policy or not find(wording.words, "permission"):
        return wording.policy
    said = (piece for text in screen.texts for piece in SENTENCE_END.split(plain(text)))
    own = (piece for piece in said if not asked.types or types_named(piece) & asked.types)
    return not any(find(piece, "necessity") and not find(piece, "asked_later") for piece in own)


def _refused(screen: Shown, e: Asking, c: Context) -> bool:
    """Whether the user refused what a dialog offered: what comes up after that is not what it announced."""
    since = (tap for tap in c.taps if before(screen, tap) and not before(e, tap))
    return any(plain(tap.label) in seen(screen).controls and label(tap.label).meaning == "reject" for tap in since)


def spoken_texts(screen: Shown) -> list[str]:
    """The title and the texts of a screen in plain words, without those of its controls."""
    wording = seen(screen)
    return [text for text in (wording.title, *map(plain, screen.texts)) if text not in wording.controls]


def _sentences(screen: Shown) -> list[str]:
    """The texts of a screen that are neither controls nor mere names."""
    return [text for text in spoken_texts(screen) if sentence(text)]


def _concrete(text: str) -> str:
    """A plain text without what it says in general only (to improve your experience, 为了给您提供更好的服务)."""
    if not find(text, "vague"):
        return text
    return "\n".join(part for part in pattern("parts").split(text) if not find(part, "vague"))


def _says_why(screen: Shown, groups: Collection[str]) -> bool:
    """Whether a sentence is about what one of the groups of permissions does, and says what for. The system's own
    question does not."""
    texts = _sentences(screen) if seen(screen).words else []
    pieces = [_concrete(piece) for text in texts for piece in SENTENCE_END.split(text)]
    why = [one for one in pieces if find(one, "benefit", "necessity") and not find(one, "asked_later", "reward")]
    about = [f"subjects/{group}" for group in groups if group in groups_of("subjects")]
    return any(find(piece, *about) for piece in why)


def _asks_alone(screen: Shown) -> bool:
    """Whether a screen is there for one thing: a dialog, or a page with few controls."""
    dialog = isinstance(screen, Window) and screen.window_kind not in ("activity", "toast")
    return dialog or 0 < len(seen(screen).controls) <= _FEW


def _asks_perhaps(screen: Shown) -> bool:
    """Whether a screen may be there for one thing, in words that are not known: see ``_asks_alone``; or a page with a
    few more controls that says little, and nothing that is known to be about other permissions. Names and times alone
    say nothing of it."""
    wording = seen(screen)
    texts = (text for text in map(plain, screen.texts) if text not in wording.controls)
    if not any(_PHRASE.search(part) for text in texts for part in _ENTRY.split(text)):
        return False
    few = 0 < len(wording.controls) <= _TABS and wording.texts <= _TEXTS
    return _asks_alone(screen) or (few and not _says_why(screen, groups_of("subjects")))


def _nearly(declared: Iterable[str], screen: Shown) -> bool:
    """Whether a text has most of the words of a declared purpose (of Chinese, most pairs of characters)."""
    wanted = [_words(text) for text in declared]
    texts = [_words(text) for text in _sentences(screen)] if wanted else ()
    return any(len(words & text) >= max(_LEAST, _ENOUGH * len(words)) for text in texts for words in wanted)


def _words(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in _WORD.findall(text):
        found.update([word] if word[0] < "\u2e80" else (word[i : i + 2] for i in range(len(word) - 1)))
    return frozenset(found - _COMMON)


def _width(text: str) -> int:
    """The room that a text takes: a Chinese character that of two Latin ones."""
    return sum(1 + (character > "\u2e80") for character in text)


def _lure(screen: Shown, types: Collection[str], about: Iterable[str] = ()) -> str:
    """The words that promise a reward for a permission: in one breath with its data, with what it is about (terms of
    the lexicon), or with permissions as such; empty if none do. What may be one offer each: every text of a screen,
    each sentence of a long one, a short dialog as a whole."""
    texts = (*((screen.title,) if isinstance(screen, Window) else ()), *screen.texts, *screen.buttons)
    offers = [one for text in texts for one in ((text,) if len(text) < _MANY else SENTENCE_END.split(plain(text)))]
    dialog = isinstance(screen, Window) and screen.window_kind != "activity"
    if dialog and sum(map(len, texts)) <= _ONE_OFFER and max(map(len, texts), default=0) < _MANY:
        offers.append("\n".join(texts))
    for words in map(plain, offers):
        if promise := find(words, "reward"):
            named = types_named(words)
            if named & set(types) or find(words, *about) or (not named and find(words, "permission")):
                return promise
    return ""


# A reason -------------------------------------------------------------------------------------------------------------
def explained(e: Asking, c: Context, s: Subject) -> bool:
    """Whether text on the screen, for however long, says what the permission is for: in the declared words, or by
    naming its data with a reason."""
    asked, tap = _Asked(e, c, s), c.last_tap(e)
    if tap is not None and any(words in plain(tap.label) for words in asked.purposes):
        # A control that is called as the purpose asks for it. The name of a page or a function elsewhere explains no
        # permission; nor does that of what sends notifications: who opens it wants to see it. Neither is a switch, nor
        # a label that asks to be told (remind me, 开启降价提醒).
        opens = not tap.checked and "NOTIFICATIONS" in asked.groups and label(tap.label).meaning != "accept"
        if not opens or find(plain(tap.label), "benefit", "asks_me"):
            return True
    return any(explains(screen, e, c, s) for screen in screens_of(e, c))


def explains(screen: Shown, e: Asking, c: Context, s: Subject) -> bool:
    """Whether a screen states a declared purpose of a permission, or a reason in one breath with its data. Of a screen
    that is there for one thing, it is enough that it says what this permission is for: on a page with much else such a
    sentence may be about anything."""
    asked, wording = _Asked(e, c, s), seen(screen)
    if _promised(screen, asked):
        return False
    said = (wording.title, *spoken_texts(screen)) if wording.words else ()
    if any(words in text for words in asked.purposes for text in said):
        return True
    texts = [wording.title, *map(plain, screen.texts)]
    general = wording.vague and not any(find(_concrete(text), "necessity") for text in texts)
    named = asked.types & wording.types and wording.reasons and not general
    if named or _nearly(asked.purposes, screen):
        return True
    return _asks_alone(screen) and _says_why(screen, asked.groups) and not _refused(screen, e, c)


def perhaps_explained(e: Asking, c: Context, s: Subject) -> bool:
    """Whether a screen shortly before may have stated the purpose: a dialog, or a page that says little and of which a
    control was tapped, in unknown words; or a page with much else, in a sentence about what the permission does."""
    asked, tap = _Asked(e, c, s), c.last_tap(e)
    tapped = plain(tap.label) if tap else ""
    for screen in screens_of(e, c, recent=True):
        wording = seen(screen)
        if wording.policy or _refused(screen, e, c) or asked.others_named_in(wording.words):
            continue
        page = not isinstance(screen, Window) or is_page(screen)
        alone = not page or (not wording.types and tapped in wording.controls and _asks_perhaps(screen))
        unknown = wording.prose >= _SENTENCE and (page or not wording.everyday)  # a tab is no subject
        if (alone and unknown) or _says_why(screen, asked.groups):
            return True
    return any(words in tapped for words in asked.purposes)


def prompted(e: PermissionResult, c: Context) -> bool:
    """Whether a dialog that may have been for this permission was seen coming up: those for further groups of one
    request take its place without a sign of their own."""
    types = _guarded_types([e.permission])
    shown = [_guarded_types(p.permissions) for p in c.history["prompt"] if not before(e, p) and p.shown]
    return not shown or any(not guarded or types & guarded for guarded in shown)


# A word of it ---------------------------------------------------------------------------------------------------------
def told(e: Asking, c: Context, s: Subject) -> bool:
    """Whether a screen shortly before said something of it: named its data, or gave a reason that names none. The
    reasons of the privacy policy are for the policy; what is vague or a reward is looked at by itself."""
    asked = _Asked(e, c, s)
    for screen in screens_of(e, c, recent=True):
        wording = seen(screen)
        if _own_name(screen, c):
            continue
        reason = wording.reasons and not wording.types and not asked.others_named_in(wording.words)
        if not wording.policy and (reason or _about(screen, asked)):
            return True
        named = wording.types & asked.types or (wording.vague and not wording.types)
        if (named and not _promised(screen, asked)) or _lure(screen, asked.types):
            return True
    return False


def _about(screen: Shown, asked: _Asked) -> bool:
    """Whether a screen is about what a permission is for that guards no data of its own, and not in general only."""
    wording = seen(screen)
    texts = _sentences(screen) if wording.words and not wording.vague else ()
    return any(find(text, *asked.about) for text in texts)


def _own_name(screen: Shown, c: Context) -> bool:
    """Whether a page shows nothing but a name, has no control, and came up without a tap: that of the app, as at its
    start (晴窗相机), which says nothing of a permission."""
    wording = seen(screen)
    if not isinstance(screen, Window) or len(screen.texts) != 1 or wording.controls or wording.reasons:
        return False
    if not is_page(screen) or _width(plain(screen.texts[0])) > _APP_NAME:
        return False
    tap = c.since_tap(screen, wish=True)
    return not wording.requests and (tap is None or tap[0] > _RECENT_US)


def vaguely_told(e: Prompt, c: Context, s: Subject) -> bool:
    """Whether a screen shortly before says vaguely what this permission, or permissions as such, are for, and no other
    says it clearly."""
    asked = _Asked(e, c, s)
    vague = [wording for wording in map(seen, screens_of(e, c, recent=True)) if wording.vague]
    about = any(one.types & asked.types or (not one.types and asked.named_in(one.words)) for one in vague)
    return about and not any(explains(screen, e, c, s) for screen in screens_of(e, c))


def lured_by(e: Asking, c: Context, s: Subject) -> str:
    """The words in which a screen shortly before promised a reward for this permission; empty if none did."""
    asked = _Asked(e, c, s)
    promised = (_lure(screen, asked.types, asked.about) for screen in screens_of(e, c, recent=True))
    return next(filter(None, promised), "")


def lures(e: Shown) -> bool:
    """Whether a permission or data is requested in return for a reward."""
    return bool(_lure(e, DATA_TYPES))


# Nothing but its name -------------------------------------------------------------------------------------------------
def only_named(e: Asking, c: Context, s: Subject) -> str:
    """Whether a dialog, or a page that is there for one thing, asked for it shortly before and gave no reason at all:
    it names the data, the permission, or its group, and says neither what for nor what is in it for the user.
    ``certain`` if it has no other word, in its title either, that may say what for; else ``perhaps``."""
    asked = _Asked(e, c, s)
    asks = [screen for screen in screens_of(e, c, recent=True) if _asks_only(screen, asked)]
    return "" if not asks else "certain" if any(map(_nothing_more, asks)) else "perhaps"


def _asks_only(screen: Shown, asked: _Asked) -> bool:
    wording = seen(screen)
    if wording.policy or wording.reasons or not _asks_alone(screen):
        return False
    dialog = isinstance(screen, Window) and screen.window_kind != "activity"
    texts = list(map(plain, screen.texts)) if dialog else _sentences(screen)
    named = frozenset[str]().union(*map(types_named, texts))
    about = named & asked.types or (not named and any(map(asked.named_in, texts)))
    return bool(about) and not any(_says_more(text, asked) for text in texts)


def _says_more(text: str, asked: _Asked) -> bool:
    """Whether a plain text that asks for a permission may say what for, in whatever words."""
    for part in pattern("parts").split(_concrete(text)):
        asks = bool(types_named(part)) or asked.named_in(part)
        said = pattern("asked_in_general").sub("", part)
        if find(said, "benefit") or (find(said, "what_for") if asks else _width(part) > _FEW_WORDS):
            return True
    return False


def _nothing_more(screen: Shown) -> bool:
    """Whether each word of its title and texts is known to say nothing. The name of an app, or of what it is for
    (签到需要获取您的位置信息), may say something."""
    words = "\n".join((seen(screen).title, *map(plain, screen.texts)))
    for act in (*(f"types/{kind}" for kind in groups_of("types")), "nothing_more"):
        words = pattern(*act.split("/")).sub("", words)
    return not re.search(r"[^\W_]", words)
