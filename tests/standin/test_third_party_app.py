"""Follows ``emulator/README.md`` as a third party would, with the files and commands taken from the text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from handset import ROOT, Handset

from emulator.standin.packages.apk import read_archive
from tests.javaapp import NEEDS_JAVAC

README = (ROOT / "emulator" / "README.md").read_text("utf-8")

pytestmark = [
    pytest.mark.jvm,
    NEEDS_JAVAC,
]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The app of the README, made with the README's commands."""
    directory = tmp_path / "readme"
    files = re.findall(r"^`(hello/[^`]+)`\n\n```\w+\n(.*?)^```", README, re.M | re.S)
    assert [name for name, _ in files] == [
        "hello/AndroidManifest.xml",
        "hello/src/org/example/hello/MainActivity.java",
    ]
    for name, text in files:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, "utf-8")
    commands = re.search(r"^```sh\n(javac .*?)^```", README, re.M | re.S)
    assert commands
    env = {
        **os.environ,
        "JAR": str(ROOT / "emulator" / "java" / "standin.jar"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(["sh", "-ec", commands[1]], cwd=directory, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return directory / "hello.apk"


@pytest.mark.device
def test_readme_app_runs(adb_server: tuple[str, dict[str, str]], built: Path, tmp_path: Path) -> None:
    assert (read_archive(built).name, read_archive(built).target_sdk) == ("org.example.hello", 33)
    device = Handset(*adb_server, tmp_path)
    try:
        device.adb("install", str(built))
        device.shell("am start -n org.example.hello/.MainActivity")
        device.wait_log("Hello", "ready")
        device.tap("Read")
        assert "16 <unknown ssid>" in device.wait_log("Hello", "16")
        assert ("android_id", "value", "org.example.hello.MainActivity") in device.reads()
    finally:
        device.close()
