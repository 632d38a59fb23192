"""libjavacore.so and libopenjdk.so: the core library's own C and C++ files, as its build files list them."""

from __future__ import annotations

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .pins import HERE
from .place import Place

_NATIVE = HERE / "native"
_FLAGS = (
    "-O1 -g0 -fPIC -w -D_LARGEFILE64_SOURCE -D_GNU_SOURCE -DLINUX -D__linux__ -DU_USING_ICU_NAMESPACE=0"
    " -DU_DEFINE_FALSE_AND_TRUE=1 -DDISABLE_BIONIC_COMPAT"
).split()
_JAVACORE = "-lnativehelper -lbase -llog -lziparchive -lcrypto -licui18n -licuuc -lexpat -lz -ldl".split()
_OPENJDK = "-lnativehelper -lbase -llog -lcrypto -licuuc -lz -lm -ldl".split()


def run(place: Place) -> None:
    """To ``out/lib``."""
    tree, objects = place.work / "libcore", place.work / "objects"
    (objects / "x" / "y").mkdir(parents=True)
    shutil.copytree(_NATIVE / "include" / "external", objects / "external")  # named ../../external/fdlibm/fdlibm.h
    luni, ojluni = tree / "luni/src/main/native", tree / "ojluni/src/main/native"
    javacore = [*_listed(luni, "luni_native_srcs"), *_listed(luni, "libandroidio_srcs")]
    javacore.append(tree / "dalvik/src/main/native/org_apache_harmony_dalvik_NativeTestTarget.cpp")
    openjdk = [*_listed(ojluni, "libopenjdk_native_srcs"), _NATIVE / "jvm.cc"]
    include = [
        "-include",
        str(_NATIVE / "include" / "compat.h"),
        f"-I{_NATIVE / 'include'}",
        f"-I{objects / 'x' / 'y'}",
    ]
    include += [*place.target.include, *(f"-I{folder}" for folder in (tree / "include", luni, ojluni))]

    def compile_one(source: Path) -> Path:
        out = objects / f"{source.parent.parent.parent.parent.name}-{source.name}.o"
        compiler = [*place.target.c, "-std=gnu99"] if source.suffix == ".c" else [*place.target.cxx, "-std=gnu++17"]
        place.run("natives", [*compiler, *_FLAGS, *include, "-c", source, "-o", out], hint=source.name)
        return out

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        made = dict(zip([*javacore, *openjdk], pool.map(compile_one, [*javacore, *openjdk]), strict=True))
    lib = place.out / "lib"
    lib.mkdir()
    _link(place, lib / "libjavacore.so", [made[source] for source in javacore], ["-Wl,-z,defs", *_JAVACORE])
    shared = made[luni / "AsynchronousCloseMonitor.cpp"]
    _link(place, lib / "libopenjdk.so", [*(made[source] for source in openjdk), shared], _OPENJDK)


def _listed(folder: Path, name: str) -> list[Path]:
    text = (folder / "Android.bp").read_text("utf-8")
    group = re.search(rf'name: "{name}".*?^}}', text, re.S | re.M)
    assert group, f"{folder.name}/Android.bp has no {name}"
    return [folder / file for file in re.findall(r'"([A-Za-z0-9_]+\.(?:c|cpp))"', group[0])]


def _link(place: Place, out: Path, objects: list[Path], words: list[str]) -> None:
    to = place.target
    tail = ["-Wl,-z,now", f"-Wl,-rpath,{to.home}"]
    place.run("natives", [*to.cxx, "-shared", "-o", out, *objects, f"-L{to.libraries}", *words, *tail])
