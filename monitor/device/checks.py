"""Whether the adb side can work here (adb, its server, Java, ports, a font), a device's capabilities, and every parser
on the device's current output, to detect an unknown format before a session.

What the parsers saw can be saved as one file that its user can send. In that, what identifies the device or a person is
replaced (``redaction.yaml``), keeping its shape, and besides: every value that the device itself names as its identity,
the names of apps that are not the system's, what screens and logs say.
"""

import importlib.util
import re
import socket
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import adbutils

from monitor.base import output, paths, yamlfile
from monitor.base.checks import Check, State, tried
from monitor.base.errors import EnvironmentFault, writing
from monitor.device import adb, parse
from monitor.device.profile import profile
from monitor.device.standin import art, java
from monitor.device.wire.server import AdbServer

_FONT_PACKAGE: Final = "manimgx_fonts_cjk"
_FONTS: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)
#: What every session needs; other missing capabilities only limit what is observed.
_NEEDED: Final = frozenset({"booted"})
TABLE: Final = "selftest.tsv"
_REDACTION: Final[Any] = yamlfile.load(Path(__file__).with_name("redaction.yaml"))
_KEYS = re.compile(_REDACTION["keys"], re.IGNORECASE)
_PATTERNS: Final = [re.compile(pattern) for pattern in _REDACTION["patterns"].values()]
_KIND = re.compile(_REDACTION["kind"])
#: Addresses in the kernel's tables of sockets: hexadecimal, IPv4 or IPv6, with the port.
_ADDRESS = re.compile(r"(?<![0-9A-F])([0-9A-F]{32}|[0-9A-F]{8})(:[0-9A-F]{4})(?![0-9A-F])")
_LOCAL = re.compile(r"0+|0100007F|0{16}(?:0000FFFF|FFFF0000)0100007F|0{24}01000000")
_PLAIN = re.compile(r"(?:-?\d{1,6}(?:\.\d{1,6})?|null|true|false|)")
_PROPERTY = re.compile(r"^\[([^\]\n]+)\]: \[([^\]]*)\]", re.MULTILINE)
_LOG = re.compile(r"^(\s*\d[\d.:\s-]*\S*\s+.*?\s[VDIWEF]\s+)([^:\n]{1,80}?)(\s*: )(.*)$", re.MULTILINE)
_SCREEN = re.compile(r'\b(text|content-desc|hint)="([^"]*)"')


def check(*, standin: bool = True) -> list[Check]:
    """All checks of the host. ``standin``: whether the stand-in will run, which needs Java."""
    checks = [tried("adb", _adb), tried("adb_server", _server, needed=not standin), tried("ports", _ports)]
    if not standin:
        return checks
    checks.append(tried("java", lambda: f"Java 17 ({java().parent.parent.name})"))
    return [*checks, tried("art", art, needed=False), tried("font", _font, needed=False)]


def check_device(device: adb.AdbDevice) -> list[Check]:
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
        done = subprocess.run(
            line,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=20,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EnvironmentFault(f"adb does not run: {type(error).__name__}", where=line[0]) from None
    version = re.search(r"^Version ([\w.-]+)", done.stdout, re.MULTILINE)
    return f"adb {version[1] if version else 'of unknown version'}"


def _server() -> str:
    """The server on the default port; nothing is started. A session on the stand-in uses its own."""
    server = AdbServer.configured()
    if not server.listens():
        return f"none on port {server.port}: one is started when a device is named"
    return f"protocol {server.require_version()} on port {server.port}"


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
    for path in map(Path, _FONTS):
        if path.is_file():
            return path.name
    raise EnvironmentFault("no font with Chinese glyphs", hint=paths.install_command("standin"))


class Probe(NamedTuple):
    """A command, and how many items its parser finds in the output. ``least``: fewer means an unknown format."""

    name: str
    argv: list[str]
    count: Callable[[str], int]
    least: int = 1


def _parsed(parser: Callable[[str], object]) -> Callable[[str], int]:
    return lambda text: sum(parser(line) is not None for line in text.splitlines())


#: The log as text, which can be redacted and read through; a session reads it in binary (capability ``log_events``).
_TEXT: Final = ["-v", "threadtime", "-v", "epoch", "-v", "uid"]
#: Read only; every other command is one that a session uses.
PROBES: Final = (
    Probe("getprop", ["getprop"], lambda text: len(parse.system.getprop(text)), 5),
    Probe("date", ["sh", "-c", "date +%s.%N; echo $EPOCHREALTIME"], _parsed(parse.system.date_us)),
    Probe("pm_list", ["pm", "list", "packages"], lambda text: len(parse.packages.listed(text))),
    Probe("dumpsys_window", ["dumpsys", "window"], lambda text: int(parse.screen.focused(text) is not None), 0),
    Probe("dumpsys_activities", ["dumpsys", "activity", "activities"], lambda t: len(parse.screen.resumed(t)), 0),
    Probe("ps", ["ps", "-A"], lambda text: len(parse.system.ps(text))),
    Probe("proc_net_tcp6", ["cat", "/proc/net/tcp6"], lambda text: len(parse.system.sockets(text)), 0),
    Probe("event_log_tags", ["cat", "/dev/event-log-tags"], lambda text: len(parse.log.schema(text)), 0),
    Probe("logcat_main", ["logcat", "-d", "-t", "50", *_TEXT], _parsed(parse.log.line), 0),
    Probe("logcat_events", ["logcat", "-b", "events", "-d", "-t", "50", *_TEXT], _parsed(parse.log.line), 0),
)


def run_parsers(device: adb.AdbDevice) -> tuple[list[Check], dict[str, str]]:
    """One check per parser, and the raw output of each command by name (may contain personal values)."""
    checks, outputs = [], dict.fromkeys([*(probe.name for probe in PROBES), "uiautomator_dump"], "")
    for probe in PROBES:
        try:
            result = device.shell(probe.argv, timeout=60)
        except EnvironmentFault as fault:
            checks.append(_read(probe.name, fault.message))
            continue
        outputs[probe.name] = result.text if result.code else result.out
        why = (result.text.strip().splitlines() or ["no output"])[0][:160]
        found = f"exit code {result.code}: {why}" if result.code else probe.count(result.out)
        checks.append(_read(probe.name, found, probe.least))
    try:
        nodes, raw = device.ui()
        outputs["uiautomator_dump"] = raw.decode("utf-8", "replace")
        checks.append(_read("uiautomator_dump", len(nodes), 1))
    except EnvironmentFault as fault:
        checks.append(_read("uiautomator_dump", fault.message))
    return checks, outputs


def _read(name: str, found: int | str, least: int = 0) -> Check:
    """``found``: how many items the parser found, or why there is no output."""
    if isinstance(found, str):
        return Check(name="parser", state="warn", detail=f"{name}: {found}", needed=False)
    if found < least:
        return Check(name="parser", state="fail", detail=f"{name}: nothing could be read from the answer")
    return Check(name="parser", state="ok", detail=f"{name}: {found or 'nothing present now, 0'} read")


def write_sendable(file: Path, device: adb.AdbDevice, outputs: Mapping[str, str], checks: Sequence[Check]) -> str:
    """Write the outputs that became samples, and the table, as a zip; returns what it holds. Raises ``InputError`` if
    it exists, ``EnvironmentFault`` if it cannot be written."""
    identity = _identity(device, outputs)
    cleaned = {name: _clean(name, text, identity) for name, text in outputs.items()}
    spoilt = spoilt_samples(outputs, cleaned)
    rows = ((check.name, check.state, check.detail.replace("\t", " ").replace("\n", " ")) for check in checks)
    table = "".join("\t".join(row) + "\n" for row in rows)
    with writing(file), zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TABLE, _clean(TABLE, table, identity))
        for name, text in cleaned.items():
            if name not in spoilt:
                archive.writestr(f"{name}.txt", text)
    count = len(cleaned) - len(spoilt)
    return f"{file.name}: {count} outputs and this table, without identifiers; look through it first"


