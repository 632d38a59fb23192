"""The sender of outgoing traffic: from transmission to request, connection or handover, and from those to the code."""

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Iterable
from functools import cache, partial
from typing import Final, NamedTuple

import msgspec

from monitor.analysis.recipient import Party, party
from monitor.events import Connection, TlsFailure, Transmission
from monitor.knowledge.tables import Hosts, Sdk
from monitor.knowledge.wordlists import derived, table
from monitor.session.declaration import Declaration, covers

_PORTS = 4096
_PER_PORT = 8
_PER_HOST = 256
_REQUEST_WINDOW_US = 30_000_000
_CLOSE_US = 200_000
#: Ports are reused: what the kernel's tables said about a socket is valid this long.
_FRESH_US = 10_000_000
_NOBODY: Final = ("", "framework")


@derived
@cache
def _system_hosts() -> list[str]:
    return [item["name"] for item in table("system_hosts")["hosts"]]


class _Host(NamedTuple):
    """What the tables and the declaration say about a host, whatever is sent there."""

    owner: Party
    sdk: str
    """The only SDK that lists it as its own, or empty."""
    system: bool
    """Whether the system itself sends there in the background."""


class _Link:
    """A connection, request or handover, and what has been learnt about it."""

    def __init__(self, event: Connection) -> None:
        self.event = event
        self.uses = 0
        """Messages sent over the connection, or matched to the request."""
        self.senders: set[str] = set()


class _Latest[Key: (int, str), Value](OrderedDict[Key, Value]):
    """Loses the oldest key if there are too many."""

    def put(self, key: Key, value: Value) -> Value:
        """The key is now the newest."""
        self[key] = value
        self.move_to_end(key)
        if len(self) > _PORTS:
            self.popitem(last=False)
        return value


