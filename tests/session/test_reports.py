"""What the human-readable reports state about every finding of the sample shop, read back from the files."""

import io
import json
import re
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from monitor.analysis.coverage.verdict import of_line
from monitor.assess import stored
from monitor.assess.opened import Opened
from monitor.assess.render import names_of, render_bundle
from monitor.events import ApiCall, Event, Transmission, encode
from monitor.reports import formats
from monitor.reports._results import groups, matrix
from monitor.reports._rows import FindingRow, subject
from monitor.reports._story import against, story
from monitor.reports._text import clean
from monitor.reports._view import View
from monitor.reports._words import frequency, happened
from monitor.text import t
from tests.assess.test_schemas import faults
from tests.codes import bare_codes
from tests.documents import issued, laid_out, pdf_pages
from tests.reports.conftest import make_view
from tests.session.conftest import Recorded

pytestmark = pytest.mark.device
LANGUAGES: Final = ("en", "zh")


def packed(text: str) -> str:
    """Without the white space that a format puts where it breaks lines."""
    return "".join(clean(text).split())


@cache
def rendered(bundle: Path, form: str, lang: str) -> bytes:
    return render_bundle(form, bundle, lang)


def view_of(shop: Recorded, lang: str) -> View:
    assessment = shop.outcome.assessment
    with Opened.of_results(shop.outcome.bundle) as opened:
        found, lines = assessment.findings, assessment.coverage
        return make_view(opened.session, opened.events(), found, lines, lang, names=names_of(opened, lang))


def needed(view: View, finding: FindingRow) -> dict[str, list[str]]:
    """What a report must carry of a finding, by what it is for; each list holds at least one text."""
    law = [clause for clause in finding.clauses[:2]]
    parts = {
        "clause": [clause.name for clause in law],
        "its text": [clause.text or clause.summary for clause in law],
        "frequency": [frequency(view, finding, named=False)],
        "time against consent": [against(view, finding)],
        "number": [f"{finding.number}. {subject(finding, view.lang) or finding.title}"],
    }
    first = view.chain(finding).first
    if isinstance(first, ApiCall):
        parts["call"] = [f"{first.cls.rpartition('.')[2]}.{first.method}"]
    elif isinstance(first, Transmission):
        parts["request"] = [first.method, f"{first.host}{first.path}"]
    else:
        parts["event"] = [happened(view, first)]
    return parts


