"""Whether code is a listed library's, or only named as its: anybody may put a class into a library's package. A second
trait is needed, where it could have been seen: as many classes as a library has, in the app's file or, as a packer may
hide them there, among the callers; or a host of the library's own that its code contacts."""

from collections.abc import Iterable, Mapping
from typing import Final

from monitor.events import Connection, TlsFailure, Transmission
from monitor.knowledge.tables import Sdk
from monitor.session.declaration import covers

#: Classes from which on a package holds a library, those within other classes not counted.
_ENOUGH: Final = 5


class Named:
    """The listed libraries of a session. Where the app's file was not read, the name counts."""

    def __init__(self, sdks: Mapping[str, Sdk]) -> None:
        self.held: Mapping[str, int] | None = None
        """How many classes of which library are in the app's file; None: it was not read."""
        self._sdks = sdks
        self._seen: dict[str, set[str]] = {}
        """Classes of each library among the callers, as many as are needed."""
        self._contacts: set[str] = set()

    def acted(self, sdk: str, classes: Iterable[str]) -> None:
        """Classes of the library in a stack that is its."""
        if sdk in self._sdks and len(seen := self._seen.setdefault(sdk, set())) < _ENOUGH:
            seen.update(name.partition("$")[0] for name in classes)

    def sent(self, event: Connection | TlsFailure | Transmission) -> None:
        """What was sent, or tried, by code of its name."""
        sdk = self._sdks.get(event.sdk)
        if sdk is None or sdk.id in self._contacts:
            return
        owner = "" if isinstance(event, Connection) else event.org
        hosts = {event.host, event.sni} if isinstance(event, TlsFailure) else {event.host}
        if (sdk.org and owner == sdk.org) or any(covers(sdk.hosts, host) for host in hosts):
            self._contacts.add(sdk.id)

    def doubted(self, sdk: str) -> bool:
        """Whether nothing but the name says so."""
        if self.held is None or sdk not in self._sdks or sdk in self._contacts:
            return False
        return max(self.held.get(sdk, 0), len(self._seen.get(sdk, ()))) < _ENOUGH

    def only(self) -> list[str]:
        """Libraries of whose code nothing but the name says whose it is."""
        return [sdk for sdk in sorted(self._seen) if self.doubted(sdk)]
