"""What the words on a screen mean: labels of controls, and what a window is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from monitor.analysis.wordlists import derived, table
from monitor.events import CheckBox

_MAX = 4000
_HEAD = 60
_SLOT, _SLOT_LATIN = r"[^。;；\n]{0,24}", r"[^.。;；\n]{0,80}"
_AGREES = re.compile("同意|接受|agree|consent|accept")
#: A sentence in English about what going on means: its condition.
_TOLD = re.compile("(.*)you (?:agree|accept)")
#: Ends in an agreement, to which the words after it belong: 同意并(登录).
_NAMED = re.compile("(?:同意|接受)[并后及且,/]?(?:继续)?$")
_QUOTES = re.compile("[\"'“”‘’「」『』]")
_ID_PHOTO = re.compile("证件?(?:的)?(?:照片|照)")
_TITLE = re.compile(r"《[^》]*》|<[^>]*>|https?://\S*")
_KEPT = re.compile(r"(?:不|别|勿|取消)(?:要|想)?(?:撤回|撤销|注销)|\b(?:don't|do not|not|cancel) (?:withdraw|revoke)")
_CLAUSE = re.compile(r"[，,。；;：:!！?？\n]")
_NOT = re.compile(r"不|未经|没有|无需|\b(?:not|never|no|without|don't|cannot|won't)\b")
_PROMISED = re.compile(r"[可能]|随时|\bcan\b|\bmay\b|any ?time")
#: Who is given something, after the words that say so: the user or the app itself.
_ONESELF = re.compile(r" (?:you|yourself|us|our app)\b")
#: AOSP's names of the apps that show permission dialogs, which vendors put after their own.
_PROMPT_APPS = (".permissioncontroller", ".packageinstaller")
_PROMPT_CLASS = ".permission.ui.grantpermissionsactivity"
#: A countdown, punctuation and symbols.
_SECONDARY = re.compile(r"\d+ ?(?:s\b|秒)?|[\W_]")
_SHORT = 30
#: From this length on, in characters of plain text, a text says something in a full sentence.
PROSE = 10
_FEW = 3
_SPACED = re.compile(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])")


def plain(text: str) -> str:
    """Text with width, case, quotes, invisible characters, spacing (entirely removed between Chinese characters) and
    traditional characters normalised."""
    text = unicodedata.normalize("NFKC", text[:_MAX]).casefold().replace("’", "'")
    text = "".join(c for c in text if unicodedata.category(c) != "Cf").translate(_simplified())
    return _SPACED.sub("", " ".join(text.split()))


@derived
@cache
def _simplified() -> dict[int, str]:
    """Maps the traditional (and regional) characters of the words here to simplified ones."""
    return {ord(pair[0]): pair[1] for pair in table("consent_words")["traditional"].split()}


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all words; ``…`` in a word matches up to 24 characters (80 Latin ones) within one sentence, and
    the characters after ``¬`` must not follow it."""
    parts = []
    for given in words:
        word, _, others = given.partition("¬")
        unless = f"(?![{re.escape(plain(others))}])" if others else ""
        latin = word.replace("…", "").isascii()
        escaped = (_SLOT_LATIN if latin else _SLOT).join(re.escape(plain(part)) for part in word.split("…"))
        parts.append((rf"(?<![a-z0-9']){escaped}(?![a-z0-9'])" if latin else escaped) + unless)
    return re.compile("|".join(parts) or r"(?!)")


@derived
@cache
def pattern(*path: str) -> re.Pattern[str]:
    """The words under ``path`` in ``consent_words.yaml`` as one pattern for ``plain`` text."""
    node: Any = table("consent_words")
    for part in path:
        node = node[part]
    return _pattern(node)


@derived
@cache
def _negated() -> re.Pattern[str]:
    words = table("consent_words")
    zh = "|".join(re.escape(w) for w in words["negation_of"] if not w.isascii())
    en = "|".join(re.escape(w) for w in words["negation_of"] if w.isascii())
    no = "|".join(map(re.escape, words["negation"]))
    return re.compile(
        rf"(?:{no})(?:再|能|想|会|要)?(?:{zh})|\b(?:not|don't|dont|never|cannot|can't)\b[a-z ]*\b(?:{en})"
    )


