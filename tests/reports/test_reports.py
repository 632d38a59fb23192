"""Every format, in both languages, of an ordinary and of a hostile recording."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import html
import io
import json
import re
import shlex
import zipfile
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import openpyxl
import pytest
from markupsafe import escape

from monitor import reports
from monitor.analysis.correlate.findings import ClauseRef, Finding, ordered
from monitor.analysis.explain.about import naming
from monitor.analysis.explain.sentences import sentence
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.events import ApiCall, Consent, Health, Lifecycle, Step, Toggle, Transmission
from monitor.knowledge.law import load_clauses
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.reports import formats, make_view, render
from monitor.reports._blocks import Table, Text
from monitor.reports._inspection import inspection
from monitor.reports._page import MAX_POINTS, curl, timeline
from monitor.reports._problems import conclusion, problems
from monitor.reports._results import matrix
from monitor.reports._rows import heading
from monitor.reports._story import against
from monitor.reports._words import happened
from monitor.session.manifest import Session
from monitor.text import aside, label, listed, pair, parts, t
from monitor.text.reasons import Code, coverage_line, reason
from tests.assess.samples import finding as sample_finding
from tests.documents import pdf_pages

from .conftest import FORMULA, HOSTILE, T0, coverage, finding, recording, session

FORMATS = sorted(formats())
Sample = tuple[Any, Any, Any, Any]


def test_formats_are_found_by_file_name() -> None:
    assert set(FORMATS) >= set("csv docx extraction har html json junit markdown pdf sarif two_lists xlsx".split())
    with pytest.raises(InputError, match=r"unknown report format 'odt'.*one of .*csv, .*docx"):
        render("odt", Session(), [], [], [])
    with pytest.raises(InputError):
        render("_view", Session(), [], [], [])


def test_a_format_says_what_it_is_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes one is told in one line what is missing, and in which file."""
    (tmp_path / "unnamed.py").write_text("def render(view):\n    return b''\n", "utf-8")
    monkeypatch.setattr(reports, "__path__", [*reports.__path__, str(tmp_path)])
    with pytest.raises(InputError, match="the format unnamed needs a TITLE and a function") as said:
        render("unnamed", Session(), [], [], [])
    assert said.value.where == str(tmp_path / "unnamed.py")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", FORMATS)
def test_empty(name: str, lang: str) -> None:
    """An empty recording still yields a report."""
    assert render(name, Session(), [], [], [], lang), f"{name}: no bytes for an empty recording"


@pytest.mark.parametrize("name", FORMATS)
def test_same_input_same_bytes(name: str, sample: Sample) -> None:
    """Reports are pure. Office files carry the time of making in their zip."""
    one, other = render(name, *sample), render(name, *sample)
    assert one == other or name in ("xlsx", "two_lists", "docx", "extraction", "pdf")


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
    """Hostile names add no element, handler or address; the policy allows exactly the two embedded texts."""
    text = render("html", *hostile, lang).decode()
    page, plain = Page(text), Page(render("html", session(), recording(), [finding()], coverage(), lang).decode())
    tags = [tag for tag, _ in page.elements]
    assert tags.count("script") == 3 and tags.count("img") == 1  # two of data, and room for a screen
    assert sorted(set(tags)) == sorted({tag for tag, _ in plain.elements})
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert "style" not in attributes, tag
        for name in ("src", "href", "action"):
            assert (attributes.get(name) or "#").startswith(("#", "data:image/", "data:,")), attributes
    assert "\u202e" not in text and "\x00" not in text and "\x1b" not in text
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    own = base64.b64encode(hashlib.sha256(page.raw["script"][2].encode()).digest()).decode()
    assert f"script-src 'sha256-{own}'" in policy
    style = base64.b64encode(hashlib.sha256(page.raw["style"][0].encode()).digest()).decode()
    assert f"style-src 'sha256-{style}'" in policy
    data = json.loads(page.raw["script"][0])
    assert any("alert(1)" in point[6] for point in data["points"])
    facts = json.loads(page.raw["script"][1])
    assert any("alert(1)" in value for one in facts["events"].values() for _, value in one["fields"])


def test_a_request_as_a_command_runs_nothing_else(hostile: Sample) -> None:
    """Whatever a host or a path is named, it is one word of the command."""
    sent = next(event for event in recording(word=HOSTILE) if isinstance(event, Transmission))
    sent = msgspec.structs.replace(sent, path="/a';reboot;'$(id)`id`", content_type="x\n/y", host="h;reboot")
    words = shlex.split(curl(sent))
    assert words[:3] == ["curl", "-X", "POST"] and words[3] == "https://h;reboot:443/a';reboot;'$(id)`id`"
    assert words[4] == "-H" and words[-2:] == ["--data", "REDACTED"] and len(words) == 8


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
        "com.example.shop", t("report.standin", lang, runtime="JVM"), "TelephonyManager.getImei", "com.ads.OK.collect",
        "log.ads.example", load_clauses()["PIPL 13"].name(lang),
        t("rank.1", lang), t("confidence.seen", lang), t("status.evidenced", lang),
        t("grade.collection", lang), "no withdrawal", t("reason.documentary", lang), t("tls.pinning", lang),
        t("health.lost", lang), t("item.15", lang), t("limit.1", lang), t("limit.standin", lang), "ab" * 32,
    ):  # fmt: skip
        assert str(escape(part)) in text, part
    assert ("检出：" if lang == "zh" else "Evidence of: ") in text
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in text


