"""Every format, in both languages, of an ordinary and of a hostile recording; and what each format is for."""

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
from datetime import datetime
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import docx
import msgspec
import openpyxl
import pypdf
import pytest
from markupsafe import escape
from sarif_pydantic import Sarif

from monitor import reports
from monitor.analysis.correlate.findings import ClauseRef, Finding, ordered
from monitor.analysis.explain.about import naming
from monitor.analysis.explain.sentences import Phrases
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.events import ApiCall, Consent, Event, Health, Lifecycle, Step, Toggle, Transmission
from monitor.evidence.attested import Results
from monitor.knowledge.law import load_clauses
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.reports import formats
from monitor.reports._blocks import Table, Text
from monitor.reports._inspection import inspection
from monitor.reports._problems import conclusion, front, problems
from monitor.reports._results import groups, matrix
from monitor.reports._rows import heading
from monitor.reports._story import against
from monitor.reports._view import Names
from monitor.reports._words import happened
from monitor.reports.html import MAX_POINTS, curl, timeline
from monitor.session.manifest import Session
from monitor.text import aside, label, listed, pair, parts, t
from monitor.text.reasons import Code, coverage_line, reason
from tests.assess.samples import finding as sample_finding

from .conftest import FORMULA, HOSTILE, T0, Sample, coverage, finding, make_view, recording, render, session, text_of

FORMATS = sorted(formats())
PACKED = ("xlsx", "two_lists", "docx", "extraction", "pdf")
LANGS = ("en", "zh")
both = pytest.mark.parametrize("lang", LANGS)


def test_a_format_is_a_module_that_says_what_it_is_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by its file's name. Who writes one is told in one line what is missing, and in which file."""
    assert set(FORMATS) >= set("csv docx extraction har html json junit markdown pdf sarif two_lists xlsx".split())
    with pytest.raises(InputError, match=r"unknown report format 'odt'.*one of .*csv, .*docx"):
        render("odt", Session(), [], [], [])
    with pytest.raises(InputError):
        render("_view", Session(), [], [], [])
    (tmp_path / "unnamed.py").write_text("def render(view):\n    return b''\n", "utf-8")
    monkeypatch.setattr(reports, "__path__", [*reports.__path__, str(tmp_path)])
    with pytest.raises(InputError, match="the format unnamed needs a TITLE and a function") as fault:
        render("unnamed", Session(), [], [], [])
    assert fault.value.where == str(tmp_path / "unnamed.py")


@both
@pytest.mark.parametrize("name", FORMATS)
def test_every_format(name: str, lang: str, sample: Sample) -> None:
    """An empty recording still yields a report, and reports are pure: Office files carry the time of making. One says
    that the app was not contained, if it was not, what went past the proxy, and names the key that sealed."""
    assert render(name, Session(), [], [], [], lang), f"{name}: no bytes for an empty recording"
    one, other = render(name, *sample, lang), render(name, *sample, lang)
    assert one == other or name in PACKED
    free = sample[0].model_copy(update={"key": "5e" * 32})
    free.device = free.device.model_copy(update={"containment": "none, shared network"})
    uncontained = {"en": "The app was NOT contained", "zh": "应用未被隔离：检测时"}[lang]
    gap = {"code": "past_proxy", "params": {"n": "3", "hosts": "lost.example:443 TCP IPv6 com.example.shop:push"}}
    note = {"line": "note", "id": "past_proxy", "state": "note", "why": "", "reasons": [gap]}
    text = text_of(render(name, free, *sample[1:3], [*sample[3], note], lang=lang))
    joined = "".join(text.split())
    assert "lost.example:443TCPIPv6com.example.shop:push" in joined
    assert uncontained not in text_of(one) and "".join(uncontained.split()) in joined
    assert (free.key in joined) == (name in ("docx", "extraction", "html", "json", "pdf", "xlsx"))


def test_extreme_numbers_and_changed_findings() -> None:
    """A time outside every calendar is shown as none. Rows that the analysis never wrote are refused as damage, or
    shown as empty; never a traceback."""
    event = Transmission(seq=1, t=0, err=0, src="proxy", app="a", flow="f", host="::1", port=1)
    for name, t_us in product(FORMATS, (-5, 1 << 52)):
        assert render(name, Session(start=t_us, end=t_us), [event], [{**finding(), "first_seen": t_us}], [])
    changes = ({"first_seen": "x"}, {"events": ["x"]}, {"events": 5}, {"clauses": 5}, {"detail": 5}, {"count": []})
    for bad, name in product((7, *({**finding(), **change} for change in changes)), set(FORMATS) - {*PACKED}):
        try:
            render(name, Session(), [], [bad], [])
        except EvidenceDamaged as error:
            assert "monitor analyse" in str(error)


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
    line = coverage_line("rule", "COL-05", "not_exercised", reason(Code.NOTHING_WITHDRAWN), reason(Code.EVENTS_LOST))
    note = coverage_line("note", "late_events", "note", reason(Code.LATE_EVENTS), events=[3])
    rows = [json.loads(msgspec.json.encode(item)) for item in (made, line, note)]
    for name in FORMATS:
        one = render(name, s, events, [made], [line, note], "zh")
        assert one == render(name, s, events, rows[:1], rows[1:], "zh") or name in PACKED
    page = render("html", s, events, [made], [line, note], "zh").decode()
    words = "检出：同意前 先征得同意。 测试中未撤回同意；有事件丢失 已声明的合法性基础 调用代码归属未知 有事件晚于"
    assert not [part for part in words.split() if part not in page]


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


