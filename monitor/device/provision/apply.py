"""Carry out the plan of ``plan.py`` on a device, prove what worked, and say of each part why it did (not).

What counts is what the zygotes see of a store of certificates. One that does not show ours there is put back: an empty
folder in its place would take all certificates from every app.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from monitor.base.errors import EnvironmentFault, MonitorError
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.changes.undo import INIT, WORK, ZYGOTES, Change, within
from monitor.device.profile import APEX_STORE, SYSTEM_STORE, Capability
from monitor.device.provision import plan as planning
from monitor.device.provision.route import Route, find_route, unused_port

_RULE_OWNER: Final = re.compile(r"\bowner UID match (\d+)\b")
_RULE_COUNT: Final = re.compile(r"(\d+)([KMGT]?)")


class Provisioned(NamedTuple):
    """What worked, each with its reason, and how to undo all of it (returns what could not be undone)."""

    route: Route
    capabilities: dict[str, Capability]
    undo: Callable[[], list[str]]
    ca_paths: list[str]
    """Location of the certificate on the device; where there are two stores, second that in the one of earlier
    releases."""
    undo_ca: Callable[[], list[str]]
    """Undo only the certificate's part."""


def provision(
    device: AdbDevice, port: int, pem: bytes, *, journal: Journal, package: str = "", apex: bool = False,
    api: int = 33, app_port: int = 0,
) -> Provisioned:  # fmt: skip
    """Undo leftovers of a crashed session, then find a route, install the certificate, block QUIC and set the proxy.

    ``port`` of the proxy takes every app's traffic, ``app_port`` (0 = none) only that of ``package``. An empty ``pem``:
    install no certificate. Without root, the certificate, QUIC blocking and the app's port are skipped, and a
    capability says so. Raises ``EnvironmentFault`` if the proxy itself cannot be set (everything made until then is
    undone).
    """
    journal.undo()
    route = find_route(device, port)
    app = device.package(package) if package else None
    name, rooted = planning.ca_file(pem), device.rooted()
    before = planning.proxy_settings(device) | planning.screen_settings(device)
    own = None
    if app_port and not route.keeps_ports:  # else the proxy sees the device's own ports
        own = _own_route(device, route, app_port)
    # A device without nsenter runs commands where its su is.
    enter = rooted and device.as_root(within(INIT, "true")).code == 0
    todo = planning.plan(
        route, name, apex=apex, uid=app.uid if app else 0, rooted=rooted, api=api, own=own, before=before, enter=enter
    )
    stores = [(f"{APEX_STORE if apex else SYSTEM_STORE}/{name}", todo.ca)]
    if todo.second_store:
        stores.append((f"{SYSTEM_STORE}/{name}", todo.second_store))
    try:
        found = {"system_ca": _install_ca(device, journal, stores, pem), "quic_block": _block_quic(journal, todo.quic)}
        for change in todo.proxy:
            journal.make(change)
        if device.setting("global", "http_proxy") != f"{route.host}:{route.port}":
            raise EnvironmentFault("the proxy setting was not kept", where=device.serial)
        found["traffic_owner"] = _tell_owner(journal, todo.owner, route, device.mates(app) if app else [])
        found["still_screen"] = _keep_still(journal, todo.screen)
    except BaseException:
        journal.undo()
        raise
    way = "over adb reverse" if route.reverse else "directly"
    found["proxy"] = Capability("yes", f"http_proxy set, reached {way}; apps may ignore it")
    if not route.proven:
        untested = f"http_proxy set, reachable {way}; the device has no tool to test it with"
        found["proxy"] = Capability("unknown", untested)
    paths = [path for path, _ in stores]
    return Provisioned(route, found, journal.undo, paths, lambda: journal.take_back([*todo.ca, *todo.second_store]))


def keep_screen(device: AdbDevice, log: Journal) -> Capability:
    """Only the screen's part of it, for a session without a proxy."""
    return _keep_still(log, planning.screen_changes(planning.screen_settings(device)))


def trusted(device: AdbDevice, pid: int, done: Provisioned, pem: bytes) -> Capability:
    """Whether a running process sees the certificate in its own mount namespace; where not, the stores are undone.

    A store that shows it is not yet a certificate that is accepted: only a TLS connection is.
    """
    try:
        shows, *others = [_shows(device, pid, path, pem) for path in done.ca_paths]
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
        if owner and int(owner[1]) in (uid, uid + planning.SANDBOX_UIDS) and count:
            total += int(count[1]) * 1000 ** " KMGT".index(count[2] or " ")
    return total