def test_html_shows_a_rule_once_and_each_of_its_findings() -> None:
    """One heading and one list of clauses a rule, one article a finding, numbered through."""
    found = [
        {**finding(), "rule": rule, "status": status}
        for rule in ("COL-01", "COL-03")
        for status in ("evidenced", "review")
    ]
    view = make_view(session(), recording(), found, coverage())
    assert [(g.rule, [f.number for f in g.findings]) for g in view.groups()] == [
        ("COL-01", [1, 2]),
        ("COL-03", [3, 4]),
    ]
    text = render("html", session(), recording(), found, coverage()).decode()
    assert re.findall(r'<section class="group" id="(.*?)"', text) == ["COL-01", "COL-03"]
    assert re.findall(r'<article class="finding \w+" id="f(\d)"', text) == ["1", "2", "3", "4"]
    assert text.count(load_clauses()["PIPL 13"].name("en")) == 3  # once a rule, once on page one


def test_html_screenshots_only_when_asked() -> None:
    """A screen's picture is in the page only with ``blobs``, and only if it is a picture."""
    png = b"\x89PNG\r\n\x1a\nxyz"
    sample = (session(), recording(), [finding()], coverage())
    assert b"data:image" not in render("html", *sample).replace(b"img-src data:", b"")
    assert base64.b64encode(png) in render("html", *sample, blobs=lambda name: png if name == "c" * 64 else None)
    assert b"base64" not in render("html", *sample, blobs=lambda _: b"<svg onload=alert(1)>")


def test_timeline_is_bounded_and_keeps_findings() -> None:
    """Of too many events a part is drawn and stated to be; events of findings are always included."""
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
    """An item says what the analysis recorded of it; one of which nothing is recorded was not observed."""
    lines = [
        {"line": "item", "id": f"SZ-{number:02d}", "state": state, "why": ""}
        for number, state in ((1, "silent"), (2, "not_exercised"), (3, "fired"))
    ]
    verdicts = [item.verdict for item in matrix(make_view(session(), [], [], lines))]
    assert verdicts == ["silent", "not_exercised", "not_exercised", *["not_observable"] * 12]


