"""The launcher, the libraries that ART and Frida's bridge look for, the copy of libart, time zones."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

from .libart import change
from .pins import ASM, HERE
from .place import Place

_ZONES = Path("/usr/share/zoneinfo")


def run(place: Place) -> None:
    """The rest of ``out``."""
    out, lib, source, to = place.out, place.out / "lib", HERE / "native", place.target
    for folder in ("bin", "root/bin", "root/lib64", "root/apex/art/bin", "root/apex/art/lib64", "root/apex/i18n"):
        (out / folder).mkdir(parents=True)
    for folder in ("root/apex/tzdata/etc/tz", f"data/dalvik-cache/{to.abi}", "conf", "cache"):
        (out / folder).mkdir(parents=True)
    shared = ["-O1", "-fPIC", "-shared", "-w", *to.include]
    rpath = [f"-L{to.libraries}", "-lssl", "-lcrypto", "-Wl,-z,defs", f"-Wl,-rpath,{to.home}"]
    place.run("runtime", [*to.c, *shared, "-o", lib / "libicu_jni.so", source / "icu_jni.c"])
    place.run("runtime", [*to.c, *shared, "-o", lib / "libc.so", source / "libc_shim.c"])
    place.run("runtime", [*to.cxx, *shared, "-o", lib / "libart_frida.so", source / "art_frida.cc"])
    android = [source / f"{name}.cc" for name in ("android_runtime", "crypto", "tls")]
    place.run("runtime", [*to.cxx, *shared, "-o", lib / "libandroid_runtime.so", *android, *rpath])
    shutil.copy2((to.libraries / "libsigchain.so.0").resolve(), lib / "libsigchain.so")
    change(place, (to.libraries / "libart.so.0").resolve(), lib / "libart.so")
    launcher = ["-O1", "-w", f'-DANDROID_LIBS="{to.home}"', *to.include, "-rdynamic"]
    parts = [source / "launcher.cc", source / "stack.cc"]
    place.run("runtime", [*to.cxx, *launcher, "-o", out / "bin" / "java", *parts, "-ldl"])
    shutil.copy2(HERE / "dex.py", out / "bin" / "dex")
    (out / "bin" / "dex").chmod(0o755)
    shutil.copy2(place.work / "d8.jar", out / "tools" / "d8.jar")
    shutil.copy2(place.work / "core.jar", out / "tools" / "core.jar")
    (out / "tools" / "asm").write_text(ASM)
    (out / "tools" / "jdk").write_text(shutil.which("java") or "")
    (out / "release").write_text('JAVA_VERSION="17"\n')
    _time_zones(out / "root/apex/tzdata/etc/tz/tzdata")


def _time_zones(out: Path) -> None:
    """The system's time zones as the one file that Android's core library reads."""
    zones = {}
    for path in _ZONES.rglob("*"):
        name = path.relative_to(_ZONES).as_posix()
        if path.is_file() and name.split("/")[0] not in ("posix", "right") and len(name) < 40:
            data = path.read_bytes()
            if data[:4] == b"TZif" and name not in ("localtime", "posixrules"):
                zones[name] = data
    index, blob = b"", b""
    for name, data in sorted(zones.items()):
        index += name.encode().ljust(40, b"\0") + struct.pack(">iii", len(blob), len(data), 0)
        blob += data + bytes(-len(data) % 4)
    table = (_ZONES / "zone.tab").read_bytes()
    ends = (24, 24 + len(index), 24 + len(index) + len(blob))
    out.write_bytes(b"tzdata2025a\0" + struct.pack(">iii", *ends) + index + blob + table)
