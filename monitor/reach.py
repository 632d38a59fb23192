"""Which addresses belong to the public Internet, and which only this machine or its network can reach."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

#: Where an IPv6 address holds an IPv4 address to which it leads: network to the bits that follow the address. Mapped
#: (RFC 4291, 2.5.5.2), compatible (2.5.5.1), translated (RFC 2765), NAT64 (RFC 6052) and 6to4 (RFC 3056). Locally
#: used NAT64 (RFC 8215) and Teredo are no public addresses as they are.
_EMBEDDING: Final = {
    IPv6Network("::ffff:0:0/96"): 0,
    IPv6Network("::/96"): 0,
    IPv6Network("::ffff:0:0:0/96"): 0,
    IPv6Network("64:ff9b::/96"): 0,
    IPv6Network("2002::/16"): 80,
}
#: Global unicast: all that is assigned so far (RFC 4291, 2.4). Site-local addresses (RFC 3879) are not in it.
_UNICAST: Final = IPv6Network("2000::/3")


def is_public(address: str) -> bool:
    """Whether an address (not a name) belongs to the public Internet; one that holds an IPv4 address, as that address.
    Raises ``ValueError`` for anything else."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        for network, after in _EMBEDDING.items():
            if found in network:
                found = IPv4Address(int(found) >> after & 0xFFFF_FFFF)
                break
        else:
            return found in _UNICAST and found.is_global
    return found.is_global and not found.is_multicast
