"""Recording: the only package that knows device, collectors, scenario and log together."""

from monitor.record.recording import Outcome, Progress
from monitor.record.run import record
from monitor.session.options import Options

__all__ = ["Options", "Outcome", "Progress", "record"]
