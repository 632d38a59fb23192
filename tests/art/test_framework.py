"""The product's hooks on Android's own framework: getters that call each other, caches, replies through parcels.

Skipped, with the reason, where the framework is not built; continuous integration builds it, and fails without.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import frida
import pytest

from emulator.art.framework.floor import Floor, write_state
from monitor.collectors.hooks import HookCollector
from monitor.events import ApiCall
from monitor.knowledge.catalogue import load_catalogue
from tests.hooks.support import APP, Jvm, Memory, until
from tests.javaapp import NEEDS_JAVAC, compiled
from tests.runtimes import framework

pytestmark = [pytest.mark.art, NEEDS_JAVAC]
READS = Path(__file__).parent / "framework" / "Reads.java"
#: What the floor holds whole. Of other classes it has only what these name, and Frida's bridge aborts ART at a class
#: one of whose methods has a type that is missing.
HELD = re.compile(
    r"android\.(telephony\.(Telephony|Subscription|Sms)Manager|provider\.Settings|app\.ApplicationPackageManager"
    r"|content\.(Clipboard|ContentProviderProxy|ContentResolver)|location\.Location(Manager|Listener)|accounts\.AccountManager"
    r"|app\.usage\.UsageStatsManager|os\.(Build|UserManager|SystemProperties))"
)
ROWS = [row for row in load_catalogue() if row.enabled and HELD.match(row.cls)]
SETTINGS = ["Settings$NameValueCache.getStringForUser"]
PROPERTY = ["SystemProperties.get", "SystemProperties.native_get", "SystemProperties.native_get"]
PACKAGES = "ApplicationPackageManager"
#: What the app reads: the hook that reports it, what the app gets, the hooked methods that the real code goes through.
READ = {
    "android_id": (
        "settings.secure_get",
        "ca11ab1e5eed0a1d",
        ["Settings$Secure.getStringForUser", *SETTINGS],
    ),
    "device_name": ("settings_global.get_string", "金丝雀的手机", SETTINGS),
    "imei": ("telephony.get_imei", "860012340567894", ["TelephonyManager.getImei"]),
    "imei_slot": ("telephony.get_imei", "860012340567902", []),
    "device_id": ("telephony.get_device_id", "860012340567894", []),
    "device_id_slot": ("telephony.get_device_id", "860012340567894", []),
    "meid": ("telephony.get_meid", "A0000012C0FFEE", ["TelephonyManager.getMeid"]),
    "subscriber_id": ("telephony.get_subscriber_id", "460001357924680", ["TelephonyManager.getSubscriberId"]),
    "sim_serial": (
        "telephony.get_sim_serial_number",
        "89860012345678901238",
        ["TelephonyManager.getSimSerialNumber"],
    ),
    "line1": ("telephony.get_line1_number", "+8613800001357", ["TelephonyManager.getLine1Number"]),
    "software_version": (
        "telephony_manager.get_device_software_version",
        "01",
        ["TelephonyManager.getDeviceSoftwareVersion"],
    ),
    "sim_operator": ("telephony.get_sim_operator", "46000", PROPERTY),
    "network_operator": ("telephony.get_network_operator", "46000", PROPERTY),
    "cells": ("cell.all_info", "2", []),
    "cell_location": ("cell.location", "71234567", []),
    "clip": ("clipboard.get_primary", "收件人金小雀", []),
    "clip_text": ("clipboard.get_text", "收件人金小雀", ["ClipboardManager.getPrimaryClip"]),
    "location": ("location.last_known", "gps", ["LocationManager.getLastKnownLocation"]),
    "packages": (
        "apps.installed_packages",
        "19",
        [f"{PACKAGES}.getInstalledPackages", f"{PACKAGES}.getInstalledPackagesAsUser"],
    ),
    "applications": ("apps.installed_applications", "19", [f"{PACKAGES}.getInstalledApplicationsAsUser"] * 2),
    "launchers": (
        "apps.query_activities",
        "7",
        [f"{PACKAGES}.queryIntentActivities", f"{PACKAGES}.queryIntentActivitiesAsUser"],
    ),
    "accounts": ("accounts.all", "canary.user@canary.example", []),
    "accounts_by_type": ("accounts.by_type", "1", []),
    "usage": ("procs.usage_stats", "6", []),
    "serial": ("build.get_serial", "STANDINCANARY7731", []),
    "subscriptions": (
        "subscription.get_active_list",
        "1",
        ["SubscriptionManager.getActiveSubscriptionInfoList"],
    ),
    "user_name": ("user_manager.get_user_name", "Owner", []),
    "contacts": (
        "content.query",
        "4",
        ["ContentResolver.query", "ContentResolver.query", "ContentProviderProxy.query"],
    ),
}


@pytest.fixture(scope="module")
def floor() -> Floor:
    return framework()


@pytest.fixture(scope="module")
def classes(floor: Floor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app, as dex."""
    source = {f"{APP.replace('.', '/')}/Reads": READS.read_text("utf-8")}
    return floor.bed.dex("path", compiled(tmp_path_factory.mktemp("reads"), source))


