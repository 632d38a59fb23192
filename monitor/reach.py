"""Which addresses belong to the public Internet, and which only this machine or its network can reach."""

from __future__ import annotations

import ipaddress


def is_public(address: str) -> bool:
    """Whether an address (not a name) belongs to the public Internet. Raises ``ValueError`` for anything else."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and (inner := found.ipv4_mapped or found.sixtofour):
        found = inner
    return found.is_global and not found.is_multicast
