"""The daemon against the real adb server, the adb client and adbutils."""

from __future__ import annotations

import io
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import adbutils
import pytest
from adbside import Adb, Running, make_app
from PIL import Image

pytestmark = pytest.mark.device


def _echo_server() -> tuple[socket.socket, int]:
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with peer:
                while data := peer.recv(65536):
                    peer.sendall(data.upper())

    threading.Thread(target=serve, daemon=True).start()
    return server, server.getsockname()[1]


def test_client_shell(adb: Adb) -> None:
    done = adb("shell", "echo out; echo err >&2; exit 9")
    assert (done.returncode, done.stdout, done.stderr) == (9, b"out\n", b"err\n")
    assert adb("shell", "cat", stdin=b"piped \xff\x00 in").stdout == b"piped \xff\x00 in"
    assert adb("exec-out", "printf 'a\\nb'").stdout == b"a\nb"
    interactive = adb("shell", stdin=b"X=7\necho val $X\ncd /data\necho $PWD\nexit 3\n")
    assert (interactive.returncode, interactive.stdout) == (3, b"val 7\n/data\n")
    assert b"already running as root" in adb("root").stdout
    assert adb("wait-for-device").returncode == 0
    assert adb("get-state").stdout == b"device\n"


def test_devices_long(adb: Adb, serial: str) -> None:
    line = next(x for x in adb("devices", "-l").stdout.decode().splitlines() if x.startswith(serial))
    assert re.search(r"device product:standin model:Stand.in device:standin", line)


def test_push_pull_tree(adb: Adb, tmp_path: Path, running: Running) -> None:
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "a.txt").write_text("héllo")
    big = bytes(range(256)) * 16_000
    (tree / "sub" / "big.bin").write_bytes(big)
    (tree / "sub" / "big.bin").chmod(0o755)
    assert adb("push", str(tree), "/data/local/tmp/").returncode == 0
    back = tmp_path / "back"
    assert adb("pull", "/data/local/tmp/tree", str(back)).returncode == 0
    assert (back / "sub" / "big.bin").read_bytes() == big
    assert (back / "a.txt").read_text() == "héllo"
    assert b"a.txt" in adb("ls", "/data/local/tmp/tree").stdout
    assert running.state.fs.stat("/data/local/tmp/tree/sub/big.bin").mode & 0o755 == 0o755
    missing = adb("pull", "/no/such", str(tmp_path / "x"))
    assert missing.returncode == 1
    assert b"does not exist" in missing.stderr + missing.stdout
    assert adb("push", str(tree / "a.txt"), "/data").returncode == 0
    assert running.sh("cat /data/a.txt")[1] == "héllo"


def test_install_and_uninstall(adb: Adb, app_file: Path, running: Running, tmp_path: Path) -> None:
    done = adb("install", str(app_file))
    assert b"Success" in done.stdout, done
    assert running.apps.calls[-1] == ("installed", "com.demo", True)
    path = adb("shell", "pm list packages -f com.demo").stdout.decode()
    assert re.fullmatch(r"package:/data/app/~~[\w-]+==/com\.demo-[\w-]+==/base\.apk=com\.demo\n", path)
    unzipped = running.state.fs.host(path.strip()[8:]).parent
    assert (unzipped / "classes/com/demo/Main.class").read_bytes() == b"\xca\xfe\xba\xbe"
    older = make_app(tmp_path / "old.apk", version=1)
    assert b"INSTALL_FAILED_VERSION_DOWNGRADE" in adb("install", "-r", str(older)).stderr
    bad = tmp_path / "bad.apk"
    bad.write_bytes(b"not a zip")
    assert b"Failure [INSTALL_PARSE_FAILED_NOT_APK" in adb("install", str(bad)).stderr
    assert b"Success" in adb("uninstall", "com.demo").stdout
    assert adb("shell", "pm list packages com.demo").stdout == b""
    assert b"Failure [not installed for 0]" in adb("uninstall", "com.demo").stdout


def test_forward_and_closed_port(adb: Adb, device: adbutils.AdbDevice, running: Running) -> None:
    server, port = _echo_server()
    with server:
        with pytest.raises(adbutils.AdbError, match="closed"):  # the host's, and not set up for the device
            device.create_connection(adbutils.Network.TCP, port)
        adb("shell", f"settings put global http_proxy 127.0.0.1:{port}")
        local = int(adb("forward", "tcp:0", f"tcp:{port}").stdout)
        with socket.create_connection(("127.0.0.1", local), 10) as peer:
            payload = b"x" * 300_000
            threading.Thread(target=peer.sendall, args=(payload,), daemon=True).start()
            got = b""
            while len(got) < len(payload):
                got += peer.recv(65536)
            assert got == payload.upper()
        with device.create_connection(adbutils.Network.TCP, port) as peer:
            peer.sendall(b"abc")
            assert peer.recv(3) == b"ABC"
        running.apps.portal_port = port
        with device.create_connection(adbutils.Network.TCP, 27042) as peer:
            peer.sendall(b"frida")
            assert peer.recv(5) == b"FRIDA"
        running.apps.portal_port = None
    with pytest.raises(adbutils.AdbError, match="closed"):
        device.create_connection(adbutils.Network.TCP, 27042)
    with pytest.raises(adbutils.AdbError, match="closed"):
        device.create_connection(adbutils.Network.LOCAL_ABSTRACT, "x")
    assert [f.remote for f in device.forward_list()] == [f"tcp:{port}"]
    adb("forward", "--remove-all")


