"""Faults seen from the command line: one clear line, the right exit code, nothing lost and nothing left behind. What a
user gives wrongly is in ``cli/test_wrong.py``."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import adbutils
import pytest

from monitor.collectors.check import tracing_hint, yama
from monitor.scenario.apps import bundled_app
from monitor.text import t
from tests import command
from tests.documents import issued
from tests.pages import artefacts, faultless_report
from tests.runtimes import require
from tests.session.command import ROOT, Command, monitor

pytestmark = pytest.mark.device
WAITING = """appId: com.example.shop
app: shop
name: waiting
---
- launchApp: {clearState: true}
- extendedWaitUntil: {visible: "同意并继续|同意", timeout: 20s}
- idle: {duration: %ds, label: waiting}
"""
PLAIN = WAITING.replace("com.example.shop\napp: shop", "com.example.shopclean\napp: shop-clean")


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A scenario that waits for what the test does to it."""
    path = tmp_path / "waiting.yaml"
    path.write_text(WAITING % 300, "utf-8")
    return path


@pytest.fixture
def plain(waiting: Path) -> Path:
    """The same with the app of one process and few calls: two thirds of the work, where the test is of no call."""
    waiting.write_text(PLAIN % 300, "utf-8")
    return waiting


def readable(bundle: Path) -> list[dict[str, object]]:
    """The recorded events as ``monitor events`` prints them."""
    done = command.run("events", bundle, "--all", "--json", "--force", cwd=bundle.parent)  # it may not be sealed yet
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def verified(bundle: Path) -> None:
    done = command.run("verify", bundle, cwd=bundle.parent)
    assert done.returncode == 0, done.stderr


