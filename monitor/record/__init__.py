"""Recording: the only code that knows device, collectors, scenario and log at once."""

from monitor.record.inputs import Options
from monitor.record.judge import Judgement, reanalyse, render_bundle
from monitor.record.run import Outcome, Progress, record

__all__ = ["Judgement", "Options", "Outcome", "Progress", "reanalyse", "record", "render_bundle"]
