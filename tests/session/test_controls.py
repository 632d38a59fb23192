"""An app whose notice is made of texts and pictures that can be tapped, which says what it wants a permission for in
the moment it asks, and whose receiver starts another app's service: everything is seen as it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import command
from tests.javaapp import NEEDS_JAVAC, manifest, packed

pytestmark = [pytest.mark.device, pytest.mark.jvm, NEEDS_JAVAC]
MANIFEST = manifest(
    "org.example.controls", "MainActivity", permissions=["READ_CONTACTS"],
    more='<receiver android:name=".Woken" android:exported="false"/>',
).replace("<application", '<application android:name=".App"')  # fmt: skip
START = 'new Intent().setComponent(new ComponentName("com.other.app", "com.other.app.%s"))'
SOURCES = {
    "App": f"""package org.example.controls;
import android.app.Application;
import android.content.ComponentName;
import android.content.Intent;
public final class App extends Application {{
    @Override public void onCreate() {{
        super.onCreate();
        try {{ startService({START % "FromApplication"}); }} catch (RuntimeException refused) {{ }}
    }}
}}
""",
    "Woken": f"""package org.example.controls;
import android.content.BroadcastReceiver;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
public final class Woken extends BroadcastReceiver {{
    @Override public void onReceive(Context context, Intent intent) {{
        try {{ context.startService({START % "FromReceiver"}); }} catch (RuntimeException refused) {{ }}
    }}
}}
""",
    "MainActivity": """package org.example.controls;
import android.app.Activity;
import android.app.Dialog;
import android.app.Instrumentation;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;
import android.widget.Button;
import android.widget.FrameLayout;
import android.widget.ImageView;
import android.widget.LinearLayout;
import android.widget.TextView;
public final class MainActivity extends Activity {
    private TextView about;
    private TextView hidden;
    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        LinearLayout page = new LinearLayout(this);
        about = text("欢迎", null);
        page.addView(about);
        Button friends = new Button(this);
        friends.setText("好友");
        friends.setOnClickListener(view -> {
            about.setText("为查找好友，需要访问通讯录");
            about.postDelayed(() -> hidden.performClick(), 300);
            new Instrumentation().callActivityOnDestroy(this);
            requestPermissions(new String[] {"android.permission.READ_CONTACTS"}, 7);
        });
        page.addView(friends);
        hidden = text("自动", view -> { });
        page.addView(hidden);
        setContentView(page);
        notice();
    }
    private void notice() {
        Dialog dialog = new Dialog(this);
        dialog.setTitle("隐私政策");
        LinearLayout page = new LinearLayout(this);
        page.addView(text("请阅读并同意《隐私政策》", null));
        page.addView(text("不同意", view -> finish()));
        FrameLayout agree = new FrameLayout(this);
        agree.addView(text("同意", null));
        agree.setOnClickListener(view -> {
            dialog.dismiss();
            sendBroadcast(new Intent(this, Woken.class));
        });
        page.addView(agree);
        ImageView close = new ImageView(this);
        close.setContentDescription("关闭");
        close.setOnClickListener(view -> dialog.dismiss());
        page.addView(close);
        unseen(page);
        dialog.setContentView(page);
        dialog.show();
    }
    private void unseen(LinearLayout page) {
        FrameLayout faint = new FrameLayout(this);
        faint.setAlpha(0.05f);
        faint.addView(text("faint", null));
        page.addView(faint);
        TextView tiny = text("tiny", null);
        tiny.setTextSize(0, 1f);
        page.addView(tiny);
        TextView clear = text("clear", null);
        clear.setTextColor(0x00ffffff);
        page.addView(clear);
        FrameLayout white = new FrameLayout(this);
        white.setBackgroundColor(0xffffffff);
        TextView alike = text("alike", null);
        alike.setTextColor(0xffffffff);
        white.addView(alike);
        white.addView(text("plain", null));
        page.addView(white);
    }
    private TextView text(String words, View.OnClickListener listener) {
        TextView view = new TextView(this);
        view.setText(words);
        if (listener != null) view.setOnClickListener(listener);
        return view;
    }
}
""",
}
SCENARIO = """appId: org.example.controls
name: controls
title: {zh: 控件, en: Controls}
duration: 20s
---
- launchApp: {clearState: true}
- extendedWaitUntil: {visible: 不同意, timeout: 20s}
- consent: {scope: policy, decision: accept, tapOn: 同意}
- idle: 1s
- tapOn: 好友
- permission: {name: READ_CONTACTS, decision: deny}
- idle: 1s
- killApp
- idle: 1s
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("controls")
    app = packed(folder, MANIFEST, SOURCES)
    (folder / "controls.yaml").write_text(SCENARIO, "utf-8")
    out = folder / "bundle"
    run = command.run("run", folder / "controls.yaml", "--app", app, "--out", out, "--quiet", cwd=folder)
    assert run.returncode == 0, run.stderr
    return out


