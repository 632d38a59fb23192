"""What the app did, what it showed, and what the user did."""

import re
from typing import ClassVar, Final, Literal

import msgspec

from monitor.events.base import Base, ValueRef

_CRASH: Final = re.compile(r"crash|Native crash|[A-Za-z_]\w*(\.[\w$]+)+(: .*)?")
#: The app was on the device before the session, with its data: the answers that it was given there, too.
DATA_KEPT: Final = "data_kept"
#: What a lifecycle event may say (``what``), by whom it is told: the agent, the device's log, the runner.
LIFECYCLE: Final = frozenset(
    """application_created activity_created activity_resumed activity_paused activity_stopped activity_destroyed
    service_started provider_created receiver process_exit
    process_start foreground background screen_on screen_off
    installed data_kept data_cleared released clock_moved network""".split()
)


class ApiCall(Base, frozen=True, kw_only=True, tag="api_call"):
    """A hooked call, or ``count`` calls of one hook and stack that were only counted (``aggregated``)."""

    kind: ClassVar[str] = "api_call"
    inferred: ClassVar[frozenset[str]] = frozenset({"sdk"})
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
    another kind it says nothing but the kind.

    Words of which there are few are given as the same objects again and again, which costs less than new ones; with
    another word, none of the lines that are read together has a glance."""

    aggregated: bool = False
    args: dict[str, str] = {}
    count: int = 1
    data_type: str = ""
    err: int = 0
    hook: str = ""
    kind: Literal[
        "", "api_call", "capability", "connection", "consent", "decision", "explored", "health", "hook_state",
        "known_values", "late_match", "lifecycle", "permission_request", "permission_result", "place_seen", "policy",
        "prompt", "recovery", "socket", "stack", "step", "tap", "tls_failure", "toggle", "touch", "transmission",
        "ui_snapshot", "window",
    ] = ""  # fmt: skip
    outcome: Literal["", "value", "null", "constant", "denied", "exception"] = ""
    role: Literal["", "source", "prompt", "popup", "consent", "sink", "transform", "lifecycle", "context"] = ""
    seq: int = 0
    stack: int = 0
    t: int = 0
    values: list[msgspec.Raw] = []


class Frame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stack frame, innermost first in a stack."""

    cls: str
    method: str
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """``class.method:line``, without the line where it is not known."""
        return f"{self.cls}.{self.method}" + (f":{self.line}" if self.line else "")


class Stack(Base, frozen=True, kw_only=True, tag="stack"):
    """A distinct stack, once; other events name it by ``stack``."""

    stack: int
    frames: list[Frame]
    truncated: bool = False
    submitter: int = 0
    """The stack of who submitted the task, or started the thread, in which it was first met; 0 = not known, or none."""


class PermissionRequest(Base, frozen=True, kw_only=True, tag="permission_request"):
    """The app asked for runtime permissions (silent or not)."""

    inferred: ClassVar[frozenset[str]] = frozenset({"sdk"})
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


class CheckBox(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A check box or switch of a window, with its state when the window was first seen."""

    label: str
    checked: bool


class Window(Base, frozen=True, kw_only=True, tag="window"):
    """A window of the app (activity, dialog, popup, toast, overlay) appeared, changed or disappeared."""

    inferred: ClassVar[frozenset[str]] = frozenset({"sdk"})
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


class Touch(Base, frozen=True, kw_only=True, tag="touch"):
    """A finger was lifted from a window of the app, which is about to be told."""


class Consent(Base, frozen=True, kw_only=True, tag="consent"):
    """Something stated a consent: a scenario's hint, a consent key of SharedPreferences, an SDK's consent call.

    Only an observed tap changes the consent timeline; these are additional witnesses.
    """

    inferred: ClassVar[frozenset[str]] = frozenset({"sdk"})
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


class Lifecycle(Base, frozen=True, kw_only=True, tag="lifecycle"):
    """The lifecycle of a process or component."""

    what: str
    """One of ``LIFECYCLE``."""
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


AppEvent = ApiCall | PermissionRequest | PermissionResult | Prompt | Window
UserEvent = UiSnapshot | Tap | Touch | Consent | Toggle | Policy
RunEvent = Lifecycle | Step | Stack
