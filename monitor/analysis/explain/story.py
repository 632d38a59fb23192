"""A finding as text blocks in one language: the course of events, what would change it, how to reproduce it."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from monitor.analysis.consent.taps import TapMerger
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.correlate.owner import owner
from monitor.analysis.explain.about import Naming
from monitor.analysis.explain.blocks import Block, Lang, clauses, thresholds
from monitor.analysis.explain.moments import Moments, carried, stack_of, without_repeats
from monitor.analysis.explain.sentences import asked, moment, sentence, who
from monitor.analysis.explain.sentences import step as step_words
from monitor.analysis.guarded import short
from monitor.analysis.rules.load import Rule
from monitor.base.errors import printable
from monitor.events import ApiCall, Event, Frame, Tap, Transmission
from monitor.knowledge.tables import Packages
from monitor.text import aside, has, headline, label, listed, pair, t

#: Details that are the words on a screen that decided.
_DECIDED: Final = ("lured_by", "bundled_words")
_SHOWN: Final = 12
_FRAMES: Final = 10
_STACKS: Final = 2


def finding(
    item: Finding, of: Rule | None, found: Moments, lang: Lang, *,
    name: Naming, packages: Packages, prefixes: Sequence[str], scenario: str, scenarios: Sequence[str],
) -> list[Block]:  # fmt: skip
    """The account of a finding. ``scenario``: the recorded one; ``scenarios``: bundled ones that exercise the rule."""
    title = item.title_zh if lang == "zh" else item.title
    left = found.same or item.grade == "collection"
    blocks = [
        Block(f"{item.rule} {headline(item.status, title, lang)}", _facts(item, lang, name)),
        Block(t("explain.story", lang), _story(item, found, lang, name)),
        Block(t("explain.consent", lang), _consent(item, found, lang, name)),
        Block(t("explain.code", lang), _code(found, lang, name, packages, prefixes)),
        Block(t("explain.to_whom", lang), _to_whom(item, found, lang, name)),
        Block(t("explain.clauses", lang), clauses([(c.pack, c) for c in item.clauses], lang, of)),
        Block(t("explain.change", lang), _change(item, of, lang, left, found)),
        Block(t("explain.reproduce", lang), _reproduce(found, lang, scenario, scenarios)),
        Block(t("explain.advice", lang), [item.advice_zh if lang == "zh" else item.advice]),
    ]
    return [block for block in blocks if block.lines]


def _facts(item: Finding, lang: Lang, name: Naming) -> list[str]:
    grade = ""
    if item.data_type:  # a prompt or a window is not read
        long = label("grade", f"{item.grade}.long", lang).rstrip(".。")
        grade = aside(label("grade", item.grade, lang), long, lang)
    words = [label("status", item.status, lang), grade, label("level", item.level, lang)]
    about = [
        item.app,
        label("data_type", item.data_type, lang) if item.data_type else "",
        short(item.permission) if item.permission else "",
        "" if item.data_type or item.permission else item.detail.get("component", ""),
        who(item.sdk, lang, name) if item.sdk else "",
        name(item.recipient, org=True) if item.recipient else "",
    ]
    lines = [" · ".join(x for x in line if x) for line in (words, about)]
    if base := item.detail.get("equivalent_of"):
        lines.append(pair(label("detail", "equivalent_of", lang), label("data_type", base, lang), lang))
    told = ((name, item.detail.get(name, "")) for name in _DECIDED)
    lines += [printable(pair(label("detail", name, lang), words, lang), 300) for name, words in told if words]
    return [*lines, t("explain.fingerprint", lang, id=item.fingerprint)]


def _story(item: Finding, found: Moments, lang: Lang, name: Naming) -> list[str]:
    """The events of the finding, with the notice and taps around them, by time; equal ones in a row once."""
    beside = [e for e in (found.notice, found.earlier, found.agreed) if e is not None]
    every = {event.seq: event for event in [*found.own, *beside]}
    ordered = (asked(item.pattern, event) for event in _taps_once(every.values()))
    phrased = [(sentence(e, lang, name), e) for e in ordered]
    rows = [[event for _, event in group] for _, group in groupby(phrased, key=lambda one: one[0])]
    own = {event.seq for event in found.own}
    surplus = [number for number, row in enumerate(rows) if row[0].seq in own][_SHOWN:]
    lines = [
        _once(found.start, row, sentence(row[0], lang, name), lang)
        for number, row in enumerate(rows)
        if number not in surplus
    ]
    if surplus:
        lines.append(t("explain.more_events", lang, n=sum(len(rows[number]) for number in surplus)))
    if item.count > 1:
        lines.append(t("explain.count", lang, n=item.count))
    return lines


def _taps_once(events: Iterable[Event]) -> list[Event]:
    """The events by time; of one tap, which the scenario and a hook both recorded, one view."""
    merger = TapMerger()
    ordered = [one for event in sorted(events, key=lambda e: (e.t, e.seq)) for one in merger.push(event)]
    return ordered + merger.release(None)


def _once(start: int, events: Sequence[Event], what: str, lang: Lang) -> str:
    """Events with the same words as one line: the first, how many, and when the last was."""
    first, last = events[0], events[-1]
    line = f"{moment(start, first)}  #{first.seq}  {what}"
    if len(events) == 1:
        return line
    return t("story.repeated", lang, line=line, n=len(events), until=moment(start, last), seq=last.seq)


def _consent(item: Finding, found: Moments, lang: Lang, name: Naming) -> list[str]:
    """Before and after which tap, and whether timing uncertainty could reverse the order."""
    first = next((e for e in found.own if e.t == item.first_seen), found.own[0] if found.own else None)
    if first is None:
        return []
    if found.unread:
        return [t("explain.consent.unread", lang, seq=found.unread)]
    lines = []
    for key, made in (("earlier", found.earlier or found.decided), ("agreed", found.agreed)):
        if key == "agreed" and found.settled:
            continue
        if made is not None and made.seq == first.seq:
            continue  # the finding is about this very tap
        if made is None:
            lines.append(t(f"explain.consent.no_{key}", lang))
            continue
        gap, err = abs(made.t - item.first_seen), made.err + first.err
        said = {
            "gap": f"{gap / 1e6:.3f}", "seq": made.seq, "err": f"{err / 1000:.1f}",
            "inside": t("explain.inside" if gap <= err else "explain.outside", lang),
        }  # fmt: skip
        if isinstance(made, Tap):
            line = t(f"explain.consent.{key}", lang, label=made.label, **said)
        else:
            line = t("explain.consent.decided", lang, what=sentence(made, lang, name), **said)
        lines.append(printable(line, 300))
    if (meanwhile := found.between) is not None:
        after = sum(e.t > meanwhile.t for e in found.own)
        what = sentence(meanwhile, lang, name)
        lines.insert(1, printable(t("explain.consent.between", lang, n=after, seq=meanwhile.seq, what=what), 300))
    return lines


def _code(found: Moments, lang: Lang, name: Naming, packages: Packages, prefixes: Sequence[str]) -> list[str]:
    lines: list[str] = []
    shown: set[int] = set()
    for event in found.own:
        number = stack_of(event)
        if number in shown or number not in found.stacks or len(shown) >= _STACKS:
            continue
        shown.add(number)
        frames = without_repeats(found.stacks[number])
        lines.append(t("explain.stack", lang, n=number, seq=event.seq))
        lines += [f"  {_frame(frame, lang, name, packages, prefixes)}" for frame in frames[:_FRAMES]]
        if len(frames) > _FRAMES:
            lines.append("  " + t("report.more", lang, n=len(frames) - _FRAMES))
    return lines


def _frame(frame: Frame, lang: Lang, name: Naming, packages: Packages, prefixes: Sequence[str]) -> str:
    whose = owner([frame], packages, prefixes)
    mark = f"  ← {who(whose, lang, name)}" if whose not in ("", "framework") else ""
    line = f":{frame.line}" if frame.line else ""
    place = f" ({frame.file}{line})" if frame.file else ""
    return printable(f"{frame.cls}.{frame.method}{place}{mark}", 240)


def _to_whom(item: Finding, found: Moments, lang: Lang, name: Naming) -> list[str]:
    """Who received it. Of what was only read: whether the value, or another of its kind, was sent all the same."""
    sent = carried(found.own, item.data_type, item.recipient)
    read = any(isinstance(e, ApiCall) for e in found.own)
    mine = [e for e in sent if e.sdk == item.sdk] if item.sdk and read else sent
    theirs = [e for e in sent if e not in mine]
    seen = _recipients(mine, item, lang, name)
    if beside := _recipients(theirs, item, lang, name):
        senders = listed(sorted({who(e.sdk, lang, name) for e in theirs}), lang)
        return [*seen, t("explain.also_sent_by" if seen else "explain.sent_by_others", lang, who=senders), *beside]
    if seen or not item.data_type:
        return seen
    others = _recipients(found.elsewhere, item, lang, name)
    if not others:
        return [t("explain.not_sent", lang)] if item.grade != "collection" else []
    if item.grade == "collection":
        return others
    senders = listed(sorted({who(sent.sdk, lang, name) for sent in found.elsewhere}), lang)
    return [t("explain.sent_by_others" if found.same else "explain.others_sent", lang, who=senders), *others]


def _recipients(events: Iterable[Transmission], item: Finding, lang: Lang, name: Naming) -> list[str]:
    seen: dict[str, int] = {}
    for sent in events:
        types = {m.data_type for m in sent.matches if not item.data_type or m.data_type == item.data_type}
        what = listed((label("data_type", kind, lang) for kind in sorted(types)), lang)
        org = [name(sent.org, org=True)] if sent.org else []
        whom = t("punct.comma", lang).join((*org, label("party", sent.party, lang)))
        key = pair(sent.host + t("punct.dash", lang) + whom, what or "—", lang)
        seen[key] = seen.get(key, 0) + 1
    return [printable(f"{key} ×{n}", 300) for key, n in list(seen.items())[:_SHOWN]]


def _change(item: Finding, of: Rule | None, lang: Lang, left: bool, found: Moments) -> list[str]:
    """What would change the assessment: smaller errors, exceptions, declarations, thresholds, known false positives."""
    doubt = next((name for name in ("not_read", "purpose_unclear") if name in item.guards), item.status)
    lines = [t(f"explain.change.{doubt}", lang)]
    if tap := found.unclear:
        lines.append(printable(t("explain.change.unclear", lang, label=tap.label, seq=tap.seq), 300))
    if item.data_type and not left:
        lines.append(t("explain.change.grade", lang))
    if of is None:
        return lines
    matched = [pattern for pattern in of.text.match if pattern.name == item.pattern] or of.text.match
    for kind in dict.fromkeys(pattern.type for pattern in matched):
        if has(f"explain.change.type.{kind}"):
            lines.append(t(f"explain.change.type.{kind}", lang))
    lines += [t(f"explain.guard.{name}", lang) for name in of.text.guards]
    others = (name for name in item.guards if name not in (*of.text.guards, "needs_a_person"))
    lines += [pair(t("explain.checked", lang), label("guard", name, lang), lang) for name in others]
    lines += [pair(t("report.assumed", lang), label("assumption", name, lang), lang) for name in item.assumptions]
    lines += [pair(t("explain.threshold", lang), text, lang) for text in thresholds(matched, lang)]
    return [*lines, *(pair(t("explain.mistake", lang), text, lang) for text in of.text.mistakes(lang))]


def _reproduce(found: Moments, lang: Lang, scenario: str, scenarios: Sequence[str]) -> list[str]:
    lines = [f"monitor run {printable(scenario, 1000)}"] if scenario else []
    if found.step is not None:
        step = step_words(found.step, lang)
        lines.append(printable(t("explain.at_step", lang, n=found.step.index, what=step), 200))
    others = [name for name in scenarios if name != scenario]
    if others:
        lines.append(t("explain.also", lang, names=listed(others, lang)))
    return lines
