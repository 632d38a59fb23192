"""Events judged as they come."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from monitor.analysis.consent.marks import KeptMark
from monitor.analysis.correlate.findings import Assessment
from monitor.analysis.coverage.reference import Reference
from monitor.assess.evaluation import Evaluation
from monitor.events import Event
from monitor.record.inputs import Inputs
from monitor.record.outcome import Progress

#: Seconds between two accounts of the consents.
_CONSENT_S: Final = 0.5


class Assessing:
    """Fed with every event; tells what is new of findings and, now and then, of the consents observed."""

    def __init__(self, inputs: Inputs, progress: Progress, on_consent: Callable[[list[KeptMark]], None]) -> None:
        self._evaluation = Evaluation(
            inputs.rules, inputs.declaration, inputs.organisations, inputs.sdks, inputs.rows,
            on_finding=progress.finding, on_event=progress.event,
        )  # fmt: skip
        self._on_consent = on_consent
        self._told = 0.0

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        self._evaluation.feed((event,))
        if (now := time.monotonic()) - self._told > _CONSENT_S:
            self._told = now
            self._on_consent(self._evaluation.marks())

    def close(self, permissions: Sequence[str], references: Sequence[Reference]) -> Assessment:
        """What came of it."""
        assessment = self._evaluation.close(permissions, references)
        self._on_consent(self._evaluation.marks())
        return assessment
