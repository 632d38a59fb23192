"""The engine: asks every rule about every event, in order of time, at the least cost. What it gives does not depend on
when it is asked: live, replayed and batch analysis are the same.

All caches about rules are here and in ``plan``: which checks calls of one kind can meet, and which of those the state
of the app allows. A rule that cannot fire costs nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from monitor.analysis.rules.context import Context
from monitor.analysis.rules.expression import compiled
from monitor.analysis.rules.facts import Answer
from monitor.analysis.rules.given import NOBODY, Filter, Subject
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.matching import Hit, Matcher
from monitor.analysis.rules.model import KIND_OF
from monitor.analysis.rules.plan import shared
from monitor.events import ApiCall, Event, Glance, Lifecycle, PermissionRequest, PermissionResult, Prompt, Transmission

#: Receives a match, its rule and matcher, and the state of the app.
Take = Callable[[Rule, Matcher, Hit, Context], None]
_DOUBTFUL: Final = 256
_NEVER: Final = 1 << 62


class _Asked(NamedTuple):
    """A matcher with its rule, and what its filter asks of the events in question."""

    rule: Rule
    matcher: Matcher
    test: Filter | None
    take: Take
    """Receives what it finds."""


class Route:
    """Who asks about calls alike in role, data type, SDK and outcome, or about the parts of other events of a kind that
    involve a data type."""

    __slots__ = ("_asked", "again", "early", "needed", "now", "since", "state", "subject")

    def __init__(self, subject: Subject, asked: tuple[_Asked, ...], early: tuple[Filter, ...]) -> None:
        self.subject = subject
        self.needed = bool(asked) and not early
        """Whether someone may need each of them."""
        self.early = early
        """Otherwise: tests of a call alone, whatever else happens; who fails all of them is needed by nobody."""
        self._asked = asked
        self.now: Sequence[_Asked] = asked
        self.state: object = None
        self.since = self.again = 0
        """Since when and until when those are who may find a match."""

    def passes(self, event: ApiCall | Glance) -> bool:
        """Whether a call passes one of the early tests, or returned a value to remember."""
        if event.values:
            return True
        subject = self.subject
        for test in self.early:  # noqa: SIM110 - a generator costs more than the tests
            if test(event, None, subject):
                return True
        return False

    def asked(self, start: int, event: ApiCall | None, context: Context) -> Sequence[_Asked]:
        """Those for whom a call that begins then, at the earliest, can be a match in this state of the app; without a
        call (and with 0): for whom another event can."""
        if self.state is not context.state or start >= self.again:
            self.since, self.again = start, _NEVER if start > context.calm else context.calm + 1
            self.state = context.state
            self.now = tuple([one for one in self._asked if one.matcher.possible(context, event, self.subject)])
        return self.now if start >= self.since else self._asked


class Engine:
    """The rules of one analysis with their state."""

    def __init__(self, rules: Iterable[Rule], take: Take) -> None:
        """``take`` receives each match as it is found."""
        every = [(rule, matcher) for rule in rules for matcher in rule.matchers()]
        self._asked: dict[str, dict[str, list[_Asked]]] = {"api_call": {"": []}}
        """By kind, and by what they divide an event into."""
        for rule, matcher in every:
            for kind, test in matcher.check.tests.items():
                counted = self._take if matcher.check.pattern.doubt else take
                by_part = self._asked.setdefault(kind, {})
                by_part.setdefault(matcher.check.apart(kind), []).append(_Asked(rule, matcher, test, counted))
        self._followed = [(rule, matcher) for rule, matcher in every if matcher.waits]
        patterns = [matcher.check.pattern for _, matcher in every]
        self._reads = any(one.type == "opaque" or "personalisation" in one.scopes for one in patterns)
        """Whether it matters who read what, whatever else happens."""
        self._count = take
        self._routes: dict[tuple[str, ...], Route] = {}
        self._doubtful: list[tuple[Rule, Matcher, Hit, Context]] = []
        """Matches that an unread answer may excuse: decided at the end, when it may have been settled."""

    def asks(self, kind: str) -> bool:
        """Whether any rule looks for events of this kind."""
        return kind in self._asked

    def route(self, event: ApiCall, context: Context) -> Route:
        """Who asks about calls like this one: determined once."""
        key = (event.role, event.data_type, event.sdk, event.outcome)
        known = self._routes.get(key)
        if known is None:
            context.acted.add(event.sdk)
            subject = Subject(event.data_type)
            common = shared("api_call", subject, context.declaration, event)
            asked, tests = self._left("api_call", "", common)
            early = dict.fromkeys(test for test in tests if test is not None)
            # Where one asks more than the call, all are needed; the state of the app remembers each position.
            some = event.data_type == "location" or None in tests
            if not asked and self._reads and event.role == "source":  # nobody asks, but its values are remembered
                early, some = {compiled("False", ""): None}, False
            known = self._routes[key] = Route(subject, asked, () if some else tuple(early))
        return known

    def _left(
        self, kind: str, part: str, common: Mapping[str, Answer]
    ) -> tuple[tuple[_Asked, ...], list[Filter | None]]:
        """Those whose filter what events have in ``common`` leaves open, with what is left of it; and of that, what a
        call alone decides."""
        left = [(one, one.matcher.check.left(kind, common)) for one in self._asked[kind][part]]
        asked = tuple([one._replace(test=rest[0]) for one, rest in left if rest is not None])
        return asked, [rest[1] for _, rest in left if rest is not None]

    def call(self, event: ApiCall, route: Route, context: Context) -> None:
        """The next event, a call."""
        subject, start = route.subject, event.t - event.err
        same = route.state is context.state and route.since <= start < route.again
        for rule, matcher, test, take in route.now if same else route.asked(start, event, context):
            if (test is None or test(event, context, subject)) and (hits := matcher.evaluate(event, context, subject)):
                for hit in hits:
                    take(rule, matcher, hit, context)

    def other(self, event: Event, context: Context, *, per_type: bool = False) -> None:
        """The next event, not a call. ``per_type``: only for those who look at each of its data types alone."""
        kind = KIND_OF[type(event)]
        for part in {"data_type"} & self._asked.get(kind, {}).keys() if per_type else self._asked.get(kind, ()):
            for subject in parts(event, part):
                key = kind, part, subject.data_type
                route = self._routes.get(key)
                if route is None:
                    common = shared(kind, Subject(subject.data_type), context.declaration)
                    route = self._routes[key] = Route(NOBODY, self._left(kind, part, common)[0], ())
                for rule, matcher, test, take in route.asked(0, None, context):
                    if test is None or test(event, context, subject):
                        for hit in matcher.evaluate(event, context, subject):
                            take(rule, matcher, hit, context)

    def passed(self, event: Event, context: Context) -> None:
        """After ``other``: matches that were waiting for the event."""
        for rule, matcher in self._followed:
            for hit in matcher.advance(event, context):
                self._take(rule, matcher, hit, context)

    def close(self, contexts: Iterable[Context], newest: int) -> None:
        """No more events: what is still open is decided."""
        kept = list(contexts)
        for rule, matcher in self._followed:
            for context in kept:
                for hit in matcher.finish(context, newest):
                    self._take(rule, matcher, hit, context)
        for rule, matcher, hit, context in self._doubtful:
            if matcher.stands(hit, context):
                self._count(rule, matcher, hit, context)
        self._doubtful.clear()

    def _take(self, rule: Rule, matcher: Matcher, hit: Hit, context: Context) -> None:
        doubt = matcher.check.softer[type(hit.event)].get(matcher.check.pattern.doubtful)
        if doubt is not None and len(self._doubtful) < _DOUBTFUL and doubt(hit.event, context, hit.subject):
            self._doubtful.append((rule, matcher, hit, context))
        else:
            self._count(rule, matcher, hit, context)


def parts(event: Event, apart: str) -> Sequence[Subject]:
    """What an event is divided into (``Check.apart``): its permissions; its data types, each with its best match."""
    if apart == "permission":
        named = event.permission if isinstance(event, PermissionResult) else ""
        named = event.detail.get("permissions", "") if isinstance(event, Lifecycle) else named
        several = event.permissions if isinstance(event, PermissionRequest | Prompt) else named.split()
        return [Subject(permission=name) for name in several or [""]]
    if apart != "data_type" or not isinstance(event, Transmission):
        return (NOBODY,)
    best: dict[str, Subject] = {}
    for match in event.matches:
        known = best.get(match.data_type)
        if known is None or (known.certainty != "found" and match.certainty == "found"):
            best[match.data_type] = Subject(match.data_type, match.certainty, match.tag, match.path, "", match.form)
    return list(best.values())
