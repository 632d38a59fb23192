"""A running stand-in device and what a person does with it: install, start, look, tap, read the log."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]


class Handset:
    """``python -m emulator.standin`` as a process, driven with the adb binary only."""

    def __init__(self, adb: str, env: dict[str, str], directory: Path, *options: str) -> None:
        self._adb, self._env = adb, env
        self.truth_file = directory / "truth.jsonl"
        command = [
            sys.executable,
            "-m",
            "emulator.standin",
            "--root",
            str(directory / "root"),
            "--truth",
            str(self.truth_file),
        ]
        command += options
        self._process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(ROOT / "emulator")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, f"the device did not start (rc {self._process.wait(60)})"
        self.serial = json.loads(line)["serial"]
        said = subprocess.run([adb, "connect", self.serial], env=env, capture_output=True, text=True, timeout=60).stdout
        assert "connected" in said, said

    def adb(self, *args: str) -> str:
        done = subprocess.run(
            [self._adb, "-s", self.serial, *args], env=self._env, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, (args, done.stdout, done.stderr)
        return done.stdout

    def shell(self, line: str) -> str:
        return self.adb("shell", line)

    def nodes(self) -> list[dict[str, str]]:
        """All nodes on the screen, in the order of the UI dump; none while there is no window (as on Android)."""
        text = self.shell(
            "rm -f /sdcard/window.xml; uiautomator dump /sdcard/window.xml >/dev/null 2>&1; "
            "cat /sdcard/window.xml 2>/dev/null; true"
        )
        if not text.strip():
            return []
        return [dict(node.attrib) for node in ElementTree.fromstring(text).iter("node")]

    def texts(self) -> list[str]:
        return [node["text"] for node in self.nodes() if node.get("text")]

    def wait(self, pattern: str, seconds: float = 60) -> dict[str, str]:
        """The first node whose text matches ``pattern`` entirely."""
        deadline = time.monotonic() + seconds
        seen: list[str] = []
        while time.monotonic() < deadline:
            nodes = self.nodes()
            for node in nodes:
                if re.fullmatch(pattern, node.get("text", "")):
                    return node
            seen = [node["text"] for node in nodes if node.get("text")]
            time.sleep(0.2)
        raise AssertionError(f"{pattern} is not on the screen, there is {seen}")

    def tap(self, pattern: str, seconds: float = 60) -> None:
        left, top, right, bottom = map(int, re.findall(r"-?\d+", self.wait(pattern, seconds)["bounds"]))
        self.shell(f"input tap {(left + right) // 2} {(top + bottom) // 2}")

    def log(self, tag: str) -> list[str]:
        """Messages of a log tag."""
        lines = self.adb("logcat", "-d", "-v", "brief", "-s", tag).splitlines()
        return [line.split("): ", 1)[1] for line in lines if "): " in line]

    def wait_log(self, tag: str, part: str, seconds: float = 60) -> list[str]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            lines = self.log(tag)
            if any(part in line for line in lines):
                return lines
            time.sleep(0.2)
        raise AssertionError(f"{part!r} is not in the log of {tag}: {self.log(tag)}")

    def truth(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.truth_file.read_text("utf-8").splitlines()]

    def reads(self) -> set[tuple[str, str, str]]:
        """(data type, outcome, caller) of every read so far."""
        return {(r["data_type"], r["outcome"], r["caller"]) for r in self.truth() if r["what"] == "api"}

    def close(self) -> None:
        subprocess.run([self._adb, "disconnect", self.serial], env=self._env, capture_output=True, timeout=60)
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(60)
