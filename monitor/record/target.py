"""The app under test: its file, its installation, its processes."""

import contextlib
import errno
import os
import zipfile
from collections.abc import Callable, Iterator
from hashlib import md5, sha256
from pathlib import Path
from typing import Final

from monitor.base import clock, output, paths
from monitor.base.errors import EnvironmentFault, InputError, reading
from monitor.base.process import Scratch
from monitor.device import adb, appfiles, standin
from monitor.device.parse.manifest import manifest
from monitor.events import DATA_KEPT, Lifecycle
from monitor.record.connection import reach
from monitor.scenario.apps import bundled_app, bundled_apps
from monitor.session.manifest import App
from monitor.session.options import Target

#: Of the manifest, in the entry of the installation: more than any app that works has.
MAX_PERMISSIONS: Final = 200
_APP_SUFFIXES: Final = (".apk", ".apks", ".xapk", ".apkm", ".zip")


def _no_package(message: str, package: str) -> InputError:
    return InputError(message, where=package, hint=f"give --app FILE; bundled apps: {', '.join(bundled_apps())}")


@contextlib.contextmanager
def app_file(wanted: str) -> Iterator[Path | None]:
    """The file of the app: a path, or a bundled app packed into a file for the duration of the block; None for a
    package name. Raises ``InputError``."""
    require_app(wanted)
    path = Path(wanted)
    if path.is_file():
        yield path
    elif wanted in bundled_apps():
        with Scratch() as scratch:
            yield bundled_app(wanted, scratch.path)
    else:
        yield None


def require_app(wanted: str) -> None:
    """Raise ``InputError`` if this can only mean a file and is not one; packages are checked later."""
    path = Path(wanted)
    if wanted in bundled_apps() and not path.is_file():
        return
    if path.is_dir():
        raise InputError("a directory, not a file", where=wanted, hint="name a file")
    if not path.is_file():
        if "/" in wanted or path.suffix in _APP_SUFFIXES:
            hint = f"give a file, a package on the device or a bundled app: {', '.join(bundled_apps())}"
            raise InputError("no such app file", where=wanted, hint=hint)
        return
    with reading(wanted), path.open("rb"):
        pass
    if not zipfile.is_zipfile(path):
        raise InputError("not an app: an APK is a zip file", where=wanted, hint="give the .apk itself")
    if path.suffix == ".aab":
        hint = "make APKs of it: bundletool build-apks --mode=universal"
        raise InputError("an app bundle (.aab), not an app", where=wanted, hint=hint)
    kind = appfiles.kind(path)
    if not kind:
        hint = "give the .apk itself, or an .apks, .xapk or .apkm with one app"
        raise InputError("not an app: it holds no AndroidManifest.xml", where=wanted, hint=hint)
    if kind == "library":
        raise InputError("a library, not an app", where=wanted, hint=f"monitor sdk check {path.name}")


def require_device(target: Target, wanted: str) -> None:
    """Raise ``EnvironmentFault`` if the device is not there or not ready, and ``InputError`` if a package is wanted
    that is not on it: nothing can be recorded then. The stand-in begins without any app and needs a JVM. So too where
    the journal of changes to the device cannot be kept."""
    place = paths.state_home()
    try:
        output.folder(place, empty=False)
        usable = os.access(place, os.W_OK | os.X_OK)
        why = "" if usable else os.strerror(errno.EACCES)
    except (EnvironmentFault, InputError) as error:
        why = error.message
    if why:
        hint = "what is changed on a device is noted there first: set XDG_STATE_HOME to a directory of yours"
        why = "not allowed for this user" if why == os.strerror(errno.EACCES) else why
        raise EnvironmentFault(why, where=str(place), hint=hint)
    file = Path(wanted).is_file() or wanted in bundled_apps()
    if target.serial:
        device = reach(target.serial)
        if not file and device.package(wanted) is None:
            raise _no_package("the app is not on the device", wanted)
    elif not file:
        raise _no_package("not a package on the stand-in, which begins without any app", wanted)
    elif target.runtime not in ("art", "aosp"):
        standin.java()


