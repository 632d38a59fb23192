"""Pools of pre-forked processes, from which a system may start apps in a way that Frida's spawn misses."""

from __future__ import annotations

from typing import Final

from monitor.device.change import Change

_FLAG: Final = "runtime_native usap_pool_enabled"
_PROPERTY: Final = "persist.device_config.runtime_native.usap_pool_enabled"


def without() -> list[Change]:
    """Switch Android's own pool (USAP, 10 and later) off. For vendors' pools no switch is known."""
    do = f"device_config put {_FLAG} false; setprop {_PROPERTY} false"
    undo = f"device_config delete {_FLAG} >/dev/null; setprop {_PROPERTY} ''"
    return [Change("pool of processes", "root", do, undo)]
