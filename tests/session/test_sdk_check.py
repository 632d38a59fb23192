"""``monitor sdk check`` on the stand-in: a sample library used carefully and not, and a real one from a registry."""

import json
import subprocess
import tarfile
import zipfile
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from monitor.events import ApiCall
from monitor.evidence.verify import verify
from monitor.testing import Assessed
from tests import command
from tests.javaapp import NEEDS_JAVAC, compiled

pytestmark = pytest.mark.device
HERE = Path(__file__).parent


def check(place: Path, *words: object) -> CompletedProcess[str]:
    return command.run("sdk", "check", *words, "--out", place / "check", cwd=place)


def checked(done: CompletedProcess[str]) -> dict[str, list[dict[str, Any]]]:
    """Lines of the result by kind."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in done.stdout.splitlines():
        row = json.loads(line)
        found.setdefault(row["line"], []).append(row)
    return found


def cell(found: dict[str, list[dict[str, Any]]], name: str, situation: str) -> dict[str, Any]:
    (row,) = [row for row in found["row"] if row["name"] == name]
    one: dict[str, Any] = row["cells"][situation]
    return one


def test_a_library_that_does_more_than_it_declares(tmp_path: Path) -> None:
    out = tmp_path / "check"
    done = check(tmp_path, "beacon", "--declaration", "beacon-default", "--situation", "before_consent", "--json")
    assert done.returncode == 1, done.stderr
    found = checked(done)
    assert found["result"][0]["status"] == "undeclared" and not found["situation"][0]["untested"]
    apps = cell(found, "apps", "before_consent")
    assert apps["status"] == "undeclared" and apps["sent"] == ["collect.beacon-analytics.cn"]
    assert apps["stack"][0].startswith("cn.beacon.analytics.DeviceProfile")
    # Declared, but there was no consent yet.
    assert cell(found, "android_id", "before_consent")["status"] == "undeclared"
    assert cell(found, "collect.beacon-analytics.cn", "before_consent")["status"] == "declared"
    assert {call["result"] for call in found["call"]} == {"done"}
    verify(out / "before_consent")
    assert "cn.beacon.analytics" in (out / "check.md").read_text("utf-8")


def test_a_library_that_does_what_it_declares_and_stops_when_asked(tmp_path: Path) -> None:
    out = tmp_path / "check"
    done = check(tmp_path, "beacon", "--declaration", "beacon", "--situation", "withdrawn", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].endswith("only declared behaviour was observed")
    rows = [json.loads(line) for line in (out / "check.jsonl").read_text("utf-8").splitlines()]
    assert {row["cells"]["withdrawn"]["status"] for row in rows if row["line"] == "row"} == {"not_seen"}
    results = {row["name"]: row["result"] for row in rows if row["line"] == "call"}
    assert results == {"start": "done", "event": "done", "stop": "done"}
    read = Assessed(out / "withdrawn").events
    assert any(isinstance(event, ApiCall) and event.data_type == "android_id" for event in read)


@pytest.mark.extra("npm")
def test_a_real_library_of_a_registry(tmp_path: Path) -> None:
    """The Adjust SDK (MIT) as its Cordova plugin ships it; what the stand-in lacks of Android is named by the check."""
    jar = fetched(tmp_path)
    declared = HERE / "libraries" / "adjust.yaml"
    done = check(tmp_path, jar, "--declaration", declared, "--situation", "after_consent", "--json")
    found = checked(done)
    assert found["result"][0]["status"] in ("declared", "undeclared"), done.stderr
    assert done.returncode == (found["result"][0]["status"] == "undeclared"), done.stderr
    assert {call["name"] for call in found["call"] if call["result"] == "done"} >= {"onCreate", "onResume"}
    seen = {row["name"] for row in found["row"] if row["cells"]["after_consent"]["count"]}
    assert "app.adjust.com" in seen or "adjust.com" in seen, seen


def fetched(directory: Path) -> Path:
    """The library's jar, by npm; skips where there is no registry."""
    words = ["npm", "pack", "com.adjust.sdk@4.23.0", "--silent"]
    try:
        made = subprocess.run(words, cwd=directory, capture_output=True, text=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("the npm registry was not reached in a minute")
    if made.returncode:
        pytest.skip(f"the npm registry was not reached: {made.stderr.strip()[-200:]}")
    with tarfile.open(directory / made.stdout.strip().splitlines()[-1]) as archive:
        data = archive.extractfile("package/src/android/adjust-android.jar")
        assert data is not None
        (directory / "adjust.jar").write_bytes(data.read())
    return directory / "adjust.jar"


BROKEN = {
    "android/os/Absent": "package android.os; public class Absent { public static int level() { return 1; } }",
    "com/lacking/Sdk": """package com.lacking;
public final class Sdk {
    public static void init(android.content.Context context) {
        try { android.os.Absent.level(); } catch (Throwable caught) { return; }
        android.provider.Settings.Secure.getString(context.getContentResolver(), "android_id");
    }
    public static void probe(android.content.Context context) {
        try { Class.forName("com.optional.Feature"); } catch (ClassNotFoundException usual) { }
    }
}
""",
}
LACKING = """sdks:
- name: Lacking
  package_prefixes: [com.lacking]
  data_types: [android_id]
  entry_points:
  - {class: com.lacking.Sdk, method: init, args: [$application]}
  - {class: com.lacking.Sdk, method: probe, args: [$application]}
"""


@pytest.mark.jvm
@NEEDS_JAVAC
def test_a_library_that_catches_what_it_lacks_of_android_is_not_tested(tmp_path: Path) -> None:
    """What it lacks of an optional part of its own (``probe``) is usual."""
    classes = compiled(tmp_path, BROKEN)
    with zipfile.ZipFile(tmp_path / "lacking.jar", "w") as archive:
        archive.write(classes / "com/lacking/Sdk.class", "com/lacking/Sdk.class")
    (tmp_path / "d.yaml").write_text(LACKING, "utf-8")
    words = (tmp_path / "lacking.jar", "--declaration", tmp_path / "d.yaml", "--situation", "after_consent", "--json")
    done = check(tmp_path, *words)
    assert done.returncode == 3, done.stderr
    found = checked(done)
    assert {call["result"] for call in found["call"]} == {"done"} and len(found["call"]) == 2
    (situation,) = found["situation"]
    assert situation["untested"] == "broken"
    (lacking,) = situation["broken"]
    assert "android" in lacking and "Absent" in lacking and "(com.lacking.Sdk.init)" in lacking
    assert "Absent" in done.stdout + done.stderr
