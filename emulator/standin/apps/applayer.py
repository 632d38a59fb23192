"""What the adb side learns of the app layer: its processes, and how a start went."""

from dataclasses import dataclass


@dataclass
class Process:
    """A running app process. ``pid`` is the device's number of it, which the process itself and Frida know too;
    ``host`` this machine's (0: the same)."""

    pid: int
    name: str
    package: str
    uid: int
    held: bool = False
    host: int = 0


@dataclass
class StartResult:
    """Outcome of a start. ``code``: 0 started, 2 task brought to the front, 3 delivered to the running instance,
    -91 class does not exist (component named), -92 nothing resolves the intent. ``activity`` is ``pkg/full.Class``."""

    code: int
    activity: str = ""
    total_ms: int = 0
    launch_state: str = "COLD"
    pid: int = 0
    timeout: bool = False


NOT_FOUND, NO_MATCH = -91, -92
