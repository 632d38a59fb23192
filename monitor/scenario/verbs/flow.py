"""Verbs that wait, check, and contain other commands."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from monitor.base import clock, yamlfile
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.registry import Args, Beside, Wait, verb
from monitor.scenario.screen import Selector, Where, label_of

Name = Annotated[str, Field(min_length=1, max_length=100)]


class When(yamlfile.Strict):
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
    file: Annotated[str, Beside()] = ""
    commands: list[Any] = []
    one_of = ("commands", "file")


class Repeat(Args):
    """How often, or as long as a condition holds (then ``times`` is the limit)."""

    times: int = Field(100, ge=1, le=1000)
    while_: When | None = Field(None, alias="while")
    commands: list[Any] = Field(min_length=1)


class Function(Args):
    """Name of a function of the app (map, scan …), and the commands that use it."""

    name: Name
    commands: list[Any] = []

    def title(self) -> str:
        """The name, which rules read."""
        return self.name


class Expect(Args):
    """Rules that must or must not fire."""

    fires: list[str] = []
    silent: list[str] = []


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


@verb("idle", short="duration", takes_ms=0, waits="duration", called=lambda args: f"{args.duration / 1000:g} s")
def idle(run: Run, *, duration: Wait, quiet: Wait = 0, limit: Wait = 20_000) -> None:
    """Do nothing for a while; with ``quiet``, until the app is idle."""
    run.wait(duration / 1000)
    if quiet:  # for ``limit`` at most, unless a process of the app is still starting up
        run.until(lambda: run.quiet_for() >= quiet / 1000, limit / 1000, lambda: not run.quiet_for())


class Visible(Args, Selector):
    """An element and how long to wait for it."""

    timeout: Wait = round(TIMEOUTS["find"] * 1000)
    called: ClassVar = Selector.title


@verb("assertVisible", Visible, short="text")
def assert_visible(run: Run, args: Visible) -> None:
    """Fail unless the element appears in time."""
    run.require(args, optional=args.optional, timeout_ms=args.timeout)


@verb("assertNotVisible", Visible, short="text")
def assert_not_visible(run: Run, args: Visible) -> None:
    """Fail unless the element disappears in time."""
    _require_gone(run, args, args.timeout, args.optional)


class WaitUntil(Args):
    """What must appear, disappear or be sent."""

    visible: Where | None = None
    notVisible: Where | None = None
    sent: str = Field("", max_length=253)
    """A host (``*`` for any characters) to which the app must have sent something since the phase began."""
    timeout: Wait = 30_000
    one_of = ("visible", "notVisible", "sent")


@verb("extendedWaitUntil", WaitUntil)
def extended_wait_until(run: Run, args: WaitUntil) -> None:
    """Wait until an element appears or disappears, or the app has sent something. What appeared is recorded."""
    if args.visible is not None:
        there = run.require(args.visible, optional=args.optional, timeout_ms=args.timeout)
        # Where no hooks see windows, a notice must not count as unseen because the next step comes late.
        run.snapshot((label_of(there) or args.visible.title())[:80])
    elif args.notVisible is not None:
        _require_gone(run, args.notVisible, args.timeout, args.optional)
    elif not run.awaited(lambda: run.sent(args.sent, run.phase), args.timeout / 1000, optional=args.optional):
        raise StepFailed(f"nothing was sent within {args.timeout / 1000:g} s: {args.sent}")


@verb("takeScreenshot", short="name", called="{0.name}")
def take_screenshot(run: Run, *, name: Name) -> None:
    """Record the screen: UI tree and screenshot."""
    run.snapshot(name)


@verb("phase", short="name", called="{0.name}")
def phase(run: Run, *, name: Name) -> None:
    """Name the phase of the session that begins here: the step's event marks it."""
    run.phase = clock.now_us()


@verb("expect", Expect)
def expect(run: Run, args: Expect) -> None:
    """State which rules must fire and which must stay silent; checked at the end of the session."""
    run.fires += args.fires
    run.silent += args.silent


def _require_gone(run: Run, element: Selector, timeout_ms: int, optional: bool) -> None:
    def gone() -> bool:
        nodes = run.nodes()  # a screen that cannot be read proves nothing
        return bool(nodes) and element.find(nodes) is None

    if not run.awaited(gone, timeout_ms / 1000, optional=optional):
        raise StepFailed(f"still on the screen after {timeout_ms / 1000:g} s: {element.title()}")
