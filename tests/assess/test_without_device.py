"""An inspector's machine has no frida, mitmproxy or adbutils: commands that only read bundles work nevertheless."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from monitor.reports import formats

ROOT = Path(__file__).parents[2]
GONE = ("frida", "_frida", "frida_tools", "mitmproxy", "mitmproxy_rs", "adbutils")
#: Runs when Python starts, before any other code: every import finds the packages missing.
SITE = f"""
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {GONE!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Gone())
"""
#: Every command in one process, each as the command line runs it; what came of it as JSON.
DRIVER = f"""
import contextlib, io, json, sys
import typer
from monitor.cli import app
from monitor.cli._common import missing_package
from monitor.base.errors import MonitorError
done = []
for arguments in json.loads(sys.stdin.read()):
    text = io.TextIOWrapper(io.BytesIO(), "utf-8")
    code, said = 0, ""
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        try:
            code = app(arguments, standalone_mode=False) or 0
        except typer.Exit as end:
            code = end.exit_code
        except SystemExit as end:
            code = int(end.code or 0)
        except MonitorError as error:
            code, said = error.exit_code, str(error)
        except ModuleNotFoundError as error:
            fault = missing_package(error)
            code, said = fault.exit_code, str(fault)
    text.flush()
    done.append([code, said + text.buffer.getvalue().decode()])
loaded = sorted(name for name in sys.modules if name.partition(".")[0] in {GONE!r})
sys.__stdout__.write(json.dumps([done, loaded]))
"""


def environment(home: Path) -> dict[str, str]:
    (home / "sitecustomize.py").write_text(SITE)
    path = os.pathsep.join((str(home), str(ROOT)))
    return os.environ | {"PYTHONPATH": path, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "COLUMNS": "200"}


def run(home: Path, commands: list[list[str]]) -> list[tuple[list[str], int, str]]:
    """The commands in order, in a process without the packages; its own directory as working directory."""
    place = home / "site"
    place.mkdir(exist_ok=True)
    found = subprocess.run(
        [sys.executable, "-c", DRIVER], input=json.dumps(commands), capture_output=True, text=True, encoding="utf-8",
        cwd=home, env=environment(place), timeout=240,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    done, loaded = json.loads(found.stdout)
    assert loaded == []
    return [(command, code, text) for command, (code, text) in zip(commands, done, strict=True)]


def test_the_packages_are_hidden_there(tmp_path: Path) -> None:
    """Without this the tests below could not fail."""
    (tmp_path / "site").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", "import frida"], capture_output=True, text=True, env=environment(tmp_path / "site")
    )
    assert "ModuleNotFoundError" in done.stderr
    ((_, code, text),) = run(tmp_path, [["run", "quickstart", "--out", "x"]])
    assert code == 3 and "recording needs" in text


def test_every_command_that_reads_a_bundle_works(v1: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(v1, old)
    entry = {
        "startedDateTime": "2026-05-01T08:00:00Z",
        "request": {"method": "GET", "url": "https://ulogs.umeng.com/a?imei=490154203237518", "headers": []},
        "response": {"status": 200, "content": {"size": 2}},
    }
    (tmp_path / "x.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    (tmp_path / "d.yaml").write_text("app: {package: com.example.shop}\n")
    finding = json.loads((v1 / "findings.jsonl").read_bytes().splitlines()[0])["fingerprint"]
    known = ["--results-key", "me.pem.pub"]
    commands = [
        ["key", "new", "me.pem"],
        ["import", "x.har", "--app", "com.example.shop", "--out", "new"],
        *(["verify", bundle] for bundle in ("old", "new")),
        ["analyse", "old", "--key", "me.pem"],
        ["analyse", "new", "--recorded-tables", "--key", "me.pem"],
        *(["verify", bundle, *known] for bundle in ("old", "new")),
        ["findings", "old", "--json", *known],
        ["events", "old", "--json", "--kind", "transmission"],
        ["coverage", "old", "--json", *known],
        *(["report", "old", "--format", name, "-o", f"out.{name}", *known] for name in formats()),
        ["explain", "COL-01"],
        ["explain", "telephony.get_imei"],
        ["explain", finding, "--bundle", "old", *known],
        ["redact", "new", "-o", "shared", *known],
        ["declaration", "init", "old"],
        ["declaration", "check", "d.yaml"],
        ["declaration", "compare", "d.yaml", "old", "--json"],
        ["rules", "list"],
        ["hooks", "list"],
        ["scenarios", "list"],
        ["case", "--help"],
        ["--version"],
    ]
    for command, code, text in run(tmp_path, commands):
        assert code == 0, (command, text)
    assert all((tmp_path / f"out.{name}").stat().st_size > 100 for name in formats())


def test_a_recording_that_was_broken_off_is_recovered(tmp_path: Path) -> None:
    from monitor.events import Health
    from monitor.evidence.bundle import Bundle

    bundle = Bundle.create(tmp_path / "off")
    bundle.log.append(Health(t=1, err=0, src="runner", app="a.b", component="test", what="heartbeat"))
    bundle.log.close()
    bundle.drop_lock()
    for command, code, text in run(tmp_path, [["recover", "off"], ["verify", "off"], ["findings", "off"]]):
        assert code == 0, (command, text)


def test_flow_files_say_what_they_need(tmp_path: Path) -> None:
    (tmp_path / "x.mitm").write_bytes(b"5:hello,")
    ((_, code, text),) = run(tmp_path, [["import", "x.mitm", "--app", "com.example.shop", "--out", "new"]])
    assert code == 3, text
    assert "mitmproxy" in text and "HAR" in text and "\n" not in text.strip()
    assert not (tmp_path / "new" / "data").exists()


def test_none_of_them_is_loaded_where_they_are_there(v1: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "monitor", "verify", v1], capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "monitor" in names and not names & set(GONE)
