"""``pm list packages`` and ``dumpsys package`` of Android 7 to 17."""

import re
from typing import NamedTuple

from monitor.session.handset import Grant, Package

#: Names of the flag bits that ``dumpsys package`` prints as a bare number when it does not know them.
FLAG_BITS = {524288: "SELECTED_LOCATION_ACCURACY", 65536: "ONE_TIME", 131072: "AUTO_REVOKED"}

_HEADER = re.compile(r"^\s*Package \[([^\]]{1,256})\] \(")
_USER = re.compile(r"^(\s*)User (\d{1,6}):")
_SECTION = re.compile(r"^(\s*)([a-zA-Z][A-Za-z ]{2,40}):\s*$")
_GRANT = re.compile(r"^\s*([\w.$]{1,256}): granted=(true|false)(?:, flags=\[\s*([^\]]*?)\s*\])?")
_REQUESTED = re.compile(r"^\s*([\w.$]{1,256})(?:: restricted=true)?\s*$")
_UID = re.compile(r"^\s*(?:userId|appId)=(\d{1,9})\b")
_SHARED = re.compile(r"^\s*sharedUser=SharedUserSetting\{\S+ ([\w.]{1,256})/")
_VERSION = re.compile(r"^\s*versionCode=(\d{1,18})(?: minSdk=\d{1,6})?(?: targetSdk=(\d{1,6}))?")
_PAIR = re.compile(r"^\s*(versionName|primaryCpuAbi)=(.*?)\s*$")


class Listed(NamedTuple):
    """A line of ``pm list packages``."""

    name: str
    uid: int | None = None


def listed(text: str) -> list[Listed]:
    """``pm list packages [-U] [-f] [-3]``; other lines are skipped."""
    found = []
    for line in text.splitlines():
        if not line.startswith("package:"):
            continue
        body, _, uid = line.removeprefix("package:").strip().partition(" uid:")
        name = body.rpartition("=")[2]
        first = uid.split(",")[0].strip()
        found.append(Listed(name, int(first) if first.isdigit() else None))
    return found


def packages(text: str) -> list[Package]:
    """Every ``Package [..]`` block of ``dumpsys package``.

    A block truncated above its heading has an empty name.
    """
    found: list[Package] = []
    current = Package("")
    section, user = "", 0
    for line in text.replace("\r", "").split("\n"):
        if match := _HEADER.match(line):
            current = Package(match[1])
            found.append(current)
            section, user = "", 0
        elif line and not line[0].isspace() and not line.startswith("Packages:"):
            section = ""  # Queries:, Hidden system packages:, Permissions: … at the margin
            if line.startswith(("Hidden system packages", "Shared users")):
                current = Package("")
        elif match := _USER.match(line):
            section, user = "", int(match[2])
            current.runtime.setdefault(user, {})
        elif match := _SECTION.match(line):
            section = match[2]
        else:
            _fill(current, section, user, line)
            if not found and (current.requested or current.install):
                found.append(current)
    return found


def package(text: str, name: str) -> Package | None:
    """The block of one package, or ``None`` (``Unable to find package: …``)."""
    return next((p for p in packages(text) if p.name == name), None)


def _fill(current: Package, section: str, user: int, line: str) -> None:
    """One line inside a block."""
    if section == "requested permissions":
        if match := _REQUESTED.match(line):
            current.requested.append(match[1])
    elif section in ("install permissions", "runtime permissions"):
        if match := _GRANT.match(line):
            target = current.install if section[0] == "i" else current.runtime.setdefault(user, {})
            target[match[1]] = Grant(match[2] == "true", _flags(match[3] or ""))
    elif not section:
        _head(current, line)


def _head(current: Package, line: str) -> None:
    if match := _UID.match(line):
        current.uid = int(match[1])
    elif match := _SHARED.match(line):
        current.shared = match[1]
    elif match := _VERSION.match(line):
        current.version_code, current.target_sdk = (int(part or 0) for part in match.groups())
    elif match := _PAIR.match(line):
        value = "" if match[2] == "null" else match[2]
        if match[1] == "versionName":
            current.version_name = value
        else:
            current.abi = value


def _flags(text: str) -> frozenset[str]:
    words = (word.strip() for word in text.split("|"))
    return frozenset(FLAG_BITS.get(int(word), word) if word.isdigit() else word for word in words if word)
