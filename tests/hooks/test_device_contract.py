"""What a JVM cannot exercise: the Android side of the agent. Runs only where a device with frida-server is named.

MONITOR_TEST_SERIAL=emulator-5554 MONITOR_TEST_PACKAGE=com.android.settings pytest tests/hooks/test_device_contract.py
"""

import os

import frida
import pytest

from monitor.collectors.hooks import HookCollector
from monitor.knowledge.catalogue import load_catalogue
from tests.hooks.support import Memory, until

SERIAL, PACKAGE = os.environ.get("MONITOR_TEST_SERIAL", ""), os.environ.get("MONITOR_TEST_PACKAGE", "")


@pytest.mark.skipif(not (SERIAL and PACKAGE), reason="needs MONITOR_TEST_SERIAL and MONITOR_TEST_PACKAGE: a device")
def test_spawn_hooks_stacks_and_counts_on_a_device() -> None:
    sink = Memory()
    collector = HookCollector(frida.get_device(SERIAL, timeout=10), sink, PACKAGE, load_catalogue())
    try:
        pid = collector.spawn(PACKAGE)
        collector.resume(pid)
        assert until(lambda: len(sink.calls()) >= 3, 30)
    finally:
        collector.stop()
    assert all(state != "unknown" for state, _ in collector.reasons().values())
    with_stack = [call for call in sink.calls() if call.stack]
    assert with_stack
    for call in with_stack:
        frames = sink.stack(call.stack).frames
        assert frames
        assert any(frame.method == call.method or call.method == "$init" for frame in frames)
    # One call site has one text: ids are stable as long as nothing is compiled again.
    texts = {tuple((f.cls, f.method, f.line) for f in sink.stack(c.stack).frames) for c in with_stack}
    assert len(texts) <= len({c.stack for c in with_stack})
    assert not sink.health("lost")