# -- the environment -------------------------------------------------------------------------------------------------


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port that answers every connection with what is put into the list."""
    answers = [b""]
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    conn, _ = server.accept()
                except OSError:
                    return
                with conn:
                    conn.recv(100)
                    conn.sendall(answers[0])

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], answers
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"OKAY00040020", "speaks protocol 32.*adb kill-server"),
        (b"SSH-2.0-else\r\n", "not an adb server.*ADB_SERVER_PORT"),
    ],
)
def test_another_adb_server_on_the_port(
    listener: tuple[int, list[bytes]], answer: bytes, said: str, tmp_path: Path
) -> None:
    port, answers = listener
    answers[0] = answer
    env = {"ANDROID_ADB_SERVER_PORT": str(port)}
    done = monitor("run", "quickstart", "--device", "phone", "--out", tmp_path / "out", env=env)
    assert done.process.returncode == 3, done.said
    assert re.search(said, done.fault), done.fault
    done.nothing_left()


#: Lets the kernel refuse ptrace(2) to this process and its children, as yama 3 or a container does. Both refuse writes
#: to another's memory too; without those (pwrite64) Frida has a way of its own that works at times.
DENY_PTRACE = """
import ctypes, struct
library = ctypes.CDLL(None)
steps = [(0x20, 0, 0, 0), (0x15, 2, 0, 101), (0x15, 1, 0, 18), (6, 0, 0, 0x7FFF0000), (6, 0, 0, 0x00050001)]
program = b"".join(struct.pack("HBBI", *step) for step in steps)
buffer = ctypes.create_string_buffer(program, len(program))
assert library.prctl(38, 1, 0, 0, 0) == 0
assert library.prctl(22, 2, struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(buffer)), 0, 0) == 0
"""


@pytest.mark.skipif(sys.platform != "linux" or os.uname().machine != "x86_64", reason="needs seccomp on x86_64 Linux")
def test_tracing_refused(plain: Path, tmp_path: Path) -> None:
    done = Command("run", plain, "--out", tmp_path / "out", first=DENY_PTRACE)
    assert done.wait() == 3, done.err
    assert re.search(r"tracing.*ptrace_scope.*\(.+\)", done.fault), done.fault
    done.nothing_left()
    verified(tmp_path / "out")


@pytest.mark.parametrize(("scope", "fix"), [("1", "sysctl"), ("2", "root"), ("3", "boot"), ("none", "SYS_PTRACE")])
def test_the_mend_depends_on_yama(scope: str, fix: str, tmp_path: Path) -> None:
    file = tmp_path / "ptrace_scope"
    if scope != "none":
        file.write_text(f"{scope}\n", "ascii")
    assert yama(file) == scope
    assert fix in tracing_hint(yama(file))


# -- while a session runs --------------------------------------------------------------------------------------------


def test_the_unmodified_tools_work_meanwhile_and_a_dead_proxy_is_reported(waiting: Path, tmp_path: Path) -> None:
    session = Command("run", waiting, "--out", tmp_path / "out")
    place = session.says(r"device (127\.0\.0\.1:\d+).*ANDROID_ADB_SERVER_PORT=(\d+)")
    serial, port = place[1], place[2]
    session.says("idle waiting")

    def tool(*words: str) -> str:
        done = subprocess.run(
            words, env={**os.environ, "ANDROID_ADB_SERVER_PORT": port}, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    adb = adbutils.adb_path()
    assert f"{serial}\tdevice" in tool(adb, "devices")
    assert tool(adb, "-s", serial, "shell", "getprop", "ro.hardware").strip() == "standin"
    listed = tool(str(Path(sys.executable).parent / "frida-ps"), "-D", serial)
    assert "com.example.shop" in listed

    deadline = time.monotonic() + 60
    while not any(event["kind"] == "transmission" for event in readable(tmp_path / "out")):
        assert time.monotonic() < deadline, "nothing was sent in the meantime"
        time.sleep(0.3)
    os.kill(session.one("proxy.worker"), signal.SIGKILL)
    assert session.wait() == 3, session.err
    assert "the proxy worker ended" in session.fault
    session.nothing_left()
    verified(tmp_path / "out")
    assert any(event["kind"] == "transmission" for event in readable(tmp_path / "out"))


def test_a_killed_app_is_reported_and_a_step_of_the_hosts_clock_is_told(plain: Path, tmp_path: Path) -> None:
    """NTP sets the host's clock back by an hour in mid-session: the order stands, and the bundle is intact."""
    stepped = tmp_path / "stepped"
    (tmp_path / "sitecustomize.py").write_text(
        "import os, time\n"
        "wall, wall_ns = time.time, time.time_ns\n"
        f"back = lambda: 3600 if os.path.exists({str(stepped)!r}) else 0\n"
        "time.time = lambda: wall() - back()\n"
        "time.time_ns = lambda: wall_ns() - back() * 10**9\n",
        "utf-8",
    )
    plain.write_text(PLAIN % 8, "utf-8")
    session = Command("run", plain, "--out", tmp_path / "out", env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"})
    session.says("idle waiting")
    stepped.touch()
    time.sleep(1.5)  # the recorder's pulse beats twice a second
    os.kill(session.one("com.example.shopclean -"), signal.SIGKILL)
    assert session.wait() == 3, session.err
    assert re.search("com.example.shopclean.*process exited unexpectedly", session.fault)
    session.nothing_left()
    verified(tmp_path / "out")
    events = readable(tmp_path / "out")
    health = [event for event in events if event["kind"] == "health"]
    ends = [e["detail"]["reason"] for e in health if (e["component"], e["what"]) == ("hooks", "stopped")]  # type: ignore[index]
    assert "process-terminated" in ends
    (step,) = [event for event in health if event["component"] == "recorder"]
    assert step["what"] == "clock" and abs(int(step["detail"]["offset_us"]) + 3_600_000_000) < 1_000_000  # type: ignore[index]
    times = [int(str(event["t"])) for event in events if event["kind"] == "step" and event["state"] == "started"]
    assert times == sorted(times)
    assert max(int(str(e["t"])) for e in events) - min(int(str(e["t"])) for e in events) < 600_000_000
    issued(tmp_path / "out", "signed-failed", tmp_path, ("zh",))
    text = faultless_report(tmp_path / "out", artefacts("failed", tmp_path))
    assert "process exited unexpectedly" in text[text.index("<h1>") : text.index('class="conclusion"')]


def test_a_device_that_is_gone_is_reported(plain: Path, tmp_path: Path) -> None:
    session = Command("run", plain, "--out", tmp_path / "out")
    session.says("starting the app with hooks")
    os.kill(session.one("-m emulator.standin"), signal.SIGKILL)
    assert session.wait() == 3, session.err
    assert "the stand-in device ended" in session.fault
    session.nothing_left()
    verified(tmp_path / "out")


def test_an_app_that_crashes_at_its_start(waiting: Path, tmp_path: Path) -> None:
    file = tmp_path / "crashing.zip"
    with zipfile.ZipFile(bundled_app("shop", tmp_path)) as good, zipfile.ZipFile(file, "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            if name == "AndroidManifest.xml":
                data, count = re.subn(rb'(<application[^>]*?android:name=")[^"]*', rb"\1.Missing", data)
                assert count == 1
            bad.writestr(name, data)
    done = monitor("run", waiting, "--app", file, "--out", tmp_path / "out")
    assert done.process.returncode == 3
    assert re.search(r"com\.example\.shop.*crashed: java\.lang\.\w+Exception.*crash", done.fault), done.fault
    done.nothing_left()
    verified(tmp_path / "out")


@pytest.mark.art
def test_an_app_that_needs_a_class_that_is_not_there(waiting: Path, tmp_path: Path) -> None:
    """On the runtime whose messages differ from those of the test above."""
    require("art")
    file = tmp_path / "lacking.zip"
    with zipfile.ZipFile(bundled_app("shop", tmp_path)) as good, zipfile.ZipFile(file, "w") as bad:
        for name in good.namelist():
            if not name.endswith("/shop/Consent.class"):
                bad.writestr(name, good.read(name))
    done = command.run("run", waiting, "--app", file, "--out", tmp_path / "out", "--runtime", "art", cwd=tmp_path)
    assert done.returncode == 3
    assert re.search(r"crashed: java\.lang\.NoClassDefFoundError: .*com/example/shop/Consent", done.stderr), done.stderr


# -- the end before the end ------------------------------------------------------------------------------------------


def test_who_reads_what_it_prints_may_go(plain: Path, tmp_path: Path) -> None:
    """As ``| head`` does."""
    plain.write_text(PLAIN % 0, "utf-8")
    words = ("run", plain, "--out", tmp_path / "out", "--reports", tmp_path / "reports")
    done = Command(*words, first="import os\nread, write = os.pipe()\nos.dup2(write, 1)\nos.close(read)\n")
    assert done.wait() == 0 and not done.out, done.said
    assert (tmp_path / "reports" / "junit.xml").is_file()
    done.nothing_left()
    verified(tmp_path / "out")


def test_ctrl_c_while_the_program_is_loaded(tmp_path: Path) -> None:
    session = Command("run", "no-such-scenario", "--out", tmp_path / "out")  # ends by itself where Ctrl-C is too late
    time.sleep(0.4)
    session.signal(signal.SIGINT)
    session.wait()
    assert not any("Traceback" in line for line in session.err), session.err
    session.nothing_left()


@pytest.mark.parametrize(
    ("number", "moment"), [(signal.SIGTERM, "starting the app with hooks"), (signal.SIGINT, "idle waiting")]
)
def test_an_interrupted_session_is_sealed(number: int, moment: str, plain: Path, tmp_path: Path) -> None:
    session = Command("run", plain, "--out", tmp_path / "out")
    session.says(moment)
    session.signal(number)
    session.says("sealing")
    session.signal(number)  # an impatient user; the seal is made all the same
    assert session.wait() == 0, session.err
    assert any("interrupted" in line for line in session.err)
    session.nothing_left()
    verified(tmp_path / "out")
    assert json.loads((tmp_path / "out/data/session.json").read_text("utf-8"))["ended"] == "interrupted"
    if moment == "idle waiting":
        text = faultless_report(tmp_path / "out", artefacts("interrupted", tmp_path))
        assert t("ended.interrupted", "en") in text[text.index("<h1>") : text.index('class="conclusion"')]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("needs the right to mount")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_disk_that_fills_up_ends_the_session_in_order(plain: Path, small_disk: Path) -> None:
    session = Command("run", plain, "--out", small_disk / "out", "--lang", "en")
    session.says("idle waiting")
    (small_disk / "of others").write_bytes(bytes(shutil.disk_usage(small_disk).free - (12 << 20)))
    assert session.wait() == 3, session.err
    (said,) = {line for line in session.err if "almost full" in line}
    assert "MiB are free" in said and "free space, or choose another disk with --out" in said, session.err
    session.nothing_left()
    verified(small_disk / "out")
    ended = json.loads((small_disk / "out/data/session.json").read_text("utf-8"))
    assert ended["ended"] == "failed" and "almost full" in ended["cause"]
    again = command.run("run", plain, "--out", small_disk / "again", cwd=small_disk)
    assert again.returncode == 3 and "almost full" in again.stderr and not (small_disk / "again" / "data").exists()


#: Moments before the scenario; another one is met in every run.
EARLY = ["preparing the device", "installing the app", "starting the app with hooks"]


@pytest.mark.parametrize("when", ["early", "idle waiting"])
def test_kill_9_leaves_a_bundle_that_can_be_recovered(
    when: str, waiting: Path, tmp_path: Path, rng: random.Random
) -> None:
    moment = rng.choice(EARLY) if when == "early" else when
    out = tmp_path / "out"
    session = Command("run", waiting, "--out", out)
    session.says(moment)
    time.sleep(rng.random() * 2)  # somewhere within the stage: the moment is what is tested
    session.signal(signal.SIGKILL)
    session.wait()
    session.nothing_left()
    unsealed = command.run("verify", out, cwd=tmp_path)
    assert unsealed.returncode == 4 and "monitor recover" in unsealed.stderr
    key = ["--key", key_file(tmp_path)] if moment == "idle waiting" else []
    recovered = command.run("recover", out, *key, cwd=tmp_path)
    assert recovered.returncode == 0, recovered.stderr
    checked = command.run("verify", out, *(["--key", tmp_path / "public.pem"] if key else []), cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    events = readable(out)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    if key:
        assert any(event["kind"] == "api_call" for event in events)
        assert list((out / "data/inputs/tables").glob("catalogue-*.json.gz"))


def key_file(directory: Path) -> Path:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (directory / "private.pem").write_bytes(private)
    (directory / "private.pem").chmod(0o600)
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    (directory / "public.pem").write_bytes(public)
    return directory / "private.pem"
