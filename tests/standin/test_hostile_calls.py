"""A hostile app on the stand-in: what it gets by asking the device itself, past any class of Android's."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

import pytest
from appkit import Kit, on_device, run

from emulator.standin.apps import databases
from emulator.standin.packages.intents import Intent
from tests.javaapp import NEEDS_JAVAC, manifest, packed

ROOT = Path(__file__).parents[2]
NAME = "org.example.caller"
pytestmark = [
    pytest.mark.jvm,
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
    NEEDS_JAVAC,
]
PERMISSIONS = ("INTERNET", "WRITE_SECURE_SETTINGS", "WRITE_SETTINGS", "READ_PRIVILEGED_PHONE_STATE", "NO_SUCH")
MANIFEST = manifest(NAME, "Main", permissions=PERMISSIONS)
SOURCE = """package org.example.caller;
import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.util.*;
import standin.Device;
public class Main extends android.app.Activity {
    static void say(String text) { android.util.Log.i("caller", text); }
    static Object call(String method, Object... pairs) {
        Map<String, Object> a = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) a.put((String) pairs[i], pairs[i + 1]);
        try { return Device.call(method, a); } catch (Throwable e) { return "!" + e; }
    }
    @Override protected void onCreate(android.os.Bundle state) {
        super.onCreate(state);
        new Thread(() -> { try { go(); } catch (Throwable e) { say("!" + e); } say("done"); }).start();
    }
    { BODY }
}
"""


def build(directory: Path, body: str) -> Path:
    """An app whose thread runs the method ``go`` of the body."""
    return packed(directory, MANIFEST, {"Main": SOURCE.replace("{ BODY }", body)}, "caller")


async def started(kit: Kit, directory: Path, body: str) -> list[str]:
    """What the app says until it is done."""
    kit.install(await asyncio.to_thread(build, directory, body))
    await kit.app.start(Intent("android.intent.action.MAIN", f"{NAME}/.Main"))
    await kit.until(lambda: "done" in kit.logged("caller"), "the app has tried everything")
    return kit.logged("caller")


ROUTE = """
    static String reach(String host, int port) {
        try (Socket s = host.startsWith("127.") ? new Socket(Proxy.NO_PROXY) : new Socket()) {
            s.connect(new InetSocketAddress(host, port), 3000);
            return "connected";
        } catch (Throwable e) { return "!" + e.getClass().getSimpleName(); }
    }
    void go() throws Exception {
        for (String ns : new String[] {"global", "secure", "system"})
            say("put " + ns + " " + call("settings.put", "ns", ns, "key", "http_proxy", "value", "127.0.0.1:{OTHER}"));
        for (String p : "{PERMISSIONS}".split(","))
            say("held " + p + " " + call("perm.check", "permission", "android.permission." + p));
        say("asked");
        while (!"1".equals(call("settings.get", "ns", "system", "key", "go"))) Thread.sleep(50);
        say("proxy " + call("settings.get", "ns", "global", "key", "http_proxy"));
        say("other " + reach("127.0.0.1", {OTHER}));
        say("first " + reach("127.0.0.1", {FIRST}));
        say("name " + reach("exfil.example", 80));
    }
"""


def test_settings_do_not_lead_an_app_anywhere_else(tmp_path: Path) -> None:
    """Requesting a permission gives none that is the system's, and a proxy that an app has set opens no way."""
    asked: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")

    async def scenario(kit: Kit) -> None:
        server = await asyncio.start_server(proxy, "127.0.0.1", 0)
        first = server.sockets[0].getsockname()[1]
        await kit.state.put_setting("global", "http_proxy", f"127.0.0.1:{first}")
        with socket.create_server(("127.0.0.1", 0)) as other:
            other.setblocking(False)
            port = other.getsockname()[1]
            body = ROUTE.replace("{OTHER}", str(port)).replace("{FIRST}", str(first))
            work = asyncio.ensure_future(started(kit, tmp_path, body.replace("{PERMISSIONS}", ",".join(PERMISSIONS))))
            await kit.until(lambda: work.done() or "asked" in kit.logged("caller"), "the app has asked")
            assert kit.state.http_proxy() == ("127.0.0.1", first)
            await kit.state.put_setting("global", "http_proxy", f"127.0.0.1:{port}", by=NAME)  # as if it might
            await kit.state.put_setting("system", "go", "1")
            said = await work
            with pytest.raises(BlockingIOError):
                other.accept()
        for ns in ("global", "secure", "system"):
            assert [x for x in said if x.startswith(f"put {ns} !java.lang.SecurityException")], said
        assert [x.split()[1] for x in said if x.startswith("held ") and x.endswith(" true")] == ["INTERNET"]
        assert f"proxy 127.0.0.1:{port}" in said
        assert "other !ConnectException" in said and "first connected" in said and "name connected" in said, said
        assert asked[-1].startswith(b"CONNECT exfil.example:80 ")
        assert [x for x in kit.logged("ConnectivityService") if "http_proxy changed by" in x]
        # what adb takes back is shut, and what then is not reached is told
        await kit.state.put_setting("global", "http_proxy", ":0")
        assert kit.app.island and kit.state.ways() == set()
        with kit.app.island.listen(first):
            pass
        server.close()

    run(tmp_path, scenario)


