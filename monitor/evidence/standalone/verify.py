#!/usr/bin/env python3
"""Check an evidence bundle with nothing but the Python standard library (3.9 or newer).

Usage: python3 verify.py [BUNDLE] [--key PUBLIC.pem|ID] [--results-key PUBLIC.pem|ID ...] [--releases FILE]

Checks, in this order: that the bundle holds only files and folders; every payload and helper file against the
manifests; the hash chain over the log's lines; the Merkle tree and each signed checkpoint; the seal's signature
(Ed25519) and what it names; private files that are present; each entry of custody, and that the log is the one that it
says was sealed; each statement about results, reports and copies. Results count only from the key that sealed, or from
one that you name with --results-key (a file, or the key's ID). Exit status 0 and one line if nothing was changed and
the results count, 4 and the place otherwise, 2 for a usage error or a file that this user may not read. Further lines,
DIFFERS, name rules and tables that are not those of the release that the bundle names: by the digests in
releases.jsonl beside this file, or in the file named with --releases. monitor analyse judges by its own.

It is one file on purpose, longer than any other module: whoever checks a bundle reads, keeps and runs this file alone,
with no package to install and nothing of the monitor to trust. ``monitor verify`` runs it, too: only signatures and the
authority of a time-stamp are checked there by other code.

Use your own copy of this file and of the public key: a copy that came with the bundle says what its maker wants it to
say. See VERIFY.md for the time-stamp token and for checking everything by hand.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # a module in the bundle must not shadow one of the standard library
    sys.path[:] = [place for place in sys.path[1:] if place]

import argparse
import base64
import calendar
import hashlib
import hmac
import json
import os
import re
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn

ORIGIN = "app-privacy-monitor/evidence-log"
CUSTODY_DOMAIN = b"app-privacy-monitor/custody/1\n"
CAPTURE_TYPE = "urn:app-privacy-monitor:capture:1"
FINDINGS_TYPE = "urn:app-privacy-monitor:findings:1"
HANDOVER_TYPE = "urn:app-privacy-monitor:handover:1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"

MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
SESSION, EVENTS, EARLIER = "data/session.json", "data/events", "earlier"
SEAL, TOKEN, FINDINGS, HANDOVER = "seal.dsse.json", "seal.tsr", "findings.dsse.json", "handover.dsse.json"
CHECKPOINTS, CUSTODY, PUBLIC_KEY = "checkpoints.jsonl", "custody.jsonl", "public.pem"
#: What an analysis writes and its statement covers.
DERIVED = (
    "findings.jsonl", "coverage.jsonl", "report.html", "consent-labels.jsonl", "consent-words.tsv",
    "consent-words.yaml", "own-rules.json",
)  # fmt: skip
#: Everything allowed at the top level. ``earlier`` holds the results that a later analysis replaced.
FOLDERS = ("data", "private", EARLIER)
FILES = (
    MANIFEST, TAG_MANIFEST, SEAL, TOKEN, FINDINGS, HANDOVER, CHECKPOINTS, CUSTODY, PUBLIC_KEY, *DERIVED, "VERIFY.md",
    "bag-info.txt", "bagit.txt", "verify.py",
)  # fmt: skip

GENESIS = b"0" * 64
PREFIX = b'{"prev":"'
#: Offset of the first byte after ``{"prev":"<64 hex>",``.
BODY = len(PREFIX) + 66
#: Length of ``,"sig":"<128 hex>"}``.
CUSTODY_TAIL = 138
KEY_HEAD = bytes.fromhex("302a300506032b6570032100")
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
TST_INFO = bytes.fromhex("2a864886f70d0109100104")
SHA256 = bytes.fromhex("608648016503040201")
ORIGINAL = "do not rely on this copy: get the original from whoever gave it to you"
KEY_ID = re.compile("[0-9A-Fa-f]{64}")
NAME = re.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,120}")
NUMBER = re.compile("[0-9]{3}")
#: The digests of the tables of released versions: a file beside this one, where it came with one.
RELEASES = "releases.jsonl"
#: What a recording states besides its tables, where it hooked the app.
PROGRAM = ("agent", "hooks")
KEPT_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.(yaml|json|tsv)")
HEX_DIGEST = re.compile("[0-9a-f]{64}")

#: By how many seconds the clocks of a recorder and of an authority may differ.
CLOCK_SECONDS = 60
MAX_LINE = 4 << 20
#: Bytes of the log that are read at once.
PIECE = 1 << 15
#: Entries of a small log, and bytes of each.
MAX_ENTRY = 100_000
MAX_SMALL = 32 << 20
MAX_SESSION = 64 << 20
MAX_MANIFEST = 256 << 20
MAX_FILES = 2_000_000
#: Of a group of tables: bytes packed and unpacked, and files.
MAX_PACKED, MAX_UNPACKED, MAX_TABLES = 4 << 20, 8 << 20, 5000
#: What Python raises for data of another shape.
MALFORMED = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)


class Damaged(Exception):
    """Something differs from what was recorded. ``expected``, ``actual``: short texts or digests."""

    def __init__(self, where: object, what: str, expected: object = "", actual: object = "", hint: str = "") -> None:
        super().__init__(where, what)
        self.where, self.what, self.expected, self.actual = str(where), what, str(expected), str(actual)
        self.hint = hint
        """What to do about it, if that is known."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class OfAnother(Damaged):
    """Nothing was changed, but the results are by a key that is neither the recorder's nor named. ``key``: its ID,
    empty if nobody attested them."""

    def __init__(self, where: str, key: str) -> None:
        said = "attested by nobody: have them derived again from the events"
        if key:
            said = f"attested by key {key}, not by the recording's; if you know whose key that is: --results-key {key}"
        super().__init__(where, f"the results are {said}")
        self.key = key


def fail(where: object, what: str, expected: object = "", actual: object = "", hint: str = "") -> NoReturn:
    """Stop at the first difference."""
    raise Damaged(where, what, expected, actual, hint)


def shown(text: str) -> str:
    """The text in one line, control characters and bidirectional overrides escaped."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:600])


def sha256(data: bytes) -> bytes:
    """SHA-256, raw."""
    return hashlib.sha256(data).digest()


def key_id(key: bytes) -> str:
    """The ID of a raw key: its SHA-256, in hex."""
    return sha256(key).hex()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def from_base64(text: str) -> bytes:
    """The bytes of a text in canonical base64. Raises ValueError."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical")
    return data


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
    try:
        keys = [base64.b64decode(block) for block in blocks]
    except ValueError:
        keys = []
    if not keys or any(len(key) != 44 or not key.startswith(KEY_HEAD) for key in keys):
        fail(where, "no Ed25519 public key")
    return [key[12:] for key in keys]


