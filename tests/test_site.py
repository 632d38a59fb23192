"""The documentation site is built from the tree, without a warning, and loads nothing from elsewhere. It is kept in
``MONITOR_SITE``, if that is set."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from typer.main import get_command

from monitor.analysis.rules.load import load_rules
from monitor.cli import app
from monitor.scenario.registry import VERBS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Path(os.environ.get("MONITOR_SITE") or tmp_path_factory.mktemp("site"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(place), strict=True))
    return place


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        found = re.findall(
            r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^>]*", page.read_text("utf-8")
        )
        assert found == [], page.name


def test_the_reference_names_every_command_rule_and_step(site: Path) -> None:
    def page(name: str, lang: str = "") -> str:
        return (site / lang / "reference" / name / "index.html").read_text("utf-8")

    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"monitor {name}" in page("commands"), name
    for rule in load_rules():
        assert rule.id in page("rules") and rule.text.title_zh in page("rules", "zh")
    assert "apps: evidenced; for review where lone_trait" in page("rules") and "lifetime：待复核" in page("rules", "zh")
    review = page("rules").partition("Test examples · for review")[2]
    assert "a deleted conversation is sent again" in review and "every two seconds" in review
    assert "burst, default: min 5" in page("rules") and "followed by lifecycle where self_exit within 10 s" in page(
        "rules"
    )
    assert VERBS and all(f">{verb}<" in page("steps") for verb in VERBS)
    for key in ("appId", "app", "title.zh", "expect.fires[]"):
        assert f"<code>{key}</code>" in page("steps")
    for scope in ("ai_training", "share:NAME", "sensitive:DATA_TYPE"):
        assert f"<code>{scope}</code>" in page("steps")
    for key in ("app.package_prefixes[]", "recipients[].org", "account_pi", "form"):
        assert f"<code>{key}</code>" in page("declaration")


def _shape(page: Path) -> tuple[list[int], list[str]]:
    """Levels of the headings, and the commands up to what may be in another language."""
    text = page.read_text("utf-8")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    blocks = "".join(re.findall(r"^```(?:console|sh)\n(.*?)^```", text, re.M | re.S))
    return [len(marks) for marks in re.findall(r"^(#+) ", prose, re.M)], re.findall(r"monitor(?: [a-z_]+){1,2}", blocks)


CHINESE = sorted((ROOT / "docs").rglob("*.zh.md"))


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: page.name)
def test_a_chinese_page_has_the_headings_and_commands_of_the_english_one(page: Path) -> None:
    assert _shape(page) == _shape(page.with_name(page.name.replace(".zh.md", ".md")))


def test_the_site_is_in_two_languages(site: Path) -> None:
    for page in CHINESE:
        name = str(page.relative_to(ROOT / "docs")).removesuffix(".zh.md")
        place = (site / "zh" / name).parent if name.endswith(("index", "README")) else site / "zh" / name
        text = (place / "index.html").read_text("utf-8")
        title = page.read_text("utf-8").partition("\n")[0].removeprefix("# ")
        assert '<html lang="zh"' in text and title in text and 'hreflang="en"' in text, name
    found = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    assert {"首次会话", "Your first session"} <= {one["title"] for one in found["docs"]}
