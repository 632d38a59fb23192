#!/usr/bin/env python3
"""Check an evidence bundle with nothing but the Python standard library (3.9 or newer).

Usage: python3 verify.py [BUNDLE] [--key PUBLIC.pem] [--results-key PUBLIC.pem|ID ...]

Checks, in this order: that the bundle holds only files and folders; every payload and helper file against the
manifests; the hash chain over the log's lines; the Merkle tree and each signed checkpoint; the seal's signature
(Ed25519) and what it names; private files that are present; each entry of custody; each statement about results,
reports and copies. Results count only from the key that sealed, or from one that you name with --results-key (a file,
or the key's ID). Exit status 0 and one line if nothing was changed and the results count, 4 and the place otherwise, 2
for a usage error or a file that this user may not read.

It is one file on purpose, longer than any other module: whoever checks a bundle reads, keeps and runs this file alone,
with no package to install and nothing of the monitor to trust.

Use your own copy of this file and of the public key: a copy that came with the bundle says what its maker wants it to
say. See VERIFY.md for the time-stamp token and for checking everything by hand.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # a module in the bundle must not shadow one of the standard library
    sys.path[:] = [place for place in sys.path[1:] if place]

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

ORIGIN = "app-privacy-monitor/evidence-log"
CUSTODY = b"app-privacy-monitor/custody/1\n"
PREFIX = b'{"prev":"'
BODY = len(PREFIX) + 66
SUBJECTS = ("manifest-sha256.txt", "tagmanifest-sha256.txt")
DERIVED = (
    "findings.jsonl", "coverage.jsonl", "report.html", "consent-labels.jsonl", "consent-words.tsv",
    "consent-words.yaml", "own-rules.json",
)  # fmt: skip
FOLDERS = ("data", "private", "earlier")
FILES = (
    *SUBJECTS, *DERIVED, "VERIFY.md", "bag-info.txt", "bagit.txt", "checkpoints.jsonl", "public.pem", "verify.py",
    "seal.dsse.json", "seal.tsr", "custody.jsonl", "handover.dsse.json", "findings.dsse.json",
)  # fmt: skip
CAPTURE = "urn:app-privacy-monitor:capture:1"
FINDINGS = "urn:app-privacy-monitor:findings:1"
HANDOVER = "urn:app-privacy-monitor:handover:1"
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
TST_INFO = bytes.fromhex("2a864886f70d0109100104")
SHA256 = bytes.fromhex("608648016503040201")
ORIGINAL = "do not rely on this copy: get the original from whoever gave it to you"
IDENT = re.compile("[0-9A-Fa-f]{64}")
KEY_HEAD = bytes.fromhex("302a300506032b6570032100")
MAX_LINE = 4 << 20
MAX_ENTRY = 100_000
MAX_SMALL = 32 << 20
MAX_MANIFEST = 256 << 20
TAIL = 138


class Damaged(Exception):
    """Something differs from what was recorded."""


class OfAnother(Damaged):
    """Nothing was changed, but the results are by a key that is neither the recorder's nor named."""


def fail(where: object, what: str) -> NoReturn:
    """Stop at the first difference."""
    raise Damaged(f"{where}: {what}")


