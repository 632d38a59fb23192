"""The inspection report as a laboratory issues it, read back from the Word and the PDF file."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import docx
import pypdf
import pytest

from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.rules.load import load_rules
from monitor.events import Health
from monitor.knowledge.law import load_clauses
from monitor.reports._words import deviations
from monitor.session.manifest import Record
from monitor.text import t
from tests.documents import pdf_pages

from .conftest import finding, make_view, recording, render, session, text_of

RECORD = Record(report_no="JC-2026-7", client="甲公司", laboratory="乙检测中心", operators=["张三"], approver="李四")
LANGS = ("en", "zh")


def lines() -> list[dict[str, Any]]:
    """A coverage line of every rule, in every state."""
    states = ("silent", "not_exercised", "not_observable", "inconclusive")
    rules = [rule.id for rule in load_rules() if rule.id != "COL-01"]
    rows = [{"line": "rule", "id": name, "state": states[n % 4], "why": f"why {n % 4}"} for n, name in enumerate(rules)]
    return [{"line": "rule", "id": "COL-01", "state": "fired", "why": "evidenced"}, *rows]


@cache
def made(form: str, lang: str, **more: Any) -> bytes:
    stated = session().model_copy(update={"record": RECORD, "packs": []})
    return render(form, stated, recording(), [finding()], lines(), lang, root="cd" * 32, **more)


@pytest.mark.parametrize("lang", LANGS)
def test_word_cover_rows_signatures_and_running_header(lang: str) -> None:
    document = docx.Document(io.BytesIO(made("docx", lang)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == t("inspection.cover", lang)
    cover = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert [cover[key] for key in cover][:4] == ["JC-2026-7", cover[list(cover)[1]], "甲公司", "乙检测中心"]
    places = [cell.text for cell in document.tables[1].rows[0].cells]
    assert places == [t(f"inspection.place.{name}", lang) for name in ("seal", "cma", "cnas")]
    assert t("inspection.statement", lang) in texts and f"7. {t('statement.7', lang)}" in texts
    section = document.sections[0]
    assert section.header.paragraphs[0].text.endswith("JC-2026-7")
    footer = section.footer.paragraphs[0]._p.xml
    assert footer.index('instr="PAGE"') < footer.index('instr="NUMPAGES"')
    table = next(x for x in document.tables if [c.text for c in x.rows[0].cells][1] == t("inspection.item", lang))
    assert len(table.rows) - 1 == len(load_rules())
    words = {t(f"verdict.{verdict}", lang) for verdict in Verdict}
    assert {row.cells[3].text for row in table.rows[1:]} == words
    assert all(row.cells[2].text for row in table.rows)
    signed = next(x for x in document.tables if x.rows[0].cells[1].text == t("record.person", lang))
    assert [row.cells[1].text for row in signed.rows[1:]] == ["张三", t("record.blank", lang), "李四"]
    assert not [row for x in document.tables for row in x.rows if "w:cantSplit" not in row._tr.xml]
    assert 'w:eastAsia="宋体"' in document.styles["Normal"].element.xml
    # The contents name the page of every part.
    marks = set(re.findall(r'w:name="(_Toc\d+)"', document.element.xml))
    assert marks and marks == set(re.findall(r"PAGEREF (_Toc\d+)", document.element.xml))


@pytest.mark.parametrize("lang", LANGS)
def test_pdf_cover_rows_signatures_and_page_numbers(lang: str) -> None:
    pages = pdf_pages(made("pdf", lang))
    text = "\n".join(pages)
    for line in t("inspection.cover", lang).split("\n"):
        assert "".join(line.split()) in "".join(pages[0].split())
    assert all(word in pages[0] for word in ("JC-2026-7", "甲公司", "乙检测中心"))
    for number, page in enumerate(pages, 1):
        assert "JC-2026-7" in page
        footer = t("inspection.page", lang, page=number, pages=len(pages))
        assert "".join(footer.split()) in "".join(page.split()), number
    assert all(rule.id in text for rule in load_rules())
    signing = next(page for page in pages if t("record.signature", lang) in page and "李四" in page)
    assert "张三" in signing


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_file_says_what_it_is(form: str) -> None:
    data = made(form, "zh")
    if form == "docx":
        core = docx.Document(io.BytesIO(data)).core_properties
        found = (core.title, core.author, core.keywords, core.created.year if core.created else 0)
    else:
        about = pypdf.PdfReader(io.BytesIO(data)).metadata
        assert about is not None and about.creation_date is not None
        found = (about.title, about.author, about["/Keywords"], about.creation_date.year)
    assert found[:2] == (t("inspection.title", "zh"), "乙检测中心")
    assert str(found[2]).startswith("JC-2026-7") and found[3] == 2026


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_annex_of_details_can_be_left_out(form: str) -> None:
    """The body then says that the details are issued separately, and how the evidence is verified stays."""
    whole, body = (text_of(data) for data in (made(form, "en"), made(form, "en", annex=False)))
    title = t("inspection.annex", "en", letter="A", what=t("annex.details", "en"))
    assert title in whole and title not in body
    assert "Annexes A to D (Findings in detail" in body and "Annexes A to D" not in whole
    assert "separate Annex A, No. 1" in body and t("annex.verify", "en") in body


@pytest.mark.parametrize(("lang", "annex"), [("en", True), ("zh", False)])
def test_a_row_names_the_first_clauses_of_its_findings_and_how_many_there_are(lang: str, annex: bool) -> None:
    """In the order in which the finding has them; where it has none, in that of the rule."""
    refs = ("PIPL 6", "PIPL 29", "CSL 44")
    found = {**finding(), "clauses": [{"pack": "cn", "ref": ref, "rank": 1, "confidence": "seen"} for ref in refs]}
    data = render("docx", session(), recording(), [found], lines(), lang, annex=annex)
    tables = docx.Document(io.BytesIO(data)).tables
    table = next(x for x in tables if [c.text for c in x.rows[0].cells][1] == t("inspection.item", lang))
    said = {row.cells[1].text.partition(" ")[0]: row.cells[2].text for row in table.rows[1:]}
    semicolon, known = t("punct.semicolon", lang), load_clauses()
    key = "inspection.clauses_more" + ("" if annex else ".apart")

    def row(*names: str, n: int) -> str:
        return t(key, lang, first=semicolon.join(known[name].name(lang) for name in names), n=n)

    assert said["COL-01"] == row("PIPL 6", "PIPL 29", n=3)
    rule = next(rule for rule in load_rules(session().packs or ("cn", "gdpr", "play", "coppa")) if rule.id == "SHR-04")
    assert said["SHR-04"] == row("PIPL 39", "PIPL 38", n=len({p.ref for _, p in rule.clauses}))


@pytest.mark.parametrize("lang", LANGS)
def test_annex_c_has_every_clause_with_how_it_was_checked_in_order(lang: str) -> None:
    """In words of the report's language, by number of the article; chapter 7 counts what is still to be compared."""
    document = docx.Document(io.BytesIO(made("docx", lang)))
    heading = t("annex.clauses.checked", lang)
    table = next(x for x in document.tables if x.rows[0].cells[-1].text == heading)
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    known = {p.name(lang): p for p in load_clauses().values()}
    comma = t("punct.comma", lang)
    for name, _, said in rows:
        force = "draft" if known[name].draft else known[name].rank
        assert said == comma.join((t(f"rank.{force}", lang), t(f"confidence.{known[name].checked}", lang)))
    law = next(p.law.get(lang) for p in known.values() if p.ref == "PIPL 7")
    names = [name for name, *_ in rows if known[name].law.get(lang) == law]
    numbers = [int(re.findall(r"\d+", known[name].article.en)[0]) for name in names]
    assert numbers == sorted(numbers) and len(numbers) > 15
    assert {p.name(lang) for rule in load_rules() for _, p in rule.clauses} == {name for name, *_ in rows}
    unchecked = sum(known[name].checked != "seen" for name, *_ in rows)
    said = t("inspection.limit.9", lang, cited=len(rows), unchecked=unchecked)
    assert any(said in paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("lang", LANGS)
def test_deviations_are_the_same_in_report_and_record(lang: str) -> None:
    """What limits the session is no secret of one of the two: the stand-in device, a bypass, a loss, a broken end."""
    early = session().model_copy(update={"ended": "failed", "cause": "the device is gone", "unpinning": "hooks"})
    lost = [event for event in recording() if isinstance(event, Health)]
    stated = deviations(make_view(early, lost, [], [], lang))
    assert len(stated) == 4 and any("hooks" in line or "Hook" in line for line in stated)
    for form in ("docx", "extraction"):
        found = text_of(render(form, early, lost, [], lines(), lang))
        assert all(line in found for line in stated), form


def test_what_else_a_reader_must_know() -> None:
    """What the app's code names and nothing called is in the conclusion; what was stated after the session is said to
    be."""
    note = {"line": "note", "id": "referenced_not_called", "state": "note", "why": "Ads names getImei, never called"}
    later = ("client", "report_no")
    text = text_of(render("docx", session(), recording(), [finding()], [*lines(), note], "en", later=later))
    assert "Ads names getImei, never called" in text
    assert t("inspection.later", "en", names="client, report number") in text
