"""A copy of Debian's libart without its two faults, and with the names that Frida's Java bridge asks for.

The machine code that is changed is looked for by pattern within the function it belongs to; a build of libart that has
it elsewhere, or more than once, ends the build instead of being changed wrongly.
"""

from __future__ import annotations

import struct
from pathlib import Path

from .pins import LIBART, BedError
from .place import Place

_LINK_METHODS = "_ZN3art11ClassLinker17LinkMethodsHelperILNS_11PointerSizeE%dEE11LinkMethodsE"
_INVOKE = "_ZN3art9ArtMethod6InvokeEPNS_6ThreadEPjjPNS_6JValueEPKc"
_PROFILE = "_ZN3art7AppInfo29GetPrimaryApkReferenceProfile%sEv"
#: x86-64.
_COMPARE = bytes.fromhex("483d00010000")  # cmp $0x100,%rax
_NEVER = bytes.fromhex("483d00000000")  # cmp $0,%rax
_ONE_WORD = bytes.fromhex("b901000000e8")  # mov $1,%ecx; call
_SYMBOL = 24


def change(place: Place, source: Path, out: Path) -> None:
    """Write the changed copy of ``source``. Raises BedError if this is another build of libart."""
    code = bytearray(source.read_bytes())
    symbols, shift = _symbols(place, source), _shift(place, source)
    _allocate(place.target.abi, code, symbols, shift)
    if _INVOKE not in symbols:
        raise _other("it has no ArtMethod::Invoke")
    if place.target.abi == "arm64":
        _pass_no_arguments_arm64(code, symbols, shift, _sections(place, source)[".text"])
    else:
        _pass_no_arguments(code, symbols, shift)
    _import_plain_delete(code, _sections(place, source))
    out.write_bytes(code)
    names = place.work / "names"
    names.write_text(f"{_PROFILE % 'B5cxx11'} {_PROFILE % ''}\n")
    place.run("libart", ["patchelf", "--rename-dynamic-symbols", names, out])
    place.run("libart", ["patchelf", "--add-needed", "libart_frida.so", out])


def _other(what: str) -> BedError:
    return BedError("libart", f"this is not the known build of libart: {what}", f"known: android-libart {LIBART}")


def _allocate(abi: str, code: bytearray, symbols: dict[str, tuple[int, int]], shift: int) -> None:
    """LinkMethodsHelper keeps a BitVector in memory of alloca. AOSP's compiler flags clear it and Debian's build does
    not, so classes get random tables of methods. Never "small enough for the stack": what is allocated is cleared."""
    for bits in (8, 4):
        found = [place for name, place in symbols.items() if name.startswith(_LINK_METHODS % bits)]
        if len(found) != 1:
            raise _other(f"{len(found)} functions LinkMethods of pointer size {bits}")
        start, size = found[0][0] + shift, found[0][1]
        if abi == "arm64":
            _never_arm64(code, start, size)
            continue
        if code.count(_COMPARE, start, start + size) != 1:
            raise _other("LinkMethods compares otherwise")
        at = code.find(_COMPARE, start, start + size)
        code[at : at + len(_NEVER)] = _NEVER


def _never_arm64(code: bytearray, start: int, size: int) -> None:
    """``cmp xN, #0x100; b.hi`` becomes ``cmp xN, #0; b.hi``."""
    found = [
        at
        for at in range(start, start + size, 4)
        if _word(code, at) & 0xFFFFFC1F == 0xF104001F and _word(code, at + 4) & 0xFF00001F == 0x54000008
    ]
    if len(found) != 1:
        raise _other("LinkMethods compares otherwise")
    struct.pack_into("<I", code, found[0], _word(code, found[0]) & ~(0xFFF << 10))


def _word(code: bytearray, at: int) -> int:
    return int(struct.unpack_from("<I", code, at)[0])


def _pass_no_arguments(code: bytearray, symbols: dict[str, tuple[int, int]], shift: int) -> None:
    """std::array<uint32_t, 0> is one byte long with a null data() in libstdc++, so that InvokeStatic without arguments
    passes one argument at address 0. The size becomes 0."""
    at, changed = -1, 0
    while (at := code.find(_ONE_WORD, at + 1)) >= 0:
        target = at - shift + 10 + int.from_bytes(code[at + 6 : at + 10], "little", signed=True)
        if target == symbols[_INVOKE][0]:
            code[at + 1] = 0
            changed += 1
    if not changed:
        raise _other("no call of a method without arguments")


def _pass_no_arguments_arm64(
    code: bytearray, symbols: dict[str, tuple[int, int]], shift: int, text: tuple[int, int]
) -> None:
    """``mov w3, #1`` before ``bl ArtMethod::Invoke`` becomes ``mov w3, #0``, if nothing writes w3 or jumps between."""
    target, changed = symbols[_INVOKE][0] + shift, 0
    for at in range(text[0], sum(text), 4):
        call = _word(code, at)
        if call >> 26 != 0x25 or at + 4 * ((call & 0x3FFFFFF) - ((call & 0x2000000) << 1)) != target:
            continue
        for back in range(at - 4, at - 64, -4):
            word = _word(code, back)
            if word == 0x52800023:
                struct.pack_into("<I", code, back, 0x52800003)
                changed += 1
            if (word & 0x1F == 3 and word >> 24 in (0x52, 0x2A, 0xB9)) or word >> 26 in (0x25, 0x05):
                break
    if not changed:
        raise _other("no call of a method without arguments")


def _import_plain_delete(code: bytearray, sections: dict[str, tuple[int, int]]) -> None:
    """The bridge takes operator delete from libart's imports as _ZdlPv; Debian's build imports the sized one."""
    (symbols, size), strings, versions = sections[".dynsym"], sections[".dynstr"][0], sections[".gnu.version"][0]
    index: dict[bytes, tuple[int, int]] = {}
    for number in range(size // _SYMBOL):
        at = strings + struct.unpack_from("<I", code, symbols + _SYMBOL * number)[0]
        index.setdefault(bytes(code[at : code.index(0, at)]), (number, at))
    if b"_ZdlPv" in index or b"_ZdlPvm" not in index or b"_Znwm" not in index:
        raise _other("its operator delete is another")
    number, at = index[b"_ZdlPvm"]
    code[at + len("_ZdlPv")] = 0
    like = versions + 2 * index[b"_Znwm"][0]
    code[versions + 2 * number : versions + 2 * number + 2] = code[like : like + 2]


def _symbols(place: Place, path: Path) -> dict[str, tuple[int, int]]:
    """Address and size of the exported functions."""
    found = {}
    for line in place.run("libart", ["nm", "-D", "-S", path]).splitlines():
        words = line.split()
        if len(words) >= 3 and words[-2] in "TtWw":
            found[words[-1].split("@")[0]] = (int(words[0], 16), int(words[1], 16) if len(words) == 4 else 0)
    return found


def _shift(place: Place, path: Path) -> int:
    """What added to an address in the code gives its place in the file."""
    for line in place.run("libart", ["readelf", "-lW", path]).splitlines():
        words = line.split()
        if words[:1] == ["LOAD"] and "E" in words[-2]:
            return int(words[1], 16) - int(words[2], 16)
    raise _other("it has no code")


def _sections(place: Place, path: Path) -> dict[str, tuple[int, int]]:
    """Place in the file and size of the sections."""
    found = {}
    for line in place.run("libart", ["readelf", "-SW", path]).splitlines():
        words = line.replace("[ ", "[").split()
        if len(words) > 5 and words[0].startswith("[") and words[1].startswith("."):
            found[words[1]] = (int(words[4], 16), int(words[5], 16))
    return found
