"""A finding as text blocks in one language: the course of events, what would change it, how to reproduce it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
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
from monitor.events import ApiCall, Event, Tap, Transmission
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
    read: Sequence[str] = (),
) -> list[Block]:  # fmt: skip
    """The account of a finding. ``scenario``: the recorded one; ``scenarios``: bundled ones that exercise the rule;
    ``read``: how the windows on which it rests were read."""
    story = _Story(item, of, found, lang, name)
    zh = lang == "zh"
    blocks = {
        "story": story.events(),
        "consent": story.consent(),
        "reading": read,
        "code": story.code(packages, prefixes),
        "to_whom": story.to_whom(),
        "clauses": clauses([(c.pack, c) for c in item.clauses], lang, of),
        "change": story.change(),
        "reproduce": story.reproduce(scenario, scenarios),
        "advice": [item.advice_zh if zh else item.advice],
    }
    title = f"{item.rule} {headline(item.status, item.title_zh if zh else item.title, lang)}"
    made = [
        Block(title, story.facts()),
        *(Block(t(f"explain.{key}", lang), list(told)) for key, told in blocks.items()),
    ]
    return [block for block in made if block.lines]


def _taps_once(events: Iterable[Event]) -> list[Event]:
    """The events by time; of one tap, which the scenario and a hook both recorded, one view."""
    merger = TapMerger()
    ordered = [one for event in sorted(events, key=lambda e: (e.t, e.seq)) for one in merger.push(event)]
    return ordered + merger.release(None)


@dataclass(frozen=True)
class _Story:
    item: Finding
    rule: Rule | None
    found: Moments
    lang: Lang
    name: Naming

    def _t(self, key: str, **values: object) -> str:
        return t(f"explain.{key}", self.lang, **values)

    def _label(self, group: str, value: str) -> str:
        return label(group, value, self.lang)

    def _sentence(self, event: Event) -> str:
        return sentence(event, self.lang, self.name)

    def _pair(self, group: str, value: str, text: str) -> str:
        return pair(self._label(group, value), text, self.lang)

    def facts(self) -> list[str]:
        item, lang = self.item, self.lang
        grade = ""
        if item.data_type:  # a prompt or a window is not read
            long = self._label("grade", f"{item.grade}.long").rstrip(".。")
            grade = aside(self._label("grade", item.grade), long, lang)
        words = [self._label("status", item.status), grade, self._label("level", item.level)]
        about = [
            item.app,
            self._label("data_type", item.data_type) if item.data_type else "",
            short(item.permission),
            "" if item.data_type or item.permission else item.detail.get("component", ""),
            who(item.sdk, lang, self.name) if item.sdk else "",
            self.name(item.recipient, org=True) if item.recipient else "",
        ]
        lines = [" · ".join(filter(None, line)) for line in (words, about)]
        if base := item.detail.get("equivalent_of"):
            lines.append(self._pair("detail", "equivalent_of", self._label("data_type", base)))
        decided = ((name, item.detail[name]) for name in _DECIDED if item.detail.get(name))
        lines += [printable(self._pair("detail", name, text), 300) for name, text in decided]
        return [*lines, self._t("fingerprint", id=item.fingerprint)]

    def events(self) -> list[str]:
        """The events of the finding, with the notice and taps around them, by time; equal ones in a row once."""
        found = self.found
        every: dict[int, Event] = {event.seq: event for event in found.own}
        every |= {event.seq: event for event in (found.notice, found.earlier, found.agreed) if event}
        ordered = (asked(self.item.pattern, event) for event in _taps_once(every.values()))
        phrased = [(self._sentence(event), event) for event in ordered]
        rows = [(words, [event for _, event in group]) for words, group in groupby(phrased, key=itemgetter(0))]
        own = {event.seq for event in found.own}
        surplus = [number for number, (_, row) in enumerate(rows) if row[0].seq in own][_SHOWN:]
        lines = [self._row(*row) for number, row in enumerate(rows) if number not in surplus]
        if surplus:
            lines.append(self._t("more_events", n=sum(len(rows[number][1]) for number in surplus)))
        return [*lines, self._t("count", n=self.item.count)] if self.item.count > 1 else lines

    def _row(self, words: str, events: Sequence[Event]) -> str:
        """Events with the same words as one line: the first, how many, and when the last was."""
        first, last, start = events[0], events[-1], self.found.start
        line = f"{moment(start, first)}  #{first.seq}  {words}"
        if len(events) == 1:
            return line
        return t("story.repeated", self.lang, line=line, n=len(events), until=moment(start, last), seq=last.seq)

    def consent(self) -> list[str]:
        """Before and after which tap, and whether timing uncertainty could reverse the order."""
        item, found = self.item, self.found
        first = next((e for e in found.own if e.t == item.first_seen), found.own[0] if found.own else None)
        if first is None:
            return []
        if found.unread:
            return [self._t("consent.unread", seq=found.unread)]
        lines = []
        answers = {"earlier": found.earlier or found.decided} | ({} if found.settled else {"agreed": found.agreed})
        for key, answer in answers.items():
            if answer is None:
                lines.append(self._t(f"consent.no_{key}"))
            elif answer.seq != first.seq:  # else the finding is about this very tap
                lines.append(self._answer(key, answer, first))
        if (refusal := found.between) is not None:
            after = sum(e.t > refusal.t for e in found.own)
            what = self._sentence(refusal)
            lines.insert(1, printable(self._t("consent.between", n=after, seq=refusal.seq, what=what), 300))
        return lines

    def _answer(self, key: str, answer: Event, first: Event) -> str:
        gap, err = abs(answer.t - self.item.first_seen), answer.err + first.err
        inside = self._t("inside" if gap <= err else "outside")
        said = {"gap": f"{gap / 1e6:.3f}", "seq": answer.seq, "err": f"{err / 1000:.1f}", "inside": inside}
        if isinstance(answer, Tap):
            return printable(self._t(f"consent.{key}", label=answer.label, **said), 300)
        return printable(self._t("consent.decided", what=self._sentence(answer), **said), 300)

    def code(self, packages: Packages, prefixes: Sequence[str]) -> Iterator[str]:
        """The stacks of its first events, with the owners of their frames."""
        events: dict[int, Event] = {}
        for event in self.found.own:
            events.setdefault(stack_of(event), event)
        for number in [number for number in events if number in self.found.stacks][:_STACKS]:
            frames = without_repeats(self.found.stacks[number])
            yield self._t("stack", n=number, seq=events[number].seq)
            for frame in frames[:_FRAMES]:
                whose = owner([frame], packages, prefixes)
                mark = f"  ← {who(whose, self.lang, self.name)}" if whose not in ("", "framework") else ""
                line = f":{frame.line}" if frame.line else ""
                place = f" ({frame.file}{line})" if frame.file else ""
                yield "  " + printable(f"{frame.cls}.{frame.method}{place}{mark}", 240)
            if len(frames) > _FRAMES:
                yield "  " + t("report.more", self.lang, n=len(frames) - _FRAMES)

    def to_whom(self) -> list[str]:
        """Who received it. Of what was only read: whether the value, or another of its kind, was sent all the same."""
        item, found = self.item, self.found
        sent = carried(found.own, item.data_type, item.recipient)
        read = any(isinstance(e, ApiCall) for e in found.own)
        mine = [e for e in sent if e.sdk == item.sdk] if item.sdk and read else sent
        lines = self._recipients(mine)
        if theirs := [e for e in sent if e not in mine]:
            return [*lines, *self._beside("also_sent_by" if lines else "sent_by_others", theirs)]
        if lines or not item.data_type:
            return lines
        if item.grade == "collection":
            return self._recipients(found.elsewhere)
        if not found.elsewhere:
            return [self._t("not_sent")]
        return self._beside("sent_by_others" if found.same else "others_sent", found.elsewhere)

    def _beside(self, key: str, sent: Iterable[Transmission]) -> list[str]:
        senders = {who(one.sdk, self.lang, self.name) for one in sent}
        return [self._t(key, who=listed(sorted(senders), self.lang)), *self._recipients(sent)]

    def _recipients(self, events: Iterable[Transmission]) -> list[str]:
        times: Counter[str] = Counter()
        for sent in events:
            types = {m.data_type for m in sent.matches if self.item.data_type in ("", m.data_type)}
            what = listed((self._label("data_type", kind) for kind in sorted(types)), self.lang)
            org = [self.name(sent.org, org=True)] if sent.org else []
            whom = t("punct.comma", self.lang).join((*org, self._label("party", sent.party)))
            times[pair(sent.host + t("punct.dash", self.lang) + whom, what or "—", self.lang)] += 1
        return [printable(f"{key} ×{n}", 300) for key, n in list(times.items())[:_SHOWN]]

    def change(self) -> list[str]:
        """What would change the assessment: smaller errors, exceptions, declarations, thresholds, known mistakes."""
        item, rule = self.item, self.rule
        doubt = next((name for name in ("not_read", "purpose_unclear") if name in item.guards), item.status)
        lines = [self._t(f"change.{doubt}")]
        if tap := self.found.unclear:
            lines.append(printable(self._t("change.unclear", label=tap.label, seq=tap.seq), 300))
        if item.data_type and not self.found.same and item.grade != "collection":
            lines.append(self._t("change.grade"))
        return lines if rule is None else [*lines, *self._conditions(rule)]

    def _conditions(self, rule: Rule) -> Iterator[str]:
        """What the rule asks besides."""
        item, lang = self.item, self.lang
        matched = [pattern for pattern in rule.text.match if pattern.name == item.pattern] or rule.text.match
        kinds = (f"change.type.{kind}" for kind in dict.fromkeys(pattern.type for pattern in matched))
        yield from (self._t(key) for key in kinds if has(f"explain.{key}"))
        yield from (self._t(f"guard.{name}") for name in rule.text.guards)
        others = (name for name in item.guards if name not in (*rule.text.guards, "needs_a_person"))
        for heading, texts in (
            (self._t("checked"), (self._label("guard", name) for name in others)),
            (t("report.assumed", lang), (self._label("assumption", name) for name in item.assumptions)),
            (self._t("threshold"), thresholds(matched, lang)),
            (self._t("mistake"), rule.text.mistakes(lang)),
        ):
            yield from (pair(heading, text, lang) for text in texts)

    def reproduce(self, scenario: str, scenarios: Sequence[str]) -> list[str]:
        lines = [f"monitor run {printable(scenario, 1000)}"] if scenario else []
        if (step := self.found.step) is not None:
            lines.append(printable(self._t("at_step", n=step.index, what=step_words(step, self.lang)), 200))
        if others := [name for name in scenarios if name != scenario]:
            lines.append(self._t("also", names=listed(others, self.lang)))
        return lines
