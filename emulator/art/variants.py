"""The bed with a libart as later releases of Android have it: functions no longer exported, or gone, or only among the
compressed symbols that a stripped library keeps for its own stack traces (``.gnu_debugdata``). Made from a built bed in
a second or two.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import shutil
import struct
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .bed import NOTE, Bed
from .dex import QUICK, store

_DECODE = "_ZN3art9JavaVMExt12DecodeGlobalEPv"
_WALKER = "_ZNK3art12StackVisitor9GetMethodEv"
#: Loads JVMTI: as this libart names it, and as Android's, which the bridge asks for. Android 15 aborts in it.
_PLUGIN = "_ZN3art7Runtime18EnsurePluginLoadedEPKcPNSt%s"
_PLUGINS = (
    _PLUGIN % "7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE",
    _PLUGIN % "3__112basic_stringIcNS3_11char_traitsIcEENS3_9allocatorIcEEEE",
)
_TRAP = b"\x0f\x0b"
_SYMBOL = struct.Struct("<IBBHQQ")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_ELF = struct.Struct("<16sHHIQQQIHHHHHH")
_DYNSYM, _SYMTAB, _STRTAB, _PROGBITS, _NOBITS = 11, 2, 3, 1, 8


@dataclass(frozen=True)
class Variant:
    """What is different: ``gone`` functions are nowhere. ``hidden``: all others but those that a library of the bed
    needs are only among the compressed symbols."""

    gone: tuple[str, ...] = ()
    hidden: bool = False
    aborts: bool = False
    """Loading JVMTI ends the process."""
    copied: bool = False
    """java.lang.Thread has methods that it inherits from an interface: the bridge then cannot tell how ART lays out
    classes, and fails for every one of them (frida-java-bridge #376, Android 16)."""


VARIANTS = {
    "android15": Variant((_DECODE,), aborts=True),
    "android16": Variant((_DECODE,), hidden=True, copied=True),
    "walkerless": Variant((_DECODE, _WALKER)),
    "copied": Variant(copied=True),
}


def variant(bed: Bed, name: str) -> Bed:
    """The bed ``bed`` as ``name`` of `VARIANTS`, made unless it is there."""
    made_by = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:6]
    path = bed.path.with_name(f"{bed.name}-{name}-{made_by}")
    if not (path / NOTE).is_file():
        with tempfile.TemporaryDirectory(prefix="work-", dir=path.parent) as work:
            made = Path(work) / "bed"
            shutil.copytree(
                bed.path, made, symlinks=True, copy_function=os.link, ignore=shutil.ignore_patterns("cache")
            )
            (made / "cache").symlink_to(bed.path / "cache")
            library = made / "lib" / "libart.so"
            changed = change(library, VARIANTS[name], _imported(made / "lib"))
            library.unlink()
            library.write_bytes(changed)
            if VARIANTS[name].copied:
                _with_copied(made)
            if VARIANTS[name].aborts:
                names = Path(work) / "names"
                names.write_text(" ".join(_PLUGINS) + "\n")
                subprocess.run(["patchelf", "--rename-dynamic-symbols", names, library], check=True)
            note = json.loads((made / NOTE).read_text("utf-8"))
            (made / NOTE).unlink()
            (made / NOTE).write_text(json.dumps(note | {"runtime": f"{bed.runtime}, exports as {name}"}) + "\n")
            made.rename(path)
    return Bed(path, path.name, f"{bed.runtime}, exports as {name}")


def _with_copied(bed: Path) -> None:
    """A core library whose Thread is an Iterator, too: its class is found before the one that is there."""
    core = bed / "boot" / "core.jar"
    with tempfile.TemporaryDirectory() as work:
        before, made, thread = Path(work) / "before", Path(work) / "made", Path(work) / "Thread.class"
        with zipfile.ZipFile(bed / "tools" / "core.jar") as classes:
            thread.write_bytes(_also(classes.read("java/lang/Thread.class"), b"java/util/Iterator"))
        made.mkdir()
        java = (bed / "tools" / "jdk").read_text().strip() or "java"
        d8: list[str | Path] = [java, *QUICK, "-cp", bed / "tools" / "d8.jar", "com.android.tools.r8.D8"]
        words: list[str | Path] = ["--min-api", "32", "--lib", bed / "tools" / "core.jar", "--output", made, thread]
        subprocess.run([*d8, *words], check=True, capture_output=True)
        with zipfile.ZipFile(core) as old:
            old.extractall(before)
        (before / "classes.dex").rename(before / "classes2.dex")
        store(Path(work) / "core.jar", made, before)
        core.unlink()
        shutil.move(Path(work) / "core.jar", core)


