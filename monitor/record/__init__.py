"""Recording: the only code that knows device, collectors, scenario and log at once."""

from monitor.record.imported import ImportOptions, ImportOutcome, import_bundle, parse_moment
from monitor.record.inputs import Options
from monitor.record.judge import Judgement, reanalyse, render_bundle
from monitor.record.outcome import Outcome, Progress
from monitor.record.run import record

__all__ = [
    "ImportOptions",
    "ImportOutcome",
    "Judgement",
    "Options",
    "Outcome",
    "Progress",
    "import_bundle",
    "parse_moment",
    "reanalyse",
    "record",
    "render_bundle",
]
