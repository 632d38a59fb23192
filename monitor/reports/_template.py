"""A Word file of the user's own: its fields are filled, and ``{{report}}`` gives way to the report."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.opc.exceptions import OpcError
from docx.text.paragraph import Paragraph

from monitor.base.errors import InputError, printable
from monitor.reports._inert import clean
from monitor.reports._problems import conclusion, problems
from monitor.reports._view import View

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
