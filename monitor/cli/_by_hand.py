"""Keys of a session by hand: each marks what happens, as the live page does."""

import contextlib
import os
import select
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

from monitor.base.errors import InputError
from monitor.cli._terminal import Terminal
from monitor.scenario.marks import Marks
from monitor.text import t

_MARKS: Final[dict[str, dict[str, Any]]] = {
    "s": {"what": "consent", "state": "shown"},
    "y": {"what": "consent", "state": "granted"},
    "n": {"what": "consent", "state": "denied"},
    "w": {"what": "consent", "state": "withdrawn"},
    "f": {"what": "function", "begins": True},
    "e": {"what": "function", "begins": False},
    "p": {"what": "screenshot"},
    "t": {"what": "note"},
    "h": {"what": "home"},
    "o": {"what": "open"},
    "r": {"what": "restart"},
    "q": {"what": "end"},
}
#: What is still to be typed for a mark, and the field that takes it.
_ASKED: Final = {"function": ("manual.ask.function", "name"), "note": ("manual.ask.note", "text")}
_POLL_S: Final = 0.2
_ENTER, _DELETE, _ESCAPE = "\r\n", "\x7f\b", "\x1b"


class Keyboard:
    """Turns characters into marks."""

    def __init__(self, marks: Marks, terminal: Terminal, lang: str) -> None:
        self._marks = marks
        self._terminal = terminal
        self._lang = lang
        self._open: dict[str, Any] | None = None
        self._typed = ""

    def press(self, character: str) -> None:
        """A key was pressed."""
        if self._open is not None:
            self._type(character, self._open)
            return
        mark = _MARKS.get(character.lower())
        if mark is None:
            self._terminal.say(t("manual.keys", self._lang))
        elif mark["what"] in _ASKED:
            self._open, self._typed = dict(mark), ""
            self._show(mark)
        else:
            self._add(mark)

    def _type(self, character: str, mark: dict[str, Any]) -> None:
        if character in _ENTER:
            self._open = None
            self._terminal.ask("")
            self._add({**mark, _ASKED[mark["what"]][1]: self._typed})
        elif character == _ESCAPE:
            self._open = None
            self._terminal.ask("")
        else:
            self._typed = self._typed[:-1] if character in _DELETE else (self._typed + character)[:200]
            self._show(mark)

    def _show(self, mark: dict[str, Any]) -> None:
        self._terminal.ask(t(_ASKED[mark["what"]][0], self._lang) + self._typed + "_")

    def _add(self, mark: dict[str, Any]) -> None:
        try:
            self._marks.add(mark)
        except InputError as error:
            self._terminal.say(str(error))
        else:
            said = mark.get("state") or ("begins" if mark.get("begins") else "ends" if "begins" in mark else "")
            what = t(f"manual.consent.{said}" if mark["what"] == "consent" else f"manual.{mark['what']}", self._lang)
            more = t(f"manual.{said}", self._lang) if mark["what"] == "function" else ""
            typed = mark.get("name") or mark.get("text") or ""
            self._terminal.say(" ".join(filter(None, ("✓", what, typed, more))))


@contextlib.contextmanager
def keys(marks: Marks, terminal: Terminal, lang: str) -> Iterator[None]:
    """Read keys from the terminal while the block runs; it is left as it was."""
    import termios
    import tty

    place = sys.stdin.fileno()
    before = termios.tcgetattr(place)
    done = threading.Event()
    keyboard = Keyboard(marks, terminal, lang)
    thread = threading.Thread(target=_read, args=(place, keyboard.press, done), name="keys", daemon=True)
    tty.setcbreak(place)
    try:
        terminal.say(t("manual.keys", lang))
        thread.start()
        yield
    finally:
        done.set()
        thread.join()
        termios.tcsetattr(place, termios.TCSADRAIN, before)


def _read(place: int, press: Callable[[str], None], done: threading.Event) -> None:
    rest = b""
    while not done.is_set():
        if not select.select([place], [], [], _POLL_S)[0]:
            continue
        data = os.read(place, 1024)
        if not data:
            return
        text, rest = _decoded(rest + data)
        for character in text:
            press(character)


def _decoded(data: bytes) -> tuple[str, bytes]:
    """Whole characters, and the bytes of one that has only begun."""
    for cut in range(min(4, len(data)) + 1):
        with contextlib.suppress(UnicodeDecodeError):
            return data[: len(data) - cut].decode("utf-8"), data[len(data) - cut :]
    return data.decode("utf-8", "replace"), b""
