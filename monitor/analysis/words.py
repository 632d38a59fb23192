"""What the words on a screen mean: labels of controls, and what a window is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from monitor.events import CheckBox
from monitor.yamlfile import load

_HERE = Path(__file__).resolve().parent
_MAX = 4000
_HEAD = 60
_AGREES = re.compile("同意|接受|agree|consent|accept")
_SPACED = re.compile(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])")


@cache
def table(name: str) -> Mapping[str, Any]:
    """A bundled table of this package: ``consent_words``, ``permissions`` or ``judgement``."""
    data = load(_HERE / f"{name}.yaml")
    assert isinstance(data, dict)
    return data


def plain(text: str) -> str:
    """Width, case, quotes, invisible characters and spacing (all of it between Chinese characters) removed."""
    text = unicodedata.normalize("NFKC", text[:_MAX]).casefold().replace("’", "'")
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return _SPACED.sub("", " ".join(text.split()))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    parts = []
    for word in words:
        escaped = re.escape(plain(word))
        parts.append(rf"(?<![a-z0-9']){escaped}(?![a-z0-9'])" if word.isascii() else escaped)
    return re.compile("|".join(parts) or r"(?!)")


@cache
def pattern(*path: str) -> re.Pattern[str]:
    """The words under ``path`` in ``consent_words.yaml`` as one pattern for ``plain`` text."""
    node: Any = table("consent_words")
    for part in path:
        node = node[part]
    return _pattern(node)


@cache
def _negated() -> re.Pattern[str]:
    words = table("consent_words")
    zh = "|".join(w for w in words["negation_of"] if not w.isascii())
    en = "|".join(w for w in words["negation_of"] if w.isascii())
    no = "|".join(words["negation"])
    return re.compile(
        rf"(?:{no})(?:再|能|想|会|要)?(?:{zh})|\b(?:not|don't|dont|never|cannot|can't)\b[a-z ]*\b(?:{en})"
    )


class Label(NamedTuple):
    """What a control does: ``accept, reject, withdraw, cancel_account`` or empty; ``clear`` or not."""

    verdict: str
    clear: bool


@lru_cache(4096)
def label(text: str) -> Label:
    """The meaning of a control's label. A negated agreement is a refusal."""
    words = plain(text)
    if not words or pattern("neutral").search(words):
        return Label("", False)
    for verdict in ("withdraw", "cancel_account"):
        if pattern(verdict).search(words):
            return Label(verdict, True)
    if _negated().search(words) or pattern("reject", "clear").search(words):
        return Label("reject", True)
    if pattern("accept", "clear").search(words):
        return Label("accept", True)
    for verdict in ("reject", "accept"):
        if pattern(verdict, "ambiguous").search(words):
            return Label(verdict, False)
    return Label("", False)


@lru_cache(1024)
def types_named(text: str) -> frozenset[str]:
    """Data types that a text names."""
    words = plain(text)
    return frozenset(t for t in table("consent_words")["types"] if pattern("types", t).search(words))


class Screen(NamedTuple):
    """What a window is about."""

    policy: bool
    """Names a privacy policy."""
    titled: bool
    """Names it in its title, links or first text."""
    separate: bool
    """Says that it asks for one thing separately."""
    accepts: tuple[str, ...]
    rejects: tuple[str, ...]
    topics: frozenset[str]
    """``share``, ``personalisation``, ``ai_training``, ``marketing``, ``sensitive`` as far as named."""
    types: frozenset[str]
    asks: bool
    """Has a control that agrees or refuses."""
    prechecked: bool
    login_consent: bool
    vague: bool
    reward: bool
    reasons: bool
    """Says what something is for."""
    head_topics: frozenset[str]
    """Topics of the title alone."""
    head_types: frozenset[str]
    head_separate: bool
    clear_accept: bool
    """Has a control that agrees without ambiguity."""
    bundle: frozenset[str]
    """Topics that its agreement to the policy covers too: named, and without a box or switch of their own here."""
    words: str


