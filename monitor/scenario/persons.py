"""What a number that is typed says of the person: the age, by an identity card of the Chinese mainland (GB 11643)."""

from __future__ import annotations

import datetime
import re
from typing import Final

#: Under this age consent is the guardian's (PIPL 31).
OF_AGE: Final = 14
_CARD: Final = re.compile(r"[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dXx]")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"


def age(number: str, today: datetime.date) -> int | None:
    """Years of the person whose identity card has this number; None if it is no such number.

    >>> age("110101199003078814", datetime.date(2026, 11, 28)), age("110101199003078815", datetime.date(2026, 11, 28))
    (36, None)
    """
    text = number.strip().upper()
    match = _CARD.fullmatch(text)
    if match is None or _CHECKS[sum(int(d) * w for d, w in zip(text[:-1], _WEIGHTS, strict=True)) % 11] != text[-1]:
        return None
    try:
        born = datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years if 0 <= years < 130 else None
