"""Words of WordprocessingML that python-docx has none for: fields, bookmarks, borders, fonts of a script."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from monitor.base.errors import InputError, printable
from monitor.reports._problems import conclusion, problems
from monitor.reports._text import clean, plain
from monitor.reports._view import View

#: Twentieths of a point between the text of a cell and its lines.
_PADDING: Final = {"top": 45, "left": 85, "bottom": 45, "right": 85}


def element(tag: str, /, **values: str) -> Any:
    """An element with attributes, all of the main namespace."""
    made = OxmlElement(f"w:{tag}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def fonts(style: Any, chinese: str, size: float) -> None:
    """The font of a style in points, with one for Chinese glyphs; what the theme says of it is removed, as it would
    prevail, and so is a line under it."""
    style.font.name, style.font.size, style.font.color.rgb = "Times New Roman", Pt(size), RGBColor(0, 0, 0)
    own = style.element.rPr.rFonts
    for name in [name for name in own.attrib if name.endswith("Theme")]:
        del own.attrib[name]
    own.set(qn("w:eastAsia"), chinese)
    for line in style.element.findall(f".//{qn('w:pBdr')}"):
        line.getparent().remove(line)


def chinese(styles: Any) -> None:
    """Say that its East Asian text is simplified Chinese: programs choose glyphs and punctuation by that."""
    styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").set(qn("w:eastAsia"), "zh-CN")


def underlined(paragraph: Any) -> None:
    """A thin line under a paragraph."""
    line = element("pBdr")
    line.append(element("bottom", val="single", sz="4", space="1", color="808080"))
    paragraph._p.get_or_add_pPr().append(line)


def field(paragraph: Any, instruction: str) -> None:
    """A field that the reader's program fills in."""
    made = element("fldSimple", instr=instruction, dirty="true")
    run = OxmlElement("w:r")
    run.append(OxmlElement("w:t"))
    made.append(run)
    paragraph._p.append(made)


def paged(paragraph: Any, text: str) -> None:
    """A text with ``{page}`` and ``{pages}``, each replaced by its field."""
    for part in re.split(r"(\{pages?\})", text):
        if part.startswith("{"):
            field(paragraph, "PAGE" if part == "{page}" else "NUMPAGES")
        elif part:
            paragraph.add_run(plain(part))


def bookmark(paragraph: Any, number: int, name: str) -> None:
    """Make a paragraph one that fields may name."""
    start = element("bookmarkStart", id=str(number), name=name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def whole(row: Any, *, heading: bool = False) -> None:
    """A row that no page end tears, and that is repeated at the head of each page if it is a heading."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    if heading:
        properties.append(element("tblHeader"))


def padded(table: Any) -> None:
    """Room between text and lines."""
    margins = element("tblCellMar")
    for side, width in _PADDING.items():
        margins.append(element(side, w=str(width), type="dxa"))
    table._tbl.tblPr.append(margins)


def shaded(cell: Any) -> None:
    """A light ground, for what names the rest of its row or column."""
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill="F2F2F2"))


def bordered(cell: Any, **sides: str) -> None:
    """Lines of a cell by side: ``single``, ``dashed`` or ``nil``."""
    borders = element("tcBorders")
    for side, kind in sides.items():
        borders.append(element(side, val=kind, sz="4", color="808080"))
    cell._tc.get_or_add_tcPr().append(borders)


MAX_BYTES: Final = 20 << 20
_FIELD: Final = re.compile(r"\{\{([^{}]{1,200})\}\}")
_PLACE: Final = "report"
#: Fields that the file of ``run --record`` fills.
_STATED: Final = ("report_no", "client", "laboratory", "source", "case_no", "place")


def opened(template: bytes) -> Any:
    """The document. Raises ``InputError`` if it is none that Word made."""
    if len(template) > MAX_BYTES:
        raise InputError(f"the template is larger than {MAX_BYTES >> 20} MiB", where="--template")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            if sum(part.file_size for part in archive.infolist()) > 5 * MAX_BYTES:
                raise InputError(f"the template holds more than {5 * MAX_BYTES >> 20} MiB", where="--template")
        return docx.Document(io.BytesIO(template))
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError):
        raise InputError("the template is not a Word file (.docx)", where="--template") from None


def fields(view: View) -> dict[str, str]:
    """Names of fields to their texts."""
    s = view.session
    unknown, blank = view.t("report.unknown"), view.t("record.blank")
    stated = {key: getattr(s.record, key) or blank for key in _STATED}
    found = {
        "app": s.app.label or s.app.package, "package": s.app.package, "version": s.app.version,
        "sha256": s.app.apk_sha256, "md5": s.app.apk_md5, "operator": view.operator,
        "device": f"{s.device.manufacturer} {s.device.model} Android {s.device.android}".strip(),
        "recorded": view.moment(s.start), "ended": view.moment(s.end), **stated,
        "conclusion": conclusion(view, problems(view)), "root": view.root,
        **{status: str(number) for status, number in view.counts().items()},
    }  # fmt: skip
    return {name: clean(text) or unknown for name, text in found.items()}


def filled(made: Any, view: View) -> Paragraph:
    """Fill the fields; the paragraph where the report is to stand. Raises ``InputError`` for an unknown field."""
    known = fields(view)
    place = None
    for paragraph in _paragraphs(made):
        names = [name.strip() for name in _FIELD.findall(paragraph.text)]
        if names == [_PLACE] and paragraph._p.getparent() is made.element.body:
            place = paragraph
            continue
        if not names:
            continue
        if unknown := next((name for name in names if name not in known), None):
            hint = f"fields: {', '.join(sorted(known))}; {{{{{_PLACE}}}}} in a paragraph of its own"
            raise InputError(f"no such field: {{{{{printable(unknown, 40)}}}}}", where="--template", hint=hint)
        text = _FIELD.sub(lambda match: known[match[1].strip()], paragraph.text)
        first, *others = paragraph.runs  # Word splits a field over runs as it likes
        first.text = text
        for run in others:
            run.text = ""
    if place is None:
        hint = f"put {{{{{_PLACE}}}}} in a paragraph of its own, where the report is to stand"
        raise InputError("the template has no place for the report", where="--template", hint=hint)
    return place


def _paragraphs(made: Any) -> Iterator[Paragraph]:
    yield from made.paragraphs
    parts = [part for section in made.sections for part in (section.header, section.footer)]
    yield from (paragraph for part in parts for paragraph in part.paragraphs)
    for table in [*made.tables, *(table for part in parts for table in part.tables)]:
        yield from (paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs)
