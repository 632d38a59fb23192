"""What a run is given is checked before anything is started: a device, a bundle, a proxy."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.device.standin import options_of
from monitor.errors import InputError
from monitor.laboratory import record_file
from monitor.options import Options, Target
from monitor.record.inputs import read_inputs


@pytest.mark.parametrize("wanted", ["foo", "rooted@3", "@x", "Rooted"])
def test_a_kind_or_level_that_there_is_not(wanted: str, tmp_path: Path) -> None:
    """Refused in one line that names those that there are."""
    with pytest.raises(InputError, match=r"--device: no such .*\(one of .*(vendor|36)\)"):
        read_inputs(Options(scenario="quickstart", out=tmp_path / "bundle", device=f"standin:{wanted}"))


def test_kinds_and_levels_that_there_are() -> None:
    assert options_of(Target.read("standin:user@34")) == ["--profile", "user", "--api", "34"]
    assert options_of(Target.read("standin:@28,art,state=a,b.yaml")) == [
        "--api", "28", "--runtime", "art", "--state", "a,b.yaml",
    ]  # fmt: skip
    assert options_of(Target.read("standin")) == options_of(Target.read("standin:")) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [("case: 1\n", "case"), ("operators: A\n", "operators"), ("profile: cn-enforcement\ncase_no: '1'\n", "cause")],
)
def test_a_record_that_cannot_be_used(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=why):
        read_inputs(Options(scenario="quickstart", out=tmp_path / "bundle", record=path))


def test_a_record(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text("case_no: 2026-17\noperators: [甲, 乙]\nwitness: 丙\n", "utf-8")
    found = record_file(path)
    assert (found.case_no, found.operators, found.witness) == ("2026-17", ["甲", "乙"], "丙")
    assert record_file(None).case_no == ""
