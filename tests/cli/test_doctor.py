"""``monitor doctor`` on this host and on a device; what is broken is named with its fix and changes the exit code."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from emulator.art.bed import BUILD
from monitor.device.standin import Standin
from monitor.device.wire.server import AdbServer
from monitor.knowledge.catalogue import load_catalogue
from monitor.text import catalogue
from tests.cli.conftest import Run

pytestmark = pytest.mark.device


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_this_host(monitor: Run) -> None:
    """Everything that a session on the stand-in needs works where the tests run."""
    done = monitor("doctor", "--json")
    checks = {str(line["name"]): line for line in lines(done.stdout)}
    bad = [line for line in checks.values() if line["needed"] and line["state"] == "fail"]
    assert (done.returncode, bad) == (0, [])
    assert {"python", "data", "frida", "agent", "ptrace", "proxy", "adb", "ports", "java"} <= set(checks)
    assert "12.2" in str(checks["proxy"]["detail"])
    # Rows that are off are in the catalogue, and the self-test counts only those that the agent is asked for.
    rows = load_catalogue()
    on = [row for row in rows if row.enabled and row.kind != "field"]
    assert 0 < len(on) < len(rows) and f"{len(rows)} hooks ({len(on)} on by default)" in str(checks["data"]["detail"])


def test_this_host_in_chinese(monitor: Run) -> None:
    """Details too, but for names and versions."""
    done = monitor("doctor", "--lang", "zh", COLUMNS="200")
    assert done.returncode == 0, done.stdout
    for words in (" rules,", "attached to", "listens", "interpreter", " on Linux", "bridge java"):
        assert words not in done.stdout, words


def test_a_strange_service_on_the_adb_port_only_warns(monitor: Run) -> None:
    """The stand-in uses its own server; the fix is named nevertheless, in Chinese too."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = monitor("doctor", "--json", "--lang", "zh", ANDROID_ADB_SERVER_PORT=port)
        refused = monitor("doctor", "--device", "nothing-1", "--json", ANDROID_ADB_SERVER_PORT=port)
    (server,) = [line for line in lines(done.stdout) if line["name"] == "adb_server"]
    assert done.returncode == 0 and server["state"] == "warn" and "kill-server" in str(server["fix"])
    assert refused.returncode == 3


def test_the_android_runtime_is_built_by_one_command_in_both_languages() -> None:
    for lang in ("en", "zh"):
        assert f" {BUILD}" in catalogue(lang)["doctor.fix.art"]
    assert BUILD.startswith("uv run ")


@pytest.mark.parametrize("profile", ["rooted", "user"])
def test_a_device(monitor: Run, tmp_path: Path, profile: str) -> None:
    """Capabilities, Frida and every parser on live output. Where nothing listens, no session with hooks can run."""
    options = ["--root", str(tmp_path / "root"), "--profile", profile]
    with (
        Standin.launch(tmp_path / "standin", options=options) as standin,
        AdbServer.private(tmp_path / "adb") as server,
    ):
        done = monitor("doctor", "--device", server.connect(standin.serial), "--json")
    checks = lines(done.stdout)
    names, failed = [line["name"] for line in checks], [line for line in checks if line["state"] == "fail"]
    if profile == "user":
        assert done.returncode == 3 and [line["name"] for line in failed] == ["frida_endpoint"]
        assert "--hooks none" in str(failed[0]["fix"])
        return
    assert (done.returncode, failed) == (0, []), done.stdout
    assert names.count("parser") == 11 and {"frida_endpoint", "frida_start", "frida_version", "android"} <= set(names)
