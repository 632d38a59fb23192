"""The inspection report (检测报告) for Word, on A4."""

import io
from collections.abc import Iterable, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, Final

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm, Pt

from monitor.reports._blocks import (
    Block,
    Break,
    Contents,
    Heading,
    Items,
    Pictures,
    Places,
    Table,
    Text,
    Together,
    flat,
)
from monitor.reports._inspection import Properties, inspection, properties
from monitor.reports._story import Shot
from monitor.reports._text import plain
from monitor.reports._view import View
from monitor.reports._word import (
    bookmark,
    bordered,
    chinese,
    field,
    filled,
    fonts,
    opened,
    padded,
    paged,
    shaded,
    underlined,
    whole,
)

TITLE = "inspection report for Word"
_WIDTH: Final = 16.6
_PICTURE: Final = 2.9
#: Sizes in points by style; headings have a font without serifs, as Chinese documents do.
_SIZES: Final = {"Normal": 10.5, "Title": 22.0, "Heading 1": 14.0, "Heading 2": 12.0, "Heading 3": 10.5}
_CELL: Final = Pt(8.5)
#: Sides of a cell in a form: only its value is underlined.
_BARE: Final = dict.fromkeys(("top", "left", "bottom", "right"), "nil")


def render(view: View) -> bytes:
    """The document."""
    return document(inspection(view, front=not view.template), view, properties(view))