class Label(NamedTuple):
    """What a control does: ``accept, reject, withdraw, cancel_account`` or empty; ``clear`` or not."""

    meaning: str
    clear: bool


@derived
@lru_cache(4096)
def label(text: str) -> Label:
    """The meaning of a control's label. A negated agreement is a refusal."""
    words = plain(text)
    if not words or pattern("neutral").search(words):
        return Label("", False)
    if _KEPT.search(words):
        return Label("reject", False)
    for meant in ("withdraw", "cancel_account"):
        if pattern(meant).search(words):
            return Label(meant, True)
    if _negated().search(words) or pattern("reject", "clear").search(words):
        return Label("reject", True)
    if pattern("reject", "despite").search(words):
        return Label("reject", False)
    if pattern("accept", "clear").search(words):
        return Label("accept", True)
    for meant in ("reject", "accept"):
        if pattern(meant, "ambiguous").search(words):
            return Label(meant, False)
    return Label("", False)


@derived
@cache
def _closing() -> re.Pattern[str]:
    """Longer words first: 稍后 would leave 再说 of 稍后再说."""
    return _pattern(sorted(table("consent_words")["closes"], key=len, reverse=True))


@derived
@lru_cache(4096)
def closes(text: str) -> bool:
    """Whether a whole label only refuses or closes something. What says more (返回商家) may request something."""
    return label(text).meaning == "reject" and not _SECONDARY.sub("", _closing().sub("", plain(text)))


@derived
@lru_cache(4096)
def idle(text: str) -> bool:
    """Whether a control decides nothing by its words: it signs out, goes back, shows a text or selects a language."""
    words = plain(text)
    return bool(pattern("neutral").search(words) or pattern("idle").search(words) or _TITLE.fullmatch(words))


@derived
@lru_cache(1024)
def types_named(text: str) -> frozenset[str]:
    """Data types that a text names."""
    words = plain(text)
    named = _named(words, "types")
    return named | _named(words, "typed") if pattern("collects").search(words) else named


def _named(words: str, group: str) -> frozenset[str]:
    words = _ID_PHOTO.sub("证", words)
    return frozenset(t for t in table("consent_words")[group] if pattern(group, t).search(words))


class Screen(NamedTuple):
    """What a window is about."""

    policy: bool
    """Names a privacy policy."""
    titled: bool
    """Names it in its title, links or first text."""
    separate: bool
    """Says that it requests one thing separately."""
    accepts: tuple[str, ...]
    rejects: tuple[str, ...]
    topics: frozenset[str]
    """``share``, ``personalisation``, ``ai_training``, ``marketing``, ``sensitive`` as far as named."""
    types: frozenset[str]
    asks: bool
    """Has a control that agrees or refuses, or is a notice with few controls, whatever their words."""
    prechecked: bool
    login_consent: bool
    """Says that signing in or going on is consent, and has no control that agrees without ambiguity."""
    vague: bool
    reward: bool
    reasons: bool
    """States what something is for."""
    head_topics: frozenset[str]
    """Topics of the title alone."""
    head_types: frozenset[str]
    head_separate: bool
    clear_accept: bool
    """Has a control that agrees without ambiguity."""
    bundle: frozenset[str]
    """Topics also covered by its agreement to the policy: named, and without their own box or switch here."""
    words: str
    unknown: tuple[str, ...] = ()
    """Buttons whose words are not known here."""
    withdraws: bool = False
    """Asks whether to withdraw a consent: in its title, a short text or on a button."""
    speaks: bool = False
    """Says something in full sentences about data or terms, names a document or has a box: may contain a consent."""
    everyday: bool = False
    """Is about something else (an update, a rating, an order) by its title or controls, and does not mention data or
    terms."""
    prose: int = 0
    """Length of its longest text, in characters of plain text (a Latin one counts half)."""
    rationale: bool = False
    """Only states what a permission is for, before the system asks."""
    links: frozenset[str] = frozenset()
    controls: frozenset[str] = frozenset()
    """The words of its buttons."""
    texts: int = 0
    """Number of texts it shows besides its buttons."""

    @property
    def refusable(self) -> bool:
        """Has exactly one control besides those that refuse or lead elsewhere."""
        return bool(self.rejects) and len(self.accepts) + len(self.unknown) == 1


