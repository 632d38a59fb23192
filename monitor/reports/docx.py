"""The inspection report (检测报告) for Word, on A4."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from monitor.reports._blocks import Block, Heading, Items, Picture, Table, Text
from monitor.reports._inspection import inspection
from monitor.reports._template import filled, opened
from monitor.reports._view import View

TITLE = "inspection report for Word"
SUFFIX = ".docx"
#: Characters that XML 1.0 cannot represent.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTH = 17.0


def render(view: View) -> bytes:
    """The document."""
    return document(view.t("inspection.title"), inspection(view), view)


def document(title: str, blocks: Iterable[Block], view: View) -> bytes:
    """Blocks as a Word file: A4, a running header, page numbers, fonts with Chinese glyphs."""
    if view.template:
        return _in_template(blocks, view)
    made = docx.Document()
    _fonts(made.styles["Normal"], "宋体").size = Pt(10.5)
    for name in ("Title", *(f"Heading {level}" for level in (1, 2, 3))):
        _fonts(made.styles[name], "黑体").color.rgb = RGBColor(0, 0, 0)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.header.paragraphs[0].text = _text(
        f"{title} · {view.session.app.package} · {view.moment(view.session.start)}"
    )
    _page_number(section.footer.paragraphs[0])
    made.add_heading(_text(title), 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _put_all(made, blocks)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _fonts(style: Any, chinese: str) -> Any:
    """The font of a style, with one for Chinese glyphs; what the theme says of it is removed, as it would prevail, and
    so is a line under it."""
    style.font.name = "Times New Roman"
    fonts = style.element.rPr.rFonts
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), chinese)
    for line in style.element.findall(f".//{qn('w:pBdr')}"):
        line.getparent().remove(line)
    return style.font


def _put_all(made: Any, blocks: Iterable[Block]) -> None:
    """The blocks in order; office programs take two tables without a paragraph between them for one."""
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Table) and isinstance(before, Table):
            made.add_paragraph()
        _put(made, block)
        before = block


def _in_template(blocks: Iterable[Block], view: View) -> bytes:
    made = opened(view.template)
    place = filled(made, view)._p
    body = made.element.body
    before = set(body)
    _put_all(made, blocks)
    for element in [element for element in body if element not in before]:
        place.addprevious(element)
    body.remove(place)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _style(made: Any, name: str) -> str | None:
    """The style if the document has it: a template may lack any."""
    return name if any(style.name == name for style in made.styles) else None


def _heading(made: Any, block: Heading) -> None:
    style = _style(made, f"Heading {block.level}")
    made.add_paragraph(style=style).add_run(_text(block.text)).bold = None if style else True


def _put(made: Any, block: Block) -> None:
    match block:
        case Heading():
            _heading(made, block)
        case Text():
            paragraph = made.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(6)
            paragraph.add_run(_text(block.text)).bold = block.strong
        case Items():
            bullet = _style(made, "List Bullet")
            for line in block.lines:
                made.add_paragraph(_text(line), style=bullet)
        case Table():
            _table(made, block)
        case Picture():
            made.add_picture(io.BytesIO(block.data), width=Cm(3.4))
            made.add_paragraph(_text(block.caption))


def _table(made: Any, block: Table) -> None:
    rows = [block.headings, *block.rows] if block.headings else block.rows
    if not rows:
        return
    table = made.add_table(rows=len(rows), cols=len(rows[0]), style=_style(made, "Table Grid"))
    table.autofit = False
    weights = block.weights or (1,) * len(rows[0])
    widths = [_WIDTH * weight / sum(weights) for weight in weights]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)  # some programs go by the columns, others by the cells
    for number, (row, values) in enumerate(zip(table.rows, rows, strict=True)):
        for place, value, width in zip(row.cells, values, widths, strict=True):
            place.width = Cm(width)
            place.text = _text(value)
            if block.headings and number == 0:
                for run in place.paragraphs[0].runs:
                    run.bold = True
        if block.headings and number == 0:
            mark = OxmlElement("w:tblHeader")
            mark.set(qn("w:val"), "true")
            row._tr.get_or_add_trPr().append(mark)


def _page_number(paragraph: Any) -> None:
    for name in ("PAGE", "NUMPAGES"):
        if name == "NUMPAGES":
            paragraph.add_run(" / ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), name)
        paragraph._p.append(field)


def _text(text: str) -> str:
    """Text that XML can represent."""
    return _NOT_XML.sub("\ufffd", text)
