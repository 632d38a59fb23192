"""A hostile app on the stand-in: what it can reach of the recorder's files, keys, environment, ports and network."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from appkit import MAIN, Kit, on_device, run

from emulator.standin.apps.runtimes import RUNTIMES as STANDINS
from emulator.standin.packages.intents import Intent
from tests.javaapp import NEEDS_JAVAC, manifest, packed

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.jvm,
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
    NEEDS_JAVAC,
]

SOURCE = """package org.example.hostile;
import java.io.File;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.*;
public class Main extends android.app.Activity {
    static final String[] FILES = {FILES};
    static final String[] PORTS = {PORTS};
    static final String[] PIDS = {PIDS};
    @Override protected void onCreate(android.os.Bundle state) {
        super.onCreate(state);
        for (String f : FILES) {
            String got;
            try {
                File file = new File(f);
                got = file.isDirectory() ? String.join(",", file.list()) : "" + Files.readAllBytes(Path.of(f)).length;
            } catch (Throwable e) { got = "!" + e.getClass().getSimpleName(); }
            say("file " + f + " " + got);
        }
        for (String p : PORTS) {
            String got;
            String[] at = p.split(":");
            try (Socket s = new Socket()) {
                s.connect(new InetSocketAddress(at[0], Integer.parseInt(at[1])), 1500);
                got = "connected";
            } catch (Throwable e) { got = "!" + e.getClass().getSimpleName(); }
            say("port " + p + " " + got);
        }
        int read = 0, seen = 0;
        String own = "" + ProcessHandle.current().pid();
        for (String pid : new File("/proc").list()) {
            if (!pid.matches("[0-9]+") || pid.equals(own)) continue;
            seen++;
            for (String part : new String[] {"environ", "mem", "maps", "cmdline"})
                try {
                    if (Files.newInputStream(Path.of("/proc/" + pid + "/" + part)).read() >= 0) read++;
                } catch (Throwable e) { }
        }
        say("others " + seen + " " + read);
        try {
            Process id = new ProcessBuilder("/usr/bin/id", "-u").start();
            say("uid " + new String(id.getInputStream().readAllBytes()).trim());
        } catch (Throwable e) { say("uid !" + e.getClass().getSimpleName()); }
        for (String pid : PIDS)
            try {
                Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -STOP " + pid).start();
                say("signal " + pid + " " + kill.waitFor());
            } catch (Throwable e) { say("signal " + pid + " !" + e.getClass().getSimpleName()); }
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status")))
                if (line.matches("(CapEff|CapPrm|CapBnd|NoNewPrivs|Seccomp):.*")) say(line.replaceAll("\\\\s+", " "));
            for (String line : Files.readAllLines(Path.of("/proc/self/limits")))
                if (line.matches("Max (processes|file size) .*")) say(line.replaceAll(" +", " "));
            say("tmp " + new File("/tmp").getTotalSpace());
            say("first to end " + Files.readAllLines(Path.of("/proc/self/oom_score_adj")).get(0));
        } catch (Throwable e) { say("status !" + e); }
        say("environment " + String.join(",", System.getenv().keySet()) + System.getenv("CI_TOKEN"));
        for (String f : FILES)
            try { Files.write(Path.of(f), "theirs".getBytes()); say("wrote " + f); } catch (Throwable e) { }
        try { Files.write(Path.of(getFilesDir().getPath(), "own"), new byte[1]); say("own written"); }
        catch (Throwable e) { say("own !" + e); }
        say("done");
    }
    static void say(String text) { android.util.Log.i("hostile", text); }
}
"""


def without(into: Path, *names: str) -> str:
    """A directory of every program on the path but these."""
    into.mkdir()
    for directory in map(Path, os.environ["PATH"].split(os.pathsep)):
        for program in directory.iterdir() if os.access(directory, os.R_OK | os.X_OK) else ():
            if program.name not in names and not (into / program.name).is_symlink():
                (into / program.name).symlink_to(program)
    return str(into)


def build(directory: Path, files: list[str], ports: list[str], pids: list[str]) -> Path:
    """The app, asking for these files and ports, stopping these processes."""
    source = SOURCE.replace("{FILES}", "{" + ",".join(map(json.dumps, files)) + "}")
    source = source.replace("{PORTS}", "{" + ",".join(map(json.dumps, ports)) + "}")
    source = source.replace("{PIDS}", "{" + ",".join(map(json.dumps, pids)) + "}")
    return packed(directory, manifest("org.example.hostile", "Main"), {"Main": source}, "hostile")


@pytest.mark.parametrize("runtime", ["jvm", pytest.param("art", marks=pytest.mark.art)])
def test_a_hostile_app_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: str) -> None:
    """Runs as the user who runs the tests: root or an ordinary user (``.ci/run`` does both), and with no program on the
    path that could help to contain it."""
    bundle = tmp_path / "bundle/private"
    bundle.mkdir(parents=True)
    (bundle / "key").write_text("secret")
    (tmp_path / "declaration.yaml").write_text("ours")
    bundle.chmod(0o755)
    other = socket.create_server(("127.0.0.1", 0))
    ports = [f"127.0.0.1:{other.getsockname()[1]}", "192.0.2.1:80", "10.255.255.1:53"]
    with contextlib.suppress(OSError):
        ports.append(f"{socket.gethostbyname(socket.gethostname())}:{other.getsockname()[1]}")
    victim = subprocess.Popen(["sleep", "600"])

    async def scenario(kit: Kit) -> None:
        files = [
            str(bundle / "key"), str(tmp_path / "declaration.yaml"), str(tmp_path / "truth.jsonl"),
            str(ROOT / "pyproject.toml"), str(Path.home() / ".ssh"),
            "/home", "/etc/passwd", "/var", str(ROOT / "monitor"),
            f"/proc/{os.getpid()}/environ", f"/proc/{os.getpid()}/cwd", f"/proc/{os.getpid()}/root/etc/passwd",
            f"/proc/{os.getpid()}/fd/0", f"/proc/{victim.pid}/cmdline", "/proc/1/environ", "/proc/1/root/etc/passwd",
            str(kit.state.fs.host("/data/data/com.example.probe")),
        ]  # fmt: skip
        asked = list(dict.fromkeys([*ports, f"127.0.0.1:{kit.app.portal_port}"]))
        archive = await asyncio.to_thread(build, tmp_path, files, asked, [str(victim.pid)])
        monkeypatch.setenv("PATH", without(tmp_path / "bin", "bwrap", "setpriv", "unshare", "nsenter"))
        monkeypatch.setenv("CI_TOKEN", "secret")
        kit.install(archive)
        result = await kit.app.start(Intent("android.intent.action.MAIN", "org.example.hostile/.Main"))
        await kit.until(lambda: "done" in kit.logged("hostile"), "the app has tried everything")
        said = kit.logged("hostile")
        for name in files:
            (line,) = [x for x in said if x.startswith(f"file {name} ")]
            assert line.removeprefix(f"file {name} ").startswith("!"), line
        for name in asked:
            (line,) = [x for x in said if x.startswith(f"port {name} ")]
            assert line.removeprefix(f"port {name} ").startswith("!"), line
        assert "others 0 0" in said and "own written" in said, "\n".join(said)
        # What it writes there is gone with it: a place in its own view that looks the same.
        assert (tmp_path / "declaration.yaml").read_text() == "ours"
        assert (bundle / "key").read_text() == "secret" and "theirs" not in (tmp_path / "truth.jsonl").read_text()
        (signal,) = [x for x in said if x.startswith(f"signal {victim.pid} ")]
        assert not signal.endswith(" 0") and "T (stopped)" not in Path(f"/proc/{victim.pid}/status").read_text()
        for what in ("CapEff", "CapPrm", "CapBnd"):
            assert f"{what}: 0000000000000000" in said, "\n".join(said)
        assert "NoNewPrivs: 1" in said and "Seccomp: 2" in said, said
        bounds = [x.rsplit(" ", 2)[0] for x in said if x.startswith("Max ")]
        assert sorted(bounds) == ["Max file size 268435456 268435456", "Max processes 1024 1024"], bounds
        assert f"tmp {64 << 20}" in said and "first to end 1000" in said, said
        (environment,) = [x for x in said if x.startswith("environment ")]
        assert environment.endswith("null") and "CI_TOKEN" not in environment, environment
        (uid,) = [x.split()[1] for x in said if x.startswith("uid ")]
        assert uid not in ("0", str(os.geteuid()))
        # the number that the app knows itself by is the device's, and not this machine's
        process = kit.app.processes[result.pid]
        assert process.host != process.pid and Path(f"/proc/{process.host}/exe").exists()

    try:
        with other:
            run(tmp_path, scenario, runtime=STANDINS[runtime]())
    finally:
        victim.kill()
        victim.wait()


REFUSING = """
import ctypes, os, struct, sys
sys.path.insert(0, "emulator")
from emulator.standin.sandbox.seccomp import program
code = program()
buffer = ctypes.create_string_buffer(code, len(code))
head = struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, head, 0, 0) == 0
os.execvp(sys.argv[1], sys.argv[1:])
"""


def refusing(*words: str) -> subprocess.CompletedProcess[str]:
    """A command where the system forbids namespaces, as many containers do."""
    return subprocess.run(
        [sys.executable, "-c", REFUSING, sys.executable, *words],
        cwd=ROOT, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'emulator'}:{ROOT}"},
    )  # fmt: skip


CALLS = """
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
numbers = {"x86_64": (323, 447, 457, 458, 467, 154), "aarch64": (282, 447, 457, 458, 467)}[os.uname().machine]
print([errno.errorcode[ctypes.get_errno()] if libc.syscall(n, 0, 0, 0, 0, 0) < 0 else "done" for n in numbers])
"""


def test_what_no_app_needs_is_refused() -> None:
    """userfaultfd, memfd_secret, statmount, listmount, open_tree_attr, modify_ldt."""
    done = refusing("-c", CALLS)
    assert done.returncode == 0 and set(json.loads(done.stdout.replace("'", '"'))) == {"EPERM"}, done


BEGINS = """
import os
os.unshare(os.CLONE_NEWNS | (os.CLONE_NEWUSER if os.geteuid() else 0))
print(os.readlink("/proc/self/ns/mnt"), flush=True)
input()
"""


@on_device
async def test_what_an_ended_app_left_behind_is_looked_for_in_no_other_process(kit: Kit) -> None:
    """The number of its namespace is given to no other until its processes have been ended: they are known by it."""
    result = await kit.app.start(MAIN, wait=True)
    jvm = kit.app.running[result.pid].jvm
    assert jvm.space.name.startswith("mnt:[")
    os.kill(jvm.host, signal.SIGKILL)
    os.waitid(os.P_PID, jvm.process.pid, os.WEXITED | os.WNOWAIT)  # this blocks the device: it has not noticed
    words = [sys.executable, "-I", "-S", "-c", BEGINS]
    begun = [subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    names = [one.stdout.readline().strip() for one in begun if one.stdout]
    assert all(names) and jvm.space.name not in names
    await kit.until(lambda: result.pid not in kit.app.running, "noticed")
    for one in begun:
        assert one.communicate("\n") and one.returncode == 0


def test_where_nothing_goes_it_is_said_what_was_tried() -> None:
    done = refusing("-m", "emulator.standin.sandbox.contain")
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
    for how in ("as another user: ", "in a user namespace: ") if os.geteuid() == 0 else ("in a user namespace: ",):
        assert f"{how}namespaces (unshare): Operation not permitted" in done.stderr, done.stderr


PLAIN = """
import ctypes, errno, os, signal, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
KEPT = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}  # what Docker leaves root by default
for number in range(64):
    if number not in KEPT:
        libc.prctl(24, number, 0, 0, 0)