#: What a permission of the system never asks for.
_FOR_OTHERS = frozenset({"share", "cross_border", "personalisation", "ai_training"})
_TOPICS = ("personalisation", "ai_training", "marketing", "cross_border", "guardian_words")


def _topics(words: str) -> set[str]:
    found = {topic for topic in _TOPICS if pattern(topic).search(words)}
    if pattern("guardian_presumed").search(words):
        found.discard("guardian_words")
    return found | {"share"} if shares(words) else found


@lru_cache(2048)
def shares(words: str) -> bool:
    """Whether a plain text says that data goes to another party: not to the user, and not negated."""
    for match in pattern("share").finditer(words):
        clause = _CLAUSE.split(words[: match.end()])[-1]
        if _ONESELF.match(words[match.end() :]):
            continue
        if not _NOT.search(clause) and not pattern("share_to_user").search(
            clause + words[match.end() : match.end() + 4]
        ):
            return True
    return False


def _taken_for_consent(words: str) -> bool:
    """Whether a plain text says that signing in or going on is consent. A control that it names and that itself agrees
    (点击“同意并登录”即表示, by tapping "Accept" you agree) asks for consent."""
    words = _QUOTES.sub("", words)
    for match in pattern("login_consent").finditer(words):
        condition, told = _TOLD.fullmatch(match[0]), _AGREES.findall(match[0])
        named = _AGREES.search(condition[1]) if condition else len(told) > 1
        if not named and not _NAMED.search(words[: match.start()]):
            return True
    return False


def _bundle(texts: Iterable[str], boxes: Iterable[str], buttons: Iterable[str]) -> set[str]:
    """Topics of the texts and of boxes for the whole policy, except those with their own control."""
    whole = re.compile("|".join((pattern("policy").pattern, pattern("whole").pattern)))
    names = [plain(name) for name in boxes]
    alone = [name for name in (*names, *map(plain, buttons)) if not whole.search(name)]
    every = plain("\n".join(texts)), *(name for name in names if whole.search(name))
    return set().union(*map(_topics, every)) - set().union(*map(_topics, alone))


def _agrees(words: str) -> bool:
    """Whether a box expresses agreement, not merely that something is enabled, as switches in settings do."""
    return label(words).meaning == "accept" and bool(_AGREES.search(words))


@derived
@lru_cache(512)
def _screen(title: str, texts: tuple[str, ...], buttons: tuple[str, ...], boxes: tuple[tuple[str, bool], ...],
            links: tuple[str, ...]) -> Screen:  # fmt: skip
    every = plain("\n".join((title, *texts, *links, *(name for name, _ in boxes))))
    name = plain(title)
    head = name or plain("\n".join((*links, *texts[:1])))
    accepts = tuple(b for b in buttons if label(b).meaning == "accept")
    rejects = tuple(b for b in buttons if label(b).meaning == "reject")
    topics = _topics(every)
    if pattern("separate").search(every):
        topics.add("sensitive")
    bundle = _bundle((title, *texts, *links), (name for name, _ in boxes), buttons)
    if "sensitive" in topics:
        bundle.add("sensitive")
    unknown = tuple(b for b in buttons if not label(b).meaning and not idle(b) and plain(b))
    pieces = [plain(text) for text in (title, *texts, *(name for name, _ in boxes))]
    short = [text for text in (*pieces, *map(plain, buttons)) if len(text) <= _SHORT]
    speaks = bool(links) or any(_sentence(text) and pattern("data").search(text) for text in pieces)
    speaks = speaks or bool(pattern("document").search(every))
    notice = bool(pattern("policy").search(every)) or bool(
        pattern("document").search(every) and pattern("personal").search(every)
    )
    consent_boxes = [
        checked for name, checked in boxes if pattern("policy").search(plain(name)) or _agrees(plain(name))
    ]
    return Screen(
        policy=notice,
        titled=bool(pattern("policy").search(head)),
        separate=bool(pattern("separate").search(every)),
        accepts=accepts,
        rejects=rejects,
        topics=frozenset(topics),
        types=types_named(every),
        asks=bool(accepts or rejects or (notice and unknown and len(buttons) <= _FEW)),
        prechecked=any(consent_boxes),
        login_consent=not any(label(b) == ("accept", True) for b in accepts) and _taken_for_consent(every),
        vague=bool(pattern("vague").search(every)),
        reward=bool(pattern("reward").search(every)),
        reasons=bool(pattern("necessity").search(every)),
        head_topics=frozenset(_topics(name)),
        head_types=_named(name, "types"),  # what is typed in is listed in the text; a title only sums it up
        head_separate=bool(pattern("separate").search(name)),
        clear_accept=any(label(b).clear for b in accepts),
        bundle=frozenset(bundle) if accepts or any(label(b).clear for b in rejects) else frozenset(),
        words=every,
        unknown=unknown,
        withdraws=bool(pattern("consent_noun").search(plain("\n".join((title, *texts, *buttons)))))
        and any(pattern("withdraw").search(text) and not _PROMISED.search(text) for text in short),
        rationale=bool(pattern("permission").search(every))
        and not pattern("separate").search(every)
        and not topics & _FOR_OTHERS
        and not any(_AGREES.search(plain(button)) for button in buttons),
        speaks=speaks or any(pattern("data").search(plain(name)) for name, _ in boxes),
        everyday=not speaks and bool(pattern("everyday").search(plain("\n".join((title, *buttons))))),
        prose=max((_length(text) for text in pieces), default=0),
        links=frozenset(map(plain, links)),
        controls=frozenset(map(plain, buttons)) - {""},
        texts=sum(bool(text) and text not in map(plain, buttons) for text in pieces),
    )


