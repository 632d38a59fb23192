"""Checkpoints: the tree's size and root and the chain's head at a moment, signed (C2SP tlog-checkpoint).

A line of ``checkpoints.jsonl`` is ``{"note": "…"}``. The note is the text that is signed (origin, size, base64 root,
then the extension lines ``chain <hex>`` and ``time <microseconds>``), an empty line and a signature line
``— <origin> <base64 of key hash and signature>`` (C2SP signed-note, Ed25519), so that witnesses can sign it later.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base.errors import EvidenceDamaged
from monitor.evidence.keys import PublicKey, Signer

FILE: Final = "checkpoints.jsonl"
_ORIGIN: Final = "app-privacy-monitor/evidence-log"
MAX_LINE: Final = 10_000


class Checkpoint(NamedTuple):
    """``size`` events; ``root`` and ``chain`` as hex; ``t`` in microseconds since the epoch."""

    size: int
    root: str
    chain: str
    t: int

    def text(self) -> str:
        """What is signed."""
        root = base64.b64encode(bytes.fromhex(self.root)).decode()
        return f"{_ORIGIN}\n{self.size}\n{root}\nchain {self.chain}\ntime {self.t}\n"


def _key_hash(key: PublicKey) -> bytes:
    return sha256(_ORIGIN.encode() + b"\n\x01" + key.raw).digest()[:4]


def signed_line(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """The line for ``checkpoints.jsonl``, newline included."""
    text = checkpoint.text()
    blob = base64.b64encode(_key_hash(signer.public) + signer.sign(text.encode())).decode()
    return _line(f"{text}\n— {_ORIGIN} {blob}\n") + b"\n"


def _line(note: str) -> bytes:
    return json.dumps({"note": note}, ensure_ascii=False).encode()


def parse_line(line: bytes, keys: Sequence[PublicKey]) -> Checkpoint:
    """The checkpoint of a line (without newline), its signature checked against ``keys``.

    Raises ``ValueError`` with the reason.
    """
    try:
        record = json.loads(line)
        note: str = record["note"]
        text, _, signatures = note.partition("\n\n")
        text += "\n"
        origin, size, root, chain, time = text[:-1].split("\n")
        checkpoint = Checkpoint(
            int(size),
            base64.b64decode(root, validate=True).hex(),
            chain.removeprefix("chain "),
            int(time.removeprefix("time ")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("not a checkpoint") from None
    if origin != _ORIGIN or checkpoint.text() != text or _line(note) != line:
        raise ValueError("not a checkpoint of this log")
    if not _signed(text, signatures.split("\n"), keys):  # no other character ends a line
        raise ValueError("the signature matches no key of the bundle")
    return checkpoint


def _signed(text: str, lines: Iterable[str], keys: Sequence[PublicKey]) -> bool:
    for line in lines:
        mark, _, rest = line.partition(" ")
        name, _, blob = rest.partition(" ")
        try:
            raw = base64.b64decode(blob, validate=True)
        except binascii.Error:
            continue
        if base64.b64encode(raw).decode() != blob:
            continue
        for key in keys:
            if mark == "—" and name == _ORIGIN and raw[:4] == _key_hash(key) and key.verify(raw[4:], text.encode()):
                return True
    return False


def read_all(bundle: Path, keys: list[PublicKey], *, torn: bool = True) -> list[Checkpoint]:
    """All checkpoints, in order; a torn last line is skipped if ``torn``. Raises ``EvidenceDamaged``."""
    path = bundle / FILE
    found: list[Checkpoint] = []
    if not path.is_file():
        return found
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(MAX_LINE):
            number += 1
            where = f"{FILE}:{number}"
            if not raw.endswith(b"\n"):
                if torn and len(raw) < MAX_LINE and not file.read(1):
                    break
                raise EvidenceDamaged("a line without end", where=where)
            try:
                point = parse_line(raw[:-1], keys)
            except ValueError as error:
                raise EvidenceDamaged(str(error), where=where) from None
            if found and (point.size <= found[-1].size or point.t < found[-1].t):
                raise EvidenceDamaged("checkpoints out of order", where=where)
            found.append(point)
    return found
