"""What ``monitor explain`` tells beyond the plain facts of ``explain.py``: the story of a finding, and how to see it.

Blocks of text in one language; printing is for the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.analysis import explain
from monitor.analysis.attribution import owner
from monitor.analysis.explain import Block, Lang
from monitor.analysis.findings import ClauseRef, Finding
from monitor.analysis.model import Clause
from monitor.analysis.moments import Moments, carried, stack_of, told
from monitor.analysis.rules import PROFILES, Rule
from monitor.analysis.sentences import Names, moment, sentence, short, who
from monitor.catalogue import Row
from monitor.errors import printable
from monitor.events import Frame
from monitor.tables import Packages
from monitor.text import has, headline, label, t

_SHOWN: Final = 12
_FRAMES: Final = 10
_STACKS: Final = 2


def rule(item: Rule, lang: Lang, scenarios: Sequence[str]) -> list[Block]:
    """A rule in plain words: what, why, how it decides, with which limits, and the scenarios that exercise it."""
    text = item.text
    blocks = explain.rule(item, lang)
    extra = [
        Block(t("explain.sources", lang), [", ".join(text.references)]),
        Block(t("explain.thresholds", lang), _thresholds(item)),
        Block(t("explain.guards", lang), [t(f"explain.guard.{name}", lang) for name in text.guards]),
        Block(t("explain.witness", lang), [", ".join(text.witness)] if text.witness else []),
        Block(t("explain.level", lang), [_level(item, lang)]),
    ]
    clauses = Block(t("explain.clauses", lang), _clauses(item.clauses, lang))
    found = [*blocks[:2], clauses, *extra, *blocks[3:], Block(t("explain.reproduce", lang), _runs(scenarios, lang))]
    return [block for block in found if block.lines]


def hook(row: Row, rules: Sequence[Rule], lang: Lang) -> list[Block]:
    """A row of the catalogue with its signatures, API levels and permission."""
    levels = row.levels
    known = [t("explain.since", lang, level=levels.since)]
    if levels.deprecated:
        known.append(t("explain.deprecated", lang, level=levels.deprecated))
    if levels.removed:
        known.append(t("explain.removed", lang, level=levels.removed))
    blocks = explain.hook(row, rules, lang)
    facts = [f"{t('explain.data', lang)}: {label('data_type', row.data_type, lang)}", "; ".join(known)]
    facts.append(f"{t('explain.permission', lang)}: {row.permission if row.permission != '-' else '—'}")
    if row.implementation:
        facts.append(f"{t('explain.implementation', lang)}: {', '.join(row.implementation)}")
    if not row.enabled:
        facts.append(t("explain.off", lang, reason=row.reason or "—"))
    signatures = row.overloads or [t("explain.any_overload", lang)]
    extra = [Block(t("explain.signatures", lang), signatures), Block(t("explain.facts", lang), facts)]
    return [*blocks[:2], *extra, *blocks[2:]]


def finding(
    item: Finding, of: Rule | None, found: Moments, lang: Lang, *,
    name: Names, packages: Packages, prefixes: Sequence[str], scenario: str, scenarios: Sequence[str],
) -> list[Block]:  # fmt: skip
    """The story of a finding. ``scenario``: the recorded one; ``scenarios``: bundled ones that exercise the rule."""
    title = item.title_zh if lang == "zh" else item.title
    blocks = [
        Block(f"{item.rule} {headline(item.status, title, lang)}", _facts(item, lang, name)),
        Block(t("explain.story", lang), _story(item, found, lang, name)),
        Block(t("explain.consent", lang), _consent(item, found, lang)),
        Block(t("explain.code", lang), _code(found, lang, name, packages, prefixes)),
        Block(t("explain.to_whom", lang), _to_whom(item, found, lang, name)),
        Block(t("explain.clauses", lang), _clauses([(c.pack, c) for c in item.clauses], lang)),
        Block(t("explain.change", lang), _change(item, of, lang)),
        Block(t("explain.reproduce", lang), _reproduce(found, lang, scenario, scenarios)),
        Block(t("explain.advice", lang), [item.advice_zh if lang == "zh" else item.advice]),
    ]
    return [block for block in blocks if block.lines]


def _facts(item: Finding, lang: Lang, name: Names) -> list[str]:
    words = [label("status", item.status, lang), label("grade", item.grade, lang), label("level", item.level, lang)]
    about = [
        item.app,
        label("data_type", item.data_type, lang) if item.data_type else "",
        short(item.permission) if item.permission else "",
        who(item.sdk, lang, name) if item.sdk else "",
        name(item.recipient, lang) if item.recipient else "",
    ]
    return [" · ".join(words), " · ".join(x for x in about if x), t("explain.fingerprint", lang, id=item.fingerprint)]


def _story(item: Finding, found: Moments, lang: Lang, name: Names) -> list[str]:
    """The first events of the finding among the notice and the taps beside them, by time."""
    beside = [e for e in (found.notice, found.earlier, found.agreed) if e is not None]
    own = found.own[:_SHOWN]
    every = {event.seq: event for event in [*own, *beside]}
    lines = [
        f"{moment(found.start, e)}  #{e.seq}  {sentence(e, lang, name)}"
        for e in sorted(every.values(), key=lambda e: (e.t, e.seq))
    ]
    if len(found.own) > len(own):
        lines.append(t("report.more", lang, n=len(found.own) - len(own)))
    if item.count > 1:
        lines.append(t("explain.count", lang, n=item.count))
    return lines


def _consent(item: Finding, found: Moments, lang: Lang) -> list[str]:
    """Before which tap, after which, and whether the error could turn the order."""
    first = next((e for e in found.own if e.t == item.first_seen), found.own[0] if found.own else None)
    if first is None:
        return []
    lines = []
    for key, tap in (("earlier", found.earlier), ("agreed", found.agreed)):
        if key == "agreed" and found.settled:
            continue
        if tap is not None and any(tap.seq == event.seq for event in found.own):
            continue  # the finding is about this very tap
        if tap is None:
            lines.append(t(f"explain.consent.no_{key}", lang))
            continue
        gap, err = abs(tap.t - item.first_seen), tap.err + first.err
        inside = t("explain.inside" if gap <= err else "explain.outside", lang)
        lines.append(
            printable(
                t(f"explain.consent.{key}", lang, label=tap.label, gap=f"{gap / 1e6:.3f}", seq=tap.seq,
                  err=f"{err / 1000:.1f}", inside=inside),
                300,
            )
        )  # fmt: skip
    return lines


def _code(found: Moments, lang: Lang, name: Names, packages: Packages, prefixes: Sequence[str]) -> list[str]:
    lines: list[str] = []
    shown: set[int] = set()
    for event in found.own:
        number = stack_of(event)
        if number in shown or number not in found.stacks or len(shown) >= _STACKS:
            continue
        shown.add(number)
        frames = told(found.stacks[number])
        lines.append(t("explain.stack", lang, n=number, seq=event.seq))
        lines += [f"  {_frame(frame, lang, name, packages, prefixes)}" for frame in frames[:_FRAMES]]
        if len(frames) > _FRAMES:
            lines.append("  " + t("report.more", lang, n=len(frames) - _FRAMES))
    return lines


def _frame(frame: Frame, lang: Lang, name: Names, packages: Packages, prefixes: Sequence[str]) -> str:
    whose = owner([frame], packages, prefixes)
    mark = f"  ← {who(whose, lang, name)}" if whose not in ("", "framework") else ""
    line = f":{frame.line}" if frame.line else ""
    place = f" ({frame.file}{line})" if frame.file else ""
    return printable(f"{frame.cls}.{frame.method}{place}{mark}", 240)


def _to_whom(item: Finding, found: Moments, lang: Lang, name: Names) -> list[str]:
    seen: dict[str, int] = {}
    for sent in carried(found.own):
        types = {m.data_type for m in sent.matches if not item.data_type or m.data_type == item.data_type}
        what = ", ".join(label("data_type", kind, lang) for kind in sorted(types))
        org = name(sent.org, lang) if sent.org else t("report.unknown", lang)
        key = f"{sent.host} — {org}, {label('party', sent.party, lang)}: {what or '—'}"
        seen[key] = seen.get(key, 0) + 1
    if not seen and item.data_type and item.grade != "collection":
        return [t("explain.not_sent", lang)]
    return [printable(f"{key} ×{n}", 300) for key, n in list(seen.items())[:_SHOWN]]


def _clauses(clauses: Sequence[tuple[str, ClauseRef | Clause]], lang: Lang) -> list[str]:
    ordered = sorted(clauses, key=lambda pair: (pair[1].rank, pair[0]))
    return [
        f"{c.ref} — {label('rank', str(c.rank), lang)}, {label('confidence', c.confidence, lang)} [{pack}]"
        for pack, c in ordered
    ]


def _change(item: Finding, of: Rule | None, lang: Lang) -> list[str]:
    """What would make it another verdict: smaller errors, exceptions, declarations, thresholds, known mistakes."""
    lines = [t(f"explain.change.{item.status}", lang)]
    if item.data_type and item.grade != "collection":
        lines.append(t("explain.change.grade", lang))
    if of is None:
        return lines
    for kind in dict.fromkeys(pattern.type for pattern in of.text.match):
        if has(f"explain.change.type.{kind}"):
            lines.append(t(f"explain.change.type.{kind}", lang))
    lines += [t(f"explain.guard.{name}", lang) for name in of.text.guards]
    lines += [f"{t('explain.checked', lang)}: {label('guard', name, lang)}" for name in item.guards]
    lines += [f"{t('report.assumed', lang)}: {label('assumption', name, lang)}" for name in item.assumptions]
    lines += [f"{t('explain.threshold', lang)}: {text}" for text in _thresholds(of)]
    return [*lines, *(f"{t('explain.mistake', lang)}: {text}" for text in of.text.mistakes(lang))]


def _thresholds(item: Rule) -> list[str]:
    lines = []
    for pattern in item.text.match:
        for profile in ("default", *PROFILES):
            if limits := pattern.thresholds.get(profile):
                told = ", ".join(f"{name} {value:g}" for name, value in sorted(limits.items()))
                lines.append(f"{pattern.name}, {profile}: {told}")
    return lines


def _level(item: Rule, lang: Lang) -> str:
    text = item.text
    parts = [label("level", text.level, lang)]
    for name in ("level_attempted", "level_sensitive"):
        if value := getattr(text, name):
            parts.append(t(f"explain.{name}", lang, level=label("level", value, lang)))
    return "; ".join(parts)


def _runs(scenarios: Sequence[str], lang: Lang) -> list[str]:
    return [f"monitor run {name}" for name in scenarios] or [t("explain.no_scenario", lang)]


def _reproduce(found: Moments, lang: Lang, scenario: str, scenarios: Sequence[str]) -> list[str]:
    lines = [f"monitor run {printable(scenario, 1000)}"] if scenario else []
    if found.step is not None:
        step = f"{found.step.verb} {found.step.label}".strip()
        lines.append(printable(t("explain.at_step", lang, n=found.step.index, what=step), 200))
    others = [name for name in scenarios if name != scenario]
    if others:
        lines.append(t("explain.also", lang, names=", ".join(others)))
    return lines
