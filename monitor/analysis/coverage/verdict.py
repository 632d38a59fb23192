"""The five words for what a rule, or an item of a guideline, came to in a session: the same in every output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """检出, 待复核, 未检出, 未检测, 不可检测; in the order in which reports list them."""

    EVIDENCED = "evidenced"
    REVIEW = "review"
    SILENT = "silent"
    NOT_EXERCISED = "not_exercised"
    NOT_OBSERVABLE = "not_observable"


_OTHER = {"inconclusive": Verdict.REVIEW, **{str(one): one for one in list(Verdict)[2:]}}


def of_statuses(statuses: Iterable[str], otherwise: str) -> Verdict:
    """From the statuses of findings; without any, from the ``otherwise`` state of coverage, which then is not fired:
    a state that says less than it should counts as not observed."""
    found = set(statuses)
    if "evidenced" in found:
        return Verdict.EVIDENCED
    return Verdict.REVIEW if found else _OTHER.get(otherwise, Verdict.NOT_OBSERVABLE)


def of_line(line: Mapping[str, Any]) -> Verdict:
    """From a line of ``coverage.jsonl``, which says why its rule fired."""
    state = str(line.get("state") or "")
    if state != "fired":
        return _OTHER.get(state, Verdict.NOT_OBSERVABLE)
    codes = {str(one.get("code")) for one in line.get("reasons") or [] if isinstance(one, Mapping)}
    weaker = "review" in codes or line.get("why") == "for review"
    return Verdict.REVIEW if weaker else Verdict.EVIDENCED
