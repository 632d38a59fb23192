"""The windows on the screen, as app processes report them, in their order."""

from typing import Any

from emulator.standin.apps.applayer import Process
from emulator.standin.state.device import DeviceState

from .screen import ActivityRecord, Window

MAX_WINDOWS = 200


class Windows:
    """Keeps `DeviceState.windows`: last is on top; an activity's windows show only while it does."""

    def __init__(self, state: DeviceState) -> None:
        self._state = state

    def show(self, process: Process, a: dict[str, Any]) -> None:
        """``ui.window``: a new window goes on top, a known one gets a new tree."""
        number = int(a.get("window", 0))
        window = self.find(process.pid, number)
        if window is None:
            if len(self._state.windows) >= MAX_WINDOWS:
                return
            window = self._made(process, number, a)
            self._state.windows.insert(self._place(window), window)
        root = a.get("root")
        window.root = root if isinstance(root, dict) else {}
        window.title = str(a.get("title", ""))[:500]
        asked = a.get("focus")
        if isinstance(asked, int) and asked != window.asked_focus:
            window.focus = window.asked_focus = asked

    def _place(self, window: Window) -> int:
        """On top; but an activity's own window lies below its dialogs, which may come first (shown in onCreate)."""
        shown = self._state.windows
        if not window.token:
            return len(shown)
        above = self._above(window.token)
        if window.kind == "activity":
            above.add(window.token)
        return next((i for i, other in enumerate(shown) if other.token in above), len(shown))

    def _above(self, token: str) -> set[str]:
        """The activities above one, none for an activity that is not on the stack."""
        tokens = [record.token for record in self._state.activities]
        return set(tokens[tokens.index(token) + 1 :]) if token in tokens else set()

    def _made(self, process: Process, number: int, a: dict[str, Any]) -> Window:
        kind, token = str(a.get("kind", "dialog")), str(a.get("token", ""))
        record = self.record(token)
        window = Window(number, process.pid, process.package, kind, token=token, uid=process.uid)
        if kind == "activity" and record:
            window.component = record.component
        self._state.truth.write("window", kind=kind, title=str(a.get("title", "")), pid=process.pid, state="added")
        return window

    def record(self, token: str) -> ActivityRecord | None:
        return next((r for r in self._state.activities if r.token == token), None) if token else None

    def find(self, pid: int, number: int) -> Window | None:
        return next((w for w in self._state.windows if w.pid == pid and w.window == number), None)

    def remove(self, pid: int, number: int) -> None:
        window = self.find(pid, number)
        if window:
            self._state.windows.remove(window)

    def drop(self, *, pid: int | None = None, token: str | None = None) -> None:
        """All windows of a process or of an activity."""
        keep = [w for w in self._state.windows if not (w.pid == pid if token is None else w.token == token)]
        self._state.windows[:] = keep

    def raise_token(self, token: str) -> None:
        """The windows of an activity come to the top and show."""
        mine = [w for w in self._state.windows if w.token == token]
        for window in mine:
            window.visible = True
        rest = [w for w in self._state.windows if w.token != token]
        above = self._above(token)
        at = next((i for i, other in enumerate(rest) if other.token in above and other.visible), len(rest))
        self._state.windows[:] = rest[:at] + mine + rest[at:]

    def hide_token(self, token: str) -> None:
        for window in self._state.windows:
            if window.token == token:
                window.visible = False
