"""The changes that make a device send its traffic through the proxy and trust it, as a plan that can be read.

Certificates are added to a copy of the device's store in memory, shown to every process that apps come from. ``su`` may
give each command a mount namespace of its own (Magisk's "isolated"): what is mounted there, nobody else sees. So each
step enters the namespace of init.
"""

import hashlib
import shlex
from collections.abc import Mapping
from typing import Final, NamedTuple

from cryptography import x509

from monitor.base.errors import InputError
from monitor.device.adb import AdbDevice
from monitor.device.changes.undo import DERIVED_PROXY, INIT, WORK, Change, everywhere, own_port_rule, quic_rule, within
from monitor.device.profile import APEX_STORE, SYSTEM_STORE
from monitor.device.provision.route import Route

#: From this API level iptables accepts a time limit for its lock; before, it waits indefinitely.
_WAIT_SECONDS_FROM: Final = 26
#: From this API level an app's SDKs may run in a sandbox with a UID of its own: the app's plus this.
_SANDBOX_FROM: Final = 33
SANDBOX_UIDS: Final = 10_000
_PROXY: Final = "http_proxy"
#: No proxy. Deleting the setting would leave the last one in force until a reboot.
_PROXY_OFF: Final = ":0"
#: Namespace, key and value of the screen's settings. A phone turns its screen off after half a minute without a
#: touch, which pauses the app; and ``uiautomator dump`` waits until nothing moves.
_SCREEN: Final = (
    ("global", "window_animation_scale", "0"),
    ("global", "transition_animation_scale", "0"),
    ("global", "animator_duration_scale", "0"),
    ("system", "screen_off_timeout", "86400000"),
)
_LABEL: Final = "u:object_r:system_file:s0"
Settings = Mapping[str, str | None]
"""Values of settings as they were; ``None`` = unset."""


class Plan(NamedTuple):
    """The changes, in order."""

    ca: list[Change]
    second_store: list[Change]
    """Where Conscrypt's store exists: the old one too, which libraries with TLS of their own read."""
    quic: list[Change]
    proxy: list[Change]
    owner: list[Change]
    """The app's traffic goes to a dedicated port, so that each flow is known to be the app's or not."""
    screen: list[Change]


def ca_file(pem: bytes) -> str:
    """Name of a certificate in Android's store: OpenSSL's old subject hash and ``.0``; empty for an empty ``pem``.
    Raises ``InputError``."""
    if not pem:
        return ""
    try:
        subject = x509.load_pem_x509_certificate(pem).subject.public_bytes()
    except ValueError:
        raise InputError("not a PEM certificate") from None
    digest = hashlib.md5(subject, usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}.0"


def plan(
    route: Route, name: str, *, apex: bool, uid: int, rooted: bool, api: int = 33,
    own: Route | None = None, before: Settings | None = None, enter: bool = True,
) -> Plan:  # fmt: skip
    """The changes for a device. Pure: the same arguments give the same plan.

    ``name``: the certificate's file name, empty = none is installed; ``apex``: Conscrypt's store exists; ``uid`` of the
    app (its QUIC is blocked); ``own``: route to the proxy's port for the app, None = there is none; ``before``: values
    of the settings to restore; ``enter``: the certificate's steps are made in the mount namespace of init.
    """
    before = before or {}
    if not rooted:
        name, uid = "", 0
    wait = "-w 5" if api >= _WAIT_SECONDS_FROM else "-w"
    ca = fill_store(name, apex=apex, enter=enter) if name else []
    uids = [uid, uid + SANDBOX_UIDS] if api >= _SANDBOX_FROM else [uid]
    quic, owner = [], _reverse("the app's port", own) if own else []
    for each in map(str, uids if uid > 0 else []):
        for tool in ("iptables", "ip6tables"):
            line = f"{tool} {wait} -I {quic_rule(each)}"
            quic.append(Change(f"{tool}: no QUIC", "root", line, ("quic", tool, wait, each)))
        if own:  # exact, whatever happens to port numbers
            rule = (wait, route.host, str(route.port), each, "" if own.reverse else own.host, str(own.port))
            flags, text = own_port_rule(*rule)
            title = "iptables: the app's traffic to its own port"
            owner.append(Change(title, "root", f"iptables {flags} -I {text}", ("own_port", *rule)))
    return Plan(
        ca=ca,
        second_store=fill_second_store(name) if ca and apex else [],
        quic=quic,
        proxy=[*_reverse("proxy port", route), proxy_change(f"{route.host}:{route.port}", before)],
        owner=owner if quic else [],
        screen=screen_changes(before),
    )