@both
def test_html_is_inert(hostile: Sample, sample: Sample, lang: str) -> None:
    """Hostile names add no element, handler or address; the policy allows exactly the two embedded texts."""
    text = render("html", *hostile, lang).decode()
    page, plain = Page(text), Page(render("html", *sample, lang).decode())
    tags = [tag for tag, _ in page.elements]
    assert tags.count("script") == 3 and tags.count("img") == 1  # two of data, and room for a screen
    assert sorted(set(tags)) == sorted({tag for tag, _ in plain.elements})
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
        for name in ("src", "href", "action"):
            assert (attributes.get(name) or "#").startswith(("#", "data:image/", "data:,")), attributes
    assert "\u202e" not in text and "\x00" not in text and "\x1b" not in text
    assert "@import" not in text and "fetch(" not in text and set(re.findall(r"url\(.*?\)", text)) == {"url(#plot)"}
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    for kind, own in (("script", page.raw["script"][2]), ("style", page.raw["style"][0])):
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    data, facts = (json.loads(raw) for raw in page.raw["script"][:2])
    assert any("alert(1)" in point[6] for point in data["points"])
    assert any("alert(1)" in value for one in facts["events"].values() for _, value in one["fields"])


def test_a_request_as_a_command_runs_nothing_else() -> None:
    """Whatever a host or a path is named, it is one word of the command."""
    sent = next(event for event in recording(word=HOSTILE) if isinstance(event, Transmission))
    sent = msgspec.structs.replace(sent, path="/a';reboot;'$(id)`id`", content_type="x\n/y", host="h;reboot")
    words = shlex.split(curl(sent))
    assert words[:3] == ["curl", "-X", "POST"] and words[3] == "https://h;reboot:443/a';reboot;'$(id)`id`"
    assert words[4] == "-H" and words[-2:] == ["--data", "REDACTED"] and len(words) == 8


@both
def test_html_says_what_matters(sample: Sample, lang: str) -> None:
    """App, stand-in, numbers, chain, clauses with rank, what was not seen and why, losses, 15 items, limits."""
    text = render("html", *sample, lang, root="ab" * 32).decode()
    for part in (
        "com.example.shop", t("report.standin", lang, runtime="JVM"), "TelephonyManager.getImei", "com.ads.OK.collect",
        "log.ads.example", load_clauses()["PIPL 13"].name(lang), t("report.timeline.origin", lang),
        t("rank.1", lang), t("confidence.seen", lang), t("status.evidenced", lang),
        t("grade.collection", lang), "no withdrawal", t("reason.documentary", lang), t("tls.pinning", lang),
        t("health.lost", lang), t("item.15", lang), t("limit.1", lang), t("limit.standin", lang), "ab" * 32,
    ):  # fmt: skip
        assert str(escape(part)) in text, part
    assert ("检出：" if lang == "zh" else "Evidence of: ") in text
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in text


def test_html_shows_a_rule_once_and_each_of_its_findings() -> None:
    """One heading and one list of clauses a rule, one article a finding, numbered through."""
    found = [{**finding(), "rule": rule, "status": s} for rule in ("COL-01", "COL-03") for s in ("evidenced", "review")]
    view = make_view(session(), recording(), found, coverage())
    numbers = [(rule, [f.number for f in rows]) for rule, rows in groups(view).items()]
    assert numbers == [("COL-01", [1, 2]), ("COL-03", [3, 4])]
    text = render("html", session(), recording(), found, coverage()).decode()
    assert re.findall(r'<section class="group" id="(.*?)"', text) == ["COL-01", "COL-03"]
    assert re.findall(r'<article class="finding \w+" id="f(\d)"', text) == ["1", "2", "3", "4"]
    assert text.count(load_clauses()["PIPL 13"].name("en")) == 3  # once a rule, once on page one


def test_html_offers_the_gravest_first() -> None:
    """In a filter, levels stand by gravity, not by their words."""
    found = [{**finding(), "level": level} for level in ("low", "high", "critical", "medium")]
    levels = render("html", session(), recording(), found, coverage()).decode().split('<select name="level">')[1]
    options = re.findall(r'value="(\w+)"', levels.split("</select>")[0])
    assert options == ["critical", "high", "medium", "low"]


