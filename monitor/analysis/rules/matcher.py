"""The base of all types of patterns: the state of one check in one analysis, and the matches that it gives."""

from collections.abc import Iterable

from monitor.analysis.rules.certainty import EVIDENCED, Hit
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import NOBODY, Subject
from monitor.analysis.rules.plan import Check
from monitor.events import ApiCall, Event


class Matcher:
    """Asked about events whose filter holds. As it is, each of them is a match."""

    waits = False
    """Whether later events decide a match."""

    def __init__(self, check: Check) -> None:
        self.check = check

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Whether anything can be a match after what has been observed so far; with a call: whether one like it can
        that is not earlier. Asked again after each change."""
        return True

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """Matches for an event whose filter holds."""
        return (Hit(e, s, EVIDENCED),)

    def advance(self, e: Event, c: Context) -> Iterable[Hit]:
        """Matches that were waiting for a later event."""
        return ()

    def stands(self, hit: Hit, c: Context) -> bool:
        """Whether a match that was set aside for an unread answer is still one at the end."""
        return True

    def finish(self, c: Context, newest: int) -> Iterable[Hit]:
        """Matches that the end of the log decides; ``newest`` is the time of its latest event."""
        return ()
