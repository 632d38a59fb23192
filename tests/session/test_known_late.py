"""An app that sends an identifier which it kept from an earlier run, and reads it long after that: before the user has
agreed and in clear, or, its lawful twin, afterwards and encrypted."""

import json
from pathlib import Path

import pytest

from tests import command
from tests.javaapp import NEEDS_JAVAC, manifest, packed

pytestmark = [pytest.mark.device, pytest.mark.jvm, NEEDS_JAVAC]
APP = "org.example.kept"
#: As the stand-in device has it (``state/default_state.yaml``).
KEPT = "c0ffeed2" * 8
ACTIVITY = """package org.example.kept;
import android.app.Activity;
import android.app.AlertDialog;
import android.media.MediaDrm;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.UUID;
public final class MainActivity extends Activity {
    private static final boolean EARLY = %s;
    private final Handler later = new Handler(Looper.getMainLooper());
    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        if (EARLY) send("http://api.kept.example/v1");
        new AlertDialog.Builder(this).setTitle("隐私政策").setMessage("请阅读并同意《隐私政策》")
            .setPositiveButton("同意", (dialog, which) -> {
                if (!EARLY) send("https://api.kept.example/v1");
            }).setNegativeButton("不同意", (dialog, which) -> finish()).show();
    }
    private void send(String address) {
        later.postDelayed(() -> {
            try (MediaDrm drm = new MediaDrm(UUID.fromString("edef8ba9-79d6-4ace-a3c8-27dcd51d21ed"))) {
                drm.getPropertyByteArray(MediaDrm.PROPERTY_DEVICE_UNIQUE_ID);
            } catch (Exception absent) { throw new IllegalStateException(absent); }
        }, 8000);
        new Thread(() -> {
            try {
                HttpURLConnection to = (HttpURLConnection) new URL(address).openConnection();
                to.setRequestMethod("POST");
                to.setDoOutput(true);
                try (OutputStream out = to.getOutputStream()) { out.write("{\\"id\\": \\"%s\\"}".getBytes()); }
                to.getResponseCode();
            } catch (java.io.IOException offline) { }
        }).start();
    }
}
"""
SCENARIO = f"""appId: {APP}
name: kept
title: {{zh: 留存, en: Kept}}
duration: 30s
---
- launchApp: {{clearState: true}}
- extendedWaitUntil: {{visible: 不同意, timeout: 20s}}
- idle: 1s
- consent: {{scope: policy, decision: accept, tapOn: 同意}}
- idle: 11s
"""


@pytest.mark.parametrize("early", [True, False], ids=["before consent", "twin"])
def test_what_is_read_long_after_it_was_sent_is_judged_by_when_it_was_sent(tmp_path: Path, early: bool) -> None:
    app = packed(tmp_path, manifest(APP, "MainActivity"), {"MainActivity": ACTIVITY % (str(early).lower(), KEPT)})
    (tmp_path / "kept.yaml").write_text(SCENARIO, "utf-8")
    run = command.run("run", tmp_path / "kept.yaml", "--app", app, "--out", tmp_path / "b", "--quiet", cwd=tmp_path)
    assert run.returncode == 0, run.stderr

    events = [json.loads(one) for one in said(tmp_path, "events", "--all")]
    (late,) = (one for one in events if one["kind"] == "late_match")
    (sent,) = (one for one in events if one["kind"] == "transmission" and one["flow"] in late["flows"])
    assert late["t"] - sent["t"] > 5_000_000  # nothing waits as long
    assert [match["data_type"] for match in sent["matches"] if match["certainty"] == "found"] == ["drm_id"]

    found = {(one["rule"], one["status"], one["grade"]) for one in map(json.loads, said(tmp_path, "findings"))}
    states = {one["id"]: one["state"] for one in map(json.loads, said(tmp_path, "coverage")) if one["line"] == "rule"}
    about = {one for one in found if one[0] in ("COL-03", "SHR-03")}
    if early:
        assert about == {("COL-03", "evidenced", "collection"), ("SHR-03", "evidenced", "collection")}
    else:
        assert (about, states["COL-03"], states["SHR-03"]) == (set(), "silent", "silent")

    recorded = [(tmp_path / "b" / name).read_bytes() for name in ("findings.jsonl", "coverage.jsonl")]
    assert command.run("analyse", tmp_path / "b", cwd=tmp_path).returncode == 0
    assert [(tmp_path / "b" / name).read_bytes() for name in ("findings.jsonl", "coverage.jsonl")] == recorded


def said(folder: Path, what: str, *more: str) -> list[str]:
    return command.run(what, folder / "b", "--json", *more, cwd=folder).stdout.splitlines()