def document(blocks: Sequence[Block], view: View, about: Properties) -> bytes:
    """Blocks as a Word file: A4, a running header, page numbers, fonts with Chinese glyphs."""
    if view.template:
        return _in_template(blocks, view)
    made = docx.Document()
    for name, size in _SIZES.items():
        fonts(made.styles[name], "宋体" if name == "Normal" else "黑体", size)
    chinese(made.styles)
    made.styles["Normal"].paragraph_format.line_spacing = 1.1
    made.styles["Normal"].paragraph_format.space_after = Pt(4)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.0)
    head = section.header.paragraphs[0]
    head.style = made.styles["Normal"]  # that of headers has stops of its own
    head.paragraph_format.tab_stops.add_tab_stop(Cm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    head.add_run(plain(f"{about.title}\t{about.header}")).font.size = _CELL
    underlined(head)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paged(foot, view.t("inspection.page", page="{page}", pages="{pages}"))
    _describe(made.core_properties, about, view.lang)
    if not any(isinstance(block, Text) and block.role == "title" for block in blocks):
        made.add_heading(plain(about.title), 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _Writer(made, blocks).write()
    return _saved(made)


def _describe(core: Any, about: Properties, lang: str) -> None:
    """What the file says of itself; a property holds at most 255 characters."""
    core.title, core.subject = plain(about.title)[:255], plain(about.subject)[:255]
    core.author = core.last_modified_by = plain(about.author)[:255]
    core.keywords, core.comments = plain(", ".join(about.keywords))[:255], ""
    core.language = "zh-CN" if lang == "zh" else "en"
    core.created = core.modified = about.made


def _in_template(blocks: Sequence[Block], view: View) -> bytes:
    made = opened(view.template)
    place = filled(made, view)._p
    body = made.element.body
    before = set(body)
    _Writer(made, blocks).write()
    for element in [element for element in body if element not in before]:
        place.addprevious(element)
    body.remove(place)
    return _saved(made)


def _saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class _Writer:
    """Puts blocks at the end of a document, which may lack any style."""

    def __init__(self, made: Any, blocks: Iterable[Block]) -> None:
        self._made = made
        self._blocks = list(blocks)
        self._kept = self._fresh = False
        self._styles = {style.name: style.style_id for style in made.styles}
        self._headings = [b for b in flat(self._blocks) if isinstance(b, Heading) and b.level == 1]
        self._marked = 0

    def write(self) -> None:
        """The blocks in order; office programs take two tables without a paragraph between them for one."""
        before: Block | None = None
        for block in self._blocks:
            if isinstance(block, Break):
                self._fresh = True
                continue
            self._kept = isinstance(block, Together)
            for one in block.blocks if isinstance(block, Together) else [block]:
                tables = (Table, Places, Pictures)
                if isinstance(one, tables) and (isinstance(before, tables) or self._fresh):
                    self._begin(self._made.add_paragraph())
                self._put(one)
                before = one

    def _paragraph(self, text: str = "", style: str | None = None) -> Any:
        """One with a style's ID, which python-docx would look for in the whole list, for each paragraph."""
        made = self._made.add_paragraph(text)
        if style:
            made._p.style = style
        return made

    def _begin(self, paragraph: Any) -> None:
        paragraph.paragraph_format.page_break_before = self._fresh or None
        paragraph.paragraph_format.keep_with_next = self._kept or paragraph.paragraph_format.keep_with_next
        self._fresh = False

    def _put(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Text():
                self._text(block)
            case Items():
                style = None if block.numbered else self._styles.get("List Bullet")
                for number, line in enumerate(block.lines, 1):
                    # Word would number the lists of a document on and on.
                    text = f"{number}. {line}" if block.numbered else line
                    self._begin(self._paragraph(plain(text), style))
            case Contents():
                self._contents(block)
            case Table():
                self._table(block)
            case Places():
                self._places(block)
            case Pictures():
                self._pictures(block.pictures)

    def _heading(self, block: Heading) -> None:
        style = self._styles.get(f"Heading {block.level}")
        paragraph = self._paragraph(style=style)
        paragraph.add_run(plain(block.text)).bold = None if style else True
        paragraph.paragraph_format.keep_with_next = True
        if block.level == 1:
            self._marked += 1
            bookmark(paragraph, self._marked, f"_Toc{self._marked:04}")
        self._fresh |= block.fresh
        self._begin(paragraph)

    def _text(self, block: Text) -> None:
        paragraph = self._paragraph(style=self._styles.get("Title") if block.role == "title" else None)
        run = paragraph.add_run(plain(block.text))
        run.bold = block.strong or None
        paragraph.paragraph_format.space_before = Pt(6)
        if block.role:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            title = block.role == "title"
            paragraph.paragraph_format.space_before = Pt(90 if title else 18)
            paragraph.paragraph_format.space_after = Pt(48 if title else 12)
            paragraph.paragraph_format.line_spacing = 1.3 if title else None
            run.bold = True
            run.font.size = None if title else Pt(15)
        self._begin(paragraph)

    def _contents(self, block: Contents) -> None:
        self._text(Text(block.title, role="part"))
        for number, heading in enumerate(self._headings, 1):
            paragraph = self._made.add_paragraph(plain(f"{heading.text}\t"))
            paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
            field(paragraph, f"PAGEREF _Toc{number:04} \\h")

    def _grid(self, rows: int, weights: Sequence[int], style: str | None) -> Any:
        """A table with columns of these weights: some programs go by the columns, others by the cells."""
        table = self._made.add_table(rows=rows, cols=len(weights))
        table._tbl.tblStyle_val = style
        table.autofit = False
        padded(table)
        widths = [Cm(_WIDTH * weight / sum(weights)) for weight in weights]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
        return table

    def _table(self, block: Table) -> None:
        rows = [block.headings, *block.rows] if block.headings else block.rows
        if not rows:
            return
        weights = block.weights or (1,) * len(rows[0])
        table = self._grid(len(rows), weights, None if block.form else self._styles.get("Table Grid"))
        for number, (row, values) in enumerate(zip(table.rows, rows, strict=True)):
            heading = bool(block.headings) and number == 0
            whole(row, heading=heading)
            for column, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
                _fill(cell, value, None if block.form else _CELL, bold=heading)
                if self._kept:
                    cell.paragraphs[0].paragraph_format.keep_with_next = True
                if block.form and not column:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
                if block.form:
                    bordered(cell, **{**_BARE, "bottom": "single" if column else "nil"})
                elif heading or (not block.headings and column == 0):
                    shaded(cell)

    def _places(self, block: Places) -> None:
        self._made.add_paragraph()
        table = self._grid(1, (1,) * len(block.labels), None)
        table.rows[0].height, table.rows[0].height_rule = Cm(3), WD_ROW_HEIGHT_RULE.EXACTLY
        whole(table.rows[0])
        for cell, label in zip(table.rows[0].cells, block.labels, strict=True):
            _fill(cell, label, _CELL)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            bordered(cell, **dict.fromkeys(_BARE, "dashed"))

    def _pictures(self, pictures: Sequence[Shot]) -> None:
        table = self._grid(1, (1, 1), None)
        whole(table.rows[0])
        for cell, one in zip(table.rows[0].cells, pictures, strict=False):
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            cell.paragraphs[0].add_run().add_picture(io.BytesIO(one.data), height=Cm(_PICTURE))
            caption = cell.add_paragraph()
            caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
            caption.add_run(plain(one.caption)).font.size = Pt(8)


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
