"""Inspection reports read back from their Word and PDF files, and as an office program lays them out."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import docx
import pypdf

from monitor.analysis.rules.load import load_rules
from monitor.assess.render import render_bundle
from monitor.evidence.bundle import Bundle
from monitor.text import t
from tests.pages import artefacts

#: What a laboratory adds, and pages that a body may have.
_STATED: Final = ("report_no=JC-2026-7", "laboratory=乙检测中心")
MOST_PAGES: Final = 26


def issued(bundle: Path, name: str, place: Path, langs: Sequence[str] = ("zh", "en")) -> None:
    """The body of a bundle's report: cover, a row of each rule, room to sign, header and page numbers, from both files
    in each language. They are kept under ``name``, in pictures if artefacts are."""
    kept = artefacts(name, place)
    stated = tuple(one for one in _STATED if not getattr(Bundle.open(bundle).session().record, one.partition("=")[0]))
    for lang in langs:
        for form in ("pdf", "docx"):
            data = render_bundle(form, bundle, lang, screenshots=True, annex=False, stated=stated)
            file = kept / f"{name}-{lang}.{form}"
            file.write_bytes(data)
            (_pdf if form == "pdf" else _word)(data, lang)
            if form == "pdf" and os.environ.get("MONITOR_ARTEFACTS") and shutil.which("pdftoppm"):
                subprocess.run(["pdftoppm", "-r", "60", "-png", file, file.with_suffix("")], check=True, timeout=120)


def _packed(text: str) -> str:
    return "".join(text.split())


def _word(data: bytes, lang: str) -> None:
    document = docx.Document(io.BytesIO(data))
    assert document.paragraphs[0].text == t("inspection.cover", lang)
    assert 'w:eastAsia="zh-CN"' in document.styles.element.xml  # whose glyphs and punctuation Chinese is set in
    headed = {tuple(cell.text for cell in table.rows[0].cells): table for table in document.tables}
    results = next(table for head, table in headed.items() if t("inspection.item", lang) in head[1:2])
    assert len(results.rows) == len(load_rules()) + 1
    assert all(cell.text for row in results.rows for cell in row.cells)
    assert any(head[1:2] == (t("record.person", lang),) for head in headed)
    assert "JC-2026-7" in document.sections[0].header.paragraphs[0].text
    footer = document.sections[0].footer.paragraphs[0]._p.xml
    assert 'instr="PAGE"' in footer and 'instr="NUMPAGES"' in footer


def pdf_pages(data: bytes) -> list[str]:
    """The text of each page: by poppler, a tenth of what it takes in Python; where it is not installed, in Python."""
    if shutil.which("pdftotext") is None:
        return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    text = subprocess.run(["pdftotext", "-", "-"], input=data, check=True, capture_output=True, timeout=60).stdout
    return text.decode().split("\f")[:-1]


def _pdf(data: bytes, lang: str) -> None:
    pages = pdf_pages(data)
    assert len(pages) <= MOST_PAGES + 1  # the last one is that of the annexes that stay
    for number, page in enumerate(pages, 1):
        assert "JC-2026-7" in page
        assert _packed(t("inspection.page", lang, page=number, pages=len(pages))) in _packed(page)
    text = "\n".join(pages)
    assert [rule.id for rule in load_rules() if rule.id not in text] == []
    assert any(t("record.signature", lang) in page and t("inspection.approved", lang) in page for page in pages)


def laid_out(file: Path, lang: str) -> None:
    """A Word file as LibreOffice prints it: no word outside the margins, the contents with pages, as many pages as may
    be. For a test marked ``extra("soffice", "pdftotext")``."""
    home = file.parent / "office"
    subprocess.run(
        ["soffice", f"-env:UserInstallation={home.as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", home, file],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    printed = home / f"{file.stem}.pdf"
    pages = pdf_pages(printed.read_bytes())
    assert len(pages) <= MOST_PAGES + 1
    first = next(page for page in pages if _packed(t("inspection.contents", lang)) in _packed(page))
    numbers = [int(n) for n in re.findall(r"\.{3,}\s*(\d+)$", first, re.M)]
    assert len(numbers) >= 8 and numbers == sorted(numbers) and numbers[-1] <= len(pages)
    boxes = subprocess.run(["pdftotext", "-bbox", printed, "-"], check=True, capture_output=True, timeout=60, text=True)
    places = re.findall(r'<page width="([\d.]+)"|xMin="([\d.]+)"[^>]*xMax="([\d.]+)"', boxes.stdout)
    width = 0.0
    for page, left, right in places:
        if page:
            width = float(page)
            continue
        assert float(left) > 40 and float(right) < width - 40, (left, right)
