"""A well-behaved app that asks in words of its own, on the stand-in device: with the scenario's steps it is found as it
is, without them nothing that it was allowed is evidence."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import command
from tests.javaapp import NEEDS_JAVAC, manifest, packed

pytestmark = [pytest.mark.device, pytest.mark.jvm, NEEDS_JAVAC]
#: The notice is a whole page, its controls are texts that can be tapped; what is allowed is read one second later.
SOURCE = """package org.example.words;

import android.app.Activity;
import android.app.AlertDialog;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.provider.Settings;
import android.util.Log;
import android.view.View;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;

public final class MainActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        LinearLayout page = new LinearLayout(this);
        page.setOrientation(LinearLayout.VERTICAL);
        page.addView(text("先看看我们怎么照看你托付的点点滴滴，看完再走也不迟", null));
        page.addView(text("出发吧", view -> home()));
        page.addView(text("先逛逛", view -> finish()));
        setContentView(page);
    }

    private TextView text(String words, View.OnClickListener listener) {
        TextView view = new TextView(this);
        view.setText(words);
        if (listener != null) {
            view.setOnClickListener(listener);
        }
        return view;
    }

    private void home() {
        Button button = new Button(this);
        button.setText("广场");
        LinearLayout page = new LinearLayout(this);
        page.addView(button);
        setContentView(page);
        new Handler(Looper.getMainLooper()).postDelayed(this::read, 1000);
    }

    private void read() {
        String id = Settings.Secure.getString(getContentResolver(), Settings.Secure.ANDROID_ID);
        Log.i("Words", "read " + id.length());
    }
}
"""
HEAD = """appId: org.example.words
name: words
title: {zh: 未列出的用词, en: Words of its own}
duration: 10s
---
- launchApp: {clearState: true}
- extendedWaitUntil: {visible: 出发吧, timeout: 20s}
- idle: 1s
"""
STATED = "- consent: {scope: policy, decision: accept, tapOn: 出发吧}\n"
TAPPED = "- tapOn: 出发吧\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    return packed(folder, manifest("org.example.words", "MainActivity"), {"MainActivity": SOURCE})


def played(app: Path, folder: Path, steps: str) -> tuple[set[tuple[str, str]], list[dict[str, Any]]]:
    """Rule and status of the findings about consent, and the notes on dialogs that could not be read."""
    scenario = folder / "words.yaml"
    scenario.write_text(HEAD + steps + "- idle: 4s\n", "utf-8")
    out = folder / "bundle"
    run = command.run("run", scenario, "--app", app, "--out", out, "--quiet", cwd=folder)
    assert run.returncode == 0, run.stderr
    read = lambda name: [json.loads(line) for line in (out / name).read_text("utf-8").splitlines()]  # noqa: E731
    about = {(f["rule"], f["status"]) for f in read("findings.jsonl") if f["rule"] in ("COL-01", "COL-02", "CON-01")}
    return about, [line for line in read("coverage.jsonl") if line["id"] == "unread_dialog"]


def test_with_the_step_it_is_an_agreement(app: Path, tmp_path: Path) -> None:
    found, unread = played(app, tmp_path, STATED)
    assert (found, unread) == (set(), [])


def test_without_it_nothing_is_evidence_and_the_dialog_is_listed(app: Path, tmp_path: Path) -> None:
    found, unread = played(app, tmp_path, TAPPED)
    assert {status for _, status in found} == {"inconclusive"} and {"COL-01", "CON-01"} == {rule for rule, _ in found}
    assert [line["detail"]["control"] for line in unread] == ["出发吧"]
