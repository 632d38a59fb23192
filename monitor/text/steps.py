"""Steps of a scenario in words: what the runner notes of a step is short and for programs."""

import re
from typing import Final

from monitor.text import aside, has, label, pair, scope_name, t, translated

_SPAN: Final = re.compile(r"(\+?\d+(?:\.\d+)?) (s|h)")


def step_label(verb: str, text: str, lang: str) -> str:
    """The runner's note of a step in the reader's words; a scenario's own words, unless they are ours, as they stand.

    >>> step_label("consent", "policy: reject", "en")
    'privacy policy: refuse'
    """
    first, _, last = text.rpartition(" ")
    if verb == "consent" and first.endswith(":") and has(f"decision.{last}"):
        return pair(scope_name(first[:-1], lang), label("decision", last, lang), lang)
    decision, _, name = text.partition(" ")
    if verb == "permission" and " " not in name and has(f"decision.{decision}"):
        return aside(label("decision", decision, lang), name.rpartition(".")[2], lang)
    if verb == "withdraw":
        return scope_name(text, lang)
    if verb == "toggle" and has(f"switch.{last}"):
        return pair(label("scope", first, lang), label("switch", last, lang), lang)
    if verb == "network":
        return label("switch", text, lang)
    if verb in ("phase", "function"):
        return label(verb, text, lang)
    if span := _SPAN.fullmatch(text):
        return t(f"step.{span[2]}", lang, n=span[1])
    return translated("step_label", text, lang)


def step_name(verb: str, text: str, lang: str) -> str:
    """A step by its verb and, if it has one, its label."""
    return _named(verb, step_label(verb, text, lang), lang)


def step_done(verb: str, text: str, tapped: str, lang: str) -> str:
    """A step with what it tapped on the screen, which says more than the pattern that it looked for."""
    if not tapped:
        return step_name(verb, text, lang)
    touched = t("step.quoted", lang, label=tapped)
    if verb in ("tapOn", "longPressOn"):
        return _named(verb, touched, lang)
    return aside(step_name(verb, text, lang), t("step.tapped", lang, label=touched), lang)


def _named(verb: str, what: str, lang: str) -> str:
    name = label("verb", verb, lang)
    if lang == "en" and what.startswith(f"{name} "):  # "idle before consent" says what is done, too
        return aside(name, what.removeprefix(f"{name} "), lang)
    return t("story.verb", lang, verb=name, label=what) if what else name