def spoilt_samples(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Names of outputs that their parser reads differently after redaction: these are useless as samples."""
    counts = {probe.name: probe.count for probe in PROBES if probe.name in before}
    return [name for name, count in counts.items() if count(before[name]) != count(after[name])]


def scrubbed(text: str) -> str:
    """The text with identifiers replaced character by character, keeping their shape: digits by 0, letters by x."""
    text = _ADDRESS.sub(lambda m: m[0] if _LOCAL.fullmatch(m[1]) else re.sub(r"[1-9A-F]", "0", m[1]) + m[2], text)
    text = _KEYS.sub(lambda m: m["head"] + _shape(m["value"]), text)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda m: _shape(m[0]), text)
    return text


def _shape(value: str) -> str:
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "0", value))


def _identity(device: adb.AdbDevice, outputs: Mapping[str, str]) -> list[str]:
    """Values that must not be in the file: the device's own numbers and names, apps beside the system's, this host's
    user. Longest first."""
    props = parse.system.getprop(outputs.get("getprop", ""))
    apps = [app.name for app in parse.packages.listed(outputs.get("pm_list", ""))]
    settings = {key: device.setting(space, key) or "" for space, key in _REDACTION["own_settings"]}
    found = {device.serial, Path.home().name, *settings.values(), settings["http_proxy"].rpartition(":")[0]}
    found |= {props.get(key, "") for key in _REDACTION["own_properties"]}
    found |= {app for app in apps if not app.startswith(tuple(_REDACTION["system_packages"]))}
    return sorted((value for value in found if len(value) > 3 and value != "root"), key=len, reverse=True)


def _clean(name: str, text: str, identity: Iterable[str]) -> str:
    """An output without identifiers, in its shape. ``identity``: values to replace wherever they are."""
    for value in identity:
        text = re.sub(rf"(?<![\w]){re.escape(value)}(?![\w])", _shape(value), text)
    if name == "getprop":
        text = _PROPERTY.sub(
            lambda m: m[0] if _KIND.fullmatch(m[1]) or _PLAIN.fullmatch(m[2]) else f"[{m[1]}]: [{_shape(m[2])}]", text
        )
    elif name.startswith("logcat"):
        tags = tuple(_REDACTION["system_tags"])
        text = _LOG.sub(lambda m: m[0] if m[2].strip().startswith(tags) else f"{m[1]}{m[2]}{m[3]}{_shape(m[4])}", text)
    elif name == "uiautomator_dump":
        text = _SCREEN.sub(lambda m: f'{m[1]}="{_shape(m[2])}"', text)
    return scrubbed(text)


def save(outputs: Mapping[str, str], directory: Path) -> int:
    """Write raw output, one file per command; returns the number of files. Raises ``MonitorError``."""
    output.folder(directory, empty=False)
    for name, text in outputs.items():
        output.write_out(directory / f"{name}.txt", text.encode())
    return len(outputs)