def test_csv_formulas_are_text(hostile: Sample) -> None:
    """Text that a spreadsheet would execute is prefixed with an apostrophe; the rows read back."""
    s, events, _, rows = hostile
    bad = [{**finding(), "recipient": text} for text in (FORMULA, "+1", "-1", "@SUM(A1)", "\t=1", " =1")]
    read = list(csv.reader(io.StringIO(render("csv", s, events, bad, rows).decode("utf-8-sig"))))
    assert len(read) == 7
    assert [row[8][0] for row in read[1:]] == ["'"] * 6
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
def test_xlsx_is_a_workbook_to_work_with(sample: Sample, lang: str) -> None:
    """Numbers are numbers and times are times; each sheet has a filter, a fixed heading, a name and something in it."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(render("xlsx", *sample, lang)))
    first = dict(list(book.worksheets[0].iter_rows(values_only=True))[1:])
    assert first[t("inspection.package", lang)] == "com.example.shop"
    assert first[pair(t("report.coverage.rules", lang), t("verdict.evidenced", lang), lang)] == 1
    heads, row, *others = book.worksheets[1].iter_rows(values_only=True)
    found = dict(zip(heads, row, strict=True))
    assert not others and found[t("report.clauses", lang)] == load_clauses()["PIPL 13"].name(lang)
    clauses = [line[0] for line in book[t("report.clauses", lang)].iter_rows(min_row=2, values_only=True)]
    assert len(clauses) == 3 == len(set(clauses))
    assert found[t("report.count", lang)] == 2 and found[t("inspection.no", lang)] == 1
    assert found[f"{t('report.first_seen', lang)} (UTC)"] == datetime(2026, 9, 21, 14, 13, 20, 400_000)
    for page in book:
        assert page.max_row > 1 and page.freeze_panes == "A2", page.title
        assert bool(page.auto_filter.ref) == (page is not book.worksheets[0]), page.title
        widths = [page.column_dimensions[chr(65 + n)].width for n in range(page.max_column)]
        assert all(width <= 92 for width in widths) and page.page_setup.fitToHeight == 0, page.title
        assert page.page_setup.orientation == "landscape" and page.print_title_rows == "$1:$1"
        assert len(page.title) > 1 and not page.title.isdigit()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_extraction_record(hostile: Sample, lang: str) -> None:
    """The draft has both tables; hostile names are text; what is missing is left to be filled in."""
    import docx

    document = docx.Document(io.BytesIO(render("extraction", *hostile, lang, root="ab" * 32)))
    text = "\n".join(p.text for p in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert t("record.title", lang) in text and t("record.list", lang) in text
    assert t("record.blank", lang) in cells and "ab" * 32 in cells
    assert "\u202e" not in text


def word_text(data: bytes) -> str:
    import docx

    made = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in made.paragraphs), *cells])


def pdf_text(data: bytes) -> str:
    return "\n".join(pdf_pages(data))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_inspection_report_carries_what_a_finding_needs(form: str, lang: str) -> None:
    """Law and article in full, frequency, time against consent, call, request, number, what was not tested."""
    data = render(form, session(), recording(), [finding()], coverage(), lang, root="ab" * 32)
    view = make_view(session(), recording(), [finding()], coverage(), lang)
    when = against(view, view.findings[0])
    assert when
    text = "".join((word_text if form == "docx" else pdf_text)(data).split())
    for part in (
        load_clauses()["PIPL 13"].name(lang), t("report.occurrences", lang, n=2), when,
        "TelephonyManager.getImei", "log.ads.example", t("data_type.imei", lang), "no withdrawal",
        t("inspection.basis", lang), t("record.list", lang), "ab" * 32,
    ):  # fmt: skip
        assert "".join(part.split()) in text, part


def test_no_digest_leaves_its_cell_in_the_pdf() -> None:
    """A digest has no place to break of its own; in the narrow list of data it must, and is read back whole."""
    pages = pdf_text(render("pdf", session(), recording(), [finding()], coverage(), "en", root="ab" * 32))
    listed = pages[pages.rindex(t("record.list", "en")) :]
    assert "ab" * 32 not in listed and "ab" * 32 in "".join(listed.split())


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_inspection_report_is_a4_with_fonts_inside(form: str, hostile: Sample) -> None:
    data = render(form, *hostile, "zh")
    if form == "pdf":
        import pypdf

        page = pypdf.PdfReader(io.BytesIO(data)).pages[0]
        assert [round(float(side)) for side in (page.mediabox.width, page.mediabox.height)] == [595, 842]
        fonts = page["/Resources"]["/Font"].values()
        assert all("/DescendantFonts" in font.get_object() for font in fonts)
    else:
        import docx

        section = docx.Document(io.BytesIO(data)).sections[0]
        assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)


def test_sarif(sample: Sample) -> None:
    """Shape of SARIF 2.1.0; inconclusive and review are never failures."""
    s, events, found, rows = sample
    found = [*found, {**found[0], "status": "inconclusive"}, {**found[0], "status": "review"}]
    run = json.loads(render("sarif", s, events, found, rows))["runs"][0]
    assert [(r["kind"], r["level"]) for r in run["results"]] == [
        ("fail", "error"),
        ("review", "none"),
        ("open", "none"),
    ]
    first = run["results"][0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "COL-01"
    said = [result["message"]["text"].partition(": ")[0] for result in run["results"]]
    assert said == ["Evidence of", "For review", "Inconclusive"]
    assert first["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "com.ads.OK.collect"
    assert len(first["stacks"][0]["frames"]) == 2
    assert {t["id"] for t in run["taxonomies"][0]["taxa"]} == {t["id"] for t in first["taxa"]}
    assert run["artifacts"][0]["hashes"]["sha-256"] == "ab" * 32
    uri = json.loads(render("sarif", session(HOSTILE), events, found, rows))["runs"][0]["artifacts"][0]["location"][
        "uri"
    ]
    assert re.fullmatch(r"[A-Za-z0-9._-]+", uri)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_sarif_is_what_the_standard_says(sample: Sample, hostile: Sample, lang: str) -> None:
    """Read back through a model of SARIF 2.1.0. Rules have help and results a region: code hosts ask for both."""
    from sarif_pydantic import Sarif

    for recorded in (sample, hostile, (Session(), [], [], [])):
        (run,) = Sarif.model_validate_json(render("sarif", *recorded, lang)).runs
        assert all(rule.help.text for rule in run.tool.driver.rules or [])
        for result in run.results:
            (place,) = result.locations
            assert place.physical_location.region.start_line >= 1 and place.physical_location.artifact_location.uri
            assert not re.search(r"[^\w./%-]", place.physical_location.artifact_location.uri)


def test_sarif_says_how_severe_and_where(sample: Sample) -> None:
    """What code scanning sorts and matches by; the class of the stack, and for what the manifest asks for that."""
    s, events, found, rows = sample
    asked = {**found[0], "rule": "PRM-06", "data_type": "", "permission": "android.permission.CAMERA", "events": []}
    run = json.loads(render("sarif", s, events, [{**found[0], "fingerprint": "ab12"}, asked], rows))["runs"][0]
    rule = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "COL-01")
    assert rule["properties"]["security-severity"] == "9.5" and rule["helpUri"].endswith(":COL-01")
    assert run["tool"]["driver"]["informationUri"]
    first, second = run["results"]
    assert first["partialFingerprints"]["primaryLocationLineHash"] == "ab12:1"
    place = first["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("com/ads/OK.java", 3)
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "AndroidManifest.xml"


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


@pytest.mark.parametrize("ended", ["done", "failed", "interrupted", "recovered"])
def test_junit_has_an_error_for_a_session_that_did_not_run_to_its_end(sample: Sample, ended: str) -> None:
    s, *rest = sample
    s.ended, s.cause = ended, "the app crashed"
    suite = ET.fromstring(render("junit", s, *rest)).find("testsuite")
    assert suite is not None
    errors = [(case.get("name"), found.get("message") or "") for case in suite for found in case.findall("error")]
    assert suite.get("tests") == str(len(suite.findall("testcase"))) and suite.get("errors") == str(len(errors))
    if ended == "done":
        assert errors == []
    else:
        ((name, message),) = errors
        assert name == "session" and "the app crashed" in message and "means nothing" in message


def test_junit_states_a_review_and_neither_passes_nor_skips_it(sample: Sample) -> None:
    """A rule with nothing but findings for review is a property of the suite; beside evidence it is that as well."""
    s, events, found, rows = sample
    review = {**found[0], "status": "review", "fingerprint": "9" * 16}
    suite = ET.fromstring(render("junit", s, events, [review], rows)).find("testsuite")
    assert suite is not None and (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "0", "2")
    assert "privacy.COL-01" not in {case.get("classname") for case in suite.iter("testcase")}
    (stated,) = suite.iter("property")
    assert stated.get("name") == "review.COL-01" and "device IMEI" in (stated.get("value") or "")
    both = ET.fromstring(render("junit", s, events, [*found, review], rows)).find("testsuite")
    assert both is not None and (both.get("tests"), both.get("failures")) == ("4", "1")
    assert [one.get("name") for one in both.iter("property")] == ["review.COL-01"]


def test_har_redacts_bodies_and_keeps_their_fields(sample: Sample) -> None:
    """Each field stands there with what was found in it, or as redacted; no value, and no name that may be one."""
    body = {"id": "5d41402a", "name": "Alice Smith", "860123456701234": {"to": 1}, "Zhang San": [True, "13912345678"]}
    body |= {"a1b2c3d4e5f6a7b8": "1", "aa:bb:cc:dd:ee:ff": "2", "138-001-38000": "3", "x-sdk-v12": "4", "soap:at": "5"}
    body |= {"seen": {"dead-beef": "6"}, "met": {"lihua": "7"}}
    text = json.dumps(body).encode()
    for packed in (text, gzip.compress(text)):
        s, events, found, rows = sample
        where = "body" if packed is text else "body.gzip"
        (sent,) = [event for event in events if isinstance(event, Transmission)]
        match = msgspec.structs.replace(sent.matches[0], path=f"{where}.json.id")
        sent = msgspec.structs.replace(sent, sha256="d" * 64, matches=[match])
        data = render("har", s, [sent], found, rows, hide=lambda path: path.replace("lihua", "…"),
                      blobs=lambda name, body=packed: body if name == "d" * 64 else None)  # fmt: skip
        (entry,) = json.loads(data)["log"]["entries"]
        assert {one["name"]: one["value"] for one in entry["request"]["postData"]["params"]} == {
            f"{where}.json.id": "[imei md5]",
            f"{where}.json.name": "[redacted]",
            f"{where}.json.….to": "[redacted]",
            f"{where}.json.…": "[redacted]",
            f"{where}.json.x-sdk-v12": "[redacted]",
            f"{where}.json.soap:at": "[redacted]",
            f"{where}.json.seen.…": "[redacted]",
            f"{where}.json.met.…": "[redacted]",
            f"{where}.json…[0]": "[redacted]",
            f"{where}.json…[1]": "[redacted]",
        }
        for value in ("5d41402a", "Alice", "8601234", "Zhang", "139123", "a1b2", "aa:bb", "138-", "dead", "lihua"):
            assert value not in data.decode()


def test_har(sample: Sample) -> None:
    log = json.loads(render("har", *sample))["log"]
    assert "private part" in log["comment"]
    (entry,) = log["entries"]
    post = entry["request"]["postData"]
    assert post["params"] == [{"name": "body.json.id", "value": "[imei md5]"}] and not post["text"]
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
    """A time outside every calendar is shown as none, without a traceback."""
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
    why = (reason(Code.NOTHING_WITHDRAWN), reason(Code.EVENTS_LOST))
    line = coverage_line("rule", "COL-05", "not_exercised", *why)
    note = coverage_line("note", "late_events", "note", reason(Code.LATE_EVENTS), events=[3])
    for lang in ("en", "zh"):
        for name in FORMATS:
            one = render(name, s, events, [made], [line, note], lang)
            rows = [json.loads(msgspec.json.encode(item)) for item in (line, note)]
            other = render(name, s, events, [json.loads(msgspec.json.encode(made))], rows, lang)
            assert one == other or name in ("xlsx", "two_lists", "docx", "extraction", "pdf")
    page = render("html", s, events, [made], [line, note], "zh").decode()
    for part in (
        "检出：同意前",
        "先征得同意。",
        "测试中未撤回同意；有事件丢失",
        "已声明的合法性基础 13(2)",
        "调用代码归属未知",
        "有事件晚于",
    ):
        assert part in page, part


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


def test_a_problem_is_one_behaviour_of_one_party() -> None:
    """Rules about the same read form one problem, with data, clauses and recipients listed once."""
    found = [
        {**finding(), "rule": "COL-01", "level": "critical"},
        {**finding(), "rule": "COL-09", "level": "high", "data_type": "oaid"},
        {**finding(), "rule": "PRM-01", "level": "high", "sdk": "", "data_type": "", "recipient": ""},
        {**finding(), "rule": "COL-02", "status": "review", "data_type": "mac"},
    ]
    view = make_view(session(), recording(), found, coverage())
    first, second = problems(view)
    assert (first.title, first.level, first.status) == (t("problem.collection", "en"), "critical", "evidenced")
    assert first.named == "device IMEI, vendor advertising ID (OAID, VAID, AAID)"
    assert [clause.ref for clause in first.clauses] == ["PIPL 13", "191-三-1"]
    assert second.title == t("problem.permissions", "en")
    assert sorted(f.number for row in (first, second) for f in row.borne + row.weaker) == [1, 2, 3, 4]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_was_only_tried_is_not_said_to_be_collected(lang: str) -> None:
    """A type of data of which no finding has a value is named apart, on every first page."""
    found = [
        {**finding(), "data_type": "android_id"},
        {**finding(), "data_type": "imei", "grade": "attempted"},
        {**finding(), "data_type": "mac", "grade": "attempted"},
        {**finding(), "rule": "COL-09", "data_type": "mac", "grade": "access"},
    ]
    row = problems(make_view(session(), recording(), found, coverage(), lang))[0]
    android_id, imei, mac = (label("data_type", one, lang) for one in ("android_id", "imei", "mac"))
    said = pair(t("problem.tried", lang), imei, lang)
    assert row.named == parts([listed([android_id, mac], lang), said], lang)
    for form in ("html", "markdown", "docx"):
        data = render(form, session(), recording(), found, coverage(), lang)
        text = word_text(data) if form == "docx" else data.decode()
        assert said in (html.unescape(text) if form == "html" else text), form
    none = [{**one, "grade": "attempted"} for one in found[:2]]
    row = problems(make_view(session(), recording(), none, coverage(), lang))[0]
    assert row.named.startswith(t("problem.tried", lang))


@pytest.mark.parametrize(("ended", "cause"), [("failed", "the device is gone"), ("interrupted", "")])
def test_a_broken_session_says_so_first_and_shows_no_zero(ended: str, cause: str) -> None:
    broken = session().model_copy(update={"ended": ended, "cause": cause})
    text = render("html", broken, recording(), [], coverage()).decode()
    lead = text[text.index("<h1>") : text.index('class="conclusion"')]
    assert "ended early" in lead and (cause or "The cause was not recorded.") in lead
    assert "<b>0</b>" not in text


def test_no_report_shows_a_bare_clause_code() -> None:
    for form in ("html", "csv", "junit", "sarif", "docx", "xlsx"):
        data = render(form, session(), recording(), [finding()], coverage())
        if form in ("docx", "xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                text = "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
        else:
            text = data.decode()
        text = re.sub(r'"(id|ref|guid)": ?"[^"]*"', "", text)
        assert load_clauses()["PIPL 13"].law.en in text, form
        assert "PIPL 13" not in text and "191-三-1" not in text, form


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_markdown_is_inert_and_says_what_matters(hostile: Sample, lang: str) -> None:
    text = render("markdown", *hostile, lang).decode()
    own = re.sub(r"^<details><summary>[^<>]*</summary>$|^</details>$", "", text, flags=re.M)
    assert own != text and "\u202e" not in own and not re.search(r"(?<!\\)[<>\[\]`]", own)
    plain = render("markdown", session(), recording(), [finding()], coverage(), lang).decode()
    for part in (load_clauses()["PIPL 13"].name(lang), t("status.evidenced", lang), t("level.critical", lang)):
        assert part in plain, part
    broken = session().model_copy(update={"ended": "failed", "cause": "the device is gone"})
    assert "the device is gone" in render("markdown", broken, [], [], [], lang).decode().split("\n\n")[1]


@pytest.mark.parametrize("form", ["docx", "extraction", "html", "json", "pdf", "xlsx"])
def test_the_key_that_sealed_is_named(sample: Sample, form: str) -> None:
    """Whoever receives a report compares it with the key they were given."""
    session, *rest = sample
    session.key = "5e" * 32
    data = render(form, session, *rest)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
    elif form == "pdf":
        import pypdf

        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
        data = "".join(text.split()).encode()
    assert session.key.encode() in data


def test_clock_offsets_are_those_that_were_measured(sample: Sample) -> None:
    """The record states each clock's offset and error as recorded, of several measurements the range."""
    base: dict[str, Any] = {"t": T0, "err": 0, "src": "device", "app": "com.example.shop", "what": "started"}
    measured = [
        Health(seq=90, component="hooks", detail={"offset_us": "16", "offset_err_us": "499"}, **base),
        Health(seq=91, component="hooks", detail={"offset_us": "-6", "offset_err_us": "1494"}, **base),
        Health(seq=92, component="device-log", detail={"offset_us": "-3", "err_us": "352"}, **base),
        Health(seq=93, component="hooks", detail={"offset_us": "x", "err_us": "1"}, **base),
    ]
    whole, events, *rest = sample
    text = word_text(render("extraction", whole, [*events, *measured], *rest))
    assert "hooks -0.006 … +0.016 ms ±0.499 … 1.494 ms" in text and "device log -0.003 ms ±0.352 ms" in text