def shown(text: str) -> str:
    """The text in one line, control characters and bidirectional overrides escaped."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:600])


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


def small(path: Path, limit: int = MAX_SMALL) -> bytes:
    """The bytes of a file that is small in every valid bundle."""
    if not path.is_file():
        fail(path.name, "a recorded file is missing")
    if path.stat().st_size > limit:
        fail(path.name, "too large")
    return path.read_bytes()


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
    """The point encoded in 32 bytes. Raises ValueError if there is none."""
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
    if not keys or any(len(key) != 44 or not key.startswith(KEY_HEAD) for key in keys):
        fail(where, "no Ed25519 public key")
    return [key[12:] for key in keys]


def pem(key: bytes) -> str:
    """The PEM text of a raw key."""
    text = base64.b64encode(KEY_HEAD + key).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"


# --- the parts ------------------------------------------------------------------------------------------------------


def survey(root: Path, complete: bool) -> None:
    """Only files and folders; with ``complete`` also nothing that does not belong in a bundle, and no empty folder."""
    waiting = [(root, 0)]
    while waiting:
        folder, depth = waiting.pop()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        if complete and not entries:
            fail(folder.relative_to(root).as_posix(), "an empty folder")
        for entry in entries:
            name = (folder / entry.name).relative_to(root).as_posix()
            inner = entry.is_dir(follow_symlinks=False)
            if not inner and not entry.is_file(follow_symlinks=False):
                fail(name, "neither a file nor a directory")
            if complete and folder == root and entry.name not in (FOLDERS if inner else FILES):
                fail(name, "a file that was not recorded")
            if depth > 8:
                fail(name, "too many files or folders")
            if inner:
                waiting.append((folder / entry.name, depth + 1))


def files(root: Path, top: str) -> list[str]:
    """Names of all files below a folder."""
    found = (path.relative_to(root).as_posix() for path in sorted((root / top).rglob("*")) if path.is_file())
    return list(found)


def read_manifest(path: Path) -> dict[str, str]:
    """Name to digest of every line of a manifest."""
    listed: dict[str, str] = {}
    for number, line in enumerate(small(path, MAX_MANIFEST).split(b"\n")[:-1], 1):
        found = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9_./-]{1,500})", line.decode("ascii", "replace"))
        if not found or found[2].startswith("/") or ".." in found[2].split("/") or found[2] in listed:
            fail(f"{path.name}:{number}", "not a valid manifest line")
        listed[found[2]] = found[1]
    return listed


def check_bag(root: Path) -> None:
    """Check that every listed file is as recorded, and that there is no other file."""
    tags, payload = read_manifest(root / SUBJECTS[1]), read_manifest(root / SUBJECTS[0])
    for name, expected in tags.items():
        same(root, name, expected)
    for name in files(root, "data"):
        if name not in payload:
            fail(name, "a file that was not recorded")
    for name, expected in payload.items():
        if not name.startswith("data/"):
            fail(SUBJECTS[0], "not a payload file")
        same(root, name, expected)
        if name.startswith("data/blobs/") and name.rsplit("/", 1)[1] != expected:
            fail(name, "the blob does not match its name")


def same(root: Path, name: str, expected: str) -> None:
    """Check that a file is present and has this digest."""
    if not (root / name).is_file():
        fail(name, "a recorded file is missing")
    if file_digest(root / name) != expected:
        fail(name, "the file was changed")


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
    data = small(path, MAX_MANIFEST) if path.is_file() else b""
    if data and not data.endswith(b"\n"):
        fail(path.name, "a line without end")
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        where = f"checkpoints.jsonl:{number}"
        try:
            note = json.loads(line)["note"]
            text, _, marks = note.partition("\n\n")
            origin, size, tree, chain, time = text.split("\n")
            mark, name, blob = marks.split("\n")[0].split(" ")
            signature, when = base64.b64decode(blob, validate=True), int(time[len("time ") :])
            canonical = json.dumps({"note": note}, ensure_ascii=False).encode() == line
            canonical = canonical and base64.b64encode(signature).decode() == blob
            canonical = canonical and base64.b64encode(base64.b64decode(tree)).decode() == tree
            canonical = canonical and size == str(int(size)) and time == f"time {when}"
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            fail(where, "not a checkpoint")
        if not canonical or origin != ORIGIN or name != ORIGIN or mark != "\u2014" or not chain.startswith("chain "):
            fail(where, "not a checkpoint of this log")
        hashes = {key: sha256(ORIGIN.encode() + b"\n\x01" + key)[:4] for key in keys}
        if not any(signature[:4] == hashes[k] and signed(k, signature[4:], (text + "\n").encode()) for k in keys):
            fail(where, "the signature matches no key of the bundle")
        if int(size) <= last[0] or when < last[1]:
            fail(where, "checkpoints out of order")
        last = (int(size), when)
        points[int(size)] = (chain[len("chain ") :], base64.b64decode(tree).hex())
    return points


def check_log(root: Path, points: dict[int, tuple[str, str]]) -> tuple[int, str, str]:
    """Chain, tree and checkpoints; number of events, chain head and root."""
    tree, prev, before = Tree(), b"0" * 64, ""
    for index, path in enumerate(sorted((root / "data" / "events").iterdir()), 1):
        if path.name != f"{index:06}.jsonl":
            fail(f"data/events/{path.name}", "a segment of the log is missing, or there is an unknown file")
        number = 0
        with path.open("rb") as file:
            for raw in iter(lambda: file.readline(MAX_LINE + 1), b""):
                number += 1
                where = f"data/events/{path.name}:{number} (seq {tree.size + 1})"
                if raw[:BODY] != PREFIX + prev + b'",':
                    # A line is covered by the next one only: the chain breaks at the line after a changed one.
                    said = "the first line was changed, or lines before it are missing"
                    if before:
                        said = (
                            f"this line or the one before it, {before}, was changed, or lines between them are missing"
                        )
                    fail(where, f"the line does not follow from the previous one: {said}")
                if not raw.endswith(b"\n"):
                    fail(where, "the last line is cut off")
                tree.append(raw[:-1])
                prev, before = hashlib.sha256(raw[:-1]).hexdigest().encode(), where
                if tree.size in points and points[tree.size] != (prev.decode(), tree.root().hex()):
                    fail(where, "the log differs from its checkpoint")
    if points and max(points) > tree.size:
        fail("data/events", "events are missing at the end")
    return tree.size, prev.decode(), tree.root().hex()


def open_envelope(root: Path, name: str, keys: list[bytes] | None, kind: str) -> tuple[dict[str, Any], bytes]:
    """The statement in a DSSE envelope and the key that signed it; the signature is checked before it is parsed.

    Without ``keys`` the envelope names its own.
    """
    try:
        data = small(root / name)
        record = json.loads(data)
        payload = base64.b64decode(record["payload"], validate=True)
        mark = record["signatures"][0]
        signature = base64.b64decode(mark["sig"], validate=True)
        form = record["payloadType"].encode()
        plain = base64.b64encode(signature).decode() == mark["sig"]
        plain = plain and base64.b64encode(payload).decode() == record["payload"] and len(record["signatures"]) == 1
        plain = plain and json.dumps(record, sort_keys=True).encode() + b"\n" == data
        plain = plain and len(record) == 3 and mark.keys() <= {"keyid", "sig", "public"}  # nothing that is not signed
        own = keys is None
        keys = public_keys(str(mark["public"]), name)[:1] if keys is None else keys
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        fail(name, "not a DSSE envelope")
    if not plain or form != b"application/vnd.in-toto+json":
        fail(name, "not an in-toto envelope")
    encoding = b"DSSEv1 %d %s %d %s" % (len(form), form, len(payload), payload)
    key = next((key for key in keys if signed(key, signature, encoding)), None)
    if key is None or mark.get("keyid") != hashlib.sha256(key).hexdigest():
        fail(name, "the signature does not match the key")
    if mark.get("public") != (pem(key) if own else None):  # nothing signs it
        fail(name, "an envelope not in canonical form")
    try:
        statement = json.loads(payload)
        subjects = {str(item["name"]): str(item["digest"]["sha256"]) for item in statement["subject"]}
        result = {"subjects": subjects, "predicate": dict(statement["predicate"])}
        if statement["_type"] != "https://in-toto.io/Statement/v1" or statement["predicateType"] != kind:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        fail(name, "a statement of a different type")
    return result, key


def check_seal(root: Path, statement: dict[str, Any], size: int, chain: str, tree: str, checkpoints: int) -> None:
    """Check that the seal names these manifests, this chain, this tree, this app and this number of events."""
    actual = {name: file_digest(root / name) for name in SUBJECTS}
    actual.update({"events.chain-head": chain, "events.merkle-root": tree})
    session = root / "data" / "session.json"
    if session.is_file() and (app := json.loads(small(session, 64 << 20)).get("app", {}).get("apk_sha256")):
        actual["app"] = app
    for name, found in actual.items():
        if statement["subjects"].get(name) != found:
            fail("seal.dsse.json", f"{name} differs from the seal")
    log = statement["predicate"].get("monitorLog", {})
    for name, number in (("events", size), ("checkpoints", checkpoints)):
        if log.get(name) != number:
            fail("seal.dsse.json", f"number of {name} differs from the seal")


def check_private(root: Path, predicate: dict[str, Any]) -> None:
    """Check that what is present of the private part is what was sealed."""
    top = root / "private"
    if not top.is_dir():
        return
    part = predicate.get("private", {})
    if "manifest" in part:
        try:
            key = bytes.fromhex(small(top / "key", 100).decode("ascii").strip())
        except (Damaged, ValueError):
            key = b""
        if len(key) != 32:
            fail("private/key", "no session key")
        listed = {f"private/{name}": digest for name, digest in read_manifest(top / SUBJECTS[0]).items()}
        message = b"sha256\0" + file_digest(top / SUBJECTS[0]).encode()
        if hmac.new(key, message, "sha256").hexdigest() != part["manifest"]:
            fail(f"private/{SUBJECTS[0]}", "the file was changed")
        for name in files(root, "private"):
            if name not in listed and name != f"private/{SUBJECTS[0]}":
                fail(name, "a file that was not recorded")
    else:
        listed = part.get("sha256", {})
    for name, expected in listed.items():
        if ".." not in name and (root / name).is_file() and file_digest(root / name) != expected:
            fail(name, "the file was changed")
    for name in files(root, "private/blobs"):
        if file_digest(root / name) != name.rsplit("/", 1)[1]:
            fail(name, "the blob does not match its name")


class Entry(NamedTuple):
    """An entry of custody: hash, whether it is signed, what was done."""

    hash: str
    marked: bool
    what: str
    detail: dict[str, Any]


def members(entry: dict[str, Any]) -> bytes:
    """The members of an entry as they are written."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()[1:-1]


