"""Carry out the plan of ``plan.py`` on a device, prove what worked, and say of each part why it did (not).

What counts is what the zygotes see of a store of certificates. One that does not show ours there is put back: an empty
folder in its place would take all certificates from every app.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from monitor.base.errors import EnvironmentFault, MonitorError
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.changes.undo import INIT, WORK, ZYGOTES, Change, within
from monitor.device.profile import SYSTEM_STORE, Capability
from monitor.device.provision.plan import (
    SANDBOX_UIDS,
    Plan,
    ca_file,
    plan,
    proxy_settings,
    screen_changes,
    screen_settings,
)
from monitor.device.provision.route import Route, find_route, unused_port

_RULE_OWNER: Final = re.compile(r"\bowner UID match (\d+)\b")
_RULE_COUNT: Final = re.compile(r"(\d+)([KMGT]?)")


class Provisioned(NamedTuple):
    """What worked, each with its reason, and how to undo all of it (returns what could not be undone)."""

    route: Route
    capabilities: dict[str, Capability]
    undo: Callable[[], list[str]]
    ca_path: str
    """Location of the certificate on the device."""
    old_path: str = ""
    """Its location in the store of earlier releases as well; empty where that is the only one, or it is not there."""
    undo_ca: Callable[[], list[str]] = list
    """Undo only the certificate's part."""


def provision(
    device: AdbDevice, port: int, pem: bytes, *, package: str = "", apex: bool = False, api: int = 33,
    journal: Journal | None = None, app_port: int = 0,
) -> Provisioned:  # fmt: skip
    """Undo leftovers of a crashed session, then find a route, install the certificate, block QUIC and set the proxy.

    ``port`` of the proxy takes every app's traffic, ``app_port`` (0 = none) only that of ``package``. An empty ``pem``:
    install no certificate. Without root, the certificate, QUIC blocking and the app's port are skipped, and a
    capability says so. Raises ``EnvironmentFault`` if the proxy itself cannot be set (everything made until then is
    undone).
    """
    log = journal or Journal(device)
    log.undo()
    route = find_route(device, port)
    app = device.package(package) if package else None
    name, uid, rooted = ca_file(pem) if pem else "", app.uid if app else 0, device.rooted()
    own, before = _own_route(device, route, app_port), proxy_settings(device) | screen_settings(device)
    # A device without nsenter runs commands where its su is.
    enter = rooted and device.as_root(within(INIT, "true")).code == 0
    todo = plan(route, name, apex=apex, uid=uid, rooted=rooted, api=api, own=own, before=before, enter=enter)
    try:
        capabilities = {"system_ca": _install_ca(device, log, todo, pem), "quic_block": _block_quic(log, todo)}
        for change in todo.proxy:
            log.make(change)
        if device.setting("global", "http_proxy") != f"{route.host}:{route.port}":
            raise EnvironmentFault("the proxy setting was not kept", where=device.serial)
        capabilities["traffic_owner"] = _tell_owner(log, todo, route, device.mates(app) if app else [])
        capabilities["still_screen"] = _still_screen(log, todo.screen)
    except BaseException:
        log.undo()
        raise
    capabilities["proxy"] = _reached(route)
    old = f"{SYSTEM_STORE}/{todo.ca_file}" if todo.second_store else ""
    stores = [*todo.ca, *todo.second_store]
    ca_path = f"{todo.store}/{todo.ca_file}"
    return Provisioned(route, capabilities, log.undo, ca_path, old, lambda: log.take_back(stores))


def keep_screen(device: AdbDevice, log: Journal) -> Capability:
    """Only the screen's part of it, for a session without a proxy."""
    return _still_screen(log, screen_changes(screen_settings(device)))


def trusted(device: AdbDevice, pid: int, done: Provisioned, pem: bytes) -> Capability:
    """Whether a running process sees the certificate in its own mount namespace; where not, the stores are undone.

    A store that shows it is not yet a certificate that is accepted: only a TLS connection is.
    """
    try:
        shows, *others = [_shows(device, pid, path, pem) for path in (done.ca_path, done.old_path) if path]
    except EnvironmentFault as fault:
        return Capability("unknown", fault.message)
    if not shows:
        done.undo_ca()
        return Capability("no", "the app does not see the certificate in its own mount namespace")
    missing = "" if all(others) else f", but not in {SYSTEM_STORE}: TLS libraries that read only that reject it"
    return Capability("yes", f"the app sees the certificate in its own mount namespace{missing}")


def count_rejected_quic(device: AdbDevice, uid: int) -> int | None:
    """Packets of an app's QUIC that the rules rejected, over IPv4 and IPv6; None if unknown."""
    total = 0
    for tool in ("iptables", "ip6tables"):
        try:
            answer = device.as_root([tool, "-nvxL", "OUTPUT"])
        except MonitorError:
            return None
        if answer.code:
            return None
        total += rejected_packets(answer.out, uid)
    return total


def rejected_packets(text: str, uid: int) -> int:
    """Packets of a UID and its SDK sandbox to UDP port 443 that were rejected, from ``iptables -nvxL OUTPUT`` (counts
    may be rounded)."""
    total = 0
    for line in text.splitlines():
        words = line.split()
        if len(words) < 4 or "dpt:443" not in words or words[2] not in ("REJECT", "DROP"):
            continue
        owner, count = _RULE_OWNER.search(line), _RULE_COUNT.fullmatch(words[0])
        if owner and int(owner[1]) in (uid, uid + SANDBOX_UIDS) and count:
            total += int(count[1]) * 1000 ** " KMGT".index(count[2] or " ")
    return total


