"""A Word file of the user's own: its fields are filled in and the report is placed where it says."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from monitor.base.errors import InputError

from .conftest import HOSTILE, T0, Sample, coverage, finding, recording, render, session


def template(*lines: str, header: str = "", cell: str = "") -> bytes:
    made = docx.Document()
    for line in lines:
        half = len(line) // 2  # as Word does, in two runs
        paragraph = made.add_paragraph(line[:half])
        paragraph.add_run(line[half:])
    made.sections[0].header.paragraphs[0].text = header
    made.add_table(1, 1).rows[0].cells[0].text = cell
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("form", ["docx", "extraction"])
def test_the_report_is_set_in_the_users_document(sample: Sample, form: str) -> None:
    own = template("Agency of X", "{{report}}", "Signed:", header="{{package}} {{ recorded }}", cell="{{evidenced}}")
    made = docx.Document(io.BytesIO(render(form, *sample, template=own)))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert texts[0] == "Agency of X" and texts[-1] == "Signed:" and len(texts) > 6
    assert made.sections[0].header.paragraphs[0].text.startswith("com.example.shop 2026-09-21")
    assert made.tables[-1].rows[0].cells[0].text == "1"
    assert not any("{{" in text for text in texts)


def test_what_the_app_wrote_fills_no_field(hostile: Sample) -> None:
    made = docx.Document(io.BytesIO(render("docx", *hostile, template=template("{{app}}", "{{report}}"))))
    assert made.paragraphs[0].text.startswith("Shop</script>") and "{{7*7}}" in made.paragraphs[0].text
    assert "{{7*7}}" in HOSTILE


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (template("no place"), "no place for the report"),
        (template("{{report}}", "{{nonsense}}"), r"no such field: \{\{nonsense\}\}.*fields: app"),
        (b"PK not a zip", "not a Word file"),
        (b"<html>", "not a Word file"),
    ],
)
def test_a_template_that_cannot_be_used_is_one_clear_line(own: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        render("docx", session(), recording(), [finding()], coverage(), template=own)


def test_a_template_without_styles_is_enough(sample: Sample) -> None:
    made = docx.Document(io.BytesIO(template("{{report}}")))
    for style in list(made.styles):
        if style.name in ("Heading 1", "Heading 2", "Heading 3", "List Bullet", "Table Grid"):
            style.delete()
    out = io.BytesIO()
    made.save(out)
    assert render("docx", *sample, template=out.getvalue()) and T0


def test_a_template_that_unpacks_to_far_more_is_refused(sample: Sample) -> None:
    out = io.BytesIO(template("{{report}}"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/x.bin", bytes(101 << 20))
    with pytest.raises(InputError, match="holds more than 100 MiB"):
        render("docx", *sample, template=out.getvalue())


def test_braces_that_never_close_are_text(sample: Sample) -> None:
    own = template("{{" + " " * 200_000, "{{report}}")
    made = docx.Document(io.BytesIO(render("docx", *sample, template=own)))
    assert made.paragraphs[0].text.startswith("{{  ")