class Joiner:
    """Gives transmissions and TLS failures their SDK, stack, organisation and party. Not thread-safe.

    Connections must be given before the transmissions that used them; memory is bounded. A request that was seen being
    made (host and path) identifies its sender; without one, the opener of the connection does: with certainty for the
    first message, as ``opened`` for later ones, and not at all once others were seen to use the connection. ``system``:
    the app's connections are observed, this is none of them, and the host belongs to the system or the socket to
    another UID.
    """

    def __init__(self, hosts: Hosts, sdks: Iterable[Sdk] = (), declaration: Declaration | None = None) -> None:
        self._hosts = hosts
        self._declaration = declaration or Declaration()
        self._sdks = [sdk for sdk in sdks if sdk.hosts and not sdk.carrier]
        self._known: dict[str, _Host] = {}
        self._ports = _Latest[int, deque[_Link]]()
        self._connects = False
        self._requests = _Latest[str, deque[_Link]]()
        """By host."""
        self._openers = _Latest[str, tuple[Connection | None, str]]()
        """By flow: its sender, and how it is known."""
        self._owners = _Latest[int, tuple[bool, int]]()
        """Local port to whether its socket is the app's own, and when that was observed."""
        self._names = _Latest[str, set[str]]()
        """By address: the names that were seen leading there."""

    def connection(self, event: Connection) -> None:
        """Remember a connection, request or handover."""
        link, host = _Link(event), event.host.lower()
        if event.local_port:
            port = _socket(event.protocol, event.local_port)
            self._ports.put(port, self._ports.get(port) or deque(maxlen=_PER_PORT)).append(link)
            self._connects |= event.link == "connect"
        if event.link == "lookup" and host and event.address:
            for address in map(_plain, (event.address, *event.others)):
                self._names.put(address, self._names.get(address) or set()).add(host)
        if event.link == "request" and host:
            self._requests.put(host, self._requests.get(host) or deque(maxlen=_PER_HOST)).append(link)

    def socket(self, port: int, own: bool, t: int) -> None:
        """The kernel's tables showed the socket with this local port: the app's own, or another uid's."""
        self._owners.put(port, (own, t))

    def _reached(self, event: Transmission) -> Transmission:
        """Whose address it is, where the app dialled one: of the name that it wrote if that was seen leading there,
        else of the only name that was."""
        names = self._names.get(_plain(event.host), set())
        if event.named.lower() in names:
            return msgspec.structs.replace(event, host=event.named.lower(), address=event.host, named="")
        if len(names) == 1:
            return msgspec.structs.replace(event, host=next(iter(names)), address=event.host)
        return event

    def transmission(self, event: Transmission) -> Transmission:
        """The event with ``sdk, stack, attribution, org, party`` filled in as far as known, and with the host that was
        reached where the app dialled an address and only wrote a name."""
        if event.named and not event.address:
            event = self._reached(event)
        host = self._about(event.host)
        given = partial(msgspec.structs.replace, event, org=host.owner.org, party=host.owner.party)
        if event.unowned:  # nor does it use up the requests that the app was seen making
            return given(sdk="", stack=0, attribution="unattributed", made=None)
        link, how = self._link(event)
        if link is None:
            if whose := self._of_system(host, event.client_port, event.t + event.err, _perhaps_values(event)):
                return given(sdk="", stack=0, attribution=whose, made=None)
            return given(sdk=host.sdk, stack=0, attribution="host" if host.sdk else "none", made=None)
        made = (link.t, link.err, link.src, link.seq) if link.src.startswith("hooks:") else None
        if link.sdk or link.stack:
            return given(sdk=link.sdk, stack=link.stack, attribution=how, made=made)
        return given(sdk=host.sdk, stack=0, attribution="host" if host.sdk else "none", made=made)

    def tls_failure(self, event: TlsFailure) -> TlsFailure:
        """The event with ``sdk``, ``org`` and ``attribution`` filled in as far as known."""
        host = self._about(event.sni or event.host)
        given = partial(msgspec.structs.replace, event, org=host.owner.org)
        if event.unowned:
            return given(sdk="", attribution="unattributed")
        dialled = self._about(event.host)
        if whose := self._of_system(dialled, event.client_port, event.t + event.err, not event.idle):
            return given(sdk="", attribution=whose)
        opened = self._opened(event.client_port, event.t + event.err)
        return given(sdk=(opened.event.sdk if opened else "") or host.sdk, attribution="")

    def _about(self, host: str) -> _Host:
        known = self._known.get(host)
        if known is None:
            found = {sdk.id for sdk in self._sdks if covers(sdk.hosts, host)}
            sdk = found.pop() if len(found) == 1 else ""
            known = _Host(party(host, self._hosts, self._declaration), sdk, covers(_system_hosts(), host))
            if len(self._known) < _PORTS:
                self._known[host] = known
        return known

    def _of_system(self, host: _Host, port: int, latest: int, perhaps: bool) -> str:
        """``system`` for background traffic of the system and not the app's; empty for none. The owner of the socket
        decides, where it is known. The host alone is no proof where it may be the app's data (``perhaps``), as code
        that calls the kernel itself is seen by no hook: then whose it is is not known (``unattributed``)."""
        if not self._connects or not port or self._opened(port, latest) is not None:
            return ""
        known = self._owners.get(port)
        if known is not None and abs(latest - known[1]) <= _FRESH_US:
            return "" if known[0] else "system"
        return ("unattributed" if perhaps else "system") if host.system else ""

    def _link(self, event: Transmission) -> tuple[Connection | None, str]:
        """The sender, and how it is known. Messages on a WebSocket are attributed to its opener."""
        flow = event.flow.partition("#")[0]
        if event.protocol == "websocket" and flow in self._openers:
            return self._openers[flow]
        found = self._sender(event)
        return self._openers.put(flow, found) if event.flow else found

    def _sender(self, event: Transmission) -> tuple[Connection | None, str]:
        opened = self._opened(_socket(event.protocol, event.client_port), event.t + event.err)
        near = self._requested(event)
        rivals = {link.event.sdk for link in near}
        certain = len(rivals) == 1 and "" not in rivals
        if opened is not None:
            opened.uses += 1
            opened.senders |= rivals if certain else set()
        if certain:
            sender = min(near, key=lambda link: link.event.t)
            sender.uses += 1
            return sender.event, "request"
        if (
            opened is None
            or (rivals and (opened.uses > 1 or opened.event.sdk not in rivals))
            or opened.senders - {opened.event.sdk}
        ):
            return None, "none"
        return opened.event, "port" if opened.uses == 1 else "opened"

    def _opened(self, port: int, latest: int) -> _Link | None:
        """The opener of the connection from a local port; the framework yields to the code that handed it the task."""
        earlier = [c for c in self._ports.get(port, ()) if c.event.t - c.event.err <= latest] if port else []
        if not earlier:
            return None
        opened = max((c for c in earlier if c.event.link == "connect"), key=lambda c: c.event.t, default=earlier[-1])
        if opened.event.sdk not in _NOBODY:
            return opened
        after = (c for c in reversed(earlier) if c.event.link != "connect" and c.event.t >= opened.event.t)
        return next((c for c in after if c.event.sdk not in _NOBODY), opened)

    def _requested(self, event: Transmission) -> list[_Link]:
        """Earlier unmatched requests to the host that can be this one: by path, otherwise the last."""
        latest = event.t + event.err
        waiting = [
            c
            for host in dict.fromkeys((event.host.lower(), event.named.lower(), event.address))
            for c in self._requests.get(host, ())
            if not c.uses
            and latest - _REQUEST_WINDOW_US <= c.event.t - c.event.err <= latest
            and c.event.local_port in (0, event.client_port)
        ]
        named = [c for c in waiting if c.event.path_tag and c.event.path_tag == event.path_tag]
        if named:
            return named
        unnamed = [c for c in waiting if not c.event.path_tag]
        last = max((c.event.t for c in unnamed), default=0)
        return [c for c in unnamed if last - c.event.t <= _CLOSE_US]


def _perhaps_values(event: Transmission) -> bool:
    """Whether it is unread, or holds values that the app was seen reading."""
    unread = event.decoded != "yes" and event.bytes > 0
    return unread or any(match.tag and match.certainty == "found" for match in event.matches)


def _plain(address: str) -> str:
    """An address in its usual spelling."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address


def _socket(protocol: str, port: int) -> int:
    """Datagrams have their own port space: the same number is a different socket."""
    return -port if protocol == "udp" else port
