"""Facts of PRM-04 about a request that names a permission's data and says no more."""

import re
from typing import Final

from monitor.analysis.consent.control import label
from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.window import seen
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import Shown, fact
from monitor.analysis.rules.facts.explained import explains, guarded_types, names_of, of_permissions, screens_of, width
from monitor.analysis.rules.spoken import asks_alone, concrete, said
from monitor.events import PermissionResult, Prompt, Window
from monitor.knowledge.prompts import component_title
from monitor.knowledge.wordlists import table

#: A part of a sentence that is wider says something.
_FEW_WORDS: Final = 14


@fact
def only_named(e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether a dialog, or a page that is there for one thing, asked for it shortly before and gave no reason at all:
    it names the data, the permission, or its group, and says neither what for nor what is in it for the user."""
    return any(recent and _asks_only(screen, e, c) for screen, recent in screens_of(e, c))


def _asks_only(screen: Shown, e: Prompt | PermissionResult, c: Context) -> bool:
    looks = seen(screen)
    if looks.policy or looks.reasons or not asks_alone(screen, looks) or explains(screen, e, c):
        return False
    dialog = isinstance(screen, Window) and screen.window_kind != "activity"
    told = [text for text in map(plain, screen.texts) if dialog] or list(said(screen, looks))
    named = frozenset[str]().union(*map(types_named, told))
    about = named & guarded_types(names_of(e)) or (not named and any(of_permissions(text, e) for text in told))
    return bool(about) and not any(_says_more(text, e) for text in told)


@fact
def only_asks(e: Prompt | PermissionResult, c: Context) -> bool:
    """Whether a dialog or page as in ``only_named`` has no other word, in its title and controls either, that may say
    what for."""
    return any(recent and _asks_only(screen, e, c) and _nothing_more(screen) for screen, recent in screens_of(e, c))


def _nothing_more(screen: Shown) -> bool:
    """Whether each word of its texts is known to say nothing, and each control only answers. The name of an app, or of
    what it is for (签到需要获取您的位置信息), may say something."""
    looks = seen(screen)
    if looks.links or not all(map(_only_answers, looks.controls)):
        return False
    title = "" if not isinstance(screen, Window) or component_title(screen.title) else screen.title
    words = plain("\n".join((title, *screen.texts)))
    for kind in table("consent_words")["types"]:
        words = pattern("types", kind).sub("", words)
    return not re.search(r"[^\W_]", regex("nothing_more").sub("", words))


def _only_answers(words: str) -> bool:
    return label(words).clear or any(pattern(kind, "ambiguous").fullmatch(words) for kind in ("accept", "reject"))


def _says_more(text: str, e: Prompt | PermissionResult) -> bool:
    """Whether a plain text that asks for a permission may say what for, in whatever words."""
    for part in regex("parts").split(concrete(text)):
        asks = bool(types_named(part)) or of_permissions(part, e)
        said = regex("asked_in_general").sub("", part)
        if pattern("benefit").search(said) or (regex("what_for").search(said) if asks else width(part) > _FEW_WORDS):
            return True
    return False
