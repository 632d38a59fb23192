"""Puts the device together: state, app layer, shell commands, adb daemon."""

import hashlib
import importlib.util
import re
import warnings
from functools import cache
from pathlib import Path

from emulator.standin.adb.adbd import Adbd
from emulator.standin.adb.services import Services, banner
from emulator.standin.apps.appside import AppSide
from emulator.standin.apps.runtimes import Runtime
from emulator.standin.files import namespaces
from emulator.standin.files.proc import ProcFiles
from emulator.standin.files.vfs import Vfs
from emulator.standin.shell.run import SHELL_UID, Shell
from emulator.standin.state.device import DeviceState

from .commands import COMMANDS

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.S)


class Device:
    """One stand-in device. `start` opens its ports, `close` ends everything it started."""

    def __init__(self, state: DeviceState, apps: AppSide | None = None, runtime: Runtime | None = None) -> None:
        self.state = state
        self._runtime = runtime or Runtime()
        self._apps = apps
        self.services = Services(self)
        self.adbd = Adbd(lambda: banner(state.props), self.services.open)
        state.fs.virtual = ProcFiles(state).read
        namespaces.begin(state)
        _lay_files(state)

    async def start(self, port: int = 0) -> int:
        """Starts the app layer, then the adb port (so that nothing connects too early). The port."""
        if self._apps is None:
            self._apps = AppSide(self.state, self._runtime)
        self.state.app = self._apps
        await self._apps.begin()
        return await self.adbd.start(port)

    async def close(self) -> None:
        await self.adbd.close()
        await self.services.close()
        if self._apps:
            await self._apps.close()
        self.state.truth.close()

    def shell(self) -> Shell:
        """A new shell of adbd: root's, or that of the shell user."""
        return Shell(self.state, COMMANDS, uid=0 if self.state.traits.root else SHELL_UID)


def _lay_files(state: DeviceState) -> None:
    """Files that are there from the start: properties, event tags, media."""
    fs = state.fs
    lines = [f"{k}={v}" for k, v in sorted(state.props.items()) if k.startswith("ro.")]
    fs.write("/system/build.prop", ("\n".join(lines) + "\n").encode())
    tags = (Path(__file__).parent / "state" / "event-log-tags").read_bytes()
    fs.write("/system/etc/event-log-tags", tags)
    fs.write("/dev/event-log-tags", tags)
    _seed(fs, "/system/etc/security/cacerts")
    if state.sdk >= 34:
        fs.host("/apex/com.android.conscrypt/cacerts").mkdir(parents=True, exist_ok=True)
        _seed(fs, "/apex/com.android.conscrypt/cacerts")
    for item in state.data.get("media", []):
        path = str(item.get("path", ""))
        if path.startswith("/storage/emulated/0/") and not fs.exists(path):
            fs.host(path).parent.mkdir(parents=True, exist_ok=True)
            fs.write(path, f"stand-in media {item.get('name', '')}\n".encode())
    for package in state.packages.values():
        if not package.system:
            fs.host(package.data_dir).mkdir(parents=True, exist_ok=True)
            fs.set_meta(package.data_dir, uid=package.uid, gid=package.uid, mode=0o700)


def _seed(fs: Vfs, store: str) -> int:
    """Writes the certificates of the installed `certifi` package; how many. None are needed for a session."""
    where = fs.host(store)
    for name, text in _certificates().items():
        (where / name).write_text(text, "ascii")
    return len(_certificates())


@cache
def _certificates() -> dict[str, str]:
    """File name to PEM; none, if they are not installed."""
    spec = importlib.util.find_spec("certifi")
    bundle = Path(spec.origin).parent / "cacert.pem" if spec and spec.origin else None
    if bundle is None or not bundle.exists() or importlib.util.find_spec("cryptography") is None:
        return {}
    from cryptography import x509

    found: dict[str, str] = {}
    for match in _PEM.finditer(bundle.read_text("utf-8")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a few old roots have serial numbers that are not positive
            subject = x509.load_pem_x509_certificate(match.group(0).encode()).subject.public_bytes()
        name = int.from_bytes(hashlib.md5(subject, usedforsecurity=False).digest()[:4], "little")
        number = 0
        while f"{name:08x}.{number}" in found:
            number += 1
        found[f"{name:08x}.{number}"] = match.group(0)
    return found
