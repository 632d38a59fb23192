"""``uv run python -m bench.tamper BUNDLE``: change a bundle in every possible way and see which verifier notices.

Prints the number of mutations tried, how many each verifier refused, and every one that was accepted. Accepted may be
only what ``STATED`` says: nothing in it is signed by anybody.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import json
import os
import shutil
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from monitor.base.errors import MonitorError
from monitor.events import Health
from monitor.evidence.attested import results_of
from monitor.evidence.bundle import Bundle
from monitor.evidence.keys import Signer
from monitor.evidence.redaction import Vault
from monitor.evidence.standalone.verify import DERIVED, envelope_parts
from monitor.evidence.verify import verify
from monitor.session.manifest import App, Session

#: What may go unnoticed, and why.
STATED = {
    "private part withheld": "the private part may be kept back, whole or in part",
    "put back to an earlier state": "results, custody entries, a token or a copy's own statement that came after a "
    "statement: nothing inside counts them; a time-stamp or a digest noted elsewhere does",
}
_SEALED, _STATED = "what custody says after the seal", "what custody says after the last statement"
_ROLLED_BACK = "rolled back to an earlier analysis"
_STEP = int(os.environ.get("TAMPER_STEP", "0"))


def standalone() -> ModuleType:
    """The verifier that auditors use, loaded as a module so that thousands of cases take minutes."""
    path = Path(__file__).resolve().parents[1] / "monitor/evidence/standalone/verify.py"
    spec = importlib.util.spec_from_file_location("standalone_verify", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["standalone_verify"] = module
    spec.loader.exec_module(module)
    module.signed = lru_cache(module.signed)  # type: ignore[attr-defined]  # the same signatures, thousands of times
    return module


def mutations(bundle: Path, other: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Name of each, and what does it; the bundle is restored after each. ``other``: another recording."""
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    for path in files:
        name, data = path.relative_to(bundle).as_posix(), path.read_bytes()
        for at in range(0, len(data), _STEP or max(1, len(data) // 40)):
            yield f"{name}: byte {at} flipped", lambda p=path, d=data, a=at: _flip(p, d, a)  # type: ignore[misc]
        if data:
            yield f"{name}: cut in half", lambda p=path, d=data: _write(p, d[: len(d) // 2])  # type: ignore[misc]
            yield f"{name}: last byte gone", lambda p=path, d=data: _write(p, d[:-1])  # type: ignore[misc]
            yield f"{name}: emptied", lambda p=path: _write(p, b"")  # type: ignore[misc]
        yield f"{name}: a byte more", lambda p=path, d=data: _write(p, d + b"\n")  # type: ignore[misc]
        yield f"{name}: deleted", path.unlink
        yield f"{name}: a link", lambda p=path: _link(p)  # type: ignore[misc]
        yield f"{name}: a pipe", lambda p=path: _pipe(p)  # type: ignore[misc]
    for one, other in itertools.pairwise(files):
        if one.read_bytes() == other.read_bytes():
            continue
        yield f"{one.name} and {other.name} swapped", lambda a=one, b=other: _swap(a, b)  # type: ignore[misc]
    for folder in sorted({bundle, *(path.parent for path in files)}):
        place = folder.relative_to(bundle).as_posix()
        yield f"{place}: a file added", lambda f=folder: _write(f / "added.txt", b"x")  # type: ignore[misc]
        yield f"{place}: a hidden file added", lambda f=folder: _write(f / ".added", b"")  # type: ignore[misc]
        yield f"{place}: a folder added", lambda f=folder: (f / "added").mkdir()  # type: ignore[misc]
        yield f"{place}: a folder in a result's place", lambda f=folder: _folder(f)  # type: ignore[misc]
    yield "earlier results that hold a folder alone", lambda: _folder(bundle / "earlier/009")
    yield from _together(bundle)
    if (bundle / "earlier/001").is_dir():
        yield _ROLLED_BACK, lambda: _rolled_back(bundle)
    yield "seal.tsr: replaced by noise", lambda: _write(bundle / "seal.tsr", b"\x30\x03\x02\x01\x00")
    yield "sealed anew by a stranger", lambda: _resealed(bundle)
    yield from _exchanged(bundle, other)
    yield from _rewritten(bundle)
    for name in (*DERIVED, ""):
        yield f"results of a stranger: {name}", lambda n=name: _attested_anew(bundle, n)  # type: ignore[misc]


def _exchanged(bundle: Path, other: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Each file as another recording has it; of results also attested anew by a stranger."""
    for path in sorted(path for path in other.rglob("*") if path.is_file()):
        name, data = path.relative_to(other), path.read_bytes()
        if not (bundle / name).is_file() or (bundle / name).read_bytes() == data:
            continue
        yield f"{name.as_posix()}: of another recording", lambda n=name, d=data: _write(bundle / n, d)  # type: ignore[misc]
        if name.name in DERIVED:
            yield f"{name.name}: of another recording, attested anew", lambda n=name, d=data: (  # type: ignore[misc]
                _write(bundle / n, d), Bundle.open(bundle).attest({}, "2", {}),
            )  # fmt: skip
    for folder in ("data", "data/events", "private"):
        if (bundle / folder).is_dir() and (other / folder).is_dir():
            yield f"{folder}: of another recording", lambda f=folder: (  # type: ignore[misc]
                shutil.rmtree(bundle / f), shutil.copytree(other / f, bundle / f),
            )  # fmt: skip


def _rewritten(bundle: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Lines of the results left out, doubled, exchanged or changed, and attested anew by a stranger."""
    for name in DERIVED:
        lines = (bundle / name).read_bytes().splitlines(keepends=True) if (bundle / name).is_file() else []
        for at in range(0, len(lines), _STEP or max(1, len(lines) // 60)):
            line = lines[at]
            for how, instead in (
                ("left out", []), ("twice", [line, line]), ("changed", [line.replace(b"e", b"a", 1)]),
                ("moved", [lines[-1], line]),
            ):  # fmt: skip
                data = b"".join([*lines[:at], *instead, *lines[at + 1 :]])
                if data != b"".join(lines):
                    yield f"{name}: line {at} {how}, attested anew", lambda n=name, d=data: (  # type: ignore[misc]
                        _write(bundle / n, d), Bundle.open(bundle).attest({}, "2", {}),
                    )  # fmt: skip


def another(place: Path) -> Path:
    """A recording of something else."""
    made = Bundle.create(place)
    for number in range(3):
        made.log.append(Health(t=number, err=0, src="runner", app="a.b", component="test", what="heartbeat"))
    made.seal(Session(start=1, end=9, app=App(package="a.b")))
    for name in DERIVED:
        (place / name).write_bytes(b'{"rule":"COL-01"}\n')
    made.attest({}, "2", {})
    return place


def _together(bundle: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Every set of two or more of what can be removed after sealing, and of all that custody says since."""
    after = ("findings.jsonl", "coverage.jsonl", "report.html", "findings.dsse.json", "handover.dsse.json", "seal.tsr")
    acts: list[tuple[str, Callable[[], None]]] = [
        (name, (bundle / name).unlink) for name in after if (bundle / name).is_file()
    ]
    lines = (bundle / "custody.jsonl").read_bytes().splitlines(keepends=True)
    for name, number in ((_SEALED, _counted(bundle / "seal.dsse.json")), (_STATED, _stated(bundle))):
        if 0 < number < len(lines):
            kept = b"".join(lines[:number])
            acts.append((name, lambda k=kept: _write(bundle / "custody.jsonl", k)))  # type: ignore[misc]
    for folder in ("earlier", "private"):
        if (bundle / folder).is_dir():
            acts.append((folder, lambda f=folder: shutil.rmtree(bundle / f)))  # type: ignore[misc]
    for number in range(1, len(acts) + 1):
        for chosen in itertools.combinations(acts, number):
            yield (
                f"removed together: {', '.join(name for name, _ in chosen)}",
                lambda c=chosen: [act() for _, act in c],  # type: ignore[misc]
            )


def _counted(path: Path) -> int:
    """How many custody entries a statement counts."""
    if not path.is_file():
        return 0
    counted = json.loads(envelope_parts(path.read_bytes(), path.name)[0])["predicate"].get("custody", {})
    return int(counted.get("entries", 0))


def _stated(bundle: Path) -> int:
    """How many custody entries the last statement counts."""
    return max(_counted(path) for path in bundle.glob("*.dsse.json"))


def _folder(place: Path) -> None:
    """A folder under a name that only a file may have, with a file of any name in it."""
    inner = place / next(name for name in DERIVED if not (place / name).exists())
    inner.mkdir(parents=True)
    (inner / "index.html").write_text("nothing found", "utf-8")


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _flip(path: Path, data: bytes, at: int) -> None:
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _swap(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _rolled_back(bundle: Path) -> None:
    """The first analysis in place of the later ones, and custody as it was then."""
    lines = (bundle / "custody.jsonl").read_bytes().splitlines(keepends=True)
    for path in (bundle / "earlier/001").iterdir():
        path.replace(bundle / path.name)
    shutil.rmtree(bundle / "earlier")
    _write(bundle / "custody.jsonl", b"".join(lines[: _stated(bundle)]))


def _attested_anew(bundle: Path, name: str) -> None:
    """One of the results is a stranger's, or none of them, and all are attested with the stranger's key."""
    if name:
        (bundle / name).write_bytes(b"{}\n")
    Bundle.open(bundle).attest({}, "2", {})


def _resealed(bundle: Path) -> None:
    """The attacker has only the public half of the recorder's key."""
    session = Bundle.open(bundle).session()
    for name in ("seal.dsse.json", "public.pem"):
        (bundle / name).unlink()
    stranger = Signer.generate()
    (bundle / "public.pem").write_bytes(stranger.public.pem())
    if not (bundle / "private").is_dir():
        (bundle / "private").mkdir()
        Vault.create(bundle / "private").close()
    with contextlib.suppress(MonitorError):
        Bundle.open(bundle, stranger).seal(session)


def refused(check: Callable[[], object], errors: tuple[type[BaseException], ...]) -> bool:
    """Whether a verifier refuses."""
    try:
        check()
    except errors:
        return True
    return False


def stated(name: str) -> bool:
    """Whether it may go unnoticed."""
    if name.startswith("removed together: "):
        removed = set(name.removeprefix("removed together: ").split(", "))
        named = {"seal.tsr"} if _STATED in removed else set()  # a token that was obtained after the last statement
        return removed <= {"private", "handover.dsse.json", _STATED} | named
    if name in ("handover.dsse.json: deleted", _ROLLED_BACK):
        return True
    withheld = name.startswith("private/") and name.endswith(": deleted")
    return withheld and not name.startswith(("private/key:", "private/manifest-sha256.txt:"))


def restore(whole: Path, work: Path) -> None:
    """Make the copy like the original again: only what differs is written, which spares most of the time. What was
    written to has another time than its original, whose time a copy keeps."""
    for path in sorted(work.rglob("*"), reverse=True):
        model = whole / path.relative_to(work)
        if _like(path, model):
            continue
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()
    for model in sorted(whole.rglob("*")):
        path = work / model.relative_to(whole)
        if not os.path.lexists(path):
            if model.is_dir():
                path.mkdir()
                shutil.copymode(model, path)
            else:
                shutil.copy2(model, path)


def _like(path: Path, model: Path) -> bool:
    if not os.path.lexists(model):
        return False
    one, other = path.lstat(), model.lstat()
    if stat.S_ISDIR(one.st_mode):
        return one.st_mode == other.st_mode
    return (one.st_mode, one.st_size, one.st_mtime_ns) == (other.st_mode, other.st_size, other.st_mtime_ns)


def main(arguments: list[str]) -> int:
    """Try everything on a copy; 0 if nothing but what is stated was accepted."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(__doc__)
        return 2
    alone, counts, accepted = standalone(), Counter[str](), list[str]()
    bad = (alone.Damaged, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
    with tempfile.TemporaryDirectory() as directory:
        work, key = Path(directory) / "bundle", Path(directory) / "key.pub"
        shutil.copytree(arguments[0], work)
        key.write_bytes((work / "public.pem").read_bytes())
        known = (results_of(work).key,)
        verify(work, key, results_keys=known)
        alone.verify(work, key, known)
        for name, mutate in mutations(work, another(Path(directory) / "other")):
            mutate()
            counts["tried"] += 1
            one = refused(lambda: verify(work, key, results_keys=known), (MonitorError,))
            other = refused(lambda: alone.verify(work, key, known), bad)
            counts["refused by monitor verify"] += one
            counts["refused by verify.py"] += other
            if one != other:
                accepted.append(f"DISAGREE (monitor {one}, verify.py {other}): {name}")
            elif not one:
                counts["accepted as stated" if stated(name) else "ACCEPTED"] += 1
                if not stated(name):
                    accepted.append(name)
            restore(Path(arguments[0]), work)
        verify(work, key, results_keys=known)  # nothing was left of any of them
        alone.verify(work, key, known)
    for what, number in counts.items():
        print(f"{number:7} {what}")
    for name in accepted:
        print(f"        {name}")
    for what, why in STATED.items():
        print(f"stated: {what}: {why}")
    return 1 if accepted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