def _length(text: str) -> int:
    """Characters, Latin ones counted half."""
    return sum(2 if c > "\u2e7f" else 1 for c in text) // 2


def _sentence(text: str) -> bool:
    return _length(text) >= PROSE


def screen(
    title: str,
    texts: Iterable[str],
    buttons: Iterable[str],
    boxes: Iterable[CheckBox],
    links: Iterable[str] = (),
) -> Screen:
    """What the texts of a window say; texts beyond the first 4000 characters are not read."""
    return _screen(
        "" if component_title(title) else title,
        tuple(texts),
        tuple(buttons),
        tuple((b.label, b.checked) for b in boxes),
        tuple(links),
    )


def asks_again(title: str, texts: Iterable[str], buttons: Iterable[str], page: bool = False) -> bool:
    """Whether a window asks for confirmation before it withdraws an agreement or cancels an account: it says so in its
    title, its first texts or on a control, offers a choice, and does not report it as done. A whole ``page`` must say
    so at its head: a list of settings has such controls and requests nothing."""
    names = [plain(b) for b in buttons]
    heads = [] if component_title(title) else [plain(title)]
    heads += [text for text in map(plain, list(texts)[:2]) if len(text) <= _HEAD]
    said = heads if page else heads + names
    if len(names) < 2 or not any(pattern("undo").search(text) for text in said):
        return False
    goes_on = any(label(name).meaning in ("accept", "withdraw", "cancel_account") for name in names)
    return goes_on and not any(pattern("undone").search(text) for text in heads)


def prompt_package(package: str, cls: str = "") -> bool:
    """Whether a package's windows are the system's permission dialogs, or a vendor's in their place. Of an app that
    does more than that, only those whose class, if known, is named after permissions."""
    words = table("consent_words")
    if package not in words["prompt_packages"]:
        return package.endswith(_PROMPT_APPS)
    return not cls or package not in words["prompt_managers"] or "permission" in cls.casefold()


def system_prompt(focus: str) -> bool:
    """Whether the focused window (``package/class``) is the system's permission dialog, not the app."""
    package, _, cls = focus.casefold().partition("/")
    return prompt_package(package, cls) or cls.endswith(_PROMPT_CLASS)


def system_view(view: str) -> bool:
    """Whether a view (``package:id/name``) belongs to the system's permission dialog, whatever the app shows below."""
    return prompt_package(view.partition(":")[0])


def component_title(title: str) -> bool:
    """Whether a window has no title of its own, but the name of its component (``package/class``) or none."""
    return not title or ("/" in title and "." in title and " " not in title)


def toggle_scope(name: str) -> str:
    """The scope of a named switch: a scope's own name, or what its words say."""
    words = plain(name)
    if words in ("personalisation", "ai_training", "policy", "account") or ":" in name:
        return name
    if pattern("ai_training").search(words):
        return "ai_training"
    return "personalisation" if pattern("switch").search(words) else name
