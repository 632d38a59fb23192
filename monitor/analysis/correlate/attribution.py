"""Attribution: which code acted and with whom it communicated, inferred from the observations in a separate stage.

Pure and streaming. Fed from the log's tail while a session runs, and from the file afterwards: the same events and
tables give the same result. Nothing that it adds is written to the log.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec.structs import force_setattr

from monitor import events
from monitor.analysis.correlate.joiner import Joiner
from monitor.analysis.correlate.named import Named
from monitor.analysis.correlate.owner import Owners, with_declared
from monitor.analysis.recipient import party
from monitor.knowledge.tables import Hosts, Organisation, Sdk
from monitor.session.declaration import Declaration

#: Number of stacks whose owner is remembered; the oldest are evicted, and their later calls stay unattributed.
_STACKS: Final = 200_000
#: Data that flows once it was asked for; each reading is counted without a stack.
FLOWING: Final = frozenset({"sensors", "mic"})
#: Data that the platform hands over later, below frames of its own alone, and beginnings of methods that ask for it.
_DELIVERED: Final = frozenset({"location", "sensors"})
#: Data whose owner is not always the one of the stack.
ASKED_FOR: Final = FLOWING | _DELIVERED
_ASKS: Final = ("add", "getCurrent", "register", "request", "start")
_FLOWS: Final = 4096


class Attribution:
    """Pass each event of a log, in order, to ``feed``. Memory is bounded. Not thread-safe."""

    def __init__(
        self,
        declaration: Declaration,
        organisations: Mapping[str, Organisation],
        sdks: Mapping[str, Sdk],
    ) -> None:
        self._declaration = declaration
        self._packages = with_declared(sdks, declaration)
        self.named = Named(sdks)
        self._joiner = Joiner(Hosts(dict(organisations)), sdks.values(), declaration)
        self.owners: dict[int, str] = {}
        """Owner of each stack seen."""
        self.renamed: dict[int, str] = {}
        """Of stacks without an owner: what a shrinker left of the package of the code that called."""
        self.on_owner: Callable[[int], None] = lambda stack: None
        """Called with each stack that has an owner, or another one, or none any more."""
        self._classes: dict[str, Owners] = {}
        self._first: set[str] = set()
        self._asked: dict[tuple[int, str], set[str]] = {}
        """By process and data type: who asked for data that flows."""
        self._late: set[int] = set()
        """Processes that ran before their hooks: who asked then is not known."""

    def feed(self, event: events.Event) -> events.Event:
        """The event with its inferred fields (``Base.inferred``); any previous content is replaced.

        Calls are completed in place, which is several times cheaper than a copy: pass only events decoded or numbered
        for this caller.
        """
        if type(event) is events.ApiCall:
            sdk = self.owners.get(event.stack, "")
            if event.data_type in ASKED_FOR:
                sdk = self._of_asker(event, sdk)
            force_setattr(event, "sdk", sdk)
            return event
        return self._other(event)

    def _of_asker(self, event: events.ApiCall, sdk: str) -> str:
        """Whose a call is about data that flows, or is handed over by the platform: without a stack of its owner, that
        of the only one in its process who asked for such data; empty = unknown."""
        source, key = event.role == "source", (event.pid, event.data_type)
        flowing = source and event.data_type in FLOWING
        if (flowing and event.stack) or (source and not flowing and event.method.startswith(_ASKS)):
            if len(self._asked) < _FLOWS:  # without a stack: somebody, so that nobody is the only one
                self._asked.setdefault(key, set()).add(sdk)
            return sdk
        handed = event.role == "context" and event.data_type in _DELIVERED and sdk in ("", "framework")
        if not flowing and not handed:
            return sdk
        asked = self._asked.get(key, set())
        sure = len(asked) == 1 and event.pid not in self._late and len(self._late) < _FLOWS
        return next(iter(asked)) if sure else ""

    def _other(self, event: events.Event) -> events.Event:
        if type(event) is events.Stack:  # most of what is no call
            self._stack(event)
        elif isinstance(event, events.PermissionRequest | events.Window):
            return msgspec.structs.replace(event, sdk=self.owners.get(event.stack, ""))
        elif isinstance(event, events.Lifecycle):
            self._entered(event)
        elif isinstance(event, events.TrafficEvent):
            return self._traffic(event)
        elif isinstance(event, events.AppSocket) and 0 <= event.local_port < 1 << 16:
            self._joiner.socket(event.local_port, event.own, event.t)
        elif isinstance(event, events.Health) and event.what == "late" and event.component == "hooks":
            self._late |= {event.pid} if len(self._late) < _FLOWS else set()
        return event

    def _traffic(self, event: events.TrafficEvent) -> events.TrafficEvent:
        if isinstance(event, events.Transmission):
            event = self._joiner.transmission(event)
        elif isinstance(event, events.TlsFailure):
            event = self._joiner.tls_failure(event)
        else:
            event = msgspec.structs.replace(event, sdk=self.owners.get(event.stack, ""))
            self._joiner.connection(event)
        self.named.sent(event)
        return event

    def _of(self, app: str) -> Owners:
        classes = self._classes.get(app)
        if classes is None:
            classes = self._classes[app] = Owners(self._packages, self._declaration.app_prefixes(app))
        return classes

    def _entered(self, event: events.Lifecycle) -> None:
        """Which classes are the app's own: those that the manifest names, or the first that were seen."""
        if event.what in ("installed", events.DATA_KEPT):
            for name in event.detail.get("entries", "").split():
                self._of(event.app).entered(name)
        elif event.what in ("application_created", "activity_created") and event.what not in self._first:
            self._first.add(event.what)
            self._of(event.app).entered(event.component)

    def _stack(self, event: events.Stack) -> None:
        if len(self.owners) >= _STACKS:
            self.renamed.pop(oldest := next(iter(self.owners)), None)
            del self.owners[oldest]
            self.on_owner(oldest)
        owners = self._of(event.app)
        found = owners.of(event.frames)
        if not found and (left := owners.renamed(event.frames)):
            self.renamed[event.stack] = left
        self.named.acted(found, (frame.cls for frame in event.frames if owners.of((frame,)) == found))
        self.on_owner(event.stack)
        # The caller may stand below the frames that were kept.
        self.owners[event.stack] = "" if event.truncated and found == "framework" else found


class Recorded:
    """In place of ``Attribution`` for a log of schema 1, whose fields are kept as written. ``hosts``: owners of hosts
    that the recording could not name, from lists supplied now."""

    owners: None = None
    renamed: Mapping[int, str] = MappingProxyType({})
    named = Named({})

    def __init__(self, declaration: Declaration, hosts: Hosts | None = None) -> None:
        self._declaration = declaration
        self._hosts = hosts
        self.on_owner: Callable[[int], None] = lambda stack: None

    def feed(self, event: events.Event) -> events.Event:
        """The event, with the owner of its host where it is now known."""
        if self._hosts is None or not isinstance(event, events.Transmission) or event.org:
            return event
        owner = party(event.host, self._hosts, self._declaration)
        return msgspec.structs.replace(event, org=owner.org, party=owner.party)
