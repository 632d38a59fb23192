"""Make a device send its traffic through the proxy and trust it, as a plan that can be read, carried out and undone."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from cryptography import x509

from monitor.base.errors import EnvironmentFault, InputError
from monitor.device import screen
from monitor.device.adb import AdbDevice
from monitor.device.changes.change import Change
from monitor.device.changes.journal import Journal
from monitor.device.changes.undo import WORK, Undo, own_port_rule, quic_rule
from monitor.device.profile import APEX_STORE, SYSTEM_STORE, Capability
from monitor.device.provision import proxy_setting, stores
from monitor.device.provision.route import Route, find_route, unused_port

#: From this API level iptables accepts a time limit for its lock; before, it waits indefinitely.
_WAIT_SECONDS_FROM: Final = 26
#: From this API level an app's SDKs may run in a sandbox with a UID of its own: the app's plus this.
_SANDBOX_FROM: Final = 33
SANDBOX_UIDS: Final = 10_000
_STILL: Final = "animations are off, the screen stays on", "animations stay on, or the screen may turn off"


class Plan(NamedTuple):
    """The changes, in order; ``ca_file`` is the certificate's file name in the store."""

    ca: list[Change]
    second_store: list[Change]
    """Where Conscrypt's store exists: the old one too, which libraries with TLS of their own read."""
    quic: list[Change]
    proxy: list[Change]
    owner: list[Change]
    """The app's traffic goes to a dedicated port, so that each flow is known to be the app's or not."""
    screen: list[Change]
    ca_file: str
    store: str

    def text(self) -> str:
        """The plan for display (``--dry-run``) and for golden files."""
        lines = []
        parts = {
            "certificate": self.ca, "old store": self.second_store, "QUIC": self.quic, "proxy": self.proxy,
            "the app's own port": self.owner,
            "screen": self.screen,
        }  # fmt: skip
        for title, changes in parts.items():
            lines.append(f"# {title}")
            for change in changes:
                lines += [f"{change.name} [{change.how}]", f"  do:   {change.do}", f"  undo: {change.undone}"]
        return "\n".join(lines) + "\n"


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


def ca_file(pem: bytes) -> str:
    """Name of a certificate in Android's store: OpenSSL's old subject hash and ``.0``. Raises ``InputError``."""
    try:
        subject = x509.load_pem_x509_certificate(pem).subject.public_bytes()
    except ValueError:
        raise InputError("not a PEM certificate") from None
    digest = hashlib.md5(subject, usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}.0"


def plan(
    route: Route, name: str, *, apex: bool, uid: int, rooted: bool, api: int = 33,
    own: Route | None = None, before: Mapping[str, str | None] | None = None, enter: bool = True,
) -> Plan:  # fmt: skip
    """The changes for a device. Pure: the same arguments give the same plan.

    ``name``: the certificate's file name, empty = none is installed; ``apex``: Conscrypt's store exists; ``uid`` of the
    app (its QUIC is blocked); ``own``: route to the proxy's port for the app, None = there is none; ``before``: values
    of the global settings to restore; ``enter``: the certificate's steps are made in the mount namespace of init.
    """
    before = before or {}
    store = APEX_STORE if apex else SYSTEM_STORE
    wait = "-w 5" if api >= _WAIT_SECONDS_FROM else "-w"
    ca = stores.fill(name, apex=apex, enter=enter) if rooted and name else []
    second = stores.second(name) if ca and apex else []
    uids = _uids(uid, api) if rooted and uid > 0 else []
    quic = [
        _rule(tool, wait, quic_rule(str(one)), "no QUIC", ("quic", tool, wait, str(one)))
        for one in uids
        for tool in ("iptables", "ip6tables")
    ]
    proxy = _reversed("proxy port", route)
    proxy.append(proxy_setting.change(f"{route.host}:{route.port}", before))
    owner = (
        [*_reversed("the app's port", own), *(_own_port(route, own, one, wait) for one in uids)] if own and uids else []
    )
    return Plan(ca, second, quic, proxy, owner, screen.changes(before), name, store)


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
    found = device.package(package) if package else None
    todo = plan(
        route,
        ca_file(pem) if pem else "",
        apex=apex,
        uid=found.uid if found else 0,
        rooted=device.rooted(),
        api=api,
        own=_own_route(device, route, app_port),
        before=proxy_setting.before(device) | screen.before(device),
        enter=stores.entered(device),
    )
    try:
        capabilities = {
            "system_ca": _install_ca(device, log, todo, pem),
            "quic_block": _block_quic(log, todo),
        }
        for change in todo.proxy:
            log.make(change)
        if device.setting("global", "http_proxy") != f"{route.host}:{route.port}":
            raise EnvironmentFault("the proxy setting was not kept", where=device.serial)
        mates = device.mates(found) if found else []
        capabilities["traffic_owner"] = _owned(log, todo, route) if not mates else _shared(mates)
        capabilities["still_screen"] = _made(log, todo.screen, *_STILL)
    except BaseException:
        log.undo()
        raise
    old = f"{SYSTEM_STORE}/{todo.ca_file}" if todo.second_store else ""
    return Provisioned(
        route, capabilities | {"proxy": _reached(route)}, log.undo, f"{todo.store}/{todo.ca_file}", old,
        lambda: log.take_back([*todo.ca, *todo.second_store]),
    )  # fmt: skip


def keep_screen(device: AdbDevice, log: Journal) -> Capability:
    """Only the screen's part of it, for a session without a proxy."""
    return _made(log, screen.changes(screen.before(device)), *_STILL)


