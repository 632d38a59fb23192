"""Hosts and addresses that stand in an app's file as text. That one stands there does not mean that it is used."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from monitor.knowledge.tables import Hosts

_MOST: Final = 3_000
_ADDRESS: Final = re.compile(
    rb"(?:https?|wss?|mqtts?)://([A-Za-z0-9][A-Za-z0-9.-]{1,252})([:/?#][!#$%&'()*+,./0-9:;=?@A-Z_a-z~-]{0,400})?"
)
_WIDE: Final = re.compile(rb"h\0t\0t\0p\0(?:s\0)?:\0/\0/\0(?:[!-~]\0){3,400}")
_BARE: Final = re.compile(rb"(?<![A-Za-z0-9._/@-])((?:[a-z0-9][a-z0-9-]{0,62}\.){1,6}[a-z]{2,12})(?=\0|[\"'\s<:/])")
_HOST: Final = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]|\d{1,3}(?:\.\d{1,3}){3}"
)
#: Names of XML vocabularies and documentation, written as addresses.
_NAMES: Final = frozenset(
    """schemas.android.com www.w3.org xml.org xmlpull.org ns.adobe.com schemas.xmlsoap.org java.sun.com xml.apache.org
    json-schema.org www.apache.org apache.org example.com www.example.com localhost schemas.microsoft.com purl.org
    xmlns.com www.example.org goo.gle developer.android.com issuetracker.google.com""".split()
)
_POLICY: Final = re.compile(r"privacy|privac|policy|policies|yinsi|yszc|agreement|userprotocol|protocol/user", re.I)


class Addresses(NamedTuple):
    """``hosts``: host to how often. ``policies``: addresses that look like a privacy policy's."""

    hosts: dict[str, int]
    policies: list[str]


def addresses(chunks: Iterable[bytes], known: Hosts) -> Addresses:
    """Addresses with a scheme, and bare names of hosts whose owner is known: other names may be a package's."""
    hosts: dict[str, int] = {}
    policies: dict[str, None] = {}

    def add(host: str, address: str = "") -> None:
        host = host.lower().rstrip(".-")
        if host in _NAMES or not _HOST.fullmatch(host) or (len(hosts) >= _MOST and host not in hosts):
            return
        hosts[host] = hosts.get(host, 0) + 1
        place = address.partition("?")[0]
        if len(policies) < 50 and _POLICY.search(place):
            policies[place[:300]] = None

    owned: dict[bytes, bool] = {}
    for data in chunks:
        for found in _ADDRESS.finditer(data):
            add(found[1].decode("ascii"), found[0].decode("ascii"))
        for wide in _WIDE.finditer(data):
            if inner := _ADDRESS.match(wide[0][::2]):
                add(inner[1].decode("ascii"), inner[0].decode("ascii"))
        for bare in _BARE.finditer(data):
            name = bare[1]
            if name not in owned and len(owned) < 200_000:
                owned[name] = known.owner(name.decode("ascii")) is not None
            if owned.get(name):
                add(name.decode("ascii"))
    return Addresses(dict(sorted(hosts.items())), sorted(policies))
