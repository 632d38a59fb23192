"""Verbs that wait, check, and contain other commands."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from monitor.base.clock import now_us
from monitor.base.yamlfile import Strict
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.registry import Args, Wait, verb
from monitor.scenario.screen import Selector, Where, label_of


class When(Strict):
    """Conditions that must all hold."""

    visible: Where | None = None
    notVisible: Where | None = None
    platform: str = ""

    def holds(self, run: Run, seconds: float) -> bool:
        """Whether they hold now; an element may take ``seconds`` to appear."""
        if self.platform and self.platform.lower() != "android":
            return False
        if self.visible is not None and run.find(self.visible, seconds) is None:
            return False
        return self.notVisible is None or self.notVisible.find(run.nodes()) is None


class RunFlow(Args):
    """Commands here or in a file beside the scenario."""

    when: When = When()
    file: str = ""
    commands: list[Any] = []

    @model_validator(mode="after")
    def _one(self) -> RunFlow:
        if bool(self.file) == bool(self.commands):
            raise ValueError("needs either commands or file")
        return self


class Repeat(Args):
    """How often, or as long as a condition holds (then ``times`` is the limit)."""

    times: int = Field(100, ge=1, le=1000)
    while_: When | None = Field(None, alias="while")
    commands: list[Any] = Field(min_length=1)


class Function(Args):
    """Name of a function of the app (map, scan …), and the commands that use it."""

    name: str = Field(min_length=1, max_length=100)
    commands: list[Any] = []

    def title(self) -> str:
        """The name, which rules read."""
        return self.name


@verb("runFlow", RunFlow, short="file")
def run_flow(run: Run, args: RunFlow) -> None:
    """Run commands if ``when`` holds."""
    if args.when.holds(run, TIMEOUTS["optional"]):
        run.children()


@verb("repeat", Repeat)
def repeat(run: Run, args: Repeat) -> None:
    """Run commands several times."""
    again = run.children
    for _ in range(args.times):
        if args.while_ is not None and not args.while_.holds(run, 0):
            return
        again()


@verb("function", Function, short="name")
def function(run: Run, args: Function) -> None:
    """State that a function of the app is in use, from here on or for the nested commands."""
    run.children()


class Idle(Args):
    """How long to do nothing. ``quiet``: then wait until the app has also been idle for that long, for ``limit`` at
    most unless a process of it is still starting up."""

    duration: Wait
    quiet: Wait = 0
    limit: Wait = 20_000

    def title(self) -> str:
        """The time."""
        return self.label or f"{self.duration / 1000:g} s"

    def planned_ms(self) -> int:
        """The time."""
        return self.duration


class Visible(Selector, Args):
    """An element and how long to wait for it."""

    timeout: Wait = round(TIMEOUTS["find"] * 1000)

    def title(self) -> str:
        """The label, otherwise the element."""
        return self.label or Selector.title(self)


class WaitUntil(Args):
    """What must appear, disappear or be sent."""

    visible: Where | None = None
    notVisible: Where | None = None
    sent: str = Field("", max_length=253)
    """A host (``*`` for any characters) to which the app must have sent something since the phase began."""
    timeout: Wait = 30_000

    @model_validator(mode="after")
    def _one(self) -> WaitUntil:
        if [self.visible is not None, self.notVisible is not None, self.sent != ""].count(True) != 1:
            raise ValueError("needs one of visible, notVisible and sent")
        return self


class Name(Args):
    """A name."""

    name: str = Field(min_length=1, max_length=100)
    called = "{0.name}"


class Expect(Args):
    """Rules that must or must not fire."""

    fires: list[str] = []
    silent: list[str] = []


@verb("idle", Idle, short="duration")
def idle(run: Run, args: Idle) -> None:
    """Do nothing for a while; with ``quiet``, until the app is idle."""
    run.wait(args.duration / 1000)
    if args.quiet:
        run.until(lambda: run.quiet_for() >= args.quiet / 1000, args.limit / 1000, lambda: not run.quiet_for())


@verb("assertVisible", Visible, short="text")
def assert_visible(run: Run, args: Visible) -> None:
    """Fail unless the element appears in time."""
    run.require(args, optional=args.optional, timeout_ms=args.timeout)


@verb("assertNotVisible", Visible, short="text")
def assert_not_visible(run: Run, args: Visible) -> None:
    """Fail unless the element disappears in time."""
    _go(run, args, args)


@verb("extendedWaitUntil", WaitUntil)
def extended_wait_until(run: Run, args: WaitUntil) -> None:
    """Wait until an element appears or disappears, or the app has sent something. What appeared is recorded."""
    if args.visible is not None:
        there = run.require(args.visible, optional=args.optional, timeout_ms=args.timeout)
        # Where no hooks see windows, a notice must not count as unseen because the next step comes late.
        run.snapshot((label_of(there) or args.visible.title())[:80])
    elif args.notVisible is not None:
        _go(run, args.notVisible, args)
    elif not run.awaited(lambda: run.sent(args.sent, run.phase), args.timeout / 1000, optional=args.optional):
        raise StepFailed(f"nothing was sent within {args.timeout / 1000:g} s: {args.sent}")


@verb("takeScreenshot", Name, short="name")
def take_screenshot(run: Run, args: Name) -> None:
    """Record the screen: UI tree and screenshot."""
    run.snapshot(args.name)


@verb("phase", Name, short="name")
def phase(run: Run, args: Name) -> None:
    """Name the phase of the session that begins here: the step's event marks it."""
    run.phase = now_us()


@verb("expect", Expect)
def expect(run: Run, args: Expect) -> None:
    """State which rules must fire and which must stay silent; checked at the end of the session."""
    run.fires += args.fires
    run.silent += args.silent


def _go(run: Run, what: Selector, args: Visible | WaitUntil) -> None:
    def gone() -> bool:
        nodes = run.nodes()  # a screen that cannot be read proves nothing
        return bool(nodes) and what.find(nodes) is None

    seconds = args.timeout / 1000
    if not run.awaited(gone, seconds, optional=args.optional):
        raise StepFailed(f"still on the screen after {seconds:g} s: {what.title()}")