def test_steps_are_in_the_order_in_which_they_began(sample: Sample) -> None:
    """A step that holds others ends after them, but is listed first and with the time at which it began."""
    base: dict[str, Any] = {"err": 0, "src": "runner", "app": "com.example.shop"}
    marks = [(1, "repeat", "started"), (2, "tapOn", "started"), (2, "tapOn", "ok"), (1, "repeat", "ok")]
    events = [
        Step(seq=n, t=T0 + n * 1_000_000, index=index, verb=verb, state=state, **base)
        for n, (index, verb, state) in enumerate(marks, 1)
    ]
    page = render("html", session(), events, [], []).decode()
    rows = re.findall(r'<td class="mono">([^<]*)</td><td>(\d)\. ', page.partition('id="steps"')[2])
    times = [make_view(session(), [], [], []).clock(T0 + n * 1_000_000) for n in (1, 2)]
    assert rows == [(times[0], "1"), (times[1], "2")] and t("report.begun", "en") in page


def test_one_zero_of_time() -> None:
    """The timeline counts from the app's start, as the account of a finding does, and says so."""
    born = Lifecycle(seq=20, t=T0 + 700_000, err=0, src="device", app="com.example.shop", what="process_start")
    view = make_view(session(), [*recording(), born], [], [])
    drawing = timeline(view)
    assert drawing["t0"] + drawing["origin"] == born.t
    assert str(escape(t("report.timeline.origin", "en"))) in render("html", session(), recording(), [], []).decode()


