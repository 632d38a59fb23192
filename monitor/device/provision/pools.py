"""Pools of pre-forked processes, from which a system may start apps in a way that Frida's spawn misses."""

from monitor.device.changes.change import Change
from monitor.device.changes.undo import POOL_FLAG, POOL_PROPERTY


def without() -> list[Change]:
    """Switch Android's own pool (USAP, 10 and later) off. For vendors' pools no switch is known."""
    do = f"device_config put {POOL_FLAG} false; setprop {POOL_PROPERTY} false"
    return [Change("pool of processes", "root", do, ("pool",))]
