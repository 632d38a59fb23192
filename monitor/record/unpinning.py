"""How far a session goes to read TLS: the level that was asked for, what it installs, what the log says of it."""

from __future__ import annotations

from typing import Final

from monitor.clock import now_us
from monitor.collectors.proxy import ProxyWorker
from monitor.errors import InputError, printable
from monitor.events import Health

#: ``none``: no certificate is installed, TLS of the app is expected to fail. ``ca``: ours is in the system store.
LEVELS: Final = ("none", "ca")


def check_level(level: str) -> None:
    """Raise ``InputError`` for a level that there is not."""
    if level == "hooks":
        raise InputError("--unpin hooks is not available yet", hint="use ca (the certificate is installed) or none")
    if level not in LEVELS:
        raise InputError(f"no such unpinning level: {printable(level, 40)}", hint=f"use {' or '.join(LEVELS)}")


def certificate(worker: ProxyWorker, level: str) -> bytes:
    """The certificate (PEM) to install on the device; empty = none."""
    return worker.ca_pem if level == "ca" else b""


def level_used(app: str, level: str) -> Health:
    """The event that says it in the log."""
    detail = {"level": level}
    return Health(t=now_us(), err=0, src="runner", app=app, component="proxy", what="unpinning", detail=detail)