def _own_route(device: AdbDevice, route: Route, app_port: int) -> Route | None:
    """The route to the app's port, like that to the proxy's. None where the proxy sees the device's own ports."""
    if not app_port or route.keeps_ports:
        return None
    if route.reverse:
        return Route(route.host, unused_port(device, route.port), reverse=app_port)
    return Route(route.host, app_port)


def _reached(route: Route) -> Capability:
    way = "over adb reverse" if route.reverse else "directly"
    if not route.proven:
        return Capability("unknown", f"http_proxy set, reachable {way}; the device has no tool to test it with")
    return Capability("yes", f"http_proxy set, reached {way}; apps may ignore it")


def _tell_owner(log: Journal, todo: Plan, route: Route, mates: list[str]) -> Capability:
    """Whether each flow is known to be the app's or not. ``mates``: other packages with its UID."""
    if mates:
        why = f"the app shares its UID with {', '.join(mates)}: whose traffic it is cannot be told"
        return Capability("no", why[:200])
    if route.keeps_ports:
        return Capability("yes", "the proxy sees the app's own ports, whose owner the device's tables name")
    if not todo.owner:
        return Capability("no", "no root: the proxy sees every app's traffic and cannot tell whose it is")
    if fault := _refused(log, todo.owner):
        return Capability("no", f"the app's traffic cannot be told apart: {fault}"[:200])
    return Capability("yes", "the app's traffic goes to a dedicated port")


def _still_screen(log: Journal, changes: list[Change]) -> Capability:
    if fault := _refused(log, changes):
        return Capability("no", f"animations stay on, or the screen may turn off: {fault}"[:200])
    return Capability("yes", "animations are off, the screen stays on")


def _refused(log: Journal, changes: Iterable[Change]) -> str:
    """Make optional changes; why the first that the device refuses cannot be made, empty if all are."""
    try:
        for change in changes:
            log.make(change)
    except EnvironmentFault as fault:
        return fault.message
    return ""


def _block_quic(log: Journal, todo: Plan) -> Capability:
    if not todo.quic:
        return Capability("no", "no root or no app: QUIC bypasses the proxy")
    if faults := list(filter(None, (_refused(log, [change]) for change in todo.quic))):
        return Capability("no", "; ".join(faults)[:200])
    return Capability("yes", "the app's UDP traffic to port 443 is rejected, IPv4 and IPv6")


def _install_ca(device: AdbDevice, log: Journal, todo: Plan, pem: bytes) -> Capability:
    if not pem:
        return Capability("no", "not installed, as requested: the app's TLS is expected to fail")
    if not todo.ca:
        return Capability("no", "no root: apps trust the proxy only if they trust user certificates")
    second = ""
    try:
        device.push(pem, f"{WORK}.pem")
        if fault := _store_fault(device, log, todo.ca, todo.store, todo.ca_file, pem):
            return Capability("no", fault)
        if todo.second_store:
            fault = _store_fault(device, log, todo.second_store, SYSTEM_STORE, todo.ca_file, pem)
            second = f", not in {SYSTEM_STORE}" if fault else f" and {SYSTEM_STORE}"
    except EnvironmentFault as fault:
        return Capability("no", fault.message)
    finally:
        device.shell(["rm", "-f", f"{WORK}.pem"])
    return Capability(
        "unknown", f"read back from {todo.store}{second}; whether the app sees it is checked when it runs"
    )


def _store_fault(device: AdbDevice, log: Journal, changes: list[Change], store: str, name: str, pem: bytes) -> str:
    """Make the changes that add the certificate to a store. What is wrong with it then as the zygotes, whose children
    the apps are, see it, empty if nothing is: with a fault, the changes are taken back."""
    before = _count(device, store)
    fault = _refused(log, changes)
    if not fault and not all(_shows(device, pid, f"{store}/{name}", pem) for pid in _zygotes(device)):
        fault = f"{store} does not show the certificate to the process that apps come from"
    elif not fault and _count(device, store) < before:
        fault = f"{store} lost certificates that apps need"
    if not fault:
        return ""
    left = log.take_back(changes)
    return f"{fault}; " + (f"not undone: {left[0]}"[:100] if left else "undone")


def _count(device: AdbDevice, store: str) -> int:
    """The number of certificates that the first zygote sees in a store."""
    return len(device.as_root(["ls", f"/proc/{_zygotes(device)[0]}/root{store}"]).out.split())


def _shows(device: AdbDevice, pid: int | str, path: str, pem: bytes) -> bool:
    """Whether a file holds this certificate in a process's mount namespace."""
    text = device.as_root(["cat", f"/proc/{pid}/root{path}"]).out
    return text.split() == pem.decode("ascii", "replace").split()


def _zygotes(device: AdbDevice) -> list[str]:
    """The zygotes, of which there may be two of one name; init where there is none."""
    pids = device.as_root(f"pidof {ZYGOTES}").out.split()
    return [pid for pid in pids if pid.isdigit()] or [str(INIT)]
