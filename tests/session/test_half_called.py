"""An app and a library in it that call half of the sources that their code names: the other half, and nothing else, is
the list that a tester works off."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import command
from tests.javaapp import NEEDS_JAVAC, manifest, packed

pytestmark = [pytest.mark.device, pytest.mark.jvm, NEEDS_JAVAC]

#: By owner: what is called when the app is opened, and what only a method that nobody calls names.
CALLED = {
    "app": {"Settings$Secure.getString", "TelephonyManager.getSimOperatorName", "WifiManager.getScanResults"},
    "example_beacon": {"TelephonyManager.getNetworkOperatorName", "AccountManager.getAccounts"},
}
NEVER = {
    "app": {"TelephonyManager.getImei", "ClipboardManager.getPrimaryClip", "LocationManager.getLastKnownLocation"},
    "example_beacon": {"ApplicationPackageManager.getInstalledPackages", "TelephonyManager.getDeviceId"},
}
APP = """package org.example.half;

import android.app.Activity;
import android.content.ClipboardManager;
import android.content.Context;
import android.location.LocationManager;
import android.net.wifi.WifiManager;
import android.os.Bundle;
import android.provider.Settings;
import android.telephony.TelephonyManager;

public final class MainActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Settings.Secure.getString(getContentResolver(), "android_id");
        quietly(() -> ((TelephonyManager) getSystemService(Context.TELEPHONY_SERVICE)).getSimOperatorName());
        quietly(() -> ((WifiManager) getSystemService(Context.WIFI_SERVICE)).getScanResults());
        quietly(() -> cn.beacon.analytics.Half.start(this));
    }

    void neverCalled() {
        ((TelephonyManager) getSystemService(Context.TELEPHONY_SERVICE)).getImei();
        ((ClipboardManager) getSystemService(Context.CLIPBOARD_SERVICE)).getPrimaryClip();
        ((LocationManager) getSystemService(Context.LOCATION_SERVICE)).getLastKnownLocation("gps");
    }

    static void quietly(Runnable call) {
        try {
            call.run();
        } catch (SecurityException refused) {
            // Called all the same.
        }
    }
}
"""
LIBRARY = """package cn.beacon.analytics;

import android.accounts.AccountManager;
import android.content.Context;
import android.telephony.TelephonyManager;

public final class Half {
    public static void start(Context context) {
        ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getNetworkOperatorName();
        AccountManager.get(context).getAccounts();
    }

    public static void neverCalled(Context context) {
        context.getPackageManager().getInstalledPackages(0);
        ((TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE)).getDeviceId();
    }
}
"""
SCENARIO = """appId: org.example.half
name: half
---
- launchApp: {clearState: true}
- idle: {duration: 1s, quiet: 1s}
"""


def by_owner(rows: list[dict[str, Any]], name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["owner"], set()).add(".".join(row[name].split(".")[-2:]))
    return found


def test_the_uncalled_half_is_the_list(tmp_path: Path) -> None:
    sources = {"org/example/half/MainActivity": APP, "cn/beacon/analytics/Half": LIBRARY}
    app = packed(tmp_path, manifest("org.example.half", "MainActivity"), sources)
    rows = [json.loads(line) for line in command.run("app", app, "--json", cwd=tmp_path).stdout.splitlines()]
    listed = [{**row, "api": f"{row['cls']}.{row['member']}"} for row in rows if row["line"] == "reference"]
    assert by_owner(listed, "api") == {owner: CALLED[owner] | NEVER[owner] for owner in CALLED}
    (tmp_path / "half.yaml").write_text(SCENARIO, "utf-8")
    out = tmp_path / "bundle"
    done = command.run("run", tmp_path / "half.yaml", "--app", app, "--out", out, "--quiet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (out / "coverage.jsonl").read_text("utf-8").splitlines()]
    never = by_owner([line["detail"] for line in lines if line["line"] == "reference"], "api")
    assert never == NEVER
    told = command.run("events", out, "--kind", "api_call", "--json", cwd=tmp_path)
    calls = [json.loads(line) for line in told.stdout.splitlines()]
    seen = {f"{one['cls'].rpartition('.')[2]}.{one['method']}" for one in calls}
    assert set().union(*CALLED.values()) <= seen and not seen & set().union(*NEVER.values())
