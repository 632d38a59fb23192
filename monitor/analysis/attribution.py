"""Whose code did it: stack to SDK (rule R23), transmission to connection, host to organisation.

Owner of a stack: the nearest frame that is neither the framework or a language runtime nor a carrier (HTTP client,
mediation, Play services client), by longest package prefix. *Unknown* (empty) is a valid answer.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

import msgspec

from monitor.analysis.words import table
from monitor.declaration import Declaration, covers
from monitor.events import Connection, Frame, TlsFailure, Transmission
from monitor.tables import Hosts, Packages, Sdk

#: Platform and language runtimes: never the owner of a call.
FRAMEWORK: Final = tuple(
    """android androidx com.android dalvik libcore java javax jdk sun com.sun kotlin kotlinx scala groovy org.json
    org.xml org.w3c org.apache.harmony org.chromium com.google.android.material vendor.android art""".split()
)
_PORTS = 4096
_PER_PORT = 8
_PER_HOST = 64
_REQUEST_WINDOW_US = 30_000_000
_CLOSE_US = 200_000
_SHOWN = 200
_NOBODY: Final = ("", "framework")


def _within(cls: str, prefixes: Iterable[str]) -> int:
    """Length of the longest prefix that covers the class, 0 = none."""
    best = 0
    for prefix in prefixes:
        if len(prefix) > best and (cls == prefix or cls.startswith((prefix + ".", prefix + "$"))):
            best = len(prefix)
    return best


def owner(frames: Sequence[Frame], packages: Packages, app_prefixes: Sequence[str]) -> str:
    """SDK id, ``app``, ``framework`` (only platform frames) or empty = unknown, for frames innermost first."""
    carried = False
    for frame in frames:
        own = _within(frame.cls, app_prefixes)
        sdk = packages.sdk(frame.cls)
        if sdk is not None and _within(frame.cls, sdk.packages) > own:
            if not sdk.carrier:
                return sdk.id
            carried = True
            continue
        if own:
            return "app"
        if not _within(frame.cls, FRAMEWORK):
            return ""
    return "framework" if frames and not carried else ""


def with_declared(sdks: Mapping[str, Sdk], declaration: Declaration) -> Packages:
    """The table of packages, with declared SDKs that it does not know added under their id or name."""
    known = {prefix for sdk in sdks.values() for prefix in sdk.packages}
    extra: dict[str, Sdk] = {}
    for item in declaration.sdks or []:
        prefixes = [prefix for prefix in item.package_prefixes if prefix not in known]
        if prefixes:
            name = item.id or item.name
            extra[f"declared:{name}"] = Sdk.model_construct(
                id=name, name=item.name, vendor=item.vendor, purposes=[], packages=prefixes, carrier=False, sources=[]
            )
    return Packages({**sdks, **extra})


class Party(NamedTuple):
    """Owner of a host: organisation id or empty, and ``first``, ``third`` or ``unknown``."""

    org: str
    party: str


def party(host: str, hosts: Hosts, declaration: Declaration) -> Party:
    """``first``: a declared own domain or the operator's organisation; ``third``: a known or declared other one."""
    found = hosts.owner(host)
    org = found.id if found else ""
    if declaration.own_host(org, host):
        return Party(org or declaration.operator.org, "first")
    if org:
        return Party(org, "third")
    declared = declaration.recipient("", host)
    return Party(declared.org, "third") if declared else Party("", "unknown")


@cache
def _system_hosts() -> list[str]:
    return [item["name"] for item in table("system_hosts")["hosts"]]


class _Link:
    """A connection, request or handover, and what has been told about it."""

    def __init__(self, event: Connection, target: str) -> None:
        self.event = event
        self.target = target
        """Path of the request as the app gave it, empty = not known; never leaves this module."""
        self.uses = 0
        """Messages that went over the connection, or were recognised as the request."""
        self.senders: set[str] = set()


