"""Install the user's own frida-server on a device and start it, under a random name and on any port."""

import hashlib
import secrets
import string
from pathlib import Path
from typing import Final

from monitor.base.clock import wait_for
from monitor.base.errors import EnvironmentFault, InputError, read_bytes
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.changes.undo import Change

MAX_BYTES: Final = 256 * 1024 * 1024
START_S: Final = 15.0
_BOOT_S: Final = 120.0
#: How long zygote is watched after the start: its injected code may fail a moment later.
SETTLE_S: Final = 3.0
FIRST: Final = "monitor device prepare SERIAL --frida-server FILE --frida-first starts it before Android's own zygote"
_ELF: Final = b"\x7fELF"
#: e_machine of an ELF file to the ABI it runs on.
_MACHINES: Final = {3: "x86", 40: "armeabi-v7a", 62: "x86_64", 183: "arm64-v8a"}


def read(file: Path, sha256: str, abi: str) -> bytes:
    """The program, checked: its digest if one is given, and that it is built for the ABI ``abi``.

    Raises ``InputError``.
    """
    data = read_bytes(file, MAX_BYTES, f"larger than {MAX_BYTES} bytes")
    digest = hashlib.sha256(data).hexdigest()
    if sha256 and digest != sha256.lower():
        hint = "download it again, or give the correct digest"
        raise InputError(f"its SHA-256 is {digest}", where=str(file), hint=hint)
    if not data.startswith(_ELF) or len(data) < 20:
        raise InputError("not a program", where=str(file), hint="unpack the .xz file of Frida's releases first")
    built = _MACHINES.get(int.from_bytes(data[18:20], "little"), "a different processor")
    if built != abi:
        raise InputError(f"made for {built}, the device is {abi}", where=str(file), hint=f"take the one for {abi}")
    return data


def start(device: AdbDevice, data: bytes, port: int, journal: Journal, *, first: bool = False) -> str:
    """Push and start it as root; returns its path. It runs until ``monitor device restore``.

    ``first``: Android's framework is stopped for it and started again afterwards; every app ends. Raises
    ``EnvironmentFault`` if it does not listen on ``port`` in time, or if zygote died of it.
    """
    name = "".join(secrets.choice(string.ascii_lowercase) for _ in range(9))
    path = f"/data/local/tmp/{name}"
    journal.note(Change("frida-server", "root", path, ("frida_server", name)))
    device.push(data, path, mode=0o755)
    before = zygotes(device)
    if first:
        return _before_zygote(device, path, name, port, journal)
    _listening(device, path, port)
    if fault := wait_for(lambda: zygote_fault(before, zygotes(device)), SETTLE_S):
        raise EnvironmentFault(f"{fault} when frida-server was started", where=device.serial, hint=FIRST)
    return path


def zygotes(device: AdbDevice) -> list[int]:
    """Pids of the processes that apps come from."""
    return sorted(device.pids("zygote64") + device.pids("zygote"))


def zygote_fault(before: list[int], now: list[int]) -> str:
    """What became of zygote, empty if it lives: with it every app ends, and what was bound in its namespace is gone."""
    was, present = (", ".join(map(str, pids)) or "none" for pids in (before, now))
    return "" if now == before else f"zygote died (process {was}, now {present})"


def _before_zygote(device: AdbDevice, path: str, name: str, port: int, journal: Journal) -> str:
    """Stop Android, start frida-server, start Android: what is there first survives it on devices where Frida kills a
    running zygote."""
    journal.note(Change("Android stopped for frida-server", "root", "stop", ("framework",)))
    stopped = device.as_root("stop")
    if stopped.code:
        raise EnvironmentFault(f"Android cannot be stopped: {stopped.text.strip()[:100]}", where=device.serial)
    try:
        _listening(device, path, port)
    finally:
        device.as_root("start")
    if not wait_for(lambda: zygotes(device) and device.pids("system_server"), _BOOT_S, 0.5):
        raise EnvironmentFault("Android did not start again", where=device.serial, hint="restart the device")
    return path


def _listening(device: AdbDevice, path: str, port: int) -> None:
    done = device.as_root(f"{path} -D -l 127.0.0.1:{port}")
    if done.code == 0 and wait_for(lambda: port in device.listening(), START_S):
        return
    why = done.text.strip().splitlines()[-1][:200] if done.text.strip() else f"it does not listen on port {port}"
    raise EnvironmentFault(f"frida-server does not run: {why}", where=device.serial)
