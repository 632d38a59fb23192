"""Run a scenario: one step after another, each recorded, every wait bounded."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from monitor.base.errors import MonitorError
from monitor.scenario.context import Run, StepFailed, Stopped
from monitor.scenario.model import Command, Expect, Scenario
from monitor.scenario.registry import VERBS


class Progress(NamedTuple):
    """Progress of a run: step ``step`` of ``total``, and the known waits of the remaining steps in milliseconds."""

    step: int
    total: int
    verb: str
    label: str
    left_ms: int
    planned_ms: int = 0
    """Of this, what the step itself takes."""


class Outcome(NamedTuple):
    """How a run ended. ``failed`` is the step that ended it, as one line with its place, or empty."""

    done: int
    skipped: int
    failed: str
    stopped: bool
    expect: Expect


class _Abort(Exception):
    """A mandatory step failed; the line is for the user."""


class Runner:
    """Runs one scenario once. The recording continues whatever happens to the steps."""

    def __init__(self, scenario: Scenario, run: Run, progress: Callable[[Progress], None] | None = None) -> None:
        self._scenario, self._run, self._progress = scenario, run, progress
        self._total = len(scenario.steps)
        self._left = scenario.waits_ms
        self._counted: set[int] = set()
        self._done = self._skipped = 0

    def run(self) -> Outcome:
        """Run all commands. Never raises for a step: see ``Outcome``."""
        failed, stopped = "", False
        try:
            self._perform(self._scenario.commands)
        except Stopped:
            stopped = True
        except _Abort as fault:
            failed = str(fault)
        head = self._scenario.header.expect
        expect = Expect(fires=[*head.fires, *self._run.fires], silent=[*head.silent, *self._run.silent])
        return Outcome(self._done, self._skipped, failed, stopped, expect)

    def _perform(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            self._step(command)

    def _step(self, command: Command) -> None:
        label, planned = command.args.title(), command.args.planned_ms()
        report = partial(self._run.step, command.index, command.verb, label=label)
        if self._progress is not None:
            self._progress(Progress(command.index, self._total, command.verb, label, max(0, self._left), planned))
        report("started")
        self._run.children = partial(self._perform, command.children)
        try:
            VERBS[command.verb].run(self._run, command.args)  # a function such as those in verbs/consent.py
        except (StepFailed, MonitorError) as fault:
            report("skipped" if command.args.optional else "failed", detail=str(fault))
            if not command.args.optional:
                raise _Abort(f"{command.where}: {command.verb}: {fault}") from None
            self._skipped += 1
        except Stopped:
            report("failed", detail="stopped")
            raise
        else:
            report("ok")
            self._done += 1
        if command.index not in self._counted:
            self._counted.add(command.index)
            self._left -= planned
