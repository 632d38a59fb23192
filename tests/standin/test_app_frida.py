"""Frida's portal: a second client attaches through the control port and hooks Java before the app's first line."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import frida
import frida_tools
import pytest
from appkit import MAIN, PACKAGE, Kit, run

pytestmark = pytest.mark.device
BRIDGE = Path(frida_tools.__file__).parent / "bridges" / "java.js"
SCRIPT = """
const Java = bridge;
Java.performNow(() => {
  const I = Java.use('android.app.Instrumentation');
  I.callApplicationOnCreate.implementation = function (app) { send('application'); this.callApplicationOnCreate(app); };
  const A = Java.use('android.content.ContentProvider');
  A.attachInfo.overload('android.content.Context', 'android.content.pm.ProviderInfo').implementation =
    function (c, i) { send('provider ' + i.authority.value); this.attachInfo(c, i); };
  const S = Java.use('android.provider.Settings$NameValueCache');
  S.getStringForUser.implementation = function (r, name, user) {
    send('setting ' + name);
    return this.getStringForUser(r, name, user);
  };
});
"""


def test_hooks_are_in_before_the_first_line(tmp_path: Path) -> None:
    got: list[Any] = []

    def attach(port: int, pid: int) -> Any:
        device = frida.get_device_manager().add_remote_device(f"127.0.0.1:{port}")
        assert [p.pid for p in device.enumerate_processes()] == [pid]
        assert device.enumerate_processes()[0].name == PACKAGE
        session = device.attach(pid)
        script = session.create_script(BRIDGE.read_text("utf-8") + SCRIPT)
        script.on("message", lambda message, data: got.append(message.get("payload", message)))
        script.load()
        return session

    async def scenario(kit: Kit) -> None:
        result = await kit.app.start(MAIN, held=True)
        port = kit.app.portal_port
        assert port
        session = await asyncio.to_thread(attach, port, result.pid)
        try:
            assert kit.logged() == []
            kit.app.on_debugger(result.pid)
            await kit.logs("resume")
            await kit.tap("settings")
            await kit.logs("id ca11ab1e5eed0a1d")
            await kit.until(lambda: len(got) >= 3, f"messages {got}")
        finally:
            await asyncio.to_thread(session.detach)
            frida.get_device_manager().remove_remote_device(f"127.0.0.1:{port}")
        assert got == ["provider com.example.probe.early", "application", "setting android_id"]

    run(tmp_path, scenario)