RACE = """
    static Object sql(Object db, String text) { return call("db.run", "db", db, "sql", text, "args", List.of()); }
    void go() throws Exception {
        File home = getFilesDir(), d = new File(home, "d"), l = new File(home, "l");
        d.mkdirs();
        Files.createSymbolicLink(l.toPath(), Path.of("{TARGET}"));
        Process flip = new ProcessBuilder("/bin/sh", "-c", "cd " + home + "; while :; do mv -T d x; mv -T l d; "
            + "mv -T d l; mv -T x d; done").start();
        int opened = 0;
        for (int i = 0; i < {TRIES} || (opened == 0 && i < 5000); i++) {
            Object handle = call("db.open", "path", d + "/n" + i + ".db");
            if (!(handle instanceof Number)) continue;
            opened++;
            sql(handle, "CREATE TABLE t(a)");
            call("db.close", "db", handle);
        }
        flip.destroyForcibly();
        say("opened " + (opened > 0));
        Object memory = call("db.open", "path", ":memory:");
        say("large " + sql(memory, "SELECT zeroblob(3000000)"));
        sql(memory, "CREATE TABLE t(a)");
        String why = "";
        int put = 0;
        for (; put < 30; put++) {
            why = "" + sql(memory, "INSERT INTO t VALUES(zeroblob(10000000))");
            if (why.startsWith("!")) break;
        }
        say("memory " + put + " " + why);
        say("whole " + sql(memory, "SELECT 7 AS n"));
        say("endless");
        String endless = "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM c) SELECT max(x) FROM c";
        say("broken " + sql(memory, endless));
    }
"""


def test_databases_stay_in_the_apps_folder_and_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the app exchanges under a path, nobody but itself opens it; and it holds up nobody else."""
    monkeypatch.setattr(databases, "STATEMENT", 1.0)
    target = tmp_path / "theirs"
    target.mkdir()
    target.chmod(0o755)

    async def scenario(kit: Kit) -> None:
        body = RACE.replace("{TARGET}", str(target)).replace("{TRIES}", "60")
        work = asyncio.ensure_future(started(kit, tmp_path, body))
        await kit.until(lambda: work.done() or "endless" in kit.logged("caller"), "the app keeps SQLite busy")
        for _ in range(20):  # the device's loop is as free as ever: it is not where the statement runs
            await asyncio.sleep(0)
        assert not work.done()
        said = await work
        assert list(target.iterdir()) == []
        assert "opened true" in said
        (memory,) = [x.split(" ", 2) for x in said if x.startswith("memory ")]
        assert 0 < int(memory[1]) < 10 and "out of memory" in memory[2].lower(), memory
        assert [x for x in said if x.startswith("large !") and "CursorWindow" in x], said
        assert [x for x in said if x.startswith("whole ") and "[[7]]" in x], said
        assert [x for x in said if x.startswith("broken !") and "interrupted" in x], said

    run(tmp_path, scenario)


class Closed:
    """What a connection is written to."""

    closed = False

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


@pytest.mark.parametrize(
    "line",
    [
        "[]", "null", "1", "{}", "[" * 100_000, '{"m":"hello","a":[]}', '{"m":"hello"}',
        '{"m":"hello","a":{"token":{}}}',
        '{"m":[],"a":{"token":"x","pid":"y"}}', "\ud800", "x" * 100_000,
    ],
    ids=range(11),
)  # fmt: skip
@on_device
async def test_nonsense_on_the_wire_ends_the_connection_and_nothing_else(kit: Kit, line: str) -> None:
    reader, writer = asyncio.StreamReader(limit=1 << 24), Closed()
    reader.feed_data(line.encode("utf-8", "surrogatepass") + b"\n")
    reader.feed_eof()
    await kit.app._connected(reader, writer)  # type: ignore[arg-type]
    assert writer.closed
