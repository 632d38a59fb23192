"""A listed library's name needs a second trait: an app may call a class of its own whatever it likes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from monitor.analysis.correlate.attribution import Attribution
from monitor.analysis.correlate.findings import Assessment, Finding
from monitor.analysis.explain.about import about, naming
from monitor.analysis.rules.load import load_rules
from monitor.assess.evaluation import Evaluation
from monitor.events import ApiCall, Connection, Event, Frame, Stack, TlsFailure, Transmission
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.reports import formats
from monitor.session.declaration import Declaration
from monitor.session.manifest import Session
from monitor.text import t
from tests.reports.conftest import render, text_of

APP = "com.example.shop"
SDK = "umeng_analytics"
S = 1_000_000
HELPER = "com.umeng.analytics.Helper"


def common(at: int, pid: int = 1) -> dict[str, Any]:
    return {"t": at * S, "err": 5, "src": f"hooks:{pid}", "app": APP, "pid": pid}


def read(at: int, *classes: str) -> list[Event]:
    """A library's read of an identifier, before anybody was asked."""
    frames = [Frame(cls=cls, method="m") for cls in (*classes, f"{APP}.Main")]
    call = {"hook": "telephony.get_imei", "cls": "android.telephony.TelephonyManager", "method": "getImei", "sig": "()"}
    return [
        Stack(**common(at), stack=at, frames=frames),
        ApiCall(**common(at), **call, role="source", data_type="imei", outcome="value", stack=at),
    ]


FRAMING = read(2, f"{HELPER}$1", HELPER) + read(3, f"{HELPER}$2$a", HELPER)
SENT: dict[str, Any] = {"flow": "f", "port": 443, "client_port": 4000}
LINK = Connection(**common(4), address="203.0.113.7", port=443, local_port=4000, link="connect", stack=2)


def sent(host: str) -> list[Event]:
    return [LINK, Transmission(**common(5) | {"src": "proxy", "pid": 0}, **SENT, host=host)]


def assessed(events: list[Event], held: Mapping[str, int] | None) -> Assessment:
    evaluation = Evaluation(load_rules(), Declaration(), load_organisations(), load_sdks(), [])
    evaluation.named.held = held
    evaluation.feed(events)
    return evaluation.close()


def of_library(found: Assessment) -> list[Finding]:
    return [one for one in found.findings if one.sdk == SDK]


def evidenced(events: list[Event], held: Mapping[str, int] | None) -> set[str]:
    """Rules with evidence against the library."""
    return {one.rule for one in of_library(assessed(events, held)) if one.status == "evidenced"}


@pytest.mark.parametrize("held", [{}, {SDK: 4}])
def test_a_class_of_the_apps_own_in_a_librarys_package_accuses_nobody(held: dict[str, int]) -> None:
    honest, framed = (of_library(assessed(FRAMING, one)) for one in ({SDK: 5}, held))
    assert {one.rule for one in honest if one.status == "evidenced"} >= {"COL-02"}
    assert {one.status for one in framed} == {"review"}
    assert [(one.rule, one.count, one.level, one.fingerprint, one.events) for one in framed] == [
        (one.rule, one.count, one.level, one.fingerprint, one.events) for one in honest
    ]
    assert all("named_only" in one.guards for one in framed) and not any("named_only" in one.guards for one in honest)


@pytest.mark.parametrize(
    "more",
    [
        sent("ulogs.umeng.com"),
        [LINK, TlsFailure(**common(5), host="203.0.113.7", sni="ulogs.umeng.com", port=443, client_port=4000,
                          alert="unknown_ca", reading="pinning")],
        [event for number in range(4) for event in read(10 + number, f"com.umeng.analytics.C{number}$1")],
    ],
    ids=["contact", "refused contact", "as many classes act as a library has"],
)  # fmt: skip
def test_a_second_trait_makes_it_the_librarys(more: list[Event]) -> None:
    """Also where a packer hides the classes in the file."""
    assert evidenced(FRAMING + more, {}) >= {"COL-02"}
    assert not [line for line in assessed(FRAMING + more, {}).coverage if line.id == "named_only"]


@pytest.mark.parametrize("more", [sent("collect.example.com"), read(10, "com.umeng.analytics.Helper2")])
def test_another_host_or_class_is_none(more: list[Event]) -> None:
    assert not evidenced(FRAMING + more, {SDK: 2})


def test_what_no_table_lists_takes_no_memory() -> None:
    stage = Attribution(Declaration(), {}, load_sdks())
    for event in [one for n in range(200) for one in read(n, f"com.made{n}up.Reader")] + FRAMING:
        stage.feed(event)
    assert set(stage.named._seen) == {SDK} and "lib:com.made7up" in stage.owners.values()


def test_where_the_file_was_not_read_the_name_counts() -> None:
    assert evidenced(FRAMING, None) >= {"COL-02"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_report_says_that_it_is_only_the_name(lang: str) -> None:
    found = assessed(FRAMING, {SDK: 1})
    plain = naming(lang, load_sdks(), load_organisations())(SDK)
    words = t("sdk.named", lang, name=plain)
    assert words != plain and plain in words
    assert words in about(of_library(found)[0], lang, naming(lang, load_sdks(), {}))
    (note,) = (line for line in found.coverage if line.id == "named_only")
    assert note.detail == {"owner": SDK}
    for form in sorted(set(formats()) - {"har", "extraction"}):
        text = text_of(render(form, Session(), FRAMING, found.findings, found.coverage, lang))
        assert "".join(words.split()) in "".join(text.split()), form
