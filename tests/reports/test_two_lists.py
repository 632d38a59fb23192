"""双清单 as observed: what was collected, what third parties received, and nothing that was only tried."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import openpyxl
import pytest

from monitor.content.two_lists import read_lists, sheets
from monitor.events import ApiCall, Event, Match, Transmission
from monitor.reports import render
from monitor.text import t

from .conftest import HOSTILE, coverage, finding, recording, session


def lists(events: list[Event], lang: str = "en") -> dict[str, list[dict[str, Any]]]:
    """Rows by heading of each sheet."""
    book = openpyxl.load_workbook(io.BytesIO(render("two_lists", session(), events, [], [], lang)))
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


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_sheets_also_where_nothing_belongs_in_them(lang: str) -> None:
    assert lists([], lang) == {t("lists.collected", lang): [], t("lists.shared", lang): []}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_import_of_declarations_reads_it_back(lang: str) -> None:
    found = read_lists(sheets(render("two_lists", session(), recording(), [finding()], coverage(), lang)))
    assert [entry["data_type"] for entry in found.collection] == ["imei"]
    assert [(entry["org"], entry["data_types"]) for entry in found.recipients] == [("Ads OK", ["imei"])]
    assert not found.unread and not found.sdks


def test_hostile_names_are_text() -> None:
    data = render("two_lists", session(HOSTILE), recording(word=HOSTILE), [], [])
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    assert not any("\u202e" in str(cell.value) for cell in cells)
