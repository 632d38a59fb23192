"""A small recording with everything in it, and a hostile one with markup and formulas for names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any

import docx
import pytest

from monitor import reports
from monitor.events import (
    ApiCall,
    Event,
    Frame,
    Health,
    Match,
    Stack,
    Step,
    Tap,
    TlsFailure,
    Transmission,
    UiSnapshot,
    ValueRef,
    Window,
)
from monitor.reports import Log, View
from monitor.session.manifest import App, Device, Item, Record, Session, Versions
from tests.documents import pdf_pages

T0 = 1_790_000_000_000_000
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>=1+1{{7*7}}\u202e\x00\x1b[31m私"
FORMULA = "=cmd|' /C calc'!A0"


def recording(name: str = "com.example.shop", word: str = "OK") -> list[Event]:
    base: dict[str, Any] = {"err": 1200, "app": name, "pid": 7}
    value = ValueRef(data_type="imei", tag="a" * 32, commit="b" * 64, size=15)
    return [
        Step(seq=1, t=T0, err=0, src="runner", app=name, index=1, verb="launchApp", state="ok", label=word),
        Stack(
            seq=2, t=T0, src="hooks:7", **base, stack=1,
            frames=[Frame(cls=f"com.ads.{word}", method="collect", line=3), Frame(cls="com.example.Main", method="go")],
        ),
        ApiCall(
            seq=3, t=T0 + 400_000, src="hooks:7", **base, hook="telephony.imei", role="read", data_type="imei",
            cls="android.telephony.TelephonyManager", method="getImei", sig="()", outcome="value", stack=1,
            sdk=f"ads{word}" if word != "OK" else "ads", values=[value],
        ),
        Window(
            seq=4, t=T0 + 600_000, src="hooks:7", **base, window=1, window_kind="dialog", action="shown",
            title="隐私政策",
            texts=["请阅读隐私政策", word], buttons=["同意", "不同意"],
        ),
        Tap(seq=5, t=T0 + 2_000_000, src="hooks:7", **base, label="同意", window=1),
        Transmission(
            seq=6, t=T0 + 900_000, src="proxy", **base, flow="f1", host="log.ads.example", port=443, org=f"Ads {word}",
            party="third", sdk="ads", bytes=512, method="POST", path=f"/c/{word}", status=200,
            matches=[Match(data_type="imei", form="md5", path="body.json.id", certainty="found", tag="a" * 32)],
        ),
        TlsFailure(
            seq=7, t=T0 + 950_000, src="proxy", **base, sni=f"pin.{word}", host="pin.example", port=443, client_port=9,
            alert="bad_certificate", reading="pinning",
        ),
        Health(
            seq=8, t=T0 + 960_000, src="runner", **base, component="hooks", what="lost", n=3, detail={"queue": word}
        ),
        UiSnapshot(
            seq=9, t=T0 + 990_000, src="runner", **base, name=f"first {word}", screenshot="c" * 64, texts=[word],
            sizes={"同意": [0, 0, 9, 9]},
        ),
    ]  # fmt: skip


def finding(word: str = "") -> dict[str, Any]:
    return {
        "rule": "COL-01", "title": f"Pre-consent collection {word}".strip(), "status": "evidenced",
        "grade": "collection", "level": "critical", "app": f"com.example.shop{word}", "data_type": "imei",
        "sdk": f"ads{word}", "recipient": f"Ads {word}".strip(), "first_seen": T0 + 400_000, "events": [3, 6, 5],
        "count": 2,
        "clauses": [
            {"ref": f"PIPL 13{word}", "rank": 1, "confidence": "seen", "pack": "cn"},
            {"ref": "191-三-1", "rank": 4, "confidence": "seen", "pack": "cn"},
            {"ref": "SZ(四)", "rank": 6, "confidence": "seen", "pack": "cn"},
        ],
    }  # fmt: skip


def coverage(word: str = "") -> list[dict[str, Any]]:
    return [
        {"line": "rule", "id": "COL-01", "state": "fired", "why": ""},
        {"line": "rule", "id": "COL-05", "state": "not_exercised", "why": f"no withdrawal {word}"},
        {"line": "rule", "id": "POL-01", "state": "silent", "why": ""},
        {"line": "rule", "id": "AI-02", "state": "not_observable", "why": "", "reasons": [{"code": "documentary"}]},
        {"line": "hook", "id": f"telephony.imei{word}", "state": "fired", "why": ""},
    ]


def session(word: str = "") -> Session:
    return Session(
        id="s1", start=T0, end=T0 + 3_000_000, ended="done", scenario=f"quickstart{word}", packs=["cn"],
        versions=Versions(monitor="0.1.0", frida="17"), proxy_mode="sinkhole", frida_start="held",
        app=App(package=f"com.example.shop{word}", version="1.2", label=f"Shop{word}", apk_sha256="ab" * 32),
        device=Device(
            model="Stand-in", hardware="standin", android="13", api_level=33,
            containment="another user, own namespaces, private network",
        ),
        record=Record(case_no=f"1{word}", operators=["A", "B"], items=[Item(name="events", sha256="ab" * 32)]),
    )  # fmt: skip


@pytest.fixture
def sample() -> tuple[Session, list[Event], list[dict[str, Any]], list[dict[str, Any]]]:
    return session(), recording(), [finding()], coverage()


@pytest.fixture
def hostile() -> tuple[Session, list[Event], list[dict[str, Any]], list[dict[str, Any]]]:
    return session(HOSTILE), recording(word=HOSTILE), [finding(HOSTILE)], coverage(HOSTILE)


def text_of(data: bytes) -> str:
    """The text of a report: of a PDF its pages in one line, of a workbook that of its parts, of a document for Word its
    paragraphs and cells, one a line."""
    if data.startswith(b"%PDF"):
        return " ".join(" ".join(pdf_pages(data)).split())
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "word/document.xml" not in archive.namelist():
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    made = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


def make_view(
    session: Session, events: Iterable[Event], findings: Any, coverage: Any, lang: str = "en", **more: Any
) -> View:
    """What reports show of a recording."""
    return View(session, Log(events), findings, coverage, lang, **more)


def render(format: str, *recording: Any, **more: Any) -> bytes:
    """A report of a recording."""
    return reports.render(format, make_view(*recording, **more))


Sample = tuple[Session, list[Event], list[dict[str, Any]], list[dict[str, Any]]]
