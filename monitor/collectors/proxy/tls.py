"""What a failed TLS handshake suggests. A suspicion, never an assertion."""

from typing import Final

_REFUSED: Final = ("unknown ca", "certificate unknown", "bad certificate", "certificate expired", "access denied")
_FAULT: Final = ("internal error", "handshake failure", "protocol version", "no shared cipher", "decode error",
                 "unsupported protocol", "inappropriate fallback", "illegal parameter")  # fmt: skip
_NOT_TLS: Final = ("wrong version number", "http request", "expected tls", "packet length", "unknown protocol",
                   "cannot parse clienthello", "invalid clienthello")  # fmt: skip

NO_REQUEST: Final = "established, then closed without a request"
GOODBYE: Final = "established, then a goodbye without a request"


#: The monitor stopped the client: nothing was sent, and nothing was refused.
ENDED: Final = "ended"
#: Closed unused, as HTTP/2 clients do with the slower of two connections: the other one took the requests of both.
SPARE: Final = "spare"


def broken_off(alert: str) -> bool:
    """Whether the client simply disappeared, as a killed one does: without close_notify."""
    return alert == NO_REQUEST or alert.startswith("The client disconnected during the handshake")


def reading(alert: str, *, ca_confirmed: bool, ca_seen: bool = False) -> str:
    """The class of a failure: ca_missing, pinning, client_fault, not_tls or unknown. ``ca_confirmed``: the app has
    accepted the CA elsewhere, so a rejection is its own. ``ca_seen``: the app sees it in its store; systems are known
    that reject it all the same, so a rejection may be either."""
    text = alert.lower().replace("_", " ")
    if any(word in text for word in _NOT_TLS):
        return "not_tls"
    if any(word in text for word in _REFUSED) or "does not trust" in text:
        return "pinning" if ca_confirmed else "unknown" if ca_seen else "ca_missing"
    if any(word in text for word in _FAULT):
        return "client_fault"
    if text in (NO_REQUEST, GOODBYE):
        return "pinning" if ca_confirmed else "unknown"
    return "unknown"