def pem(key: bytes) -> str:
    """The PEM text of a raw key."""
    text = base64.b64encode(KEY_HEAD + key).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"


# --- the forms of what is signed and chained -------------------------------------------------------------------------


class MerkleTree:
    """The streaming Merkle tree of RFC 9162, section 2.1: one hash per complete subtree, largest first.

    A leaf is SHA-256 over the byte 0x00 and the line without its newline; a node is SHA-256 over the byte 0x01 and its
    two children. At most log2(n) hashes are kept.
    """

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[bytes] = []

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaf hashes at the end, level by level."""
        count, level, odd = self.size, list(leaves), list[bytes]()
        self.size += len(level)
        while level:
            if count & 1:
                level.insert(0, self._stack.pop())
            if len(level) & 1:
                odd.append(level.pop())
            level = [sha256(b"\1" + left + right) for left, right in zip(level[::2], level[1::2])]  # noqa: B905 - 3.9
            count >>= 1
        self._stack += reversed(odd)

    def root(self) -> bytes:
        """The root over all leaves so far; SHA-256 of nothing for an empty tree."""
        root = self._stack[-1] if self._stack else sha256(b"")
        for left in reversed(self._stack[:-1]):
            root = sha256(b"\1" + left + root)
        return root


def leaf_hash(line: bytes) -> bytes:
    """The leaf hash of a line (bytes without newline)."""
    return sha256(b"\0" + line)


class Piece(NamedTuple):
    """Lines of the log that follow each other in one file, without newlines; the place is that of the first."""

    file: str
    """Path in the bundle."""
    number: int
    """From 1, in its file."""
    seq: int
    """From 1, in the log."""
    offset: int
    """Of its first byte in its file."""
    lines: list[bytes]
    data: memoryview
    """The same with their newlines."""
    complete: bool = True
    """Whether a newline ended the last one."""

    def where(self, index: int = 0) -> str:
        """For messages: file, line and sequence number of one of them."""
        return f"{self.file}:{self.number + index} (seq {self.seq + index})"


def pieces(bundle: Path) -> Iterator[Piece]:
    """All lines of the log as stored. Raises Damaged for a missing or unknown file and an endless line."""
    seq = 1
    if not (bundle / EVENTS).is_dir():
        fail(EVENTS, "there is no log", hint="give the directory that was named with --out")
    for index, path in enumerate(sorted((bundle / EVENTS).iterdir()), 1):
        name = f"{EVENTS}/{path.name}"
        if path.name != f"{index:06}.jsonl" or path.is_symlink() or not path.is_file():
            fail(name, "a segment of the log is missing, or there is an unknown file")
        with path.open("rb") as file:
            for piece in pieces_of(file, name, seq):
                yield piece
                seq = piece.seq + len(piece.lines)


def pieces_of(file: BinaryIO, name: str, seq: int) -> Iterator[Piece]:
    """The lines of one segment, of which ``seq`` is the first. Raises Damaged for an endless line."""
    number, offset, rest = 1, 0, b""
    while data := file.read(PIECE):
        data = rest + data
        lines = BytesIO(data).readlines()  # three times as fast as ``split``
        rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
        piece = Piece(name, number, seq, offset, [line[:-1] for line in lines], memoryview(data))
        if len(rest) > MAX_LINE or (lines and len(lines[0]) > MAX_LINE):  # no other is longer than a piece
            fail(piece.where(), f"a line longer than {MAX_LINE} bytes")
        if lines:
            ended = piece.data[: len(data) - len(rest)]
            yield piece._replace(data=ended)
            number, seq, offset = number + len(lines), seq + len(lines), offset + len(ended)
    if rest:
        yield Piece(name, number, seq, offset, [rest], memoryview(rest), complete=False)


class Chain:
    """Follows the hashes of a log's lines: ``prev`` is the first member of each, at a fixed place, so that no parser is
    needed."""

    def __init__(self) -> None:
        self.head, self._before = GENESIS.decode(), ""
        """Hash and place of the line before."""

    def follow(self, piece: Piece) -> Iterator[tuple[Piece, list[str]]]:
        """The next piece and the hash of each line, as 64 hex digits; of one in which the chain breaks, what is before
        that, and then Damaged."""
        digest = hashlib.sha256
        hashes = [digest(raw).hexdigest() for raw in piece.lines]
        prevs, good = [self.head, *hashes[:-1]], len(hashes)
        if b"".join([raw[:BODY] for raw in piece.lines]) != PREFIX + '",{"prev":"'.join(prevs).encode() + b'",':
            starts = (PREFIX + prev.encode() + b'",' for prev in prevs)
            good = next(n for n, start in enumerate(starts) if not piece.lines[n].startswith(start))
        if good and piece.complete:
            self.head, self._before = hashes[good - 1], piece.where(good - 1)
            yield (piece, hashes) if good == len(hashes) else (piece._replace(lines=piece.lines[:good]), hashes[:good])
        if good < len(hashes):
            line, hint = piece.lines[good], "the first line was changed, or lines before it are missing"
            if self._before:  # a line is covered by the next one only
                hint = f"this line or the one before it, {self._before}, was changed, or lines between them are missing"
            actual = "a line without prev"
            if line.startswith(PREFIX):
                actual = "prev " + line[len(PREFIX) : BODY - 2].decode("ascii", "replace")
            what = "the line does not follow from the previous one"
            fail(piece.where(good), what, f"prev {prevs[good]}", actual, f"{hint}; {ORIGINAL}")
        if not piece.complete:
            fail(piece.where(), "the last line is cut off")


class Checkpoint(NamedTuple):
    """The log's state at a moment: ``size`` events; ``root`` and ``chain`` as hex; ``t`` in microseconds since the
    epoch. Signed as a note of C2SP tlog-checkpoint: the text, an empty line, and a line for each signature
    (``— <origin> <base64 of key hash and signature>``), so that witnesses can sign it later."""

    size: int
    root: str
    chain: str
    t: int

    def text(self) -> str:
        """What is signed."""
        root = base64.b64encode(bytes.fromhex(self.root)).decode()
        return f"{ORIGIN}\n{self.size}\n{root}\nchain {self.chain}\ntime {self.t}\n"


def key_hash(key: bytes) -> bytes:
    """What names a key in a note."""
    return sha256(ORIGIN.encode() + b"\n\x01" + key)[:4]


def note_line(note: str) -> bytes:
    """A line of ``checkpoints.jsonl``, without its newline."""
    return json.dumps({"note": note}, ensure_ascii=False).encode()


class Entry(NamedTuple):
    """An entry of custody: its hash, the ID of its key (empty if it is not signed: format 1), what was done, when."""

    hash: str
    key: str
    what: str
    detail: dict[str, Any]
    t: int


def custody_members(key: bytes, what: str, detail: dict[str, Any], t: int) -> bytes:
    """The members of an entry as they are written."""
    entry = {"detail": detail, "key": key.hex(), "t": t, "what": what}
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()[1:-1]


def chained(file: BinaryIO, name: str) -> Iterator[tuple[bytes, str, str]]:
    """The lines of a small hash-chained log: each without its newline, its hash (64 hex digits) and its place."""
    prev = GENESIS
    for number, raw in enumerate(iter(lambda: file.readline(MAX_ENTRY), b""), 1):
        where = f"{name}:{number}"
        if number > MAX_ENTRY:
            fail(where, "too many entries")
        if raw[:BODY] != PREFIX + prev + b'",' or not raw.endswith(b"\n"):
            fail(where, "the entry does not follow from the previous one")
        digest = hashlib.sha256(raw[:-1]).hexdigest()
        yield raw[:-1], digest, where
        prev = digest.encode()


class Statement(NamedTuple):
    """An in-toto Statement whose signature holds: names to SHA-256 (hex), the rest, ID of the key, signature."""

    subjects: dict[str, str]
    predicate: dict[str, Any]
    by: str
    signature: bytes

    def part(self, name: str, kind: type = dict) -> Any:
        """A member of the predicate; an empty one instead of none, or of another kind."""
        found = self.predicate.get(name)
        return found if isinstance(found, kind) else kind()


def cover(key: bytes, digest: str) -> str:
    """HMAC-SHA-256 (session key) over a SHA-256 in hex, as hex. Used to name guessable bytes (a body that holds one
    identifier), so that only a holder of the private part can test a guess. Empty for an empty digest."""
    return hmac.new(key, b"sha256\0" + digest.encode(), "sha256").hexdigest() if digest else ""


def dsse_encoding(payload: bytes) -> bytes:
    """The bytes that are signed (DSSE pre-authentication encoding)."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def envelope_parts(data: bytes, where: str) -> tuple[bytes, dict[str, str]]:
    """The payload of a DSSE envelope and the record of its signature; nothing is verified but the form, beside which
    nothing may be carried along unsigned."""
    try:
        record = json.loads(data)
        payload, (mark,) = base64.b64decode(record["payload"], validate=True), record["signatures"]
        known = record.keys() == {"payload", "payloadType", "signatures"} and mark.keys() <= {"keyid", "sig", "public"}
        texts = all(isinstance(text, str) for text in mark.values())
        kind, again = record["payloadType"], json.dumps(record, sort_keys=True).encode() + b"\n"
    except MALFORMED:
        fail(where, "not a DSSE envelope")
    if not known or not texts or again != data:
        fail(where, "an envelope not in canonical form")
    if kind != PAYLOAD_TYPE or base64.b64encode(payload).decode() != record["payload"]:
        fail(where, "not an in-toto envelope")
    return payload, mark


