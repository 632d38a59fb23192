"""What a laboratory states of its report, with the recording or after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.base.errors import InputError
from monitor.session.laboratory import EXTRACTION, REPORT, missing, stated
from monitor.session.manifest import Record
from monitor.text import has


def test_words_and_files_fill_what_the_recording_leaves_open(tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    file.write_text("client: 甲\nlaboratory: 乙\nitems: [{name: a, bytes: 3}]\n", "utf-8")
    made = stated(
        Record(place="丁"), [str(file), "report_no= JC-1 ", "client=丙", "operators=张三、李四", "operators=Wu"]
    )
    assert (made.record.report_no, made.record.client, made.record.place) == ("JC-1", "丙", "丁")
    assert made.record.operators == ["张三", "李四", "Wu"] and made.record.items[0].bytes == 3
    assert set(made.later) == {"client", "laboratory", "items", "report_no", "operators"}
    assert stated(Record(), []) == (Record(), ())


def test_what_the_recording_seals_is_not_changed() -> None:
    assert stated(Record(place="A"), ["place=A"]).later == ()
    with pytest.raises(InputError, match=r"already states another place: A.*record the session anew"):
        stated(Record(place="A"), ["place=B"])


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("report_nr=1", "no report_nr.*did you mean report_no"),
        ("items=1", "a record has no items"),
        ("client=" + "x" * 501, "longer than 500"),
        ("issued=foo", r"--record: issued is no date: foo \(as 2026-11-28\)"),
        ("received=2026-02-30", "received is no date: 2026-02-30"),
        ("nowhere.yaml", "nowhere.yaml"),
    ],
)
def test_what_cannot_be_stated_is_one_line(said: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        stated(Record(), [said])


@pytest.mark.parametrize("day", ["2026-11-28", "2026年2月3日"])
def test_a_date_is_written_in_either_way(day: str, tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    file.write_text(f"issued: {day}\n", "utf-8")
    assert stated(Record(), [f"issued={day}"]).record.issued == stated(Record(), [str(file)]).record.issued == day
    assert stated(Record(), ["issued="]).record.issued == ""
    file.write_text("issued: 23.2.2026\n", "utf-8")
    with pytest.raises(InputError, match=r"record.yaml: issued is no date: 23.2.2026"):
        stated(Record(), [str(file)])


def test_what_is_missing_is_named_and_every_field_has_a_name() -> None:
    assert missing(Record(report_no="1", operators=["A"]), REPORT)[:2] == ["client", "laboratory"]
    assert "operators" not in missing(Record(), REPORT, "the operator")
    assert "app_name" in missing(Record(), REPORT) and "app_name" not in missing(Record(), REPORT, label="Shop")
    for name in {*REPORT, *EXTRACTION, *Record.model_fields} - {"profile"}:
        assert has(f"stated.{name}"), name
