"""The order of windows on the screen, without processes."""

from __future__ import annotations

from pathlib import Path

from emulator.standin.apps.applayer import Process
from emulator.standin.state.device import load_state
from emulator.standin.window.backstack import BackStack


def test_an_activity_lies_below_the_dialog_it_showed_before_its_own_window(tmp_path: Path) -> None:
    """A dialog shown in onCreate is reported before the activity's window, and is still what the user sees."""
    state = load_state(None, tmp_path / "device")
    windows, process = BackStack(state, lambda *_: None), Process(70_000_001, "com.demo", "com.demo", 10_001)
    windows.show(process, {"window": 1, "kind": "activity", "token": "t0", "title": "first"})
    windows.show(process, {"window": 2, "kind": "dialog", "token": "t1", "title": "policy"})
    windows.show(process, {"window": 3, "kind": "activity", "token": "t1", "title": "main"})
    assert [w.window for w in state.windows] == [1, 3, 2]
    focused = state.focused_window()
    assert focused and focused.title == "policy"
    windows.show(process, {"window": 4, "kind": "dialog", "token": "t1", "title": "second"})
    assert [w.window for w in state.windows] == [1, 3, 2, 4]
