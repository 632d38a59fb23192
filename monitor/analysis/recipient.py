"""Whose a host is, and who else receives a message if the name that the app wrote into it is true."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from monitor.events import Transmission
from monitor.knowledge.tables import Hosts
from monitor.session.declaration import Declaration


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


def readings(event: Transmission, hosts: Hosts, declaration: Declaration) -> Sequence[Transmission]:
    """The message as it went to where the app dialled, and, if the app wrote a name that nothing proves, as if that
    were the recipient's."""
    if not event.named:
        return (event,)
    who = party(event.named, hosts, declaration)
    dialled = msgspec.structs.replace(event, named="")
    return dialled, msgspec.structs.replace(dialled, host=event.named, org=who.org, party=who.party)
