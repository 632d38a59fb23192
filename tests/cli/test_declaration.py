"""``monitor declaration``: drafts agree with what they were made from; comparison in both directions; imports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.base.yamlfile import keys
from monitor.content import data_safety, html_text, sdk_table
from monitor.session.declaration import Declaration, load_declaration
from tests.cli.conftest import DECLARATION, Run

FILES = Path(__file__).parent / "files"


def differences(monitor: Run, file: Path, bundle: Path) -> set[tuple[str, str, str, str]]:
    done = monitor("declaration", "compare", file, bundle, "--json")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {(row["only"], row["kind"], row["name"], row["detail"]) for row in rows}


def test_a_draft_declares_what_was_seen(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    """Marked as a draft, valid, and without any difference to its own session; everything open is named."""
    file = tmp_path / "draft.yaml"
    assert monitor("declaration", "init", bundle, "-o", file).returncode == 0
    assert file.read_text("utf-8").startswith("# DRAFT")
    made = load_declaration(file)
    assert {c.data_type for c in made.collection or []} == {"android_id", "apps"}
    assert made.sdk("example_beacon") is not None and made.recipient("example_datamarket") is not None
    assert differences(monitor, file, bundle) == set()
    text = monitor("declaration", "check", file, "--lang", "en").stdout
    assert "collection.android_id: no purpose" in text and "role unknown" in text


def test_both_directions(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.yaml"
    file.write_text(DECLARATION, "utf-8")
    found = differences(monitor, file, bundle)
    assert found == {
        ("observed", "data_type", "apps", ""),
        ("observed", "permission", "READ_CONTACTS", ""),
        ("observed", "recipient", "example_datamarket", "dmp.datamarket-union.com"),
        ("declared", "data_type", "contacts", ""),
        ("declared", "sdk", "Quiet SDK", ""),
    }
    assert monitor("declaration", "compare", file, bundle, "--fail").returncode == 1
    shown = monitor("declaration", "compare", file, bundle, "--lang", "zh").stdout
    assert "已观察到但未声明：3" in shown and "仅供参考" in shown


def test_a_missing_block_is_not_an_accusation(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.yaml"
    file.write_text("app: {package: com.example.shop}\n")
    assert differences(monitor, file, bundle) == set()
    assert "no recipients block" in monitor("declaration", "compare", file, bundle, "--lang", "en").stdout


def test_a_prefix_that_others_share_is_one_line(monitor: Run, tmp_path: Path) -> None:
    file = tmp_path / "d.yaml"
    libraries = [("腾讯", "com.tencent"), ("JPush", "cn.jpush"), ("RxJava", "rx"), ("OkHttp", "okhttp3")]
    file.write_text(yaml.safe_dump({"sdks": [{"name": name, "package_prefixes": [one]} for name, one in libraries]}))
    lines = monitor("declaration", "check", file, "--lang", "en").stdout.splitlines()
    (line,) = [line for line in lines if "several vendors" in line]
    assert "sdks.腾讯" in line and "com.tencent: " in line and "Bugly" in line


def test_the_keys_are_explained_in_a_narrow_terminal(monitor: Run) -> None:
    shown = " ".join(monitor("declaration", "keys", "--lang", "en", COLUMNS="80").stdout.split())
    for _, _, text in keys(Declaration):
        assert all(word in shown for word in text.split()), text
    assert "Two capital letters" in {place: text for place, _, text in keys(Declaration)}["cross_border[].country"]


def imported(monitor: Run, file: Path, *options: str) -> tuple[dict[str, Any], str]:
    done = monitor("declaration", "import", file, *options, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# DRAFT")
    return yaml.safe_load(done.stdout), done.stderr


def test_import_of_a_chinese_html_list(monitor: Run) -> None:
    """The permissions table is no SDK list; split cells, breaks and scripts do no harm; unread rows are reported."""
    data, reported = imported(monitor, FILES / "sdks_zh.html")
    first, second, third = data["sdks"]
    assert first["name"] == "友盟统计SDK" and first["vendor"].startswith("友盟同欣")
    assert set(first["data_types"]) >= {"imei", "mac", "android_id", "oaid", "ip", "apps"}
    assert first["purposes"] == ["统计分析", "崩溃分析"] and first["policy_url"] == "https://www.umeng.com/policy"
    assert set(second["data_types"]) == {"location", "wifi_scan"} and "data_types" not in third
    assert "未知项" in reported


def test_import_of_an_english_markdown_list(monitor: Run, tmp_path: Path) -> None:
    data, _ = imported(monitor, FILES / "sdks_en.md", "--format", "sdk-table")
    first, second = data["sdks"]
    assert first["name"] == "Acme Push" and first["package_prefixes"] == ["com.acme.push"]
    assert first["hosts"] == ["api.acme.example", "x.acme.example"] and set(first["data_types"]) == {"android_id", "ip"}
    assert second["name"] == "Other | Kit" and second["data_types"] == ["location"]


def test_import_of_csv_joins_rows_of_one_library(monitor: Run) -> None:
    data, _ = imported(monitor, FILES / "sdks.csv")
    (only,) = data["sdks"]
    assert set(only["data_types"]) >= {"oaid", "clipboard"} and only["vendor"] == "某公司"


def test_import_of_data_safety(monitor: Run, tmp_path: Path) -> None:
    """Only ticked boxes; purposes by type; what has no field here is reported, not silently dropped."""
    out = tmp_path / "play.yaml"
    done = monitor("declaration", "import", FILES / "play.csv", "-o", out, "--lang", "en")
    assert done.returncode == 0, done.stderr
    entries = {c.data_type: c for c in load_declaration(out).collection or []}
    assert entries["location"].necessary and entries["location"].purpose == "App functionality"
    assert entries["android_id"].risk_control and not entries["android_id"].necessary
    assert "account_pi" not in entries
    assert "PSL_FROM_THE_FUTURE" in done.stderr and "shared: gaid" in done.stderr


def test_data_safety_table_for_people() -> None:
    rows = (
        "Category | Data type | Collected | Shared | Purpose",
        "--|--|--|--|--",
        "Location | Approximate location | ❌ No | ❌ No | ",
        "Device | Device or other IDs | ✅ Yes | Yes | Analytics",
        "Other | Shoe size | Yes | No | fun",
    )
    found = data_safety.read_safety("\n".join(f"| {row} |" for row in rows))
    assert "android_id" in {entry["data_type"] for entry in found.collection} and "shared: android_id" in found.unread
    assert "location" not in {entry["data_type"] for entry in found.collection} and found.unread[0] == "Shoe size"


@pytest.mark.parametrize(
    "text",
    ["<html>" + "<" * 99_999, "<table>" * 50_000, "<table>" + "<tr><td>x" * 50_000, '"' * 100_000, "|" * 100_000,
     "<html><script>" + "<b>x" * 50_000, "\x00\ud800&#x110000;", "<table><tr><th>SDK<th>目的<tr><td>" + "a" * 9_999],
    ids=["lt", "tables", "rows", "quotes", "pipes", "script", "odd", "cell"],
)  # fmt: skip
def test_hostile_texts(text: str) -> None:
    """Bounded and without an exception for any input."""
    document = html_text.read_document(text)
    assert len(document.tables) <= 200
    assert len(sdk_table.read_sdks(text).sdks) <= 1000 and len(sdk_table.read_sdks(text, as_csv=True).sdks) <= 1000


def test_the_bundled_declarations_are_listed(monitor: Run) -> None:
    """By the names that other commands take; each can be checked."""
    rows = [json.loads(line) for line in monitor("declaration", "list", "--json").stdout.splitlines()]
    assert {"beacon", "shop"} <= {row["name"] for row in rows}
    shown = monitor("declaration", "list", "--lang", "en", COLUMNS="200").stdout
    for row in rows:
        assert row["name"] in shown and (row["app"] in shown)
        assert row["app"] or row["sdks"], row["name"]
