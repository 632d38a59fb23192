"""What the terminal shows while a session runs: a live view, or plain lines where it has no room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from monitor.analysis.correlate.findings import Finding
from monitor.analysis.explain.about import about
from monitor.base.errors import printable
from monitor.cli._tables import TONES
from monitor.events import Event
from monitor.live.state import Watch
from monitor.text import label, t

if TYPE_CHECKING:
    from monitor.scenario.runner import Progress as Step

#: Narrower terminals get plain lines.
_COLUMNS: Final = 60
_BAR: Final = 40
_FINDINGS: Final = 8
_HEALTH: Final = 3


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Standard output was closed (``| head``): the recording continues silently."""
        self.quiet = True


class Terminal:
    """Live progress on standard error."""

    def __init__(self, watch: Watch, quiet: bool) -> None:
        self._watch = watch
        self._lang = watch.lang
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
            self._console.print(escape(t(f"cli.stage.{key}", self._lang)))

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
        self._console.print(escape(printable(t("cli.device", self._lang, serial=serial, port=port))))

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
        parts = (finding.rule, about(finding, self._lang, self._watch.name))
        text = printable(" · ".join(part for part in parts if part), 160)
        self._console.print(f"  [bold]{escape(label('status', finding.status, self._lang))}[/bold] {escape(text)}")

    def _view(self) -> RenderableType:
        state = self._watch.snapshot()
        step = state["step"]
        rows: list[RenderableType] = [Text(state["line"] or "…", no_wrap=True, overflow="ellipsis")]
        if step["total"]:
            rows.append(ProgressBar(total=step["total"], completed=step["number"], width=_BAR))
        lanes = " · ".join(f"{lane['name']} {lane['seconds'][-2]}/s" for lane in state["lanes"].values())
        counts = t("cli.counts", self._lang, events=state["events"], findings=sum(state["counts"].values()))
        rows.append(Text(f"{counts} · {lanes}", style="dim", no_wrap=True, overflow="ellipsis"))
        if state["consent"]:
            said = ", ".join(f"{one['scope']}: {one['name']}" for one in state["consent"][:4])
            rows.append(Text(f"{t('live.consent', self._lang)}: {said}", no_wrap=True, overflow="ellipsis"))
        if state["findings"]:
            table = Table.grid(padding=(0, 1))
            for one in state["findings"][:_FINDINGS]:
                name = Text(one["level_name"], style=TONES.get(one["status"], ""))
                words = Text(f"{one['title']} · {one['about']} {one['count']}", no_wrap=True, overflow="ellipsis")
                table.add_row(name, words)
            rows.append(table)
        rows += [Text(line, style="yellow", no_wrap=True, overflow="ellipsis") for line in state["health"][-_HEALTH:]]
        if self._asked:
            rows.append(Text(printable(self._asked, 200), style="bold", no_wrap=True, overflow="ellipsis"))
        return Group(*rows)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._live:
            self._live.stop()
