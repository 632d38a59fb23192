"""Lines of the self-test that judge what was observed: the engine's hooks, TLS, zygote, the user, the proxy. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from monitor.base.checks import Check, State
from monitor.base.errors import printable
from monitor.collectors.proxy.tls import broken_off
from monitor.events import TlsFailure

#: Below this share of the rows that this Android has, the engine is broken and not merely incomplete.
_LEAST: Final = 0.9
PROVEN: Final = frozenset({"hooked", "late"})
#: Readings of a failed handshake that say nothing of the certificate.
_OTHERWISE: Final = ("client_fault", "not_tls", "quic")
#: Rows whose classes, methods or libraries are not there: no fault of the engine's.
ABSENT: Final = ("absent_", "declared_only", "off")


class Row(NamedTuple):
    """State of a hook, and why it is not in force."""

    state: str
    why: str = ""


def engine(rows: Sequence[Row], fault: str) -> Check:
    """Whether the hooks are in force, each shown by a call. ``fault``: what the agent said of its engine."""
    there = [row for row in rows if not row.state.startswith(ABSENT)]
    proven = sum(row.state in PROVEN for row in there)
    said = f"{proven} of {len(there)} hooks proven by a call, {len(rows) - len(there)} not on this Android"
    if proven == len(there) > 0:
        return Check(name="engine", state="ok", detail=said)
    reasons = Counter(row.why or row.state for row in there if row.state not in PROVEN)
    why = fault or (reasons.most_common(1)[0][0] if reasons else "no hook could be installed")
    bad = proven < _LEAST * len(there) or not there
    return Check(name="engine", state="fail" if bad else "warn", detail=printable(f"{said}: {why}", 300), needed=bad)


def way(about: Mapping[str, Any], fault: str) -> Check:
    """By which way calls reach the hooks: gates of our own, or the bridge, and why. ``about``: the agent on itself."""
    if told := str(about.get("way") or ""):
        why = str(about.get("way_why") or "")
        state: State = "warn" if why and told != "gates" else "ok"
        return Check(name="way", state=state, detail=printable(f"{told}: {why}" if why else told, 300), needed=False)
    if fault:
        return Check(name="way", state="warn", detail=printable(f"bridge only: {fault}", 300), needed=False)
    if about.get("flavor") == "art":
        return Check(name="way", state="ok", detail="gates", needed=False)
    return Check(name="way", state="ok", detail="C entries, put in place by the bridge", needed=False)


def compiled(about: Mapping[str, Any]) -> Check:
    """Whether a call from compiled code reached a hook: such code may have the method's body inlined."""
    told, why = str(about.get("compiled") or ""), str(about.get("compiled_why") or "")
    if told == "seen":
        return Check(name="compiled", state="ok", detail="a call from compiled code reached its hook", needed=False)
    if told == "missed":
        said = "a call from compiled code did not reach its hook"
        said = f"a call from compiled code did not reach its hook: {why}" if why else said
        return Check(name="compiled", state="fail", detail=printable(said, 300))
    said = "not tested: the agent made no call from compiled code"
    said = f"not tested: the agent made no call from compiled code: {why}" if why else said
    return Check(name="compiled", state="warn", detail=printable(said, 300), needed=False)


def refusals(events: Iterable[object]) -> list[TlsFailure]:
    """Connections that ended at the certificate: none of those that ended because the test had stopped the app."""
    failed = [event for event in events if isinstance(event, TlsFailure) and not event.idle]
    return [event for event in failed if event.reading not in _OTHERWISE and not broken_off(event.alert)]


def tls(seen: str, read: int, refused: int, *, owned: bool) -> Check:
    """Whether the app accepts the proxy's certificate. ``seen``: state of the capability that it sees it (yes, no,
    unknown); ``read``, ``refused``: requests over TLS, and connections that ended at the certificate."""
    if read and owned:
        return Check(name="tls", state="ok", detail="the app accepted the certificate", needed=False)
    if seen == "yes" and refused:
        said = "the app sees the certificate and rejects it all the same"
        return Check(name="tls", state="fail", detail=said)
    if refused:
        return Check(name="tls", state="warn", detail="connections were rejected at the certificate", needed=False)
    return Check(name="tls", state="warn", detail="no connection over TLS that would show it", needed=False)


def zygote(fault: str) -> Check:
    """Whether the process that apps come from is the one that was there at the beginning."""
    if fault:
        return Check(name="zygote", state="fail", detail=f"{fault} while Frida was in use")
    return Check(name="zygote", state="ok", detail="alive, the same as at the beginning")


def user(foreground: int, started: int | None) -> Check:
    """Whose copy of the app runs. ``started``: the user of the started process, None = unknown."""
    if started is not None and started != foreground:
        said = f"user {foreground} is in the foreground, and user {started}'s copy of the app was started"
        return Check(name="user", state="fail", detail=said)
    return Check(name="user", state="ok", detail=f"user {foreground} is in the foreground, whose copy of the app runs")


def proxy(different: str) -> Check:
    """Whether the device's own proxy is what it was."""
    if different:
        return Check(name="proxy_back", state="fail", detail=f"{different} is not as it was before")
    return Check(name="proxy_back", state="ok", detail="as it was before")