def test_numbers_add_up(sample: Sample) -> None:
    """What the conclusion counts, page one lists: problems for review are counted apart; times name their findings."""
    whole, events, found, rows = sample
    other = {**found[0], "rule": "PRM-01", "status": "review", "fingerprint": "f" * 16}
    twice = {**found[0], "rule": "COL-02", "count": 6}
    view = make_view(whole, events, [*found, twice, other], rows)
    listed = problems(view)
    said = conclusion(view, listed)
    assert len(listed) == 2 and said.endswith(t("conclusion.further", "en", n=1))
    page = render("html", whole, events, [*found, twice, other], rows).decode()
    assert "1 request and 1 call, in 2 findings" in page  # both findings rest on the same two
    lesser = {**found[0], "status": "inconclusive", "fingerprint": "e" * 16}
    page = render("html", whole, events, [*found, twice, lesser], rows).decode()
    assert f'{t("report.see.weaker", "en")}: <a href="#f' in page and "in 2 findings" in page
    calls = {**found[0], "events": [3, 5]}
    assert problems(make_view(whole, events, [calls], rows))[0].often == "1 call, in 1 finding"
    many = {**found[0], "events": [3, 6, *range(100, 138)]}
    assert problems(make_view(whole, events, [many], rows))[0].often.startswith("at least 1 request and 1 call")
    asked = {**found[0], "events": [4, 5]}
    assert problems(make_view(whole, events, [asked], rows))[0].often == "1 finding"
    assert conclusion(view, listed[:1]).count("further") == 0
    counts = view.verdicts()
    assert said.startswith(t("conclusion.items", "en", rules=len(view.rules), **{str(k): n for k, n in counts.items()}))
    assert sum(counts.values()) == len(view.rules) > 0


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("witness", "weak"), [("lifecycle", True), ("permission_denied, lifecycle", False)])
def test_silence_names_its_witnesses(lang: str, witness: str, weak: bool) -> None:
    """No finding is printed with what was watched; where that is only what could be observed, this is said. The end of
    the report is marked."""
    reasons = [{"code": "watched", "params": {"names": witness}}]
    row = {"line": "rule", "id": "LIF-01", "state": "silent", "why": "", "reasons": reasons}
    blocks = inspection(make_view(session(), recording(), [], [row], lang))
    told = next(cells[4] for one in blocks if isinstance(one, Table) for cells in one.rows if "LIF-01" in cells[1:2][0])
    assert t("witness.lifecycle", lang) in told and (t("watched.weak", lang) in told) is weak
    assert blocks[-1] == Text(t("inspection.end", lang), strong=True)


