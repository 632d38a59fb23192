"""A finding in one text: names instead of ids, and what sets apart two findings that share everything else."""

from __future__ import annotations

import msgspec
import pytest

from monitor.analysis.explain.about import about, naming, same_but_for_the_pattern
from monitor.analysis.rules.load import load_rules
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.reports._rows import finding_row
from monitor.text import LANGUAGES, catalogue
from tests.assess.samples import finding


def text(**values: str) -> str:
    return about(finding(**values), "en", naming("en", load_sdks(), load_organisations()))


def test_names_instead_of_ids() -> None:
    """A library, a recipient, the app's own code; what no table has keeps its id."""
    assert text(sdk="example_beacon", recipient="example_datamarket") == (
        "device IMEI · Beacon Analytics (fictional sample) → DataMarket Union (fictional sample)"
    )
    assert text(sdk="app") == "device IMEI · the app's own code"
    assert text(sdk="nobody", recipient="192.0.2.1") == "device IMEI · nobody → 192.0.2.1"
    assert text(data_type="", permission="android.permission.CAMERA", sdk="") == "CAMERA"


def test_what_a_value_is_as_good_as_is_named() -> None:
    item = finding(data_type="drm_id", sdk="app", detail={"equivalent_of": "imei"})
    assert about(item, "en", naming("en", {}, {})).startswith("DRM device ID (equivalent to: device IMEI) · ")
    plain = finding(data_type="drm_id", sdk="app")
    assert about(plain, "en", naming("en", {}, {})).startswith("DRM device ID · ")
    for lang in LANGUAGES:
        row = finding_row(msgspec.to_builtins(item), lang, {}, {})
        assert row.detail["equivalent_of"] == catalogue(lang)["data_type.imei"] and row.raw["detail"] != row.detail


def test_the_app_that_was_started_is_named() -> None:
    item = finding(data_type="", sdk="", pattern="starts", detail={"component": "com.a/.B; com.a/.C; com.d/.E"})
    matched = about(msgspec.structs.replace(item, detail={}), "en", naming("en", load_sdks(), load_organisations()))
    assert about(item, "en", naming("en", {}, {})) == f"{matched} · com.a, com.d"


def test_the_pattern_is_named_where_nothing_else_tells() -> None:
    read = finding(pattern="read", fingerprint="1" * 16)
    sent = finding(pattern="sent", fingerprint="2" * 16)
    other = finding(pattern="read", fingerprint="3" * 16, data_type="oaid")
    assert same_but_for_the_pattern([read, sent, other]) == {"1" * 16, "2" * 16}
    assert same_but_for_the_pattern([read, other]) == frozenset()
    name = naming("zh", load_sdks(), load_organisations())
    assert about(read, "zh", name, pattern=True).split(" · ")[1] == "读取"
    assert about(finding(data_type="", sdk="", pattern="ticked_seen"), "en", name) == "box already ticked on the screen"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_pattern_of_a_rule_has_its_words(lang: str) -> None:
    patterns = {pattern.name for rule in load_rules() for pattern in rule.text.match} - {"main"}
    assert {name for name in patterns if f"pattern.{name}" not in catalogue(lang)} == set()
    words = {key.removeprefix("pattern.") for key in catalogue(lang) if key.startswith("pattern.")}
    assert words - patterns == set()
