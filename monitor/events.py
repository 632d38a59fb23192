"""What was observed: one frozen struct per kind of event, and the vocabularies of their fields.

Rules for every event (so that any encoder writes the same bytes, RFC 8785 included): integers only, ASCII keys, no
floats, integers below 2**53. Times are microseconds since the Unix epoch on the host's timeline; ``err`` is the half
width of the interval in which the event happened. An event never holds a personal value, only a ``ValueRef`` to it.

The log holds observations. Fields in ``INFERRED`` are never written to it: ``monitor.analysis.correlate.attribution``
fills them in, live and again from the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, get_args

import msgspec

from monitor.health import HealthDetail, HealthWord

#: Version of the log. In version 1 the recorder also wrote its inferences (``monitor.assess.migration``); before 3
#: every stack was written whole (``monitor.evidence.stacks``).
SCHEMA: Final = 3

#: Data type IDs; their names in zh and en are in ``monitor/text``.
DATA_TYPES: Final = frozenset(
    """imei meid imsi iccid phone_no sim_op serial android_id oaid gaid drm_id mac bt_mac bt_scan ssid bssid wifi_scan
    ip cell location exif_gps apps procs accounts clipboard contacts call_log sms calendar media ext_files camera mic
    screen sensors a11y notif hw_fp webview_id form account_pi eid push_id install_id user_profile health nfc nearby
    adservices bt_io content_uri permission consent prefs ui_window ui_input prompt net net_state webview ipc crypto
    encode db file_io exec code_load reflection log sdk_event appops lifecycle misc""".split()
)
#: Sensitive under PIPL 28 or GB/T 35273 App. B (App. B unverified).
SENSITIVE: Final = frozenset("phone_no location contacts call_log sms camera form health".split())
#: Types about the app's operation, not about a person: never a finding on their own.
NOT_PERSONAL: Final = frozenset(
    """permission consent prefs ui_window ui_input prompt net net_state webview ipc crypto encode db file_io exec
    code_load reflection log sdk_event appops lifecycle misc bt_io content_uri adservices nearby""".split()
)

OUTCOMES: Final = frozenset({"value", "null", "constant", "denied", "exception"})
#: What became of a hook: in force, or why not.
HOOK_STATES: Final = frozenset(
    """hooked installed unknown late lost changed unproven error declared_only absent_class absent_method absent_module
    absent_symbol off""".split()
)
HOOKS_IN_FORCE: Final = frozenset({"hooked", "installed"})
CONSENT_STATES: Final = frozenset({"unknown", "shown", "granted", "denied", "withdrawn"})
CERTAINTIES: Final = frozenset({"found", "possible"})
PARTIES: Final = frozenset({"first", "third", "unknown"})


class ValueRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A personal value without the value: its equality tag, salted commitment and rounded length in characters."""

    data_type: str
    tag: str
    """HMAC-SHA-256 (session key, data type and normalised value), 32 hex digits: equal values have equal tags."""
    commit: str
    """SHA-256 of the disclosure in ``private/disclosures.jsonl``, 64 hex digits."""
    size: int


