"""The device and the app under test: found or started, connected, installed."""

import contextlib
import errno
import hashlib
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from monitor.apk.contents import Contents, contents
from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, InputError, MonitorError, reading
from monitor.base.output import folder
from monitor.base.paths import state_home
from monitor.base.process import Scratch
from monitor.device.adb import AdbDevice
from monitor.device.appfiles import has_manifest, is_container, is_library, unpack
from monitor.device.parse.manifest import manifest
from monitor.device.standin import java
from monitor.device.wire.server import AdbServer
from monitor.events import DATA_KEPT, Lifecycle
from monitor.record.inputs import Inputs
from monitor.record.starting import OwnDevice
from monitor.record.watching import Patience, watched
from monitor.scenario.apps import bundled_app, bundled_apps
from monitor.session.manifest import App
from monitor.session.options import Target

#: Of the manifest, in the entry of the installation: more than any app that works has.
MAX_PERMISSIONS: Final = 200
_CLOSING_S: Final = 0.5


def reach(serial: str) -> AdbDevice:
    """The user's device, ready for commands. Raises ``EnvironmentFault``."""
    server = AdbServer.users()
    device = AdbDevice(server.connect(serial) if ":" in serial else serial, port=server.port)
    device.require()
    return device


@contextlib.contextmanager
def connected(serial: str, own: OwnDevice | None, lost: Callable[[MonitorError], None]) -> Iterator[AdbDevice]:
    """The device with the given adb serial, or our own stand-in.

    ``lost`` is called, from another thread, if device or adb server end before the block does.
    Raises ``EnvironmentFault``.
    """
    if own is None:
        device = reach(serial)
        with watched(Patience(device).gone, lost):
            yield device
        return
    standin, server = own.standin.result(), own.server.result()
    device = AdbDevice(server.connect(standin.serial), port=server.port)
    device.require()

    def gone() -> EnvironmentFault | None:
        for name, alive in (("stand-in device", standin.alive), ("adb server", server.alive)):
            if not alive:
                hint = "what was recorded up to then is sealed; start again"
                return EnvironmentFault(f"the {name} ended before the session did", hint=hint)
        return None

    with watched(gone, lost):
        try:
            yield device
        except MonitorError:
            # "The device is gone" is more informative than the call that failed because of it. Its connections close
            # a moment before its process ends.
            until = time.monotonic() + _CLOSING_S
            while (fault := gone()) is None and time.monotonic() < until:
                time.sleep(0.02)
            if fault is not None:
                lost(fault)
            raise


@contextlib.contextmanager
def app_file(wanted: str) -> Iterator[Path | None]:
    """The file of the app: a path, or a bundled app packed into a file for the duration of the block; None for a
    package name.

    Raises ``InputError``.
    """
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
    if path.is_dir() and wanted not in bundled_apps():
        raise InputError("a directory, not a file", where=wanted, hint="name a file")
    looks = "/" in wanted or path.suffix in (".apk", ".apks", ".xapk", ".apkm", ".zip")
    if looks and not path.is_file() and wanted not in bundled_apps():
        hint = f"give a file, a package on the device or a bundled app: {', '.join(bundled_apps())}"
        raise InputError("no such app file", where=wanted, hint=hint)
    if not path.is_file():
        return
    with reading(wanted), path.open("rb"):
        pass
    if not zipfile.is_zipfile(path):
        raise InputError("not an app: an APK is a zip file", where=wanted, hint="give the .apk itself")
    if path.suffix == ".aab":
        hint = "make APKs of it: bundletool build-apks --mode=universal"
        raise InputError("an app bundle (.aab), not an app", where=wanted, hint=hint)
    if not (is_container(path) or has_manifest(path)):
        hint = "give the .apk itself, or an .apks, .xapk or .apkm with one app"
        raise InputError("not an app: it holds no AndroidManifest.xml", where=wanted, hint=hint)
    if is_library(path):
        raise InputError("a library, not an app", where=wanted, hint=f"monitor sdk check {path.name}")


def require_device(target: Target, wanted: str) -> None:
    """Raise ``EnvironmentFault`` if the device is not there or not ready, and ``InputError`` if a package is wanted
    that is not on it: nothing can be recorded then. The stand-in begins without any app and needs a JVM. So too where
    the journal of changes to the device cannot be kept."""
    _require_journal()
    file = Path(wanted).is_file() or wanted in bundled_apps()
    hint = f"give --app FILE; bundled apps: {', '.join(bundled_apps())}"
    if target.serial:
        device = reach(target.serial)
        if not file and device.package(wanted) is None:
            raise InputError("the app is not on the device", where=wanted, hint=hint)
    elif not file:
        raise InputError("not a package on the stand-in, which begins without any app", where=wanted, hint=hint)
    elif target.runtime not in ("art", "aosp"):
        java()


