"""What is read from a device, as values: rooms that read it and rooms that use what was read share no other code."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Node(NamedTuple):
    """An element of the screen. ``bounds`` is ``(left, top, right, bottom)`` in pixels."""

    text: str
    desc: str
    rid: str
    """Resource id, ``package:id/name`` or empty."""
    cls: str
    package: str
    bounds: tuple[int, int, int, int]
    clickable: bool
    checkable: bool
    checked: bool
    enabled: bool
    scrollable: bool
    password: bool
    selected: bool
    focused: bool
    parent: int
    """Index of the parent in the list; -1 for a root."""

    @property
    def takes_text(self) -> bool:
        """Whether a person types into it."""
        return self.password or self.cls.endswith("EditText")


class Component(NamedTuple):
    """``package`` and full class name; ``cls`` is empty for a window that is not an activity (StatusBar, …)."""

    package: str
    cls: str = ""

    def __str__(self) -> str:
        return f"{self.package}/{self.cls}" if self.cls else self.package


class Grant(NamedTuple):
    """State of a permission: granted or not, and the words of its flags."""

    granted: bool
    flags: frozenset[str] = frozenset()

    @property
    def answer(self) -> str:
        """What the user must have answered for it to be so; unknown where no dialog was answered (``pm grant`` sets no
        such flag)."""
        if "ONE_TIME" in self.flags and self.granted:
            return "granted_once"
        if "USER_FIXED" in self.flags:
            return "granted" if self.granted else "denied_forever"
        if "USER_SET" in self.flags:
            return "granted" if self.granted else "denied"
        return "unknown"


@dataclass
class Package:
    """A package as reported by the package manager. ``uid`` is printed without the user part; -1 = not printed."""

    name: str
    uid: int = -1
    version_name: str = ""
    version_code: int = 0
    target_sdk: int = 0
    shared: str = ""
    """Name of a UID that packages of the same signer may have in common; empty = it has its own."""
    abi: str = ""
    """``primaryCpuAbi``; empty = the device's first."""
    requested: list[str] = field(default_factory=list)
    install: dict[str, Grant] = field(default_factory=dict)
    runtime: dict[int, dict[str, Grant]] = field(default_factory=dict)
    """User id to permission to state."""

    user: int = 0
    """Whose copy it is: set by who asked, the dump is about all users."""

    @property
    def answers(self) -> dict[str, Grant]:
        """State of the runtime permissions for ``user``."""
        return self.runtime.get(self.user, {})


class Observation(NamedTuple):
    """An observation in the log. ``t_us`` is device time; it happened at most ``resolution_us`` later.

    ``what``: permission_answer, prompt_shown, prompt_hidden, process_start, process_exit, process_kill, process_crash,
    resumed, paused, stopped, screen_on, screen_off, or forged: such a line from a UID not entitled to write it.
    """

    what: str
    t_us: int = 0
    resolution_us: int = 0
    package: str = ""
    component: str = ""
    process: str = ""
    pid: int = 0
    permission: str = ""
    result: str = ""
    dialog: str = ""
    code: int = 0
    cause: str = ""


class Socket(NamedTuple):
    """A row of ``/proc/net``. ``uid`` is ``None`` when unknown: a closed socket reads uid 0 with inode 0."""

    local_port: int
    remote_port: int
    state: int
    uid: int | None
