"""What a number that is typed says of the person: the age, by an identity card of the Chinese mainland (GB 11643) or by
a date of birth."""

import datetime
import re
from typing import Final

#: Under this age consent is the guardian's (PIPL 31).
OF_AGE: Final = 14
_CARD: Final = re.compile(r"[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dXx]")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.年 ]?(\d{1,2})[-/.月 ]?(\d{1,2})日?")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"


def age(number: str, today: datetime.date) -> int | None:
    """Years of the person whose identity card has this number; None if it is no such number.

    >>> age("110101199003078814", datetime.date(2026, 11, 28)), age("110101199003078815", datetime.date(2026, 11, 28))
    (36, None)
    """
    text = re.sub(r"[ -]", "", number).upper()
    match = _CARD.fullmatch(text)
    if match is None or _CHECKS[sum(int(d) * w for d, w in zip(text[:-1], _WEIGHTS, strict=True)) % 11] != text[-1]:
        return None
    born = _date(match[1], match[2], match[3])
    return None if born is None else _years(born, today)


def years_since(text: str, today: datetime.date) -> int | None:
    """Years since a date of birth, at most: of a year alone, and of a day and a month that may be either. None if it is
    no date on which somebody alive was born.

    >>> years_since("2014", datetime.date(2026, 11, 28)), years_since("20180314", datetime.date(2026, 11, 28))
    (12, 8)
    >>> years_since("14/03/2018", datetime.date(2026, 11, 28)), years_since("200", datetime.date(2026, 11, 28))
    (8, None)
    """
    bare = text.strip()
    if re.fullmatch(r"\d{4}年?", bare):
        dates = [_date(bare[:4], "1", "1")]
    elif match := _YEAR_FIRST.fullmatch(bare):
        dates = [_date(match[1], match[2], match[3])]
    elif match := _YEAR_LAST.fullmatch(bare):
        dates = [_date(match[3], match[1], match[2]), _date(match[3], match[2], match[1])]
    else:
        return None
    found = [years for date in dates if date is not None and (years := _years(date, today)) is not None]
    return max(found, default=None)


def _date(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _years(born: datetime.date, today: datetime.date) -> int | None:
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years if 0 <= years < 130 else None
