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

CALL = {"kind": "api_call", "data_type": "imei"}
SENT = {"kind": "transmission", "host": "a.tracker.com", "org": "tracker", "matches": ["imei"], "attribution": "port"}
CAMERA = {"kind": "permission_request", "permissions": ["android.permission.CAMERA"]}
TYPE = 6


def holds(field: str, declaration: dict[str, Any], raw: dict[str, Any], data_type: str = "imei", **more: Any) -> bool:
    context = Context(Facts(Declaration.model_validate(declaration), {}, {}, Hosts({})))
    for number, given in enumerate(more.pop("before", ()), 1):
        context.feed(event(given, number))
    context.advance(None)
    one, subject = event({**raw, **more, "at": 50}, 50), Subject(data_type, permission="a.CAMERA")
    return all(facts_of(raw["kind"])[name].of(one, context, subject) for name in UNDECLARED[field])


@pytest.mark.parametrize("field", sorted(filter(None, UNDECLARED)))
def test_without_the_block_nothing_is_undeclared(field: str) -> None:
    assert not holds(field, {}, SENT, sdk="lib")


@pytest.mark.parametrize(
    ("collection", "sdks", "sdk", "undeclared"),
    [
        ([], None, "app", True),
        ([{"data_type": "imei"}], None, "app", False),
        ([{"data_type": "mac"}], None, "app", True),
        ([], [{"name": "lib", "data_types": ["imei"]}], "lib", False),
        ([{"data_type": "imei"}], [{"name": "lib", "data_types": ["mac"]}], "lib", True),
        ([{"data_type": "imei"}], [{"name": "lib"}], "lib", False),
        ([{"data_type": "imei"}], [], "lib", True),
        ([{"data_type": "imei"}], None, "lib", False),
        ([], [{"name": "lib", "data_types": ["imei"]}], "", False),
        ([], [{"name": "lib", "data_types": ["imei"]}], "app", True),
    ],
)
def test_a_type_is_declared_for_the_code_that_uses_it(
    collection: list[Any], sdks: list[Any] | None, sdk: str, undeclared: bool
) -> None:
    assert holds("data_type", {"collection": collection, "sdks": sdks}, CALL, sdk=sdk) is undeclared


def test_recipients_go_by_organisation_or_host() -> None:
    assert holds("recipient", {"recipients": []}, SENT)
    assert not holds("recipient", {"recipients": [{"org": "tracker"}]}, SENT)
    assert not holds("recipient", {"recipients": [{"org": "x", "hosts": ["tracker.com"]}]}, SENT)
    assert holds("recipient", {"recipients": [{"org": "x", "hosts": ["b.tracker.com"]}]}, SENT)


def test_a_recipient_without_a_list_of_types_has_all() -> None:
    assert not holds("recipient_type", {"recipients": [{"org": "tracker"}]}, SENT)
    assert holds("recipient_type", {"recipients": [{"org": "tracker", "data_types": ["mac"]}]}, SENT)
    assert not holds("recipient_type", {"recipients": [{"org": "tracker", "data_types": ["imei"]}]}, SENT)
    assert not holds("recipient_type", {"recipients": [{"org": "other", "data_types": ["mac"]}]}, SENT)


@pytest.mark.parametrize(
    ("sdk", "undeclared"), [("lib", True), ("known", False), ("app", False), ("framework", False), ("", False)]
)
def test_only_a_known_library_can_be_undeclared(sdk: str, undeclared: bool) -> None:
    assert holds("sdk", {"sdks": [{"name": "Known", "id": "known"}]}, CALL, sdk=sdk) is undeclared


def test_a_librarys_host_counts_only_where_the_sender_is_certain() -> None:
    declared = {"sdks": [{"name": "lib", "hosts": ["lib.com"]}]}
    assert holds("sdk_host", declared, SENT, sdk="lib")
    assert holds("sdk_host", declared, SENT, sdk="lib", attribution="request")
    for weaker in ("opened", "host", "none"):
        assert not holds("sdk_host", declared, SENT, sdk="lib", attribution=weaker), weaker
    assert not holds("sdk_host", declared, SENT, sdk="lib", host="x.lib.com")
    assert not holds("sdk_host", {"sdks": [{"name": "lib"}]}, SENT, sdk="lib")


def test_permissions_go_by_the_last_part_of_their_name() -> None:
    assert holds("permission", {"permissions": []}, CAMERA)
    assert not holds("permission", {"permissions": [{"name": "android.permission.CAMERA"}]}, CAMERA)
    assert holds("permission", {"permissions": [{"name": "android.permission.READ_SMS"}]}, CAMERA)


def test_a_type_of_app_that_needs_it_or_a_consent_to_it_leaves_nothing() -> None:
    needed = sorted(table("data_types")["nec39"][TYPE])
    other = next(name for name in ("contacts", "call_log", "sms") if name not in needed)
    app = {"app": {"type_39": TYPE}}
    assert holds("necessary", app, CALL, other)
    assert not holds("necessary", app, CALL, needed[0])
    assert not holds("necessary", {}, CALL, other), "the type of the app is not declared"
    asked = {"kind": "consent", "at": 3, "scope": f"sensitive:{other}", "state": "granted", "via": "operator"}
    assert not holds("necessary", app, CALL, other, before=[asked])
    assert holds("necessary", app, CALL, other, before=[{**asked, "scope": "policy"}])


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
    read = event({"kind": "api_call", "at": 1, "data_type": "android_id", "sdk": "", "stack": stacks[0]}, 1)
    context.values.remember(read)
    bytes_ = event(
        {"kind": "transmission", "at": 2, "host": "h.example", "decoded": "no", "bytes": 36, "stack": stacks[1]}, 2
    )
    rule = next(rule for rule in load_rules() if rule.id == "SHR-01")
    pattern = next(pattern for pattern in rule.text.match if pattern.name == "unreadable")
    hits = Opaque(Check(rule.text, pattern, "guide", "test")).evaluate(bytes_, context, Subject())
    assert [(hit.subject.data_type, hit.status) for hit in hits] == [(one, "review") for one in found]
