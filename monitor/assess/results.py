"""What an assessment writes to the bundle: findings, coverage, the HTML report, and their attestation."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from monitor.analysis.correlate.findings import Assessment, encode
from monitor.assess.opened import Opened
from monitor.assess.render import rendered
from monitor.base.output import inert_json
from monitor.evidence.attested import Results, is_recorders
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import set_aside
from monitor.evidence.seal import LABELS, OWN_RULES, WORDS
from monitor.reports import Front, front

ENGINE = "2"


class Written(NamedTuple):
    """What became of a bundle's results."""

    earlier: str
    """Folder of those that were replaced; empty if there were none."""
    key: str
    """SHA-256 of the key that attested the new ones."""
    front: Front = Front()
    """What page one of the report says."""


def write_results(
    bundle: Bundle, opened: Opened, assessment: Assessment, lang: str, damage: str = "", more: Mapping[str, bytes] = {}
) -> Written:
    """Write and attest ``findings.jsonl``, ``coverage.jsonl`` and ``report.html``. ``bundle`` has the key to attest
    with; the attestation names the tables that were used. ``more``: further derived files by name."""
    # First, as it is the first to read what the analysis only counted: nothing is replaced if that is not readable.
    key = bundle.signer().public.id
    by = Results("recorder" if is_recorders(bundle.path, key) else "examiner", key)
    said: list[Front] = []
    head = opened.log.head
    html = rendered(
        opened, "html", assessment.findings, assessment.coverage, lang, damage=damage, results=by,
        on_view=lambda view: said.append(front(view)),
    )  # fmt: skip
    earlier = set_aside(bundle.path, head)
    for name in (LABELS, WORDS, OWN_RULES):  # kept in ``earlier``; beside these results it would count as theirs
        if name not in more and name not in opened.taken:
            (bundle.path / name).unlink(missing_ok=True)
    for name, data in more.items():
        bundle.write(name, data)
    bundle.write("findings.jsonl", b"".join(inert_json(encode(f)) + b"\n" for f in assessment.findings))
    encoder = msgspec.json.Encoder(order="sorted")
    bundle.write("coverage.jsonl", b"".join(inert_json(encoder.encode(line)) + b"\n" for line in assessment.coverage))
    counts = Counter(finding.status for finding in assessment.findings)
    bundle.write("report.html", html)
    bundle.attest(dict(opened.tables.digests), ENGINE, dict(counts), opened.session.packs, head.root)
    return Written(earlier, key, *said)
