"""Helpers of the adb-side tests: a device in a thread, a small app package."""

from __future__ import annotations

import asyncio
import subprocess
import threading
import zipfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from fakeapps import FakeApps

from emulator.standin.device import Device
from emulator.standin.shell.streams import Collect, Fixed
from emulator.standin.state.device import load_state

Adb = Callable[..., "subprocess.CompletedProcess[bytes]"]

MANIFEST = """<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.demo"
    android:versionCode="{version}" android:versionName="1.2">
  <uses-sdk android:minSdkVersion="26" android:targetSdkVersion="33"/>
  <uses-permission android:name="android.permission.INTERNET"/>
  <uses-permission android:name="android.permission.READ_CONTACTS"/>
  <uses-permission android:name="android.permission.CAMERA"/>
  <application android:label="演示" android:name=".App" android:debuggable="true">
    <activity android:name=".Main" android:exported="true">
      <intent-filter>
        <action android:name="android.intent.action.MAIN"/>
        <category android:name="android.intent.category.LAUNCHER"/>
      </intent-filter>
    </activity>
    <service android:name=".Push" android:process=":push"/>
    <provider android:name="com.sdk.Init" android:authorities="com.demo.sdk;com.demo.two"/>
  </application>
</manifest>
"""


class Running:
    """A device on its own loop in a thread."""

    def __init__(self, root: Path, over: Path | None = None) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.state = self.call(self._load(over, root))
        self.apps = FakeApps(self.state)
        self.device = Device(self.state, self.apps)
        self.port = self.call(self.device.start())

    async def _load(self, over: Path | None, root: Path) -> Any:
        return load_state(over, root, root.parent / "truth.jsonl")

    def call(self, job: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(job, self.loop).result(30)

    def sh(self, line: str, stdin: bytes = b"") -> tuple[int, str, str]:
        """Runs a line in the device's shell without adb: (code, out, err)."""

        async def run() -> tuple[int, str, str]:
            out, err = Collect(), Collect()
            code = await self.device.shell().run(line, Fixed(stdin), out, err)
            return code, bytes(out.data).decode(), bytes(err.data).decode()

        result: tuple[int, str, str] = self.call(run())
        return result

    def close(self) -> None:
        self.call(self.device.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


def make_app(path: Path, version: int = 3, manifest: str = MANIFEST) -> Path:
    """A small app package."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("AndroidManifest.xml", manifest.replace("{version}", str(version)))
        archive.writestr("classes/com/demo/Main.class", b"\xca\xfe\xba\xbe")
    return path
