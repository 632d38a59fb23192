"""What ``monitor explain`` says, as plain blocks of text in one language; printing is for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from monitor.analysis.findings import Finding
from monitor.analysis.rules import Rule
from monitor.catalogue import Row

Lang = Literal["en", "zh"]

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "what": ("What it looks for", "检查内容"),
    "how": ("How it decides", "判定方式"),
    "clauses": ("Clauses (rank 1 law … 7 store rule)", "条款（等级 1 法律 … 7 商店规则）"),
    "wrong": ("How it can be wrong", "可能的误报"),
    "advice": ("What to do", "建议"),
    "limits": ("What cannot be seen", "无法观察的部分"),
    "examples": ("Examples it is tested with", "随规则测试的示例"),
    "seen": ("What was seen", "观察到的事实"),
    "guards": ("What was checked against it", "已检查的例外"),
    "assumed": ("What was assumed", "所作假设"),
    "reproduce": ("How to see it again", "复现方式"),
    "why": ("Why it is hooked", "挂钩原因"),
    "kept": ("What is kept", "记录内容"),
    "rules": ("Rules that use it", "相关规则"),
    "evidenced": ("evidence of the pattern, outside every error of time", "疑似，证据在时间误差之外成立"),
    "review": ("a person must judge", "需人工判断"),
    "inconclusive": ("inside the error of time: no conclusion", "在时间误差之内，无法判定"),
    "attempted": ("attempted: asked or tried, no value was seen", "尝试：未见返回值"),
    "access": ("access: a value was returned", "访问：已返回值"),
    "collection": ("collection: the value was seen leaving", "收集：已观察到外传"),
    "confidence": ("known", "可信度"),
    "events": ("events", "事件"),
}


class Block(NamedTuple):
    """A heading and its lines."""

    heading: str
    lines: list[str]


def word(key: str, lang: Lang) -> str:
    """A fixed word of an explanation; the key itself if there is none."""
    pair = _WORDS.get(key)
    return key if pair is None else pair[lang == "zh"]


def rule(item: Rule, lang: Lang = "en") -> list[Block]:
    """A rule in plain words, with clauses, ways to be wrong and examples."""
    text, zh = item.text, lang == "zh"
    blocks = [
        Block(f"{item.id} {text.title_zh if zh else text.title}", [text.description_zh if zh else text.description]),
        Block(word("how", lang), [_pattern(item, number) for number in range(len(text.match))]),
        Block(word("clauses", lang), _clauses(item, lang)),
        Block(word("wrong", lang), text.mistakes(lang)),
        Block(word("advice", lang), [text.advice_zh if zh else text.advice]),
    ]
    if text.limits:
        blocks.append(Block(word("limits", lang), [text.limits_zh if zh else text.limits]))
    blocks.append(Block(word("examples", lang), [f"{e.name}: {e.expect}" for e in text.examples]))
    return blocks


def finding(item: Finding, of: Rule | None, lang: Lang = "en", scenario: str = "") -> list[Block]:
    """A finding: what was seen, how sure, under which clauses, and how to see it again. No personal value."""
    zh = lang == "zh"
    subject = [part for part in (item.data_type, item.permission, item.sdk, item.recipient) if part]
    facts = [
        f"{item.app}: {', '.join(subject)}" if subject else item.app,
        word(item.status, lang),
        word(item.grade, lang),
        f"{word('events', lang)} {', '.join(map(str, item.events))} (×{item.count})",
        *(f"{name}: {value}" for name, value in item.detail.items() if value),
    ]
    blocks = [
        Block(f"{item.rule} {item.title_zh if zh else item.title}", [item.fingerprint]),
        Block(word("seen", lang), facts),
        Block(word("clauses", lang), [f"[{c.pack} {c.rank}] {c.ref} ({c.confidence})" for c in item.clauses]),
        Block(word("guards", lang), item.guards),
        Block(word("assumed", lang), item.assumptions),
        Block(word("advice", lang), [item.advice_zh if zh else item.advice]),
        Block(word("reproduce", lang), [f"monitor run {scenario}"] if scenario else []),
    ]
    if of is not None:
        blocks.append(Block(word("wrong", lang), of.text.mistakes(lang)))
    return [block for block in blocks if block.lines]


def hook(row: Row, rules: Sequence[Rule], lang: Lang = "en") -> list[Block]:
    """A row of the catalogue, and the rules that name its kind of data or judge every kind."""
    kept = [f"{arg.name}: {arg.keep}" for arg in row.args]
    if row.result:
        kept.append(f"result: {row.result}")
    using = [r.id for r in rules if any("api_call" in p.kinds for p in r.text.match)] if row.role == "source" else []
    blocks = [
        Block(row.id, [f"{row.cls}.{row.method}", f"{row.role}, {row.data_type}, {row.permission}", row.confidence]),
        Block(word("why", lang), [row.why, *row.references]),
        Block(word("kept", lang), kept),
        Block(word("rules", lang), [", ".join(using)] if using else []),
    ]
    return [block for block in blocks if block.lines]


def _pattern(item: Rule, number: int) -> str:
    pattern = item.text.match[number]
    limits = {**pattern.thresholds.get("default", {}), **pattern.thresholds.get(item.profile, {})}
    told = ", ".join(f"{name} {value:g}" for name, value in limits.items())
    where = "" if pattern.where == "True" else f" where {pattern.where}"
    where += f" [{', '.join(pattern.packs)}]" if pattern.packs else ""
    return (
        f"{pattern.name}: {pattern.type} {'/'.join(pattern.kinds)}{where}{f' ({item.profile}: {told})' if told else ''}"
    )


def _clauses(item: Rule, lang: Lang) -> list[str]:
    return [f"[{pack} {c.rank}] {c.ref} ({word('confidence', lang)}: {c.confidence})" for pack, c in item.clauses]