def test_code_and_recipient_have_their_own_names(sample: Sample) -> None:
    """The same ID may be a library's and its vendor's: code by the library's name, the recipient by the vendor's."""
    whole, events, found, rows = sample
    names = load_sdks()["example_beacon"].name, load_organisations()["example_beacon"].name
    assert names[0] != names[1]
    item = {**found[0], "sdk": "example_beacon", "recipient": "example_beacon"}
    text = render("markdown", whole, events, [item], rows).decode()
    assert " → ".join(names) in text.replace("\\", "")
    naming_ = naming("en", load_sdks(), load_organisations())
    assert (naming_("example_beacon"), naming_("example_beacon", org=True)) == names


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_stated_consent_is_said_in_words(lang: str) -> None:
    """Which scope, which state, and who says so; not the event's kind alone."""
    stated = Consent(seq=9, t=T0, err=0, src="runner", app="a.b", scope="policy", state="denied", via="scenario")
    said = sentence(stated, lang, lambda key, *, org=False: key)
    words = (t("story.consent.scenario", lang), t("scope.policy", lang), t("consent_state.denied", lang))
    assert all(word in said for word in words)
    assert words[1] in happened(make_view(session(), [stated], [], [], lang), stated)


@pytest.mark.parametrize(("lang", "words"), [("en", "personalised ads off"), ("zh", "开关变更：personalised ads 关闭")])
def test_a_switch_is_named_in_the_timeline(lang: str, words: str) -> None:
    event = Toggle(seq=9, t=T0, err=0, src="runner", app="a.b", name="personalised ads", value=False, via="app")
    assert words in happened(make_view(session(), [event], [], [], lang), event)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_start_of_another_app_names_it_and_is_no_reading(lang: str) -> None:
    """The app is named in the finding, its account and the event; "no value returned" is said of readings only."""
    start = ApiCall(
        seq=9, t=T0, err=0, src="hooks:7", app="com.example.shop", hook="context.start_service", role="context",
        data_type="lifecycle", cls="android.app.ContextImpl", method="startService", sig="()", outcome="null",
        sdk="app", args={"component": "com.other.app/.Push"},
    )  # fmt: skip
    said = sentence(start, lang, lambda key, *, org=False: key)
    view = make_view(session(), [start], [], [], lang)
    for text in (said, happened(view, start)):
        assert "com.other.app/.Push" in text and label("outcome", "null", lang) not in text
    refused = msgspec.structs.replace(start, outcome="denied")
    for text in (sentence(refused, lang, lambda key, *, org=False: key), happened(view, refused)):
        assert label("outcome", "denied", lang) in text
    named = {"component": "com.other.app/.Push; com.other.app/.Wake; a.b/.C"}
    found = {**finding(), "rule": "LIF-02", "data_type": "", "sdk": "", "recipient": "", "events": [9], "detail": named}
    found["pattern"] = "before_consent"
    row = make_view(session(), [start], [found], [], lang).findings[0]
    assert heading(row, lang).startswith("1. " + listed(["com.other.app", "a.b"], lang) + " · ")
    for form in ("html", "markdown", "json", "docx"):
        data = render(form, session(), [start], [found], [], lang)
        text = word_text(data) if form == "docx" else data.decode()
        assert "com.other.app" in text, form


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_one_section_says_what_could_not_be_observed(lang: str) -> None:
    """Rules, hooks by reason with their number, and the standing blind spots; nothing else is needed to find them."""
    hooks = [
        {"line": "hook", "id": f"h.{n}", "state": "not_observable", "why": "",
         "reasons": [{"code": "hook_unreported"} if n else {"code": "no_hooks"}]}
        for n in range(4)
    ]  # fmt: skip
    rows = [*coverage(), *hooks]
    counted = t("report.unseen.hooks", lang, n=4, all=5)
    words = [aside(t(f"reason.{code}", lang), n, lang) for code, n in (("hook_unreported", "3"), ("no_hooks", "1"))]
    page = html.unescape(render("html", session(), recording(), [], rows, lang).decode())
    text = render("markdown", session(), recording(), [], rows, lang).decode()
    page = page.partition('id="untested"')[2].partition("<h2")[0]
    section = text.partition(f"## {t('report.not_observable', lang)}")[2].partition("\n## ")[0]
    for part in (page, section.replace("\\", "")):
        assert all(word in part for word in (counted, *words, "AI-02", t("limit.2", lang)))
    assert 'href="#coverage"' in page and f"\n## {t('report.limits', lang)}\n" in text
    none = render("markdown", session(), recording(), [], coverage(), lang).decode()
    assert t("report.unseen.others", lang) not in text and counted not in none