def _topics(words: str) -> set[str]:
    return {t for t in ("share", "personalisation", "ai_training", "marketing") if pattern(t).search(words)}


def _bundle(texts: Iterable[str], boxes: Iterable[str], buttons: Iterable[str]) -> set[str]:
    """Topics of the texts and of boxes for the whole policy, less those that have a control of their own."""
    whole = re.compile("|".join((pattern("policy").pattern, pattern("whole").pattern)))
    names = [plain(name) for name in boxes]
    alone = [name for name in (*names, *map(plain, buttons)) if not whole.search(name)]
    every = plain("\n".join(texts)), *(name for name in names if whole.search(name))
    return set().union(*map(_topics, every)) - set().union(*map(_topics, alone))


def _agrees(words: str) -> bool:
    """Whether a box says that somebody agrees: more than that something is allowed, as switches in settings do."""
    return label(words).verdict == "accept" and bool(_AGREES.search(words))


@lru_cache(512)
def _screen(title: str, texts: tuple[str, ...], buttons: tuple[str, ...], boxes: tuple[tuple[str, bool], ...],
            links: tuple[str, ...]) -> Screen:  # fmt: skip
    every = plain("\n".join((title, *texts, *links, *(name for name, _ in boxes))))
    name = plain(title)
    head = name or plain("\n".join((*links, *texts[:1])))
    accepts = tuple(b for b in buttons if label(b).verdict == "accept")
    rejects = tuple(b for b in buttons if label(b).verdict == "reject")
    topics = _topics(every)
    if pattern("separate").search(every):
        topics.add("sensitive")
    bundle = _bundle((title, *texts, *links), (name for name, _ in boxes), buttons)
    if "sensitive" in topics:
        bundle.add("sensitive")
    consent_boxes = [
        checked for name, checked in boxes if pattern("policy").search(plain(name)) or _agrees(plain(name))
    ]
    return Screen(
        policy=bool(pattern("policy").search(every)),
        titled=bool(pattern("policy").search(head)),
        separate=bool(pattern("separate").search(every)),
        accepts=accepts,
        rejects=rejects,
        topics=frozenset(topics),
        types=types_named(every),
        asks=bool(accepts or rejects),
        prechecked=any(consent_boxes),
        login_consent=bool(pattern("login_consent").search(every)),
        vague=bool(pattern("vague").search(every)),
        reward=bool(pattern("reward").search(every)),
        reasons=bool(pattern("necessity").search(every)),
        head_topics=frozenset(_topics(name)),
        head_types=types_named(name),
        head_separate=bool(pattern("separate").search(name)),
        clear_accept=any(label(b).clear for b in accepts),
        bundle=frozenset(bundle) if accepts or any(label(b).clear for b in rejects) else frozenset(),
        words=every,
    )


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
    """Whether a window asks once more before it takes an agreement back or cancels an account: it says so in its
    title, its first texts or on a control, offers a choice, and does not tell that it was done. A whole ``page`` must
    say so at its head: a list of settings has such controls and asks nothing."""
    names = [plain(b) for b in buttons]
    heads = [] if component_title(title) else [plain(title)]
    heads += [text for text in map(plain, list(texts)[:2]) if len(text) <= _HEAD]
    said = heads if page else heads + names
    if len(names) < 2 or not any(pattern("undo").search(text) for text in said):
        return False
    goes_on = any(label(name).verdict in ("accept", "withdraw", "cancel_account") for name in names)
    return goes_on and not any(pattern("undone").search(text) for text in heads)


def system_prompt(focus: str) -> bool:
    """Whether the focused window is the system's permission dialog, not the app."""
    low = focus.casefold()
    return "permissioncontroller" in low or "packageinstaller" in low or "grantpermissions" in low


def system_view(view: str) -> bool:
    """Whether a view (``package:id/name``) belongs to the system's permission dialog, whatever the app shows below."""
    return view.startswith(("com.android.permissioncontroller:", "com.google.android.permissioncontroller:")) or (
        view.startswith(("com.android.packageinstaller:", "com.google.android.packageinstaller:"))
    )


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
