"""A finding as text blocks in one language: the course of events, what would change it, how to reproduce it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from monitor.analysis.consent.taps import TapMerger
from monitor.analysis.correlate import findings, owner
from monitor.analysis.explain.about import Naming
from monitor.analysis.explain.blocks import Block, Lang, clauses, thresholds
from monitor.analysis.explain.moments import Moments, carried, stack_of, without_repeats
from monitor.analysis.explain.sentences import Phrases, asked, moment
from monitor.analysis.guarded import short
from monitor.analysis.rules.load import Rule
from monitor.base.errors import printable
from monitor.events import ApiCall, Event, Frame, Tap, Transmission
from monitor.knowledge.tables import Packages
from monitor.text import has, headline, step_name

#: Details that are the words on a screen that decided.
_DECIDED: Final = ("lured_by", "bundled_words")
_SHOWN: Final = 12
_FRAMES: Final = 10
_STACKS: Final = 2


def finding(
    item: findings.Finding, of: Rule | None, found: Moments, lang: Lang, *,
    name: Naming, packages: Packages, prefixes: Sequence[str], scenario: str, scenarios: Sequence[str],
    read: Sequence[str] = (),
) -> list[Block]:  # fmt: skip
    """The account of a finding. ``scenario``: the recorded one; ``scenarios``: bundled ones that exercise the rule;
    ``read``: how the windows on which it rests were read."""
    story, zh = _Story(item, of, found, lang, name), lang == "zh"
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
    made = [Block(story.text(key), list(lines)) for key, lines in blocks.items()]
    return [block for block in (Block(title, list(story.facts())), *made) if block.lines]


class _Story(Phrases):
    def __init__(self, item: findings.Finding, rule: Rule | None, found: Moments, lang: Lang, name: Naming) -> None:
        super().__init__(lang, name)
        self.item, self.rule, self.found = item, rule, found

    def text(self, key: str, **values: object) -> str:
        return self.t(f"explain.{key}", **values)

    def facts(self) -> Iterator[str]:
        item = self.item
        grade = ""
        if item.data_type:  # a prompt or a window is not read
            grade = self.aside(self.label("grade", item.grade), self.label("grade", f"{item.grade}.long").rstrip(".。"))
        words = [self.label("status", item.status), grade, self.label("level", item.level)]
        started = "" if item.data_type or item.permission else item.detail.get("component", "")
        about = [item.app, self.label("data_type", item.data_type) if item.data_type else "", short(item.permission)]
        about += [started, self.who(item.sdk) if item.sdk else "", self.name(item.recipient, org=True)]
        yield from (" · ".join(filter(None, line)) for line in (words, about))
        if base := item.detail.get("equivalent_of"):
            yield self.pair(self.label("detail", "equivalent_of"), self.label("data_type", base))
        for name in _DECIDED:
            if words_shown := item.detail.get(name):
                yield printable(self.pair(self.label("detail", name), words_shown), 300)
        yield self.text("fingerprint", id=item.fingerprint)

    def events(self) -> Iterator[str]:
        """The events of the finding, with the notice and taps around them, by time; equal ones in a row once, and of
        one tap, which the scenario and a hook both recorded, one view."""
        found, merger = self.found, TapMerger()
        own = {event.seq for event in found.own}
        answers = (event for event in (found.decided, found.agreed) if isinstance(event, Tap))
        every = {event.seq: event for event in (*found.own, *filter(None, [found.notice]), *answers)}
        by_time = sorted(every.values(), key=lambda e: (e.t, e.seq))
        merged = [one for event in by_time for one in merger.push(event)] + merger.release(None)
        phrased = [(self.sentence(asked(self.item.pattern, event)), event) for event in merged]
        shown = surplus = 0
        for words, group in groupby(phrased, key=itemgetter(0)):
            events = [event for _, event in group]
            shown += events[0].seq in own
            if events[0].seq in own and shown > _SHOWN:
                surplus += len(events)
            else:
                yield self._row(words, events)
        if surplus:
            yield self.text("more_events", n=surplus)
        if self.item.count > 1:
            yield self.text("count", n=self.item.count)

    def _row(self, words: str, events: Sequence[Event]) -> str:
        """Events with the same words as one line: the first, how many, and when the last was."""
        first, last, start = events[0], events[-1], self.found.start
        line = f"{moment(start, first)}  #{first.seq}  {words}"
        if len(events) == 1:
            return line
        return self("repeated", line=line, n=len(events), until=moment(start, last), seq=last.seq)

    def consent(self) -> list[str]:
        """Before and after which tap, and whether timing uncertainty could reverse the order."""
        item, found = self.item, self.found
        first = next((e for e in found.own if e.t == item.first_seen), found.own[0] if found.own else None)
        if first is None:
            return []
        if found.unread:
            return [self.text("consent.unread", seq=found.unread)]
        lines = []
        for key, answer in (("earlier", found.decided), *([] if found.settled else [("agreed", found.agreed)])):
            if answer is None:
                lines.append(self.text(f"consent.no_{key}"))
            elif answer.seq != first.seq:  # else the finding is about this very tap
                lines.append(self._answer(key, answer, first))
        if (refusal := found.between) is not None:
            after = sum(e.t > refusal.t for e in found.own)
            what = self.sentence(refusal)
            lines.insert(1, printable(self.text("consent.between", n=after, seq=refusal.seq, what=what), 300))
        return lines

    def _answer(self, key: str, answer: Event, first: Event) -> str:
        gap, err = abs(answer.t - self.item.first_seen), answer.err + first.err
        values = {"gap": f"{gap / 1e6:.3f}", "seq": answer.seq, "err": f"{err / 1000:.1f}"}
        values["inside"] = self.text("inside" if gap <= err else "outside")
        if isinstance(answer, Tap):
            return printable(self.text(f"consent.{key}", label=answer.label, **values), 300)
        return printable(self.text("consent.decided", what=self.sentence(answer), **values), 300)

    def code(self, packages: Packages, prefixes: Sequence[str]) -> Iterator[str]:
        """The stacks of its first events, with the owners of their frames."""
        owners, events = owner.Owners(packages, prefixes), dict[int, Event]()
        for event in self.found.own:
            events.setdefault(stack_of(event), event)
        for number in [number for number in events if number in self.found.stacks][:_STACKS]:
            yield self.text("stack", n=number, seq=events[number].seq)
            yield from self._frames(self.found.stacks[number], owners)
            if number in self.found.submitters:
                yield self.text("submitter")
                yield from self._frames(self.found.submitters[number], owners)

    def _frames(self, stack: Iterable[Frame], owners: owner.Owners) -> Iterator[str]:
        frames = without_repeats(stack)
        for frame in frames[:_FRAMES]:
            whose = owners.of([frame])
            mark = f"  ← {self.who(whose)}" if whose not in ("", "framework") else ""
            line = f":{frame.line}" if frame.line else ""
            place = f" ({frame.file}{line})" if frame.file else ""
            yield "  " + printable(f"{frame.cls}.{frame.method}{place}{mark}", 240)
        if len(frames) > _FRAMES:
            yield "  " + self.t("report.more", n=len(frames) - _FRAMES)

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
            return [self.text("not_sent")]
        return self._beside("sent_by_others" if found.same else "others_sent", found.elsewhere)

    def _beside(self, key: str, sent: Iterable[Transmission]) -> list[str]:
        senders = {self.who(one.sdk) for one in sent}
        return [self.text(key, who=self.listed(sorted(senders))), *self._recipients(sent)]

    def _recipients(self, events: Iterable[Transmission]) -> list[str]:
        times: Counter[str] = Counter()
        for sent in events:
            types = {m.data_type for m in sent.matches if self.item.data_type in ("", m.data_type)}
            what = self.listed(self.label("data_type", kind) for kind in sorted(types))
            org = [self.name(sent.org, org=True)] if sent.org else []
            whom = self.t("punct.comma").join((*org, self.label("party", sent.party)))
            times[self.pair(sent.host + self.t("punct.dash") + whom, what or "—")] += 1
        return [printable(f"{key} ×{n}", 300) for key, n in list(times.items())[:_SHOWN]]

    def change(self) -> list[str]:
        """What would change the assessment: smaller errors, exceptions, declarations, thresholds, known mistakes."""
        item, rule = self.item, self.rule
        doubt = next((name for name in ("not_read", "purpose_unclear") if name in item.guards), item.status)
        lines = [self.text(f"change.{doubt}")]
        if tap := self.found.unclear:
            lines.append(printable(self.text("change.unclear", label=tap.label, seq=tap.seq), 300))
        if item.data_type and not self.found.same and item.grade != "collection":
            lines.append(self.text("change.grade"))
        return lines if rule is None else [*lines, *self._conditions(rule)]

    def _conditions(self, rule: Rule) -> Iterator[str]:
        """What the rule asks besides."""
        item = self.item
        matched = [pattern for pattern in rule.text.match if pattern.name == item.pattern] or rule.text.match
        kinds = (f"change.type.{kind}" for kind in dict.fromkeys(pattern.type for pattern in matched))
        yield from (self.text(key) for key in kinds if has(f"explain.{key}"))
        yield from (self.text(f"guard.{name}") for name in rule.text.guards)
        others = (name for name in item.guards if name not in (*rule.text.guards, "needs_a_person"))
        for heading, texts in (
            (self.text("checked"), (self.label("guard", name) for name in others)),
            (self.t("report.assumed"), (self.label("assumption", name) for name in item.assumptions)),
            (self.text("threshold"), thresholds(matched, self.lang)),
            (self.text("mistake"), rule.text.mistakes(self.lang)),
        ):
            yield from (self.pair(heading, text) for text in texts)

    def reproduce(self, scenario: str, scenarios: Sequence[str]) -> list[str]:
        lines = [f"monitor run {printable(scenario, 1000)}"] if scenario else []
        if (step := self.found.step) is not None:
            what = step_name(step.verb, step.label, self.lang)
            lines.append(printable(self.text("at_step", n=step.index, what=what), 200))
        if others := [name for name in scenarios if name != scenario]:
            lines.append(self.text("also", names=self.listed(others)))
        return lines
