"""What a session exercised, lost and could not read: the counters that witnesses of silence check."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from monitor import events
from monitor.analysis.coverage.past import PastProxy
from monitor.analysis.rules import context, model
from monitor.text.reasons import lost_in_import

#: States of an active hook.
INSTALLED: Final = events.HOOKS_IN_FORCE
#: The app has defined the hooked class of the platform itself: what it calls of its own passes no hook.
SHADOWED: Final = "shadowed"
#: States of a hook that could not be installed or is not reliable: what it would have seen is not known.
FAULTY: Final = frozenset({"lost", "changed", SHADOWED, "unproven", "error"})
_LATE: Final = frozenset({"late", "hook_late"})
#: Steps that launch the app.
_LAUNCHING: Final = frozenset({"launchApp", "restart", "foreground"})
_READY: Final = frozenset({"ready", "started", "installed"})
#: The first line of the app's own code ran before these.
_APP_CODE: Final = frozenset({"application_created", "provider_created", "activity_resumed"})


class Unread(NamedTuple):
    """Whose message could not be read. ``enclosed``: only its body, which went inside TLS; its address could."""

    host: str
    org: str = ""
    enclosed: bool = False


class LateProcess(NamedTuple):
    """A process whose hooks came after its first line of code. ``start``: None if nothing told of it; ``ready_us``:
    when its hooks were in."""

    app: str
    process: str
    start: events.Lifecycle | None
    ready_us: int


class Seen:
    """Counters of what a session exercised and lost. Fed with every event."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        """By hook; what the scenario typed is not a call."""
        self.values_counted: Mapping[tuple[str, str, str], int] = {}
        """By hook, role and data type: calls with a result of which nothing but their number is known."""
        self.values_cut: Mapping[tuple[str, str, str], int] = {}
        """The same: calls with more values than are kept."""
        self.types: set[str] = set()
        self.known: set[str] = set()
        """Data types of the values that traffic was searched for."""
        self.sdks: set[str] = set()
        self.functions: set[str] = set()
        self.kinds: Counter[str] = Counter()
        """Events by kind; of a policy that an earlier session fetched, ``policy_before``."""
        self.lives: Counter[str] = Counter()
        """Events of the app's life by what happened."""
        self.revived = 0
        """Starts that followed a crash and not a step that launches the app."""
        self.examined = 0
        """Policies whose whole text was read."""
        self.read = 0
        """Windows of which hooks told what they said."""
        self.readable = self.third = 0
        self.unapplied = self.unsearched = 0
        """Values found afterwards in messages that were judged without them; messages that were not searched for values
        that became known later."""
        self.opaque: Counter[Unread] = Counter()
        self.past = PastProxy()
        self.system = self.unattributed = 0
        """Transmissions and TLS failures of the system, not of the app; those of them that are of an unknown app: the
        apps on the device share the proxy and cannot be told apart."""
        self.hooks: dict[str, str] = {}
        """State of each hook: the latest report of any process."""
        self.faulty: dict[str, str] = {}
        """Hooks that were faulty in any process."""
        self.not_installed: dict[str, str] = {}
        self.exercised: Counter[str] = Counter()
        self.components: set[str] = set()
        self.imported = False
        self.no_ca = False
        """The proxy's CA certificate is not in the device's store."""
        self.lost = 0
        self.silenced = False
        """An agent stopped saying anything while its process went on: what the app did then is not known."""
        self.asleep = 0
        """Milliseconds in which the recorder's machine was asleep, or may have been: nothing was recorded."""
        self.unpolled = 0
        """Milliseconds in which the recorder did not run while a person used the app: no screen was taken."""
        self.skipped = 0
        """Entries of an imported capture that could not be read."""
        self.unkept = 0
        """Bodies and pictures that were not kept whole."""
        self.cut = False
        """An unknown number of entries of an imported capture is missing."""
        self.late: list[LateProcess] = []
        self.attached: set[int] = set()
        """Processes with an agent."""
        self.ready: int | None = None
        self.app_code: int | None = None
        self.explored: dict[str, None] = {}
        """Why explorations did not get everywhere; ``not_found``: to where a consent is taken back."""
        self._by_hand = False
        self._starts: dict[int, events.Lifecycle] = {}
        self._crashed: set[str] = set()

    def call(self, event: events.ApiCall) -> None:
        """The first call of its kind."""
        self.knows(event.values)
        if event.role == "source":
            self.types.add(event.data_type)
            self.sdks.add(event.sdk)

    def knows(self, values: Sequence[events.ValueRef | events.Match]) -> None:
        """Values that are known, or were recognised."""
        self.known.update([value.data_type for value in values])

    def other(self, event: events.Event) -> None:
        """Any other event."""
        if events.of_system(event):
            self.system += 1
            self.unattributed += getattr(event, "attribution", "") == "unattributed"
            return
        kind = model.KIND_OF[type(event)]
        self.kinds["policy_before" if kind == "policy" and event.src == context.CARRIED else kind] += 1
        match event:
            case events.Transmission():
                self._sent(event)
            case events.KnownValues():
                self.knows(event.known)
            case events.TlsFailure(idle=False):
                self.opaque[Unread(event.sni or event.host)] += 1
            case events.Policy():
                self.examined += event.examined
            case events.Window():
                self.read += bool(event.texts or event.buttons)
            case events.Connection():
                self.past.connection(event)
            case events.DeviceCapability():
                self.no_ca = event.state == "no" if event.name == "system_ca" else self.no_ca
                self.past.capability(event)
            case events.Step():
                self._step(event)
            case events.Health():
                self._health(event)
            case events.HookState():
                self._hook_state(event)
            case events.Lifecycle():
                self._life(event)
            case events.Explored():
                missed = (one.why for one in (*event.activities_missed, *event.controls_missed))
                # A walk that was cut short may have had the way still before it.
                unfound = event.withdrawal == "not_found" and event.why == "nothing_new"
                self.explored |= dict.fromkeys([*missed, *(["not_found"] if unfound else [])])

    def _sent(self, event: events.Transmission) -> None:
        self.sdks.add(event.sdk)
        self.knows([match for match in event.matches if match.certainty == "found"])
        self.third += event.party != "first"
        if event.decoded != "yes":  # what lies beyond a limit, or below an unknown coding, may be anything
            self.opaque[Unread(event.host, event.org, event.scheme in ("https", "wss"))] += 1
        else:
            self.readable += 1

    def _step(self, event: events.Step) -> None:
        if event.verb in ("function", "phase"):
            self.functions.add(event.label)
        elif event.verb == "manual":
            self._by_hand = event.state == "started"
        elif event.verb in _LAUNCHING and event.state == "started":
            self._crashed.clear()

    def _health(self, event: events.Health) -> None:
        self.past.health(event)
        if event.what == "lost":
            self.lost += max(event.n, 1)
            self.silenced |= event.detail.get("kind") == "silence"
        elif event.what == "unkept":
            self.unkept += event.n
        elif event.what == "stalled":
            asleep = event.detail.get("asleep_us", "")  # in older logs it is not told
            self.asleep += int(asleep) // 1000 if asleep.isdigit() else event.n
            self.unpolled += event.n * self._by_hand
        elif lost_in_import(event.component, event.what, event.detail.get("why", "")):
            self.skipped += event.n
            self.cut |= not event.n
        elif event.what == "stopped":
            left = event.detail.get("unsearched", "")
            self.unsearched += int(left) if left.isdecimal() else 0
        elif event.what in _LATE:
            process = event.detail.get("process", "")
            self.late.append(LateProcess(event.app, process, self._starts.get(event.pid), event.t))
        elif event.what in ("started", "ready"):
            self.imported |= event.component == "import"
            self.components.add(event.component)
        if event.what in _READY and event.component.startswith(("hooks", "agent")):
            self.attached.add(event.pid)
            self.ready = event.seq if self.ready is None else self.ready

    def _hook_state(self, event: events.HookState) -> None:
        self.ready = event.seq if self.ready is None else self.ready
        self.components.add("hooks")
        for hook, state, why in event.each():
            self.hooks[hook] = state
            if state in FAULTY:
                self.faulty[hook] = state
            if state not in INSTALLED and why:
                self.not_installed[hook] = why
            else:
                self.not_installed.pop(hook, None)
        if event.final:
            self.exercised.update(event.calls)

    def _life(self, event: events.Lifecycle) -> None:
        self.lives[event.what] += 1
        if event.what == "process_start":
            self._starts[event.pid] = event
            self.revived += event.process in self._crashed
            self._crashed.discard(event.process)
        elif event.crashed:
            self._crashed.add(event.process)
        elif event.what in _APP_CODE and self.app_code is None:
            self.app_code = event.seq
