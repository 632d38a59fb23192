"""``uv run python -m bench.review [--only WORDS] [--before COMMIT]``: attacks of a review, before and after.

Each case is one command on something prepared for it; the table is made of what the command did in a checkout of the
commit that was reviewed and in this one. Cases that need the stand-in device, javac or root say so where there is none.
Prints one line a case, and exits 1 if any attack still works here.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from bench import review_device
from bench.review_capture import APP, IMEI, capture

ROOT = Path(__file__).resolve().parents[1]
REVIEWED = "886dd9d"
LIMIT = 120


class Answer(NamedTuple):
    """What a command did, and whether the attack worked."""

    said: str
    worked: bool


class Tree:
    """A checkout, and what its commands make. ``work`` is a directory for it alone."""

    def __init__(self, root: Path, work: Path) -> None:
        self.root, self.work = root, work
        work.mkdir()

    def run(self, *command: object, limit: float = LIMIT) -> subprocess.CompletedProcess[str]:
        """A command with this tree's code; return code 124 if it does not end."""
        environment = os.environ | {"PYTHONPATH": str(self.root), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
        words = [str(word) for word in command]
        try:
            return subprocess.run(
                words, cwd=self.root, env=environment, capture_output=True, text=True, errors="replace",
                timeout=limit, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(words, 124, "", f"did not end within {limit:.0f} s")

    def monitor(self, *arguments: object, limit: float = LIMIT) -> subprocess.CompletedProcess[str]:
        """``monitor …``"""
        return self.run(sys.executable, "-m", "monitor", *arguments, limit=limit)

    def verifier(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """The auditor's own copy of ``verify.py``."""
        script = self.root / "monitor/evidence/standalone/verify.py"
        return self.run(sys.executable, "-I", script, *arguments)

    def imported(self, name: str, har: bytes, *more: object) -> Path:
        """A bundle made of a capture."""
        path = self.work / f"{name}.har"
        path.write_bytes(har)
        values = self.work / f"{name}.yaml"
        values.write_text(f'- {{data_type: imei, value: "{IMEI}"}}\n')
        out = self.work / name
        done = self.monitor("import", path, "--app", APP, "--identifiers", values, "--out", out, *more)
        if done.returncode not in (0, 1):
            raise RuntimeError(last(done))
        return out

    @cached_property
    def bundle(self) -> Path:
        """A sealed bundle, to be copied."""
        return self.imported("bundle", capture())

    def copy(self) -> Path:
        """A copy of it."""
        return Path(shutil.copytree(self.bundle, Path(tempfile.mkdtemp(dir=self.work)) / "b"))

    @cached_property
    def session(self) -> review_device.Session:
        """A hostile app's session on the stand-in."""
        return review_device.session(self.root, self.work / "device")


def last(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of what a command said."""
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines() or [""]
    return re.sub(r"/\S*/", "", lines[-1])[:110]


def accepted(done: subprocess.CompletedProcess[str]) -> Answer:
    """For changes to a bundle: the attack works if the verifier does not refuse."""
    return Answer(f"exit {done.returncode}: {last(done)}", done.returncode != 4)


def changed(change: Callable[[Path], object]) -> Callable[[Tree], Answer]:
    """``monitor verify`` of a bundle with this change."""

    def case(tree: Tree) -> Answer:
        bundle = tree.copy()
        change(bundle)
        return accepted(tree.monitor("verify", bundle, limit=20))

    return case


def results_removed(bundle: Path) -> None:
    for name in ("findings.jsonl", "coverage.jsonl", "report.html", "findings.dsse.json"):
        (bundle / name).unlink()


def custody_cut(bundle: Path) -> None:
    path = bundle / "custody.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def stranger(tree: Tree) -> Answer:
    bundle, other = tree.copy(), tree.work / "stranger.pem"
    tree.run("openssl", "genpkey", "-algorithm", "ed25519", "-out", other)
    public = tree.run("openssl", "pkey", "-in", other, "-pubout").stdout
    with (bundle / "public.pem").open("a") as file:
        file.write(public)
    # whoever holds the bundle can write its manifests anew
    text = (bundle / "tagmanifest-sha256.txt").read_text()
    digest = tree.run("sha256sum", bundle / "public.pem").stdout[:64]
    (bundle / "tagmanifest-sha256.txt").write_text(re.sub(r"\w{64}(?=  public.pem)", digest, text))
    done = tree.monitor("verify", bundle)
    return Answer(f"exit {done.returncode}: {last(done)}", done.returncode == 0)


def unreadable_token(tree: Tree) -> Answer:
    bundle = tree.copy()
    (bundle / "seal.tsr").write_bytes(b"a time-stamp")
    return accepted(tree.verifier(bundle))


def other_key(tree: Tree) -> Answer:
    other = tree.work / "other.pem"
    tree.run("openssl", "genpkey", "-algorithm", "ed25519", "-out", tree.work / "other.key")
    other.write_text(tree.run("openssl", "pkey", "-in", tree.work / "other.key", "-pubout").stdout)
    return accepted(tree.verifier(tree.copy(), f"--key={other}"))


def shadowed(tree: Tree) -> Answer:
    bundle = tree.copy()
    (bundle / "hashlib.py").write_text("print('unchanged: 99 events'); raise SystemExit(0)")
    return accepted(tree.run(sys.executable, bundle / "verify.py", bundle))


def control(tree: Tree) -> Answer:
    bundle = tree.copy()
    (bundle / "data" / "\x1b[2Kintact").write_text("x")
    done = tree.verifier(bundle)
    return Answer(f"exit {done.returncode}: {last(done)!r}", "\x1b" in done.stdout + done.stderr)


def spoken_of(tree: Tree) -> Answer:
    bundle = tree.copy()
    path = bundle / "findings.jsonl"
    path.write_bytes(path.read_bytes().replace(b"COL-03", b"COL-01"))
    return accepted(tree.monitor("findings", bundle, "--json"))


def overwritten(tree: Tree) -> Answer:
    bundle = tree.copy()
    before = (bundle / "findings.dsse.json").read_bytes()
    done = tree.monitor("analyse", bundle)
    kept = any(path.read_bytes() == before for path in bundle.rglob("findings.dsse.json"))
    return Answer(f"exit {done.returncode}: first results {'kept' if kept else 'gone'}", not kept)


def written_through(tree: Tree) -> Answer:
    bundle, victim = tree.copy(), tree.work / "victim.txt"
    victim.write_text("the analyst's own")
    for name in ("findings.jsonl", "coverage.jsonl", "report.html"):
        (bundle / f".{name}.new").symlink_to(victim)
    done = tree.monitor("analyse", bundle)
    whole = victim.read_text() == "the analyst's own"
    return Answer(f"exit {done.returncode}: the analyst's file {'whole' if whole else 'overwritten'}", not whole)


def copied(tree: Tree) -> Answer:
    declaration = tree.work / "declaration.yaml"
    declaration.write_text(f"operator: {{name: Example Ltd}}\napp: {{package: {APP}}}\n# tester's phone: {IMEI}\n")
    bundle = tree.imported("declared", capture(), "--declaration", declaration)
    done = tree.monitor("redact", bundle, "-o", tree.work / "copy")
    held = tree.run("grep", "-rl", IMEI, tree.work / "copy").stdout
    return Answer(f"exit {done.returncode}: {last(done)}", bool(held))


def digest(tree: Tree) -> Answer:
    guesses = tree.run(
        sys.executable, "-c",
        "import hashlib,json,sys\n"
        f"known = {{json.loads(l)['sha256'] for l in open(sys.argv[1]) if 'transmission' in l}}\n"
        f"print([n for n in range({int(IMEI) - 50_000}, {int(IMEI) + 50_000})"
        " if hashlib.sha256(b'{\"imei\":\"%d\"}' % n).hexdigest() in known])",
        tree.bundle / "data/events/000001.jsonl",
    )  # fmt: skip
    return Answer(f"IMEI guessed from the digest of a body: {guesses.stdout.strip()}", IMEI in guesses.stdout)


def escaped(tree: Tree) -> Answer:
    path = "".join(f"%{ord(c):02x}" for c in IMEI)
    bundle = tree.imported("escaped", capture(path=f"/u/{path}"))
    done = tree.monitor("events", bundle, "--kind", "transmission", "--json")
    shown = json.loads(done.stdout.splitlines()[0])["path"] if done.stdout else last(done)
    return Answer(f"path in public events: {shown}", path in done.stdout)


def octal(tree: Tree) -> Answer:
    (tree.work / "c.har").write_bytes(capture())
    values = tree.work / "octal.yaml"
    values.write_text("- {data_type: imei, value: 0123456701234567}\n")
    done = tree.monitor(
        "import", tree.work / "c.har", "--app", APP, "--identifiers", values, "--out", tree.work / "octal"
    )
    return Answer(f"exit {done.returncode}: {last(done)}", done.returncode != 2)


def dated(tree: Tree) -> Answer:
    (tree.work / "9999.har").write_bytes(capture("2026-09-21T13:46:40.000Z", "9999-12-31T23:59:59.999Z"))
    done = tree.monitor("import", tree.work / "9999.har", "--app", APP, "--out", tree.work / "9999")
    whole = done.returncode in (0, 1) and (tree.work / "9999/seal.dsse.json").is_file()
    return Answer(f"exit {done.returncode}: {last(done)}", not whole)


def interrupted(tree: Tree, code: str) -> Path:
    """A bundle whose recorder was killed."""
    bundle = Path(tempfile.mkdtemp(dir=tree.work)) / "b"
    start = (
        "import os, sys, pathlib\nfrom monitor.evidence.bundle import Bundle\nfrom monitor.events import Health\n"
        "b = Bundle.create(pathlib.Path(sys.argv[1]))\n"
        "b.log.append(Health(t=1, err=0, src='runner', app='a.b', component='t', what='w'))\nb.log.flush()\n"
    )
    tree.run(sys.executable, "-c", start + code + "\nos.kill(os.getpid(), 9)", bundle)
    return bundle


def key_on_disk(tree: Tree) -> Answer:
    bundle = interrupted(tree, "")
    done = tree.run("grep", "-rl", "PRIVATE KEY", bundle)
    return Answer(f"private keys in the bundle of a running recorder: {last(done) or 'none'}", done.returncode == 0)


def recovered(tree: Tree) -> Answer:
    bundle = interrupted(tree, "")
    tree.monitor("recover", bundle)
    done = tree.monitor("verify", bundle)
    told = "recovered" in done.stdout
    return Answer(f"exit {done.returncode}: {'says' if told else 'does not say'} that it was recovered", not told)


def half_made(tree: Tree) -> Answer:
    bundle = interrupted(tree, "")
    for name in ("checkpoints.jsonl", "custody.jsonl", "private/key", "private/disclosures.jsonl", "private/seal.key"):
        (bundle / name).unlink(missing_ok=True)
    (bundle / "private/.key.new").write_bytes(b"")
    recover = tree.monitor("recover", bundle)
    done = tree.monitor("verify", bundle)
    failed = recover.returncode not in (0, 1) or done.returncode != 0
    return Answer(f"exit {recover.returncode}, then verify {done.returncode}: {last(recover)}", failed)


def pinned(tree: Tree) -> Answer:
    done = tree.run("grep", "-c", "--", "--hash=sha256", tree.root / "locked.txt")
    return Answer(f"packages pinned by digest: {done.stdout.strip() or 'none'}", done.returncode != 0)


def on_device(what: str) -> Callable[[Tree], Answer]:
    """One answer of the session with a hostile app."""

    def case(tree: Tree) -> Answer:
        said, worked = tree.session.answers[what]
        return Answer(said, worked)

    return case


class Case(NamedTuple):
    """What is attacked, with which command, and how it went."""

    name: str
    command: str
    run: Callable[[Tree], Answer]


_HOSTILE = "monitor run hostile.yaml --app hostile.apk"
CASES = (
    Case("the app reads the session's key", _HOSTILE, on_device("key")),
    Case("the app connects past the proxy", _HOSTILE, on_device("socket")),
    Case("the app runs with the recorder's rights", _HOSTILE, on_device("uid")),
    Case("the app forges the line of a granted permission", "monitor events B --kind permission_result",
         on_device("forged")),
    Case("another user opens a shell on the stand-in", "adb connect 127.0.0.1:PORT", on_device("shell")),
    Case("another user lists the app's processes with Frida", "frida-ps -H 127.0.0.1:PORT", on_device("portal")),
    Case("the private key of the seal lies on the disk", "grep -rl 'PRIVATE KEY' B", key_on_disk),
    Case("a stranger's key is added to public.pem", "monitor verify B", stranger),
    Case("an IMEI is guessed from a public digest", "monitor events B", digest),
    Case("an IMEI stands percent-encoded in a public path", "monitor events B", escaped),
    Case("a copy for others holds a value", "monitor redact B -o COPY", copied),
    Case("the report is exchanged", "monitor verify B",
         changed(lambda b: (b / "report.html").write_text("nothing was found"))),
    Case("the attestation is removed", "monitor verify B", changed(lambda b: (b / "findings.dsse.json").unlink())),
    Case("all results are removed together", "monitor verify B", changed(results_removed)),
    Case("an entry of custody is cut off", "monitor verify B", changed(custody_cut)),
    Case("a pipe stands for the time-stamp", "monitor verify B", changed(lambda b: os.mkfifo(b / "seal.tsr"))),
    Case("a file is added", "monitor verify B", changed(lambda b: (b / "note.txt").write_text("mine"))),
    Case("an unreadable time-stamp is added", "verify.py B", unreadable_token),
    Case("another key is given", "verify.py B --key=F", other_key),
    Case("a module lies beside verify.py", "python3 B/verify.py B", shadowed),
    Case("a name holds control characters", "verify.py B", control),
    Case("findings of a damaged bundle are shown", "monitor findings B", spoken_of),
    Case("a second analysis replaces the first", "monitor analyse B", overwritten),
    Case("a link in the bundle leads to the analyst's file", "monitor analyse B", written_through),
    Case("an identifier is read as an octal number", "monitor import F --identifiers I", octal),
    Case("an entry dated 9999 costs the whole import", "monitor import F", dated),
    Case("a recovered bundle does not say so", "monitor recover B; monitor verify B", recovered),
    Case("a recorder killed at its start leaves nothing to recover", "monitor recover B", half_made),
    Case("packages are installed that were not tested", "grep -c -- --hash locked.txt", pinned),
)  # fmt: skip


@contextmanager
def checkout(commit: str, work: Path) -> Iterator[Path | None]:
    """The tree of the reviewed commit; None if this is no clone that has it."""
    place = work / "reviewed"
    done = subprocess.run(
        ["git", "-C", str(ROOT), "worktree", "add", "--detach", str(place), commit], capture_output=True
    )
    if done.returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(place)], capture_output=True)


def tried(case: Case, tree: Tree | None) -> Answer:
    """What a case did in a tree."""
    if tree is None:
        return Answer("not run: the commit is not here", False)
    try:
        return case.run(tree)
    except (RuntimeError, OSError) as error:
        return Answer(f"not run: {error}"[:110], False)


def main(arguments: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="review", description=__doc__)
    parser.add_argument("--only", default="", help="cases whose name or command holds this")
    parser.add_argument("--before", default=REVIEWED, help="commit of the first column; empty for none")
    parser.add_argument("--json", action="store_true", help="one object a case")
    options = parser.parse_args(arguments)
    cases = [case for case in CASES if options.only in case.name or options.only in case.command]
    open_here = 0
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        work.chmod(0o755)
        with checkout(options.before, work) if options.before else none() as reviewed:
            old = Tree(reviewed, work / "before") if reviewed else None
            new = Tree(ROOT, work / "after")
            for number, case in enumerate(cases, 1):
                before, after = tried(case, old), tried(case, new)
                open_here += after.worked
                row = {"case": case.name, "command": case.command, "before": before, "after": after}
                if options.json:
                    print(json.dumps(row), flush=True)
                    continue
                print(f"{number:2}  {case.name}\n      $ {case.command}")
                for when, answer in (("before", before), ("after", after)):
                    print(f"      {when:6}  {'OPEN ' if answer.worked else 'ok   '} {answer.said}", flush=True)
    print(f"{len(cases)} cases, {open_here} open")
    return 1 if open_here else 0


@contextmanager
def none() -> Iterator[None]:
    yield None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