def _own_route(device: AdbDevice, route: Route, app_port: int) -> Route:
    """The route to the app's port, like that to the proxy's."""
    if route.reverse:
        return Route(route.host, unused_port(device, route.port), reverse=app_port)
    return Route(route.host, app_port)


def _tell_owner(log: Journal, changes: list[Change], route: Route, mates: list[str]) -> Capability:
    """Whether each flow is known to be the app's or not. ``mates``: other packages with its UID."""
    if mates:
        why = f"the app shares its UID with {', '.join(mates)}: whose traffic it is cannot be told"
        return Capability("no", why[:200])
    if route.keeps_ports:
        return Capability("yes", "the proxy sees the app's own ports, whose owner the device's tables name")
    if not changes:
        return Capability("no", "no root: the proxy sees every app's traffic and cannot tell whose it is")
    return _make(log, changes, "the app's traffic goes to a dedicated port", "the app's traffic cannot be told apart: ")


def _keep_still(log: Journal, changes: list[Change]) -> Capability:
    yes = "animations are off, the screen stays on"
    return _make(log, changes, yes, "animations stay on, or the screen may turn off: ")


def _block_quic(log: Journal, changes: list[Change]) -> Capability:
    if not changes:
        return Capability("no", "no root or no app: QUIC bypasses the proxy")
    made = [_make(log, [change], "the app's UDP traffic to port 443 is rejected, IPv4 and IPv6") for change in changes]
    faults = [part.reason for part in made if part.state == "no"]
    return Capability("no", "; ".join(faults)[:200]) if faults else made[0]


def _make(log: Journal, changes: Sequence[Change], yes: str, no: str = "") -> Capability:
    """Make optional changes: ``yes`` is what is so then; ``no`` and why, if the device refuses one of them."""
    try:
        for change in changes:
            log.make(change)
    except EnvironmentFault as fault:
        return Capability("no", f"{no}{fault.message}"[:200])
    return Capability("yes", yes)


def _install_ca(device: AdbDevice, log: Journal, stores: list[tuple[str, list[Change]]], pem: bytes) -> Capability:
    """``stores``: the certificate's path in each, and the changes that put it there."""
    if not pem:
        return Capability("no", "not installed, as requested: the app's TLS is expected to fail")
    (path, changes), *second = stores
    if not changes:
        return Capability("no", "no root: apps trust the proxy only if they trust user certificates")
    said = ""
    try:
        device.push(pem, f"{WORK}.pem")
        if fault := _store_fault(device, log, changes, path, pem):
            return Capability("no", fault)
        for old_path, more in second:
            fault = _store_fault(device, log, more, old_path, pem)
            said = f", not in {SYSTEM_STORE}" if fault else f" and {SYSTEM_STORE}"
    except EnvironmentFault as fault:
        return Capability("no", fault.message)
    finally:
        device.shell(["rm", "-f", f"{WORK}.pem"])
    store = path.rpartition("/")[0]
    return Capability("unknown", f"read back from {store}{said}; whether the app sees it is checked when it runs")


def _store_fault(device: AdbDevice, log: Journal, changes: list[Change], path: str, pem: bytes) -> str:
    """Make the changes that add the certificate to a store. What is wrong with it then as the zygotes, whose children
    the apps are, see it, empty if nothing is: with a fault, the changes are taken back."""
    pids = device.as_root(f"pidof {ZYGOTES}").out.split()  # two may have one name
    zygotes = [pid for pid in pids if pid.isdigit()] or [str(INIT)]
    store = path.rpartition("/")[0]

    def count() -> int:
        return len(device.as_root(["ls", f"/proc/{zygotes[0]}/root{store}"]).out.split())

    before = count()
    made = _make(log, changes, "")
    fault = made.reason
    if made.state == "yes" and not all(_shows(device, pid, path, pem) for pid in zygotes):
        fault = f"{store} does not show the certificate to the process that apps come from"
    elif made.state == "yes" and count() < before:
        fault = f"{store} lost certificates that apps need"
    if not fault:
        return ""
    left = log.take_back(changes)
    return f"{fault}; " + (f"not undone: {left[0]}"[:100] if left else "undone")


def _shows(device: AdbDevice, pid: int | str, path: str, pem: bytes) -> bool:
    """Whether a file holds this certificate in a process's mount namespace."""
    text = device.as_root(["cat", f"/proc/{pid}/root{path}"]).out
    return text.split() == pem.decode("ascii", "replace").split()
