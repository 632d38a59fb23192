#!/usr/bin/env python3
"""Check an evidence bundle with nothing but the Python standard library (3.9 or newer).

Usage: python3 verify.py [BUNDLE] [--key PUBLIC.pem]

Checks, in this order: every payload file against manifest-sha256.txt; the hash chain over the log's lines; the Merkle
tree and each signed checkpoint; the seal's signature (Ed25519) and what it names; private files that are here;
the custody chain; the findings' attestation. Exit status 0 and one line when nothing was changed, 4 and the place
otherwise. Bring your own copy of this file and of the public key if you do not trust the bundle's.
See VERIFY.md for the time-stamp token and for doing it all by hand.
"""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

ORIGIN = "app-privacy-monitor/evidence-log"
PREFIX = b'{"prev":"'
BODY = len(PREFIX) + 66
SUBJECTS = ("manifest-sha256.txt", "tagmanifest-sha256.txt")


class Damaged(Exception):
    """Something differs from what was recorded."""


def fail(where: object, what: str) -> NoReturn:
    """Stop at the first difference."""
    raise Damaged(f"{where}: {what}")


def sha256(data: bytes) -> bytes:
    """SHA-256, raw."""
    return hashlib.sha256(data).digest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


# --- Ed25519 (RFC 8032, section 5.1), verification only; slow and plain ---------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    """Sum of two points in extended coordinates."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    """A multiple of a point."""
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def unpack(raw: bytes) -> Point:
    """The point of 32 bytes. Raises ValueError if there is none."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = unpack(bytes.fromhex("58" + "66" * 31))


def signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is this key's over the message."""
    try:
        key, point = unpack(public), unpack(signature[:32])
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = times(s, BASE), add(point, times(h, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def public_keys(text: str, where: object) -> list[bytes]:
    """Raw Ed25519 keys of a PEM text."""
    blocks = re.findall(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----", text)
    keys = [base64.b64decode(block) for block in blocks]
    head = bytes.fromhex("302a300506032b6570032100")
    if not keys or any(len(key) != 44 or not key.startswith(head) for key in keys):
        fail(where, "no Ed25519 public key")
    return [key[12:] for key in keys]


# --- the parts ------------------------------------------------------------------------------------------------------


def check_bag(root: Path) -> None:
    """Every listed file as recorded, and no file too many."""
    listed: dict[str, str] = {}
    for manifest in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
        for line in (root / manifest).read_text("utf-8").split("\n")[:-1]:
            expected, _, name = line.partition("  ")
            if name.startswith("/") or ".." in name.split("/") or (root / name).is_symlink():
                fail(manifest, "a name that leaves the bundle")
            listed[name] = expected
            if not (root / name).is_file():
                fail(name, "a recorded file is missing")
            if file_digest(root / name) != expected:
                fail(name, "the file was changed")
            if name.startswith("data/blobs/") and name.rsplit("/", 1)[1] != expected:
                fail(name, "a blob is not what its name says")
    for path in sorted((root / "data").rglob("*")):
        if path.is_symlink() or (path.is_file() and path.relative_to(root).as_posix() not in listed):
            fail(path.relative_to(root).as_posix(), "a file that was not recorded")


class Tree:
    """The streaming Merkle tree of RFC 9162, section 2.1."""

    def __init__(self) -> None:
        self.size = 0
        self.stack: list[bytes] = []

    def append(self, line: bytes) -> None:
        """Add a line."""
        leaf, count = sha256(b"\0" + line), self.size
        while count & 1:
            leaf, count = sha256(b"\1" + self.stack.pop() + leaf), count >> 1
        self.stack.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root."""
        root = self.stack[-1] if self.stack else sha256(b"")
        for left in reversed(self.stack[:-1]):
            root = sha256(b"\1" + left + root)
        return root


def read_checkpoints(root: Path, keys: list[bytes]) -> dict[int, tuple[str, str]]:
    """Size to (chain head, root), both hex, of every checkpoint; signatures checked."""
    points: dict[int, tuple[str, str]] = {}
    path, last = root / "checkpoints.jsonl", (0, 0)
    if path.is_file() and not path.read_bytes().endswith(b"\n"):
        fail(path.name, "a line without end")
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1] if path.is_file() else [], 1):
        where = f"checkpoints.jsonl:{number}"
        try:
            note = json.loads(line)["note"]
            text, _, marks = note.partition("\n\n")
            origin, size, tree, chain, time = text.split("\n")
            mark, name, blob = marks.split("\n")[0].split(" ")
            signature, when = base64.b64decode(blob, validate=True), int(time[len("time ") :])
            canonical = json.dumps({"note": note}, ensure_ascii=False).encode() == line
            canonical = canonical and base64.b64encode(signature).decode() == blob
            canonical = (
                canonical and base64.b64encode(base64.b64decode(tree)).decode() == tree and size == str(int(size))
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            fail(where, "not a checkpoint")
        if not canonical or origin != ORIGIN or name != ORIGIN or mark != "\u2014" or not chain.startswith("chain "):
            fail(where, "not a checkpoint of this log")
        hashes = {key: sha256(ORIGIN.encode() + b"\n\x01" + key)[:4] for key in keys}
        if not any(signature[:4] == hashes[k] and signed(k, signature[4:], (text + "\n").encode()) for k in keys):
            fail(where, "signature does not fit any key of the bundle")
        if int(size) <= last[0] or when < last[1]:
            fail(where, "checkpoints out of order")
        last = (int(size), when)
        points[int(size)] = (chain[len("chain ") :], base64.b64decode(tree).hex())
    return points


def check_log(root: Path, points: dict[int, tuple[str, str]]) -> tuple[int, str, str]:
    """Chain, tree and checkpoints; number of events, chain head and root."""
    tree, prev = Tree(), b"0" * 64
    for index, path in enumerate(sorted((root / "data" / "events").iterdir()), 1):
        if path.name != f"{index:06}.jsonl":
            fail(path.name, "a segment of the log is missing, or a foreign file")
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                where = f"data/events/{path.name}:{number} (seq {tree.size + 1})"
                if raw[:BODY] != PREFIX + prev + b'",':
                    fail(where, "the line does not follow from the one before")
                if not raw.endswith(b"\n"):
                    fail(where, "the last line is cut off")
                tree.append(raw[:-1])
                prev = hashlib.sha256(raw[:-1]).hexdigest().encode()
                if tree.size in points and points[tree.size] != (prev.decode(), tree.root().hex()):
                    fail(where, "the log differs from its checkpoint")
    if points and max(points) > tree.size:
        fail("data/events", "events are missing at the end")
    return tree.size, prev.decode(), tree.root().hex()


def open_envelope(path: Path, keys: list[bytes]) -> dict[str, Any]:
    """The statement in a DSSE envelope; the signature is checked before it is parsed."""
    try:
        record = json.loads(path.read_bytes())
        payload = base64.b64decode(record["payload"], validate=True)
        signature = base64.b64decode(record["signatures"][0]["sig"], validate=True)
        kind = record["payloadType"].encode()
        same = base64.b64encode(signature).decode() == record["signatures"][0]["sig"]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        fail(path.name, "not a DSSE envelope")
    encoding = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    if not same or not any(signed(key, signature, encoding) for key in keys):
        fail(path.name, "the signature does not fit the key")
    statement = json.loads(payload)
    statement["subjects"] = {item["name"]: item["digest"]["sha256"] for item in statement["subject"]}
    result: dict[str, Any] = statement
    return result


def check_seal(root: Path, keys: list[bytes], size: int, chain: str, tree: str, checkpoints: int) -> dict[str, Any]:
    """The seal names these manifests, this chain, this tree and this number of events."""
    if not (root / "seal.dsse.json").is_file():
        fail("seal.dsse.json", "there is no seal")
    statement = open_envelope(root / "seal.dsse.json", keys)
    actual = {name: file_digest(root / name) for name in SUBJECTS}
    actual.update({"events.chain-head": chain, "events.merkle-root": tree})
    for name, found in actual.items():
        if statement["subjects"].get(name) != found:
            fail("seal.dsse.json", f"{name} differs from the seal")
    for name, number in (("events", size), ("checkpoints", checkpoints)):
        if statement["predicate"]["monitorLog"][name] != number:
            fail("seal.dsse.json", f"number of {name} differs from the seal")
    return statement


def check_rest(root: Path, statement: dict[str, Any], tree: str) -> None:
    """Private files that are here, the custody chain, the findings' attestation."""
    for name, expected in statement["predicate"]["private"]["sha256"].items():
        if ".." not in name and (root / name).is_file() and file_digest(root / name) != expected:
            fail(name, "the file was changed")
    for path in sorted((root / "private" / "blobs").rglob("*")) if (root / "private" / "blobs").is_dir() else []:
        if path.is_file() and file_digest(path) != path.name:
            fail(path.relative_to(root).as_posix(), "a blob is not what its name says")
    prev, custody = b"0" * 64, root / "custody.jsonl"
    for number, line in enumerate(custody.read_bytes().split(b"\n") if custody.is_file() else [b""], 1):
        if line and line[:BODY] != PREFIX + prev + b'",':
            fail(f"custody.jsonl:{number}", "the entry does not follow from the one before")
        prev = hashlib.sha256(line).hexdigest().encode()
    attested = root / "findings.dsse.json"
    if attested.is_file():
        pem = str(json.loads(attested.read_bytes())["signatures"][0].get("public"))
        subjects = open_envelope(attested, public_keys(pem, attested.name))["subjects"]
        if subjects.get("events.merkle-root") != tree:
            fail(attested.name, "it is about another recording")
        for name in ("findings.jsonl", "coverage.jsonl"):
            if (root / name).is_file() and subjects.get(name) != file_digest(root / name):
                fail(name, "the file was changed")


def verify(root: Path, key: Path) -> str:
    """Check everything; a line about what was found. Raises Damaged."""
    inside = public_keys((root / "public.pem").read_text("ascii"), "public.pem")
    trusted = public_keys(key.read_text("ascii"), key)
    if not (root / "seal.dsse.json").is_file():
        fail("seal.dsse.json", "there is no seal")
    check_bag(root)
    points = read_checkpoints(root, inside)
    size, chain, tree = check_log(root, points)
    statement = check_seal(root, trusted, size, chain, tree, len(points))
    check_rest(root, statement, tree)
    names = ", ".join(hashlib.sha256(k).hexdigest()[:16] for k in trusted)
    return f"unchanged: {size} events, root {tree[:16]}, signed with key {names}"


def main(arguments: list[str]) -> int:
    """Command line."""
    place = [a for a in arguments if not a.startswith("--")]
    key = None
    if "--key" in arguments[:-1]:
        key = Path(arguments[arguments.index("--key") + 1])
        place.remove(str(arguments[arguments.index("--key") + 1]))
    root = Path(place[0]) if place else Path(__file__).resolve().parent
    try:
        sys.stdout.write(verify(root, key or root / "public.pem") + "\n")
    except (Damaged, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stderr.write(f"CHANGED: {error}\n")
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
