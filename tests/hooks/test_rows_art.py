"""The whole catalogue in one process of ART with the stand-in's framework: what is there is hooked, and proven."""

import os
from collections import Counter
from pathlib import Path

import frida
import pytest

from monitor.collectors.hooks import HookCollector
from monitor.knowledge.catalogue import load_catalogue
from tests.hooks.support import APP, CLASSES, Jvm, Memory, until
from tests.runtimes import art_bed

pytestmark = pytest.mark.art
FRAMEWORK = Path(__file__).resolve().parents[2] / "emulator" / "java" / "standin.jar"
#: Rows that no process without the app's own classes has, and functions of Bionic's.
ELSEWHERE = {"absent_class", "absent_module", "absent_symbol"}


def test_no_row_of_a_class_that_is_there_is_unproven(sink: Memory, tmp_path: Path) -> None:
    bed = art_bed()
    program = tmp_path / "java"  # with the framework in the boot class path, as an app's process has it
    framework = bed.dex("framework", FRAMEWORK)
    program.write_text(f'#!/bin/sh\nexec "{bed.java}" "-Xbootclasspath/a:{framework}" -cp "{CLASSES}" {APP}.Main\n')
    program.chmod(0o755)
    rows = [row for row in load_catalogue() if row.enabled]
    app = Jvm(str(program))
    collector = HookCollector(frida.get_local_device(), sink, APP, rows, {})
    try:
        app.read("ready")
        collector.attach(app.pid)
        assert until(lambda: all(sink.state(row.id) for row in rows))
        states = Counter(sink.state(row.id) for row in rows)
    finally:
        app.kill()
        collector.stop()
    print(os.uname().machine, dict(states))
    here = {state: count for state, count in states.items() if state not in ELSEWHERE}
    assert not here.get("unproven") and not here.get("error"), states
    assert here["hooked"] >= 0.9 * sum(here.values()), states
