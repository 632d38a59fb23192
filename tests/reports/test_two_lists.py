"""双清单 as observed: what was collected, what third parties received, and nothing that was only tried."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import openpyxl
import pytest

from monitor.content.sdk_table import read_lists, sheets
from monitor.events import ApiCall, Event, Match, Transmission
from monitor.reports._view import Names
from monitor.session.declaration import Declaration
from monitor.text import t

from .conftest import coverage, finding, recording, render, session


def lists(events: list[Event], lang: str = "en", *recipients: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows by heading of each sheet. ``recipients``: as declared."""
    names = Names({}, {}, {}, declaration=Declaration.model_validate({"recipients": recipients}))
    book = openpyxl.load_workbook(io.BytesIO(render("two_lists", session(), events, [], [], lang, names=names)))
    found = {}
    for page in book:
        heads, *rows = page.iter_rows(values_only=True)
        found[page.title] = [dict(zip(heads, row, strict=True)) for row in rows]
    return found


def test_only_what_was_observed() -> None:
    """A refused read, a possible match and the app's own host are in no list of what was collected or shared."""
    events = recording()
    at, call = next((n, event) for n, event in enumerate(events) if isinstance(event, ApiCall))
    events[at] = call = msgspec.structs.replace(call, role="source")
    sent = next(event for event in events if isinstance(event, Transmission))
    own = Match(data_type="oaid", form="plain", path="body", certainty="found", tag="")
    events += [
        msgspec.structs.replace(call, seq=20, t=call.t + 1, data_type="imsi", outcome="denied", sdk="app"),
        msgspec.structs.replace(call, seq=21, t=call.t + 2, data_type="mac", sdk="framework"),
        msgspec.structs.replace(call, seq=22, t=call.t + 3, count=4),
        msgspec.structs.replace(
            sent, seq=23, t=sent.t + 1, matches=[msgspec.structs.replace(own, data_type="mac", certainty="possible")]
        ),
        msgspec.structs.replace(sent, seq=24, t=sent.t + 2, org="own", party="first", sdk="app", matches=[own]),
    ]
    collected, shared = lists(events).values()
    assert [(row["Personal information"], row["Times read"], row["Times sent"]) for row in collected] == [
        ("device IMEI", 5, 1),
        ("vendor advertising ID (OAID, VAID, AAID)", 0, 1),
    ]
    assert collected[0]["Read by"] == "ads" and collected[0]["Sent to"] == "Ads OK"
    assert [(row["Organisation"], row["Personal information"], row["Times sent"], row["Hosts"]) for row in shared] == [
        ("Ads OK", "device IMEI", 1, "log.ads.example")
    ]


def test_whose_host_is_not_known_is_said() -> None:
    """It may be the operator's own."""
    sent = next(event for event in recording() if isinstance(event, Transmission))
    means = [
        row["Means"]
        for party in ("third", "unknown")
        for row in lists([msgspec.structs.replace(sent, party=party)])[t("lists.shared", "en")]
    ]
    assert ["party unknown" in text for text in means] == [False, True]


def call(seq: int, **fields: Any) -> ApiCall:
    base = next(event for event in recording() if isinstance(event, ApiCall))
    return msgspec.structs.replace(base, seq=seq, t=base.t + seq, role="source", **fields)


def sent(seq: int, *types: str | tuple[str, str], **fields: Any) -> Transmission:
    base = next(event for event in recording() if isinstance(event, Transmission))
    pairs = [(name, "") if isinstance(name, str) else name for name in types]
    matches = [Match(data_type=n, form="plain", path="body", certainty="found", tag=tag) for n, tag in pairs]
    return msgspec.structs.replace(base, seq=seq, t=base.t + seq, matches=matches, **fields)


def test_a_call_on_the_object_that_a_call_gave_is_the_same_read() -> None:
    """The advertising ID is read by getAdvertisingIdInfo and getId of what it returns; getId alone is a read, too."""
    client = "com.google.android.gms.ads.identifier.AdvertisingIdClient"
    asks = {"data_type": "gaid", "cls": client, "sig": f"(android.content.Context){client}$Info", "values": []}
    gives = {"data_type": "gaid", "cls": f"{client}$Info", "sig": "()java.lang.String"}
    calls = [call(1, **asks), call(2, **gives), call(3, **asks), call(4, **gives), call(5, **gives)]
    collected, _ = lists(calls).values()
    assert [row["Times read"] for row in collected] == [3]


def test_a_purpose_is_shown_only_for_the_data_that_it_is_declared_for() -> None:
    """Of two types sent in one message one is declared for statistics; each has a row, with its own purpose."""
    both, ads = [sent(1, "imei", "clipboard")], {"org": "Ads OK", "purpose": "statistics"}
    _, rows = lists(both, "en", {**ads, "data_types": ["imei"]}).values()
    assert [(row["Personal information"], row["Purpose (declared)"], row["Times sent"]) for row in rows] == [
        ("device IMEI", "statistics", 1), ("clipboard", "not declared", 1),
    ]  # fmt: skip
    _, rows = lists(both, "en", ads).values()
    assert [row["Purpose (declared)"] for row in rows] == ["statistics"]


def test_what_was_typed_about_a_child_is_listed_as_a_childs() -> None:
    value = next(event for event in recording() if isinstance(event, ApiCall)).values[0]
    typed = msgspec.structs.replace(call(1, data_type="account_pi", args={"whose": "child"}), role="context")
    typed = msgspec.structs.replace(typed, values=[msgspec.structs.replace(value, data_type="account_pi", tag="c1")])
    messages = [sent(2, ("account_pi", "c1"), ("ui_input", "c2")), sent(3, ("account_pi", "p"))]
    collected, shared = lists([typed, *messages]).values()
    account = t("data_type.account_pi", "en")
    names = [row["Personal information"] for row in collected]
    assert names == [f"{account} (a child’s)", "text typed into the app", account]
    assert [row["Times sent"] for row in shared] == [2] and "(a child’s)" in shared[0]["Personal information"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_sheets_also_where_nothing_belongs_in_them(lang: str) -> None:
    assert lists([], lang) == {t("lists.collected", lang): [], t("lists.shared", lang): []}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_import_of_declarations_reads_it_back(lang: str) -> None:
    found = read_lists(sheets(render("two_lists", session(), recording(), [finding()], coverage(), lang)))
    assert [entry["data_type"] for entry in found.collection] == ["imei"]
    assert [(entry["org"], entry["data_types"]) for entry in found.recipients] == [("Ads OK", ["imei"])]
    assert not found.unread and not found.sdks


def test_what_was_asked_of_a_machine_is_listed_as_other_typed_text_is() -> None:
    rows = lists([sent(2, ("prompt", "c1"), ("log", "c2"))])[t("lists.collected", "en")]
    assert [row["Personal information"] for row in rows] == [t("data_type.prompt", "en")]
