"""The table of a library's situations against its declaration."""

from __future__ import annotations

from typing import Any

from monitor.analysis.declaration.matrix import Row, Seen, Situation, matrix, never_seen, undeclared
from monitor.base.yamlfile import parse
from monitor.events import ApiCall, Event, Frame, Match, PermissionRequest, Stack, TlsFailure, Transmission
from monitor.session.declaration import Declaration

BASE: dict[str, Any] = {"t": 1, "err": 0, "src": "hooks:1", "app": "com.example.sdkhost", "pid": 1}
BEFORE, AFTER = Situation("before_consent", False), Situation("after_consent", True)
DECLARATION = parse(
    Declaration,
    {
        "sdks": [{"name": "Lib", "data_types": ["android_id", "imei", "oaid"], "hosts": ["lib.example"]}],
        "collection": [{"data_type": "imei", "legal_basis": "13(3)"}, {"data_type": "android_id"}],
        "permissions": [{"name": "android.permission.CAMERA"}],
    },
    "x",
)


def read(data_type: str, outcome: str = "value", owner: str = "Lib", seq: int = 2) -> Event:
    return ApiCall(
        **BASE, seq=seq, hook="h", role="source", data_type=data_type, cls="android.X", method="get", sig="()",
        outcome=outcome, sdk=owner, stack=1,
    )  # fmt: skip


def sent(host: str, *types: str, decoded: str = "yes") -> Event:
    matches = [Match(data_type=one, form="plain", path="body", certainty="found") for one in types]
    return Transmission(**BASE, seq=3, flow="f", host=host, port=443, sdk="Lib", matches=matches, decoded=decoded)


STACK = Stack(**BASE, seq=1, stack=1, frames=[Frame(cls="android.X", method="get"), Frame(cls="org.lib.A", method="b")])


def seen(*events: Event, owners: tuple[str, ...] = ()) -> Seen:
    found = Seen(owners, lambda cls: cls.startswith("android."))
    for event in (STACK, *events):
        found.context(event)
        found.feed(event)
    return found


def rows(before: Seen, after: Seen) -> dict[str, Row]:
    sdk = (DECLARATION.sdks or [])[0]
    return {row.name: row for row in matrix({BEFORE: before, AFTER: after}, sdk, DECLARATION)}


def test_a_declared_type_is_not_declared_without_consent_unless_its_basis_is_another() -> None:
    events = (read("android_id"), read("imei"))
    found = rows(seen(*events), seen(*events))
    assert found["android_id"].cells["before_consent"].status == "undeclared"
    assert found["android_id"].cells["after_consent"].status == "declared"
    assert found["imei"].cells["before_consent"].status == "declared"
    assert [row.name for row in never_seen(found.values())] == ["oaid", "lib.example"]


def status(situation: Situation, name: str, *events: Event) -> str:
    """Of a row in one situation."""
    sdk = (DECLARATION.sdks or [])[0]
    table = matrix({situation: seen(*events)}, sdk, DECLARATION)
    return next(row.cells[situation.name].status for row in table if row.name == name)


def test_declared_data_is_the_apps_fault_where_it_calls_against_the_vendors_word() -> None:
    early = Situation("too_early", False, "", True)
    events = (read("android_id"), read("mac"))
    assert [status(early, name, *events) for name in ("android_id", "mac")] == ["early", "undeclared"]
    # Nothing seen in a situation that was not played proves nothing.
    assert status(Situation("offline", True, "the app ended"), "android_id") == "untested"


def test_what_nobody_declared_is_named_with_the_stack_of_its_own_code() -> None:
    found = rows(seen(), seen(read("mac"), sent("tracker.example", "mac"), sent("eu.lib.example", "android_id")))
    cell = found["mac"].cells["after_consent"]
    assert cell.status == "undeclared" and cell.stack == ["org.lib.A.b"] and cell.sent == ["tracker.example"]
    assert found["tracker.example"].cells["after_consent"].status == "undeclared"
    assert found["lib.example"].cells["after_consent"].status == "declared"
    assert {row.name for row, _, _ in undeclared(found.values())} == {"mac", "tracker.example"}


def test_what_was_only_tried_and_what_could_not_be_read_is_said() -> None:
    pinned = TlsFailure(
        **BASE, seq=4, sni="lib.example", host="1.2.3.4", port=443, client_port=1, alert="", reading="pinning"
    )
    found = rows(seen(), seen(read("mac", "denied"), pinned))
    assert found["mac"].cells["after_consent"].attempted
    assert found["lib.example"].cells["after_consent"].unread


def test_a_permission_is_held_against_the_declared_ones() -> None:
    def asked(name: str) -> Event:
        return PermissionRequest(**BASE, permissions=[f"android.permission.{name}"], via="x", sdk="Lib")

    found = rows(seen(), seen(asked("CAMERA"), asked("READ_SMS")))
    assert found["CAMERA"].cells["after_consent"].status == "declared"
    assert found["READ_SMS"].cells["after_consent"].status == "undeclared"


def test_in_an_app_only_the_librarys_own_events_count() -> None:
    found = rows(seen(), seen(read("mac", owner="app"), read("mac", owner=""), read("iccid"), owners=("Lib",)))
    assert "mac" not in found and found["iccid"].cells["after_consent"].count == 1