def read_custody(root: Path) -> list[Entry]:
    """All entries; chain and signatures checked."""
    prev, found = b"0" * 64, list[Entry]()
    path = root / "custody.jsonl"
    data = small(path, MAX_MANIFEST) if path.is_file() else b""
    for number, line in enumerate(data.split(b"\n")[:-1] if data.endswith(b"\n") else data.split(b"\n"), 1):
        where = f"custody.jsonl:{number}"
        if not data:
            break
        if line[:BODY] != PREFIX + prev + b'",' or not data.endswith(b"\n") or len(line) >= MAX_ENTRY:
            fail(where, "the entry does not follow from the previous one")
        prev = hashlib.sha256(line).hexdigest().encode()
        try:
            record = json.loads(b"{" + line[BODY:])
            raw, signature = bytes.fromhex(record.get("key", "")), bytes.fromhex(record.get("sig", ""))
            what, detail, t = str(record["what"]), dict(record["detail"]), int(record["t"])
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            fail(where, "not an entry")
        marked = bool(raw or signature)
        whole = len(raw) == 32 and line.endswith(b',"sig":"' + signature.hex().encode() + b'"}')
        whole = whole and all(isinstance(text, str) for pair in detail.items() for text in pair)
        # In no other form: of a member that stands there twice, two readers may take different ones.
        entry = {"detail": detail, "key": raw.hex(), "t": t, "what": what}
        if marked and not (whole and line[BODY:-TAIL] == members(entry)):
            fail(where, "not an entry")
        if marked and not signed(raw, signature, CUSTODY + line[:-TAIL] + b"}"):
            fail(where, "the entry's signature does not match its key")
        found.append(Entry(prev.decode(), marked, what, detail))
    return found


