"""The device's stores of certificates: a copy in memory with one more, shown to every process that apps come from.

``su`` may give each command a mount namespace of its own (Magisk's "isolated"): what is mounted there, nobody else
sees. So each step enters the namespace of init, and what counts is what the zygotes see. A store that does not show
the certificate there is put back: an empty folder in its place would take all certificates from every app.
"""

from typing import Final

from monitor.device.adb import AdbDevice
from monitor.device.changes.change import Change
from monitor.device.changes.undo import INIT, WORK, ZYGOTES, everywhere, within
from monitor.device.profile import APEX_STORE, SYSTEM_STORE

_LABEL: Final = "u:object_r:system_file:s0"


def entered(device: AdbDevice) -> bool:
    """Whether commands can be run in init's mount namespace; a device without ``nsenter`` runs them where ``su`` is."""
    return device.rooted() and device.as_root(within(INIT, "true")).code == 0


def fill(name: str, *, apex: bool, enter: bool = True) -> list[Change]:
    """The changes after which the first store holds the certificate ``WORK.pem`` under ``name``."""
    changes = _apex(name) if apex else _system(name)
    return [_inside(change) for change in changes] if enter else changes


def second(name: str) -> list[Change]:
    """The same certificates over the store of earlier releases: the APEX's store is filled by then."""
    return [_bound("store of earlier releases", SYSTEM_STORE, name)]


def count(device: AdbDevice, store: str) -> int:
    """The number of certificates that the first zygote sees in a store."""
    return len(device.as_root(["ls", f"/proc/{_seers(device)[0]}/root{store}"]).out.split())


def missing(device: AdbDevice, store: str, name: str, pem: bytes, before: int) -> str:
    """What is wrong with a store as the zygotes, whose children the apps are, see it; empty if nothing is.

    ``before``: how many certificates it must hold at least beside ours.
    """
    for pid in _seers(device):
        if not same(device.as_root(["cat", f"/proc/{pid}/root{store}/{name}"]).out, pem):
            return f"{store} does not show the certificate to the process that apps come from"
    if count(device, store) < before:
        return f"{store} lost certificates that apps need"
    return ""


def same(text: str, pem: bytes) -> bool:
    """Whether a file's text is this certificate."""
    return text.split() == pem.decode("ascii", "replace").split()


def _seers(device: AdbDevice) -> list[str]:
    """The zygotes, of which there may be two of one name; init where there is none."""
    pids = device.as_root(f"pidof {ZYGOTES}").out.split()
    return [pid for pid in pids if pid.isdigit()] or [str(INIT)]


def _inside(change: Change) -> Change:
    if "nsenter" in change.do:  # it enters each namespace by itself
        return change
    undo = (change.undo[0], "init", *change.undo[2:]) if change.undo else ()
    return change._replace(do=within(INIT, change.do), undo=undo)


def _filled(where: str, source: str, name: str) -> str:
    """Lines that fill a store: the existing certificates and ours, owned and labelled as Android requires, and the
    directory too, which apps list."""
    return (
        f"cp -R {source}/. {where}/ && cp {WORK}.pem {where}/{name} && chown root:root {where}/* && chmod 644 {where}/*"
        f" && chcon {_LABEL} {where} {where}/*"
    )


def _system(name: str) -> list[Change]:
    """Up to 13: a tmpfs over the store, filled with the originals and ours. Removed by a reboot."""
    keep = f"mkdir -p {WORK} && cp -R {SYSTEM_STORE}/. {WORK}/"
    return [
        Change("copy of the store", "root", keep, ("store_copy", "")),
        Change("store in memory", "root", f"mount -t tmpfs tmpfs {SYSTEM_STORE}", ("store_over", "", SYSTEM_STORE)),
        Change("certificates", "root", _filled(SYSTEM_STORE, WORK, name)),
    ]


def _apex(name: str) -> list[Change]:
    """14 and later: a filled tmpfs bound over the APEX for init, the zygotes and their children."""
    return [
        Change("store in memory", "root", f"mkdir -p {WORK} && mount -t tmpfs tmpfs {WORK}", ("store_work", "")),
        Change("certificates", "root", _filled(WORK, APEX_STORE, name)),
        _bound("bound in every namespace", APEX_STORE, name),
    ]


def _bound(name: str, store: str, file: str) -> Change:
    """The filled tmpfs over a store in the namespaces of init, the zygotes and their children: only where it is seen to
    hold the certificate, as a process for which it was not mounted would be given an empty folder."""
    bind = f"[ -f {WORK}/{file} ] && mount --bind {WORK} {store}"
    return Change(name, "root", everywhere(bind), ("store_bound", store))
