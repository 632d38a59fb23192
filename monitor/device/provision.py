"""Make a device send its traffic through the proxy and trust it, as a plan that can be read, made and undone."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509

from monitor.device.adb import AdbDevice
from monitor.device.journal import Change, Journal
from monitor.device.profile import APEX_STORE, SYSTEM_STORE, Capability
from monitor.device.route import Route, check, find_route
from monitor.errors import EnvironmentFault, InputError

WORK: Final = "/data/local/tmp/monitor-cacerts"
_LABEL: Final = "u:object_r:system_file:s0"


class Plan(NamedTuple):
    """What will be changed, in order; ``ca_file`` is the certificate's name in the store."""

    ca: list[Change]
    quic: list[Change]
    proxy: list[Change]
    ca_file: str
    store: str

    def text(self) -> str:
        """The plan for people (``--dry-run``) and for golden files."""
        lines = []
        for title, changes in (("certificate", self.ca), ("QUIC", self.quic), ("proxy", self.proxy)):
            lines.append(f"# {title}")
            for change in changes:
                lines += [f"{change.name} [{change.how}]", f"  do:   {change.do}", f"  undo: {change.undo}"]
        return "\n".join(lines) + "\n"


class Provisioned(NamedTuple):
    """What worked, each with its reason, and how to undo all of it (returns what could not be undone)."""

    route: Route
    capabilities: dict[str, Capability]
    undo: Callable[[], list[str]]


def ca_file(pem: bytes) -> str:
    """Name of a certificate in Android's store: OpenSSL's old subject hash and ``.0``. Raises ``InputError``."""
    try:
        subject = x509.load_pem_x509_certificate(pem).subject.public_bytes()
    except ValueError:
        raise InputError("not a certificate in PEM") from None
    digest = hashlib.md5(subject, usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}.0"


def plan(route: Route, name: str, *, apex: bool, uid: int, rooted: bool, proxy_before: str | None = None) -> Plan:
    """The changes for a device. Pure: the same arguments give the same plan.

    ``name``: the certificate's file name, empty = none is installed; ``apex``: Conscrypt's store exists; ``uid`` of the
    app (its QUIC is blocked); ``proxy_before``: value of ``http_proxy`` to put back.
    """
    store = APEX_STORE if apex else SYSTEM_STORE
    ca = (_apex_store(name) if apex else _system_store(name)) if rooted and name else []
    quic = [_no_quic(tool, uid) for tool in ("iptables", "ip6tables")] if rooted and uid > 0 else []
    proxy = [Change("reverse port", "reverse", str(route.port), str(route.port))] if route.reverse else []
    before = proxy_before if proxy_before and proxy_before != ":0" else ":0"
    proxy.append(
        Change(
            "proxy setting",
            "shell",
            shlex.join(["settings", "put", "global", "http_proxy", f"{route.host}:{route.port}"]),
            shlex.join(["settings", "put", "global", "http_proxy", before]),
        )
    )
    return Plan(ca, quic, proxy, name, store)


def provision(
    device: AdbDevice, port: int, pem: bytes, *, package: str = "", apex: bool = False, journal: Path | None = None
) -> Provisioned:
    """Undo leftovers of a crashed session, then find a route, install the certificate, block QUIC, set the proxy.

    An empty ``pem``: no certificate is wanted. Without root certificate and block are left out: a capability says so.
    Raises ``EnvironmentFault`` if the proxy itself cannot be set (everything made until then is undone).
    """
    log = Journal(device, journal)
    log.undo()
    route = find_route(device, port)
    found = device.package(package) if package else None
    todo = plan(
        route,
        ca_file(pem) if pem else "",
        apex=apex,
        uid=found.uid if found else 0,
        rooted=device.rooted(),
        proxy_before=device.setting("global", "http_proxy"),
    )
    try:
        capabilities = {
            "system_ca": _install_ca(device, log, todo, pem),
            "quic_block": _block_quic(log, todo),
        }
        for change in todo.proxy:
            log.make(change)
        check(device, route)
        if device.setting("global", "http_proxy") != f"{route.host}:{route.port}":
            raise EnvironmentFault("the proxy setting did not hold", where=device.serial)
    except BaseException:
        log.undo()
        raise
    way = "adb reverse" if route.reverse else "directly"
    capabilities["proxy"] = Capability("yes", f"http_proxy set, reached {way}; apps may ignore it")
    return Provisioned(route, capabilities, log.undo)


