"""An app with a class of its own in a library's package, and the same with as many classes as a library has."""

import html
import json
from pathlib import Path

import pytest

from tests import command
from tests.javaapp import NEEDS_JAVAC, manifest, packed

pytestmark = [pytest.mark.device, pytest.mark.jvm, NEEDS_JAVAC]
MAIN = """package org.example.framer;
import android.app.Activity;
import android.os.Bundle;
public final class Main extends Activity {
    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        com.umeng.analytics.Helper.start(this);
    }
}
"""
HELPER = """package com.umeng.analytics;
import android.content.Context;
import android.provider.Settings;
public final class Helper {
    public static void start(Context context) {
        Runnable reading = new Runnable() {
            @Override public void run() {
                Settings.Secure.getString(context.getContentResolver(), "android_id");
            }
        };
        reading.run();
    }
}
"""
STEPS = "appId: org.example.framer\nname: framer\n---\n- launchApp: {clearState: true}\n- idle: 2s\n"


@pytest.mark.parametrize(("more", "status"), [(0, "review"), (4, "evidenced")])
def test_a_name_alone_accuses_no_library(more: int, status: str, tmp_path: Path) -> None:
    others = {f"com/umeng/analytics/C{n}": f"package com.umeng.analytics; class C{n} {{}}" for n in range(more)}
    sources = {"org/example/framer/Main": MAIN, "com/umeng/analytics/Helper": HELPER}
    app = packed(tmp_path, manifest("org.example.framer", "Main"), sources | others)
    (tmp_path / "steps.yaml").write_text(STEPS, "utf-8")
    out = tmp_path / "bundle"
    done = command.run("run", "steps.yaml", "--app", app, "--quiet", "--lang", "en", "--out", out, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    (ours,) = (one for one in found if one["sdk"] == "umeng_analytics" and one["rule"] == "COL-02")
    assert (ours["status"], ours["data_type"], "named_only" in ours["guards"]) == (status, "android_id", not more)
    again = command.run("analyse", out, "--lang", "en", cwd=tmp_path, COLUMNS="200")
    assert again.returncode == 0, again.stderr
    assert [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()] == found
    explained = command.run("explain", ours["fingerprint"], "--bundle", out, "--lang", "en", cwd=tmp_path).stdout
    (tmp_path / "declared.yaml").write_text("app: {package: org.example.framer}\nsdks: []\n", "utf-8")
    words = ("declaration", "compare", "declared.yaml", out, "--lang", "en")
    compared = command.run(*words, cwd=tmp_path, COLUMNS="200").stdout
    for text in (again.stdout, compared, explained, html.unescape((out / "report.html").read_text("utf-8"))):
        assert ("code named as Umeng Analytics's" in text) == (not more) and "Umeng Analytics" in text