def _reached(route: Route) -> Capability:
    if not route.proven:
        way = "over adb reverse" if route.reverse else "directly"
        return Capability("unknown", f"http_proxy set, reachable {way}; the device has no tool to test it with")
    if route.reverse:
        return Capability("yes", "http_proxy set, reached over adb reverse; apps may ignore it")
    return Capability("yes", "http_proxy set, reached directly; apps may ignore it")


def _own_route(device: AdbDevice, route: Route, app_port: int) -> Route | None:
    """The route to the app's port, like that to the proxy's. None where the proxy sees the device's own ports."""
    if not app_port or route.keeps_ports:
        return None
    if route.reverse:
        return Route(route.host, unused_port(device, route.port), reverse=app_port)
    return Route(route.host, app_port)


def _owned(log: Journal, todo: Plan, route: Route) -> Capability:
    """Whether each flow is known to be the app's or not."""
    if route.keeps_ports:
        return Capability("yes", "the proxy sees the app's own ports, whose owner the device's tables name")
    if not todo.owner:
        return Capability("no", "no root: the proxy sees every app's traffic and cannot tell whose it is")
    return _made(
        log, todo.owner, "the app's traffic goes to a dedicated port", "the app's traffic cannot be told apart"
    )


def _shared(mates: list[str]) -> Capability:
    return Capability("no", f"the app shares its UID with {', '.join(mates)}: whose traffic it is cannot be told"[:200])


def _made(log: Journal, changes: list[Change], good: str, bad: str) -> Capability:
    """Make optional changes."""
    try:
        for change in changes:
            log.make(change)
    except EnvironmentFault as fault:
        return Capability("no", f"{bad}: {fault.message}"[:200])
    return Capability("yes", good)


def _reversed(name: str, route: Route) -> list[Change]:
    ports = f"{route.port} {route.reverse}"
    return [Change(name, "reverse", ports, ("reverse", str(route.port)))] if route.reverse else []


def _own_port(route: Route, own: Route, uid: int, wait: str) -> Change:
    """Redirect the app's connections from the proxy's port to its own: exact, whatever happens to port numbers."""
    of = (wait, route.host, str(route.port), str(uid), "" if own.reverse else own.host, str(own.port))
    flags, rule = own_port_rule(*of)
    return _rule("iptables", flags, rule, "the app's traffic to its own port", ("own_port", *of))


def _rule(tool: str, flags: str, rule: str, name: str, undo: Undo) -> Change:
    """Insert a rule first in its chain. Undone means that no such rule is left."""
    return Change(f"{tool}: {name}", "root", f"{tool} {flags} -I {rule}", undo)


def _install_ca(device: AdbDevice, log: Journal, todo: Plan, pem: bytes) -> Capability:
    if not pem:
        return Capability("no", "not installed, as requested: the app's TLS is expected to fail")
    if not todo.ca:
        return Capability("no", "no root: apps trust the proxy only if they trust user certificates")
    before = stores.count(device, todo.store)
    try:
        device.push(pem, f"{WORK}.pem")
        for change in todo.ca:
            log.make(change)
        fault = stores.missing(device, todo.store, todo.ca_file, pem, before)
        second = "" if fault else _second_made(device, log, todo, pem)
    except EnvironmentFault as failed:
        fault = failed.message
    finally:
        device.shell(["rm", "-f", f"{WORK}.pem"])
    if fault:
        left = log.take_back(todo.ca)
        return Capability("no", f"{fault}; " + (f"not undone: {left[0]}"[:100] if left else "undone"))
    return Capability(
        "unknown", f"read back from {todo.store}{second}; whether the app sees it is checked when it runs"
    )


def _second_made(device: AdbDevice, log: Journal, todo: Plan, pem: bytes) -> str:
    """Add the store of earlier releases, where there is another one. Returns what to say of it."""
    if not todo.second_store:
        return ""
    said = f", not in {SYSTEM_STORE}"
    before = stores.count(device, SYSTEM_STORE)
    made = _made(log, todo.second_store, "", said)
    if made.state != "yes":
        log.take_back(todo.second_store)
        return made.reason
    if stores.missing(device, SYSTEM_STORE, todo.ca_file, pem, before):
        log.take_back(todo.second_store)
        return said
    return f" and {SYSTEM_STORE}"


def trusted(device: AdbDevice, pid: int, done: Provisioned, pem: bytes) -> Capability:
    """Whether a running process sees the certificate in its own mount namespace; where not, the stores are undone.

    A store that shows it is not yet a certificate that is accepted: only a TLS connection is.
    """
    try:
        seen, *others = [
            stores.same(device.as_root(["cat", f"/proc/{pid}/root{path}"]).out, pem)
            for path in (done.ca_path, done.old_path)
            if path
        ]
    except EnvironmentFault as fault:
        return Capability("unknown", fault.message)
    if not seen:
        done.undo_ca()
        return Capability("no", "the app does not see the certificate in its own mount namespace")
    missing = "" if all(others) else f", but not in {SYSTEM_STORE}: TLS libraries that read only that reject it"
    return Capability("yes", f"the app sees the certificate in its own mount namespace{missing}")


def _block_quic(log: Journal, todo: Plan) -> Capability:
    if not todo.quic:
        return Capability("no", "no root or no app: QUIC bypasses the proxy")
    missing = []
    for change in todo.quic:
        try:
            log.make(change)
        except EnvironmentFault as fault:
            missing.append(fault.message)
    if missing:
        return Capability("no", "; ".join(missing)[:200])
    return Capability("yes", "the app's UDP traffic to port 443 is rejected, IPv4 and IPv6")


def _uids(uid: int, api: int) -> list[int]:
    """The app's UID and, where there are SDK sandboxes, that of its sandbox."""
    return [uid, uid + SANDBOX_UIDS] if api >= _SANDBOX_FROM else [uid]
