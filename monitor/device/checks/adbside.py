"""Whether the adb side can work here: adb, its server, Java, ports, a font; and a device's capabilities and answers."""

import importlib.util
import re
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import adbutils

from monitor.base.checks import Check, State, tried
from monitor.base.errors import EnvironmentFault
from monitor.base.output import folder, write_out
from monitor.base.paths import install_command
from monitor.device.adb import AdbDevice
from monitor.device.profile import profile
from monitor.device.standin import art, java
from monitor.device.wire.server import MIN_VERSION, AdbServer

_FONT_PACKAGE: Final = "manimgx_fonts_cjk"
_FONTS: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
#: What every session needs; other missing capabilities only limit what is observed.
_NEEDED: Final = frozenset({"booted"})


def check(*, standin: bool = True) -> list[Check]:
    """All checks of the host. ``standin``: whether the stand-in will run, which needs Java."""
    checks = [tried("adb", _adb), tried("adb_server", _server, needed=not standin), tried("ports", _ports)]
    if not standin:
        return checks
    checks.append(tried("java", lambda: f"Java 17 ({java().parent.parent.name})"))
    return [*checks, tried("art", art, needed=False), tried("font", _font, needed=False)]


def check_device(device: AdbDevice) -> list[Check]:
    """Properties of a connected device, and each of its capabilities with the reason. Raises ``EnvironmentFault``."""
    known = profile(device)
    about = known.device
    text = f"{about.manufacturer} {about.model}, Android {about.android} (API {about.api_level}), {about.abi}"
    checks = [Check(name="android", state="ok" if about.api_level >= 26 else "warn", detail=text, needed=False)]
    for name, (answer, reason) in sorted(known.capabilities.items()):
        bad: State = "fail" if name in _NEEDED and answer == "no" else "warn"
        state: State = "ok" if answer == "yes" else bad
        kind = "capability_open" if answer == "unknown" else "capability"
        checks.append(Check(name=kind, state=state, detail=f"{name}: {reason}", needed=name in _NEEDED))
    return checks


def _adb() -> str:
    line = [adbutils.adb_path(), "version"]
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise EnvironmentFault(f"adb does not run: {type(error).__name__}", where=line[0]) from None
    version = re.search(r"^Version ([\w.-]+)", done.stdout, re.MULTILINE)
    return f"adb {version[1] if version else 'of unknown version'}"


def _server() -> str:
    """The server on the default port; nothing is started. A session on the stand-in uses its own."""
    server = AdbServer.configured()
    if not server.listens():
        return f"none on port {server.port}: one is started when a device is named"
    version = server.version()
    if version < MIN_VERSION:
        raise EnvironmentFault(f"protocol {version}, {MIN_VERSION} or later is needed", where=f"port {server.port}")
    return f"protocol {version} on port {server.port}"


def _ports() -> str:
    """A working loopback listener, on which every part of a session depends."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(5)
            with socket.create_connection(listener.getsockname(), 5):
                listener.accept()[0].close()
    except OSError as error:
        raise EnvironmentFault(f"no connection on 127.0.0.1: {error.strerror or type(error).__name__}") from None
    return "127.0.0.1 listens and connects"


def _font() -> str:
    """A font with Chinese glyphs for the stand-in's screenshots: from the package, otherwise the system's."""
    if importlib.util.find_spec(_FONT_PACKAGE) is not None:
        return _FONT_PACKAGE.replace("_", "-")
    found = next((path for path in map(Path, _FONTS) if path.is_file()), None)
    if found is None:
        raise EnvironmentFault("no font with Chinese glyphs", hint=install_command("standin"))
    return found.name


def save(outputs: Mapping[str, str], directory: Path) -> int:
    """Write raw output, one file per command; returns the number of files. Raises ``EnvironmentFault``."""
    try:
        folder(directory, empty=False)
        for name, text in outputs.items():
            write_out(directory / f"{name}.txt", text.encode())
    except OSError as error:
        raise EnvironmentFault(error.strerror or "cannot be written", where=str(directory)) from None
    return len(outputs)
