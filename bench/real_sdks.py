"""Real libraries in the stand-in: what they read and send once started, and to which owner it is attributed.

Run: ``python -m bench.real_sdks [NAME]...``; needs ``npm`` and ``javac`` 17. The packages come from the registry
that ``npm`` is set up with, into a temporary folder; nothing of them is kept. Each library is started by an app that
does nothing else, so that every read but the app's own start is the library's.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from emulator.java import missing
from monitor.assess.opened import Opened
from monitor.base.paths import bundled
from monitor.events import ApiCall, Health, Transmission

_FETCH_S, _RUN_S = 300, 400
_SECONDS = 25
PERMISSIONS = """INTERNET READ_PHONE_STATE ACCESS_NETWORK_STATE ACCESS_WIFI_STATE CHANGE_WIFI_STATE VIBRATE GET_TASKS
ACCESS_COARSE_LOCATION ACCESS_FINE_LOCATION WRITE_EXTERNAL_STORAGE QUERY_ALL_PACKAGES""".split()


class Unreached(Exception):
    """The packages or a tool are not available; the text says why."""


class Library(NamedTuple):
    """A library as a package carries it.

    ``jars``: package and path; ``inside``: components and metadata of the manifest; ``start``: Java statements with
    ``context``; ``owners``: ids of ``monitor/sdks`` that its code belongs to.
    """

    name: str
    version: str
    jars: tuple[tuple[str, str], ...]
    owners: frozenset[str]
    start: str
    inside: str


def _parts(kind: str, names: str, more: str = "") -> str:
    return "".join(f'<{kind} android:name="{name}" android:exported="false" {more}/>' for name in names.split())


def _meta(**values: str) -> str:
    return "".join(f'<meta-data android:name="{name}" android:value="{value}" />' for name, value in values.items())


LIBRARIES = (
    Library(
        "jpush", "4.8.1 with JCore 3.3.2",
        (("jpush-phonegap-plugin@3.8.6", "src/android/libs/jpush-android-4.8.1.jar"),
         ("cordova-plugin-jcore@1.4.4", "src/android/jcore-android-3.3.2.jar")),
        frozenset({"jpush", "jiguang_core"}),
        "cn.jpush.android.api.JPushInterface.setDebugMode(true); cn.jpush.android.api.JPushInterface.init(context);",
        _meta(JPUSH_APPKEY="0123456789abcdef01234567", JPUSH_CHANNEL="bench")
        + _parts("service", "cn.jpush.android.service.PushService cn.jpush.android.service.DaemonService")
        + _parts("receiver", "cn.jpush.android.service.PushReceiver cn.jpush.android.service.AlarmReceiver")
        + _parts("provider", "cn.jpush.android.service.DataProvider", 'android:authorities="PACKAGE.DataProvider"'),
    ),
    Library(
        "getui", "3.3.12.0 with GTC 3.2.18.0",
        (("react-native-getui@1.1.55", "android/libs/gtsdk-3.3.12.0.jar"),
         ("react-native-getui@1.1.55", "android/libs/gtc-3.2.18.0.jar")),
        frozenset({"getui"}),
        "com.igexin.sdk.PushManager.getInstance().initialize(context);",
        _meta(PUSH_APPID="AbCdEfGhIjKlMnOpQrStU1", PUSH_APPKEY="AbCdEfGhIjKlMnOpQrStU2",
              PUSH_APPSECRET="AbCdEfGhIjKlMnOpQrStU3", GETUI_APPID="AbCdEfGhIjKlMnOpQrStU1")
        + _parts("service", "com.igexin.sdk.PushService com.igexin.sdk.GService")
        + _parts("service", "com.igexin.sdk.GTIntentService com.getui.gtc.GtcService")
        + _parts("provider", "com.getui.gtc.base.GtcProvider", 'android:authorities="PACKAGE.getui.gtc.provider"'),
    ),
    Library(
        "baidu_location", "7.x (2018-05)",
        (("cordova-plugin-baidumaplocation@4.0.2", "libs/android/BaiduLBS_Android.jar"),),
        frozenset({"baidu_location", "baidu_map"}),
        "com.baidu.location.LocationClient client = new com.baidu.location.LocationClient(context);"
        "com.baidu.location.LocationClientOption option = new com.baidu.location.LocationClientOption();"
        "option.setScanSpan(3000); client.setLocOption(option); client.start();",
        _meta(**{"com.baidu.lbsapi.API_KEY": "0123456789abcdef0123456789abcdef"})
        + _parts("service", "com.baidu.location.f"),
    ),
    Library(
        "umeng", "common 1.5.3",
        (("react-native-umshare@3.0.1", "android/libs/umeng-common-1.5.3.jar"),),
        frozenset({"umeng_base"}),
        'com.umeng.commonsdk.UMConfigure.init(context, "5c1b0f0df1f5561a5e000001", "bench", 1, null);',
        "",
    ),
    Library(
        "jverification", "3.4.8 with JCore 3.3.2",
        (("jverification-react-native@2.8.8",
          "android/libs/jverification-android-not_support_dynamic-release-3.4.8.jar"),
         ("cordova-plugin-jcore@1.4.4", "src/android/jcore-android-3.3.2.jar")),
        frozenset({"jverification", "jiguang_core"}),
        "cn.jiguang.verifysdk.api.JVerificationInterface.setDebugMode(true);"
        "cn.jiguang.verifysdk.api.JVerificationInterface.init(context);",
        _meta(JPUSH_APPKEY="0123456789abcdef01234567", JPUSH_CHANNEL="bench")
        + _parts("service", "cn.jpush.android.service.PushService")
        + _parts("provider", "cn.jpush.android.service.DataProvider", 'android:authorities="PACKAGE.DataProvider"'),
    ),
    Library(
        "janalytics", "2.1.8 with JCore 3.3.2",
        (("janalytics-react-native@1.4.8", "android/libs/janalytics-android-2.1.8.jar"),
         ("cordova-plugin-jcore@1.4.4", "src/android/jcore-android-3.3.2.jar")),
        frozenset({"janalytics", "jiguang_core"}),
        "cn.jiguang.analytics.android.api.JAnalyticsInterface.setDebugMode(true);"
        "cn.jiguang.analytics.android.api.JAnalyticsInterface.init(context);"
        'cn.jiguang.analytics.android.api.JAnalyticsInterface.onPageStart(context, "home");',
        _meta(JPUSH_APPKEY="0123456789abcdef01234567", JPUSH_CHANNEL="bench")
        + _parts("service", "cn.jpush.android.service.PushService")
        + _parts("provider", "cn.jpush.android.service.DataProvider", 'android:authorities="PACKAGE.DataProvider"'),
    ),
    Library(
        "amap_location", "5.6.1 (2021-11-15)",
        (("cordova-plugin-gaodelocation-chenyu@2.0.7", "libs/android/AMap_Location_V5.6.1_20211115.jar"),),
        frozenset({"amap"}),
        "com.amap.api.location.AMapLocationClient.updatePrivacyShow(context, true, true);"
        "com.amap.api.location.AMapLocationClient.updatePrivacyAgree(context, true);"
        "try { com.amap.api.location.AMapLocationClient client ="
        " new com.amap.api.location.AMapLocationClient(context); client.startLocation(); }"
        " catch (Exception e) { throw new IllegalStateException(e); }",
        _meta(**{"com.amap.api.v2.apikey": "0123456789abcdef0123456789abcdef"})
        + _parts("service", "com.amap.api.location.APSService"),
    ),
)  # fmt: skip
MANIFEST = """<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="PACKAGE" android:versionCode="1"
    android:versionName="1.0"><uses-sdk android:minSdkVersion="24" android:targetSdkVersion="33" />USES