class Match(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A known value (``found``) or the shape of one (``possible``) in a transmission."""

    data_type: str
    form: str
    """Its encoding: ``plain``, ``upper``, ``no_separators``, ``base64``, ``hex``, ``md5``, ``sha256`` …"""
    path: str
    """Where, decoder steps included: ``body.json.data[3].b64.gzip.form.imei``."""
    certainty: str
    tag: str = ""
    """Equality tag of the value; empty for ``possible``."""


class Frame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stack frame, innermost first in a stack."""

    cls: str
    method: str
    file: str = ""
    line: int = 0


class CheckBox(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A check box or switch of a window, with its state when the window was first seen."""

    label: str
    checked: bool


class Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """The fields that every event has."""

    seq: int = 0
    """Position in the log, from 1; assigned by the log, 0 before that."""
    t: int
    err: int
    src: str
    """Clock source: ``runner``, ``proxy``, ``logcat``, ``device``, ``hooks:<pid>`` … Two events of one source are
    ordered by ``seq`` and need no error."""
    app: str
    pid: int = 0


class ApiCall(Base, frozen=True, kw_only=True, tag="api_call"):
    """A hooked call, or ``count`` calls of one hook and stack that were only counted (``aggregated``)."""

    hook: str
    role: str
    data_type: str
    cls: str
    method: str
    sig: str
    outcome: str
    stack: int = 0
    """Number of a ``stack`` event; 0 = none captured."""
    sdk: str = ""
    """Inferred. SDK id, ``app`` for the app's own code, ``framework``, or empty = unattributed."""
    count: int = 1
    aggregated: bool = False
    call: int = 0
    parent: int = 0
    """Call id of the enclosing hooked call in the same thread; 0 = outermost."""
    tid: int = 0
    process: str = ""
    exception: str = ""
    """Class of the exception that was thrown; its message is not kept."""
    args: dict[str, str] = {}
    """Arguments that the catalogue row keeps and that are not personal: setting key, authority, permission …"""
    values: list[ValueRef] = []
    inner: list[str] = []


class Glance(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What it takes to count a call: these fields of an ``ApiCall``; others of its line are passed over. Of an event of
    another kind it says nothing but the kind."""

    aggregated: bool = False
    app: str = ""
    args: dict[str, str] = {}
    count: int = 1
    data_type: str = ""
    err: int = 0
    hook: str = ""
    kind: str = ""
    outcome: str = ""
    role: str = ""
    seq: int = 0
    stack: int = 0
    t: int = 0
    values: list[msgspec.Raw] = []


class PermissionRequest(Base, frozen=True, kw_only=True, tag="permission_request"):
    """The app asked for runtime permissions (silent or not)."""

    permissions: list[str]
    via: str
    code: int = 0
    stack: int = 0
    sdk: str = ""


class PermissionResult(Base, frozen=True, kw_only=True, tag="permission_result"):
    """The answer for one permission. ``dialog``: whether a dialog was shown for it (yes, no or unknown)."""

    permission: str
    result: str
    """granted, granted_once, denied, denied_forever, ignored or unknown."""
    dialog: str
    via: str
    """hook (onRequestPermissionsResult), logcat (PermissionController's line) or flags (dumpsys package)."""
    code: int = 0


class Prompt(Base, frozen=True, kw_only=True, tag="prompt"):
    """A system permission dialog as seen from outside the app: shown (``shown``) or closed."""

    prompt_kind: str
    shown: bool
    permissions: list[str] = []
    text: str = ""
    buttons: list[str] = []
    via: str = ""


class Window(Base, frozen=True, kw_only=True, tag="window"):
    """A window of the app (activity, dialog, popup, toast, overlay) appeared, changed or disappeared."""

    window: int
    """Number of the window in its process."""
    window_kind: str
    action: str
    """shown, changed or hidden."""
    title: str = ""
    texts: list[str] = []
    buttons: list[str] = []
    boxes: list[CheckBox] = []
    links: list[str] = []
    component: str = ""
    stack: int = 0
    sdk: str = ""


class UiSnapshot(Base, frozen=True, kw_only=True, tag="ui_snapshot"):
    """UI tree and screenshot taken over adb: private blobs, named by keyed digest (empty = could not be taken)."""

    name: str
    tree: str = ""
    screenshot: str = ""
    focus: str = ""
    texts: list[str] = []
    buttons: list[str] = []
    boxes: list[CheckBox] = []
    sizes: dict[str, list[int]] = {}
    """Button text to ``[left, top, right, bottom]`` in pixels."""


class Tap(Base, frozen=True, kw_only=True, tag="tap"):
    """Something was clicked. ``via``: hook (performClick in the app) or runner (``input tap``)."""

    label: str
    view: str = ""
    window: int = 0
    via: str = "hook"
    x: int = 0
    y: int = 0
    checked: str = ""
    """on / off for a check box or switch after the click, else empty."""
    unseen: list[str] = []
    """Texts of its window that are there but cannot be seen: transparent, tiny, or of the colour behind them."""
    own: bool = False
    """Clicked by the app's own code while no touch or key was being delivered."""


class Consent(Base, frozen=True, kw_only=True, tag="consent"):
    """Something stated a consent: a scenario's hint, a consent key of SharedPreferences, an SDK's consent call.

    Only an observed tap changes the consent timeline; these are additional witnesses.
    """

    scope: str
    state: str
    via: str
    detail: dict[str, str] = {}
    sdk: str = ""


class Toggle(Base, frozen=True, kw_only=True, tag="toggle"):
    """A named switch has a value: set by the scenario's step, by the user's tap or by the app itself."""

    name: str
    value: bool
    via: str


class Policy(Base, frozen=True, kw_only=True, tag="policy"):
    """A privacy policy text was fetched or supplied. ``status`` is the HTTP status, 0 = none."""

    url: str
    status: int
    sha256: str = ""
    bytes: int = 0
    title: str = ""
    taps: int = 0
    """Taps from the main screen, 0 = not measured."""
    language: str = ""
    error: str = ""
    examined: bool = False
    """Whether the whole text was available and read; otherwise the fields below mean nothing."""
    chars: int = 0
    sections: list[str] = []
    """Sections that the text has, by the words of ``content/policy_words.yaml``."""
    missing: list[str] = []
    """Required sections that it lacks, ``right:<name>`` for one of the seven rights, ``channel`` for no contact."""
    sdks: list[str] = []
    """Names in its list of libraries."""
    deadline: int = 0
    """Longest promised time for an answer in working days, 0 = none found."""
    soft_404: bool = False


class Connection(Base, frozen=True, kw_only=True, tag="connection"):
    """The app connected a socket, sent datagrams or looked up a name: the destination, and the code that did it."""

    address: str
    port: int
    local_port: int
    protocol: str = "tcp"
    """tcp, udp or dns (a name lookup: ``address`` is the first in the answer)."""
    host: str = ""
    result: str = "ok"
    stack: int = 0
    sdk: str = ""
    path_tag: str = ""
    """For a request: keyed hash of its path without query (32 hex digits), empty = not known. Equal paths have equal
    tags; the path itself may hold personal values and is not kept."""
    link: str = "connect"
    """connect (libc), request (an HTTP client's own call), handover (a task handed to another thread) or lookup."""
    count: int = 1
    """Number of datagrams that this event represents."""
    others: list[str] = []
    """Of a lookup: the further addresses in the answer, at most 15."""


class Transmission(Base, frozen=True, kw_only=True, tag="transmission"):
    """One outgoing message: HTTP request, WebSocket message, raw TCP/TLS or UDP record."""

    flow: str
    host: str
    port: int
    org: str = ""
    party: str = "unknown"
    sdk: str = ""
    client_port: int = 0
    bytes: int = 0
    """Length of the undecoded body, rounded up (``monitor.observe.bucket``); so is ``response_bytes``."""
    matches: list[Match] = []
    protocol: str = "http"
    scheme: str = "https"
    method: str = ""
    path: str = ""
    """Path without query, at most 200 characters; segments that hold a known value are replaced by ``…``."""
    path_tag: str = ""
    """Keyed hash of the complete path as sent, like ``Connection.path_tag``."""
    status: int = 0
    sni: str = ""
    address: str = ""
    """What the app dialled, where that was an address and ``host`` is the name that the server proved by its
    certificate (in an analysis also: that was seen being looked up)."""
    named: str = ""
    """The name that the app wrote (SNI, or ``Host`` without TLS) into what it sends to an address, where nothing proves
    that the address is this name's: ``host`` is the address then."""
    http_version: str = ""
    content_type: str = ""
    sha256: str = ""
    """Keyed digest of the undecoded body (``private/blobs``): HMAC-SHA-256, session key, over its SHA-256."""
    decoded: str = "yes"
    """yes, partial (a cap was reached), no (encrypted or unknown) or opaque (not HTTP)."""
    reason: str = ""
    attribution: str = "none"
    """Inferred. request (seen being made), port (first message of a connection whose opening was seen), opened (a later
    message of it: names the opener, which is not proven to be the sender), host (owner of the host only), system
    (background traffic, not the app's), unattributed (of an unknown app) or none."""
    made: tuple[int, int, str, int] | None = None
    """When the app asked for it or opened its connection, as told by its agent: time, error, source and number. It was
    sent after that."""
    unowned: bool = False
    """The apps on the device share the proxy and cannot be told apart, so it may be another app's."""
    stack: int = 0
    call: int = 0
    response_bytes: int = 0


class TlsFailure(Base, frozen=True, kw_only=True, tag="tls_failure"):
    """A TLS handshake failed: the content is not observable. ``reading`` is a suspicion, except if ``idle``. ``host``
    is what the app dialled, ``sni`` the name that it wrote."""

    sni: str
    host: str
    port: int
    client_port: int
    alert: str
    reading: str
    """ca_missing, pinning, client_fault, not_tls, quic, unknown; ended: the app was stopped before it sent anything;
    spare: not needed, as another connection to the host carried the requests."""
    failed: int = 0
    """When it failed, in microseconds; 0: not known. ``t`` is when the connection began."""
    org: str = ""
    sdk: str = ""
    attribution: str = ""
    """Inferred. ``system``: background traffic of the system, not the app's; ``unattributed``: of an unknown app;
    otherwise empty."""
    unowned: bool = False
    """As of a ``Transmission``."""

    @property
    def idle(self) -> bool:
        """Nothing was sent and nothing was refused, so nothing is unread."""
        return self.reading in ("ended", "spare")


SENT: Final = (Transmission, TlsFailure)


def of_system(event: Base) -> bool:
    """Whether it is not known to be the app's: recorded and counted, never attributed to the app."""
    return isinstance(event, SENT) and event.attribution in ("system", "unattributed")


_CRASH: Final = re.compile(r"crash|Native crash|[A-Za-z_]\w*(\.[\w$]+)+(: .*)?")


#: The app was on the device before the session, with its data: the answers that it was given there, too.
DATA_KEPT: Final = "data_kept"


class Lifecycle(Base, frozen=True, kw_only=True, tag="lifecycle"):
    """The lifecycle of a process or component."""

    what: str
    """installed, data_kept, process_start, process_exit, application_created, activity_resumed, activity_paused,
    service_started, provider_created, receiver, foreground, background, screen_off, clock_moved …"""
    component: str = ""
    process: str = ""
    cause: str = ""
    detail: dict[str, str] = {}

    @property
    def crashed(self) -> bool:
        """Whether its process ended by a crash: the cause is an exception or a signal."""
        return self.what == "process_exit" and bool(_CRASH.fullmatch(self.cause))


class Step(Base, frozen=True, kw_only=True, tag="step"):
    """A step of the scenario began (``started``) or ended (``ok``, ``failed``, ``skipped``)."""

    index: int
    verb: str
    state: str
    label: str = ""
    detail: str = ""


class Stack(Base, frozen=True, kw_only=True, tag="stack"):
    """A distinct stack, once; other events name it by ``stack``."""

    stack: int
    frames: list[Frame]
    truncated: bool = False


class HookGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hooks of one state, and why, unless they are in force."""

    state: str
    hooks: list[str]
    why: str = ""


class HookOverloads(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Overloads of one hook, as the catalogue lists them and as the device has them; texts separated by spaces."""

    hook: str
    absent: str = ""
    unlisted: str = ""


class HookState(Base, frozen=True, kw_only=True, omit_defaults=True, tag="hook_state"):
    """What became of hooks in a process, or (``pid`` 0) of those that are in none: one event a change."""

    process: str = ""
    late: bool = False
    """Its hooks were not active before the app's first line."""
    final: bool = False
    """The process has ended, or is no longer watched: the numbers of calls are final."""
    states: list[HookGroup]
    calls: dict[str, int] = {}
    """Calls of the app by hook; none of those not named."""
    overloads: dict[str, int] = {}
    """Members hooked, where it is not one for a hook in force and none for another; not repeated when final."""
    differing: list[HookOverloads] = []
    """Where the catalogue's overloads are not those of the device."""

    def each(self) -> Iterator[tuple[str, str, str]]:
        """Hook, state and why of each."""
        return ((hook, group.state, group.why) for group in self.states for hook in group.hooks)


class DeviceCapability(Base, frozen=True, kw_only=True, tag="capability"):
    """Whether something can be observed on this device, and why not."""

    name: str
    state: str
    why: str = ""


class AppSocket(Base, frozen=True, kw_only=True, tag="socket"):
    """Whose a connection to the proxy is, by the device's own table: a local port and its user ID."""

    local_port: int
    uid: int
    own: bool


class LateMatch(Base, frozen=True, kw_only=True, tag="late_match"):
    """A value recognised in transmissions only after they were recorded."""

    match: Match
    flows: list[str]
    """The first fifty of them."""
    n: int = 1
    """How many there are."""


class Recovery(Base, frozen=True, kw_only=True, tag="recovery"):
    """The log goes on, or ends, after its recording was interrupted."""

    events: int
    """How many were intact."""
    torn_bytes: int = 0
    """Set aside: what was written last and not completely."""
    torn_sha256: str = ""


class Health(Base, frozen=True, kw_only=True, tag="health"):
    """The life of the monitor's parts: what started, stopped, was lost, late or failed."""

    component: str
    what: HealthWord
    detail: HealthDetail = {}
    n: int = 0
    hook: str = ""


Event = (
    ApiCall
    | PermissionRequest
    | PermissionResult
    | Prompt
    | Window
    | UiSnapshot
    | Tap
    | Consent
    | Toggle
    | Policy
    | Connection
    | Transmission
    | TlsFailure
    | Lifecycle
    | Step
    | Stack
    | HookState
    | DeviceCapability
    | AppSocket
    | LateMatch
    | Recovery
    | Health
)

#: ``kind`` to struct.
KINDS: Final[dict[str, type[Base]]] = {str(struct.__struct_config__.tag): struct for struct in get_args(Event)}

#: What is inferred from other events and the tables; empty or its default in the log.
INFERRED: Final[dict[type[Base], frozenset[str]]] = {
    ApiCall: frozenset({"sdk"}),
    PermissionRequest: frozenset({"sdk"}),
    Window: frozenset({"sdk"}),
    Consent: frozenset({"sdk"}),
    Connection: frozenset({"sdk"}),
    Transmission: frozenset({"sdk", "stack", "org", "party", "attribution", "made"}),
    TlsFailure: frozenset({"sdk", "org", "attribution"}),
}

_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class _Observed(NamedTuple):
    """How observations of a kind are written: a struct without inferred fields that leaves out what has its default,
    and the names of the fields it has."""

    struct: type[msgspec.Struct]
    fields: tuple[str, ...]


def _observed(struct: type[Base]) -> _Observed:
    config, inferred = struct.__struct_config__, INFERRED.get(struct, frozenset())
    kept = [field for field in msgspec.structs.fields(struct) if field.name not in inferred]
    shape = msgspec.defstruct(
        struct.__name__, [_as_field(field) for field in kept], tag=config.tag, tag_field=config.tag_field, kw_only=True,
        omit_defaults=True,
    )  # fmt: skip
    return _Observed(shape, tuple(field.name for field in kept))


def _as_field(field: msgspec.structs.FieldInfo) -> tuple[str, Any] | tuple[str, Any, Any]:
    if field.required:
        return field.name, Any
    if field.default_factory is not msgspec.NODEFAULT:
        return field.name, Any, msgspec.field(default_factory=field.default_factory)
    return field.name, Any, field.default


_OBSERVED: Final = {struct: _observed(struct) for struct in KINDS.values()}


def encode(event: Event) -> bytes:
    """The event with what was inferred, as sorted JSON in one line without newline (equal to RFC 8785 under the rules
    above)."""
    return _encoder.encode(event)


def encode_observed(event: Event) -> bytes:
    """The event as the log holds it: like ``encode``, without what is inferred and without fields of no content, which
    a reader takes from the schema."""
    shape = _OBSERVED[type(event)]
    return _encoder.encode(shape.struct(**{name: getattr(event, name) for name in shape.fields}))


def decode(line: bytes) -> Event:
    """The event of a line, with or without inferred fields. Raises ``msgspec.ValidationError`` or ``DecodeError``."""
    return _decoder.decode(line)
