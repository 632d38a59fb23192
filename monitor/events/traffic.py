"""Where the app connected to, and what it sent."""

from typing import ClassVar, Final

import msgspec

from monitor.events.base import Base


class Match(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A known value (``found``) or the shape of one (``possible``) in a transmission."""

    data_type: str
    form: str
    """Its encoding: ``plain``, ``upper``, ``no_separators``, ``base64``, ``hex``, ``md5``, ``sha256`` …"""
    path: str
    """Where, decoder steps included: ``body.json.data[3].b64.gzip.form.imei``."""
    certainty: str
    tag: str = ""
    """Equality tag of the value; empty for ``possible``."""


class Connection(Base, frozen=True, kw_only=True, tag="connection"):
    """The app connected a socket, sent datagrams or looked up a name: the destination, and the code that did it."""

    inferred: ClassVar[frozenset[str]] = frozenset({"sdk"})
    address: str
    port: int
    local_port: int
    protocol: str = "tcp"
    """tcp, udp or dns (a name lookup: ``address`` is the first in the answer)."""
    host: str = ""
    result: str = "ok"
    stack: int = 0
    sdk: str = ""
    path_tag: str = ""
    """For a request: keyed hash of its path without query (32 hex digits), empty = not known. Equal paths have equal
    tags; the path itself may hold personal values and is not kept."""
    link: str = "connect"
    """connect (libc), request (an HTTP client's own call), handover (a task handed to another thread) or lookup."""
    count: int = 1
    """Number of datagrams that this event represents."""
    others: list[str] = []
    """Of a lookup: the further addresses in the answer, at most 15."""


class Transmission(Base, frozen=True, kw_only=True, tag="transmission"):
    """One outgoing message: HTTP request, WebSocket message, raw TCP/TLS or UDP record."""

    inferred: ClassVar[frozenset[str]] = frozenset({"sdk", "stack", "org", "party", "attribution", "made"})
    flow: str
    host: str
    port: int
    org: str = ""
    party: str = "unknown"
    sdk: str = ""
    client_port: int = 0
    bytes: int = 0
    """Length of the undecoded body, rounded up (``monitor.session.observe.bucket``); so is ``response_bytes``."""
    matches: list[Match] = []
    protocol: str = "http"
    scheme: str = "https"
    method: str = ""
    path: str = ""
    """Path without query, at most 200 characters; segments that hold a known value are replaced by ``…``."""
    path_tag: str = ""
    """Keyed hash of the complete path as sent, like ``Connection.path_tag``."""
    status: int = 0
    sni: str = ""
    address: str = ""
    """What the app dialled, where that was an address and ``host`` is the name that the server proved by its
    certificate (in an analysis also: that was seen being looked up)."""
    named: str = ""
    """The name that the app wrote (SNI, or ``Host`` without TLS) into what it sends to an address, where nothing proves
    that the address is this name's: ``host`` is the address then."""
    http_version: str = ""
    content_type: str = ""
    sha256: str = ""
    """Keyed digest of the undecoded body (``private/blobs``): HMAC-SHA-256, session key, over its SHA-256."""
    head: str = ""
    """Keyed digest of the beginning of the body, if only that was kept: the bundle would have grown too large."""
    decoded: str = "yes"
    """yes, partial (a cap was reached), no (encrypted or unknown); opaque in older logs (not HTTP)."""
    reason: str = ""
    attribution: str = "none"
    """Inferred. request (seen being made), port (first message of a connection whose opening was seen), opened (a later
    message of it: names the opener, which is not proven to be the sender), host (owner of the host only), system
    (background traffic, not the app's), unattributed (of an unknown app) or none."""
    made: tuple[int, int, str, int] | None = None
    """When the app asked for it or opened its connection, as told by its agent: time, error, source and number. It was
    sent after that."""
    unowned: bool = False
    """The apps on the device share the proxy and cannot be told apart, so it may be another app's."""
    stack: int = 0
    call: int = 0
    response_bytes: int = 0


class TlsFailure(Base, frozen=True, kw_only=True, tag="tls_failure"):
    """A TLS handshake failed: the content is not observable. ``reading`` is a suspicion, except if ``idle``. ``host``
    is what the app dialled, ``sni`` the name that it wrote."""

    inferred: ClassVar[frozenset[str]] = frozenset({"sdk", "org", "attribution"})
    sni: str
    host: str
    port: int
    client_port: int
    alert: str
    reading: str
    """ca_missing, pinning, client_fault, not_tls, quic, unknown; ended: the app was stopped before it sent anything;
    spare: not needed, as another connection to the host carried the requests."""
    failed: int = 0
    """When it failed, in microseconds; 0: not known. ``t`` is when the connection began."""
    org: str = ""
    sdk: str = ""
    attribution: str = ""
    """Inferred. ``system``: background traffic of the system, not the app's; ``unattributed``: of an unknown app;
    otherwise empty."""
    unowned: bool = False
    """As of a ``Transmission``."""

    @property
    def idle(self) -> bool:
        """Nothing was sent and nothing was refused, so nothing is unread."""
        return self.reading in ("ended", "spare")


SENT: Final = (Transmission, TlsFailure)
TrafficEvent = Connection | Transmission | TlsFailure


def of_system(event: Base) -> bool:
    """Whether it is not known to be the app's: recorded and counted, never attributed to the app."""
    return isinstance(event, SENT) and event.attribution in ("system", "unattributed")
