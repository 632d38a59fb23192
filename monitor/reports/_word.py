"""Words of WordprocessingML that python-docx has none for, and templates of the user's own."""

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
from monitor.reports import _problems, _text, _view


def element(tag: str, /, *children: Any, **values: str) -> Any:
    """An element with children and attributes, all of the main namespace."""
    made = OxmlElement(f"w:{tag}")
    made.extend(children)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def set_font(style: Any, chinese: str, size: float) -> None:
    """The font of a style in points, with one for Chinese glyphs; what the theme says of it is removed, as it would
    prevail, and so is a line under it."""
    style.font.name, style.font.size, style.font.color.rgb = "Times New Roman", Pt(size), RGBColor(0, 0, 0)
    own = style.element.rPr.rFonts
    for name in [name for name in own.attrib if name.endswith("Theme")]:
        del own.attrib[name]
    own.set(qn("w:eastAsia"), chinese)
    for line in style.element.findall(f".//{qn('w:pBdr')}"):
        line.getparent().remove(line)


def add_field(paragraph: Any, instruction: str) -> None:
    """A field that the reader's program fills in."""
    paragraph._p.append(element("fldSimple", element("r", element("t")), instr=instruction, dirty="true"))


def keep_whole(row: Any, *, heading: bool = False) -> None:
    """Let no page end tear a row, and repeat it at the head of each page if it is a heading."""
    properties = row._tr.get_or_add_trPr()
    properties.extend([element("cantSplit"), *([element("tblHeader")] if heading else [])])


def set_borders(cell: Any, **sides: str) -> None:
    """Lines of a cell by side: ``single``, ``dashed`` or ``nil``."""
    lines = (element(side, val=kind, sz="4", color="808080") for side, kind in sides.items())
    cell._tc.get_or_add_tcPr().append(element("tcBorders", *lines))


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


def fields(view: _view.View) -> dict[str, str]:
    """Names of fields to their texts."""
    s = view.session
    unknown, blank = view.t("report.unknown"), view.t("record.blank")
    stated = {key: getattr(s.record, key) or blank for key in _STATED}
    found = {
        "app": s.app.label or s.app.package, "package": s.app.package, "version": s.app.version,
        "sha256": s.app.apk_sha256, "md5": s.app.apk_md5, "operator": view.operator,
        "device": f"{s.device.manufacturer} {s.device.model} Android {s.device.android}".strip(),
        "recorded": view.moment(s.start), "ended": view.moment(s.end), **stated,
        "conclusion": _problems.conclusion(view, _problems.problems(view)), "root": view.root,
        **{status: str(number) for status, number in view.counts().items()},
    }  # fmt: skip
    return {name: _text.clean(text) or unknown for name, text in found.items()}


def filled(made: Any, view: _view.View) -> Paragraph:
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
