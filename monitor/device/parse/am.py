"""What ``am start``, ``pm`` and ``cmd`` say, above all when they fail: exit codes alone cannot be trusted."""

import re
from typing import NamedTuple

_START = re.compile(r"^\s*Status: |Starting:", re.MULTILINE)
_FAILURE = re.compile(r"Failure\s*\[([A-Z_0-9]+)(?::\s*(.*?))?\]\s*$", re.MULTILINE | re.DOTALL)
_EXCEPTION = re.compile(
    r"^\s*(?:Error ?: |Security exception: |Exception occurred while executing[^\n]*\n\s*)?"
    r"((?:java|android)\.[\w.$]*(?:Exception|Error))(?::\s*([^\n]*))?",
    re.MULTILINE,
)
_SECURITY = re.compile(r"^\s*Security exception: ([^\n]*)", re.MULTILINE)
_ERROR = re.compile(r"^\s*Error ?: (?!java\.)([^\n]*)|^\s*(Error type \d+)\s*$", re.MULTILINE)
_KNOWN = (
    "Failed", "Unknown command", "inaccessible or not found", "not found", "Permission denied", "Unknown package"
)  # fmt: skip


class Started(NamedTuple):
    """Outcome of ``am start``. ``ok`` is also true for ``Status: timeout``: the app may well have started."""

    ok: bool
    error: str


def started(text: str) -> Started:
    """``am start [-W] [-D] …`` of any version; the caller still checks that a process came."""
    error = failure(text)
    return Started(not error and _START.search(text) is not None, error)


class Install(NamedTuple):
    """Outcome of an install or uninstall: ``code`` is Android's word (``INSTALL_FAILED_…``), empty on success."""

    ok: bool
    code: str = ""
    detail: str = ""


def install(text: str) -> Install:
    """``pm install``, ``pm uninstall`` and ``adb install``: the last result in the text counts."""
    text = re.sub(r"\r", "", text)
    failures = list(_FAILURE.finditer(text))
    success = [match.end() for match in re.finditer(r"^\s*Success\s*$", text, re.MULTILINE)]
    if failures and (not success or failures[-1].end() > success[-1]):
        return Install(False, failures[-1][1], " ".join((failures[-1][2] or "").split()))
    if success:
        return Install(True)
    return Install(False, "", failure(text) or "no answer from the package manager")


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
    return next((line.strip() for line in text.splitlines() if any(word in line for word in _KNOWN)), "")
