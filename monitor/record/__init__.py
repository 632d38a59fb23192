"""Recording: the only package that knows device, collectors, scenario and log together."""

from monitor.options import Options
from monitor.record.outcome import Outcome, Progress
from monitor.record.run import record

__all__ = [
    "Options",
    "Outcome",
    "Progress",
    "record",
]