def rows(bundle: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bundle / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def events(bundle: Path) -> list[dict[str, Any]]:
    return sorted(
        (
            json.loads(line)
            for path in (bundle / "data" / "events").glob("*.jsonl")
            for line in path.open(encoding="utf-8")
        ),
        key=lambda event: event["seq"],
    )


def test_texts_and_pictures_that_can_be_tapped_are_buttons(events: list[dict[str, Any]], bundle: Path) -> None:
    notice = next(e for e in events if e["kind"] == "window" and e.get("title") == "隐私政策")
    assert (notice["texts"][0], notice["buttons"]) == ("请阅读并同意《隐私政策》", ["不同意", "同意", "关闭"])
    rules = {f["rule"] for f in rows(bundle, "findings.jsonl")}
    assert not rules & {"CON-01", "CON-03"}


def test_a_tap_tells_what_of_its_window_cannot_be_seen(events: list[dict[str, Any]]) -> None:
    agreed = next(e for e in events if e["kind"] == "tap" and e["via"] == "hook" and e["label"] == "同意")
    assert agreed["unseen"] == ["faint", "tiny", "clear", "alike"]


def test_what_is_said_in_the_moment_of_asking_is_read_before_the_request(
    events: list[dict[str, Any]], bundle: Path
) -> None:
    request = next(e for e in events if e["kind"] == "permission_request")
    said = [e for e in events if e["kind"] == "window" and "为查找好友，需要访问通讯录" in e.get("texts", [])]
    assert said and said[0]["seq"] < request["seq"]
    assert "PRM-04" not in {f["rule"] for f in rows(bundle, "findings.jsonl")}


def test_what_a_receiver_and_an_application_start_are_events_of_their_own(events: list[dict[str, Any]]) -> None:
    started = {
        e["args"]["component"] for e in events if e["kind"] == "api_call" and e["hook"] == "context.start_service"
    }
    assert started == {"com.other.app/com.other.app.FromApplication", "com.other.app/com.other.app.FromReceiver"}
    assert [e for e in events if e["kind"] == "lifecycle" and e["what"] == "receiver"]


def test_a_click_of_the_apps_own_code_is_told_as_such(events: list[dict[str, Any]]) -> None:
    told = {e["label"]: e.get("own", False) for e in events if e["kind"] == "tap" and e["via"] == "hook"}
    assert told == {"同意": False, "好友": False, "自动": True}


def test_an_app_tells_no_state_of_its_activity(events: list[dict[str, Any]]) -> None:
    told = [e["what"] for e in events if e["kind"] == "lifecycle" and e["src"].startswith("hooks")]
    assert "activity_resumed" in told and "activity_destroyed" not in told


def test_an_app_that_is_killed_is_gone(events: list[dict[str, Any]]) -> None:
    kill = next(e for e in events if e["kind"] == "step" and e["verb"] == "killApp" and e["state"] == "ok")
    ends = [e for e in events if e["kind"] == "lifecycle" and e["what"] in ("background", "process_exit")]
    assert [e["what"] for e in ends][:2] == ["background", "process_exit"]
    assert kill["seq"] > ends[0]["seq"]