def setting_change(namespace: str, key: str, value: str, old: str | None) -> Change:
    """Put a setting; undone by its old value, or by deleting it."""
    put = shlex.join(["settings", "put", namespace, key, value])
    return Change(f"setting {key}", "shell", put, ("setting", namespace, key, old))


def screen_settings(device: AdbDevice) -> dict[str, str | None]:
    """The present values of the screen's settings."""
    return {key: device.setting(namespace, key) for namespace, key, _ in _SCREEN}


def screen_changes(before: Settings) -> list[Change]:
    """The screen's settings of a session."""
    return [setting_change(namespace, key, value, before.get(key)) for namespace, key, value in _SCREEN]


def proxy_settings(device: AdbDevice) -> dict[str, str | None]:
    """The present values of the proxy's settings."""
    return {key: device.setting("global", key) for key in (_PROXY, *DERIVED_PROXY)}


def proxy_change(value: str, before: Settings) -> Change:
    """Set the global proxy to ``HOST:PORT``; undone, all of it is as it was (an unset proxy is switched off)."""
    host, port = before.get(DERIVED_PROXY[0]), before.get(DERIVED_PROXY[1])
    old = before.get(_PROXY) or (f"{host}:{port}" if host and port else _PROXY_OFF)
    unset = "unset" if old == _PROXY_OFF or not before.get(_PROXY) else ""
    kept = [text if (text := before.get(key)) and text != "0" else None for key in DERIVED_PROXY]
    put = shlex.join(["settings", "put", "global", _PROXY, value])
    return Change(f"setting {_PROXY}", "shell", put, ("proxy", old, unset, *kept))


def changed_proxy(now: Settings, before: Settings) -> str:
    """Which of the proxy's settings is not as it was, empty = none. An unset proxy and one that is off are the same."""
    if not before.get(_PROXY) and not before.get(DERIVED_PROXY[0]):
        return "" if (now.get(_PROXY) or _PROXY_OFF) == _PROXY_OFF else _PROXY
    return next((key for key in (_PROXY, *DERIVED_PROXY) if before.get(key) and now.get(key) != before[key]), "")


def _reverse(name: str, route: Route) -> list[Change]:
    ports = f"{route.port} {route.reverse}"
    return [Change(name, "reverse", ports, ("reverse", str(route.port)))] if route.reverse else []


def fill_store(name: str, *, apex: bool, enter: bool = True) -> list[Change]:
    """The changes after which the first store holds the certificate ``WORK.pem`` under ``name``.

    Up to Android 13: a tmpfs over the store, filled with the originals and ours; removed by a reboot. ``apex``, 14 and
    later: a filled tmpfs bound over the APEX for init, the zygotes and their children.
    """
    init = "init" if enter else ""

    def root(title: str, line: str, *undo: str) -> Change:
        return Change(title, "root", within(INIT, line) if enter else line, undo)

    if apex:
        mount = f"mkdir -p {WORK} && mount -t tmpfs tmpfs {WORK}"
        return [
            root("store in memory", mount, "store_work", init),
            root("certificates", _fill(WORK, APEX_STORE, name)),
            _bind("bound in every namespace", APEX_STORE, name),
        ]
    return [
        root("copy of the store", f"mkdir -p {WORK} && cp -R {SYSTEM_STORE}/. {WORK}/", "store_copy", init),
        root("store in memory", f"mount -t tmpfs tmpfs {SYSTEM_STORE}", "store_over", init, SYSTEM_STORE),
        root("certificates", _fill(SYSTEM_STORE, WORK, name)),
    ]


def fill_second_store(name: str) -> list[Change]:
    """The same certificates over the store of earlier releases: the APEX's store is filled by then."""
    return [_bind("store of earlier releases", SYSTEM_STORE, name)]


def _fill(store: str, source: str, name: str) -> str:
    """Lines that fill a store: the existing certificates and ours, owned and labelled as Android requires, and the
    directory too, which apps list."""
    return (
        f"cp -R {source}/. {store}/ && cp {WORK}.pem {store}/{name} && chown root:root {store}/* && chmod 644 {store}/*"
        f" && chcon {_LABEL} {store} {store}/*"
    )


def _bind(title: str, store: str, name: str) -> Change:
    """The filled tmpfs over a store in the namespaces of init, the zygotes and their children: only where it is seen to
    hold the certificate, as a process for which it was not mounted would be given an empty folder."""
    bind = f"[ -f {WORK}/{name} ] && mount --bind {WORK} {store}"
    return Change(title, "root", everywhere(bind), ("store_bound", store))
