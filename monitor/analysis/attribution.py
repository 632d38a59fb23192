"""Whose code did it: stack to SDK (rule R23), transmission to connection, host to organisation.

Owner of a stack: the nearest frame that is neither the framework or a language runtime nor a carrier (HTTP client,
mediation, Play services client), by longest package prefix. *Unknown* (empty) is a valid answer.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

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
_REQUEST_WINDOW_US = 10_000_000
_CLOSE_US = 200_000


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


class Joiner:
    """Gives transmissions and TLS failures their SDK, stack, organisation and party. Not thread-safe.

    Connections must be given before the transmissions that used them; memory is bounded.
    """

    def __init__(self, hosts: Hosts, sdks: Iterable[Sdk] = (), declaration: Declaration | None = None) -> None:
        self._hosts = hosts
        self._declaration = declaration or Declaration()
        self._ports: OrderedDict[int, deque[Connection]] = OrderedDict()
        self._requests: OrderedDict[str, deque[Connection]] = OrderedDict()
        self._sdks = list(sdks)

    def connection(self, event: Connection) -> None:
        """Remember a connection, request or handover."""
        if event.local_port:
            _remember(self._ports, event.local_port, event)
        if event.link == "request" and event.host:
            _remember(self._requests, event.host.lower(), event)

    def transmission(self, event: Transmission) -> Transmission:
        """The event with ``sdk, stack, attribution, org, party`` filled in as far as known."""
        who = party(event.host, self._hosts, self._declaration)
        link, how = self._link(event.client_port, event.host, event.t + event.err)
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
        """The event with ``sdk`` and ``org`` filled in as far as known."""
        name = event.sni or event.host
        link, _ = self._link(event.client_port, name, event.t + event.err)
        return msgspec.structs.replace(
            event,
            sdk=(link.sdk if link else "") or event.sdk or self.by_host(name),
            org=event.org or party(name, self._hosts, self._declaration).org,
        )

    def by_host(self, host: str) -> str:
        """The one SDK that lists the host among its own, or empty."""
        found = {sdk.id for sdk in self._sdks if not sdk.carrier and covers(sdk.hosts, host)}
        return found.pop() if len(found) == 1 else ""

    def _link(self, port: int, host: str, latest: int) -> tuple[Connection | None, str]:
        request = self._request(port, host, latest)
        if request is not None:
            return request, "request"
        earlier = [c for c in self._ports.get(port, ()) if c.t - c.err <= latest] if port else []
        if not earlier:
            return None, "none"
        opened = max((c for c in earlier if c.link == "connect"), key=lambda c: c.t, default=earlier[-1])
        if opened.sdk in ("", "framework"):
            handed = [c for c in earlier if c.link != "connect" and c.t >= opened.t and c.sdk not in ("", "framework")]
            if handed:
                return handed[-1], "port"
        return opened, "port"

    def _request(self, port: int, host: str, latest: int) -> Connection | None:
        """The request-level link of a pooled connection: nearest earlier one to the host, if no other is as near."""
        near = [
            c
            for c in self._requests.get(host.lower(), ())
            if latest - _REQUEST_WINDOW_US <= c.t - c.err <= latest and c.local_port in (0, port)
        ]
        if not near:
            return None
        last = max(near, key=lambda c: c.t)
        rivals = {c.sdk for c in near if last.t - c.t <= _CLOSE_US}
        return last if len(rivals) == 1 and last.sdk else None


def _remember[Key: (int, str)](table: OrderedDict[Key, deque[Connection]], key: Key, event: Connection) -> None:
    table.setdefault(key, deque(maxlen=_PER_PORT)).append(event)
    table.move_to_end(key)
    if len(table) > _PORTS:
        table.popitem(last=False)
