"""What rules are given besides events: the tables and the declaration of a session, and what of an event they judge."""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from monitor.analysis.consent.text import pattern, plain
from monitor.analysis.recipient import readings
from monitor.events import Transmission
from monitor.knowledge.tables import Hosts, Organisation, Sdk
from monitor.session.declaration import Declaration, covers

#: Whether something holds for an event, the state of the app and the part of the event under assessment.
Filter = Callable[[Any, Any, Any], bool]


class Subject(msgspec.Struct, frozen=True):
    """The part of an event under assessment: one data type of a call or transmission, one permission of a request."""

    data_type: str = ""
    certainty: str = "found"
    tag: str = ""
    path: str = ""
    permission: str = ""
    form: str = ""


NOBODY: Final = Subject()


class Facts(NamedTuple):
    """Tables and declaration, the same for every app of a session."""

    declaration: Declaration
    organisations: Mapping[str, Organisation]
    sdks: Mapping[str, Sdk]
    hosts: Hosts
    renamed: Mapping[int, str] = MappingProxyType({})
    """Of stacks of code without an owner, what a shrinker left of its package."""
    doubted: Callable[[str], bool] = lambda sdk: False
    """Whether nothing but its name says that code is a library's, as far as is known now."""

    def recipient(self, event: Transmission) -> str:
        """Who receives it: declared recipient, organisation, otherwise the host itself."""
        declared = self.declaration.recipient(event.org, event.host)
        return declared.org if declared else event.org or event.host

    def readings(self, event: Transmission) -> Sequence[Transmission]:
        """As of ``monitor.analysis.recipient``."""
        return readings(event, self.hosts, self.declaration)

    def purposes(self, event: Transmission) -> Collection[str]:
        """The purposes of the recipient by the tables: those of the domain if it has its own, else of its owner."""
        organisation = self.organisations.get(event.org)
        if organisation is None:
            return ()
        named = [domain for domain in organisation.domains if covers([domain.name], event.host)]
        return next((domain.purposes for domain in named if domain.purposes), organisation.purposes)

    def recipient_names(self) -> dict[str, str]:
        """Names that may be shown on a screen, to recipient."""
        found: dict[str, str] = {}
        for item in self.declaration.recipients or []:
            organisation = self.organisations.get(item.org)
            names = [item.org, *((organisation.name, organisation.name_zh) if organisation else ())]
            for sdk in self.declaration.sdks or []:
                if item.org in (sdk.id, sdk.name) or any(covers(sdk.hosts, host) for host in item.hosts):
                    names += sdk.name, sdk.vendor
            found.update(
                (name, item.org) for each in names for name in (each, pattern("company").sub("", each)) if name
            )
        return found


def switches(declaration: Declaration) -> frozenset[str]:
    """The switch for personalisation, as its operator calls it."""
    return frozenset(plain(label) for label in declaration.personalisation.switch_path[-1:])
