"""Every text that users read, in English and Chinese: ``en.yaml`` and ``zh.yaml`` with the same flat keys.

>>> t("status.evidenced", "en")
'evidenced'
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from string import Formatter
from typing import Final

from monitor.base.paths import package_data

LANGUAGES: Final = ("en", "zh")
#: A bracket, a bar, a slot or words of a text with parts in brackets.
_PART: Final = re.compile(r"[\[\]|]|\{=?\w+\}|[^\[\]|{}]+")
_SPAN: Final = re.compile(r"(\+?\d+(?:\.\d+)?) (s|h)")


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Key to text of one language; an unknown language is read as English."""
    import yaml  # here, as the list of commands needs no text of this

    path = package_data("text") / f"{lang if lang in LANGUAGES else 'en'}.yaml"
    loaded = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {str(key): str(value) for key, value in loaded.items()}


def t(key: str, lang: str, /, **values: object) -> str:
    """The text of ``key`` with ``{name}`` replaced by ``values``. Raises ``KeyError`` for an unknown key.

    A number may name what it counts: ``{n:finding|findings}`` is ``1 finding`` or ``2 findings``.
    """
    text = catalogue(lang)[key]
    if not values:
        return text
    return _WORDS.vformat(text, (), values) if "|" in text else text.format_map(values)


class _Words(Formatter):
    """Singular and plural of what a number counts."""

    def format_field(self, value: object, spec: str) -> str:
        if "|" not in spec:
            return str(super().format_field(value, spec))
        one, many = spec.split("|")
        return f"{value} {one if str(value) == '1' else many}"


_WORDS: Final = _Words()


def fill(text: str, facts: Mapping[str, str]) -> str | None:
    """A text with parts in brackets: of ``[{a} first|then {b}|else]`` the first whose slots are all known, or nothing.
    None where a slot outside brackets is not known.

    >>> fill("Stop [{call}|reading][ of {data}].", {"data": "IMEI"})
    'Stop reading of IMEI.'
    """
    return _filled(iter(_PART.findall(text)), facts)


def _filled(tokens: Iterator[str], facts: Mapping[str, str]) -> str | None:
    chosen: str | None = None
    text: str | None = ""
    for token in tokens:
        if token == "]":
            break
        if token == "|":
            chosen, text = text if chosen is None else chosen, ""
            continue
        part = _filled(tokens, facts) or "" if token == "[" else facts.get(token[1:-1]) if token[0] == "{" else token
        text = None if text is None or part is None else text + part
    return text if chosen is None else chosen


def label(group: str, value: str, lang: str) -> str:
    """The display name of a vocabulary word (``data_type``, ``status``, ``grade`` …); the word itself if it has
    none."""
    return catalogue(lang).get(f"{group}.{value}", value)


def pair(name: str, value: object, lang: str) -> str:
    """``name: value`` in the punctuation of the language."""
    return t("punct.pair", lang, name=name, value=value)


def aside(text: str, note: str, lang: str) -> str:
    """The text with a note in brackets; without brackets if there is no note."""
    return t("punct.aside", lang, text=text, note=note) if note else text


def listed(items: Iterable[str], lang: str) -> str:
    """Items of one kind, one after the other."""
    return t("punct.list", lang).join(items)


def parts(items: Iterable[str], lang: str) -> str:
    """Longer parts, one after the other."""
    return t("punct.semicolon", lang).join(items)


def translated(group: str, text: str, lang: str) -> str:
    """A text that data hold in English, in the reader's language if the group has it; else as it stands."""
    keys = _by_english(group)
    return t(keys[text], lang) if text in keys else text


@cache
def _by_english(group: str) -> dict[str, str]:
    return {text: key for key, text in catalogue("en").items() if key.startswith(f"{group}.")}


def headline(status: str, title: str, lang: str) -> str:
    """A finding's title with its claim: evidence only where the status says so."""
    key = f"report.evidence_of.{status}"
    return t(key if has(key) else "report.evidence_of", lang, title=title)


def scope_name(scope: str, lang: str) -> str:
    """The name of a consent scope."""
    group, _, what = scope.partition(":")
    if not what:
        return label("scope", scope, lang)
    if group == "sensitive":
        what = label("data_type", what, lang)
    elif group == "permission":
        what = what.rpartition(".")[2]
    return t(f"scope.{group}", lang, what=what) if group in ("sensitive", "share", "permission", "purpose") else scope


def has(key: str) -> bool:
    """Whether there is a text for the key."""
    return key in catalogue("en")


def retold(group: str, said: str, lang: str) -> str:
    """The sentence in ``lang`` if the group has it; else as it was said. Values in it are kept.

    >>> retold("said", "no such format: pdff", "zh")
    '没有这种格式：pdff'
    """
    if lang == "en":
        return said
    for pattern, key in _patterns(group):
        if found := pattern.fullmatch(said):
            return t(key, lang, **found.groupdict())
    return said


@cache
def _patterns(group: str) -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(_pattern(text), re.DOTALL), key)
        for key, text in catalogue("en").items()
        if key.startswith(f"{group}.")
    ]


def _pattern(text: str) -> str:
    """A text of the catalogue as a pattern: each value is any text that is not empty."""
    return "".join(
        re.escape(literal) + (f"(?P<{name}>.+?)" if name else "") for literal, name, _, _ in Formatter().parse(text)
    )


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


def _in_its_language(function: Callable[..., str]) -> Callable[..., str]:
    return lambda self, *given, **values: function(*given, self.lang, **values)


class Translator:
    """The functions of this module in one language, ``lang``."""

    lang: str
    t, label, pair = _in_its_language(t), _in_its_language(label), _in_its_language(pair)
    aside, listed, parts = _in_its_language(aside), _in_its_language(listed), _in_its_language(parts)
