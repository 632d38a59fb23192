"""What to change, for one finding: its rule's advice, filled with what the finding's own events show. Pure.

What was not seen is left out. The advice of a rule and the texts ``remedy.…`` have parts in brackets
(``monitor.text.fill``); ``_Facts`` has what their slots hold.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from monitor import events
from monitor.analysis.consent.text import label as meaning
from monitor.analysis.consent.timelines import KeptMark
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.correlate.owner import Owners
from monitor.analysis.explain.about import Naming, started
from monitor.analysis.explain.moments import carried, stack_of, without_repeats
from monitor.analysis.guarded import short
from monitor.analysis.timeline import AGAINST
from monitor.base.errors import printable
from monitor.base.paths import package_data
from monitor.base.yamlfile import load
from monitor.events import ApiCall, Event, Frame
from monitor.text import Translator, aside, catalogue, fill, has

_ENTRIES: Final[Mapping[str, str]] = load(package_data("analysis") / "explain" / "entries.yaml")
_KINDS: Final = {kind: tuple(starts.split()) for kind, starts in _ENTRIES.items()}
#: The body of a lambda, as compilers name it after the method in which it stands.
_LAMBDA: Final = re.compile(r"lambda\$(\w+?)\$\w+")
#: In Chinese: words of the screen, which stand as they are; a mark, with which no space stands; a joint that needs one.
_GAPS: Final = re.compile(
    r" ?(“[^”]*”) ?| ?([（），。；：、]) ?|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])"
)
_LONGEST: Final = 160
_LONG: Final = 2_000
_FIELDS: Final = 3


class Seen(NamedTuple):
    """What a session shows: events and stacks by number, the marks of consent, and whose the code is."""

    by_seq: Mapping[int, Event]
    stacks: Mapping[int, events.Stack]
    marks: Sequence[KeptMark]
    owners: Owners


class Code(NamedTuple):
    """A stack without frames of the system and of carriers, innermost first; ``kind``: how Android, or another thread,
    started the outermost of them, by ``entries.yaml``; empty where no frame tells."""

    frames: list[Frame]
    kind: str = ""


def code(frames: Iterable[Frame], owners: Owners, api: str = "") -> Code:
    """A stack as far as it is anybody's code. ``api``: the class that was called, which is not its own caller."""
    shown = without_repeats(frames)
    own = [f for f in shown if f.cls != api and (owners.of([f]) not in ("", "framework") or owners.renamed([f]))]
    outside = [f"{f.cls}.{f.method}" for f in shown[shown.index(own[-1]) + 1 :]] if own else []
    return Code(own, next((kind for name in outside for kind, starts in _KINDS.items() if name.startswith(starts)), ""))


def joined(stacks: Mapping[int, events.Stack], number: int) -> list[Frame]:
    """The frames of a stack, then those of who submitted the task in which it was met."""
    known = stacks.get(number)
    submitter = stacks.get(known.submitter) if known and known.submitter != number else None
    return [*(known.frames if known else ()), *(submitter.frames if submitter else ())]


def spot(frame: Frame, lang: str) -> str:
    """``Beacon.start (Beacon.java:35)``: class, method, file and line, as far as they are known."""
    inside = _LAMBDA.fullmatch(frame.method)
    name = f"{frame.cls.rpartition('.')[2]}.{inside[1] if inside else frame.method}"
    return printable(aside(name, frame.file + (f":{frame.line}" if frame.line else ""), lang), _LONGEST)


def remedy(item: Finding, advice: str, seen: Seen, lang: str, name: Naming) -> str:
    """What to change, then which code and which request were seen. ``advice``: the rule's, in ``lang``."""
    facts = _Facts(item, seen, lang, name)
    change = fill(advice, facts.known) or ""
    found = printable(" ".join(filter(None, [change, *facts.causes(change)])), _LONG)
    return _GAPS.sub(lambda gap: gap[1] or gap[2] or " ", found) if lang == "zh" else found


