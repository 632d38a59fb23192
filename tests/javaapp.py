"""Small apps that a test writes itself: compiled against the stand-in's classes, and packed."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from monitor.base.paths import bundled

NEEDS_JAVAC = pytest.mark.extra("javac")  # a JDK, 17 or newer
#: One short run: the JVM's second compiler and its parallel collector cost as much again and change no byte.
JAVAC = ("javac", "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC")
_LAUNCHER = """<intent-filter><action android:name="android.intent.action.MAIN"/>
<category android:name="android.intent.category.LAUNCHER"/></intent-filter>"""


def manifest(package: str, activity: str, *, more: str = "", label: str = "", permissions: Iterable[str] = ()) -> str:
    """A manifest with one activity that is launched. ``more``: further components."""
    return f"""<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="{package}"
    android:versionCode="1" android:versionName="1.0">
<uses-sdk android:minSdkVersion="24" android:targetSdkVersion="33"/>
{"".join(f'<uses-permission android:name="android.permission.{one}"/>' for one in permissions)}
<application android:label="{label or package}">
<activity android:name=".{activity}" android:exported="true">{_LAUNCHER}</activity>{more}
</application></manifest>"""


def compiled(folder: Path, sources: Mapping[str, str]) -> Path:
    """The directory of the classes of these sources (by the class's name, with ``/`` for its package)."""
    files = []
    for name, text in sources.items():
        files.append(folder / "src" / f"{name}.java")
        files[-1].parent.mkdir(parents=True, exist_ok=True)
        files[-1].write_text(text, "utf-8")
    jar, out = bundled("emulator") / "java" / "standin.jar", folder / "out" / "classes"
    words = [*JAVAC, "--release", "17", "-encoding", "UTF-8", "-cp", str(jar), "-d", str(out), *map(str, files)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out


def packed(folder: Path, text: str, sources: Mapping[str, str], name: str = "app") -> Path:
    """An app with the manifest ``text``."""
    classes = compiled(folder, sources)
    with zipfile.ZipFile(folder / f"{name}.apk", "w") as archive:
        archive.writestr("AndroidManifest.xml", text)
        for path in sorted(classes.rglob("*.class")):
            archive.write(path, path.relative_to(classes.parent).as_posix())
    return folder / f"{name}.apk"