def test_reverse(adb: Adb, device: adbutils.AdbDevice, running: Running) -> None:
    server, port = _echo_server()
    with server:
        remote = int(adb("reverse", "tcp:0", f"tcp:{port}").stdout)
        assert [(r.remote, r.local) for r in device.reverse_list()] == [(f"tcp:{remote}", f"tcp:{port}")]
        for _ in range(3):
            done = adb("shell", f"echo hello | nc 127.0.0.1 {remote}")
            assert done.stdout == b"HELLO\n", done
        refused = adb("shell", f"nc -z -w 2 127.0.0.1 {remote}")
        assert (refused.returncode, refused.stderr) == (1, b"nc: Unknown option 'z'\n")  # as toybox until 2024
        same = adb("reverse", f"tcp:{port}", f"tcp:{port}")
        assert same.returncode == 0, same
        device.reverse(f"tcp:{port}", f"tcp:{port}")
    adb("reverse", "--remove", f"tcp:{remote}")
    assert adb("reverse", "--remove", "tcp:1").returncode != 0
    adb("reverse", "--remove-all")
    assert device.reverse_list() == []
    assert adb("shell", f"nc -w 2 127.0.0.1 {remote} </dev/null").returncode == 1
    assert adb("shell", "nc -w 2 10.0.2.2 80 </dev/null").returncode == 1


def test_the_shell_reaches_nothing_of_the_host_but_its_session(adb: Adb, running: Running) -> None:
    """Where the device shares the host's loopback: neither another program there, nor another user's."""
    listen = "import socket, time; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); "
    words = [sys.executable, "-c", listen + "s.accept()[0].sendall(b'theirs'); time.sleep(60)"]
    other = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    server, port = _echo_server()
    try:
        assert other.stdout
        theirs = int(other.stdout.readline())
        running.state.host = os.getpid()
        with server:
            assert adb("shell", f"echo hello | nc 127.0.0.1 {port}").stdout == b"HELLO\n"
            refused = adb("shell", f"nc -w 2 127.0.0.1 {theirs} </dev/null")
            assert refused.returncode == 1 and b"theirs" not in refused.stdout, refused
        running.state.host = other.pid
        assert adb("shell", f"nc -w 2 127.0.0.1 {theirs} </dev/null").stdout == b"theirs"
    finally:
        other.kill()
        other.communicate()


def test_adbutils(device: adbutils.AdbDevice, running: Running, app_file: Path, tmp_path: Path) -> None:
    assert device.get_state() == "device"
    assert "shell_v2" in device.get_features()
    assert device.shell(["echo", "a b", "c'd"]) == "a b c'd"
    assert device.shell2("echo o; (exit 4)").returncode == 4
    done = device.shell2("echo o; echo e >&2; exit 5", v2=True)
    assert (done.returncode, done.stdout, done.stderr) == (5, "o\n", "e\n")
    assert device.prop.get("ro.hardware") == "standin"
    assert device.getprop("ro.build.version.sdk") == "33"
    device.sync.push(b"content", "/data/local/tmp/p.txt")
    assert device.sync.read_text("/data/local/tmp/p.txt") == "content"
    assert device.sync.stat("/data/local/tmp/p.txt").size == 7
    assert device.sync.exists("/data/local/tmp/p.txt")
    assert not device.sync.exists("/no")
    assert "p.txt" in [f.path for f in device.sync.list("/data/local/tmp")]
    with pytest.raises(adbutils.AdbError, match="No such file"):
        device.sync.read_text("/no/such")
    device.install(str(app_file), nolaunch=True, silent=True)
    assert "com.demo" in device.list_packages()
    device.app_start("com.demo", ".Main")
    assert device.app_current().package == "com.demo"
    assert ("start", "com.demo/com.demo.Main", False) in running.apps.calls
    assert "同意" in device.dump_hierarchy()
    assert device.screenshot().size == (1080, 2340)
    device.click(10, 10)
    device.app_stop("com.demo")
    assert "already running as root" in device.root()
    device.uninstall("com.demo")
    assert "com.demo" not in device.list_packages()