bits = sum(1 << number for number in KEPT)
words = struct.pack("=6I", bits, bits, 0, 0, 0, 0)
assert libc.capset(struct.pack("=II", 0x20080522, 0), words) == 0
from standin.sandbox.contain import ContainError, find
try:
    find()
    print("contained")
except ContainError as bad:
    print(str(bad).replace(chr(10), " "))
ready, told = os.pipe()
pid = os.fork()
if not pid:
    os.setresgid(12345, 12345, 12345)
    os.setresuid(12345, 12345, 12345)
    os.write(told, b"x")
    signal.pause()
os.read(ready, 1)
print(errno.errorcode.get(ctypes.get_errno()) if libc.ptrace(16, pid, 0, 0) else "attached")
os.kill(pid, 9)
os.waitpid(pid, 0)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="of root's capabilities")
def test_in_a_plain_container_an_app_could_be_kept_in_or_hooked_but_not_both() -> None:
    """What the threat model says of Docker without options: nothing to make namespaces with, and whom root has made
    another user, Frida cannot attach to. So the session is refused."""
    words = [sys.executable, "-c", REFUSING, sys.executable, "-c", PLAIN]
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'emulator'}:{ROOT}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    refused, attached = done.stdout.splitlines()
    assert "namespaces (unshare): Operation not permitted" in refused and attached == "EPERM", done.stdout


def test_a_session_refuses_to_run_an_app_free(tmp_path: Path) -> None:
    done = refusing("-m", "monitor", "run", "quickstart", "--out", str(tmp_path / "out"), "--lang", "en", "--quiet")
    assert done.returncode == 3, done.stderr
    assert "cannot be contained" in done.stderr and "--uncontained" in done.stderr and "unshare" in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def test_an_app_that_runs_free_is_said_at_both_ends(tmp_path: Path) -> None:
    script = tmp_path / "one.yaml"
    script.write_text("appId: com.example.shopclean\napp: shop-clean\n---\n- launchApp\n")
    out = tmp_path / "out"
    words = ["run", str(script), "--out", str(out), "--uncontained", "--hooks", "none", "--proxy", "none", "--quiet"]
    done = refusing("-m", "monitor", *words, "--lang", "en")
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("NOT CONTAINED")]
    assert len(said) == 2 and done.stderr.splitlines()[-1] == said[1], done.stderr
    assert "was NOT contained" in (out / "report.html").read_text("utf-8")


def test_without_containment_it_is_said() -> None:
    from emulator.standin.sandbox.contain import find

    assert find("none").about == "none, shared network"
