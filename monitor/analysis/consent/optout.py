"""Buttons that end what was agreed to where there is no switch: "Opt out of personalised ads", 退出个性化推荐."""

from typing import Final

from monitor.analysis.consent.named import SWITCHES, toggle_scope
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.words import pattern, plain

_TOPICS: Final = frozenset({"personalisation", "ai_training"})


def opted_out(text: str, about: Screen | None, declared: frozenset[str] = frozenset()) -> str:
    """What a button in the settings ends: the scope of a switch that it names, or else the only one that its page
    (``about``) is about; ``policy`` for data processing at large, or where the page says of nothing else that consent
    can be withdrawn; otherwise empty. ``declared``: as for ``toggle_scope``."""
    words = plain(text)
    opts = pattern("opts_out").search(words)
    if not opts and not pattern("turns_off").match(words):
        return ""
    if (scope := toggle_scope(words, declared)) in SWITCHES:
        return scope
    if not opts:
        return ""
    if left := words.replace(opts[0], "").strip(" .!…"):
        return "policy" if pattern("at_large").fullmatch(left) else ""
    if about is None:
        return ""
    if not about.topics and pattern("withdraw").search(about.words):
        return "policy" if pattern("consent_noun").search(about.words) else ""
    named = about.topics & _TOPICS
    return min(named) if len(named) == 1 else ""
