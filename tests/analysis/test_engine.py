"""The order of waiting events, calls that need not wait, who is asked about a call, the parts of an event."""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.correlate.correlator import Waiting
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.engine import Engine, parts
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.given import NOBODY, Facts, Subject
from monitor.analysis.rules.load import Rule, load_rules
from monitor.analysis.rules.matching import Hit, Matcher
from monitor.analysis.rules.plan import shared
from monitor.events import Transmission
from monitor.knowledge.tables import Hosts
from monitor.session.declaration import Declaration
from tests.analysis.played import session

RULES = {rule.id: rule for rule in load_rules()}


def asking(*patterns: tuple[str, str]) -> tuple[Engine, list[str]]:
    """An engine that asks some patterns only, and the rules of what it finds."""
    found: list[str] = []

    def take(rule: Rule, matcher: Matcher, hit: Hit, context: Context) -> None:
        found.append(f"{rule.id} {hit.subject.permission or hit.subject.data_type}")

    rules = [rule_of(rule, pattern) for rule, pattern in patterns]
    return Engine(rules, take), found


def rule_of(name: str, pattern: str) -> Rule:
    rule = copy.copy(RULES[name])
    rule.plan = tuple(check for check in rule.plan if check.pattern.name == pattern)
    assert len(rule.plan) == 1
    return rule


def state() -> Context:
    return Context(Facts(Declaration(), {}, {}, Hosts({})))


def call(number: int = 1, **more: Any) -> Any:
    return event({"kind": "api_call", "data_type": "imei", **more}, number)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=60), st.integers(0, 9))
def test_events_come_by_time_then_position_then_arrival(items: list[tuple[int, int]], seed: int) -> None:
    """Whatever the order of arrival, and however often something is taken meanwhile."""
    waiting = Waiting()
    rng, taken, left = random.Random(seed), [], []
    for arrival, (t, order) in enumerate(items):
        waiting.push(t, order, call(arrival + 1))
        left.append((t, order, arrival + 1))
        first = waiting.first()
        assert first == min(left)[0]
        if rng.random() < 0.2:
            until = rng.randrange(50)
            found = [e.seq for e, _ in waiting.take(until)]
            ready = sorted(item for item in left if item[0] <= until)
            assert found == [item[2] for item in ready]
            left = sorted(set(left) - set(ready))
            taken += found
    rest = [e.seq for e, _ in waiting.take(None)]
    assert rest == [item[2] for item in sorted(left)] and waiting.first() is None
    assert sorted(taken + rest) == list(range(1, len(items) + 1)), "none is lost, none comes twice"


def test_a_call_waits_only_where_someone_may_need_it() -> None:
    other = ("LIF-02", "starts")
    own = call(data_type="ipc", args={"package": "com.example.app"})
    foreign = call(data_type="ipc", args={"package": "cn.other.app"})
    route = asking(other)[0].route(own, state())
    assert not route.passes(own) and route.passes(foreign)
    assert route.passes(call(data_type="ipc", args={}, values=["tag"])), "a value that was returned is remembered"
    none_asks = asking(("COL-08", "lifetime"))[0].route(own, state())
    assert not none_asks.needed and not none_asks.early
    # One that asks more than the call itself needs them all; a position is always remembered.
    both = asking(("COL-08", "lifetime"), ("COL-11", "read"))[0]
    assert both.route(call(data_type="imei"), state()).needed
    started = call(data_type="ipc", role="context")
    assert not asking(other, ("COL-08", "lifetime"))[0].route(started, state()).needed


def test_rules_are_asked_once_something_can_be_a_match() -> None:
    engine, _ = asking(("COL-04", "read"), ("COL-08", "lifetime"))
    context = state()
    route = engine.route(call(), context)

    def asked(of: Context) -> list[str]:
        late = call(at=9)
        return [one.rule.id for one in route.asked(late.t - late.err, late, of)]

    assert asked(context) == ["COL-08"], "nothing was refused yet"
    for one, rules in zip(session("refused"), (["COL-08"], ["COL-04", "COL-08"]), strict=True):
        context.feed(one)
        context.advance(None)
        assert asked(context) == rules
    assert asked(state()) == ["COL-08"], "each app by itself"


def test_who_asks_for_consent_does_not_ask_again_once_it_was_given() -> None:
    engine, _ = asking(("COL-01", "main"), ("COL-08", "lifetime"))
    context = state()
    route = engine.route(call(), context)

    def asked(at: float) -> list[str]:
        made = call(at=at)
        return [one.rule.id for one in route.asked(made.t - made.err, made, context)]

    for one in session("agreed"):
        assert asked(9) == ["COL-01", "COL-08"], "none was given yet"
        context.feed(one)
        context.advance(None)
    assert asked(3) == ["COL-01", "COL-08"], "which was first is not certain"
    context.state = object()
    assert asked(9) == ["COL-08"]
    assert asked(2) == ["COL-01", "COL-08"], "a call from before it comes late"
    assert asked(10) == ["COL-08"]


def test_what_all_calls_of_a_kind_share_is_asked_once() -> None:
    (check,) = rule_of("COL-08", "lifetime").plan
    for data_type, hook, more, asked in (
        ("imei", "a", {}, True), ("location", "a", {}, False), ("imei", "b", {"sdk": "framework"}, False),
        ("imei", "b", {"role": "context"}, False),
    ):  # fmt: skip
        one = call(data_type=data_type, hook=hook, **more)
        left = check.left("api_call", shared("api_call", Subject(data_type), Declaration(), one))
        assert (left is not None) == asked
        assert left is None or left[0] is None, "nothing is left to ask"


