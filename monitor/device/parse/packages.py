"""What the package and activity managers say: ``pm``, ``dumpsys package`` of Android 7 to 17, ``am start``, ``cmd``.
Above all when they fail, as exit codes alone cannot be trusted."""

import re
from typing import Any, Final, NamedTuple

from monitor.session.handset import Grant, Package

#: Names of the flag bits that ``dumpsys package`` prints as a bare number when it does not know them.
FLAG_BITS = {524288: "SELECTED_LOCATION_ACCURACY", 65536: "ONE_TIME", 131072: "AUTO_REVOKED"}

#: Where a block ends, and what stands at the margin within it: Queries:, Permissions: …
_END = re.compile(r"\s*Package \[[^\]]{1,256}\] \(|Hidden system packages|Shared users")
_MARGIN = re.compile(r"(?!Packages:)\S")
_USER = re.compile(r"\s*User (\d{1,6}):")
_SECTION = re.compile(r"\s*([a-zA-Z][A-Za-z ]{2,40}):\s*$")
_GRANT = re.compile(r"\s*([\w.$]{1,256}): granted=(true|false)(?:, flags=\[\s*([^\]]*?)\s*\])?")
_REQUESTED = re.compile(r"\s*([\w.$]{1,256})(?:: restricted=true)?\s*$")
#: Lines of a block's head, and the fields of ``Package`` that they fill.
_HEAD: Final[list[Any]] = [
    (re.compile(r"\s*(?:userId|appId)=(\d{1,9})\b"), ("uid", int)),
    (re.compile(r"\s*sharedUser=SharedUserSetting\{\S+ ([\w.]{1,256})/"), ("shared", str)),
    (re.compile(r"\s*versionCode=(\d{1,18})(?: minSdk=\d{1,6})?(?: targetSdk=(\d{1,6}))?"),
     ("version_code", int), ("target_sdk", int)),
    (re.compile(r"\s*versionName=(.*?)\s*$"), ("version_name", str)),
    (re.compile(r"\s*primaryCpuAbi=(.*?)\s*$"), ("abi", str)),
]  # fmt: skip

_START = re.compile(r"^\s*Status: |Starting:", re.MULTILINE)
_SUCCESS = re.compile(r"^\s*Success\s*$", re.MULTILINE)
_FAILURE = re.compile(r"Failure\s*\[([A-Z_0-9]+)(?::\s*(.*?))?\]\s*$", re.MULTILINE | re.DOTALL)
_EXCEPTION = re.compile(
    r"^\s*(?:Error ?: |Security exception: |Exception occurred while executing[^\n]*\n\s*)?"
    r"((?:java|android)\.[\w.$]*(?:Exception|Error))(?::\s*([^\n]*))?",
    re.MULTILINE,
)
_SECURITY = re.compile(r"^\s*Security exception: ([^\n]*)", re.MULTILINE)
_ERROR = re.compile(r"^\s*Error ?: (?!java\.)([^\n]*)|^\s*(Error type \d+)\s*$", re.MULTILINE)
_KNOWN = re.compile("Failed|Unknown command|not found|Permission denied|Unknown package")


class Listed(NamedTuple):
    """A line of ``pm list packages``."""

    name: str
    uid: int | None = None


def listed(text: str) -> list[Listed]:
    """``pm list packages [-U] [-f] [-3]``; other lines are skipped."""
    found = []
    for line in text.splitlines():
        if line.startswith("package:"):
            body, _, uids = line.removeprefix("package:").strip().partition(" uid:")
            uid = uids.split(",")[0].strip()
            found.append(Listed(body.rpartition("=")[2], int(uid) if uid.isdigit() else None))
    return found


def package(text: str, name: str) -> Package | None:
    """The block of one package in ``dumpsys package``, or ``None`` (``Unable to find package: …``)."""
    lines = iter(text.replace("\r", "").split("\n"))
    if not any(line.lstrip().startswith(f"Package [{name}] (") for line in lines):
        return None
    found = Package(name)
    section, user = "", 0
    for line in lines:
        if _END.match(line):
            break
        if _MARGIN.match(line):
            section = ""
        elif match := _USER.match(line):
            section, user = "", int(match[1])
            found.runtime.setdefault(user, {})
        elif match := _SECTION.match(line):
            section = match[1]
        elif section == "requested permissions" and (match := _REQUESTED.match(line)):
            found.requested.append(match[1])
        elif section in ("install permissions", "runtime permissions") and (match := _GRANT.match(line)):
            target = found.install if section[0] == "i" else found.runtime.setdefault(user, {})
            target[match[1]] = Grant(match[2] == "true", _flags(match[3] or ""))
        elif not section:
            _fill(found, line)
    return found


def _fill(found: Package, line: str) -> None:
    """A line of a block's head."""
    for pattern, *fields in _HEAD:
        if match := pattern.match(line):
            for (field, kind), text in zip(fields, match.groups(), strict=True):
                setattr(found, field, int(text or 0) if kind is int else "" if text == "null" else text)


def _flags(text: str) -> frozenset[str]:
    words = (word.strip() for word in text.split("|"))
    return frozenset(FLAG_BITS.get(int(word), word) if word.isdigit() else word for word in words if word)


def start_fault(text: str) -> str:
    """Why ``am start [-W] [-D] …`` of any version failed, empty if it did not. ``Status: timeout`` is no failure: the
    app may well have started, and the caller still checks that a process came."""
    return failure(text) or ("" if _START.search(text) else "failed")


def install_fault(text: str) -> tuple[str, str] | None:
    """Why ``pm install``, ``pm uninstall`` or ``adb install`` failed: Android's word (``INSTALL_FAILED_…``, may be
    empty) and the detail; ``None`` on success. The last result in the text counts."""
    text = text.replace("\r", "")
    failures, successes = list(_FAILURE.finditer(text)), list(_SUCCESS.finditer(text))
    if failures and (not successes or failures[-1].end() > successes[-1].end()):
        return failures[-1][1], " ".join((failures[-1][2] or "").split())
    return None if successes else ("", failure(text) or "no answer from the package manager")


def failure(text: str) -> str:
    """The fault in a command's output as one line, or an empty text if there is none.

    Knows the three forms of exceptions (``Error: java…`` up to 8, ``Security exception:`` of 8 to 10, ``Exception
    occurred while executing`` from 11), a bare exception and ``Error: …``. ``Warning:`` is none.
    """
    if match := _SECURITY.search(text):
        return f"SecurityException: {match[1].strip()}"
    if match := _EXCEPTION.search(text):
        return f"{match[1].rpartition('.')[2]}: {(match[2] or '').strip()}".rstrip(": ")
    errors = [part for match in _ERROR.finditer(text) for part in match.groups() if part]
    if errors:
        return errors[-1].strip()
    if match := _FAILURE.search(text):
        return " ".join(f"{match[1]} {match[2] or ''}".split())
    return next((line.strip() for line in text.splitlines() if _KNOWN.search(line)), "")
