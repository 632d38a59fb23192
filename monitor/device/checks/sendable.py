"""What the self-test saw, as one file that its user can send: outputs that become samples, and the table.

What identifies a device or a person is replaced as in samples, and besides: every value that the device itself names as
its identity, the names of apps that are not the system's, what screens and logs say.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from monitor.base.checks import Check
from monitor.base.errors import EnvironmentFault, InputError
from monitor.device import parse
from monitor.device.adb import AdbDevice
from monitor.device.checks.fixtures import scrubbed, shape, spoilt

#: Properties that say what kind of device this is, and nothing about which one.
_KIND = re.compile(
    r"ro\.(?!.*(?:serial|mac|imei|uuid))(?:build|product|hardware|board|zygote|debuggable|secure|adb|vndk|treble|standin"
    r"|com\.google|miui|system|vendor\.build|vendor\.product|kernel\.qemu|boot\.qemu|hw_timeout)[\w.]*"
    r"|init\.svc\.[\w.-]+|sys\.boot_completed|dalvik\.vm\.[\w.-]+|persist\.sys\.(?:locale|timezone)"
)
_PLAIN = re.compile(r"(?:-?\d{1,6}(?:\.\d{1,6})?|null|true|false|)")
#: Packages of the system, whose names say nothing about who uses it.
_SYSTEM = ("android", "com.android.", "com.google.android.", "com.lbe.security.miui", "com.qualcomm.", "com.mediatek.")
_LOG = re.compile(r"^(\s*\d[\d.:\s-]*\S*\s+.*?\s[VDIWEF]\s+)([^:\n]{1,80}?)(\s*: )(.*)$", re.MULTILINE)
_TOLD = ("GrantPermissions", "am_", "wm_")
_SCREEN = re.compile(r'\b(text|content-desc|hint)="([^"]*)"')
_WHO: Final = ("ro.serialno", "ro.boot.serialno", "net.hostname", "net.dns1", "net.dns2")
_NAMES: Final = (("global", "device_name"), ("secure", "android_id"), ("secure", "bluetooth_name"),
                 ("secure", "bluetooth_address"), ("global", "http_proxy"))  # fmt: skip
TABLE: Final = "selftest.tsv"


def write(file: Path, device: AdbDevice, outputs: Mapping[str, str], checks: Sequence[Check]) -> str:
    """Write the file (a zip); returns what it holds. Raises ``InputError`` if it exists, ``EnvironmentFault`` if it
    cannot be written."""
    known = identity(outputs, _told(device))
    cleaned = {name: clean(name, text, known) for name, text in outputs.items()}
    bad = spoilt(outputs, cleaned)
    table = "".join(f"{check.name}\t{check.state}\t{_flat(check.detail)}\n" for check in checks)
    try:
        with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(TABLE, clean(TABLE, table, known))
            for name, text in cleaned.items():
                if name not in bad:
                    archive.writestr(f"{name}.txt", text)
    except FileExistsError:
        raise InputError("the file exists already", where=str(file)) from None
    except OSError as error:
        raise EnvironmentFault(error.strerror or "cannot be written", where=str(file)) from None
    return f"{file.name}: {len(cleaned) - len(bad)} outputs and this table, without identifiers; look through it first"


def identity(outputs: Mapping[str, str], settings: Iterable[str] = ()) -> list[str]:
    """Values that must not be in the file: the device's own numbers and names (``settings`` too), apps beside the
    system's, this host's user. Longest first."""
    props = parse.props.getprop(outputs.get("getprop", ""))
    found = {*settings, *(props.get(key, "") for key in _WHO), Path.home().name}
    found |= {
        item.name for item in parse.package.listed(outputs.get("pm_list", "")) if not item.name.startswith(_SYSTEM)
    }
    return sorted((value for value in found if len(value) > 3 and value != "root"), key=len, reverse=True)


def _told(device: AdbDevice) -> Iterator[str]:
    """What the device says of itself in its settings, and its serial."""
    yield device.serial
    for space, key in _NAMES:
        value = device.setting(space, key) or ""
        yield value
        yield value.rpartition(":")[0] if key == "http_proxy" else ""


def clean(name: str, text: str, known: Iterable[str]) -> str:
    """An output without identifiers, in its shape. ``known``: values to replace wherever they are."""
    for value in known:
        text = re.sub(rf"(?<![\w]){re.escape(value)}(?![\w])", shape(value), text)
    if name == "getprop":
        text = re.sub(r"^\[([^\]\n]+)\]: \[([^\]]*)\]", _prop, text, flags=re.MULTILINE)
    elif name == "settings_list":
        text = re.sub(r"^([\w.-]+)=(.*)$", _setting, text, flags=re.MULTILINE)
    elif name.startswith("logcat"):
        text = _LOG.sub(_said, text)
    elif name == "uiautomator_dump":
        text = _SCREEN.sub(lambda m: f'{m[1]}="{shape(m[2])}"', text)
    return scrubbed(text)


def _prop(found: re.Match[str]) -> str:
    value = found[2] if _KIND.fullmatch(found[1]) or _PLAIN.fullmatch(found[2]) else shape(found[2])
    return f"[{found[1]}]: [{value}]"


def _setting(found: re.Match[str]) -> str:
    return f"{found[1]}={found[2] if _PLAIN.fullmatch(found[2]) else shape(found[2])}"


def _said(found: re.Match[str]) -> str:
    told = found[2].strip().startswith(_TOLD)
    return found[0] if told else f"{found[1]}{found[2]}{found[3]}{shape(found[4])}"


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")
