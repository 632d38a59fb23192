"""The terminal while a session runs: a live view, or plain lines where it has no room; and the keys of a session by
hand, each of which marks what happens, as the live page does."""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from monitor.analysis.correlate.findings import Finding
from monitor.base.errors import InputError, printable
from monitor.cli._show import STATUS_STYLES, about, joined
from monitor.cli._words import label, t
from monitor.events import Event
from monitor.live.state import Watch
from monitor.scenario.marks import Marks

if TYPE_CHECKING:
    from monitor.scenario.runner import Progress as Step

#: Narrower terminals get plain lines.
_COLUMNS: Final = 60
_BAR: Final = 40
_FINDINGS: Final = 8
_HEALTH: Final = 3
#: What a key marks.
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
_TYPED: Final = {"function": ("manual.ask.function", "name"), "note": ("manual.ask.note", "text")}
_POLL_S: Final = 0.2
_ENTER, _DELETE, _ESCAPE = "\r\n", "\x7f\b", "\x1b"


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Standard output was closed (``| head``): the recording continues silently."""
        self.quiet = True


class Terminal:
    """Live progress on standard error."""

    def __init__(self, watch: Watch, quiet: bool) -> None:
        self._watch = watch
        self._console = _Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
        roomy = self._console.is_terminal and self._console.width >= _COLUMNS and not quiet
        self._asked = ""
        self._live = (
            Live(console=self._console, get_renderable=self._view, refresh_per_second=4, transient=True)
            if roomy
            else None
        )
        if self._live:
            self._live.start()

    def stage(self, key: str) -> None:
        """A stage began."""
        self._watch.stage(key)
        if not self._live:
            self._console.print(escape(t(f"cli.stage.{key}")))

    def ask(self, line: str) -> None:
        """What a person is typing; empty once it is typed."""
        self._asked = line
        if not self._live:
            self._console.print(f"\r{escape(printable(line))}", end="" if line else "\n")

    def say(self, line: str) -> None:
        """A line that stays."""
        self._console.print(escape(printable(line)))

    def device(self, serial: str, port: int) -> None:
        """The device is ready: other tools can now use it."""
        self._watch.device(serial, port)
        self._console.print(escape(printable(t("cli.device", serial=serial, port=port))))

    def step(self, step: Step) -> None:
        """A step began."""
        self._watch.step(step)
        if not self._live:
            self._console.print(escape(f"  {self._watch.line()}"))

    def event(self, event: Event) -> None:
        """An event was logged."""
        self._watch.event(event)

    def finding(self, finding: Finding) -> None:
        """A finding is new or has changed."""
        if not self._watch.finding(finding) or self._live:
            return
        text = printable(joined(finding.rule, about(finding, self._watch.name)), 160)
        self._console.print(f"  [bold]{escape(label('status', finding.status))}[/bold] {escape(text)}")

    def _view(self) -> RenderableType:
        state = self._watch.snapshot()
        step = state["step"]

        def line(text: str, style: str = "") -> Text:
            return Text(text, style=style, no_wrap=True, overflow="ellipsis")

        rows: list[RenderableType] = [line(state["line"] or "…")]
        if step["total"]:
            rows.append(ProgressBar(total=step["total"], completed=step["number"], width=_BAR))
        lanes = (f"{lane['name']} {lane['seconds'][-2]}/s" for lane in state["lanes"].values())
        counts = t("cli.counts", events=state["events"], findings=sum(state["counts"].values()))
        rows.append(line(f"{counts} · {' · '.join(lanes)}", "dim"))
        if state["consent"]:
            states = ", ".join(f"{one['scope']}: {one['name']}" for one in state["consent"][:4])
            rows.append(line(f"{t('live.consent')}: {states}"))
        if state["findings"]:
            table = Table.grid(padding=(0, 1))
            for one in state["findings"][:_FINDINGS]:
                words = line(f"{one['title']} · {one['about']} {one['count']}")
                table.add_row(Text(one["level_name"], style=STATUS_STYLES.get(one["status"], "")), words)
            rows.append(table)
        rows += [line(text, "yellow") for text in state["health"][-_HEALTH:]]
        if self._asked:
            rows.append(line(printable(self._asked, 200), "bold"))
        return Group(*rows)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._live:
            self._live.stop()


class Keyboard:
    """Turns characters into marks."""

    def __init__(self, marks: Marks, terminal: Terminal) -> None:
        self._marks = marks
        self._terminal = terminal
        self._open: dict[str, Any] | None = None
        self._typed = ""

    def press(self, character: str) -> None:
        """A key was pressed."""
        if self._open is not None:
            self._type(character, self._open)
            return
        mark = _MARKS.get(character.lower())
        if mark is None:
            self._terminal.say(t("manual.keys"))
        elif mark["what"] in _TYPED:
            self._open, self._typed = dict(mark), ""
            self._show(mark)
        else:
            self._add(mark)

    def _type(self, character: str, mark: dict[str, Any]) -> None:
        if character in (*_ENTER, _ESCAPE):
            self._open = None
            self._terminal.ask("")
            if character != _ESCAPE:
                self._add({**mark, _TYPED[mark["what"]][1]: self._typed})
        else:
            self._typed = self._typed[:-1] if character in _DELETE else (self._typed + character)[:200]
            self._show(mark)

    def _show(self, mark: dict[str, Any]) -> None:
        self._terminal.ask(t(_TYPED[mark["what"]][0]) + self._typed + "_")

    def _add(self, mark: dict[str, Any]) -> None:
        try:
            self._marks.add(mark)
        except InputError as error:
            self._terminal.say(str(error))
            return
        state = mark.get("state") or ("begins" if mark.get("begins") else "ends" if "begins" in mark else "")
        what = t(f"manual.consent.{state}" if mark["what"] == "consent" else f"manual.{mark['what']}")
        more = t(f"manual.{state}") if mark["what"] == "function" else ""
        typed = mark.get("name") or mark.get("text") or ""
        self._terminal.say(" ".join(filter(None, ("✓", what, typed, more))))


@contextlib.contextmanager
def keys(marks: Marks, terminal: Terminal) -> Iterator[None]:
    """Read keys from the terminal while the block runs; it is left as it was."""
    import termios
    import tty

    place = sys.stdin.fileno()
    before = termios.tcgetattr(place)
    done = threading.Event()
    keyboard = Keyboard(marks, terminal)
    thread = threading.Thread(target=_read, args=(place, keyboard.press, done), name="keys", daemon=True)
    tty.setcbreak(place)
    try:
        terminal.say(t("manual.keys"))
        thread.start()
        yield
    finally:
        done.set()
        thread.join()
        termios.tcsetattr(place, termios.TCSADRAIN, before)


def _read(place: int, press: Callable[[str], None], done: threading.Event) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while not done.is_set():
        if not select.select([place], [], [], _POLL_S)[0]:
            continue
        data = os.read(place, 1024)
        if not data:
            return
        for character in decoder.decode(data):
            press(character)