def test_logcat_streams(adb_server: tuple[str, dict[str, str]], serial: str, running: Running) -> None:
    binary, env = adb_server
    command = [binary, "-s", serial, "logcat", "-b", "main,events", "-v", "threadtime,epoch,uid", "-T", "1"]

    async def before() -> None:
        running.state.log.main("I", "Before", "the last line of before", pid=77, uid=10061)

    running.call(before())
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as reader:
        assert reader.stdout
        while "the last line of before" not in (line := reader.stdout.readline().decode()):
            assert line

        async def write() -> None:
            running.state.log.main(
                "I", "GrantPermissionsViewModel", "Permission grant result requestId=1", pid=77, uid=10061
            )
            running.state.log.event("wm_resume_activity", 0, 5, 7, "com.demo/.Main", pid=1000)

        running.call(write())
        seen = ""
        while "wm_resume_activity" not in seen:
            line = reader.stdout.readline().decode()
            assert line
            seen += line
        reader.terminate()
    assert re.search(r"^\d+\.\d{3} 10061    77    77 I GrantPermissionsViewModel: Permission grant result", seen, re.M)
    assert re.search(r"^\d+\.\d{3}  1000  1000  1000 I wm_resume_activity: \[0,5,7,com\.demo/\.Main\]$", seen, re.M)


def test_screen_picture(adb: Adb, app_file: Path) -> None:
    adb("install", str(app_file))
    adb("shell", "am start -n com.demo/.Main")
    picture = Image.open(io.BytesIO(adb("exec-out", "screencap", "-p").stdout)).convert("RGB")
    assert picture.size == (1080, 2340)
    colours = {c for _, c in picture.getcolors(1 << 24) or []}
    assert (31, 111, 235) in colours, "the button is drawn"
    adb("shell", "screencap -p /sdcard/s.png")
    assert adb("shell", "head -c 4 /sdcard/s.png").stdout == b"\x89PNG"


def test_debugger_releases_a_held_process(adb: Adb, app_file: Path, running: Running) -> None:
    adb("install", str(app_file))
    assert adb("shell", "am start -D -n com.demo/.Main").returncode == 0
    assert running.apps.calls[-1] == ("start", "com.demo/com.demo.Main", True)
    pid = int(adb("shell", "pidof com.demo").stdout)
    port = int(adb("forward", "tcp:0", f"jdwp:{pid}").stdout)
    with socket.create_connection(("127.0.0.1", port), 60) as peer:
        peer.sendall(b"JDWP-Handshake")
        assert peer.recv(14) == b"JDWP-Handshake"
        peer.sendall(struct.pack(">IIBBB", 11, 7, 0, 199, 1))  # DDMS greets, too: it is no debugger
        assert struct.unpack(">IIBH", peer.recv(11)) == (11, 7, 0x80, 0)
        time.sleep(0.5)
        assert ("debugger", pid) not in running.apps.calls
        peer.sendall(struct.pack(">IIBBB", 11, 8, 0, 1, 1))
        assert peer.recv(4096)[8] == 0x80
        deadline = time.monotonic() + 60
        while ("debugger", pid) not in running.apps.calls:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    adb("forward", "--remove-all")


def test_reconnects_to_many_shells(device: adbutils.AdbDevice) -> None:
    results: list[str] = []
    threads = [threading.Thread(target=lambda n=n: results.append(device.shell(f"echo {n}"))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(int, results)) == list(range(20))


def test_hostile_packets_do_no_harm(running: Running, adb: Adb) -> None:
    def header(command: bytes, arg0: int, arg1: int, data: bytes) -> bytes:
        number = int.from_bytes(command, "little")
        return struct.pack("<6I", number, arg0, arg1, len(data), 0, number ^ 0xFFFFFFFF) + data

    for junk in (
        b"GET / HTTP/1.1\r\n\r\n" * 4,
        struct.pack("<6I", 0x4E584E43, 0, 0, 0xFFFFFFF0, 0, 0x4E584E43 ^ 0xFFFFFFFF),
        header(b"OPEN", 1, 0, b"nothing:here\0") + header(b"WRTE", 5, 99, b"x") + header(b"OKAY", 5, 99, b""),
        header(b"OPEN", 1, 0, b"sync:\0") + header(b"WRTE", 1, 1, b"SEND\xff\xff\xff\xff"),
    ):
        with socket.create_connection(("127.0.0.1", running.port), 5) as peer:
            peer.settimeout(0.3)
            peer.sendall(junk)
            try:
                while peer.recv(4096):
                    pass
            except OSError:
                pass
    assert adb("shell", "echo alive").stdout == b"alive\n"