def test_a_time_is_the_same_in_every_format(sample: Sample) -> None:
    """Milliseconds, cut off in the same way; a spreadsheet shows them too."""
    whole, events, found, rows = sample
    at = T0 + 721_999
    item = {**found[0], "first_seen": at}
    shown = make_view(whole, events, [item], rows).clock(at)
    assert shown.endswith(".721")
    assert shown in render("csv", whole, events, [item], rows).decode()
    sheet = openpyxl.load_workbook(io.BytesIO(render("xlsx", whole, events, [item], rows))).worksheets[1]
    (cell,) = [cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, datetime)]
    assert cell.value.microsecond == 721_000 and cell.number_format.endswith("ss.000")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_app_without_a_name_is_not_named_after_its_package(lang: str) -> None:
    whole = session().model_copy(update={"app": session().app.model_copy(update={"label": ""})})
    for form in ("docx", "extraction"):
        text = word_text(render(form, whole, [], [], [], lang)).split("\n")
        assert text[text.index(t("report.app", lang)) + 1] == t("record.blank", lang), form
        named = word_text(render(form, session(), [], [], [], lang)).split("\n")
        assert named[named.index(t("report.app", lang)) + 1] == "Shop", form


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_markdown_says_where_the_rest_is(sample: Sample, lang: str) -> None:
    whole, events, found, rows = sample
    many = [{**found[0], "fingerprint": f"{n:016}", "sdk": f"s{n}"} for n in range(53)]
    text = render("markdown", whole, events, many, rows, lang).decode()
    assert t("report.more_findings", lang, n=3) + " `monitor findings BUNDLE`" in text
    assert "monitor findings BUNDLE" not in render("markdown", whole, events, many[:50], rows, lang).decode()


