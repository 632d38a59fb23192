"""The terminal while a session runs: a live view, or plain lines where it has no room; and the keys of a session by
hand, each of which marks what happens, as the live page does."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from monitor.analysis.correlate.findings import Finding
from monitor.base import host
from monitor.base.errors import InputError, printable
from monitor.cli._show import STATUS_STYLES, about, joined
from monitor.cli._words import label, t
from monitor.events import Event, PlaceSeen
from monitor.live.state import Watch
from monitor.scenario.marks import Marks

if TYPE_CHECKING:
    from monitor.scenario.runner import Progress as Step

#: Narrower terminals get plain lines.
_COLUMNS: Final = 60
_BAR: Final = 40
_FINDINGS: Final = 8
_HEALTH: Final = 3
#: What a key marks, and the texts that say so; where a text is typed after the key, it stands between them.
_MARKS: Final[dict[str, tuple[dict[str, Any], list[str]]]] = {
    "s": ({"what": "consent", "state": "shown"}, ["consent.shown"]),
    "y": ({"what": "consent", "state": "granted"}, ["consent.granted"]),
    "n": ({"what": "consent", "state": "denied"}, ["consent.denied"]),
    "w": ({"what": "consent", "state": "withdrawn"}, ["consent.withdrawn"]),
    "f": ({"what": "function", "begins": True}, ["function", "begins"]),
    "e": ({"what": "function", "begins": False}, ["function", "ends"]),
    "p": ({"what": "screenshot"}, ["screenshot"]),
    "t": ({"what": "note"}, ["note"]),
    "h": ({"what": "home"}, ["home"]),
    "o": ({"what": "open"}, ["open"]),
    "r": ({"what": "restart"}, ["restart"]),
    "q": ({"what": "end"}, ["end"]),
}
#: The field of a mark that takes what is typed.
_TYPED: Final = {"function": "name", "note": "text"}
_POLL_S: Final = 0.2
_ENTER, _DELETE, _ESCAPE = "\r\n", "\x7f\b", "\x1b"


class Terminal:
    """Live progress on standard error."""

    def __init__(self, watch: Watch, quiet: bool) -> None:
        self._watch, self._asked = watch, ""
        self._console = console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
        self._live: Live | None = None
        if console.is_terminal and console.width >= _COLUMNS and not quiet:
            self._live = Live(console=console, get_renderable=self._view, refresh_per_second=4, transient=True)
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
        if isinstance(event, PlaceSeen) and not self._live:
            self._console.print(escape(f"  {printable(self._watch.walk(), 160)}"))

    def finding(self, finding: Finding) -> None:
        """A finding is new or has changed."""
        if not self._watch.finding(finding) or self._live:
            return
        text = printable(joined(finding.rule, about(finding, self._watch.name)), 160)
        self._console.print(f"  [bold]{escape(label('status', finding.status))}[/bold] {escape(text)}")

    def _view(self) -> RenderableType:
        state = self._watch.snapshot()
        step = state["step"]
        rows: list[RenderableType] = [_line(state["line"] or "…")]
        if step["total"]:
            rows.append(ProgressBar(total=step["total"], completed=step["number"], width=_BAR))
        lanes = (f"{lane['name']} {lane['seconds'][-2]}/s" for lane in state["lanes"].values())
        counts = t("cli.counts", events=state["events"], findings=sum(state["counts"].values()))
        rows.append(_line(f"{counts} · {' · '.join(lanes)}", "dim"))
        if state["consent"]:
            states = ", ".join(f"{one['scope']}: {one['name']}" for one in state["consent"][:4])
            rows.append(_line(f"{t('live.consent')}: {states}"))
        table = Table.grid(padding=(0, 1))
        for one in state["findings"][:_FINDINGS]:
            words = _line(f"{one['title']} · {one['about']} {one['count']}")
            table.add_row(Text(one["level_name"], style=STATUS_STYLES.get(one["status"], "")), words)
        rows += [table] if state["findings"] else []
        rows += [_line(text, "yellow") for text in state["health"][-_HEALTH:]]
        rows += [_line(printable(self._asked, 200), "bold")] if self._asked else []
        return Group(*rows)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._live:
            self._live.stop()


def _line(text: str, style: str = "") -> Text:
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")


class Keyboard:
    """Turns characters into marks."""

    def __init__(self, marks: Marks, terminal: Terminal) -> None:
        self._marks, self._terminal = marks, terminal
        self._key = ""
        """Of a mark for which something is being typed."""
        self._typed = ""

    def press(self, character: str) -> None:
        """A key was pressed."""
        if self._key and character in (*_ENTER, _ESCAPE):
            self._terminal.ask("")
            if character != _ESCAPE:
                self._mark()
            self._key = self._typed = ""
        elif self._key:
            self._typed = self._typed[:-1] if character in _DELETE else (self._typed + character)[:200]
        elif (key := character.lower()) in _MARKS:
            self._key = key
        else:
            self._terminal.say(t("manual.keys"))
        if self._key and (what := _MARKS[self._key][0]["what"]) in _TYPED:
            self._terminal.ask(f"{t(f'manual.ask.{what}')}{self._typed}_")
        elif self._key:
            self._mark()
            self._key = ""

    def _mark(self) -> None:
        """Add the mark of the key, with what was typed."""
        mark, (first, *rest) = _MARKS[self._key]
        try:
            self._marks.add(mark | ({_TYPED[mark["what"]]: self._typed} if mark["what"] in _TYPED else {}))
        except InputError as error:
            self._terminal.say(str(error))
            return
        words = [t(f"manual.{first}"), self._typed, *(t(f"manual.{one}") for one in rest)]
        self._terminal.say(" ".join(filter(None, ("✓", *words))))


@contextlib.contextmanager
def keys(marks: Marks, terminal: Terminal) -> Iterator[None]:
    """Read keys from the terminal while the block runs; it is left as it was."""
    done, press = threading.Event(), Keyboard(marks, terminal).press
    with host.keyboard() as typed:

        def read() -> None:
            while (text := typed(_POLL_S)) is not None and not done.is_set():
                for character in text:
                    press(character)

        thread = threading.Thread(target=read, name="keys", daemon=True)
        try:
            terminal.say(t("manual.keys"))
            thread.start()
            yield
        finally:
            done.set()
            thread.join()
