"""What a document says of itself: title, subject, author, keywords, date, and what stands at the head of its pages."""

from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.reports._inert import clean
from monitor.reports._inspection import header
from monitor.reports._view import View

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Properties:
    """Texts are plain; ``made``: the end of the session, so that the same recording gives the same document."""

    title: str
    subject: str
    author: str
    keywords: list[str]
    header: str
    made: datetime


def properties(view: View, title: str = "") -> Properties:
    """Those of a report with this title, by default the inspection report."""
    session, record = view.session, view.session.record
    try:
        made = max(datetime.fromtimestamp((session.end or session.start) // 1_000_000, UTC), _EARLIEST)
    except (ValueError, OverflowError, OSError):
        made = _EARLIEST
    return Properties(
        title=title or view.t("inspection.title"),
        subject=clean(f"{session.app.label} {session.app.package} {session.app.version}".strip()),
        author=clean(record.laboratory or view.listed(record.operators) or session.operator),
        keywords=[clean(word) for word in (record.report_no, session.app.package, session.app.apk_sha256) if word],
        header=header(view),
        made=made,
    )
