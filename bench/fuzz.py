"""``uv run python -m bench.fuzz [N] [--seed S] [--only WORD]``: N mutated inputs (2,000), over every parser of
foreign bytes.

Each is a file or a text as somebody else may supply it, changed at random: bits, pieces left out, doubled, exchanged
with another's, tokens that parsers stumble over. A parser may read it or refuse it in one line; any other exception,
more than some seconds, or memory beyond the bound is a fault. So is a changed bundle that a verifier accepts. Prints
one JSON object; exits 1 if there was a fault.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.fuzz_parsers import Parser, parsers, sealed
from bench.tamper import standalone
from monitor.base.errors import MonitorError
from monitor.evidence.verify import verify

MOST = 500 << 20
LONGEST = 20
_TOKENS = (
    b"\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"-1", b"1e999", b"NaN", b"99999999999999999999", b"[" * 3000,
    b'{"a":' * 3000, b"<a>" * 3000, b"&lol;" * 50, b"..", b"/../../etc/passwd", b"\xed\xa0\x80", "\u202e".encode(),
    b"\r\n", b"%00", b"*a", b"&a [*a]", b"!!python/object:os.system", b"<<: *x", b"\x1b[2J", b"'", b'"', b"\\u0000",
    b"null", b"true", b"\xef\xbb\xbf", b"PK\x05\x06", b"\x1f\x8b\x08", b"0x", b"1" * 5000,
)  # fmt: skip


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Changed in one to six places."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        at, kind = chance.randrange(len(out) + 1), chance.randrange(8)
        end = min(len(out), at + chance.choice((1, 4, 30, 1000)))
        if kind == 0 and out:
            out[at % len(out)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del out[at:end]
        elif kind == 2:
            out[at:at] = out[at:end] * chance.choice((1, 2, 50))
        elif kind == 3:
            out[at:at] = chance.choice(_TOKENS)
        elif kind == 4:
            out[at:end] = chance.choice(_TOKENS)
        elif kind == 5:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            out[at:end] = other[start : start + chance.choice((4, 100, 5000))]
        elif kind == 6:
            del out[at:]
        else:
            out[at:end] = chance.randbytes(end - at)
    return bytes(out[: 4 << 20])


def changed_bundles(bundle: Path, copy: Path) -> Parser:
    """Both verifiers of a bundle of which one file is changed."""
    files, alone = sorted(path for path in bundle.rglob("*") if path.is_file()), standalone()

    def read(data: bytes) -> None:
        chance = random.Random(data)
        path = chance.choice(files)
        own = path.read_bytes()
        if (other := mutated(own, [own, data], chance)) == own:
            return
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(bundle, copy)
        name = path.relative_to(bundle)
        (copy / name).write_bytes(other)
        refusals = 0
        for check, refusal in ((verify, MonitorError), (alone.verify, alone.Damaged)):
            try:
                check(copy)
            except refusal:
                refusals += 1
        if refusals < 2:
            raise AssertionError(f"accepted by {2 - refusals}: {name}")

    return Parser(read, [bytes(64)])


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """A parser that does not end is a fault."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def tried(one: Parser, data: bytes) -> tuple[str, str]:
    """read, refused or fault; of a fault what it was."""
    try:
        with bounded(LONGEST):
            one.read(data)
    except (MonitorError, *one.refuses) as refused:
        return ("fault", f"refused in several lines: {refused}"[:200]) if "\n" in str(refused) else ("refused", "")
    except Exception as fault:  # noqa: BLE001 - every kind is what is looked for
        at = traceback.extract_tb(fault.__traceback__)[-1]
        return "fault", f"{type(fault).__name__}: {str(fault)[:120]} ({Path(at.filename).name}:{at.lineno})"
    return "read", ""


def main(arguments: list[str]) -> int:
    """Feed them in turn."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("inputs", type=int, nargs="?", default=2_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--only", default="", help="parsers whose name holds this")
    options = parser.parse_args(arguments)
    chance, counts, faults, slowest = random.Random(options.seed), Counter[str](), [], (0.0, "")
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        bundle = sealed(work / "bundle")
        every = parsers(work, bundle) | {"bundle": changed_bundles(bundle, work / "copy")}
        every = {name: one for name, one in every.items() if options.only in name}
        pool = [example for one in every.values() for example in one.examples if len(example) < 1 << 16]
        for number in range(options.inputs):
            name = list(every)[number % len(every)]
            data = mutated(chance.choice(every[name].examples), pool, chance)
            began = time.process_time()
            result, why = tried(every[name], data)
            slowest = max(slowest, (time.process_time() - began, name))
            counts[result] += 1
            if why:
                faults.append(f"{number} {name}: {why}")
    # Not ru_maxrss: that of a program begins with what its parent had.
    (peak,) = [
        int(line.split()[1]) << 10 for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line
    ]
    if peak > MOST:
        faults.append(f"memory: {peak >> 20} MB")
    told: dict[str, object] = {"inputs": options.inputs, "seed": options.seed, "parsers": len(every), **counts}
    told |= {"peak MB": peak >> 20, "slowest": f"{slowest[0]:.2f} s CPU, {slowest[1]}", "faults": faults}
    print(json.dumps(told, indent=1, ensure_ascii=False))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
