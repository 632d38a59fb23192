"""What a session's process has before the framework: the stand-in's activities, windows and wire to the device, and
what is of other modules (wifi, bluetooth, libraries)."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from emulator.art.bed import find
from emulator.art.dex import QUICK, store
from emulator.art.place import Place

from .compile import plainer
from .stubs import STANDIN

HERE = Path(__file__).resolve().parent
JAR = "session.jar"
#: Folders of our own: the floor's services and its start; what sessions need; natives of the framework.
OURS = ("java", "session", "native")
LIBRARY = "libaosp.so"
#: Classes of the stand-in's that are taken; the framework's of these names stay behind them. Of graphics those that
#: need natives; of the camera one whose methods have types of other repositories, at which Frida's bridge aborts ART.
TAKEN = re.compile(
    r"(standin|android/view|android/widget(?!/RemoteViews)|android/webkit|android/animation|android/transition|android/graphics/drawable"
    r"|com/android/webview|com/android/internal/policy)/"
    r"|android/(R|app/(Activity|ActionBar|LoaderManager|ListActivity|(Alert|DatePicker|TimePicker|Progress)?Dialog|Instrumentation|Application"
    r"|(Dialog)?Fragment|Fragment(Manager|Transaction)|AppClassLoader)|text/(Html|format/Formatter|util/Linkify)|util/StateSet|security/keystore/Key(GenParameterSpec|Properties)"
    r"|graphics/(Bitmap|BitmapFactory|BitmapShader|Canvas|ColorFilter|LinearGradient|MaskFilter|Matrix|Outline|Paint"
    r"|Path|PathEffect|PorterDuff|PorterDuffColorFilter|PorterDuffXfermode|RadialGradient|Shader|SurfaceTexture|SweepGradient"
    r"|Typeface|Xfermode)|hardware/camera2/(impl/CameraDeviceImpl|CameraSession)|media/MediaPlayer)(\$|\.class)"
)


def run(place: Place) -> None:
    """To ``out``."""
    work, bed = place.work, find().path
    classes, made, fitted = work / "session.classes", work / "session.dex", work / "session.fitted.jar"
    with zipfile.ZipFile(STANDIN) as jar:
        jar.extractall(classes, _taken(jar.namelist(), work, bed))
    texts = {path: path.read_text("utf-8") for folder in OURS for path in (HERE / folder).rglob("*.java")}
    texts |= {path: path.read_text("utf-8") for path in (work / "served").rglob("*.java")}
    sources = []
    for number, (path, text) in enumerate(sorted(texts.items())):
        sources.append(work / "session.java" / str(number) / path.name)
        sources[-1].parent.mkdir(parents=True)
        sources[-1].write_text(plainer(text), "utf-8")
    classpath = ":".join(map(str, (classes, work / "framework.classes.jar", bed / "tools" / "core.jar")))
    javac: list[str | Path] = ["javac", "-nowarn", "-proc:none", "-g", "--release", "17", "-Xlint:-options"]
    place.run("session", [*javac, "-implicit:none", "-cp", classpath, "-d", classes, *sources])
    store(work / "session.jar", classes)
    asm = (bed / "tools" / "asm").read_text().strip()
    place.run("session", ["java", "-cp", f"{bed / 'tools'}:{asm}", "Jar", work / "session.jar", fitted, "framework"])
    made.mkdir()
    d8: list[str | Path] = ["-cp", bed / "tools" / "d8.jar", "com.android.tools.r8.D8", "--debug", "--min-api", "29"]
    d8 += ["--lib", bed / "tools" / "core.jar", "--classpath", work / "framework.classes.jar", "--output", made, fitted]
    place.run("session", ["java", *QUICK, *d8])
    store(place.out / JAR, made)
    to, parts = place.target, sorted((HERE / "native").glob("*.cc"))
    # The classes of android.media load this name; what they need of it is in ours.
    library: list[str | Path] = [
        "-std=gnu++17",
        "-O1",
        "-fPIC",
        "-shared",
        "-Wall",
        "-Wl,-soname,libmedia_jni.so",
        *to.include,
    ]
    place.run("natives", [*to.cxx, *library, "-o", place.out / LIBRARY, *parts])


def _taken(standin: list[str], work: Path, bed: Path) -> list[str]:
    """Of the stand-in's classes: those of `TAKEN`, and those that neither framework nor core library have."""
    with zipfile.ZipFile(work / "framework.classes.jar") as jar, zipfile.ZipFile(work / "others.jar") as others:
        ours = set(others.namelist())
        framework = {_top(name) for name in jar.namelist()} - {_top(name) for name in ours}
    with zipfile.ZipFile(bed / "tools" / "core.jar") as core:
        packages = {name.rpartition("/")[0] for name in core.namelist()}

    def absent(name: str) -> bool:
        return _top(name) not in framework and name.rpartition("/")[0] not in packages

    classes = [name for name in standin if name.endswith(".class") and not name.startswith("apps/")]
    return [name for name in classes if name in ours or TAKEN.match(name) or absent(name)]


def _top(name: str) -> str:
    return name.removesuffix(".class").split("$")[0]
