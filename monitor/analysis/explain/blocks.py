"""The output of ``monitor explain`` as plain text blocks in one language; printing is left to the command line."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.model import Pattern
from monitor.catalogue import Row
from monitor.text import label, pair, parts, t

Lang = Literal["en", "zh"]


class Block(NamedTuple):
    """A heading and its lines."""

    heading: str
    lines: list[str]


def rule(item: Rule, lang: Lang = "en") -> list[Block]:
    """A rule in plain words, with clauses, known false positives and examples."""
    text, zh = item.text, lang == "zh"
    blocks = [
        Block(f"{item.id} {text.title_zh if zh else text.title}", [text.description_zh if zh else text.description]),
        Block(t("explain.word.how", lang), [_pattern(item, number) for number in range(len(text.match))]),
        Block(t("explain.word.status", lang), [_status(pattern, lang) for pattern in text.match]),
        Block(t("explain.word.wrong", lang), text.mistakes(lang)),
        Block(t("explain.word.advice", lang), [text.advice_zh if zh else text.advice]),
    ]
    if text.limits:
        blocks.append(Block(t("explain.word.limits", lang), [text.limits_zh if zh else text.limits]))
    blocks.append(Block(t("explain.word.examples", lang), [f"{e.name}: {e.expect}" for e in text.examples]))
    return blocks


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
    """A row of the catalogue, and the rules that name its data type or apply to all."""
    kept = [f"{arg.name}: {arg.keep}" for arg in row.args]
    if row.result:
        kept.append(f"result: {row.result}")
    using = [r.id for r in rules if any("api_call" in p.kinds for p in r.text.match)] if row.role == "source" else []
    blocks = [
        Block(row.id, [f"{row.cls}.{row.method}", f"{row.role}, {row.confidence}"]),
        Block(t("explain.word.why", lang), [row.why, *row.references]),
        Block(t("explain.word.kept", lang), kept),
        Block(t("explain.word.rules", lang), [", ".join(using)] if using else []),
    ]
    return [block for block in blocks if block.lines]


def _pattern(item: Rule, number: int) -> str:
    pattern = item.text.match[number]
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
