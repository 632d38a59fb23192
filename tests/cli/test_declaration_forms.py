"""Declarations that vendors already have, and one that was edited by hand and is brought up to date."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from monitor.base.errors import InputError
from monitor.content import html_text, sdk_table
from monitor.session.declaration import load_declaration
from tests.cli.conftest import Run
from tests.cli.test_declaration import FILES, differences, imported


def workbook(path: Path) -> Path:
    """The page's tables as sheets, each below a title."""
    book = openpyxl.Workbook()
    for number, table in enumerate(html_text.read_document((FILES / "two_lists_zh.html").read_text("utf-8")).tables):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        for row in [["清单", *[None] * 3], *table]:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("form", ["html", "xlsx"])
def test_the_two_chinese_lists(monitor: Run, tmp_path: Path, form: str) -> None:
    file = FILES / "two_lists_zh.html" if form == "html" else workbook(tmp_path / "lists.xlsx")
    data, reported = imported(monitor, file, "--format", "lists")
    collected = {entry["data_type"]: entry for entry in data["collection"]}
    assert {"android_id", "oaid", "location"} == set(collected)
    assert collected["location"]["necessary"] and collected["location"]["sensitive"]
    assert collected["location"]["method"] == "用户授权后读取" and collected["oaid"]["purpose"] == "设备统计"
    (sdk,) = data["sdks"]
    assert sdk["vendor"] == "某推送公司" and sdk["data_types"] == ["android_id"]
    (shared,) = data["recipients"]
    assert shared["org"] == "某物流公司" and set(shared["data_types"]) == {"phone_no", "location"}
    assert "鞋码" in reported


def test_a_privacy_manifest(monitor: Run, tmp_path: Path) -> None:
    data, reported = imported(monitor, FILES / "PrivacyInfo.xcprivacy")
    (sdk,) = data["sdks"]
    assert sdk["hosts"] == ["track.acme.example"] and {"android_id", "location"} <= set(sdk["data_types"])
    purposes = {entry["data_type"]: entry["purpose"] for entry in data["collection"]}
    assert purposes["android_id"] == "Analytics" and purposes["location"] == "Third-party advertising"
    assert "ShoeSize" in reported


def test_a_workbook_that_repeats_one_text_without_end_is_refused(tmp_path: Path) -> None:
    """A few kilobytes: each cell is the same shared string."""
    book = openpyxl.Workbook()
    for _ in range(1_200):
        book.active.append(["x" * 4_000])
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="characters of text"):
        sdk_table.sheets((tmp_path / "x.xlsx").read_bytes())


def test_a_workbook_with_a_document_type_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><a/>")
    with pytest.raises(InputError, match="document type"):
        sdk_table.sheets((tmp_path / "x.xlsx").read_bytes())


EDITED = """\
# Checked with the legal team in spring.
app: {package: com.example.shop, type_39: 6}
operator: {name: "Canary Shop", org: example_shop, domains: [shop.example.cn]}  # ours
collection:
  # the only one that marketing needs
  - {data_type: android_id, purpose: 'statistics'}   # see the policy, section 3

  - data_type: contacts
    purpose: find friends
sdks:
  - name: Beacon Analytics  # 2.1
    id: example_beacon
    data_types: []
    hosts: [collect.beacon-analytics.cn]
recipients: []
"""


def test_what_people_wrote_stays_when_a_session_adds_to_it(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.yaml"
    file.write_text(EDITED, "utf-8")
    before = differences(monitor, file, bundle)
    assert any(one[0] == "observed" for one in before)
    done = monitor("declaration", "update", file, bundle, "--lang", "en")
    assert done.returncode == 0, done.stderr
    text = file.read_text("utf-8")
    lines = [line.split(": []")[0] for line in EDITED.splitlines()]
    assert [line for line in lines if line not in text] == []
    assert "'statistics'}   # see the policy, section 3\n\n  - data_type: contacts\n" in text
    assert not [one for one in differences(monitor, file, bundle) if one[0] == "observed"]
    assert "permissions" in text and load_declaration(file).entries["contacts"][0].purpose == "find friends"
    again = monitor("declaration", "update", file, bundle, "--lang", "en")
    assert again.stdout.startswith("0 entries added") and file.read_text("utf-8") == text


def test_a_draft_that_was_edited_keeps_its_comments(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    assert monitor("declaration", "init", bundle, "-o", draft).returncode == 0
    text = draft.read_text("utf-8").replace("sdks:\n", "# asked the vendor\nsdks:\n", 1)
    draft.write_text(re.sub(r"- data_type: apps\n(  .*\n)*", "", text), "utf-8")
    done = monitor("declaration", "update", draft, bundle, "--lang", "en")
    assert done.returncode == 0 and "1 entry added" in done.stdout, done.stdout + done.stderr
    made = draft.read_text("utf-8")
    assert "# asked the vendor" in made and made.startswith("# DRAFT") and "草稿" in made
    assert "apps" in load_declaration(draft).entries


@pytest.mark.parametrize(
    "collection",
    [
        "collection: []  # nothing yet\n",
        "collection:   # nothing yet\n",
        "collection: [{data_type: contacts}]  # one\n",
        "collection:\n- data_type: contacts  # one\n# end\n",
        "collection:\n    - data_type: contacts\n      purpose: |\n        long\n        text\n\n\n# end\n",
    ],
)
def test_entries_go_into_a_block_of_any_form(monitor: Run, bundle: Path, tmp_path: Path, collection: str) -> None:
    file = tmp_path / "d.yaml"
    file.write_text(
        f"{collection}sdks: [{{name: Beacon Analytics, id: example_beacon}}]\nrecipients: []\npermissions: []", "utf-8"
    )
    done = monitor("declaration", "update", file, bundle)
    assert done.returncode == 0, done.stderr
    text = file.read_text("utf-8")
    made = load_declaration(file)
    assert {"android_id", "apps"} <= set(made.entries) and ("contacts" in made.entries) == ("contacts" in collection)
    assert [sdk.data_types for sdk in made.sdks or [] if sdk.name == "Beacon Analytics"] == [["android_id"]]
    for comment in ("# nothing yet", "# one", "# end", "        long\n        text\n"):
        assert (comment in text) == (comment in collection)
    assert not [one for one in differences(monitor, file, bundle) if one[0] == "observed"]


def test_a_faulty_declaration_is_not_touched(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.yaml"
    file.write_text("colection: []\n", "utf-8")
    done = monitor("declaration", "update", file, bundle)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert file.read_text("utf-8") == "colection: []\n"