class _Texts(HTMLParser):
    """The text of each article with that of the section around it, by the article's id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.around: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("section", "article"):
            name = dict(attrs).get("id") or ""
            if tag == "article":
                self.around[name] = self.open[-1]
            self.open.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("section", "article"):
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)


def html_parts(data: bytes, view: View) -> dict[int, str]:
    page = _Texts(data.decode())
    return {
        int(name.removeprefix("f")): packed(" ".join(page.texts[section] + page.texts[name]))
        for name, section in page.around.items()
    }


@cache
def docx_text(data: bytes) -> str:
    import docx
    from docx.table import Table

    lines = []
    for block in docx.Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(block, Table):
            lines += [cell.text for row in block.rows for cell in row.cells]
        else:
            lines.append(block.text)
    return "\n".join(lines)


@cache
def pdf_text(data: bytes) -> str:
    import pypdf

    pages = [page.extract_text().splitlines() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    # The running header and the page number would stand in the middle of a text that two pages share.
    return "\n".join(line for lines in pages for line in lines[1:-1])


def document_parts(text: str, view: View) -> dict[int, str]:
    """The part of each finding in the annex of a document, with what stands at the head of its rule, and with the annex
    of clauses."""
    whole = packed(text)
    details, clauses = (packed(t(f"annex.{name}", view.lang)) for name in ("details", "clauses"))
    clauses = whole[whole.rindex(clauses) :]
    whole = whole[whole.rindex(details) : whole.rindex(clauses)]
    found: dict[int, str] = {}
    for group in groups(view).values():
        start = whole.index(packed(view.headline(group[0])))
        heads = [packed(f"{f.number}. {subject(f, view.lang) or f.title}") for f in group]
        places = [start]
        for head in heads:
            places.append(whole.index(head, places[-1]))
        rule = whole[start : places[1]]
        for f, at, after in zip(group, places[1:], [*places[2:], len(whole)], strict=True):
            found[f.number] = rule + whole[at:after] + clauses
        whole = whole[places[-1] :]
    return found


@pytest.mark.parametrize(
    ("form", "lang"), [("html", "en"), ("html", "zh"), ("docx", "en"), ("docx", "zh"), ("pdf", "zh")]
)
def test_every_finding_carries_what_an_inspector_signs(shop: Recorded, form: str, lang: str) -> None:
    """Clause in full, frequency, time against consent, call or request, and the number that all formats share."""
    view = view_of(shop, lang)
    data = rendered(shop.outcome.bundle, form, lang)
    if form == "html":
        parts = html_parts(data, view)
    else:
        parts = document_parts(docx_text(data) if form == "docx" else pdf_text(data), view)
    assert len(view.findings) > 50 and sorted(parts) == [finding.number for finding in view.findings]
    for finding in view.findings:
        for what, texts in needed(view, finding).items():
            assert texts, (finding.number, finding.rule, what)
            for text in texts:
                assert text and packed(text) in parts[finding.number], (finding.number, finding.rule, what, text)


def _words_of(form: str, data: bytes) -> str:
    """Everything in a file that a person reads: of a file for programs, without the fields that hold identifiers."""
    if form in ("docx", "extraction", "two_lists", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if name.endswith(".xml")]
            return re.sub(r"<[^>]+>", " ", "\n".join(archive.read(name).decode() for name in names))
    if form == "pdf":
        return "\n".join(pdf_pages(data))
    text = data.decode("utf-8-sig")
    if form in ("json", "sarif", "har"):
        identifiers = re.compile(r'"(id|ref|guid)": "[^"]*"')
        json.loads(text)
        return identifiers.sub("", text)
    return text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", sorted(formats()))
def test_no_report_shows_a_bare_clause_code(shop: Recorded, form: str, lang: str) -> None:
    assert bare_codes(_words_of(form, rendered(shop.outcome.bundle, form, lang))) == set()


def test_the_report_that_is_signed(shop: Recorded, clean: Recorded, tmp_path: Path) -> None:
    """Of a session with everything in it, and of one in which nothing was found."""
    issued(shop.outcome.bundle, "signed-shop", tmp_path)
    issued(clean.outcome.bundle, "signed-clean", tmp_path, ("zh",))


@pytest.mark.extra("soffice", "pdftotext")
def test_an_office_program_lays_the_report_out(shop: Recorded, tmp_path: Path) -> None:
    file = tmp_path / "shop.docx"
    file.write_bytes(render_bundle("docx", shop.outcome.bundle, "zh", screenshots=True, annex=False))
    laid_out(file, "zh")


def test_what_is_written_is_what_the_published_schemas_say(shop: Recorded) -> None:
    kinds: dict[type, list[Event]] = {}
    for event in shop.events:
        kinds.setdefault(type(event), []).append(event)
    assert faults("events", map(encode, (event for events in kinds.values() for event in events[:100]))) == []
    for name in ("findings", "coverage"):
        assert faults(name, (shop.outcome.bundle / f"{name}.jsonl").read_bytes().splitlines()) == []


def test_a_guideline_item_shows_evidence_only_for_what_was_seen(shop: Recorded) -> None:
    """The sample shop withdraws no consent, has no generative AI and no choice about training: a box ticked in advance
    is evidence for informed consent (item 4) alone."""
    rows = matrix(view_of(shop, "en"))
    assert rows[3].verdict == "evidenced" and any(f.pattern.startswith("ticked") for f in rows[3].findings)
    for item in (6, 11, 12):
        assert (rows[item - 1].verdict, rows[item - 1].findings) == ("not_exercised", []), item


def test_what_a_rule_came_to_is_one_word_everywhere(shop: Recorded) -> None:
    """Coverage, matrix and JSON agree, of rules and of the items of the guideline."""
    view = view_of(shop, "en")
    document = json.loads(rendered(shop.outcome.bundle, "json", "en"))
    lines = stored.coverage(shop.outcome.bundle)
    recorded = {line.id: of_line(line) for line in lines if line.line in ("rule", "item")}
    assert {row.id: row.verdict for row in view.covered("rule")}.items() <= recorded.items()
    assert {row["id"]: row.get("verdict") for row in document["coverage"] if row["kind"] == "rule"}.items() <= (
        recorded.items()
    )
    for number, (item, row) in enumerate(zip(matrix(view), document["guideline"], strict=True), 1):
        assert item.verdict == row["verdict"] == recorded[f"SZ-{number:02d}"], number


def test_an_account_names_other_senders_of_a_value(shop: Recorded) -> None:
    """The transmissions of others, which are not among a finding's events, are in the account that a report gives."""
    view = view_of(shop, "en")
    lines = {line for row in view.findings for block in story(view, row) for line in block.lines}
    keys = ("also_sent_by", "sent_by_others", "others_sent")
    sent = [t(f"explain.{key}", "en", who="|").split("|")[0] for key in keys]
    assert any(line.startswith(start) for line in lines for start in sent)
