"""Bundles of earlier versions. Schema 1: the recorder wrote its inferences into the log, and kept no tables.

SDK, organisation and party are taken from such a log, since the paths that linked requests to outgoing traffic were
never written; the tables are this version's.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from monitor.analysis.recipient import party
from monitor.assess.tables import rows_of
from monitor.events import Event, Transmission
from monitor.knowledge.catalogue import Row
from monitor.knowledge.tables import Hosts
from monitor.session.declaration import Declaration
from monitor.session.manifest import Session

_ROWS = "data/inputs/catalogue.json"
_MAX_ROWS = 8 << 20


def attributed_when_recorded(session: Session) -> bool:
    """Whether the recorder wrote inferred fields."""
    return session.schema_number < 2


class Recorded:
    """Replaces ``Attribution`` for such a log: the fields are kept as written.

    ``hosts``: owners of hosts that the recording could not name (from lists supplied now), or None.
    """

    def __init__(self, declaration: Declaration, hosts: Hosts | None = None) -> None:
        self.owners: Mapping[int, str] | None = None
        self._declaration = declaration
        self._hosts = hosts

    def feed(self, event: Event) -> Event:
        """The event, with the owner of its host where it is now known."""
        if self._hosts is None or not isinstance(event, Transmission) or event.org:
            return event
        who = party(event.host, self._hosts, self._declaration)
        return msgspec.structs.replace(event, org=who.org, party=who.party)


def rows(bundle: Path) -> list[Row]:
    """The catalogue rows of such a recording. Raises ``EvidenceDamaged``."""
    path = bundle / _ROWS
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MAX_ROWS:
        return []
    return rows_of(path.read_bytes(), _ROWS)
