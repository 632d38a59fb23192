"""A generator of forms: what an app may make of a value before it sends or logs it, layer over layer.

Both the search of traffic and the guard of what is made public are tested by it: what the one finds, the other hides.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import html
import io
import json
import lzma
import random
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Form(NamedTuple):
    """What was done to a value, from the inside out, and what came of it."""

    steps: tuple[str, ...]
    text: str


def _zipped(text: str) -> str:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a"), text)
    return base64.b64encode(out.getvalue()).decode()


#: Of the value's text: how it is spelled, or digested.
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "lower": str.lower,
    "bare": lambda s: s.replace(":", "").replace("-", "") if set(s) <= set("0123456789abcdefABCDEF:-") else s,
    "reversed": lambda s: s[::-1],
    **{
        name: (lambda s, n=name: hashlib.new(n, s.encode()).hexdigest())  # type: ignore[misc]
        for name in ("md5", "sha1", "sha256")
    },
    "MD5": lambda s: hashlib.md5(s.encode()).hexdigest().upper(),
    "md5 of md5": lambda s: hashlib.md5(hashlib.md5(s.encode()).hexdigest().encode()).hexdigest(),
    "sha256 in base64": lambda s: base64.b64encode(hashlib.sha256(s.encode()).digest()).decode(),
}
#: Of a text: how it is written.
LAYERS: dict[str, Callable[[str], str]] = {
    "hex": lambda s: s.encode().hex(),
    "HEX": lambda s: s.encode().hex().upper(),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64url": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "base64 of gzip": lambda s: base64.b64encode(gzip.compress(s.encode(), mtime=0)).decode(),
    "base64 of zlib": lambda s: base64.b64encode(zlib.compress(s.encode())).decode(),
    "base64 of bzip2": lambda s: base64.b64encode(bz2.compress(s.encode())).decode(),
    "percent": lambda s: "".join(f"%{b:02X}" for b in s.encode()),
    "url": lambda s: urllib.parse.quote(s, safe=""),
    "unicode": lambda s: json.dumps("".join(chr(ord(c)) for c in s))[1:-1],
    "units": lambda s: "".join(f"\\u{ord(c):04x}" for c in s) if all(ord(c) < 65536 for c in s) else s,
    "json": lambda s: json.dumps({"v": s}),
    "json list": lambda s: json.dumps([1, {"a": [s, True]}]),
    "form": lambda s: "x=1&d=" + urllib.parse.quote(s, safe=""),
    "base85 of zlib": lambda s: base64.b85encode(zlib.compress(s.encode())).decode(),
    "hex of xz": lambda s: lzma.compress(s.encode()).hex(),
    "base64 of a zip": _zipped,
    "xml": lambda s: f"<a><b>{html.escape(s)}</b></a>",
}
#: Of a text: what stands around it.
AROUND: dict[str, Callable[[str], str]] = {
    "alone": str,
    "in words": lambda s: f"sent {s} to",
    "named": lambda s: f"id={s};",
    "address": lambda s: f"https://a.example/p?q={urllib.parse.quote(s, safe='')}&z=1",
}


def forms(value: str, chance: random.Random, number: int, depth: int = 3) -> Iterator[Form]:
    """So many forms of a value, each of a spelling, up to ``depth`` layers and what stands around them."""
    for _ in range(number):
        steps = [chance.choice(list(SPELLINGS))]
        text = SPELLINGS[steps[0]](value)
        for _ in range(chance.randrange(depth + 1)):
            steps.append(chance.choice(list(LAYERS)))
            text = LAYERS[steps[-1]](text)
        steps.append(chance.choice(list(AROUND)))
        yield Form(tuple(steps), AROUND[steps[-1]](text))