@pytest.fixture
def start(floor: Floor, classes: Path, tmp_path: Path) -> Iterator[Callable[..., tuple[Jvm, Memory]]]:
    """Starts the app with its hooks in force. ``denied``: methods of services that throw."""
    running: list[tuple[Jvm, HookCollector]] = []

    def begin(*denied: str) -> tuple[Jvm, Memory]:
        state, program = tmp_path / "state.json", tmp_path / "java"
        write_state(state, denied=denied)
        words = [f"{name}={value}" for name, value in floor.environment(state).items()]
        program.write_text(
            f"#!/bin/sh\nexec env {shlex.join([*words, *floor.command(str(classes), f'{APP}.Reads')])}\n"
        )
        program.chmod(0o755)
        app, sink = Jvm(str(program)), Memory()
        app.read("ready")
        collector = HookCollector(frida.get_local_device(), sink, APP, ROWS)
        running.append((app, collector))
        collector.attach(app.pid)
        assert until(lambda: all(sink.state(row.id) for row in ROWS))
        return app, sink

    yield begin
    for app, collector in running:
        app.kill()
        collector.stop()


def read(app: Jvm, sink: Memory, name: str) -> tuple[str, list[ApiCall]]:
    """What the app got, and the reads that were reported for it: sources that no other hooked call encloses. The SMS
    that is sent next ends them: events of a process come in their order."""
    before = len(sink.events)
    (answer,) = app.do(name)
    assert app.do("sms") == ["sent"]
    assert until(lambda: any(one.hook == "sms_manager.send_text_message" for one in since(sink, before)))
    return answer, [one for one in since(sink, before) if one.role == "source" and not one.parent]


def since(sink: Memory, before: int) -> list[ApiCall]:
    return [one for one in list(sink.events)[before:] if isinstance(one, ApiCall)]


def short(names: list[str]) -> list[str]:
    return [".".join(name.split(".")[-2:]) for name in names]


def test_each_read_is_reported_once_with_the_apps_frame(start: Callable[..., tuple[Jvm, Memory]]) -> None:
    app, sink = start()
    for name, (hook, expected, inner) in READ.items():
        answer, calls = read(app, sink, name)
        assert expected in answer, (name, answer)
        assert [(call.hook, call.outcome, short(call.inner)) for call in calls] == [(hook, "value", inner)], name
        assert any(frame.cls == f"{APP}.Reads" for frame in sink.stack(calls[0].stack).frames), name


def test_a_second_read_from_a_cache_is_reported_too(start: Callable[..., tuple[Jvm, Memory]]) -> None:
    app, sink = start()
    first, second = (read(app, sink, "android_id") for _ in range(2))
    assert first[0] == second[0]
    assert [call.hook for call in second[1]] == ["settings.secure_get"]
    assert first[1][0].inner == second[1][0].inner
    before = len(sink.events)
    assert read(app, sink, "device_name")[0] == "金丝雀的手机"
    read_there = {call.data_type for call in since(sink, before) if call.role == "source"}
    assert read_there == {"hw_fp"}  # below it a provider is called that has the Android ID, too
    assert [len(read(app, sink, "accounts")[1]) for _ in range(2)] == [1, 1]


def test_a_location_is_delivered_as_android_hands_it_over(start: Callable[..., tuple[Jvm, Memory]]) -> None:
    """The service tells the app's transport, with a list, which posts to the thread that the app named."""
    app, sink = start()
    before = len(sink.events)
    answer, calls = read(app, sink, "updates")
    assert answer == "gps on updates"
    assert [call.hook for call in calls] == ["location.request_updates"]
    assert until(
        lambda: {"location.delivered_transport", "location.delivered"} <= {x.hook for x in since(sink, before)}
    )


def test_a_reply_that_throws_is_a_denied_read(start: Callable[..., tuple[Jvm, Memory]]) -> None:
    app, sink = start("getMeidForSlot")
    answer, calls = read(app, sink, "meid")
    assert answer == "threw java.lang.SecurityException"
    assert [(call.hook, call.outcome, call.exception) for call in calls] == [
        ("telephony.get_meid", "denied", "java.lang.SecurityException")
    ]