def _also(code: bytes, interface: bytes) -> bytes:
    """A class file with one interface more (The Java Virtual Machine Specification, 4.1 and 4.4)."""
    sizes = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
    (count,) = struct.unpack_from(">H", code, 8)
    at, index = 10, 1
    while index < count:
        tag = code[at]
        at += 1 + (2 + struct.unpack_from(">H", code, at + 1)[0] if tag == 1 else sizes[tag])
        index += 2 if tag in (5, 6) else 1
    (interfaces,) = struct.unpack_from(">H", code, at + 6)
    end = at + 8 + 2 * interfaces
    name = b"\1" + struct.pack(">H", len(interface)) + interface + b"\7" + struct.pack(">H", count)
    more = struct.pack(">H", interfaces + 1) + code[at + 8 : end] + struct.pack(">H", count + 1)
    return code[:8] + struct.pack(">H", count + 2) + code[10:at] + name + code[at : at + 6] + more + code[end:]


def _imported(folder: Path) -> frozenset[str]:
    """What the libraries of the bed need of each other."""
    found = set()
    for path in folder.glob("*.so"):
        listed = subprocess.run(["nm", "-D", "--undefined-only", path], capture_output=True, text=True, check=True)
        found |= {line.split()[-1].split("@")[0] for line in listed.stdout.splitlines() if line}
    return frozenset(found)


def change(library: Path, wanted: Variant, imported: frozenset[str]) -> bytes:
    """The library with functions made local and nameless, which its own references to them survive."""
    code = bytearray(library.read_bytes())
    head = _ELF.unpack_from(code)
    sections = [_SECTION.unpack_from(code, head[6] + 64 * i) for i in range(head[12])]
    (dynsym,) = [one for one in sections if one[1] == _DYNSYM]
    names = sections[dynsym[6]][4]
    kept = []
    for at in range(dynsym[4], dynsym[4] + dynsym[5], _SYMBOL.size):
        name_at, info, other, section, value, size = _SYMBOL.unpack_from(code, at)
        name = bytes(code[names + name_at : code.index(0, names + name_at)])
        text = name.decode("ascii", "replace")
        if wanted.aborts and text == _PLUGINS[0]:
            row = sections[section]
            place = row[4] + value - row[3]
            code[place : place + len(_TRAP)] = _TRAP
        if section == 0 or not text.startswith("_Z"):
            continue
        if text in wanted.gone or (wanted.hidden and text not in imported):
            _SYMBOL.pack_into(code, at, 0, info & 15, other, section, value, size)
            if text not in wanted.gone:
                kept.append((name, info & 15, section, value, size))
    return (
        _with_section(code, head, sections, lzma.compress(_symbols(kept, sections))) if wanted.hidden else bytes(code)
    )


def _symbols(kept: list[tuple[bytes, int, int, int, int]], sections: list[tuple[int, ...]]) -> bytes:
    """A library that is nothing but a table of symbols."""
    strings, table = bytearray(b"\0"), bytearray(_SYMBOL.size)
    for name, info, section, value, size in kept:
        table += _SYMBOL.pack(len(strings), info, 0, section, value, size)
        strings += name + b"\0"
    labels = b"\0.symtab\0.strtab\0.shstrtab\0"
    start = _ELF.size
    empty = [(0, _NOBITS if one[1] else 0, *one[2:4], start, one[5], 0, 0, one[8], 0) for one in sections]
    count = len(empty)
    rows = [
        *empty,
        (1, _SYMTAB, 0, 0, start, len(table), count + 1, len(kept) + 1, 8, _SYMBOL.size),
        (9, _STRTAB, 0, 0, start + len(table), len(strings), 0, 0, 1, 0),
        (17, _STRTAB, 0, 0, start + len(table) + len(strings), len(labels), 0, 0, 1, 0),
    ]
    body = bytes(table) + bytes(strings) + labels
    body += bytes(-(start + len(body)) % 8)
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    head = _ELF.pack(ident, 3, 62, 1, 0, 0, start + len(body), 0, 64, 0, 0, 64, len(rows), count + 2)
    return head + body + b"".join(_SECTION.pack(*row) for row in rows)


def _with_section(code: bytearray, head: tuple[int, ...], sections: list[tuple[int, ...]], data: bytes) -> bytes:
    """The library with ``.gnu_debugdata``: it and a new table of sections at the end of the file."""
    labels = sections[head[13]]
    text = bytes(code[labels[4] : labels[4] + labels[5]]) + b".gnu_debugdata\0"
    code += bytes(-len(code) % 8)
    text_at, data_at = len(code), len(code) + len(text)
    code += text + data
    code += bytes(-len(code) % 8)
    rows = list(sections)
    rows[head[13]] = (*labels[:4], text_at, len(text), *labels[6:])
    rows.append((labels[5], _PROGBITS, 0, 0, data_at, len(data), 0, 0, 1, 0))
    table_at = len(code)
    code += b"".join(_SECTION.pack(*row) for row in rows)
    _ELF.pack_into(code, 0, *head[:6], table_at, *head[7:12], len(rows), head[13])
    return bytes(code)
