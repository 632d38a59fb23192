"""What a rule, a hook or an item of a guideline came to in a session: the states of coverage, and the five words for
them that are the same in every output."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from monitor.text.reasons import Code, Coverage

FIRED, SILENT, INCONCLUSIVE = "fired", "silent", "inconclusive"
NOT_EXERCISED, NOT_OBSERVABLE = "not_exercised", "not_observable"


class Verdict(StrEnum):
    """检出, 待复核, 未检出, 未检测, 不可检测; in the order in which reports list them."""

    EVIDENCED = "evidenced"
    REVIEW = "review"
    SILENT = "silent"
    NOT_EXERCISED = "not_exercised"
    NOT_OBSERVABLE = "not_observable"


_OTHER: Final = {INCONCLUSIVE: Verdict.REVIEW, **{str(one): one for one in list(Verdict)[2:]}}


def of_statuses(statuses: Iterable[str], otherwise: str) -> Verdict:
    """From the statuses of findings; without any, from the ``otherwise`` state of coverage, which then is not fired:
    a state that says less than it should counts as not observed."""
    found = set(statuses)
    if "evidenced" in found:
        return Verdict.EVIDENCED
    return Verdict.REVIEW if found else _OTHER.get(otherwise, Verdict.NOT_OBSERVABLE)


def of_line(line: Coverage) -> Verdict:
    """From a line of the coverage, which says why its rule fired."""
    if line.state != FIRED:
        return _OTHER.get(line.state, Verdict.NOT_OBSERVABLE)
    # Before there were codes the sentence said so.
    weaker = any(one.code == Code.REVIEW for one in line.reasons) or line.why == "for review"
    return Verdict.REVIEW if weaker else Verdict.EVIDENCED