def install(device: adb.AdbDevice, wanted: str, package: str) -> tuple[App, list[str], bool]:
    """Install the app if it is a file; returns what is on the device now, the further processes that it declares, and
    whether it was there before, with its data. ``wanted``: a file, the name of a bundled app or a package name; empty =
    ``package`` must be there. Raises ``InputError`` (no such file or package) or ``EnvironmentFault`` (refused by the
    device)."""
    app, processes, kept = App(package=wanted or package), list[str](), True
    with app_file(wanted or package) as file:
        if file is not None:
            data = file.read_bytes()
            app.apk_sha256, app.apk_bytes = sha256(data).hexdigest(), len(data)
            app.apk_md5 = md5(data, usedforsecurity=False).hexdigest()  # inspection records require it as well
            before = {item.name for item in device.packages()}
            with Scratch() as scratch:
                abis = device.props().get("ro.product.cpu.abilist", "").split(",")
                files = appfiles.unpack(file, scratch.path, abis) if appfiles.kind(file) == "container" else [file]
                stated = manifest(files[0])
                device.install(*files)
            after = {item.name for item in device.packages()}
            # By its manifest, by what is new on the device, or as expected.
            names = [name for name in (stated.package, *sorted(after - before)[:1], package) if name in after]
            if not names:
                why = "cannot determine which package the file holds: it was already installed"
                raise InputError(why, where=file.name)
            app.package, processes, kept = names[0], list(stated.processes), names[0] in before
            app.entries = list(stated.entries)
    found = device.package(app.package)
    if found is None:
        raise _no_package("the app is not on the device", app.package)
    app.version, app.version_code = found.version_name, found.version_code
    app.target_sdk, app.permissions = found.target_sdk, sorted(found.requested)
    return app, processes, kept


def require_64_bit(device: adb.AdbDevice, package: str) -> None:
    """Raise ``EnvironmentFault`` for an app with 32-bit processes: the hooks assume 64-bit native layouts."""
    found = device.package(package)
    abi = (found.abi if found else "") or device.props().get("ro.product.cpu.abi", "")
    if abi and not abi.endswith(("64", "64-v8a")):
        hint = "install its 64-bit variant if it has one (adb install --abi arm64-v8a), or record with --hooks none"
        why = f"the app runs in 32-bit processes ({abi}), which the hooks do not support"
        raise EnvironmentFault(why, where=package, hint=hint)


def own_processes(device: adb.AdbDevice, package: str) -> Callable[[], list[tuple[int, str]]]:
    """Pid and process name of what runs under the app's UID: another app may use any name, and a copy of the app that
    belongs to another user (a work profile, a dual app) has consents of its own. Of packages that share the UID, those
    are left out whose name a process has."""
    found = device.package(package)
    uid = found.uid if found else -1
    mates = frozenset(device.mates(found) if found else ())

    def listed() -> list[tuple[int, str]]:
        running = [process for process in device.running() if process.uid in (-1, uid)]
        return [(item.pid, item.name) for item in running if item.name.partition(":")[0] not in mates]

    return listed


def installed(app: App, kept: bool) -> Lifecycle:
    """The log entry of an app that this session installed, or (``kept``) that was on the device with its data."""
    detail = {"version": app.version, "target_sdk": str(app.target_sdk)}
    stated = {"sha256": app.apk_sha256, "permissions": " ".join(app.permissions[:MAX_PERMISSIONS]),
              "entries": " ".join(app.entries)}  # fmt: skip
    detail |= {name: text for name, text in stated.items() if text}
    what = DATA_KEPT if kept else "installed"
    return Lifecycle(t=clock.now_us(), err=0, src="runner", app=app.package, what=what, cause="session", detail=detail)
