"""A finding in the making: what it is about, and the matches that make it, while they come in."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from monitor.analysis.correlate.findings import GRADES, LEVELS, NAMED_EVENTS, STATUSES, ClauseRef, Finding, fingerprint
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.matching import Hit, Threshold
from monitor.analysis.rules.plan import Check
from monitor.base.errors import printable
from monitor.events import ApiCall, Event, Transmission

RANK: Final = {status: rank for rank, status in enumerate(STATUSES)}
_COMPONENTS: Final = 5


class Key(NamedTuple):
    """What a finding is about."""

    rule: str
    pattern: str
    app: str
    data_type: str
    sdk: str
    recipient: str
    permission: str


class Tally:
    """The matches of one status: how many, when, and what a finding of that status says of them."""

    def __init__(self) -> None:
        self.count = self.first = self.last = 0
        self.events: dict[int, None] = {}
        self.guards: dict[str, None] = {}
        """What keeps them from being evidence."""
        self.components: dict[str, None] = {}
        """Those that their calls named, the first few; of a finding without other subject."""

    def add(self, t: int, count: int, events: Iterable[int] = ()) -> None:
        """Count a match with the numbers of its events."""
        self.first = min(self.first, t) if self.count else t
        self.last = max(self.last, t)
        self.count += count
        if len(self.events) < NAMED_EVENTS:
            self.events.update(dict.fromkeys(events))

    def joined(self, other: "Tally") -> "Tally":
        """Both in one."""
        both, parts = Tally(), [one for one in (self, other) if one.count]
        both.count = self.count + other.count
        both.first, both.last = min(one.first for one in parts), max(one.last for one in parts)
        both.events, both.guards = self.events | other.events, self.guards | other.guards
        both.components = self.components | other.components
        return both


class Draft:
    """All matches that make one finding, counted by status. Where a rule needs several, a match counts for each status
    that it and enough others reach. Compared by identity, which costs less than by its key."""

    def __init__(self, key: Key, rule: Rule, check: Check) -> None:
        several, self.key, self.rule, self.check = check.needs > 1, key, rule, check
        self.held = Threshold[Hit](check.needs, check.span_us) if several else None
        """Gives matches once there are as many as the rule needs."""
        self.before = check.pattern.type == "before_consent"
        self.earlier: list[tuple[tuple[str, ...], Hit, Context]] = []
        """Matches, with their lasting guards, without a consent that the user may have given before the session."""
        self._stronger = tuple(Threshold[tuple[int, int, tuple[int, ...]]](check.needs, check.span_us)
                               for _ in STATUSES[1:] if several)  # fmt: skip
        """Those of status 1 or 2, and those of 2, where several are needed."""
        self.tallies = [Tally() for _ in STATUSES]
        self.grade = 0
        self.detail: dict[str, str] = {}
        self.assumed: dict[str, None] = {}
        self.places: dict[str, None] = {}
        """Where values were observed leaving: ``host form path``, the first 40."""
        self.packages: dict[str, None] = {}
        """Of code without an owner, as a shrinker left them, the first few."""
        self.framework = True
        """Whether only the platform's own code did it."""
        self.owners: set[str] = set()
        """Whose calls were counted, by ID; empty for code that nobody knows."""

    @property
    def status(self) -> int:
        """The strongest status of a match, as index of ``STATUSES``."""
        return max((rank for rank, tally in enumerate(self.tallies) if tally.count), default=0)

    def add(self, status: int, grade: int, t: int, count: int, events: tuple[int, ...]) -> bool:
        """Count a match with its supporting events and its own number. True if the finding changed."""
        tally = self.tallies[status]
        if not self._stronger and tally.count and grade <= self.grade:
            tally.add(t, count, events)
            return False  # then the finding can no longer change
        before = any(one.count for one in self.tallies), self.status, self.grade
        self.tallies[0 if self._stronger else status].add(t, count, events)
        for level, enough in enumerate(self._stronger[:status], 1):
            for match in enough.add(t, (t, count, events)):
                self.tallies[level].add(*match)
        self.grade = max(self.grade, grade)
        return before != (True, self.status, self.grade)

    def settled(self, status: int) -> bool:
        """Whether another match of a call with this status changes nothing but numbers: all is told."""
        tally = self.tallies[status]
        told = self.grade > 0 and bool(self.detail) and not self._stronger and tally.count
        return bool(told) and len(tally.events) >= NAMED_EVENTS

    def _levels(self, status: int) -> list[Tally]:
        """The tallies for which a match of a status counts, if there are enough."""
        return self.tallies[: status + 1] if self._stronger else [self.tallies[status]]

    def describe(self, hit: Hit, status: int, guards: Iterable[str], *, changed: bool) -> None:
        """Keep what a match of a status was softened by, its plain facts if it is the first, and where it holds values
        of the data type."""
        e, data_type = hit.event, hit.subject.data_type
        if guards:
            for tally in self._levels(status):
                tally.guards.update(dict.fromkeys(guards))
        if self.framework and getattr(e, "sdk", "") != "framework":
            self.framework = False
        if changed or hit.detail or not self.detail:
            for name, value in (*hit.detail.items(), *_details(e)):
                self.detail.setdefault(name, value)
        if isinstance(e, Transmission) and data_type:
            for match in e.matches:
                if match.data_type == data_type and len(self.places) < NAMED_EVENTS:
                    self.places[f"{e.host} {match.form} {match.path}"] = None

    def started(self, status: int, component: str) -> None:
        """Keep which component a call named."""
        for tally in self._levels(status):
            if len(tally.components) < _COMPONENTS:
                tally.components[printable(component, 200).replace(";", ",")] = None

    def raise_grade(self, seqs: tuple[int, ...]) -> bool:
        """The value was observed leaving. True if that is new."""
        new, self.grade = self.grade < 2, 2
        events = self.tallies[self.status].events
        if len(events) < NAMED_EVENTS + 20:
            events.update(dict.fromkeys(seqs))
        return new

    def counts(self) -> bool:
        """Whether it is a finding: matches count, and it has a clause to cite. Contacts are sensitive to some laws and
        not to another."""
        return any(tally.count for tally in self.tallies) and self.rule.concerns(self.key.data_type)

    def finding(self, *, sensitive: bool, named_only: bool = False) -> Finding:
        """The finding as it is now. ``sensitive``: whether its data are. ``named_only``: nothing but its name says that
        the code is the library's that it is about, so that no match is evidence."""
        key, rule, text, status = self.key, self.rule, self.rule.text, self.status
        tally, unknown = self.tallies[status], "sdk" in text.group_by and not key.sdk
        guards = {*tally.guards, *(["named_only"] if named_only else [])}
        if named_only and STATUSES[status] == "evidenced":
            status -= 1
            tally = self.tallies[status] if self._stronger else tally.joined(self.tallies[status])
        detail = dict(self.detail)
        for weaker, stronger in zip(range(status), self.tallies[1:], strict=False):
            if beside := self.tallies[weaker].count - (stronger.count if self._stronger else 0):
                detail[STATUSES[weaker]] = str(beside)
        code = self.packages if unknown else ()
        for name, told in (("matches", self.places), ("component", tally.components), ("code", code)):
            if told:
                detail[name] = "; ".join(told)
        clauses = [
            ClauseRef(pack=p, ref=c.ref, rank=c.rank, confidence=c.confidence)
            for p, c in rule.cited(self.check.pattern.packs, key.pattern, key.data_type)
        ]
        return Finding(
            **key._asdict(), status=STATUSES[status], grade=GRADES[self.grade], level=self._level(sensitive=sensitive),
            first_seen=tally.first, last_seen=tally.last, events=sorted(tally.events)[:NAMED_EVENTS], count=tally.count,
            fingerprint=fingerprint(*key), title=text.title, title_zh=text.title_zh, clauses=clauses,
            detail=dict(sorted(detail.items())), guards=[*text.guards, *sorted(guards | set(tally.guards))],
            assumptions=[*text.assumptions, *self.assumed, *(["caller_unknown"] if unknown else [])],
            advice=text.general("en"), advice_zh=text.general("zh"),
        )  # fmt: skip

    def _level(self, *, sensitive: bool) -> str:
        text = self.rule.text
        if self.framework and "framework" in text.guards:
            return "low"
        level = LEVELS.index(self.check.pattern.level or text.level)
        if text.level_attempted and self.grade == 0:
            level = min(level, LEVELS.index(text.level_attempted))
        if text.level_sensitive and sensitive:
            level = max(level, LEVELS.index(text.level_sensitive))
        if text.raise_on_collection and self.grade == 2:
            level = min(level + 1, len(LEVELS) - 1)
        return LEVELS[level]


def _details(e: Event) -> tuple[tuple[str, str], ...]:
    """Plain facts of the first event of a finding: no personal value is among them."""
    if isinstance(e, ApiCall):
        return (("api", f"{e.cls}.{e.method}"), ("hook", e.hook), ("outcome", e.outcome))
    if isinstance(e, Transmission):
        told = (("host", e.host), ("org", e.org), ("party", e.party), ("attribution", e.attribution))
        return (*told, ("named", e.named)) if e.named else told
    return ()
