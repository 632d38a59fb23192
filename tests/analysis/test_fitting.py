"""The kept events that fit a neighbour's clause: each is tested once, and the answer is that of testing all of them."""

from __future__ import annotations

import random

from monitor.analysis.rules.context import Context
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.given import NOBODY, Facts
from monitor.analysis.rules.load import load_rules
from monitor.knowledge.tables import Hosts
from monitor.session.declaration import none


def test_what_fits_is_what_fits_of_all_that_is_kept() -> None:
    """Also once more events have come than are kept, and asked before or after them."""
    matchers = [matcher for rule in load_rules() for matcher in rule.matchers()]
    clauses = [one for m in matchers for one in (m.check.after, m.check.not_after, m.check.then) if one is not None]
    asked = [
        (clause, kind) for clause in clauses for kind in sorted(clause.filters.keys() & {"step", "window", "toggle"})
    ]
    assert any(kind in clause.lasting for clause, kind in asked)
    assert any(kind not in clause.lasting for clause, kind in asked)
    context, dice = Context(Facts(none(), {}, {}, Hosts({}))), random.Random(4)
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
