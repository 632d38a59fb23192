"""How a session ended, where it did not run to its end."""

from monitor.session.manifest import Session
from monitor.text import label, retold, t


def broken_off(session: Session, lang: str) -> tuple[str, str, str] | None:
    """How and why a session ended early, and what that means for what was not found; None if it ran to its end."""
    if session.ended not in ("failed", "interrupted", "recovered"):
        return None
    how = t("report.broken", lang, how=label("ended", session.ended, lang))
    cause = retold("said", session.cause.rstrip("."), lang)
    why = t("report.broken.cause", lang, cause=cause) if cause else t("report.broken.unknown", lang)
    return how, why, t("report.broken.note", lang)
