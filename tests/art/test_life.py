"""An app's components live on Android's own thread as they do on the stand-in's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from emulator.standin.apps.runtimes import RUNTIMES
from emulator.standin.packages.intents import Intent
from tests.hooks.support import APP
from tests.javaapp import NEEDS_JAVAC, manifest, packed
from tests.runtimes import framework
from tests.standin.appkit import device

pytestmark = [pytest.mark.device, NEEDS_JAVAC]
SOURCE = Path(__file__).parent / "framework" / "Life.java"
MORE = """<activity android:name=".Life$Other"/><service android:name=".Life$Bound"/>
<receiver android:name=".Life$Manifested"/>
<provider android:name=".Life$Kept" android:authorities="com.example.kept"/>"""
SAID = [
    "provider true",
    "activity true",
    "service created",
    "service asked",
    "bound to .Life$Bound true",
    "service start",
    "service destroyed",
    "registered receiver com.example.HEARD first",
    "receiver of the manifest second",
    "second activity",
    "activity destroyed",
]


@pytest.mark.parametrize("runtime", ["jvm", pytest.param("aosp", marks=pytest.mark.art)])
def test_services_receivers_and_screens_come_and_go(runtime: str, tmp_path: Path) -> None:
    if runtime == "aosp":
        framework()
    file = packed(
        tmp_path, manifest(APP, "Life", more=MORE), {f"{APP.replace('.', '/')}/Life": SOURCE.read_text("utf-8")}
    )

    async def whole() -> None:
        async with device(tmp_path, runtime=RUNTIMES[runtime]()) as kit:
            kit.install(file)
            await kit.app.start(Intent("android.intent.action.MAIN", f"{APP}/{APP}.Life"), wait=True)
            await kit.until(lambda: "activity destroyed" in kit.logged("life"), "the app's end")
            assert kit.logged("life") == SAID

    asyncio.run(whole())