def _require_journal() -> None:
    place = state_home()
    try:
        folder(place, empty=False)
        if not os.access(place, os.W_OK | os.X_OK):
            raise EnvironmentFault("not allowed for this user", where=str(place))
    except (EnvironmentFault, InputError) as error:
        hint = "what is changed on a device is noted there first: set XDG_STATE_HOME to a directory of yours"
        said = "not allowed for this user" if error.message == os.strerror(errno.EACCES) else error.message
        raise EnvironmentFault(said, where=str(place), hint=hint) from None


def read_contents(wanted: str, inputs: Inputs) -> Contents | None:
    """What is in the app's file; None if ``wanted`` is a package on the device. Raises ``InputError``."""
    with app_file(wanted) as file:
        if file is None:
            return None
        return contents(file, inputs.rows, inputs.sdks, inputs.organisations, inputs.declaration)


def install(device: AdbDevice, wanted: str, package: str) -> tuple[App, list[str], bool]:
    """Install the app if it is a file; returns what is on the device now, the further processes that it declares, and
    whether it was there before, with its data.

    ``wanted``: a file, the name of a bundled app or a package name; empty = ``package`` must be there.
    Raises ``InputError`` (no such file or package) or ``EnvironmentFault`` (refused by the device).
    """
    with app_file(wanted or package) as file:
        name, digest, md5, size, kept = wanted or package, "", "", 0, True
        processes: list[str] = []
        entries: list[str] = []
        if file is not None:
            data = file.read_bytes()
            digest, size = sha256(data).hexdigest(), len(data)
            md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()  # inspection records require it as well
            name, processes, entries, kept = _installed(device, file, package)
    found = device.package(name)
    if found is None:
        hint = f"give --app FILE; bundled apps: {', '.join(bundled_apps())}"
        raise InputError("the app is not on the device", where=name, hint=hint)
    app = App(
        package=name,
        version=found.version_name,
        version_code=found.version_code,
        apk_sha256=digest,
        apk_md5=md5,
        apk_bytes=size,
        target_sdk=found.target_sdk,
        permissions=sorted(found.requested),
        entries=entries,
    )
    return app, processes, kept


def require_64_bit(device: AdbDevice, package: str) -> None:
    """Raise ``EnvironmentFault`` for an app with 32-bit processes: the hooks assume 64-bit native layouts."""
    found = device.package(package)
    abi = (found.abi if found else "") or device.props().get("ro.product.cpu.abi", "")
    if abi and not abi.endswith(("64", "64-v8a")):
        hint = "install its 64-bit variant if it has one (adb install --abi arm64-v8a), or record with --hooks none"
        raise EnvironmentFault(
            f"the app runs in 32-bit processes ({abi}), which the hooks do not support", where=package, hint=hint
        )


def own_processes(device: AdbDevice, package: str) -> Callable[[], list[tuple[int, str]]]:
    """Pid and process name of what runs under the app's UID: another app may use any name, and a copy of the app that
    belongs to another user (a work profile, a dual app) has consents of its own. Of packages that share the UID, those
    are left out whose name a process has.
    """
    found = device.package(package)
    uid = found.uid if found else -1
    mates = frozenset(device.mates(found) if found else ())

    def listed() -> list[tuple[int, str]]:
        running = [one for one in device.running() if one.uid in (-1, uid)]
        return [(one.pid, one.command) for one in running if one.command.partition(":")[0] not in mates]

    return listed


def installed(app: App, kept: bool) -> Lifecycle:
    """The log entry of an app that this session installed, or (``kept``) that was on the device with its data."""
    detail = {"version": app.version, "target_sdk": str(app.target_sdk)}
    if app.apk_sha256:
        detail["sha256"] = app.apk_sha256
    if app.permissions:
        detail["permissions"] = " ".join(app.permissions[:MAX_PERMISSIONS])
    if app.entries:
        detail["entries"] = " ".join(app.entries)
    what = DATA_KEPT if kept else "installed"
    return Lifecycle(t=now_us(), err=0, src="runner", app=app.package, what=what, cause="session", detail=detail)


def _installed(device: AdbDevice, file: Path, expected: str) -> tuple[str, list[str], list[str], bool]:
    """Install ``file``; returns its package, from its manifest or from what is new on the device, its further
    processes, its entry classes, and whether it replaced an app that keeps its data."""
    before = {item.name for item in device.packages()}
    with Scratch() as scratch:
        abis = device.props().get("ro.product.cpu.abilist", "").split(",")
        files = unpack(file, scratch.path, abis) if is_container(file) else [file]
        about = manifest(files[0])
        device.install(*files)
    after = {item.name for item in device.packages()}
    new = sorted(after - before)
    for name in (about.package, *new[:1], expected):
        if name in after:
            return name, list(about.processes), list(about.entries), name in before
    raise InputError("cannot determine which package the file holds: it was already installed", where=file.name)