def test_markdown_has_the_whole_conclusion_and_marks_a_cell_that_is_cut(sample: Sample) -> None:
    whole, events, found, rows = sample
    weak = {**found[0], "rule": "SHR-01", "status": "review", "sdk": "other", "fingerprint": "f" * 16}
    long = {**found[0], "title": "x" * 400, "fingerprint": "e" * 16}
    text = render("markdown", whole, events, [found[0], weak, long], rows, "en").decode()
    assert t("conclusion.further", "en", n=1) in text
    assert "x…" in text and "x" * 300 not in text


def test_the_terminal_lists_findings_as_the_reports_number_them() -> None:
    """Strongest first, then by time: the rule's name decides only between findings of one moment."""
    made = [
        sample_finding(rule=rule, first_seen=at, level=level, fingerprint=f"{n:016}")
        for n, (rule, at, level) in enumerate(
            [("COL-01", 5, "high"), ("COL-02", 3, "high"), ("COL-03", 9, "critical"), ("COL-04", 3, "high")]
        )
    ]
    rows = make_view(session(), [], [msgspec.to_builtins(one) for one in made], []).findings
    assert [row.rule for row in rows] == [one.rule for one in ordered(made)]
    assert [row.rule for row in rows] == ["COL-03", "COL-02", "COL-04", "COL-01"]


def test_a_reader_of_chinese_gets_no_english_reasons() -> None:
    """What a failed step and the agent said, in the language of the report."""
    base: dict[str, Any] = {"t": T0, "err": 0, "src": "runner", "app": "com.example.shop", "index": 1, "verb": "tapOn"}
    steps = [Step(seq=1, state="started", **base)]
    steps.append(Step(seq=2, state="skipped", detail="not on the screen within 1 s: 取消", **base))
    reasons = [{"code": "hook_not_installed", "params": {"detail": "the process has not loaded libaaudio.so"}}]
    hook = {"line": "hook", "id": "audio.open", "state": "not_observable", "why": "", "reasons": reasons}
    for form in ("html", "docx"):
        data = render(form, session(), steps, [], [hook], "zh")
        text = word_text(data) if form == "docx" else data.decode()
        assert "1 秒内屏幕上未出现：取消" in text and "not on the screen" not in text, form
        assert "has not loaded" not in text, form
    assert "进程未加载 libaaudio.so" in render("html", session(), steps, [], [hook], "zh").decode()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("form", [form for form in FORMATS if form != "pdf"])  # of the same blocks as docx
def test_every_report_says_that_the_app_was_not_contained(sample: Sample, form: str, lang: str) -> None:
    s, *rest = sample
    free = s.model_copy(update={"device": s.device.model_copy(update={"containment": "none, shared network"})})
    assert plain(render(form, s, *rest, lang=lang)).count(UNCONTAINED[lang]) == 0
    assert UNCONTAINED[lang] in plain(render(form, free, *rest, lang=lang))


UNCONTAINED = {"en": "The app was NOT contained", "zh": "应用未被隔离：检测时"}


def plain(data: bytes) -> str:
    """The text of a report; of an Office file that of all its parts."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_words_in_the_details_of_a_finding_are_the_readers(sample: Sample, lang: str) -> None:
    whole, events, found, rows = sample
    item = {**found[0], "detail": {"state": "no_input", "form": "digest", "equivalent_of": "imei"}}
    page = html.unescape(render("html", whole, events, [item], rows, lang).decode())
    for key, group, word in (
        ("state", "detail_state", "no_input"), ("form", "form", "digest"), ("equivalent_of", "data_type", "imei"),
    ):  # fmt: skip
        assert pair(t(f"detail.{key}", lang), t(f"{group}.{word}", lang), lang) in page
