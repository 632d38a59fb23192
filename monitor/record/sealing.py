"""The end of a recording: sealed, assessed, reported."""

from monitor.analysis.correlate.arrivals import LATENESS_US, allowed
from monitor.assess.evaluate import evaluate
from monitor.assess.opened import Opened
from monitor.assess.results import write_results
from monitor.base.errors import MonitorError, printable
from monitor.record.assessing import Assessing
from monitor.record.outcome import Outcome, unmet
from monitor.record.recording import Recording


def sealed(recording: Recording, assessing: Assessing) -> Outcome:
    """Seal what was recorded, assess it, write the report."""
    session, stop, bundle, steps = recording.session, recording.stop, recording.bundle, recording.steps
    options, inputs = recording.options, recording.inputs
    recording.progress.stage("seal")
    session.end = recording.clock.now()
    if not stop.wanted:
        stop.note(recording.life.fault())
    if stop.fault is not None:  # also one that let the steps go on to their end
        session.ended = "failed"
    if stop.interrupted:
        session.ended = "interrupted"
    session.cause = printable(stop.fault.message if stop.fault else steps.failed if steps else "", 300)
    if deviation := recording.bypasses.deviation():
        session.record.deviations.append(deviation)
    bundle.seal(session)
    if options.timestamp:
        try:
            bundle.timestamp(options.timestamp)
        except MonitorError as error:  # the bundle is sealed; monitor timestamp can obtain a token later
            stop.note(error)
    recording.progress.stage("report")
    assessment = assessing.close(session.app.permissions, recording.references)
    with Opened.recorded(bundle, session, inputs.declaration, inputs.organisations, inputs.sdks) as opened:
        if allowed(session.lateness_us) > LATENESS_US:  # events came too late for a judgement as they came
            assessment = evaluate(opened)
        written = write_results(bundle, opened, assessment, options.lang)
    outcome = Outcome(
        bundle.path, assessment, session, steps, stop.fault,
        interrupted=stop.interrupted, front=written.front, truth=recording.truth,
    )  # fmt: skip
    if steps and session.app.package == inputs.scenario.app_id:
        outcome.unmet = unmet(assessment.findings, steps)
    return outcome