class Joiner:
    """Gives transmissions and TLS failures their SDK, stack, organisation and party. Not thread-safe.

    Connections must be given before the transmissions that used them; memory is bounded. A request that was seen being
    made (host and path) names its sender; without one, who opened the connection does: certain for the first message,
    ``opened`` for later ones, and nobody once others were seen to use it, too. ``system``: the app's connections are
    seen, this is none of them, and the host is the system's or the socket another uid's.
    """

    def __init__(
        self,
        hosts: Hosts,
        sdks: Iterable[Sdk] = (),
        declaration: Declaration | None = None,
        foreign: Callable[[int], bool] = lambda port: False,
    ) -> None:
        """``foreign``: whether the socket with this local port is known to be another uid's than the app's."""
        self._hosts = hosts
        self._declaration = declaration or Declaration()
        self._ports: OrderedDict[int, deque[_Link]] = OrderedDict()
        self._requests: OrderedDict[str, deque[_Link]] = OrderedDict()
        self._sockets: OrderedDict[str, tuple[Connection | None, str]] = OrderedDict()
        self._sdks = list(sdks)
        self._foreign = foreign
        self._connects = False

    def connection(self, event: Connection, target: str = "") -> None:
        """Remember a connection, request or handover; ``target`` is the path of the request, if known."""
        link = _Link(event, target.partition("?")[0])
        if event.local_port:
            _remember(self._ports, _socket(event.protocol, event.local_port), link, _PER_PORT)
            self._connects |= event.link == "connect"
        if event.link == "request" and event.host:
            _remember(self._requests, event.host.lower(), link, _PER_HOST)

    def transmission(self, event: Transmission) -> Transmission:
        """The event with ``sdk, stack, attribution, org, party`` filled in as far as known."""
        who = party(event.host, self._hosts, self._declaration)
        link, how = self._link(event)
        if link is None and self._of_system(event.host, event.client_port, event.t + event.err):
            return msgspec.structs.replace(
                event, sdk="", stack=0, attribution="system", org=event.org or who.org, party=who.party
            )
        sdk, stack = (link.sdk, link.stack) if link else (event.sdk, event.stack)
        if not sdk and not stack:
            sdk = self.by_host(event.host)
            how = "host" if sdk else "none"
        return msgspec.structs.replace(
            event,
            sdk=sdk,
            stack=stack,
            attribution=how if (sdk or stack) else "none",
            org=event.org or who.org,
            party=who.party,
        )

    def tls_failure(self, event: TlsFailure) -> TlsFailure:
        """The event with ``sdk``, ``org`` and ``attribution`` filled in as far as known."""
        name = event.sni or event.host
        if self._of_system(name, event.client_port, event.t + event.err):
            org = event.org or party(name, self._hosts, self._declaration).org
            return msgspec.structs.replace(event, sdk="", org=org, attribution="system")
        opened = self._opened(event.client_port, event.t + event.err)
        return msgspec.structs.replace(
            event,
            sdk=(opened.event.sdk if opened else "") or event.sdk or self.by_host(name),
            org=event.org or party(name, self._hosts, self._declaration).org,
        )

    def by_host(self, host: str) -> str:
        """The one SDK that lists the host among its own, or empty."""
        found = {sdk.id for sdk in self._sdks if not sdk.carrier and covers(sdk.hosts, host)}
        return found.pop() if len(found) == 1 else ""

    def _of_system(self, host: str, port: int, latest: int) -> bool:
        """Whether it is background traffic of the system and not the app's."""
        if not self._connects or not port or self._opened(port, latest) is not None:
            return False
        return covers(_system_hosts(), host) or self._foreign(port)

    def _link(self, event: Transmission) -> tuple[Connection | None, str]:
        """Who sent it, and how that is known. The messages of a WebSocket are of who opened it."""
        base = event.flow.partition("#")[0]
        if event.protocol == "websocket" and base in self._sockets:
            return self._sockets[base]
        found = self._sender(event)
        if event.flow:
            self._sockets[base] = found
            if len(self._sockets) > _PORTS:
                self._sockets.popitem(last=False)
        return found

    def _sender(self, event: Transmission) -> tuple[Connection | None, str]:
        opened = self._opened(_socket(event.protocol, event.client_port), event.t + event.err)
        near = self._requested(event)
        rivals = {link.event.sdk for link in near}
        if len(rivals) == 1 and "" not in rivals:
            sender = near[0]
            sender.uses += 1
            if opened is not None:
                opened.uses += 1
                opened.senders.add(sender.event.sdk)
            return sender.event, "request"
        if opened is None:
            return None, "none"
        opened.uses += 1
        if rivals and (opened.uses > 1 or opened.event.sdk not in rivals):
            return None, "none"
        if opened.senders - {opened.event.sdk}:
            return None, "none"
        return opened.event, "port" if opened.uses == 1 else "opened"

    def _opened(self, port: int, latest: int) -> _Link | None:
        """Who opened the connection from a local port; the framework gives way to who handed it the task."""
        earlier = [c for c in self._ports.get(port, ()) if c.event.t - c.event.err <= latest] if port else []
        if not earlier:
            return None
        opened = max((c for c in earlier if c.event.link == "connect"), key=lambda c: c.event.t, default=earlier[-1])
        if opened.event.sdk in _NOBODY:
            handed = [
                c
                for c in earlier
                if c.event.link != "connect" and c.event.t >= opened.event.t and c.event.sdk not in _NOBODY
            ]
            if handed:
                return handed[-1]
        return opened

    def _requested(self, event: Transmission) -> list[_Link]:
        """Requests to the host, made before and not yet recognised, that can be this one: by path, else the last."""
        latest = event.t + event.err
        waiting = [
            c
            for c in self._requests.get(event.host.lower(), ())
            if not c.uses
            and latest - _REQUEST_WINDOW_US <= c.event.t - c.event.err <= latest
            and c.event.local_port in (0, event.client_port)
        ]
        named = [c for c in waiting if c.target and _same_path(c.target, event.path)]
        if named:
            return named
        unnamed = [c for c in waiting if not c.target]
        last = max((c.event.t for c in unnamed), default=0)
        return [c for c in unnamed if last - c.event.t <= _CLOSE_US]


def _socket(protocol: str, port: int) -> int:
    """Datagrams have ports of their own: the same number is another socket."""
    return -port if protocol == "udp" else port


def _same_path(told: str, shown: str) -> bool:
    """Whether a path is the one that an event shows: known values in it are hidden, and it is cut at 200 characters."""
    ours, theirs = (told or "/").split("/"), (shown or "/").split("/")
    if len(shown) >= _SHOWN:
        ours = ours[: len(theirs)]
        return len(ours) == len(theirs) and ours[-1].startswith(theirs.pop()) and _segments(ours[:-1], theirs)
    return len(ours) == len(theirs) and _segments(ours, theirs)


def _segments(ours: list[str], theirs: list[str]) -> bool:
    return all(b == "…" or a == b for a, b in zip(ours, theirs, strict=True))


def _remember[Key: (int, str)](table: OrderedDict[Key, deque[_Link]], key: Key, link: _Link, keep: int) -> None:
    table.setdefault(key, deque(maxlen=keep)).append(link)
    table.move_to_end(key)
    if len(table) > _PORTS:
        table.popitem(last=False)
