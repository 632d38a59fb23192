"""What "not in the declaration" means, field by field: a block that is missing accuses nobody."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.rules.context import Context
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.facts import facts_of
from monitor.analysis.rules.facts.undeclared import UNDECLARED
from monitor.analysis.rules.given import Facts, Subject
from monitor.analysis.rules.load import load_rules
from monitor.analysis.rules.matching import Opaque
from monitor.analysis.rules.plan import Check
from monitor.knowledge.tables import Hosts
from monitor.knowledge.wordlists import table
from monitor.session.declaration import Declaration
from tests.analysis.played import session
from tests.each import each

CALL = {"kind": "api_call", "data_type": "imei"}
SENT = {"kind": "transmission", "host": "a.tracker.com", "org": "tracker", "matches": ["imei"], "attribution": "port"}
CAMERA = {"kind": "permission_request", "permissions": ["android.permission.CAMERA"]}
TYPE = 6


def holds(field: str, declaration: dict[str, Any], raw: dict[str, Any], data_type: str = "imei", **more: Any) -> bool:
    context = Context(Facts(Declaration.model_validate(declaration), {}, {}, Hosts({})))
    for given in session(*more.pop("before", ())):
        context.feed(given)
    context.advance(None)
    one, subject = event({**raw, **more, "at": 50}, 50), Subject(data_type, permission="a.CAMERA")
    return all(facts_of(raw["kind"])[name].of(one, context, subject) for name in UNDECLARED[field])


LIB = {"name": "lib", "data_types": ["imei"]}
KNOWN = {"sdks": [{"name": "Known", "id": "known"}]}
HOSTS = {"sdks": [{"name": "lib", "hosts": ["lib.com"]}]}


def recipients(*listed: dict[str, Any]) -> dict[str, Any]:
    return {"recipients": list(listed)}


def collected(types: list[str], sdks: list[Any] | None = None) -> dict[str, Any]:
    return {"collection": [{"data_type": name} for name in types], "sdks": sdks}


#: Field, declaration, event, its SDK or other fields, and whether it is undeclared.
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], bool]] = [
    *((field, {}, SENT, {"sdk": "lib"}, False) for field in sorted(filter(None, UNDECLARED))),
    # A type is declared for the code that uses it.
    ("data_type", collected([]), CALL, {"sdk": "app"}, True),
    ("data_type", collected(["imei"]), CALL, {"sdk": "app"}, False),
    ("data_type", collected(["mac"]), CALL, {"sdk": "app"}, True),
    ("data_type", collected([], [LIB]), CALL, {"sdk": "lib"}, False),
    ("data_type", collected(["imei"], [{"name": "lib", "data_types": ["mac"]}]), CALL, {"sdk": "lib"}, True),
    ("data_type", collected(["imei"], [{"name": "lib"}]), CALL, {"sdk": "lib"}, False),
    ("data_type", collected(["imei"], []), CALL, {"sdk": "lib"}, True),
    ("data_type", collected(["imei"]), CALL, {"sdk": "lib"}, False),
    ("data_type", collected([], [LIB]), CALL, {"sdk": ""}, False),
    ("data_type", collected([], [LIB]), CALL, {"sdk": "app"}, True),
    # Recipients go by organisation or host; one without a list of types has all.
    ("recipient", recipients(), SENT, {}, True),
    ("recipient", recipients({"org": "tracker"}), SENT, {}, False),
    ("recipient", recipients({"org": "x", "hosts": ["tracker.com"]}), SENT, {}, False),
    ("recipient", recipients({"org": "x", "hosts": ["b.tracker.com"]}), SENT, {}, True),
    ("recipient_type", recipients({"org": "tracker"}), SENT, {}, False),
    ("recipient_type", recipients({"org": "tracker", "data_types": ["mac"]}), SENT, {}, True),
    ("recipient_type", recipients({"org": "tracker", "data_types": ["imei"]}), SENT, {}, False),
    ("recipient_type", recipients({"org": "other", "data_types": ["mac"]}), SENT, {}, False),
    # Only a known library can be undeclared, and its host counts only where the sender is certain.
    *(("sdk", KNOWN, CALL, {"sdk": sdk}, sdk == "lib") for sdk in ("lib", "known", "app", "framework", "")),
    *(("sdk_host", HOSTS, SENT, {"sdk": "lib", "attribution": how}, True) for how in ("port", "request")),
    *(("sdk_host", HOSTS, SENT, {"sdk": "lib", "attribution": how}, False) for how in ("opened", "host", "none")),
    ("sdk_host", HOSTS, SENT, {"sdk": "lib", "host": "x.lib.com"}, False),
    ("sdk_host", {"sdks": [{"name": "lib"}]}, SENT, {"sdk": "lib"}, False),
    # Permissions go by the last part of their name.
    ("permission", {"permissions": []}, CAMERA, {}, True),
    ("permission", {"permissions": [{"name": "android.permission.CAMERA"}]}, CAMERA, {}, False),
    ("permission", {"permissions": [{"name": "android.permission.READ_SMS"}]}, CAMERA, {}, True),
]


def test_what_is_undeclared_by_field() -> None:
    each(is_undeclared, CASES)


def is_undeclared(field: str, declared: dict[str, Any], raw: dict[str, Any], more: dict[str, Any], is_: bool) -> None:
    assert holds(field, declared, raw, **more) is is_


def test_a_type_of_app_that_needs_it_or_a_consent_to_it_leaves_nothing() -> None:
    needed = sorted(table("data_types")["nec39"][TYPE])
    other = next(name for name in ("contacts", "call_log", "sms") if name not in needed)
    app = {"app": {"type_39": TYPE}}
    assert holds("necessary", app, CALL, other)
    assert not holds("necessary", app, CALL, needed[0])
    assert not holds("necessary", {}, CALL, other), "the type of the app is not declared"
    assert not holds("necessary", app, CALL, other, before=[f"3 says sensitive:{other} granted"])
    assert holds("necessary", app, CALL, other, before=["3 says policy granted"])


@pytest.mark.parametrize(
    ("stacks", "found"),
    [
        ((1, 3), ["android_id"]),  # o.zz reads and sends
        ((1, 2), []),  # read by o.zz, sent by q7.m
        ((4, 5), []),  # all classes in one package: perhaps two libraries
        ((0, 0), []),
    ],
)
def test_unreadable_bytes_of_renamed_code_are_its_own_who_read(stacks: tuple[int, int], found: list[str]) -> None:
    left = {1: "o.zz", 2: "q7.m", 3: "o.zz", 4: "(default)", 5: "(default)"}
    context = Context(Facts(Declaration(), {}, {}, Hosts({}), left))
    read, bytes_ = session(
        f"1 reads android_id {{sdk: '', stack: {stacks[0]}}}",
        f"2 transmission {{host: h.example, decoded: 'no', bytes: 36, stack: {stacks[1]}}}",
    )
    context.values.remember(read)
    rule = next(rule for rule in load_rules() if rule.id == "SHR-01")
    pattern = next(pattern for pattern in rule.text.match if pattern.name == "unreadable")
    hits = Opaque(Check(rule.text, pattern, "guide", "test")).evaluate(bytes_, context, Subject())
    assert [(hit.subject.data_type, hit.status) for hit in hits] == [(one, "review") for one in found]
