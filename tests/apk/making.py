"""Makes files as build tools do: dex files, class files, signed archives. For tests and measurements."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Call(NamedTuple):
    """An instruction: ``invoke`` of ``cls.name(params)returned``, ``read`` of a static field, or ``text``, a constant.
    Types are descriptors. ``units``: raw code units instead."""

    what: str
    cls: str = ""
    name: str = ""
    params: tuple[str, ...] = ()
    returned: str = "V"
    units: tuple[int, ...] = ()


class Class(NamedTuple):
    """A class with its methods; names are Java's."""

    name: str
    parent: str = "java.lang.Object"
    methods: Mapping[str, Sequence[Call]] = {}


def descriptor(name: str) -> str:
    return f"L{name.replace('.', '/')};"


def uleb(value: int) -> bytes:
    made = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        made.append(low | (0x80 if value else 0))
        if not value:
            return bytes(made)


def dex(classes: Iterable[Class]) -> bytes:
    """A dex file (version 035) without the parts that nothing here reads (checksums, map)."""
    every = list(classes)
    calls = [call for one in every for code in one.methods.values() for call in code]
    protos = {("V", ())} | {(c.returned, c.params) for c in calls if c.what == "invoke"}
    types = {descriptor(name) for one in every for name in (one.name, one.parent)}
    types |= {descriptor(c.cls) for c in calls if c.cls} | {t for r, p in protos for t in (r, *p)}
    types |= {c.returned for c in calls if c.what == "read"}
    names = {name for one in every for name in one.methods} | {c.name for c in calls if c.name}
    shorty = {p: p[0][0].replace("[", "L") + "".join(t[0].replace("[", "L") for t in p[1]) for p in protos}
    texts = sorted({*types, *names, *shorty.values()} | {c.name for c in calls if c.what == "text"})
    text = {value: n for n, value in enumerate(texts)}
    kinds = sorted(types, key=text.__getitem__)
    kind = {value: n for n, value in enumerate(kinds)}
    proto_list = sorted(protos, key=lambda p: (kind[p[0]], [kind[t] for t in p[1]]))
    proto = {value: n for n, value in enumerate(proto_list)}
    members = {(descriptor(c.cls), c.name, (c.returned, c.params)) for c in calls if c.what == "invoke"}
    members |= {(descriptor(one.name), name, ("V", ())) for one in every for name in one.methods}
    method_list = sorted(members, key=lambda m: (kind[m[0]], text[m[1]], proto[m[2]]))
    method = {value: n for n, value in enumerate(method_list)}
    field_list = sorted({(descriptor(c.cls), c.name, c.returned) for c in calls if c.what == "read"},
                        key=lambda f: (kind[f[0]], text[f[1]], kind[f[2]]))  # fmt: skip
    field = {value: n for n, value in enumerate(field_list)}
    sizes = [len(texts), len(kinds), len(proto_list), len(field_list), len(method_list), len(every)]
    offsets, at = [], 112
    for count, width in zip(sizes, (4, 4, 12, 8, 8, 32), strict=True):
        offsets.append(at if count else 0)
        at += count * width
    data = bytearray()
    base = at

    def put(piece: bytes, align: int = 1) -> int:
        data.extend(bytes(-(base + len(data)) % align))
        data.extend(piece)
        return base + len(data) - len(piece)

    lists = {p: put(struct.pack(f"<I{len(p[1])}H", len(p[1]), *(kind[t] for t in p[1])), 4) if p[1] else 0
             for p in proto_list}  # fmt: skip
    defined = []
    for one in every:
        codes = []
        for name, body in one.methods.items():
            units: list[int] = []
            for c in body:
                if c.units:
                    units += c.units
                elif c.what == "invoke":
                    units += [0x0071, method[descriptor(c.cls), c.name, (c.returned, c.params)], 0]
                elif c.what == "read":
                    units += [0x0062, field[descriptor(c.cls), c.name, c.returned]]
                else:
                    units += [0x001A, text[c.name]]
            units.append(0x000E)
            code = put(struct.pack(f"<HHHHII{len(units)}H", 4, 0, 4, 0, 0, len(units), *units), 4)
            codes.append((method[descriptor(one.name), name, ("V", ())], code))
        body_, last = uleb(0) + uleb(0) + uleb(len(codes)) + uleb(0), 0
        for number, code in sorted(codes):
            body_, last = body_ + uleb(number - last) + uleb(9) + uleb(code), number
        defined.append((kind[descriptor(one.name)], 1, kind[descriptor(one.parent)], 0, 0xFFFFFFFF, 0, put(body_), 0))
    strings = [put(uleb(len(value)) + value.encode() + b"\0") for value in texts]
    tables = struct.pack(f"<{len(texts)}I", *strings) + struct.pack(f"<{len(kinds)}I", *(text[k] for k in kinds))
    tables += b"".join(struct.pack("<3I", text[shorty[p]], kind[p[0]], lists[p]) for p in proto_list)
    tables += b"".join(struct.pack("<HHI", kind[c], kind[t], text[n]) for c, n, t in field_list)
    tables += b"".join(struct.pack("<HHI", kind[c], proto[p], text[n]) for c, n, p in method_list)
    tables += b"".join(struct.pack("<8I", *one) for one in defined)
    size = base + len(data)
    head = b"dex\n035\0" + bytes(24) + struct.pack("<3I", size, 112, 0x12345678) + bytes(12)
    head += b"".join(struct.pack("<2I", count, offset) for count, offset in zip(sizes, offsets, strict=True))
    return head + struct.pack("<2I", len(data), base) + tables + bytes(data)


def signing_block(certificate: bytes, scheme: int = 0x7109871A) -> bytes:
    """An APK signing block with one signer; the signature itself is empty."""

    def sized(piece: bytes) -> bytes:
        return struct.pack("<I", len(piece)) + piece

    signed = sized(b"") + sized(sized(certificate)) + sized(b"")
    value = sized(sized(sized(signed) + sized(b"") + sized(b"")))
    pair = struct.pack("<QI", len(value) + 4, scheme) + value
    size = len(pair) + 24
    return struct.pack("<Q", size) + pair + struct.pack("<Q", size) + b"APK Sig Block 42"


def signed(archive: bytes, certificate: bytes) -> bytes:
    """A zip with a signing block before its central directory."""
    end = archive.rfind(b"PK\x05\x06")
    (directory,) = struct.unpack_from("<I", archive, end + 16)
    block = signing_block(certificate)
    moved = archive[: end + 16] + struct.pack("<I", directory + len(block)) + archive[end + 20 :]
    return moved[:directory] + block + moved[directory:]


def zipped(*files: tuple[str, bytes, *tuple[bytes, ...]], how: int = zipfile.ZIP_STORED) -> bytes:
    """An archive of entries: name, content and, of some, the extra field."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data, *extra in files:
            entry = zipfile.ZipInfo(name)
            entry.extra = b"".join(extra)
            archive.writestr(entry, data, how)
    return made.getvalue()


def packed(path: Path, files: Mapping[str, bytes]) -> Path:
    """An archive in a file, compressed."""
    path.write_bytes(zipped(*files.items(), how=zipfile.ZIP_DEFLATED))
    return path
