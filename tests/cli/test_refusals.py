"""What cannot be used is refused in one line: which argument or file, what is wrong with it, and what to do."""

from __future__ import annotations

import re
import socket
import zipfile
from pathlib import Path

import pytest

from monitor.device.wire.server import AdbServer

from .conftest import Run

INIT = ["baseline", "init", "{bundle}", "--reason", "r", "--author", "a", "--until"]
SDK = ["sdk", "check", "text", "--declaration"]
BAD = {
    "until": ([*INIT, "2020-01-01"], "--until: already past"),
    "day": ([*INIT, "soon"], "--until: not a day"),
    "capture": (["import", "nope.har", "--app", "a.b", "--out", "new"], "nope.har: no such file (check the name)"),
    "directory": (["import", ".", "--app", "a.b", "--out", "new"], ".: a directory, not a file (name a file)"),
    "key": (["verify", "{bundle}", "--key", "text"], "text: no PEM public key (monitor key show"),
    "empty": (["findings", "empty"], "empty: not an evidence bundle (give the directory"),
    "copy": (["redact", "{bundle}", "-o", "full"], "full: the directory is not empty (choose another directory"),
    "har": (["import", "text", "--app", "a.b", "--out", "new"], "text: neither HAR"),
    "entries": (["import", "broken.har", "--app", "a.b", "--out", "new"], "broken.har"),
    "bundle": (["verify", "nob"], "nob: no such bundle (give the directory that monitor run created)"),
    "folder": (["report", "{bundle}", "-o", "no/x.html"], "no/x.html: No such file or directory (make the directory"),
    "documents": (["import", "one.har", "--app", "a.b", "--out", "new", "--declaration", "two.yaml"],
                  "two.yaml: expected one YAML document, found 2 (put all keys in one document"),
    "scenario": (["run", "quickstrat", "--out", "new"], "quickstrat: no such scenario (did you mean quickstart?)"),
    "verb": (["run", "verb.yaml", "--out", "new"], "verb.yaml:3: unknown command 'tapon' (did you mean tapOn?)"),
    "no manifest": (["run", "quickstart", "--app", "photos.zip", "--out", "new"],
                    "photos.zip: not an app: it holds no AndroidManifest.xml (give the .apk itself"),
    "link": (["import", "one.har", "--app", "a.b", "--out", "link"], "link: a link (name the directory itself"),
    "linked table": (["sdk", "check", "beacon", "--declaration", "beacon-default", "--out", "link"], "link: a link ("),
    "open": (["import", "one.har", "--app", "a.b", "--out", "open/in"], "open: others can write to the directory"),
    "declaration": ([*SDK, "nosuch"], "--declaration nosuch: no such file (a file, or one of: "),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_refused_in_one_line(monitor: Run, bundle: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "text").write_text("text")
    (tmp_path / "broken.har").write_text("{")
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "full" / "file").write_text("mine")
    (tmp_path / "one.har").write_text('{"log": {"entries": []}}')
    (tmp_path / "two.yaml").write_text("app: {name: x}\n---\napp: {name: y}\n")
    (tmp_path / "verb.yaml").write_text("appId: com.example.shop\n---\n- tapon: x\n")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", b"x")
    words, said = BAD[name]
    done = monitor(*(word.format(bundle=bundle) for word in words), "--lang", "en")
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert not (tmp_path / "new").exists() and not (tmp_path / "baseline.yaml").exists()


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


def test_a_refusal_in_chinese(monitor: Run, tmp_path: Path) -> None:
    """The kind of fault always, its text where it is a common one; what was given stays as it was."""
    (tmp_path / "text").write_text("text")
    done = monitor("findings", "nosuch{0}", "--lang", "zh")
    assert done.stderr == "monitor: 输入有误：nosuch{0}：没有该证据包（请给出 monitor run 生成的目录）\n"
    done = monitor("import", "text", "--app", "a.b", "--out", "new", "--lang", "zh")
    assert done.returncode == 2 and done.stderr.startswith("monitor: 输入有误：text：neither HAR"), done.stderr


def test_a_report_on_standard_output(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    done = monitor("report", bundle, "--format", "markdown", "-o", "-", "--lang", "en")
    assert done.returncode == 0 and done.stdout.startswith("# ") and "report written" not in done.stdout
    assert not (tmp_path / "-").exists()


def test_a_time_stamp_that_is_not_given_says_why(monitor: Run, bundle: Path) -> None:
    with socket.socket() as held:  # bound and not listening: connections are refused
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/"
        done = monitor("timestamp", bundle, "--url", url)
    assert done.returncode == 3 and "no time-stamp: connection refused" in done.stderr, done.stderr