def test_html_screenshots_only_when_asked(sample: Sample) -> None:
    """A screen's picture is in the page only with ``blobs``, and only if it is a picture."""
    png = b"\x89PNG\r\n\x1a\nxyz"
    assert b"data:image" not in render("html", *sample).replace(b"img-src data:", b"")
    assert base64.b64encode(png) in render("html", *sample, blobs=lambda name: png if name == "c" * 64 else None)
    assert b"base64" not in render("html", *sample, blobs=lambda _: b"<svg onload=alert(1)>")


def test_the_timeline(sample: Sample) -> None:
    """Of too many events a part is drawn and stated to be; those of findings always are. A band of consent has its
    event's error as the half width of its edge. Time counts from the app's start."""
    call: dict[str, Any] = {"err": 5, "src": "hooks:7", "app": "a", "hook": "h", "role": "read", "data_type": "imei",
                            "cls": "c", "method": "m", "sig": "()", "outcome": "value"}  # fmt: skip
    many = [ApiCall(seq=n, t=T0 + n, sdk=f"s{n % 60}", **call) for n in range(1, 20_001)]
    data = timeline(make_view(Session(), many, [{**finding(), "events": [19_999]}], []))
    assert len(data["points"]) <= MAX_POINTS and len(data["lanes"]) <= 32
    assert [point[5] for point in data["points"] if point[3] == 19_999] == ["evidenced"]
    assert "20000" in data["cut"]
    born = Lifecycle(seq=20, t=T0 + 700_000, err=0, src="device", app="com.example.shop", what="process_start")
    drawing = timeline(make_view(sample[0], [*sample[1], born], [], []))
    (granted,) = [band for band in drawing["bands"] if band["state"] == "granted"]
    assert granted["err"] == 1200 and granted["seq"] == 5
    assert drawing["t0"] + drawing["origin"] == born.t


def test_matrix_claims_no_silence_without_witness() -> None:
    """An item says what the analysis recorded of it; one of which nothing is recorded was not observed."""
    states = enumerate(("silent", "not_exercised", "fired"), 1)
    lines = [{"line": "item", "id": f"SZ-{number:02d}", "state": state, "why": ""} for number, state in states]
    verdicts = [item.verdict for item in matrix(make_view(session(), [], [], lines))]
    assert verdicts == ["silent", "not_exercised", "not_exercised", *["not_observable"] * 12]


def test_formulas_are_text(hostile: Sample) -> None:
    """What a spreadsheet would execute has an apostrophe before it in CSV; in a workbook it is text, as links are."""
    s, events, _, rows = hostile
    names = (FORMULA, "+1", "-1", "@SUM(A1)", "\t=1", " =1")
    bad = [{**finding(), "recipient": text, "sdk": "https://evil.example/"} for text in names]
    lines = list(csv.reader(io.StringIO(render("csv", s, events, bad, rows).decode("utf-8-sig"))))
    assert [row[8][0] for row in lines[1:]] == ["'"] * 6
    assert all(len(row) == len(lines[0]) for row in lines)
    for form in ("xlsx", "two_lists"):
        book = openpyxl.load_workbook(io.BytesIO(render(form, s, events, bad, rows)))
        cells = [cell for page in book for row in page.iter_rows() for cell in row]
        assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
        texts = [str(cell.value) for cell in cells]
        assert not any("\u202e" in text for text in texts) and (form == "two_lists" or FORMULA in texts)


@both
def test_xlsx_is_a_workbook_to_work_with(sample: Sample, lang: str) -> None:
    """Numbers are numbers and times are times; each sheet has a filter, a fixed heading, a name and something in it."""
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


@both
@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_inspection_report_carries_what_a_finding_needs(form: str, lang: str, sample: Sample) -> None:
    """Law and article in full, frequency, time against consent, call, request, number, what was not tested. A digest,
    which has no place to break of its own, is whole."""
    view = make_view(*sample, lang)
    when = against(view, view.findings[0])
    text = "".join(text_of(render(form, *sample, lang, root="ab" * 32)).split())
    for part in (
        load_clauses()["PIPL 13"].name(lang), t("report.occurrences", lang, n=2), when,
        "TelephonyManager.getImei", "log.ads.example", t("data_type.imei", lang), "no withdrawal",
        t("inspection.basis", lang), t("record.list", lang), "ab" * 32,
    ):  # fmt: skip
        assert part and "".join(part.split()) in text, part


def test_the_inspection_report_is_a4_with_fonts_inside(hostile: Sample) -> None:
    page = pypdf.PdfReader(io.BytesIO(render("pdf", *hostile, "zh"))).pages[0]
    assert [round(float(side)) for side in (page.mediabox.width, page.mediabox.height)] == [595, 842]
    assert all("/DescendantFonts" in font.get_object() for font in page["/Resources"]["/Font"].values())
    section = docx.Document(io.BytesIO(render("docx", *hostile, "zh"))).sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    for form in ("docx", "extraction", "pdf"):
        assert "\u202e" not in text_of(render(form, *hostile, "zh")), form


