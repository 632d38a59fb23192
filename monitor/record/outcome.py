"""Progress of a recording, and its outcome."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from monitor.analysis.correlate.findings import Assessment, Finding
from monitor.base.errors import MonitorError
from monitor.events import Event
from monitor.reports import Front
from monitor.scenario.runner import Outcome as Steps
from monitor.scenario.runner import Progress as StepProgress
from monitor.session.manifest import Session


class Progress(Protocol):
    """What the terminal shows while a session runs. Called from several threads."""

    def stage(self, key: str) -> None:
        """A stage began: device, install, proxy, hooks, session, seal, report."""

    def step(self, step: StepProgress) -> None:
        """A step of the scenario began."""

    def event(self, event: Event) -> None:
        """An event was logged."""

    def finding(self, finding: Finding) -> None:
        """A finding is new or has changed."""


@dataclass
class Outcome:
    """How a session ended. ``fault``: what cut it short; ``unmet``: expectations of the scenario not met."""

    bundle: Path
    assessment: Assessment
    session: Session
    steps: Steps | None = None
    fault: MonitorError | None = None
    interrupted: bool = False
    unmet: list[str] = field(default_factory=list)
    front: Front = field(default_factory=Front)
    """What page one of its report says."""
    truth: bytes = b""
    """The stand-in's own log, for tests."""


def unmet(findings: list[Finding], steps: Steps) -> list[str]:
    """Expectations of the scenario that the findings do not meet: rule IDs, with ``!`` for a rule that must stay
    silent."""
    fired = {finding.rule for finding in findings if finding.status == "evidenced"}
    missing = [rule for rule in dict.fromkeys(steps.expect.fires) if rule not in fired]
    return missing + [f"!{rule}" for rule in dict.fromkeys(steps.expect.silent) if rule in fired]