def _install_ca(device: AdbDevice, log: Journal, todo: Plan, pem: bytes) -> Capability:
    if not pem:
        return Capability("no", "not installed, as asked for: TLS of the app is expected to fail")
    if not todo.ca:
        return Capability("no", "no root: apps trust the proxy only if they trust user certificates")
    try:
        device.push(pem, f"{WORK}.pem")
        for change in todo.ca:
            log.make(change)
        read = device.as_root(["cat", f"{todo.store}/{todo.ca_file}"])
    except EnvironmentFault as fault:
        return Capability("no", fault.message)
    finally:
        device.shell(["rm", "-f", f"{WORK}.pem"])
    if read.out.split() != pem.decode("ascii", "replace").split():
        return Capability("no", f"{todo.store} does not show the certificate")
    return Capability("yes", f"read back from {todo.store}")


def _block_quic(log: Journal, todo: Plan) -> Capability:
    if not todo.quic:
        return Capability("no", "no root or no app: QUIC goes past the proxy")
    missing = []
    for change in todo.quic:
        try:
            log.make(change)
        except EnvironmentFault as fault:
            missing.append(fault.message)
    if missing:
        return Capability("no", "; ".join(missing)[:200])
    return Capability("yes", "UDP to port 443 of the app is rejected, IPv4 and IPv6")


def _no_quic(tool: str, uid: int) -> Change:
    rule = f"OUTPUT -p udp --dport 443 -m owner --uid-owner {uid} -j REJECT"
    return Change(f"{tool}: no QUIC", "root", f"{tool} -I {rule}", f"{tool} -D {rule}")


def _filled(where: str, source: str, name: str) -> str:
    """Lines that fill a store: the old certificates and ours, owned and labelled as Android wants them."""
    return (
        f"cp -R {source}/. {where}/ && cp {WORK}.pem {where}/{name} && chown root:root {where}/* && chmod 644 {where}/*"
        f" && chcon {_LABEL} {where}/*"
    )


def _system_store(name: str) -> list[Change]:
    """Up to 13: a tmpfs over the store, filled with the originals and ours. Gone after a reboot."""
    keep = f"mkdir -p {WORK} && cp -R {SYSTEM_STORE}/. {WORK}/"
    return [
        Change("copy of the store", "root", keep, f"rm -rf {WORK}"),
        Change("store in memory", "root", f"mount -t tmpfs tmpfs {SYSTEM_STORE}", f"umount {SYSTEM_STORE}"),
        Change("certificates", "root", _filled(SYSTEM_STORE, WORK, name), ""),
    ]


def _apex_store(name: str) -> list[Change]:
    """14 and later: a filled tmpfs bound over the APEX for init, the zygotes and their children."""
    each = "for z in $(pidof zygote zygote64); do for p in $z $(pgrep -P $z); do"  # zygote64 may have two pids
    bind = f"nsenter --mount=/proc/$p/ns/mnt -- /bin/mount --bind {WORK} {APEX_STORE}"
    leave = f"nsenter --mount=/proc/$p/ns/mnt -- /bin/umount -l {APEX_STORE} 2>/dev/null"
    return [
        Change(
            "store in memory", "root", f"mkdir -p {WORK} && mount -t tmpfs tmpfs {WORK}", f"umount {WORK}; rmdir {WORK}"
        ),
        Change("certificates", "root", _filled(WORK, APEX_STORE, name), ""),
        Change(
            "bound in every namespace",
            "root",
            f"{each} {bind}; done; done; p=1; {bind}",  # apps may end meanwhile: only init's must hold
            f"{each} {leave}; done; done; p=1; {leave}; true",
        ),
    ]
