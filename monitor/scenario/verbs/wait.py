"""Verbs that wait, look and check."""

from __future__ import annotations

from pydantic import Field, model_validator

from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.registry import Args, Wait, verb
from monitor.scenario.selector import Selector, Where


class Idle(Args):
    """How long nothing is done."""

    duration: Wait

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
        """The label, else the element."""
        return self.label or Selector.title(self)


class WaitUntil(Args):
    """What must come or go."""

    visible: Where | None = None
    notVisible: Where | None = None
    timeout: Wait = 30_000

    @model_validator(mode="after")
    def _one(self) -> WaitUntil:
        if (self.visible is None) == (self.notVisible is None):
            raise ValueError("needs visible or notVisible")
        return self


class Name(Args):
    """A name."""

    name: str = Field(min_length=1, max_length=100)

    def title(self) -> str:
        """The name."""
        return self.label or self.name


class Expect(Args):
    """Rules that must or must not fire."""

    fires: list[str] = []
    silent: list[str] = []


@verb("idle", Idle, short="duration")
def idle(run: Run, args: Idle) -> None:
    """Do nothing for a while, the app as it is."""
    run.wait(args.duration / 1000)


@verb("assertVisible", Visible, short="text")
def assert_visible(run: Run, args: Visible) -> None:
    """Fail unless the element is there in time."""
    _come(run, args, args.timeout)


@verb("assertNotVisible", Visible, short="text")
def assert_not_visible(run: Run, args: Visible) -> None:
    """Fail unless the element is gone in time."""
    _go(run, args, args.timeout)


@verb("extendedWaitUntil", WaitUntil)
def extended_wait_until(run: Run, args: WaitUntil) -> None:
    """Wait until an element comes or goes."""
    if args.visible is not None:
        _come(run, args.visible, args.timeout)
    elif args.notVisible is not None:
        _go(run, args.notVisible, args.timeout)


@verb("takeScreenshot", Name, short="name")
def take_screenshot(run: Run, args: Name) -> None:
    """Record the screen: tree and picture."""
    run.snapshot(args.name)


@verb("phase", Name, short="name")
def phase(run: Run, args: Name) -> None:
    """Name the part of the session that begins here."""
    run.phase = args.name


@verb("expect", Expect)
def expect(run: Run, args: Expect) -> None:
    """Say which rules must fire and which must stay silent; judged when the session is over."""
    run.fires += args.fires
    run.silent += args.silent


def _come(run: Run, what: Selector, ms: int) -> None:
    if run.find(what, ms / 1000) is None:
        raise StepFailed(f"not on the screen within {ms / 1000:g} s: {what.title()}")


def _go(run: Run, what: Selector, ms: int) -> None:
    def gone() -> bool:
        nodes = run.nodes()  # a screen that cannot be read proves nothing
        return bool(nodes) and what.find(nodes) is None

    if not run.until(gone, ms / 1000):
        raise StepFailed(f"still on the screen after {ms / 1000:g} s: {what.title()}")
