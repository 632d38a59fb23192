"""Facts of PRM-04 about a request that names a permission's data and says no more."""

import re
from typing import Final

from monitor.analysis.consent.labels import label
from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import Shown, fact
from monitor.analysis.rules.facts.explained import explains, guarded_types, names_of, of_permissions, screens_of, width
from monitor.analysis.rules.screens import seen
from monitor.analysis.rules.spoken import PART, asks_alone, concrete, said
from monitor.events import PermissionResult, Prompt, Window
from monitor.prompts import component_title
from monitor.wordlists import table

#: What says that something is asked for, in words that also say what is in something for the user.
_ASKED: Final = re.compile(
    r"获取|使用|应用|用户|以下|\bwe (?:need|use)\b|\blet us\b|\bget access\b|\b(?:access|permission) (?:to|for)\b"
    r"|\bto (?:access|use|read|get) (?:your|the)\b"
)
#: A part of a sentence that is wider says something.
_FEW_WORDS: Final = 14
_FOR: Final = re.compile(r"[以来用供便]|为(?!了)|\b(?:to|so|for|when|while|lets?|helps?|if|because)\b")
#: What a request for a permission says besides its data where it says nothing else; any other word may say what for.
_NOTHING_MORE: Final = re.compile(
    r"我们|本?应用|软件|需要|想要|希望|申请|请求|正在|获取|使用|访问|读取|开启|打开|授予|允许|同意|授权|权限|信息|服务|功能|系统|手机|设备"
    r"|您|你|的|请|将|以下|是否|提示|说明|吗|和|与|及|们"
    r"|\b(?:we|our|this|the|an?|app|would|like|wants?|needs?|asks?|request(?:s|ing)?|requires?|is|to|for|please|allow|grant"
    r"|enable|turn on|access|use|read|get|your|you|of|on|and|device|phone|permissions?|required|request)\b"
)


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
    return not re.search(r"[^\W_]", _NOTHING_MORE.sub("", words))


def _only_answers(words: str) -> bool:
    return label(words).clear or any(pattern(kind, "ambiguous").fullmatch(words) for kind in ("accept", "reject"))


def _says_more(text: str, e: Prompt | PermissionResult) -> bool:
    """Whether a plain text that asks for a permission may say what for, in whatever words."""
    for part in PART.split(concrete(text)):
        asks = bool(types_named(part)) or of_permissions(part, e)
        said = _ASKED.sub("", part)
        if pattern("benefit").search(said) or (_FOR.search(said) if asks else width(part) > _FEW_WORDS):
            return True
    return False
