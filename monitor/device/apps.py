"""The package manager over adb: what is installed, installing, data and permissions."""

import re
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from monitor.base.errors import EnvironmentFault, InputError, read_bytes
from monitor.device import parse
from monitor.device.wire.transport import Result, Transport
from monitor.session.handset import Package

INSTALL_TIMEOUT: Final = 180.0
_MAX_APK: Final = 512 << 20
#: Each user has a range of so many UIDs.
PER_USER: Final = 100_000

#: Android 14 and later refuse apps for very old releases, unless told that it is on purpose.
_OLD_TARGET: Final = "INSTALL_FAILED_DEPRECATED_SDK_VERSION"
_BYPASS: Final = "--bypass-low-target-sdk-block"
_PACKAGE = re.compile(r"[A-Za-z][\w]*(?:\.[A-Za-z]\w*)+")
_BLOCKED = "the vendor blocks this for adb: switch on 'USB debugging (Security settings)' in the developer options"
_INSTALL_HINTS = {
    "INSTALL_FAILED_USER_RESTRICTED": "confirm the install on the device's screen",
    "INSTALL_FAILED_UPDATE_INCOMPATIBLE": "first uninstall the installed app, which has a different signer",
    "INSTALL_FAILED_VERSION_DOWNGRADE": "first uninstall the newer version",
    "INSTALL_FAILED_NO_MATCHING_ABIS": "the app has no native code for this device's processor",
    "INSTALL_FAILED_INSUFFICIENT_STORAGE": "free some space on the device",
    "INSTALL_FAILED_VERIFICATION_FAILURE": "switch off 'Verify apps over USB' in the developer options",
    "INSTALL_FAILED_ABORTED": "confirm the install on the device's screen",
}


def package_name(text: str) -> str:
    """``text`` if it is an Android package name, else ``InputError``."""
    if len(text) > 223 or not _PACKAGE.fullmatch(text):
        raise InputError("not a package name", where=text[:60])
    return text


class Apps(Transport):
    """Apps of a device. Methods raise ``EnvironmentFault`` (with the fix) when Android refuses.

    All of them are about the user in the foreground: a work profile, a vendor's dual app or another person may have
    the same app, with data, permissions and UIDs of its own, and ``pm`` means user 0 unless told otherwise.
    """

    @cached_property
    def user(self) -> int:
        """Number of the user in the foreground; determined once. 0 if the device does not tell."""
        number = self.shell(["am", "get-current-user"]).out.strip()
        return int(number) if re.fullmatch(r"\d{1,6}", number) else 0

    def packages(self, *flags: str) -> list[parse.packages.Listed]:
        """Installed packages. Without the flag ``-U`` for their UID: Android 7 does not know it."""
        line = ["pm", "list", "packages", *flags, *self._own()]
        return parse.packages.listed(self.run_ok(line, timeout=60).out)

    def added(self) -> frozenset[str]:
        """Names of the packages that are no part of the system; an app of the system that was updated is part of it."""
        return frozenset(package.name for package in self.packages("-3"))

    def package(self, name: str) -> Package | None:
        """What the package manager knows about one package, or ``None``; UID and permissions of the user's own copy."""
        text = self.shell(["dumpsys", "package", package_name(name)], timeout=60).out
        found = parse.packages.package(text, name)
        if found is not None:
            found.user = self.user
            found.uid += found.user * PER_USER if found.uid > 0 else 0
        return found

    def mates(self, found: Package) -> list[str]:
        """Other packages with the UID of this one: the kernel cannot tell their processes and traffic from its own."""
        if not found.shared:
            return []
        try:
            packages = self.packages("-U")
        except EnvironmentFault:  # Android 7 does not list UIDs: whoever they are, they may be there
            return [found.shared]
        return sorted(other.name for other in packages if other.uid == found.uid and other.name != found.name)

    def install(self, *apks: Path) -> None:
        """Install or replace an app from its file, or from a base and its splits. Grants no permission."""
        remote = f"/data/local/tmp/monitor-{int(time.time() * 1000):x}"
        places = [f"{remote}-{number}.apk" for number in range(len(apks))]
        try:
            for apk, place in zip(apks, places, strict=True):
                self.push(read_bytes(apk, _MAX_APK, "the app is too large"), place)
            result = self._installed(places)
            if _OLD_TARGET in result.text:
                result = self._installed(places, _BYPASS)
        finally:
            self.shell(["rm", "-f", *places])
        if fault := parse.packages.install_fault(result.text):
            code, detail = fault
            text = f"not installed: {code or 'failed'} {detail}".strip()
            raise EnvironmentFault(text, where=apks[0].name, hint=_INSTALL_HINTS.get(code, ""))

    def _installed(self, places: Sequence[str], *flags: str) -> Result:
        """One install of one file, or of several: all of them or none."""

        def pm(*words: str) -> Result:
            return self.shell(["pm", *words], timeout=INSTALL_TIMEOUT)

        if len(places) == 1:
            return pm("install", "-r", "-t", *flags, *places)
        created = pm("install-create", "-r", "-t", *flags)
        number = re.search(r"\[(\d{1,12})\]", created.text)
        if number is None:
            return created
        for index, place in enumerate(places):
            written = pm("install-write", number[1], f"{index}.apk", place)
            if "Success" not in written.text:
                pm("install-abandon", number[1])
                return written
        return pm("install-commit", number[1])

    def clear(self, name: str) -> None:
        """Clear the app's data and its runtime permissions, as after a fresh install."""
        result = self.run_ok(["pm", "clear", *self._own(), package_name(name)], timeout=60)
        if "Success" not in result.out:
            raise EnvironmentFault("pm clear did not succeed", where=name)

    def set_permission(self, name: str, permission: str, state: str) -> None:
        """``allow``, ``deny`` or ``unset`` a runtime permission without a dialog.

        ``unset`` also clears the flags of an earlier answer, so that the next request shows a dialog.
        """
        package_name(name)
        self.run_ok(["pm", "grant" if state == "allow" else "revoke", *self._own(), name, permission])
        if state == "unset":
            self.shell(["pm", "clear-permission-flags", *self._own(), name, permission, "user-set", "user-fixed"])

    def _own(self) -> list[str]:
        return ["--user", str(self.user)]

    def run_ok(self, argv: Sequence[str], *, timeout: float = 20.0) -> Result:
        """Run a command that must produce no error."""
        result = self.shell(argv, timeout=timeout)
        fault = parse.packages.failure(result.text)
        if fault or result.code:
            hint = _BLOCKED if "SecurityException" in fault else ""
            detail = fault or result.text.strip()[:200] or f"exit code {result.code}"
            raise EnvironmentFault(f"{' '.join(argv[:2])}: {detail}", where=self.serial, hint=hint)
        return result
