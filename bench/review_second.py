"""Attacks of the second review as commands, for the defects whose tests the older code cannot load."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bench.review import ROOT, Answer, Tree, accepted, last

NOBODY = 65534


def _python(tree: Tree, code: str, *words: object) -> subprocess.CompletedProcess[str]:
    return tree.run(sys.executable, "-c", code, *words)


def foreseen(tree: Tree) -> Answer:
    """Another user has made every folder that the command may take in the next two minutes."""
    if os.geteuid():
        return Answer("not run: needs root, to act as another user", False)
    place = Path(tempfile.mkdtemp(dir=tree.work))
    place.chmod(0o1777)
    for second in range(120):
        folder = place / f"monitor-sdk-{datetime.now() + timedelta(seconds=second):%Y%m%d-%H%M%S}"
        folder.mkdir()
        os.chown(folder, NOBODY, NOBODY)
    words = [sys.executable, "-m", "monitor", "sdk", "check", "beacon", "--declaration", "beacon", "--quiet"]
    environment = os.environ | {"TMPDIR": str(place), "PYTHONPATH": str(tree.root)}
    process = subprocess.Popen(
        words,
        cwd=tree.root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until, written = time.monotonic() + 60, False
    try:
        while time.monotonic() < until and process.poll() is None and not written:
            made = list(place.glob("monitor-sdk-*"))
            written = any(any(folder.iterdir()) for folder in made if folder.stat().st_uid == NOBODY)
            if not written and any(folder.stat().st_uid != NOBODY and any(folder.iterdir()) for folder in made):
                break
            time.sleep(0.2)
    finally:
        process.terminate()
        process.wait()
    said = "writes into a folder that another user made" if written else "takes a folder that nobody could foresee"
    return Answer(said, written)


#: What many containers do: no new namespaces, by a filter of system calls that what is run after it inherits.
_CONFINED = f"""
import ctypes, os, struct, sys
sys.path.insert(0, {str(ROOT / "emulator")!r})
from standin.sandbox.seccomp import program
code = program()
buffer = ctypes.create_string_buffer(code, len(code))
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer)), 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


def uncontained(tree: Tree) -> Answer:
    """A session where nothing keeps an app in."""
    script = tree.work / "one.yaml"
    script.write_text("appId: com.example.shopclean\napp: shop-clean\n---\n- launchApp\n")
    run = ["-m", "monitor", "run", script, "--out", tree.work / "free", "--hooks", "none", "--proxy", "none", "--quiet"]
    done = _python(tree, _CONFINED, sys.executable, *run)
    return Answer(f"exit {done.returncode}: {last(done)}", done.returncode == 0)


_ATTESTED = """
import sys, pathlib
from monitor.evidence.bundle import Bundle
b = pathlib.Path(sys.argv[1])
(b / "findings.jsonl").write_bytes(b"")
Bundle.open(b).attest({}, "2", {})
"""


def attested_anew(tree: Tree) -> Answer:
    bundle, key = tree.copy(), tree.work / "recorder.pem"
    key.write_bytes((bundle / "public.pem").read_bytes())
    done = _python(tree, _ATTESTED, bundle)
    if done.returncode:
        raise RuntimeError(last(done))
    return accepted(tree.verifier(bundle, f"--key={key}"))


_RULE = """
import sys, pathlib
text = pathlib.Path(sys.argv[1], "monitor/rules/COL-03.yaml").read_text("utf-8")
for level in ("critical", "high"):
    text = text.replace(f"level: {level}", "level: low")
pathlib.Path(sys.argv[2]).write_text(text, "utf-8")
"""


def strangers_rules(tree: Tree) -> Answer:
    """A stranger analyses with a rule in place of one of ours; then the examiner analyses as usual."""
    bundle, rule = tree.copy(), tree.work / "COL-03.yaml"
    _python(tree, _RULE, tree.root, rule)
    before = os.environ.get("XDG_STATE_HOME"), os.environ["HOME"]
    try:
        for name in ("stranger", "examiner"):
            home = Path(tempfile.mkdtemp(prefix=name, dir=tree.work))
            os.environ |= {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
            done = tree.monitor("analyse", bundle, *(["--rules", rule] if name == "stranger" else []))
            if done.returncode not in (0, 1, 4):
                raise RuntimeError(last(done))
    finally:
        os.environ["HOME"] = before[1]
        os.environ.pop("XDG_STATE_HOME")
        if before[0]:
            os.environ["XDG_STATE_HOME"] = before[0]
    taken = done.returncode != 4 and (bundle / "own-rules.json").is_file()
    said = "the stranger's rule is among the examiner's" if taken else last(done) or "not taken over"
    return Answer(f"exit {done.returncode}: {said}", taken)


_WIDE = """
import gzip, resource
from monitor.content.decode import Message, decode
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
body = gzip.compress(b"[" + b"[]," * 5_300_000 + b"[]]")
decode(Message(body=body, content_type="application/json", encoding="gzip"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def wide(tree: Tree) -> Answer:
    done = _python(tree, _WIDE)
    if done.returncode:
        raise RuntimeError(last(done))
    more = int(done.stdout) // 1024
    return Answer(f"16 KB of gzip take {more} MB more", more > 200)


_ACTING = """
import sys, pathlib
from monitor.evidence.bundle import Bundle
from monitor.events import Window
from monitor.session.manifest import App, Session
b = Bundle.create(pathlib.Path(sys.argv[1]))
b.log.append(Window(t=1, err=0, src="hooks:7", app="a.b", pid=7, window=1, window_kind="dialog", action="shown",
                    title="\\u202egnp.exe", texts=[], buttons=[]))
b.seal(Session(start=1, end=2, app=App(package="a.b")))
"""


def acting(tree: Tree) -> Answer:
    bundle = Path(tempfile.mkdtemp(dir=tree.work)) / "b"
    done = _python(tree, _ACTING, bundle)
    if done.returncode:
        raise RuntimeError(last(done))
    said = tree.monitor("events", bundle, "--json").stdout
    return Answer(f"a bidirectional override is {'raw' if '\u202e' in said else 'escaped'}", "\u202e" in said)


#: By the name of the row in ``adversaries``: the command as it is told, and what does it.
ATTACKS: dict[str, tuple[str, Callable[[Tree], Answer]]] = {
    "1 critical": ("monitor sdk check beacon --declaration beacon", foreseen),
    "2 critical": ("monitor run, where namespaces are forbidden", uncontained),
    "4 high": ("verify.py B --key RECORDER, findings attested by a stranger", attested_anew),
    "5 high": ("monitor analyse B, after a stranger's --rules", strangers_rules),
    "7 high": ("decode(gzip of [[],[],…])", wide),
    "11": ("monitor events B --json", acting),
}
