"""The inspection report (检测报告) for Word, on A4."""

import io
import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, Final

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from monitor.reports import _blocks as blocks
from monitor.reports import _inspection, _story, _view
from monitor.reports import _word as word
from monitor.reports._text import plain

TITLE = "inspection report for Word"
_WIDTH: Final = 16.6
_PICTURE: Final = 2.4
#: Sizes in points by style; headings have a font without serifs, as Chinese documents do.
_SIZES: Final = {"Normal": 10.5, "Title": 22.0, "Heading 1": 14.0, "Heading 2": 12.0, "Heading 3": 10.5}
_CELL: Final = Pt(8.5)
#: Twentieths of a point between the text of a cell and its lines.
_PADDING: Final = {"top": 45, "left": 85, "bottom": 45, "right": 85}
#: Sides of a cell in a form: only its value is underlined.
_BARE: Final = dict.fromkeys(("top", "left", "bottom", "right"), "nil")
#: Blocks that are tables for Word.
_TABLES: Final = (blocks.Table, blocks.Places, blocks.Pictures)


def render(view: _view.View) -> bytes:
    """The document."""
    return document(_inspection.inspection(view, front=not view.template), view, _inspection.properties(view))


def document(parts: Sequence[blocks.Block], view: _view.View, about: _inspection.Properties) -> bytes:
    """Blocks as a Word file: A4, a running header, page numbers, fonts with Chinese glyphs."""
    if view.template:
        made = word.opened(view.template)
        place, body = word.filled(made, view)._p, made.element.body
        before = set(body)
        _Writer(made, parts).write()
        for element in [element for element in body if element not in before]:
            place.addprevious(element)
        body.remove(place)
        return _saved(made)
    made = docx.Document()
    for name, size in _SIZES.items():
        word.set_font(made.styles[name], "宋体" if name == "Normal" else "黑体", size)
    # By the language of East Asian text programs choose glyphs and punctuation.
    made.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").set(qn("w:eastAsia"), "zh-CN")
    normal = made.styles["Normal"].paragraph_format
    normal.line_spacing, normal.space_after = 1.1, Pt(4)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.0)
    head = section.header.paragraphs[0]
    head.style = made.styles["Normal"]  # that of headers has stops of its own
    head.paragraph_format.tab_stops.add_tab_stop(Cm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    head.add_run(plain(f"{about.title}\t{about.header}")).font.size = _CELL
    line = word.element("bottom", val="single", sz="4", space="1", color="808080")
    head._p.get_or_add_pPr().append(word.element("pBdr", line))
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in re.split(r"(\{pages?\})", view.t("inspection.page", page="{page}", pages="{pages}")):
        if part.startswith("{"):
            word.add_field(foot, "PAGE" if part == "{page}" else "NUMPAGES")
        elif part:
            foot.add_run(plain(part))
    _describe(made.core_properties, about, view.lang)
    if not any(isinstance(block, blocks.Text) and block.role == "title" for block in parts):
        made.add_heading(plain(about.title), 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _Writer(made, parts).write()
    return _saved(made)


def _describe(core: Any, about: _inspection.Properties, lang: str) -> None:
    """What the file says of itself; a property holds at most 255 characters."""
    core.title, core.subject = plain(about.title)[:255], plain(about.subject)[:255]
    core.author = core.last_modified_by = plain(about.author)[:255]
    core.keywords, core.comments = plain(", ".join(about.keywords))[:255], ""
    core.language = "zh-CN" if lang == "zh" else "en"
    core.created = core.modified = about.made


def _saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class _Writer:
    """Puts blocks at the end of a document, which may lack any style."""

    def __init__(self, made: Any, parts: Iterable[blocks.Block]) -> None:
        self._made = made
        self._parts = list(parts)
        self._kept = self._fresh = self._last = False
        self._styles = {style.name: style.style_id for style in made.styles}
        self._headings = [b for b in blocks.flat(self._parts) if isinstance(b, blocks.Heading) and b.level == 1]
        self._marked = 0

    def write(self) -> None:
        """The blocks in order; office programs take two tables without a paragraph between them for one."""
        before: blocks.Block | None = None
        for block in self._parts:
            if isinstance(block, blocks.Break):
                self._fresh = True
                continue
            self._kept = isinstance(block, blocks.Together)
            for one in (whole := [*blocks.flat([block])]):
                self._last = one is whole[-1]
                if isinstance(one, _TABLES) and (isinstance(before, _TABLES) or self._fresh):
                    self._paragraph()
                self._put(one)
                before = one

    def _paragraph(self, text: str = "", style: str | None = None) -> Any:
        """One with a style of this name, if there is one; at the top of a page, or kept with what follows, where that
        is wanted."""
        made = self._made.add_paragraph(plain(text))
        if known := self._styles.get(style):
            made._p.style = known  # by its ID, which python-docx would look for in the whole list, for each paragraph
        made.paragraph_format.page_break_before = self._fresh or None
        made.paragraph_format.keep_with_next = self._kept or None
        self._fresh = False
        return made

    def _put(self, block: blocks.Block) -> None:
        match block:
            case blocks.Heading():
                self._heading(block)
            case blocks.Text():
                self._text(block)
            case blocks.Items(lines, numbered):
                for number, line in enumerate(lines, 1):
                    # Word would number the lists of a document on and on.
                    self._paragraph(f"{number}. {line}" if numbered else line, None if numbered else "List Bullet")
            case blocks.Contents(title):
                self._text(blocks.Text(title, role="part"))
                for number, heading in enumerate(self._headings, 1):
                    paragraph = self._made.add_paragraph(plain(f"{heading.text}\t"))
                    stops = paragraph.paragraph_format.tab_stops
                    stops.add_tab_stop(Cm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
                    word.add_field(paragraph, f"PAGEREF _Toc{number:04} \\h")
            case blocks.Table():
                self._table(block)
            case blocks.Places(labels):
                self._places(labels)
            case blocks.Pictures(pictures):
                self._pictures(pictures)

    def _heading(self, block: blocks.Heading) -> None:
        self._fresh |= block.fresh
        style = f"Heading {block.level}"
        paragraph = self._paragraph(style=style)
        paragraph.add_run(plain(block.text)).bold = None if style in self._styles else True
        paragraph.paragraph_format.keep_with_next = True
        if block.level == 1:
            self._marked += 1
            start = word.element("bookmarkStart", id=str(self._marked), name=f"_Toc{self._marked:04}")
            paragraph._p.insert(1, start)  # after its properties
            paragraph._p.append(word.element("bookmarkEnd", id=str(self._marked)))

    def _text(self, block: blocks.Text) -> None:
        title = block.role == "title"
        paragraph = self._paragraph(style="Title" if title else None)
        run = paragraph.add_run(plain(block.text))
        run.bold = block.strong or bool(block.role) or None
        form = paragraph.paragraph_format
        form.space_before = Pt({"": 6, "title": 90, "part": 18}[block.role])
        if block.role:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            form.space_after = Pt(48 if title else 12)
            form.line_spacing = 1.3 if title else None
            run.font.size = None if title else Pt(15)

    def _grid(self, rows: int, weights: Sequence[int], style: str | None = None) -> Any:
        """A table with columns of these weights: some programs go by the columns, others by the cells."""
        table = self._made.add_table(rows=rows, cols=len(weights))
        table._tbl.tblStyle_val = style
        table.autofit = False
        margins = (word.element(side, w=str(width), type="dxa") for side, width in _PADDING.items())
        table._tbl.tblPr.append(word.element("tblCellMar", *margins))
        widths = [Cm(_WIDTH * weight / sum(weights)) for weight in weights]
        for one in (table.columns, *(row.cells for row in table.rows)):
            for column, width in zip(one, widths, strict=True):
                column.width = width
        return table

    def _table(self, block: blocks.Table) -> None:
        rows = [block.headings, *block.rows] if block.headings else block.rows
        if not rows:
            return
        weights = block.weights or (1,) * len(rows[0])
        table = self._grid(len(rows), weights, None if block.form else self._styles.get("Table Grid"))
        for number, (row, values) in enumerate(zip(table.rows, rows, strict=True)):
            heading = bool(block.headings) and number == 0
            word.keep_whole(row, heading=heading)
            for column, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
                _fill(cell, value, None if block.form else _CELL, bold=heading)
                if self._kept and not (self._last and number == len(rows) - 1):
                    cell.paragraphs[0].paragraph_format.keep_with_next = True
                if heading or not (block.form or block.headings or column):  # what names its column or row
                    shade = word.element("shd", val="clear", color="auto", fill="F2F2F2")
                    cell._tc.get_or_add_tcPr().append(shade)
            if block.form:
                name, value = row.cells
                name.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
                word.set_borders(name, **_BARE)
                word.set_borders(value, **{**_BARE, "bottom": "single"})

    def _places(self, labels: Sequence[str]) -> None:
        self._made.add_paragraph()
        row = self._grid(1, (1,) * len(labels)).rows[0]
        row.height, row.height_rule = Cm(3), WD_ROW_HEIGHT_RULE.EXACTLY
        word.keep_whole(row)
        for cell, label in zip(row.cells, labels, strict=True):
            _fill(cell, label, _CELL)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            word.set_borders(cell, **dict.fromkeys(_BARE, "dashed"))

    def _pictures(self, pictures: Sequence[_story.Shot]) -> None:
        row = self._grid(1, (1, 1)).rows[0]
        word.keep_whole(row)
        for cell, one in zip(row.cells, pictures, strict=False):
            caption = cell.add_paragraph()
            caption.add_run(plain(one.caption)).font.size = Pt(8)
            cell.paragraphs[0].add_run().add_picture(io.BytesIO(one.data), height=Cm(_PICTURE))
            for paragraph in cell.paragraphs:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _fill(cell: Any, value: str, size: Any, *, bold: bool = False) -> None:
    """Write into a cell in which nothing is."""
    paragraph = cell.paragraphs[0]
    space, font = _look(size, bold)
    paragraph._p.insert(0, deepcopy(space))
    paragraph.add_run(plain(value))._r.insert(0, deepcopy(font))


@cache
def _look(size: Any, bold: bool) -> tuple[Any, Any]:
    """The properties of a cell's paragraph and run: to put them together takes longer than all else of a cell."""
    paragraph = docx.Document().add_paragraph()
    # By points: how high a line of Chinese is by itself differs between fonts by a third.
    paragraph.paragraph_format.line_spacing = Pt(11.5 if size else 16)
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run()
    run.font.size, run.bold = size, bold or None
    return paragraph._p.pPr, run._r.rPr