<application android:label="Library"><activity android:name=".Main" android:exported="true"><intent-filter>
<action android:name="android.intent.action.MAIN" /><category android:name="android.intent.category.LAUNCHER" />
</intent-filter></activity>INSIDE</application></manifest>
"""
SOURCE = """package PACKAGE;

public final class Main extends android.app.Activity {
    @Override
    protected void onCreate(android.os.Bundle state) {
        super.onCreate(state);
        android.content.Context context = this;
        START
    }
}
"""
STEPS = """appId: {package}
name: {name}
---
- launchApp: {{clearState: true, permissions: {{all: allow}}}}
- idle: {seconds}s
"""


def fetched(package: str, into: Path) -> Path:
    """A package of the registry, unpacked. Raises ``Unreached``."""
    folder = into / package.replace("@", "-")
    if folder.is_dir():
        return folder
    npm = shutil.which("npm")
    if npm is None:
        raise Unreached("npm is not installed")
    try:
        done = subprocess.run([npm, "pack", package, "--silent"], cwd=into, capture_output=True, text=True,
                              timeout=_FETCH_S)  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unreached("the registry did not answer") from None
    if done.returncode or not done.stdout.strip():
        raise Unreached(f"npm pack {package}: {done.stderr.strip()[-200:] or 'nothing'}")
    with tarfile.open(into / done.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder


def built(library: Library, into: Path) -> tuple[Path, list[Path]]:
    """An app that starts the library, and the library's jars. Raises ``Unreached``."""
    jars = [fetched(package, into) / "package" / path for package, path in library.jars]
    name = f"org.example.{library.name.replace('_', '')}"
    work = into / library.name
    (work / "classes").mkdir(parents=True)
    source = work / "Main.java"
    source.write_text(SOURCE.replace("PACKAGE", name).replace("START", library.start), "utf-8")
    path = ":".join(map(str, (*jars, bundled("emulator") / "java" / "standin.jar")))  # which has some of their names
    command = ["javac", "--release", "17", "-nowarn", "-cp", path, "-d", str(work / "classes"), str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Unreached(done.stderr[-400:])
    for jar in jars:
        with zipfile.ZipFile(jar) as archive:
            archive.extractall(work / "classes", [n for n in archive.namelist() if n.endswith(".class")])
    uses = "".join(f'<uses-permission android:name="android.permission.{one}" />' for one in PERMISSIONS)
    manifest = MANIFEST.replace("INSIDE", library.inside).replace("USES", uses).replace("PACKAGE", name)
    app = work / "app.apk"
    with zipfile.ZipFile(app, "w") as archive:
        archive.writestr("AndroidManifest.xml", manifest)
        for file in sorted((work / "classes").rglob("*.class")):
            archive.write(file, file.relative_to(work).as_posix())
    return app, jars


class Seen(NamedTuple):
    """What a session showed: reads by owner, requests by owner, what was met and lacking, members lacking on paper."""

    reads: Counter[str]
    requests: Counter[str]
    lacking: list[str]
    on_paper: int

    def own(self, library: Library) -> int:
        """Reads attributed to the library."""
        return sum(count for owner, count in self.reads.items() if owner in library.owners)

    def sent(self, library: Library) -> int:
        """Requests attributed to the library."""
        return sum(count for owner, count in self.requests.items() if owner in library.owners)


def seen(library: Library, into: Path) -> Seen:
    """Start the library in a session. Raises ``Unreached``."""
    app, jars = built(library, into)
    steps, bundle = app.parent / "steps.yaml", app.parent / "bundle"
    name = f"org.example.{library.name.replace('_', '')}"
    steps.write_text(STEPS.format(package=name, name=library.name, seconds=_SECONDS), "utf-8")
    command = [sys.executable, "-m", "monitor", "run", str(steps), "--app", str(app), "--out", str(bundle), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_RUN_S)
    if done.returncode not in (0, 1):
        raise Unreached(f"{library.name}: {done.stderr.strip()[-300:]}")
    reads: Counter[str] = Counter()
    requests: Counter[str] = Counter()
    lacking: list[str] = []
    with Opened(bundle) as opened:
        for event in opened.events():
            if isinstance(event, ApiCall) and event.role == "source":
                reads[event.sdk] += event.count
            elif isinstance(event, Transmission):
                requests[event.sdk] += 1
            elif isinstance(event, Health) and "lacks" in event.detail.get("what", ""):
                lacking.append(event.detail.get("why", ""))
    classes = [data for jar in jars for data in missing.class_files(jar)]
    return Seen(reads, requests, lacking, len(missing.missing(classes, missing.Platform())))


def main() -> None:
    """Print the table."""
    wanted = sys.argv[1:] or [library.name for library in LIBRARIES]
    print("library | version | artefacts | reads | its own | the app's | requests | its own | lacking: met | on paper")
    with tempfile.TemporaryDirectory() as folder:
        for library in (one for one in LIBRARIES if one.name in wanted):
            try:
                found = seen(library, Path(folder))
            except Unreached as reason:
                print(library.name, "|", reason)
                continue
            row = (library.name, library.version, ", ".join(package for package, _ in library.jars),
                   found.reads.total(), found.own(library), found.reads["app"], found.requests.total(),
                   found.sent(library), len(found.lacking), found.on_paper)  # fmt: skip
            print(*row, sep=" | ", flush=True)
            print("  reads", json.dumps(found.reads), "requests", json.dumps(found.requests))
            for why in found.lacking:
                print("  lacks:", why)


if __name__ == "__main__":
    main()
