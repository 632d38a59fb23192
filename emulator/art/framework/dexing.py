"""The framework's classes as dex."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from emulator.art.bed import find
from emulator.art.dex import QUICK, store
from emulator.art.place import Place

from .classfile import supers

HERE = Path(__file__).resolve().parent
JAR = "framework.jar"
#: What the floor's own classes are compiled with later: the framework's, other modules', sources of services.
KEPT = ("framework.classes.jar", "others.jar", "served")
#: Attributes that D8 3.3 does not take get a name that nothing looks for: annotations there hold what did not compile.
_ATTRIBUTES = (
    *(b"RuntimeInvisibleAnnotations", b"RuntimeInvisibleParameterAnnotations", b"RuntimeInvisibleTypeAnnotations"),
    *(b"RuntimeVisibleTypeAnnotations", b"PermittedSubclasses"),
)
#: What leads to a class: its name in another one.
_NAME = re.compile(rb"(?:android|com/android|com/google|org|dalvik|libcore|java|aosp)/[\w/$]+")
#: What no read of data comes by: user interface (the stand-in's serves it), media, printing, other modules' insides.
#: From these on nothing is followed, but for the names in `_STAYS`.
_LEFT_OUT = (
    *("android/view/", "android/widget/", "android/webkit/", "android/inputmethodservice/", "android/transition/"),
    *("android/animation/", "android/preference/", "android/speech/", "android/print", "android/gesture/"),
    *("android/opengl/", "android/renderscript/", "android/graphics/", "android/media/", "android/nfc/"),
    *(
        "android/hardware/",
        "android/telephony/ims/",
        "android/telephony/mbms",
        "android/service/",
        "android/companion/",
    ),
    *(
        "android/net/wifi/",
        "android/security/keystore",
        "android/app/admin/",
        "android/app/assist/",
        "com/android/server/",
    ),
    *("com/android/internal/app/Chooser", "com/android/internal/app/Resolver", "com/android/internal/widget/"),
    *("com/android/internal/policy/", "com/android/internal/view/", "com/android/internal/os/BatteryStats"),
    *("com/android/internal/os/Kernel", "com/android/internal/jank/", "com/android/internal/graphics/"),
)
#: Of what is left out, hooked classes: they are kept with the types of their methods, or those could not be listed.
_HOOKED = re.compile(
    r"android/(app/admin/DevicePolicyManager|companion/CompanionDeviceManager|graphics/fonts/SystemFonts"
    r"|hardware/(Camera|camera2/CameraManager)|location/Geocoder|nfc/(NfcAdapter|Tag)|speech/SpeechRecognizer"
    r"|media/(AudioManager|AudioRecord|FaceDetector|Media(Drm|MetadataRetriever|Recorder)|projection/MediaProjection(Manager)?)"
    r")$"
)
#: Those that name each manager's class.
_REGISTRY = re.compile(r"android/app/SystemServiceRegistry|.*Framework\w*Initializer")
_STAYS = re.compile(
    r"android/(view/(Display|IWindow|Surface\b|InsetsState|autofill/AutofillId|contentcapture/ContentCapture)"
    r"|graphics/(Rect|Point|Insets|Bitmap|drawable/Icon|Color|ColorSpace|Matrix)(\$|$)"
    r"|hardware/(Sensor|SystemSensor|display/|usb/Usb|location/)|service/notification/|media/Audio(Attributes|Format)(\$|$))"
)


def run(place: Place) -> None:
    """To ``out``."""
    work, bed = place.work, find().path
    with zipfile.ZipFile(bed / "tools" / "core.jar") as core:
        known = {name.removesuffix(".class") for name in core.namelist()}
    found = {name: code for name, code in _classes(work) if name not in known}
    wanted = _reached(
        found, [name for name in found if name.startswith(("aosp/", "android/app/Aosp", "android/provider/"))]
    )
    classes, made = work / "framework.classes.jar", work / "dex"
    with zipfile.ZipFile(classes, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(wanted):
            if name.split("$")[0] in found:  # D8 wants the outer class of a nested one
                archive.writestr(f"{name}.class", _plain(found[name]))
    made.mkdir()
    d8: list[str | Path] = ["-cp", bed / "tools" / "d8.jar", "com.android.tools.r8.D8", "--debug", "--min-api", "29"]
    d8 += ["--lib", bed / "tools" / "core.jar", "--classpath", work / "icu.jar", "--output", made, classes]
    place.run("dex", ["nice", "java", QUICK[0].replace("Serial", "Parallel"), "-Xmx4g", *d8])
    store(place.out / JAR, made)
    _others(work)
    for name in KEPT:
        (work / name).rename(place.out / name)


def _others(work: Path) -> None:
    """Without those that the framework has, after all, in a file of another name."""
    with zipfile.ZipFile(work / "others.jar") as before, zipfile.ZipFile(work / "rest.jar", "w") as after:
        for name in before.namelist():
            if not (work / "classes" / name).is_file():
                after.writestr(name, before.read(name))
    (work / "rest.jar").replace(work / "others.jar")


def _classes(work: Path) -> Iterator[tuple[str, bytes]]:
    """All that were compiled, by name; those of the framework last, so that they count."""
    with zipfile.ZipFile(work / "others.jar") as others:
        for name in others.namelist():
            yield name.removesuffix(".class"), others.read(name)
    for folder in (work / "later.classes", work / "classes"):
        for path in sorted(folder.rglob("*.class")):
            yield path.relative_to(folder).as_posix().removesuffix(".class"), path.read_bytes()


def _reached(found: dict[str, bytes], roots: list[str]) -> set[str]:
    """The classes that these name, and those that they name, and so on."""
    seen, todo = set[str](), list(roots)
    while todo:
        name = todo.pop()
        if name in seen or name not in found or (name.startswith(_LEFT_OUT) and not _STAYS.match(name)):
            continue
        seen.add(name)
        todo += _named(found[name]) - seen
    # A class's methods can be listed only if their types are there, and it is loaded only with what it extends; D8
    # wants it with all that are nested in it; the registries of services name each manager's class.
    nests: dict[str, list[str]] = defaultdict(list)
    for name in found:
        nests[name.split("$")[0]].append(name)
    seen |= {name for name in found if _REGISTRY.match(name) or _HOOKED.match(name)}
    todo = [*seen, *(one for name in seen for one in _named(found[name]))]
    seen = set()
    while todo:
        name = todo.pop()
        if name not in seen and name in found:
            seen.add(name)
            todo += [*supers(found[name]), *nests[name.split("$")[0]]]
    return seen


def _named(code: bytes) -> set[str]:
    return {one.decode() for one in _NAME.findall(code)}


def _plain(code: bytes) -> bytes:
    for name in _ATTRIBUTES:
        code = code.replace(len(name).to_bytes(2, "big") + name, len(name).to_bytes(2, "big") + b"X" + name[1:])
    return code
