"""Every format, in both languages, of an ordinary and of a hostile recording."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from markupsafe import escape

from monitor.analysis.coverage import Coverage
from monitor.analysis.findings import ClauseRef, Finding
from monitor.errors import EvidenceDamaged, InputError
from monitor.events import ApiCall, Transmission
from monitor.reports import formats, make_view, render, suffix
from monitor.reports._matrix import matrix
from monitor.reports._timeline import MAX_POINTS, timeline
from monitor.session import Session
from monitor.text import has, t

from .conftest import FORMULA, HOSTILE, T0, coverage, finding, recording, session

FORMATS = sorted(formats())
Sample = tuple[Any, Any, Any, Any]


def test_formats_are_found_by_file_name() -> None:
    assert {"html", "json", "csv", "xlsx", "docx", "sarif", "junit", "har"} == set(FORMATS)
    assert all(suffix(name).startswith(".") for name in FORMATS)
    with pytest.raises(InputError, match=r"unknown report format 'pdf'.*one of csv, docx"):
        render("pdf", Session(), [], [], [])
    with pytest.raises(InputError):
        render("_view", Session(), [], [], [])


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", FORMATS)
def test_empty(name: str, lang: str) -> None:
    """A recording with nothing in it still gives a report."""
    assert render(name, Session(), [], [], [], lang)


@pytest.mark.parametrize("name", FORMATS)
def test_same_input_same_bytes(name: str, sample: Sample) -> None:
    """Reports are pure. Office files carry the time of making in their zip."""
    one, other = render(name, *sample), render(name, *sample)
    assert one == other or name in ("xlsx", "docx")


class Page(HTMLParser):
    """What a browser would see: elements, attributes, scripts, links, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in = tag if tag in self.raw else ""
        if self._in:
            self.raw[tag].append("")

    def handle_data(self, data: str) -> None:
        if self._in:
            self.raw[self._in][-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_html_is_inert(hostile: Sample, lang: str) -> None:
    """Hostile names add no element, no handler, no address; the policy allows exactly the two own texts."""
    text = render("html", *hostile, lang).decode()
    page, plain = Page(text), Page(render("html", session(), recording(), [finding()], coverage(), lang).decode())
    tags = [tag for tag, _ in page.elements]
    assert tags.count("script") == 2 and tags.count("img") == 0
    assert sorted(set(tags)) == sorted({tag for tag, _ in plain.elements})
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert "style" not in attributes, tag
        for name in ("src", "href", "action"):
            assert (attributes.get(name) or "#").startswith(("#", "data:image/")), attributes
    assert "\u202e" not in text and "\x00" not in text and "\x1b" not in text
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    own = base64.b64encode(hashlib.sha256(page.raw["script"][1].encode()).digest()).decode()
    assert f"script-src 'sha256-{own}'" in policy
    style = base64.b64encode(hashlib.sha256(page.raw["style"][0].encode()).digest()).decode()
    assert f"style-src 'sha256-{style}'" in policy
    data = json.loads(page.raw["script"][0])
    assert any("alert(1)" in point[6] for point in data["points"])


def test_html_has_no_address_to_load() -> None:
    text = render("html", session(), recording(), [finding()], coverage()).decode()
    assert not re.search(r"(src|href)=[\"'](https?:)?//", text)
    assert "@import" not in text and "fetch(" not in text
    assert set(re.findall(r"url\(.*?\)", text)) == {"url(#plot)"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_html_says_what_matters(lang: str) -> None:
    """App, stand-in, numbers, chain, clauses with rank, what was not seen and why, losses, 15 items, limits."""
    text = render("html", session(), recording(), [finding()], coverage(), lang, root="ab" * 32).decode()
    for part in (
        "com.example.shop", t("report.standin", lang), "TelephonyManager.getImei", "com.ads.OK.collect",
        "log.ads.example", "PIPL 13", t("rank.1", lang), t("confidence.seen", lang), t("status.evidenced", lang),
        t("grade.collection", lang), "no withdrawal", t("why.server_side", lang), t("tls.pinning", lang),
        t("health.lost", lang), t("item.15", lang), t("limit.1", lang), t("limit.standin", lang), "ab" * 32,
    ):  # fmt: skip
        assert str(escape(part)) in text, part
    assert ("疑似：" if lang == "zh" else "Evidence of: ") in text
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in text


def test_html_tells_a_rule_once_and_each_of_its_findings() -> None:
    """One heading and one list of clauses a rule, one article a finding, numbered through."""
    found = [
        {**finding(), "rule": rule, "status": status}
        for rule in ("COL-01", "COL-03")
        for status in ("evidenced", "review")
    ]
    view = make_view(session(), recording(), found, coverage())
    assert [(g["rule"], [n for n, _ in g["findings"]]) for g in view.groups()] == [
        ("COL-01", [1, 2]),
        ("COL-03", [3, 4]),
    ]
    text = render("html", session(), recording(), found, coverage()).decode()
    assert re.findall(r'<section class="group" id="(.*?)"', text) == ["COL-01", "COL-03"]
    assert re.findall(r'<article class="finding \w+" id="f(\d)"', text) == ["1", "2", "3", "4"]
    assert text.count("PIPL 13") == 2


def test_html_screenshots_only_when_asked() -> None:
    """A screen's picture is in the page only with ``blobs``, and only if it is a picture."""
    png = b"\x89PNG\r\n\x1a\nxyz"
    sample = (session(), recording(), [finding()], coverage())
    assert b"data:image" not in render("html", *sample).replace(b"img-src data:", b"")
    assert base64.b64encode(png) in render("html", *sample, blobs=lambda name: png if name == "c" * 64 else None)
    assert b"base64" not in render("html", *sample, blobs=lambda _: b"<svg onload=alert(1)>")


def test_timeline_is_bounded_and_keeps_findings() -> None:
    """Of too many events a part is drawn, said so, and what a finding names is always in it."""
    many = [
        ApiCall(
            seq=n, t=T0 + n, err=5, src="hooks:7", app="a", hook="h", role="read", data_type="imei", cls="c",
            method="m", sig="()", outcome="value", sdk=f"s{n % 60}",
        )
        for n in range(1, 20_001)
    ]  # fmt: skip
    found = {**finding(), "events": [19_999]}
    data = timeline(make_view(Session(), many, [found], []))
    assert len(data["points"]) <= MAX_POINTS and len(data["lanes"]) <= 32
    assert [point[5] for point in data["points"] if point[3] == 19_999] == ["evidenced"]
    assert "20000" in data["cut"]


def test_consent_band_carries_its_uncertainty() -> None:
    """The tap on 同意 begins a band of the state granted, with the event's error as the half width of its edge."""
    bands = timeline(make_view(session(), recording(), [], []))["bands"]
    granted = [band for band in bands if band["state"] == "granted"]
    assert granted and granted[0]["err"] == 1200 and granted[0]["seq"] == 5


def test_matrix_claims_no_silence_without_witness() -> None:
    """An item whose rules are not all silent is open: never shown as fine."""
    view = make_view(session(), [], [], [{"line": "rule", "id": "X-01", "state": "silent", "why": ""}])
    view.coverage[0]["items"] = [1, 2]
    view.coverage.append({**view.coverage[0], "state": "not_exercised", "items": [2]})
    marks = [row["mark"] for row in matrix(view)]
    assert marks == ["silent", "open", *["open"] * 13]


def test_csv_formulas_are_text(hostile: Sample) -> None:
    """What a spreadsheet would run begins with an apostrophe; the rows read back."""
    s, events, _, rows = hostile
    bad = [{**finding(), "recipient": text} for text in (FORMULA, "+1", "-1", "@SUM(A1)", "\t=1", " =1")]
    read = list(csv.reader(io.StringIO(render("csv", s, events, bad, rows).decode("utf-8-sig"))))
    assert len(read) == 7
    assert [row[7][0] for row in read[1:]] == ["'"] * 6
    assert all(len(row) == len(read[0]) for row in read)


def test_xlsx_formulas_are_text(hostile: Sample) -> None:
    s, events, _, rows = hostile
    bad = [{**finding(), "recipient": text, "sdk": "https://evil.example/"} for text in (FORMULA, "+1")]
    with zipfile.ZipFile(io.BytesIO(render("xlsx", s, events, bad, rows))) as book:
        sheets = b"".join(book.read(name) for name in book.namelist() if "sheet" in name)
        assert b"<f>" not in sheets and b"hyperlink" not in sheets
        shared = book.read("xl/sharedStrings.xml").decode()
    assert FORMULA in shared.replace("&apos;", "'") and "\u202e" not in shared


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_docx(hostile: Sample, lang: str) -> None:
    """The draft has both tables; hostile names are text; what is missing is left to be filled in."""
    import docx

    document = docx.Document(io.BytesIO(render("docx", *hostile, lang, root="ab" * 32)))
    text = "\n".join(p.text for p in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert t("record.title", lang) in text and t("record.list", lang) in text
    assert t("record.blank", lang) in cells and "ab" * 32 in cells
    assert "<script>" in text and "\u202e" not in text


def test_sarif(sample: Sample) -> None:
    """Shape of SARIF 2.1.0; inconclusive and review are never failures."""
    s, events, found, rows = sample
    found = [*found, {**found[0], "status": "inconclusive"}, {**found[0], "status": "review"}]
    run = json.loads(render("sarif", s, events, found, rows))["runs"][0]
    assert [(r["kind"], r["level"]) for r in run["results"]] == [
        ("fail", "error"),
        ("open", "none"),
        ("review", "none"),
    ]
    first = run["results"][0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "COL-01"
    said = [result["message"]["text"].partition(": ")[0] for result in run["results"]]
    assert said == ["Evidence of", "Inconclusive", "For human review"]
    assert first["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "com.ads.OK.collect"
    assert len(first["stacks"][0]["frames"]) == 2
    assert {t["id"] for t in run["taxonomies"][0]["taxa"]} == {t["id"] for t in first["taxa"]}
    assert run["artifacts"][0]["hashes"]["sha-256"] == "ab" * 32
    uri = json.loads(render("sarif", session(HOSTILE), events, found, rows))["runs"][0]["artifacts"][0]["location"][
        "uri"
    ]
    assert re.fullmatch(r"[A-Za-z0-9._-]+", uri)


def test_junit(sample: Sample, hostile: Sample) -> None:
    """Evidence fails, silence with a witness passes, everything else is skipped with its reason."""
    suite = ET.fromstring(render("junit", *sample)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "1", "2")
    states = {case.get("classname"): [child.tag for child in case] for case in suite}
    assert states["privacy.COL-01"] == ["failure"] and states["privacy.POL-01"] == []
    assert states["privacy.AI-02"] == states["privacy.COL-05"] == ["skipped"]
    s, events, found, rows = sample
    unsure = ET.fromstring(render("junit", s, events, [{**found[0], "status": "inconclusive"}], rows)).find("testsuite")
    assert unsure is not None and unsure.get("failures") == "0" and unsure.get("skipped") == "3"
    ET.fromstring(render("junit", *hostile))


def test_har(sample: Sample) -> None:
    log = json.loads(render("har", *sample))["log"]
    assert "private part" in log["comment"]
    assert not any(entry["request"].get("postData", {}).get("text") for entry in log["entries"])
    (entry,) = log["entries"]
    assert log["version"] == "1.2" and entry["request"]["url"] == "https://log.ads.example:443/c/OK"
    assert entry["startedDateTime"] == "2026-09-21T14:13:20.900+00:00"
    assert entry["_matches"][0]["data_type"] == "imei"
    assert set(entry) >= {"startedDateTime", "time", "request", "response", "cache", "timings"}


def test_json(sample: Sample, hostile: Sample) -> None:
    document = json.loads(render("json", *sample))
    assert document["summary"] == {"evidenced": 1, "inconclusive": 0, "review": 0}
    assert len(document["guideline"]) == 15 and document["recipients"][0]["types"] == ["imei"]
    assert json.loads(render("json", *hostile))["session"]["app"]["package"].endswith(HOSTILE)


def test_extreme_numbers() -> None:
    """A time out of every calendar is shown as none, not as a traceback."""
    event = Transmission(seq=1, t=0, err=0, src="proxy", app="a", flow="f", host="::1", port=1)
    for t_us in (0, -5, 1 << 52):
        found = [{**finding(), "first_seen": t_us}]
        for name in FORMATS:
            assert render(name, Session(start=t_us, end=t_us), [event], found, [])


def test_structs_of_the_analysis(sample: Sample) -> None:
    """Findings and coverage as the analysis makes them, and as their JSON lines read back, give the same report."""
    s, events, _, _ = sample
    clause = ClauseRef(pack="cn", ref="PIPL 13", rank=1, confidence="seen")
    made = Finding(
        rule="COL-01", pattern="main", status="evidenced", grade="access", level="critical", app="a", data_type="imei",
        sdk="ads", recipient="", permission="", first_seen=T0, last_seen=T0, events=[3], count=1, fingerprint="f" * 16,
        title="Pre-consent", title_zh="同意前", clauses=[clause], detail={"api": "x.y"}, guards=["legal_basis:13(2)"],
        assumptions=["caller_unknown"], advice="Ask first.", advice_zh="先征得同意。",
    )  # fmt: skip
    line = Coverage(line="rule", id="COL-05", state="not_exercised", why="no consent was withdrawn; events were lost")
    note = Coverage(line="note", id="late_events", state="note", why="events came later than allowed for", events=[3])
    for lang in ("en", "zh"):
        for name in FORMATS:
            one = render(name, s, events, [made], [line, note], lang)
            rows = [json.loads(msgspec.json.encode(item)) for item in (line, note)]
            other = render(name, s, events, [json.loads(msgspec.json.encode(made))], rows, lang)
            assert one == other or name in ("xlsx", "docx")
    page = render("html", s, events, [made], [line, note], "zh").decode()
    for part in (
        "疑似：同意前",
        "先征得同意。",
        "未撤回任何同意; 有事件丢失",
        "已声明的合法性基础 13(2)",
        "调用代码未知",
        "有事件晚于",
    ):
        assert part in page, part


def test_reasons_of_the_analysis_are_in_the_catalogue() -> None:
    """Every reason that coverage can give has its words in both languages."""
    import monitor.analysis.coverage as module

    source = Path(module.__file__ or "").read_text("utf-8")
    block = source[source.index("WITNESSES") : source.index("def rule_line")]
    sentences = re.findall(r'"([a-z][^"]* [^"]*)"', block, re.IGNORECASE)
    assert len(sentences) > 25
    for sentence in sentences:
        assert has("reason." + re.sub(r"[^a-z0-9]+", "_", sentence.lower()).strip("_")), sentence


@pytest.mark.parametrize(
    "bad", [{"first_seen": "x"}, {"events": ["x"]}, {"events": 5}, {"clauses": 5}, {"detail": 5}, {"count": []}, 7]
)
def test_changed_findings_are_one_clear_line(bad: Any) -> None:
    """Rows that the analysis never wrote are refused as damage, or shown as empty; never a traceback."""
    for name in FORMATS:
        try:
            render(name, Session(), [], [{**finding(), **bad} if isinstance(bad, dict) else bad], [])
        except EvidenceDamaged as error:
            assert "monitor analyse" in str(error)
