"""Words of WordprocessingML that python-docx has none for: fields, bookmarks, borders, fonts of a script."""

import re
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from monitor.reports._inert import plain

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