def statement_in(payload: bytes, where: str, kind: str) -> Statement:
    """The in-toto Statement of a payload that was verified, without key and signature."""
    try:
        statement = json.loads(payload)
        subjects = {str(item["name"]): item["digest"]["sha256"] for item in statement["subject"]}
        predicate, sort = statement["predicate"], statement["predicateType"]
        whole = isinstance(predicate, dict) and statement["_type"] == STATEMENT_TYPE
        if not whole or not all(isinstance(digest, str) for digest in subjects.values()):
            raise ValueError
    except MALFORMED:
        fail(where, "not an in-toto Statement")
    if sort != kind:
        fail(where, "a statement of a different type")
    return Statement(subjects, predicate, "", b"")


# --- DER, as far as a time-stamp needs it -----------------------------------------------------------------------------


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
    """The time in an RFC 3161 response over a signature, as written there."""
    try:
        ((_, response),) = fields(data)
        status, content = fields(response)[:2]
        kind, wrapped = fields(content[1])
        inner = fields(fields(fields(wrapped[1])[0][1])[2][1])
        ((_, info),) = fields(fields(inner[1][1])[0][1])
        _, _, imprint, _, moment = fields(info)[:5]
        granted = fields(status[1])[0] in ((2, b"\0"), (2, b"\1"))
        algorithm, digest = fields(imprint[1])
        time, sort = moment[1].decode("ascii"), (kind[1], inner[0][1], moment[0], fields(algorithm[1])[0][1])
        if not granted or sort != (SIGNED_DATA, TST_INFO, 0x18, SHA256):
            raise ValueError
        if not re.fullmatch(r"[0-9]{14}(\.[0-9]+)?Z", time):
            raise ValueError
    except (ValueError, IndexError):
        fail(TOKEN, "the time-stamp cannot be read")
    if digest[1] != sha256(signature):
        fail(TOKEN, "the time-stamp does not cover this seal")
    return time


# --- the tables by which it was judged --------------------------------------------------------------------------------


class Release(NamedTuple):
    """A version of the monitor: SHA-256 (hex) of each group of its tables and part of its program, and of each rule's
    file by the rule's ID."""

    version: str
    groups: dict[str, str]
    rules: dict[str, str]


def releases(path: Path) -> dict[str, Release]:
    """The releases in a file, by version; none if there is no such file."""
    found = {}
    lines = path.read_bytes()[:MAX_SMALL].splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            one = Release(str(record["version"]), texts(record, "groups"), texts(record, "rules"))
        except MALFORMED:
            fail(f"{path}:{number}", "not the digests of a release")
        found[one.version] = one
    return found


