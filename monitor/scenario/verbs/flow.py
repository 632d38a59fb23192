"""Verbs that contain other commands."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from monitor.base.yamlfile import Strict
from monitor.scenario.context import TIMEOUTS, Run
from monitor.scenario.registry import Args, verb
from monitor.scenario.selector import Where


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