class _Facts(Translator):
    def __init__(self, item: Finding, seen: Seen, lang: str, name: Naming) -> None:
        self.item, self.seen, self.lang, self.name = item, seen, lang, name
        own = (seen.by_seq[seq] for seq in item.events if seq in seen.by_seq)
        self.own = sorted(own, key=lambda event: (event.t < item.first_seen, event.t, event.seq))
        """Its events from the first match on, then those before."""
        reads = (e for e in self.own if isinstance(e, ApiCall) and e.data_type == (item.data_type or e.data_type))
        self.call = next(reads, None)
        self.sent = next(iter(carried(self.own, item.data_type, item.recipient)), None)
        self.asked, self.window = self._first(events.PermissionRequest), self._first(events.Window)
        self.known = {key: value for key, value in self._all() if value}
        """Slot to what it holds; ``=NAME``, which holds nothing, for the pattern, and for a call that reads."""
        self.known |= dict.fromkeys((f"={item.pattern}", f"={self.call.role}" if self.call else ""), "")

    def _first[E: Event](self, kind: type[E]) -> E | None:
        return next((event for event in self.own if isinstance(event, kind)), None)

    def _all(self) -> Iterator[tuple[str, str]]:
        item, page = self.item, self._first(events.Policy)
        toggle, part = self._first(events.Toggle), self._first(events.Lifecycle)
        yield "data", self.label("data_type", item.data_type) if item.data_type else ""
        yield "library", self.name(item.sdk) if item.sdk not in ("", "app", "framework") else ""
        yield "recipient", self.name(item.recipient, org=True) if item.recipient else ""
        yield "permission", short(item.permission)
        yield "times", str(item.count) if item.count > 1 else ""
        yield "words", item.detail.get("bundled_words") or item.detail.get("lured_by", "")
        yield "extra", item.detail.get("withdraw_extra", "")
        yield "other", started(item.detail, self.lang)
        yield "switch", self._quoted(toggle.name if toggle else "")
        yield "part", part.cause or part.component if part else ""
        yield "page", page.url if page else ""
        missing = (f"policy.{one.replace(':', '_')}" for one in page.missing) if page else ()
        yield "missing", self.listed(self.t(key) for key in missing if has(key))
        if self.asked:
            yield "permissions", self.listed(map(short, self.asked.permissions))
        if self.window:
            titles = [*self.window.texts, self.window.title]  # of an activity, the title is its name in the code
            yield "screen", self._quoted(titles[0 if self.window.window_kind == "activity" else -1] or titles[0])
            yield "box", self._quoted(next((box.label for box in self.window.boxes if box.checked), ""))
            yield "accept", self._quoted(next((one for one in self.window.buttons if meaning(one)[0] == "accept"), ""))
        yield from self._sent()
        yield from self._consent()

    def _sent(self) -> Iterator[tuple[str, str]]:
        if (sent := self.sent) is None:
            return
        own = [match for match in sent.matches if match.data_type == self.item.data_type] or sent.matches
        yield "host", sent.host
        yield "request", f"{sent.method} {sent.scheme}://{sent.host}{sent.path}".strip()
        yield "field", self.listed(dict.fromkeys(match.path for match in own[:_FIELDS]))
        yield "found", self.listed(dict.fromkeys(self.aside(m.path, self.label("form", m.form)) for m in own[:_FIELDS]))

    def _consent(self) -> Iterator[tuple[str, str]]:
        """Where the user agreed and refused, and how to move what ran too early to there."""
        item = self.item
        about = item.data_type, item.recipient, item.events
        own = (mark for mark in self.seen.marks if mark.app == item.app and mark.bears_on(*about))
        marks = sorted(own, key=lambda mark: (mark.t, mark.seq))
        agreed = [mark for mark in marks if mark.state == "granted" and mark.scope == "policy"]
        later = [mark for mark in agreed if mark.t > item.first_seen] or agreed[-1:]
        refused = [mark for mark in marks if mark.state in AGAINST and mark.t <= item.first_seen]
        agree = self._tapped(later[:1])
        yield "agree", agree
        yield "refuse", self._tapped(refused[-1:])
        facts = {"listener": self._filled("remedy.listener", {"agree": agree} if agree else {})}
        facts |= {name: text for name, text in self._code() if text}
        yield from facts.items()
        if facts.get("kind"):
            yield "later", self._filled(f"remedy.later.{facts['kind']}", facts)

    def _code(self) -> Iterator[tuple[str, str]]:
        """The code that read, sent or asked, and how it was started. What a library's code is to be called from is the
        app's; where the app calls none of it, the library starts by itself."""
        for name, event in (("sender", self.sent), ("asker", self.asked), ("shower", self.window)):
            if frames := self._stack(event).frames:
                yield name, spot(frames[0], self.lang)
        frames, kind = self._stack(self.call or self.sent or self.asked or self.window)
        if not frames:
            return
        if self.call:
            yield "api", f"{self.call.cls.rpartition('.')[2]}.{self.call.method}"
            yield "reader", spot(frames[0], self.lang)
        theirs = [at for at, frame in enumerate(frames) if self.seen.owners.of([frame]) == self.item.sdk]
        inner = theirs[-1] if self.item.sdk != "app" and theirs and theirs[-1] < len(frames) - 1 else len(frames) - 2
        yield "kind", kind
        yield "component", frames[-1].cls.partition("$")[0]
        yield "entry", spot(frames[-1], self.lang)
        yield "caller", spot(frames[inner + 1], self.lang)
        yield "start", spot(frames[inner], self.lang) if inner >= 0 else ""

    def _stack(self, event: Event | None) -> Code:
        frames = joined(self.seen.stacks, stack_of(event)) if event else []
        return code(frames, self.seen.owners, event.cls if isinstance(event, ApiCall) else "")

    def causes(self, said: str) -> Iterator[str]:
        """Which code read, sent, asked or showed, as far as it was seen and is not ``said``."""
        rest = {name: text for name, text in self.known.items() if not text or text not in said}
        events = {"reader": self.call, "sender": self.sent, "asker": self.asked, "shower": self.window}
        seen = [slot for slot, event in events.items() if event and slot in self.known]
        told = [slot for slot in seen if slot in ("reader", "sender")] or seen[:1]
        yield from (self._filled(f"remedy.{slot}", rest) for slot in told)

    def _filled(self, key: str, facts: Mapping[str, str]) -> str:
        return fill(catalogue(self.lang)[key], facts) or ""

    def _tapped(self, marks: Iterable[KeptMark]) -> str:
        """What was tapped for the first of these decisions; empty where none of them was a tap."""
        taps = (self.seen.by_seq.get(mark.seq) for mark in marks)
        return self._quoted(next((tap.label for tap in taps if isinstance(tap, events.Tap)), ""))

    def _quoted(self, words: str) -> str:
        return self.t("step.quoted", label=printable(words, 60)) if words else ""
