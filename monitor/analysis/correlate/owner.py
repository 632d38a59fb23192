"""Ownership of stacks and hosts: stack to SDK (rule R23), host to organisation.

Owner of a stack: the nearest frame that is neither the framework or a language runtime nor a carrier (HTTP client,
mediation, Play services client), by longest package prefix. *Unknown* (empty) is a valid answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from monitor.declaration import Declaration
from monitor.events import Frame
from monitor.tables import Hosts, Packages, Sdk

#: Platform and language runtimes: never the owner of a call.
FRAMEWORK: Final = tuple(
    """android androidx com.android dalvik libcore java javax jdk sun com.sun kotlin kotlinx scala groovy org.json
    org.xml org.w3c org.apache.harmony org.chromium com.google.android.material vendor.android art""".split()
)
#: Classes whose owner is remembered.
_CLASSES: Final = 50_000
_CARRIER: Final = "(carrier)"


def _within(cls: str, prefixes: Iterable[str]) -> int:
    """Length of the longest prefix that covers the class, 0 = none."""
    best = 0
    for prefix in prefixes:
        if len(prefix) > best and (cls == prefix or cls.startswith((prefix + ".", prefix + "$"))):
            best = len(prefix)
    return best


def platform(cls: str) -> bool:
    """Whether a class belongs to the platform or a language runtime."""
    return _within(cls, FRAMEWORK) > 0


class Owners:
    """Owners of stacks; classes are looked up once, within the memory bound."""

    def __init__(self, packages: Packages, app_prefixes: Sequence[str]) -> None:
        self._packages = packages
        self._prefixes = tuple(app_prefixes)
        self._known: dict[str, str] = {}

    def of(self, frames: Iterable[Frame]) -> str:
        """SDK id, ``app``, ``framework`` (only platform frames) or empty = unknown, for frames innermost first."""
        found = ""
        for frame in frames:
            name = self._known.get(frame.cls)
            if name is None:
                name = self._class(frame.cls)
                if len(self._known) < _CLASSES:
                    self._known[frame.cls] = name
            if name == _CARRIER:
                found = name
            elif name != "framework":
                return name
            else:
                found = found or name
        return "" if found == _CARRIER else found

    def _class(self, cls: str) -> str:
        own = _within(cls, self._prefixes)
        sdk = self._packages.sdk(cls)
        if sdk is not None and _within(cls, sdk.packages) > own:
            return _CARRIER if sdk.carrier else sdk.id
        if own:
            return "app"
        return "framework" if platform(cls) else ""


def owner(frames: Iterable[Frame], packages: Packages, app_prefixes: Sequence[str]) -> str:
    """The owner of one stack, as ``Owners.of`` gives it."""
    return Owners(packages, app_prefixes).of(frames)


def with_declared(sdks: Mapping[str, Sdk], declaration: Declaration) -> Packages:
    """The package table, with declared SDKs that it lacks added under their ID or name."""
    known = {prefix for sdk in sdks.values() for prefix in sdk.packages}
    extra: dict[str, Sdk] = {}
    for item in declaration.sdks or []:
        prefixes = [prefix for prefix in item.package_prefixes if prefix not in known]
        if prefixes:
            name = item.id or item.name
            extra[f"declared:{name}"] = Sdk.model_construct(
                id=name, name=item.name, vendor=item.vendor, purposes=[], packages=prefixes, carrier=False, sources=[]
            )
    return Packages({**sdks, **extra})


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
