"""A rule and a hook as text blocks in one language; printing is left to the command line."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from monitor.analysis.correlate.findings import ClauseRef
from monitor.analysis.rules.load import PROFILES, Rule
from monitor.analysis.rules.model import Pattern
from monitor.knowledge.catalogue import Row
from monitor.knowledge.law import Provision
from monitor.text import label, listed, pair, parts, t, translated

Lang = Literal["en", "zh"]
#: A permission and the API levels that need it, as the catalogue notes them.
_LEVELS: Final = re.compile(r"(?P<what>.+)@(?P<first>\d*)-(?P<last>\d*)")


class Block(NamedTuple):
    """A heading and its lines."""

    heading: str
    lines: list[str]


def rule(item: Rule, lang: Lang, scenarios: Sequence[str] = ()) -> list[Block]:
    """A rule in plain words: what, why, how it decides, its limits, and the scenarios that exercise it."""
    text, zh = item.text, lang == "zh"
    blocks = [
        Block(f"{item.id} {text.title_zh if zh else text.title}", [text.description_zh if zh else text.description]),
        Block(t("explain.word.how", lang), [_pattern(item, pattern) for pattern in text.match]),
        Block(t("explain.word.status", lang), [_status(pattern, lang) for pattern in text.match]),
        Block(t("explain.clauses", lang), clauses(item.clauses, lang, item)),
        Block(t("explain.thresholds", lang), thresholds(text.match, lang)),
        Block(t("explain.guards", lang), [t(f"explain.guard.{name}", lang) for name in text.guards]),
        Block(t("explain.witness", lang), [label("witness", name, lang) for name in text.witness]),
        Block(t("explain.level", lang), [_level(item, lang)]),
        Block(t("explain.word.wrong", lang), text.mistakes(lang)),
        Block(t("explain.word.advice", lang), [text.general(lang)]),
        Block(t("explain.word.limits", lang), list(filter(None, [text.limits_zh if zh else text.limits]))),
        Block(t("explain.word.examples", lang), [f"{e.name}: {e.expect}" for e in text.examples]),
        Block(
            t("explain.reproduce", lang),
            [f"monitor run {name}" for name in scenarios] or [t("explain.no_scenario", lang)],
        ),
    ]
    return [block for block in blocks if block.lines]


def _status(pattern: Pattern, lang: Lang) -> str:
    """What a match of a pattern is: evidence, or where it is for review or inconclusive."""
    if pattern.review == "True":
        return pair(pattern.name, label("status", "review", lang), lang)
    lower = [("review", pattern.review), ("inconclusive", pattern.unsure), ("inconclusive", pattern.doubt)]
    where = [
        t("explain.status.where", lang, status=label("status", name, lang), where=test) for name, test in lower if test
    ]
    return pair(pattern.name, parts([label("status", "evidenced", lang), *where], lang), lang)


def hook(row: Row, rules: Sequence[Rule], lang: Lang = "en") -> list[Block]:
    """A row of the catalogue with its signatures, API levels and permission, and the rules that name its data type or
    apply to all."""
    kept = [f"{arg.name}: {arg.keep}" for arg in row.args] + ([f"result: {row.result}"] if row.result else [])
    levels = {name: getattr(row.levels, name) for name in ("since", "deprecated", "removed")}
    known = [t(f"explain.{name}", lang, level=level) for name, level in levels.items() if level or name == "since"]
    permission = permission_words(row.permission, lang)
    facts = {"data": label("data_type", row.data_type, lang), "": parts(known, lang), "permission": permission}
    facts["implementation"] = listed(row.implementation, lang)
    lines = [pair(t(f"explain.{name}", lang), fact, lang) if name else fact for name, fact in facts.items() if fact]
    if not row.enabled:
        lines.append(t("explain.off", lang, reason=translated("hook_reason", row.reason, lang) or "—"))
    blocks = [
        Block(row.id, [f"{row.cls}.{row.method}", f"{row.role}, {row.confidence}"]),
        Block(t("explain.word.why", lang), [row.why, *row.references]),
        Block(t("explain.signatures", lang), row.overloads or [t("explain.any_overload", lang)]),
        Block(t("explain.facts", lang), lines),
        Block(t("explain.word.kept", lang), kept),
        Block(t("explain.word.rules", lang), list(filter(None, [_using(row, rules)]))),
    ]
    return [block for block in blocks if block.lines]


def _using(row: Row, rules: Iterable[Rule]) -> str:
    """The rules that ask for calls of such a row."""
    calls = (rule.id for rule in rules if any("api_call" in pattern.kinds for pattern in rule.text.match))
    return ", ".join(calls) if row.role == "source" else ""


def _pattern(item: Rule, pattern: Pattern) -> str:
    limits = {**pattern.thresholds.get("default", {}), **pattern.thresholds.get(item.profile, {})}
    shown = ", ".join(f"{name} {value:g}" for name, value in limits.items())
    where = _event(pattern.where, pattern.within)
    for name in ("after", "not_after", "followed_by", "not_followed_by"):
        if found := getattr(pattern, name):
            where += f", {name.replace('_', ' ')} {'/'.join(found.kinds)}{_event(found.where, found.within)}"
    where += f" [{', '.join(pattern.packs)}]" if pattern.packs else ""
    thresholds = f" ({item.profile}: {shown})" if shown else ""
    return f"{pattern.name}: {pattern.type} {'/'.join(pattern.kinds)}{where}{thresholds}"


def _event(where: str, within: float) -> str:
    return ("" if where == "True" else f" where {where}") + (f" within {within:g} s" if within else "")


def clauses(cited: Sequence[tuple[str, ClauseRef | Provision]], lang: Lang, of: Rule | None) -> list[str]:
    """Law and article in full, from the provisions loaded with the rule; an unknown clause by its short name."""
    known = {provision.ref: provision for _, provision in of.clauses} if of else {}
    lines = []
    for pack, one in sorted(cited, key=lambda pair: (pair[1].rank, pair[0])):
        law = known.get(one.ref)
        rank = "draft" if law and law.draft else str(one.rank)  # a draft has none, whatever it is a draft of
        checked = label("confidence", law.checked if law else one.confidence, lang)
        standing = t("punct.comma", lang).join((label("rank", rank, lang), checked))
        lines.append(f"{law.name(lang) if law else one.ref}{t('punct.dash', lang)}{standing} [{pack}]")
    return lines


def thresholds(patterns: Sequence[Pattern], lang: str) -> list[str]:
    """The thresholds of patterns, profile by profile."""
    lines = []
    for pattern in patterns:
        for profile in ("default", *PROFILES):
            if limits := pattern.thresholds.get(profile):
                named = (f"{label('threshold', name, lang)} {value:g}" for name, value in sorted(limits.items()))
                comma = t("punct.comma", lang)
                lines.append(pair(comma.join((pattern.name, label("profile", profile, lang))), comma.join(named), lang))
    return lines


def _level(item: Rule, lang: Lang) -> str:
    text = item.text
    levels = [label("level", text.level, lang)]
    for name in ("level_attempted", "level_sensitive"):
        if value := getattr(text, name):
            levels.append(t(f"explain.{name}", lang, level=label("level", value, lang)))
    return parts(levels, lang)


def permission_words(noted: str, lang: str) -> str:
    """The permission that a call needs: ``A@-28|B+C@29-`` is A up to API 28, or B together with C from API 29.

    >>> permission_words("READ_PHONE_STATE@-28", "en")
    'READ_PHONE_STATE (up to API 28)'
    """
    if noted in ("", "-"):
        return "—"
    ways = (t("explain.with", lang).join(_levels(part, lang) for part in way.split("+")) for way in noted.split("|"))
    return t("explain.or", lang).join(ways)


def _levels(noted: str, lang: str) -> str:
    found = _LEVELS.fullmatch(noted)
    if found is None:
        return noted
    key = "between" if found["first"] and found["last"] else "from" if found["first"] else "until"
    return t(f"explain.level_{key}", lang, **found.groupdict())
