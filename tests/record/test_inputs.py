"""What a run is given is checked before anything is started: a device, a bundle, a proxy."""

import zipfile
from pathlib import Path

import pytest

from monitor.base.errors import InputError
from monitor.device.standin import options_of
from monitor.record.inputs import declaration_of, read_inputs, unused_declaration
from monitor.scenario.model import load_scenario
from monitor.session.laboratory import record_file
from monitor.session.options import Options, Target


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


MANIFEST = '<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="{}"/>'


def test_the_scenarios_declaration_counts_for_its_app_whatever_brings_it(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("app: 自有应用\n", "utf-8")
    scenario = tmp_path / "s.yaml"
    scenario.write_text("appId: org.own.app\ndeclaration: own.yaml\n---\n- launchApp\n", "utf-8")
    for package in ("org.own.app", "org.other.app"):
        with zipfile.ZipFile(tmp_path / f"{package}.apk", "w") as apk:
            apk.writestr("AndroidManifest.xml", MANIFEST.format(package))
    for app, used in [
        ("", True), (str(tmp_path / "org.own.app.apk"), True), ("org.own.app", True),
        (str(tmp_path / "org.other.app.apk"), False), ("org.other.app", False), ("shop", False),
    ]:  # fmt: skip
        options = Options(scenario=str(scenario), out=tmp_path / "bundle", app=app)
        assert (declaration_of(load_scenario(str(scenario)), app) == tmp_path / "own.yaml") == used, app
        assert unused_declaration(options) == ("" if used else "own.yaml")
    given = Options(scenario=str(scenario), out=tmp_path / "bundle", app="shop", declaration=tmp_path / "own.yaml")
    assert unused_declaration(given) == ""


def test_a_record(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text("case_no: 2026-17\noperators: [甲, 乙]\nwitness: 丙\n", "utf-8")
    found = record_file(path)
    assert (found.case_no, found.operators, found.witness) == ("2026-17", ["甲", "乙"], "丙")
    assert record_file(None).case_no == ""


@pytest.mark.parametrize(
    "place", ["expect: {silent: [COL-99]}\n---\n- launchApp\n", "---\n- expect: {fires: [COL-99]}\n"]
)
def test_an_expectation_of_a_rule_that_there_is_not(place: str, tmp_path: Path) -> None:
    """A misspelt rule would stay silent for ever."""
    scenario = tmp_path / "s.yaml"
    scenario.write_text(f"appId: org.own.app\n{place}", "utf-8")
    with pytest.raises(InputError, match="expect names no known rule: COL-99"):
        read_inputs(Options(scenario=str(scenario), out=tmp_path / "bundle"))
