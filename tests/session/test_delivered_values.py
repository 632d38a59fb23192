"""Values that come by a callback or a task, and leave in clear: found; what a lawful app delivers to itself: silent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.assess.opened import Opened
from monitor.events import ApiCall
from tests import command
from tests.javaapp import NEEDS_JAVAC, manifest, packed

pytestmark = [pytest.mark.device, NEEDS_JAVAC]

PACKAGE = "com.example.later"
#: The clients are made when the screen is, and used a moment later, as apps do.
MAIN = """package com.example.later;
import android.location.*;
import android.os.*;
import android.telephony.*;
import com.google.android.gms.appset.*;
import com.google.android.gms.location.*;
import com.google.android.gms.tasks.*;
import java.net.*;
import java.util.List;
public class Main extends android.app.Activity {
    private FusedLocationProviderClient fused;
    private AppSetIdClient ids;
    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        fused = LocationServices.getFusedLocationProviderClient(this);
        ids = AppSet.getClient(this);
        new Handler(Looper.getMainLooper()).postDelayed(this::ask, 1000);
    }
    private void ask() {
        LocationManager places = getSystemService(LocationManager.class);
        places.getCurrentLocation("gps", new CancellationSignal(), Runnable::run, place -> send("current", place));
        fused.getLastLocation().addOnSuccessListener(place -> send("last", place));
        ids.getAppSetIdInfo().addOnSuccessListener(info -> send("set", info.getId()));
        TelephonyManager phone = getSystemService(TelephonyManager.class);
        phone.requestCellInfoUpdate(Runnable::run, new TelephonyManager.CellInfoCallback() {
            @Override public void onCellInfo(List<CellInfo> cells) {
                send("cell", "" + ((CellInfoLte) cells.get(0)).getCellIdentity().getCi());
            }
        });
    }
    private static void send(String name, Location place) {
        send(name, place.getLatitude() + "," + place.getLongitude());
    }
    private static void send(String name, String value) {
        %s
    }
}"""
SENDS = """new Thread(() -> {
            try {
                URL to = new URL("http://collect.example/" + name + "?v=" + value);
                ((HttpURLConnection) to.openConnection()).getResponseCode();
            } catch (java.io.IOException e) { android.util.Log.e("later", "failed", e); }
        }).start();"""
#: It asks for the same and keeps it.
KEEPS = """android.util.Log.i("later", name + " " + value.length());"""
PERMISSIONS = ("INTERNET", "ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION", "READ_PHONE_STATE")


#: Rows that hand the values over, by the name that the app sends them with.
ROWS = {
    "current": ("location.current_delivered", "location"),
    "last": ("task.get_result", "location"),
    "set": ("app_set_id_info.get_id", "install_id"),
    "cell": ("cell_info_callback.on_cell_info", "cell"),
}


def session(folder: Path, does: str) -> tuple[dict[str, ApiCall], list[dict[str, Any]]]:
    """The calls that held a value, by row, and the findings."""
    about = manifest(PACKAGE, "Main", permissions=PERMISSIONS)
    app = packed(folder, about, {f"{PACKAGE}.Main".replace(".", "/"): MAIN % does})
    (folder / "s.yaml").write_text(
        f"appId: {PACKAGE}\n---\n- launchApp:\n    permissions: {{all: allow}}\n- idle: 5s\n"
    )
    done = command.run("run", folder / "s.yaml", "--app", app, "--quiet", "--out", folder / "bundle", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    lines = [json.loads(one) for one in (folder / "bundle" / "findings.jsonl").read_text("utf-8").splitlines()]
    with Opened(folder / "bundle") as opened:
        calls = {e.hook: e for e in opened.events() if isinstance(e, ApiCall) and e.values}
    return calls, lines


def test_a_value_that_a_callback_or_a_task_hands_over_is_followed(tmp_path: Path) -> None:
    calls, findings = session(tmp_path, SENDS)
    assert {hook: calls[hook].data_type for hook, _ in ROWS.values()} == dict(ROWS.values())
    sent = {
        f["data_type"]
        for f in findings
        if (f["rule"], f["status"], f["grade"]) == ("COL-03", "evidenced", "collection")
    }
    assert sent >= {data_type for _, data_type in ROWS.values()}


def test_what_an_app_keeps_is_not_collected(tmp_path: Path) -> None:
    calls, findings = session(tmp_path, KEEPS)
    assert calls.keys() >= {hook for hook, _ in ROWS.values()}
    assert [f for f in findings if f["grade"] == "collection"] == []
