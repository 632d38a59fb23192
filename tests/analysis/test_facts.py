"""Facts: each holds for the kinds of events it names, and for no other; the loader says so."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.correlate.correlator import Analysis
from monitor.analysis.rules.examples import event, events
from monitor.analysis.rules.expression import names, parse, vocabulary
from monitor.analysis.rules.facts import FACTS, fact, facts_of
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.load import load_rules
from monitor.events import Tap
from monitor.session.declaration import Declaration
from tests.each import each
from tests.rules.examples import examples_of

#: What an event of a kind needs beside the defaults of an example.
NEEDS: dict[str, dict[str, Any]] = {
    "permission_request": {"permissions": ["android.permission.CAMERA"]},
    "permission_result": {"permission": "android.permission.CAMERA"},
    "consent": {"scope": "policy", "state": "granted"},
    "toggle": {"name": "个性化推荐", "value": False},
    "lifecycle": {"what": "process_start"},
    "step": {"verb": "function", "label": "scan"},
    "stack": {"stack": 1},
    "health": {"what": "started"},
    "tap": {"label": "同意"},
    "hook_state": {"states": []},
    "capability": {"name": "system_ca", "state": "yes"},
    "socket": {"local_port": 40000, "uid": 10001, "own": True},
    "known_values": {"known": []},
    "place_seen": {"place": "a"},
    "decision": {"step": 1},
    "explored": {"why": "steps"},
    "late_match": {
        "match": {"data_type": "imei", "form": "plain", "path": "query.i", "certainty": "found"},
        "flows": ["1"],
    },
    "recovery": {"events": 1},
}


def test_a_fact_has_an_answer_for_each_of_its_kinds() -> None:
    """An event with nothing but its required fields, in a session where nothing else happened."""
    each(answers, ((name, kind) for name, one in FACTS.items() for kind in sorted(one.kinds)))


def answers(name: str, kind: str) -> None:
    one = event({"kind": kind, "at": 1, **NEEDS.get(kind, {})}, 1)
    context = Analysis([])._context(one.app)
    answer = FACTS[name].of(one, context, Subject("imei", permission="android.permission.CAMERA"))
    assert isinstance(answer, bool | str | int | frozenset)


def test_every_fact_says_what_it_is() -> None:
    assert [name for name, one in FACTS.items() if not one.doc.endswith(".")] == []
    inputs = {name: one.inputs for name, one in FACTS.items()}
    assert (inputs["personal"], inputs["sensitive"], inputs["rows"]) == (("s",), ("s", "d"), ("e",))
    assert FACTS["fine_fix"].kinds == {"api_call"} and FACTS["has_reject"].kinds == {"window", "ui_snapshot"}
    assert set(facts_of("tap")) < set(facts_of("tap")) | set(FACTS) and "label_kind" in facts_of("tap")


def test_a_fact_of_no_kind_or_of_a_name_that_is_taken_is_refused() -> None:
    def sensitive(e: Tap) -> bool:
        return True

    def brand_new(s: Subject) -> bool:
        return True

    with pytest.raises(ValueError, match="registered before"):
        fact(sensitive)
    with pytest.raises(ValueError, match="no_such_kind"):
        fact(brand_new, ["no_such_kind"])
    assert "brand_new" not in FACTS


def test_every_fact_serves_a_rule() -> None:
    asked: set[str] = set()
    for rule in load_rules():
        for p in rule.text.match:
            finds = [p, *(f for f in (p.after, p.not_after, p.followed_by, p.not_followed_by) if f)]
            texts = [p.review, p.unsure, p.doubt, *(t for f in finds for t in (f.where, f.perhaps))]
            asked.update(*(names(parse(text)) for text in texts if text), p.tells)
    assert set(FACTS) <= asked


@pytest.mark.parametrize(
    ("sent", "unavoidable"),
    [
        ({}, True),
        ({"method": "HEAD"}, True),
        ({"path": "/legal/privacy/"}, True),
        ({"method": "POST"}, False),
        ({"method": "PUT"}, False),
        ({"path": "/"}, False),
        ({"path": "/legal"}, False),
        ({"path": ""}, False),
        ({"host": "shop.example.evil.example"}, False),
    ],
)
@pytest.mark.parametrize("known", ["declared", "fetched"])
def test_the_request_for_the_policy_is_unavoidable_and_no_other_to_its_host(
    sent: dict[str, str], unavoidable: bool, known: str
) -> None:
    """What is posted to the policy's address, or put into another one on its host, is not the reading of the policy."""
    url = "https://shop.example:8443/legal/privacy?v=3#top"
    context = Analysis([])._context("a")
    if known == "declared":
        context.declaration = Declaration.model_validate({"policy": {"url": url}})
    else:
        context.policies[url] = "", 0
    request = {"method": "GET", "host": "shop.example", "path": "/legal/privacy", **sent}
    one = event({"kind": "transmission", "at": 1, **request}, 1)
    assert FACTS["unavoidable"].of(one, context, Subject("android_id")) is unavoidable
    assert FACTS["unavoidable"].of(one, context, Subject("ip")) is True
    assert FACTS["unavoidable"].of(one, context, Subject("android_id", path="query.id")) is False


def test_what_events_say_is_in_the_vocabulary() -> None:
    """Of the events of all rules' examples."""
    found = 0
    for rule in load_rules():
        for example in examples_of(rule):
            for one in events(example, rule.id):
                for name, words in vocabulary(str(one.__struct_config__.tag)).items():
                    said = getattr(one, name, "")
                    assert not said or said in words, (rule.id, example.name, one.seq, name, said)
                    found += bool(said)
    assert found > 1_000