def test_a_transmission_is_split_by_data_type_with_the_best_match_of_each() -> None:
    sent = event(
        {"kind": "transmission", "matches": [
            {"data_type": "imei", "certainty": "possible", "path": "a"},
            {"data_type": "imei", "path": "b", "tag": "t1"},
            {"data_type": "imei", "path": "c", "tag": "t2"},
            {"data_type": "mac", "certainty": "possible", "path": "d"},
        ]}, 1,
    )  # fmt: skip
    assert isinstance(sent, Transmission)
    found = {s.data_type: (s.certainty, s.path, s.tag) for s in parts(sent, "data_type")}
    assert found == {"imei": ("found", "b", "t1"), "mac": ("possible", "d", "")}


MESSAGES = st.fixed_dictionaries({
    "host": st.sampled_from(["example.com", "ads.example.net", "192.0.2.1"]), "org": st.sampled_from(["", "x"]),
    "sdk": st.sampled_from(["", "app", "umeng_analytics"]), "scheme": st.sampled_from(["http", "https"]),
    "attribution": st.sampled_from(["none", "port"]), "decoded": st.sampled_from(["yes", "no"]), "bytes": st.just(64),
    "matches": st.lists(st.fixed_dictionaries({
        "data_type": st.sampled_from(["imei", "oaid", "location", "ipc", "prompt", "ip", "form"]),
        "certainty": st.sampled_from(["found", "possible"]), "path": st.sampled_from(["query.a", "body.b"]),
        "tag": st.sampled_from(["", "t"]),
    }), max_size=3),
})  # fmt: skip
DECLARED: list[dict[str, Any]] = [
    {},
    {"collection": [{"data_type": "imei"}], "recipients": [{"org": "x", "role": "processor", "data_types": ["imei"]}],
     "sdks": [{"name": "Umeng", "id": "umeng_analytics", "hosts": ["example.com"]}], "app": {"type_39": "1"}},
    {"app": {"child_directed": True}, "ai": {"recipients": ["x"]}, "operator": {"domains": ["example.com"]}},
]  # fmt: skip


@given(MESSAGES, st.sampled_from(DECLARED))
def test_what_messages_share_is_asked_once_with_the_same_answer(raw: dict[str, Any], stated: dict[str, Any]) -> None:
    """What is left of each filter holds for those parts of a message for which all of it holds."""
    sent = event({"kind": "transmission", **raw}, 1)
    context = Context(Facts(Declaration.model_validate(stated), {}, {}, Hosts({})))
    for check in [m.check for r in RULES.values() for m in r.matchers() if "transmission" in m.check.kinds]:
        test = check.tests["transmission"]
        for s in parts(sent, check.apart("transmission")):
            left = check.left("transmission", shared("transmission", Subject(s.data_type), context.declaration))
            holds = left is not None and (not left[0] or left[0](sent, context, s))
            assert bool(holds) is bool(not test or test(sent, context, s)), check.pattern.name


def test_permissions_are_examined_one_by_one_where_the_rule_is_about_them() -> None:
    asked = event({"kind": "permission_request", "permissions": ["a.CAMERA", "a.READ_SMS", "a.READ_CONTACTS"]}, 1)
    context = Context(Facts(Declaration.model_validate({"permissions": []}), {}, {}, Hosts({})))
    one_by_one, found = asking(("PRM-06", "undeclared"))
    one_by_one.other(asked, context)
    assert found == ["PRM-06 a.CAMERA", "PRM-06 a.READ_SMS", "PRM-06 a.READ_CONTACTS"]
    together, found = asking(("PRM-03", "one_request"))
    together.other(asked, context)
    assert found == ["PRM-03 "]


def test_what_fits_is_what_fits_of_all_that_is_kept() -> None:
    """Also once more events have come than are kept, and asked before or after them."""
    matchers = [matcher for rule in RULES.values() for matcher in rule.matchers()]
    clauses = [one for m in matchers for one in (m.check.after, m.check.not_after, m.check.then) if one is not None]
    asked = [
        (clause, kind) for clause in clauses for kind in sorted(clause.filters.keys() & {"step", "window", "toggle"})
    ]
    assert any(kind in clause.lasting for clause, kind in asked)
    assert any(kind not in clause.lasting for clause, kind in asked)
    context, dice = state(), random.Random(4)
    for seq in range(1, 1801):
        kind = dice.choice(["step", "window", "toggle"])
        raw = {
            "step": {"verb": "function", "label": dice.choice(["minor", "scan"])},
            "window": {"title": dice.choice(["关闭个性化推荐", "首页"]), "buttons": [dice.choice(["确定", "允许"])]},
            "toggle": {"name": dice.choice(["个性化推荐", "声音"]), "value": False, "via": "app"},
        }[kind]
        context.feed(event({"kind": kind, "at": seq, **raw}, seq))
        if seq in (50, 900, 1800):
            for clause, one in asked:
                test = clause.filters[one]
                expected = [e.seq for e in reversed(context.history[one]) if test(e, context, NOBODY)]
                assert [e.seq for e in clause.fitting(context, one)] == expected
    assert len(context.history["step"]) == 512