def test_sarif(sample: Sample) -> None:
    """Inconclusive and review are never failures. What code scanning sorts and matches by is there; the place is the
    class of the stack, and for what the manifest asks for that."""
    s, events, found, rows = sample
    first = {**found[0], "fingerprint": "ab12"}
    asked = {**first, "rule": "PRM-06", "data_type": "", "permission": "android.permission.CAMERA", "events": []}
    found = [first, {**first, "status": "inconclusive"}, {**first, "status": "review"}, asked]
    run = json.loads(render("sarif", s, events, found, rows))["runs"][0]
    by_rule = [one for one in run["results"] if one["ruleId"] == "COL-01"]
    assert [(r["kind"], r["level"]) for r in by_rule] == [("fail", "error"), ("review", "none"), ("open", "none")]
    words = [result["message"]["text"].partition(": ")[0] for result in by_rule]
    assert words == ["Evidence of", "For review", "Inconclusive"]
    one, other = by_rule[0], run["results"][-1 if run["results"][-1]["ruleId"] == "PRM-06" else 1]
    rule = run["tool"]["driver"]["rules"][one["ruleIndex"]]
    assert rule["id"] == "COL-01" and rule["properties"]["security-severity"] == "9.5"
    assert rule["helpUri"].endswith(":COL-01") and run["tool"]["driver"]["informationUri"]
    assert one["partialFingerprints"]["primaryLocationLineHash"] == "ab12:1" and len(one["stacks"][0]["frames"]) == 2
    assert one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "com.ads.OK.collect"
    place = one["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("com/ads/OK.java", 3)
    assert other["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "AndroidManifest.xml"
    assert {t["id"] for t in run["taxonomies"][0]["taxa"]} == {t["id"] for t in one["taxa"]}
    assert run["artifacts"][0]["hashes"]["sha-256"] == "ab" * 32


@both
def test_sarif_is_what_the_standard_says(sample: Sample, hostile: Sample, lang: str) -> None:
    """Read back through a model of SARIF 2.1.0. Rules have help and results a region: code hosts ask for both."""
    for recorded in (sample, hostile, (Session(), [], [], [])):
        (run,) = Sarif.model_validate_json(render("sarif", *recorded, lang)).runs
        assert all(rule.help.text for rule in run.tool.driver.rules or [])
        assert re.fullmatch(r"[A-Za-z0-9._-]+", run.artifacts[0].location.uri)
        for result in run.results:
            (place,) = result.locations
            assert place.physical_location.region.start_line >= 1 and place.physical_location.artifact_location.uri
            assert not re.search(r"[^\w./%-]", place.physical_location.artifact_location.uri)


def suite_of(sample: Sample, *findings: dict[str, Any]) -> ET.Element:
    s, events, found, rows = sample
    suite = ET.fromstring(render("junit", s, events, findings or found, rows)).find("testsuite")
    assert suite is not None
    return suite


def test_junit(sample: Sample, hostile: Sample) -> None:
    """Evidence fails, silence with a witness passes, everything else is skipped with its reason. A rule with nothing
    but findings for review is a property of the suite; beside evidence it is that as well."""
    (found,) = sample[2]
    states = {case.get("classname"): [child.tag for child in case] for case in suite_of(sample)}
    assert states["privacy.COL-01"] == ["failure"] and states["privacy.POL-01"] == []
    assert states["privacy.AI-02"] == states["privacy.COL-05"] == ["skipped"]
    review = {**found, "status": "review", "fingerprint": "9" * 16}
    for findings, counts, properties in (
        ([found], ("4", "1", "2"), []),
        ([{**found, "status": "inconclusive"}], ("4", "0", "3"), []),
        ([review], ("3", "0", "2"), ["review.COL-01"]),
        ([found, review], ("4", "1", "2"), ["review.COL-01"]),
    ):
        suite = suite_of(sample, *findings)
        assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == counts
        assert [one.get("name") for one in suite.iter("property")] == properties
        assert all("device IMEI" in (one.get("value") or "") for one in suite.iter("property"))
    suite_of(hostile)


def test_junit_gives_each_notice_its_name(sample: Sample) -> None:
    session = sample[0].model_copy(update={"key": "5e" * 32})
    session.device = session.device.model_copy(update={"containment": "none, shared network"})
    names = Names(notices={"own_rules": "X-01, X-02", "replaced_rules": "X-02", "given": "a list"})
    junit = render("junit", session, [], [], [], names=names, results=Results("recorder", session.key))
    said = {one.get("name"): one.get("value") or "" for one in ET.fromstring(junit).iter("property")}
    assert list(said) == ["results", "own_rules", "replaced_rules", "given", "uncontained"]
    assert session.key in said["results"] and "X-01" in said["own_rules"] and "X-02" in said["replaced_rules"]
    assert "NOT contained" in said["uncontained"] and "not built in" not in said["results"]


@pytest.mark.parametrize("ended", ["done", "failed", "interrupted", "recovered"])
def test_a_session_that_did_not_run_to_its_end(sample: Sample, ended: str) -> None:
    """An error in JUnit; in the other formats said first, and no number is shown as zero."""
    sample[0].ended, sample[0].cause = ended, "the app crashed"
    suite = suite_of(sample)
    errors = [(case.get("name"), found.get("message") or "") for case in suite for found in case.findall("error")]
    assert suite.get("tests") == str(len(suite.findall("testcase"))) and suite.get("errors") == str(len(errors))
    page, text = (render(form, *sample[:2], [], sample[3]).decode() for form in ("html", "markdown"))
    lead = page[page.index("<h1>") : page.index('class="conclusion"')]
    if ended == "done":
        assert errors == [] and "the app crashed" not in lead + text
        return
    ((name, message),) = errors
    assert name == "session" and "the app crashed" in message and "means nothing" in message
    assert "the app crashed" in lead and "<b>0</b>" not in page and "the app crashed" in text.split("\n\n")[1]
    sample[0].cause = ""
    assert "The cause was not recorded." in render("html", *sample).decode()


def test_har_redacts_bodies_and_keeps_their_fields(sample: Sample) -> None:
    """Each field stands there with what was found in it, or as redacted; no value, and no name that may be one."""
    body = {"id": "5d41402a", "name": "Alice Smith", "860123456701234": {"to": 1}, "Zhang San": [True, "13912345678"]}
    body |= {"a1b2c3d4e5f6a7b8": "1", "aa:bb:cc:dd:ee:ff": "2", "138-001-38000": "3", "x-sdk-v12": "4", "soap:at": "5"}
    body |= {"seen": {"dead-beef": "6"}, "met": {"lihua": "7"}}
    text = json.dumps(body).encode()
    s, events, found, rows = sample
    (sent,) = [event for event in events if isinstance(event, Transmission)]
    redacted = ("name", "….to", "…", "x-sdk-v12", "soap:at", "seen.…", "met.…")
    for packed, where in ((text, "body"), (gzip.compress(text), "body.gzip")):
        match = msgspec.structs.replace(sent.matches[0], path=f"{where}.json.id")
        sent = msgspec.structs.replace(sent, sha256="d" * 64, matches=[match])
        data = render("har", s, [sent], found, rows, hide=lambda path: path.replace("lihua", "…"),
                      blobs=lambda name, body=packed: body if name == "d" * 64 else None)  # fmt: skip
        (entry,) = json.loads(data)["log"]["entries"]
        assert {one["name"]: one["value"] for one in entry["request"]["postData"]["params"]} == {
            f"{where}.json.id": "[imei md5]",
            **{f"{where}.json.{name}": "[redacted]" for name in redacted},
            **{f"{where}.json…[{n}]": "[redacted]" for n in range(2)},
        }
        for value in ("5d41402a", "Alice", "8601234", "Zhang", "139123", "a1b2", "aa:bb", "138-", "dead", "lihua"):
            assert value not in data.decode()


def test_har_and_json(sample: Sample, hostile: Sample) -> None:
    log = json.loads(render("har", *sample))["log"]
    (entry,) = log["entries"]
    post = entry["request"]["postData"]
    assert post["params"] == [{"name": "body.json.id", "value": "[imei md5]"}] and not post["text"]
    assert "private part" in log["comment"] and log["version"] == "1.2"
    assert entry["request"]["url"] == "https://log.ads.example:443/c/OK"
    assert entry["startedDateTime"] == "2026-09-21T14:13:20.900+00:00"
    assert entry["_matches"][0]["data_type"] == "imei"
    assert set(entry) >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
    document = json.loads(render("json", *sample))
    assert document["summary"] == {"evidenced": 1, "inconclusive": 0, "review": 0}
    assert len(document["guideline"]) == 15 and document["recipients"][0]["types"] == ["imei"]
    assert json.loads(render("json", *hostile))["session"]["app"]["package"].endswith(HOSTILE)


def test_a_problem_is_one_behaviour_of_one_party() -> None:
    """Rules about the same read form one problem, with data, clauses and recipients listed once."""
    found = [
        {**finding(), "rule": "COL-01", "level": "critical"},
        {**finding(), "rule": "COL-09", "level": "high", "data_type": "oaid"},
        {**finding(), "rule": "PRM-01", "level": "high", "sdk": "", "data_type": "", "recipient": ""},
        {**finding(), "rule": "COL-02", "status": "review", "data_type": "mac"},
    ]
    first, second = problems(make_view(session(), recording(), found, coverage()))
    assert (first.title, first.level, first.status) == (t("problem.collection", "en"), "critical", "evidenced")
    assert first.named == "device IMEI, vendor advertising ID (OAID, VAID, AAID)"
    assert [clause.ref for clause in first.clauses] == ["PIPL 13", "191-三-1"]
    assert second.title == t("problem.permissions", "en")
    assert sorted(f.number for row in (first, second) for f in row.borne + row.weaker) == [1, 2, 3, 4]


@both
def test_what_was_only_tried_is_not_said_to_be_collected(lang: str) -> None:
    """A type of data of which no finding has a value is named apart, on every first page."""
    found = [
        {**finding(), "data_type": "android_id"},
        {**finding(), "data_type": "imei", "grade": "attempted"},
        {**finding(), "data_type": "mac", "grade": "attempted"},
        {**finding(), "rule": "COL-09", "data_type": "mac", "grade": "access"},
    ]
    android_id, imei, mac = (label("data_type", one, lang) for one in ("android_id", "imei", "mac"))
    tried = pair(t("problem.tried", lang), imei, lang)
    row = problems(make_view(session(), recording(), found, coverage(), lang))[0]
    assert row.named == parts([listed([android_id, mac], lang), tried], lang)
    for form in ("html", "markdown", "docx"):
        text = text_of(render(form, session(), recording(), found, coverage(), lang))
        assert tried in (html.unescape(text) if form == "html" else text), form
    none = [{**one, "grade": "attempted"} for one in found[:2]]
    row = problems(make_view(session(), recording(), none, coverage(), lang))[0]
    assert row.named.startswith(t("problem.tried", lang))


def test_no_report_shows_a_bare_clause_code(sample: Sample) -> None:
    for form in ("html", "csv", "junit", "sarif", "docx", "xlsx"):
        text = re.sub(r'"(id|ref|guid)": ?"[^"]*"', "", text_of(render(form, *sample)))
        assert load_clauses()["PIPL 13"].law.en in text, form
        assert "PIPL 13" not in text and "191-三-1" not in text, form


@both
def test_what_to_change_has_its_heading_in_every_format(sample: Sample, lang: str) -> None:
    """As the finding says, in whole; under a general heading where the rule speaks."""
    whole, events, (found, *_), rows = sample
    said = {"en": "Move A.start (A.java:7) " + "x" * 400, "zh": "移动 A.start（A.java:7）" + "x" * 400}
    item = {**found, "advice": said["en"], "advice_zh": said["zh"], "status": "evidenced"}
    for form in ("html", "csv", "junit", "sarif", "docx", "xlsx", "markdown"):
        text = text_of(render(form, whole, events, [item], rows, lang)).replace("\\", "")
        assert t("explain.advice", lang) in text and said[lang] in text, form
    assert json.loads(render("json", whole, events, [item], rows, lang))["findings"][0]["advice"] == said[lang]


@both
def test_markdown(sample: Sample, hostile: Sample, lang: str) -> None:
    """Inert; with the whole conclusion, where the rest is, and a mark where a cell is cut."""
    text = render("markdown", *hostile, lang).decode()
    own = re.sub(r"^<details><summary>[^<>]*</summary>$|^</details>$", "", text, flags=re.M)
    assert own != text and "\u202e" not in own and "\x1b" not in own and not re.search(r"(?<!\\)[<>\[\]`]", own)
    assert {line.replace("\\|", "").count("|") for line in text.splitlines() if line.startswith("|")} == {5}
    plain = render("markdown", *sample, lang).decode()
    for part in (load_clauses()["PIPL 13"].name(lang), t("status.evidenced", lang), t("level.critical", lang)):
        assert part in plain, part
    whole, events, (found,), rows = sample
    many = [{**found, "fingerprint": f"{n:016}", "sdk": f"s{n}"} for n in range(53)]
    rest = "`monitor findings BUNDLE`"
    text = render("markdown", whole, events, many, rows, lang).decode()
    assert f"{t('report.more_findings', lang, n=3)} {rest}" in text
    assert rest not in render("markdown", whole, events, many[:50], rows, lang).decode()
    weak = {**found, "rule": "SHR-01", "status": "review", "sdk": "other", "fingerprint": "f" * 16}
    long = {**found, "title": "x" * 400, "title_zh": "x" * 400, "fingerprint": "e" * 16}
    text = render("markdown", whole, events, [found, weak, long], rows, lang).decode()
    assert t("conclusion.further", lang, n=1) in text and "x…" in text and "x" * 300 not in text


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
    text = text_of(render("extraction", whole, [*events, *measured], *rest))
    assert "hooks -0.006 … +0.016 ms ±0.499 … 1.494 ms" in text and "device log -0.003 ms ±0.352 ms" in text


def test_numbers_add_up(sample: Sample) -> None:
    """What the conclusion counts, page one lists: problems for review are counted apart; times name their findings."""
    whole, events, found, rows = sample
    other = {**found[0], "rule": "PRM-01", "status": "review", "fingerprint": "f" * 16}
    twice = {**found[0], "rule": "COL-02", "count": 6}
    view = make_view(whole, events, [*found, twice, other], rows)
    rows_of_page_one = problems(view)
    text = conclusion(view, rows_of_page_one)
    assert len(rows_of_page_one) == 2 and text.endswith(t("conclusion.further", "en", n=1))
    assert conclusion(view, rows_of_page_one[:1]).count("further") == 0
    counts, rules = view.verdicts(), len(view.covered("rule"))
    assert text.startswith(t("conclusion.items", "en", rules=rules, **counts))
    assert sum(counts.values()) == rules > 0
    page = render("html", whole, events, [*found, twice, other], rows).decode()
    assert "1 request and 1 call, in 2 findings" in page  # both findings rest on the same two
    lesser = {**found[0], "status": "inconclusive", "fingerprint": "e" * 16}
    page = render("html", whole, events, [*found, twice, lesser], rows).decode()
    assert f'{t("report.see.weaker", "en")}: <a href="#f' in page and "in 2 findings" in page
    for named, often in (
        ([3, 5], "1 call, in 1 finding"), ([3, 6, *range(100, 138)], "at least 1 request and 1 call"),
        ([4, 5], "1 finding"),
    ):  # fmt: skip
        assert problems(make_view(whole, events, [{**found[0], "events": named}], rows))[0].often.startswith(often)


@pytest.mark.parametrize(
    ("review", "more", "numbers"),
    [
        (2, "3 more problems, 2 of them for review only", "grouped into 10 problems by behaviour and party, 2 of them"),
        (0, "1 more problem", "grouped into 8 problems by behaviour and party, 0 of them"),
    ],
)
def test_what_page_one_does_not_list_is_counted_as_in_the_conclusion(
    sample: Sample, review: int, more: str, numbers: str
) -> None:
    whole, events, (first, *_), rows = sample
    states = ["evidenced"] * 8 + ["review"] * review
    found = [{**first, "sdk": f"x{n}", "status": one, "fingerprint": f"{n:016x}"} for n, one in enumerate(states)]
    page_one = front(make_view(whole, events, found, rows))
    assert page_one.more == more and "make 8 problems" in page_one.conclusion
    assert (f"{review} further problem" in page_one.conclusion) == bool(review)
    page = render("html", whole, events, found, rows).decode()
    assert f"<p>{more}</p>" in page and numbers in page
    assert f"\n\n{more}\n" in render("markdown", whole, events, found, rows).decode()


@both
@pytest.mark.parametrize(("witness", "weak"), [("lifecycle", True), ("permission_denied, lifecycle", False)])
def test_silence_names_its_witnesses(lang: str, witness: str, weak: bool) -> None:
    """No finding is printed with what was watched; where that is only what could be observed, this is said. The end of
    the report is marked."""
    reasons = [{"code": "watched", "params": {"names": witness}}]
    row = {"line": "rule", "id": "LIF-01", "state": "silent", "why": "", "reasons": reasons}
    blocks = inspection(make_view(session(), recording(), [], [row], lang))
    said = next(cells[4] for one in blocks if isinstance(one, Table) for cells in one.rows if "LIF-01" in cells[1:2][0])
    assert t("witness.lifecycle", lang) in said and (t("watched.weak", lang) in said) is weak
    assert blocks[-1] == Text(t("inspection.end", lang), strong=True)


def test_code_and_recipient_have_their_own_names(sample: Sample) -> None:
    """The same ID may be a library's and its vendor's: code by the library's name, the recipient by the vendor's."""
    whole, events, found, rows = sample
    names = load_sdks()["example_beacon"].name, load_organisations()["example_beacon"].name
    assert names[0] != names[1]
    item = {**found[0], "sdk": "example_beacon", "recipient": "example_beacon"}
    text = render("markdown", whole, events, [item], rows).decode()
    assert " → ".join(names) in text.replace("\\", "")
    name_of = naming("en", load_sdks(), load_organisations())
    assert (name_of("example_beacon"), name_of("example_beacon", org=True)) == names


def words_of(event: Event, lang: str) -> tuple[str, str]:
    """An event in a sentence, and as a mark of the timeline."""
    return Phrases(lang, lambda key, *, org=False: key).sentence(event), happened(
        make_view(session(), [], [], [], lang), event
    )


@both
def test_events_in_words(lang: str) -> None:
    """A stated consent says which scope, which state, and who says so; a switch its name. A start of another app names
    it, and "no value returned" is said of readings only."""
    base: dict[str, Any] = {"seq": 9, "t": T0, "err": 0, "src": "runner", "app": "a.b"}
    said, mark = words_of(Consent(**base, scope="policy", state="denied", via="scenario"), lang)
    keys = ("story.consent.scenario", "scope.policy", "consent_state.denied")
    assert all(t(key, lang) in said for key in keys) and t(keys[1], lang) in mark
    switch = {"en": "personalised ads off", "zh": "开关变更：personalised ads 关闭"}[lang]
    assert switch in words_of(Toggle(**base, name="personalised ads", value=False, via="app"), lang)[1]
    start = ApiCall(
        **base, hook="context.start_service", role="context", data_type="lifecycle", cls="android.app.ContextImpl",
        method="startService", sig="()", outcome="null", sdk="app", args={"component": "com.other.app/.Push"},
    )  # fmt: skip
    for text in words_of(start, lang):
        assert "com.other.app/.Push" in text and label("outcome", "null", lang) not in text
    for text in words_of(msgspec.structs.replace(start, outcome="denied"), lang):
        assert label("outcome", "denied", lang) in text
    found = {**finding(), "rule": "LIF-02", "data_type": "", "sdk": "", "recipient": "", "events": [9],
             "pattern": "before_consent",
             "detail": {"component": "com.other.app/.Push; com.other.app/.Wake; a.b/.C"}}  # fmt: skip
    row = make_view(session(), [start], [found], [], lang).findings[0]
    assert heading(row, lang).startswith("1. " + listed(["com.other.app", "a.b"], lang) + " · ")
    for form in ("html", "markdown", "json", "docx"):
        assert "com.other.app" in text_of(render(form, session(), [start], [found], [], lang)), form


@both
def test_one_section_says_what_could_not_be_observed(lang: str) -> None:
    """Rules, hooks by reason with their number, and the standing blind spots; nothing else is needed to find them."""
    codes = ["no_hooks", *["hook_unreported"] * 3]
    hooks = [
        {"line": "hook", "id": f"h.{n}", "state": "not_observable", "why": "", "reasons": [{"code": code}]}
        for n, code in enumerate(codes)
    ]
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
    item = {**found[0], "first_seen": T0 + 721_999}
    shown = make_view(whole, events, [item], rows).clock(T0 + 721_999)
    assert shown.endswith(".721")
    assert shown in render("csv", whole, events, [item], rows).decode()
    sheet = openpyxl.load_workbook(io.BytesIO(render("xlsx", whole, events, [item], rows))).worksheets[1]
    (cell,) = [cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, datetime)]
    assert cell.value.microsecond == 721_000 and cell.number_format.endswith("ss.000")


@both
def test_an_app_without_a_name_is_not_named_after_its_package(lang: str) -> None:
    for name, shown in (("", t("record.blank", lang)), ("Shop", "Shop")):
        whole = session().model_copy(update={"app": session().app.model_copy(update={"label": name})})
        for form in ("docx", "extraction"):
            text = text_of(render(form, whole, [], [], [], lang)).split("\n")
            assert text[text.index(t("report.app", lang)) + 1] == shown, form


def test_the_terminal_lists_findings_as_the_reports_number_them() -> None:
    """Strongest first, then by time: the rule's name decides only between findings of one moment."""
    cases = [("COL-01", 5, "high"), ("COL-02", 3, "high"), ("COL-03", 9, "critical"), ("COL-04", 3, "high")]
    found = [
        sample_finding(rule=rule, first_seen=at, level=level, fingerprint=f"{n:016}")
        for n, (rule, at, level) in enumerate(cases)
    ]
    rows = make_view(session(), [], [msgspec.to_builtins(one) for one in found], []).findings
    assert (
        [row.rule for row in rows] == [one.rule for one in ordered(found)] == ["COL-03", "COL-02", "COL-04", "COL-01"]
    )


def test_a_reader_of_chinese_gets_no_english_reasons() -> None:
    """What a failed step and the agent said, in the language of the report."""
    base: dict[str, Any] = {"t": T0, "err": 0, "src": "runner", "app": "com.example.shop", "index": 1, "verb": "tapOn"}
    steps = [Step(seq=1, state="started", **base)]
    steps.append(Step(seq=2, state="skipped", detail="not on the screen within 1 s: 取消", **base))
    reasons = [{"code": "hook_not_installed", "params": {"detail": "the process has not loaded libaaudio.so"}}]
    hook = {"line": "hook", "id": "audio.open", "state": "not_observable", "why": "", "reasons": reasons}
    for form in ("html", "docx"):
        text = text_of(render(form, session(), steps, [], [hook], "zh"))
        assert "1 秒内屏幕上未出现：取消" in text and "not on the screen" not in text, form
        assert "has not loaded" not in text and (form == "docx" or "进程未加载 libaaudio.so" in text), form


@both
def test_words_in_the_details_of_a_finding_are_the_readers(sample: Sample, lang: str) -> None:
    whole, events, found, rows = sample
    item = {**found[0], "detail": {"state": "no_input", "form": "digest", "equivalent_of": "imei"}}
    page = html.unescape(render("html", whole, events, [item], rows, lang).decode())
    words = {"state": "detail_state.no_input", "form": "form.digest", "equivalent_of": "data_type.imei"}
    for key, word in words.items():
        assert pair(t(f"detail.{key}", lang), t(word, lang), lang) in page