def check_custody(entries: list[Entry], predicate: dict[str, Any], where: str, marked: bool) -> None:
    """Check that all entries counted by a statement are present."""
    told = predicate.get("custody")
    number, head = (told.get("entries"), told.get("head")) if isinstance(told, dict) else (None, None)
    if not isinstance(number, int) or number < 1:
        fail(where, "it does not count the custody entries")
    if len(entries) < number or entries[number - 1].hash != head:
        fail("custody.jsonl", f"entries differ from {where}")
    for place, entry in enumerate(entries, 1):
        if marked and not entry.marked:
            fail(f"custody.jsonl:{place}", "the entry is not signed")


def fields(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each DER element in ``data``. Raises ValueError."""
    found, at = [], 0
    while at < len(data):
        tag, size, at = data[at], int.from_bytes(data[at + 1 : at + 2], "big"), at + 2
        if size > 0x80:
            more = size - 0x80
            size, at = int.from_bytes(data[at : at + more], "big"), at + more
        elif size == 0x80:
            raise ValueError("indefinite length")
        if at + size > len(data):
            raise ValueError("cut off")
        found.append((tag, data[at : at + size]))
        at += size
    return found


def token_time(data: bytes, signature: bytes) -> str:
    """The time in an RFC 3161 response over ``signature``, as written there. Who signed it is not checked."""
    try:
        ((_, response),) = fields(data)
        status, content = fields(response)[:2]
        kind, wrapped = fields(content[1])
        inner = fields(fields(fields(wrapped[1])[0][1])[2][1])
        ((_, info),) = fields(fields(inner[1][1])[0][1])
        _, _, imprint, _, moment = fields(info)[:5]
        granted = fields(status[1])[0] in ((2, b"\0"), (2, b"\1"))
        if not granted or kind[1] != SIGNED_DATA or inner[0][1] != TST_INFO or moment[0] != 0x18:
            raise ValueError
        algorithm, digest = fields(imprint[1])
        time = moment[1].decode("ascii")
        if fields(algorithm[1])[0][1] != SHA256 or not re.fullmatch(r"[0-9]{14}(\.[0-9]+)?Z", time):
            raise ValueError
    except (ValueError, IndexError):
        fail("seal.tsr", "the time-stamp cannot be read")
    if digest[1] != sha256(signature):
        fail("seal.tsr", "the time-stamp does not cover this seal")
    return time


def check_token(root: Path, entries: list[Entry], first: bool) -> str:
    """Check that the time-stamp covers the seal and is the one that custody names; its time, or nothing."""
    path, named = root / "seal.tsr", [entry for entry in entries if entry.what == "timestamped"]
    if not path.is_file():
        if named and not first:
            fail(path.name, "a recorded file is missing")
        return ""
    signature = base64.b64decode(json.loads(small(root / "seal.dsse.json"))["signatures"][0]["sig"])
    time = token_time(small(path), signature)
    if not named and not first:
        fail(path.name, "no custody entry names it")
    if not first and named[-1].detail.get("sha256") not in (None, file_digest(path)):
        fail(path.name, "the file was changed")
    return time


def check_statement(root: Path, place: str, name: str, tree: str, entries: list[Entry], first: bool) -> tuple[int, str]:
    """Check that the files a statement names are present and unchanged. Returns how many custody entries it counts, and
    the ID of its key.

    ``first``: a bundle of the first format.
    """
    kind = HANDOVER if name.startswith("handover") else FINDINGS
    opened, key = open_envelope(root, place + name, None, kind)
    subjects, legacy = opened["subjects"], first and "custody" not in opened["predicate"]
    if subjects.pop("events.merkle-root", "") != tree:
        fail(place + name, "it is about another recording")
    for file in DERIVED if kind == FINDINGS else ():
        if (root / place / file).is_file() and file not in subjects and not (legacy and file == "report.html"):
            fail(place + file, "it is not attested")
    for file, expected in subjects.items():
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}", file):
            fail(place + name, "a name that leaves the bundle")
        if (root / place / file).is_file() or not legacy:
            same(root, place + file, expected)
    if not legacy:
        check_custody(entries, opened["predicate"], place + name, not first)
    earlier = opened["predicate"].get("earlier")
    for number, expected in earlier.items() if isinstance(earlier, dict) else ():
        if not re.fullmatch(r"[0-9]{3}", number):
            fail(place + name, "a name that leaves the bundle")
        same(root, f"earlier/{number}/findings.dsse.json", expected)
    told = opened["predicate"].get("custody")
    return int(told["entries"]) if isinstance(told, dict) else 0, hashlib.sha256(key).hexdigest()


def check_statements(
    root: Path, tree: str, entries: list[Entry], predicate: dict[str, Any], first: bool
) -> tuple[int, str | None]:
    """Check the results at the top level, those that later ones replaced, and a copy's statement. Returns how many
    analyses custody names whose results are not here, and the ID of the key of the results: empty if nobody attested
    them, None if there are none."""
    places, counted, by = [""], dict[str, int](), dict[str, str]()
    for path in sorted((root / "earlier").iterdir()) if (root / "earlier").is_dir() else []:
        if not re.fullmatch(r"[0-9]{3}", path.name) or not path.is_dir():
            fail(f"earlier/{path.name}", "a file that was not recorded")
        places.append(f"earlier/{path.name}/")
    for place in places:
        present = [file for file in DERIVED if (root / place / file).is_file()]
        for path in sorted((root / place).iterdir()) if place else []:
            if path.name not in (*DERIVED, "findings.dsse.json") or not path.is_file():
                fail(place + path.name, "a file that was not recorded")
        if (root / place / "findings.dsse.json").is_file():
            counted[place], by[place] = check_statement(root, place, "findings.dsse.json", tree, entries, first)
        elif present and not first:
            fail(place + present[0], "it is not attested")
    if (root / "handover.dsse.json").is_file():
        check_statement(root, "", "handover.dsse.json", tree, entries, first)
    analysed = {number for number, entry in enumerate(entries, 1) if entry.what == "analysed"}
    if "" not in counted and not first and (analysed or predicate.get("results")):
        fail("findings.dsse.json", "the results are missing")
    there = any((root / file).is_file() for file in DERIVED[:2])
    return 0 if first else len(analysed - set(counted.values())), by.get("", "" if there else None)


def check_whose(results: str | None, sealer: str, known: tuple[str, ...]) -> str:
    """Whose results they are. Raises OfAnother if that is neither the recorder nor someone whom the reader named."""
    if results is None:
        return "no results"
    if results == sealer:
        return "results by the recorder's key"
    if results in known:
        return f"results by the key {results}, which you named"
    if not results:
        raise OfAnother("the results are attested by nobody: have them derived again from the events")
    raise OfAnother(
        f"the results are attested by key {results}, not by the recording's; if you know whose key that is: "
        f"--results-key {results}"
    )


def verify(root: Path, key: Path | None = None, known: tuple[str, ...] = ()) -> str:
    """Check everything; returns a line with the result. ``known``: IDs of keys whose results count besides the
    recorder's. Raises Damaged."""
    survey(root, complete=False)
    inside = public_keys(small(root / "public.pem", 100_000).decode("ascii", "replace"), "public.pem")
    trusted = inside if key is None else public_keys(small(key, 100_000).decode("ascii", "replace"), key)
    if not (root / "seal.dsse.json").is_file():
        fail("seal.dsse.json", "there is no seal")
    points = read_checkpoints(root, inside)
    try:
        check_bag(root)
    except Damaged as damaged:
        if str(damaged).startswith("data/events/"):
            try:
                check_log(root, points)
            except Damaged as named:  # names the event
                place, _, what = str(named).partition(": ")
                fail(place, f"the file was changed: {what}")
        raise
    size, chain, tree = check_log(root, points)
    statement, by = open_envelope(root, "seal.dsse.json", trusted, CAPTURE)
    check_seal(root, statement, size, chain, tree, len(points))
    predicate = statement["predicate"]
    first = predicate.get("format", 1) == 1
    if not first:
        if predicate.get("keys") != [hashlib.sha256(k).hexdigest() for k in inside]:
            fail("public.pem", "the keys differ from the seal")
        survey(root, complete=True)
    check_private(root, predicate)
    entries = read_custody(root)
    if not first:
        check_custody(entries, predicate, "seal.dsse.json", True)
    time = check_token(root, entries, first)
    absent, results = check_statements(root, tree, entries, predicate, first)
    whose = check_whose(results, hashlib.sha256(by).hexdigest(), known)
    said = f"intact: {size} events, root {tree[:16]}, signed with key {hashlib.sha256(by).hexdigest()}"
    if key is None:
        said += " (the bundle's own: compare it with the key you were given by other means)"
    said += f"; {whose}"
    if "recovery" in predicate:
        said += f"; recovered after {sum(int(r['torn_bytes']) for r in predicate['recovery'])} torn bytes"
    if first:
        said += "; format 1: report and custody are not attested"
    if absent:
        said += f"; {absent} analyses named in custody.jsonl have no results here (interrupted, or removed)"
    said += f"; time-stamp {time}, its authority was not checked: see VERIFY.md" if time else "; no trusted time"
    return said


def main(arguments: list[str]) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="verify.py", allow_abbrev=False)
    parser.add_argument("bundle", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--key", type=Path, metavar="PUBLIC.pem")
    parser.add_argument("--results-key", action="append", default=[], metavar="PUBLIC.pem|ID")
    given = parser.parse_args(arguments)
    root, key, named = given.bundle, given.key, given.results_key
    pems = [(Path(name), Path.is_file) for name in named if not IDENT.fullmatch(name)]
    for path, sort in ((root, Path.is_dir), (key, Path.is_file), *pems):
        if path is not None and not sort(path):
            sys.stderr.write(f"{shown(str(path))}: not found\n")
            return 2
    try:
        known = [name.lower() for name in named if IDENT.fullmatch(name)]
        for path, _ in pems:
            raw = public_keys(small(path, 100_000).decode("ascii", "replace"), path)[0]
            known.append(hashlib.sha256(raw).hexdigest())
        sys.stdout.write(shown(verify(root, key, tuple(known))) + "\n")
    except OfAnother as other:
        sys.stderr.write(f"RESULTS BY ANOTHER KEY: {shown(str(other))}\n")
        return 4
    except Damaged as damaged:
        sys.stderr.write(f"CHANGED: {shown(str(damaged))} ({ORIGINAL})\n")
        return 4
    except PermissionError as error:
        said = f"{shown(str(error.filename or root))}: cannot be read by this user: run it as the bundle's owner"
        sys.stderr.write(f"{said}; the check is not complete\n")
        return 2
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        sys.stderr.write(f"CHANGED: cannot be read: {type(error).__name__}: {shown(str(error))}\n")
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