def kept_tables(bundle: Path, group: str, digest: str) -> dict[str, str]:
    """The files of a group of tables that a recording keeps: name to text."""
    where = f"data/inputs/tables/{group}"
    if not HEX_DIGEST.fullmatch(digest):
        fail(f"{SESSION}: digests.tables.{group}", "not a SHA-256")
    path = bundle / "data" / "inputs" / "tables" / f"{group}-{digest}.json.gz"
    if path.is_symlink() or not path.is_file():
        fail(f"{where}-{digest[:12]}….json.gz", "the tables of the recording are missing")
    if path.stat().st_size > MAX_PACKED:
        fail(where, f"larger than {MAX_PACKED >> 20} MiB")
    unpack = zlib.decompressobj(wbits=31)
    try:
        data = unpack.decompress(path.read_bytes(), MAX_UNPACKED)
    except zlib.error:
        fail(where, "cannot be unpacked")
    if not unpack.eof:
        fail(where, f"cut short, or larger than {MAX_UNPACKED >> 20} MiB")
    if (actual := sha256(data).hex()) != digest:
        fail(where, "not the tables of the recording", digest, actual)
    return files_in(data, where)


def files_in(data: bytes, where: str) -> dict[str, str]:
    """The files of a group, from a JSON object of name to text."""
    try:
        files = json.loads(data)
        json.dumps(files, ensure_ascii=False).encode()  # an escape can stand for what no text holds
    except MALFORMED:
        files = None
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        fail(where, "not a set of files")
    if len(files) > MAX_TABLES or not all(map(KEPT_FILE.fullmatch, files)):
        fail(where, "too many files, or an unexpected name")
    return files


class Differing(NamedTuple):
    """In what the tables of a recording, or of its results, are those of no release that they are compared with."""

    version: str
    """The release that is named."""
    groups: dict[str, dict[str, list[str]]]
    """The groups that differ; of the rules also how (``changed``, ``missing``, ``added``), with their IDs. With
    ``unstated``: the recording does not say which it used."""
    results: bool
    """Whether the results are by tables that differ."""


def differing(
    session: Mapping[str, Any], claimed: Mapping[str, str], kept: Callable[[str], Mapping[str, str]],
    known: Sequence[Release],
) -> Differing:  # fmt: skip
    """Compare a recording's tables with those of ``known``, the first of which is named: what equals one of them does
    not differ, and nor does a rule that the recording declares as the user's own. ``session``: the manifest;
    ``claimed``: digests by group, as the results state them; ``kept``: the recorded rules, by the digest of all."""
    digests, hooked = session.get("digests"), session.get("frida_start") in ("spawn", "held", "attach")
    stated = texts(digests, "tables") | texts(digests, "program")
    used = {**stated, **claimed}
    same = {group: {one.groups.get(group) for one in known} for release in known for group in release.groups}
    groups: dict[str, dict[str, list[str]]] = {}
    for group in same:
        if group not in stated:
            if group in known[0].groups and (hooked or group not in PROGRAM):
                groups[group] = {"unstated": []}
        elif stated[group] not in same[group]:
            rules = group == "rules"
            how = rules_differing(kept(stated[group]), texts(digests, "own-rules"), known) if rules else {}
            if how or not rules:
                groups[group] = how
    others = {group for group in used if group in groups or used[group] != stated.get(group)}
    odd = {group for group in others & same.keys() if used[group] not in same[group]}
    found = {group: groups.get(group, {}) for group in same if group in groups or group in odd}
    return Differing(known[0].version, found, not odd.issubset(PROGRAM))


def rules_differing(files: Mapping[str, str], own: Mapping[str, str], known: Sequence[Release]) -> dict[str, list[str]]:
    """How kept rules differ from those of releases, own ones aside: IDs by ``changed``, ``missing`` and ``added``."""
    found = {name: sha256(text.encode("utf-8", "surrogatepass")).hex() for name, text in files.items()}
    rules = {name.rpartition(".")[0]: None if own.get(name) == digest else digest for name, digest in found.items()}
    odd = sorted(rule for rule in rules if rules[rule] not in (None, *(one.rules.get(rule) for one in known)))
    first = known[0].rules
    how = {
        "changed": [rule for rule in odd if rule in first],
        "missing": sorted(first.keys() - rules),
        "added": [rule for rule in odd if rule not in first],
    }
    return {word: ids for word, ids in how.items() if ids}


def texts(holder: object, name: str) -> dict[str, str]:
    """A member of a JSON object that is an object of texts; an empty one instead of anything else."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}


# --- the check --------------------------------------------------------------------------------------------------------


class Attested(NamedTuple):
    """A statement that holds."""

    file: str
    key: str
    """ID of the key that signed."""
    whose: str
    """recorder (the key that sealed), named (by the reader) or unknown."""
    entry: int
    """Number of custody entries that it counts; the last of them is its own."""
    files: dict[str, str]
    """Digests of the files that it names, and its own, by name."""


class Verifier:
    """Checks one bundle, part by part. Nothing is parsed before its bytes are covered. An absent optional part (the
    private part, a time-stamp, results) is not a failure; a part without its attestation is. Everything raises
    ``Damaged`` at the first difference."""

    def __init__(self, bundle: Path, sealers: Collection[str] | None = None, known: Collection[str] = ()) -> None:
        """``sealers``: IDs of keys of which one must have sealed; None: those in the bundle. ``known``: IDs of keys
        whose results count besides the recorder's."""
        self.bundle, self.sealers, self.known = bundle, sealers, known
        self.keys: list[bytes] = []
        self.points: list[Checkpoint] = []
        self.listed: dict[str, str] = {}
        """Digests of the payload files."""
        self.events, self.chain, self.root = 0, "", ""
        """The log: number of events, chain head and Merkle root (hex)."""
        self.seal = Statement({}, {}, "", b"")
        self.first = False
        """Whether it is of the first format, in which report, helpers and custody were not attested."""
        self.private = False
        self.entries: list[Entry] = []
        self.timestamp = ""
        """Of the time-stamp."""
        self.attested: list[Attested] = []
        self.withheld = 0
        """Number of analyses that custody names whose results are not here: an interruption and a removal look the
        same."""

    def check(self, *, results: bool = True, token: bool = True) -> None:
        """Check everything but whose results they are. ``results=False``: not what an analysis rewrites;
        ``token=False``: not a time-stamp that is about to be replaced."""
        self.check_recording()
        self.timestamp = self.token_time() if token and self.is_file(TOKEN) else ""
        self.check_private()
        self.entries = self.read_custody()
        self.check_sealed()
        if not self.first:
            self.check_custody(self.seal, SEAL)
            if token:
                self.check_named_token()
        earlier = self.bundle / EARLIER
        folders = sorted(path.name for path in earlier.iterdir()) if earlier.is_dir() else []
        places = ["", *(f"{EARLIER}/{folder}/" for folder in folders)] if results else []
        self.attested = [one for place in places for one in self.check_results(place)]
        if self.is_file(HANDOVER):
            self.attested.append(self.check_statement("", HANDOVER))
        if results and not self.first:
            self.check_complete()

    def check_recording(self) -> None:
        """Bag, chain, tree and checkpoints, seal; for all but format 1 also that nothing else is in the bundle."""
        self.survey()
        self.keys = self.read_keys()
        if not self.is_file(SEAL):
            fail(SEAL, "there is no seal")
        self.points = self.read_checkpoints()
        try:
            self.check_bag()
        except Damaged as damaged:
            if damaged.where.startswith(EVENTS):
                try:
                    self.read_log()
                except Damaged as named:  # the manifest names the file, the chain the event
                    named.what = f"the file was changed: {named.what}"
                    raise
            raise
        self.read_log()
        self.check_seal()
        if not self.first:
            if self.seal.predicate.get("keys") != [key_id(key) for key in self.keys]:
                fail(PUBLIC_KEY, "the keys differ from the seal")
            self.survey(complete=True)

    # --- files

    def is_file(self, name: str) -> bool:
        """Whether there is a file, and no link, of this name."""
        return (self.bundle / name).is_file() and not (self.bundle / name).is_symlink()

    def read(self, name: str, limit: int = MAX_SMALL) -> bytes:
        """The bytes of a file that is small in every valid bundle."""
        if not self.is_file(name):
            fail(name, "not a file" if os.path.lexists(self.bundle / name) else "a recorded file is missing")
        if (self.bundle / name).stat().st_size > limit:
            fail(name, "too large")
        return (self.bundle / name).read_bytes()

    def same(self, name: str, expected: object) -> None:
        """Check that a file is present and has this digest."""
        if not self.is_file(name):
            fail(name, "a recorded file is missing")
        actual = file_digest(self.bundle / name)
        if actual != expected:
            fail(name, "the file was changed", expected, actual)

    def files(self, top: str) -> list[str]:
        """Names of all files below a folder, sorted by path."""
        found = []
        for path in sorted((self.bundle / top).rglob("*")):
            name = path.relative_to(self.bundle).as_posix()
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                fail(name, "neither a file nor a directory")
            if path.is_file():
                found.append(name)
        return found

    def survey(self, complete: bool = False) -> None:
        """Only files and folders; with ``complete`` also nothing that does not belong in a bundle, and no empty
        folder."""
        waiting, count = [(self.bundle, "", 0)], 0
        while waiting:
            folder, place, depth = waiting.pop()
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
            if complete and not entries:
                fail(place[:-1] or ".", "an empty folder")
            for entry in entries:
                name, inner = place + entry.name, entry.is_dir(follow_symlinks=False)
                if not inner and not entry.is_file(follow_symlinks=False):
                    fail(name, "neither a file nor a directory")
                if complete and not place and name not in (FOLDERS if inner else FILES):
                    fail(name, "a file that was not recorded")
                count += 1
                if count > MAX_FILES or depth > 8:
                    fail(name, "too many files or folders")
                if inner:
                    waiting.append((folder / entry.name, f"{name}/", depth + 1))

    def read_manifest(self, name: str) -> dict[str, str]:
        """Name to digest of every line of a manifest."""
        listed: dict[str, str] = {}
        for number, line in enumerate(self.read(name, MAX_MANIFEST).split(b"\n")[:-1], 1):
            found = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9_./-]{1,500})", line.decode("ascii", "replace"))
            if not found or found[2].startswith("/") or ".." in found[2].split("/") or found[2] in listed:
                fail(f"{name}:{number}", "not a valid manifest line")
            listed[found[2]] = found[1]
        return listed

    def check_bag(self) -> None:
        """Check that every listed file is as recorded, and that there is no other file."""
        for name, expected in self.read_manifest(TAG_MANIFEST).items():
            self.same(name, expected)
        self.listed = self.read_manifest(MANIFEST)
        for name in self.files("data"):
            if name not in self.listed:
                fail(name, "a file that was not recorded")
        for name, expected in self.listed.items():
            if not name.startswith("data/"):
                fail(f"{MANIFEST}: {name}", "not a payload file")
            self.same(name, expected)
            if name.startswith("data/blobs/") and name.rsplit("/", 1)[1] != expected:
                fail(name, "the blob does not match its name", name.rsplit("/", 1)[1], expected)

    # --- the recording

    def signed(self, public: bytes, signature: bytes, message: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        return signed(public, signature, message)

    def read_keys(self) -> list[bytes]:
        """The keys with which the bundle claims to be signed."""
        return public_keys(self.read(PUBLIC_KEY, MAX_ENTRY).decode("ascii", "replace"), PUBLIC_KEY)

    def read_checkpoints(self, *, torn: bool = False) -> list[Checkpoint]:
        """Every checkpoint, signed by one of ``keys``, in order; with ``torn`` without a last line that has no end."""
        points: list[Checkpoint] = []
        lines = (self.read(CHECKPOINTS, MAX_MANIFEST) if (self.bundle / CHECKPOINTS).exists() else b"").split(b"\n")
        if lines[-1] and not torn:
            fail(f"{CHECKPOINTS}:{len(lines)}", "a line without end")
        for number, line in enumerate(lines[:-1], 1):
            where = f"{CHECKPOINTS}:{number}"
            point = self.read_checkpoint(line, where)
            if points and (point.size <= points[-1].size or point.t < points[-1].t):
                fail(where, "checkpoints out of order")
            points.append(point)
        return points

    def read_checkpoint(self, line: bytes, where: str) -> Checkpoint:
        """The checkpoint of a line, in its only spelling, signed by one of the keys."""
        try:
            note: str = json.loads(line)["note"]
            text, _, marks = note.partition("\n\n")
            origin, size, tree, chain, time = text.split("\n")
            root = base64.b64decode(tree, validate=True).hex()
            point = Checkpoint(int(size), root, chain[len("chain ") :], int(time[len("time ") :]))
        except MALFORMED:
            fail(where, "not a checkpoint")
        if origin != ORIGIN or point.size < 0 or point.text() != text + "\n" or note_line(note) != line:
            fail(where, "not a checkpoint of this log")
        if not any(self.signed_note(f"{text}\n".encode(), mark) for mark in marks.split("\n")):
            fail(where, "the signature matches no key of the bundle")
        return point

    def signed_note(self, text: bytes, line: str) -> bool:
        """Whether a line is the signature of one of the keys over a note."""
        mark, _, blob = line.rpartition(" ")
        try:
            raw = from_base64(blob) if mark == f"\u2014 {ORIGIN}" else b""
        except ValueError:
            return False
        return any(raw[:4] == key_hash(key) and self.signed(key, raw[4:], text) for key in self.keys)

    def read_pieces(self) -> Iterator[tuple[Piece, list[str]]]:
        """The lines of the log with their hashes, the chain checked."""
        chain = Chain()
        for piece in pieces(self.bundle):
            yield from chain.follow(piece)

    def read_log(self) -> None:
        """Follow the chain, and check the tree and every checkpoint at its place."""
        tree, self.chain = MerkleTree(), GENESIS.decode()
        due = [point for point in reversed(self.points) if point.size]
        for piece, hashes in self.read_pieces():
            leaves, before = [leaf_hash(line) for line in piece.lines], tree.size
            while due and due[-1].size <= before + len(leaves):
                point = due.pop()
                index = point.size - before
                tree.extend(leaves[tree.size - before : index])
                self.chain = hashes[index - 1]
                if (tree.size, tree.root().hex(), self.chain) != point[:3]:
                    what = f"the log differs from {CHECKPOINTS}:{self.points.index(point) + 1}"
                    fail(piece.where(index - 1), what, point.chain, self.chain)
            tree.extend(leaves[tree.size - before :])
            self.chain = hashes[-1]
        if due:
            fail(EVENTS, "events are missing at the end", due[0].size, tree.size)
        self.events, self.root = tree.size, tree.root().hex()

    def open_envelope(self, name: str, kind: str, keys: list[bytes] | None = None, data: bytes = b"") -> Statement:
        """The statement in a DSSE envelope; the signature is checked before it is parsed. Without ``keys`` the
        envelope names its own, which nothing signs: so in one form only, and otherwise not at all. ``data``: the
        envelope, if it was read."""
        payload, mark = envelope_parts(data or self.read(name), name)
        try:
            signature = from_base64(mark["sig"])
        except (KeyError, ValueError):
            fail(name, "no signature")
        inside = public_keys(mark.get("public", ""), name)[:1] if keys is None else keys
        key = next((key for key in inside if self.signed(key, signature, dsse_encoding(payload))), None)
        if key is None or mark.get("keyid") != key_id(key):
            fail(name, "the signature does not match the key")
        if mark.get("public") != (pem(key) if keys is None else None):
            fail(name, "an envelope not in canonical form")
        return statement_in(payload, name, kind)._replace(by=key_id(key), signature=signature)

    def check_seal(self) -> None:
        """Check that the seal names these manifests, this chain, this tree, this app and this number of events."""
        keys = [key for key in self.keys if self.sealers is None or key_id(key) in self.sealers]
        self.seal = self.open_envelope(SEAL, CAPTURE_TYPE, keys)
        actual = {name: file_digest(self.bundle / name) for name in (MANIFEST, TAG_MANIFEST)}
        actual.update({"events.chain-head": self.chain, "events.merkle-root": self.root})
        if self.is_file(SESSION) and (app := texts(self.session(), "app").get("apk_sha256")):
            actual["app"] = app
        for name, found in actual.items():
            if self.seal.subjects.get(name) != found:
                fail(SEAL, f"{name} differs from the seal", self.seal.subjects.get(name, "nothing"), found)
        log = self.seal.part("monitorLog")
        for name, number in (("events", self.events), ("checkpoints", len(self.points))):
            if log.get(name) != number:
                fail(SEAL, f"number of {name} differs from the seal", log.get(name), number)
        version = self.seal.predicate.get("format", 1)
        if type(version) is not int:
            fail(SEAL, "its format is no number")
        self.first = version == 1

    def check_private(self) -> None:
        """Check that what is present of the private part is what was sealed."""
        self.private = (self.bundle / "private").is_dir()
        part, listed = self.seal.part("private"), {}
        if self.private and "manifest" in part:
            listed = self.private_manifest(part["manifest"])
        elif self.private and isinstance(part.get("sha256"), dict):  # of the first format
            listed = part["sha256"]
        for name, expected in listed.items():
            if ".." in name.split("/") or name.startswith("/"):
                fail(SEAL, "a name that leaves the bundle")
            if self.is_file(name):
                self.same(name, expected)
        for name in self.files("private/blobs"):
            if file_digest(self.bundle / name) != name.rsplit("/", 1)[1]:
                fail(name, "the blob does not match its name")

    def private_manifest(self, expected: object) -> dict[str, str]:
        """The private files that are listed; none else is present."""
        name, key = f"private/{MANIFEST}", self.session_key()
        listed = {f"private/{one}": digest for one, digest in self.read_manifest(name).items()}
        actual = cover(key, file_digest(self.bundle / name))
        if actual != expected:
            fail(name, "the file was changed", expected, actual)
        for one in self.files("private"):
            if one not in listed and one != name:
                fail(one, "a file that was not recorded")
        return listed

    def session_key(self) -> bytes:
        """The key of the private part."""
        try:
            key = bytes.fromhex(self.read("private/key", 100).decode("ascii").strip())
        except (Damaged, ValueError):
            key = b""
        if len(key) != 32:
            fail("private/key", "no session key")
        return key

    # --- what was done with it

    def read_custody(self) -> list[Entry]:
        """All entries; chain and signatures checked."""
        path = self.bundle / CUSTODY
        if not os.path.lexists(path):
            return []
        if not self.is_file(CUSTODY):
            fail(CUSTODY, "not a file")
        with path.open("rb") as file:
            return [self.custody_entry(*line) for line in chained(file, CUSTODY)]

    def custody_entry(self, line: bytes, digest: str, where: str) -> Entry:
        """The entry of a line that follows from the one before."""
        try:
            record = json.loads(b"{" + line[BODY:])
            raw, signature = bytes.fromhex(record.get("key", "")), bytes.fromhex(record.get("sig", ""))
            what, detail, t = str(record["what"]), dict(record["detail"]), int(record["t"])
        except MALFORMED:
            fail(where, "not an entry")
        if not raw and not signature:
            return Entry(digest, "", what, detail, t)
        whole = len(raw) == 32 and line[-CUSTODY_TAIL:] == b',"sig":"' + signature.hex().encode() + b'"}'
        whole = whole and all(isinstance(text, str) for pair in detail.items() for text in pair)
        # In no other form: of a member that stands there twice, two readers may take different ones.
        if not whole or line[BODY:-CUSTODY_TAIL] != custody_members(raw, what, detail, t):
            fail(where, "not an entry")
        if not self.signed(raw, signature, CUSTODY_DOMAIN + line[:-CUSTODY_TAIL] + b"}"):
            fail(where, "the entry's signature does not match its key")
        return Entry(digest, key_id(raw), what, detail, t)

    def check_sealed(self) -> None:
        """Check that the log holds what custody says was sealed: now, and before it was recovered."""
        roots = {point.size: point.root for point in self.points} | {self.events: self.root, 0: sha256(b"").hex()}
        told = {(str(size), root) for size, root in roots.items()}
        for number, entry in enumerate(self.entries, 1):
            size, root = entry.detail.get("events"), entry.detail.get("root")
            if entry.what == "sealed" and (size, root) not in told:
                where, what = f"{CUSTODY}:{number}", "the log differs from what was sealed"
                fail(where, what, f"{size} events", f"{self.events} events", ORIGINAL)

    def check_custody(self, statement: Statement, where: str) -> int:
        """Check that all entries counted by a statement are present, and signed; returns how many it counts."""
        told = statement.part("custody")
        number = told.get("entries")
        if type(number) is not int or number < 1:
            fail(where, "it does not count the custody entries")
        if len(self.entries) < number or self.entries[number - 1].hash != told.get("head"):
            fail(CUSTODY, f"entries differ from {where}", f"{number} entries", len(self.entries))
        for place, entry in enumerate(self.entries, 1):
            if not self.first and not entry.key:
                fail(f"{CUSTODY}:{place}", "the entry is not signed")
        return number

    def token_time(self) -> str:
        """The time in the time-stamp. Who signed it is not checked."""
        return token_time(self.read(TOKEN), self.seal.signature)

    def clock_ahead(self) -> int:
        """By how many seconds, at least, the recording's clock was ahead of the time-stamp, which was made after its
        end; 0: by none, or by less than clocks differ."""
        end, digits = self.seal.part("monitorLog").get("end"), re.sub("[^0-9]", "", self.timestamp)
        if type(end) is not int or not digits:
            return 0
        try:
            ahead = end // 1_000_000 - calendar.timegm(time.strptime(digits[:14], "%Y%m%d%H%M%S"))
        except ValueError:
            fail(TOKEN, "the time-stamp cannot be read")
        return ahead if ahead > CLOCK_SECONDS else 0

    def check_named_token(self) -> None:
        """Check that the time-stamp is the one that custody names, and that it is there if custody names one."""
        named = [entry for entry in self.entries if entry.what == "timestamped"]
        if named and not self.is_file(TOKEN):
            fail(TOKEN, "a recorded file is missing")
        if self.is_file(TOKEN) and not named:
            fail(TOKEN, "no custody entry names it")
        if named and "sha256" in named[-1].detail:
            self.same(TOKEN, named[-1].detail["sha256"])

    def check_results(self, place: str) -> list[Attested]:
        """Check that findings, coverage and report of one analysis are exactly what was attested; nothing if there are
        none."""
        if place and not (re.fullmatch(EARLIER + "/[0-9]{3}/", place) and (self.bundle / place).is_dir()):
            fail(place[:-1], "a file that was not recorded")
        for path in sorted((self.bundle / place).iterdir()) if place else []:
            if path.name not in (*DERIVED, FINDINGS) or not path.is_file():
                fail(place + path.name, "a file that was not recorded")
        if self.is_file(place + FINDINGS):
            return [self.check_statement(place, FINDINGS)]
        present = [file for file in DERIVED if self.is_file(place + file)]
        if present and not self.first:
            fail(place + present[0], "it is not attested")
        return []

    def check_statement(self, place: str, name: str) -> Attested:
        """Check that the files a statement names are present and unchanged, and so are the custody and the earlier
        results that it counts."""
        where, findings = place + name, name == FINDINGS
        data = self.read(where)
        statement = self.open_envelope(where, FINDINGS_TYPE if findings else HANDOVER_TYPE, data=data)
        legacy = self.first and findings and "custody" not in statement.predicate
        if findings:
            unnamed = [file for file in DERIVED if self.is_file(place + file) and file not in statement.subjects]
            if unnamed and not (legacy and unnamed == ["report.html"]):
                fail(place + unnamed[0], "it is not attested")
        files = {**self.check_subjects(place, where, statement, legacy), where: sha256(data).hex()}
        number = 0 if legacy else self.check_custody(statement, where)
        return Attested(where, statement.by, self.whose(statement.by), number, files)

    def check_subjects(self, place: str, where: str, statement: Statement, legacy: bool) -> dict[str, str]:
        """Check the files that a statement names, and the earlier results; returns the digests of the former by name.
        ``legacy``: one that is absent is no fault."""
        subjects, earlier = dict(statement.subjects), statement.part("earlier")
        if subjects.pop("events.merkle-root", "") != self.root:
            fail(where, "it is about another recording")
        if not all(map(NAME.fullmatch, subjects)) or not all(map(NUMBER.fullmatch, earlier)):
            fail(where, "a name that leaves the bundle")
        named = {place + file: digest for file, digest in subjects.items() if not legacy or self.is_file(place + file)}
        for file, digest in (named | {f"{EARLIER}/{folder}/{FINDINGS}": earlier[folder] for folder in earlier}).items():
            self.same(file, digest)
        return subjects

    def whose(self, key: str) -> str:
        """Whose the key of an ID is, as ``Attested.whose``."""
        return "recorder" if key == self.seal.by else "named" if key in self.known else "unknown"

    def check_complete(self) -> None:
        """Check that results are present if the seal promises them or custody names an analysis."""
        analysed = {number for number, entry in enumerate(self.entries, 1) if entry.what == "analysed"}
        if self.results() is None and (analysed or self.seal.predicate.get("results")):
            fail(FINDINGS, "the results are missing")
        self.withheld = len(analysed - {one.entry for one in self.attested})

    def results(self) -> Attested | None:
        """The statement about the results of now. Those that later ones replaced count for nobody."""
        return next((one for one in self.attested if one.file == FINDINGS), None)

    def differing(self, known: Sequence[Release]) -> Differing:
        """In what the tables of this recording and of its results are none of ``known``."""
        claimed = {}
        if self.is_file(FINDINGS):
            claimed = texts(self.open_envelope(FINDINGS, FINDINGS_TYPE).predicate, "configuration")
        if self.is_file("own-rules.json"):  # the rules with these have a digest of their own
            claimed.pop("rules", None)
        return differing(self.session(), claimed, lambda digest: kept_tables(self.bundle, "rules", digest), known)

    def session(self) -> dict[str, Any]:
        """The manifest of the session."""
        try:
            return dict(json.loads(self.read(SESSION, MAX_SESSION)))
        except MALFORMED:
            fail(SESSION, "not a manifest of a session")

    def require_known_results(self) -> None:
        """Raises OfAnother if the results are neither the recorder's nor by a key that the reader named."""
        results = self.results()
        if results and results.whose == "unknown":
            raise OfAnother(FINDINGS, results.key)
        for name in DERIVED[:2]:
            if results is None and self.is_file(name):
                raise OfAnother(name, "")

    def recovered(self) -> list[dict[str, str]]:
        """Each recovery of an interrupted recording: ``events``, ``torn_bytes`` and ``by`` (key)."""
        told = [one for one in self.seal.part("recovery", list) if isinstance(one, dict)]
        return [{name: str(one.get(name, "")) for name in ("events", "torn_bytes", "by")} for one in told]


def verify(
    root: Path, key: Path | str | None = None, known: tuple[str, ...] = (), published: Path | None = None
) -> str:
    """Check everything; returns a line with the result, and lines with what differs from the tables of the release
    that recorded it. ``key``: a PEM file or an ID, of the key that must have sealed; ``known``: IDs of keys whose
    results count besides the recorder's; ``published``: digests of releases. Raises Damaged."""
    check = Verifier(root, ids_of(str(key)) if key else None, known)
    check.check()
    check.require_known_results()
    said = f"intact: {check.events} events, root {check.root[:16]}, signed with key {check.seal.by}"
    if not key:
        said += " (the bundle's own: compare it with the key you were given by other means)"
    results = check.results()
    if results is None:
        said += "; no results"
    else:
        by = "the recorder's key" if results.whose == "recorder" else f"the key {results.key}, which you named"
        said += f"; results by {by}"
    if recovered := check.recovered():
        said += f"; recovered after {' + '.join(one['torn_bytes'] for one in recovered)} torn bytes"
    if check.first:
        said += "; format 1: report and custody are not attested"
    if check.withheld:
        said += f"; {check.withheld} analyses named in {CUSTODY} have no results here (interrupted, or removed)"
    stamped = f"time-stamp {check.timestamp}, its authority was not checked: see VERIFY.md"
    if ahead := check.clock_ahead():
        stamped += f"; the recording's clock was at least {ahead} s ahead of it"
    said += f"; {stamped if check.timestamp else 'no trusted time'}"
    return said + about_tables(check, published or Path(__file__).with_name(RELEASES))


def about_tables(check: Verifier, published: Path) -> str:
    """What is said of the tables: which release's they are, or, in a line of its own, what differs."""
    session = check.session() if check.is_file(SESSION) else {}
    version = texts(session, "versions").get("monitor") or "an unknown version"
    release = releases(published).get(version)
    if release is None:
        return f"; tables not compared: no digests for {shown(version)} in {published.name}"
    found = check.differing([release])
    own = [shown(name.rpartition(".")[0]) for name in sorted(texts(session.get("digests"), "own-rules"))]
    ids = ", ".join(rule + " (replaces)" * (rule in release.rules) for rule in own)
    said = f"; own rules: {ids}" if own else ""
    if not found.groups:
        return f"; tables of release {version}{said}"
    lines = [f"{group} {word} {', '.join(some)}" for group, how in found.groups.items() for word, some in how.items()]
    lines += [group for group, how in found.groups.items() if not how]
    return said + "".join(f"\nDIFFERS from the tables of release {version}: {line.rstrip()}" for line in lines)


def ids_of(named: str) -> list[str]:
    """The IDs of the keys that the user named by one, or by a PEM file."""
    if KEY_ID.fullmatch(named):
        return [named.lower()]
    text = Path(named).read_bytes()[:MAX_ENTRY].decode("ascii", "replace")
    return [key_id(key) for key in public_keys(text, named)]


def main(arguments: list[str]) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="verify.py", allow_abbrev=False)
    parser.add_argument("bundle", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--key", action="append", default=[], metavar="PUBLIC.pem|ID")
    parser.add_argument("--results-key", action="append", default=[], metavar="PUBLIC.pem|ID")
    parser.add_argument("--releases", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    keys = [Path(name) for name in (*given.key, *given.results_key) if not KEY_ID.fullmatch(name)]
    absent = [] if given.bundle.is_dir() else [given.bundle]
    absent += [path for path in (*keys, *filter(None, [given.releases])) if not path.is_file()]
    code = 4
    if len(given.key) > 1:
        said, code = "--key: name one file only", 2
    elif absent:
        said, code = f"{shown(str(absent[0]))}: not found", 2
    else:
        try:
            known = tuple(ids_of(name)[0] for name in given.results_key)
            said = verify(given.bundle, "".join(given.key), known, given.releases)
            sys.stdout.writelines(f"{shown(line)}\n" for line in said.split("\n"))
            return 0
        except OfAnother as other:
            said = f"RESULTS BY ANOTHER KEY: {shown(str(other))}"
        except Damaged as damaged:
            said = f"CHANGED: {shown(str(damaged))} ({shown(damaged.hint) or ORIGINAL})"
        except PermissionError as error:
            place = shown(str(error.filename or given.bundle))
            said, code = f"{place}: cannot be read by this user: run it as the bundle's owner", 2
            said += "; the check is not complete"
        except (OSError, *MALFORMED) as error:
            said = f"CHANGED: cannot be read: {type(error).__name__}: {shown(str(error))}"
    sys.stderr.write(said + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
