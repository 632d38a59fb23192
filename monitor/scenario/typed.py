"""What a text that is typed holds: by its format, and by the words of the field that it is typed into."""

import datetime
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from monitor.knowledge.wordlists import table
from monitor.session.handset import Node

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
    return _years(match[1], match[2], match[3], today)


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
        dates = [(bare[:4], "1", "1")]
    elif match := _YEAR_FIRST.fullmatch(bare):
        dates = [(match[1], match[2], match[3])]
    elif match := _YEAR_LAST.fullmatch(bare):
        dates = [(match[3], match[1], match[2]), (match[3], match[2], match[1])]
    else:
        return None
    return max((years for date in dates if (years := _years(*date, today)) is not None), default=None)


def _years(year: str, month: str, day: str, today: datetime.date) -> int | None:
    try:
        born = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years if 0 <= years < 130 else None


#: Whose it may be: nothing says; a child's; that of a child under the age of consent, and of one over it.
Whose = Literal["", "child", "minor", "older"]
#: Beside or over a field: at most so many times its height away.
_NEAR: Final = 1.5
#: What a heading says besides the name of its page, in characters (Chinese ones count twice).
_AROUND: Final = 24
_SENTENCE: Final = re.compile('["“”「」。，、,.;；:：!！?？]')
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LOOKS: Final = {
    "email": _EMAIL,
    # One word with two digits may do: numbers of passports are often mostly letters.
    "identity": re.compile(r"(?=(?:[^0-9]*[0-9]){4})[0-9A-Za-z() -]{6,30}|(?=(?:[A-Za-z]*[0-9]){2})[0-9A-Za-z]{7,18}"),
    "bank_card": re.compile(r"(?:[A-Z]{2})?(?:[ -]?[0-9A-Z]){12,32}"),
    "phone": re.compile(r"\+?(?:[ ()-]*[0-9]){7,15}"),
    "address": re.compile(r".{4,}"),
    "health": re.compile(r".{2,}"),
    "name": re.compile(r"[^\d@/:_]{2,40}"),
    "prompt": re.compile(r".{2,}"),
    "question": re.compile(r".{2,}"),
}


class Typed(NamedTuple):
    """``kind``: of the table ``fields``, empty if nothing says what it is; its data type; whose it is; the years of
    the person whose birth date or identity card it is."""

    kind: str = ""
    data_type: str = ""
    whose: Whose = ""
    years: int | None = None


def recognise(text: str, nodes: Sequence[Node], today: datetime.date) -> Typed:
    """What is typed into the field that has the focus."""
    field = next((node for node in nodes if node.focused), None)
    if field is not None and field.password:
        return Typed()
    words = list(_words(field, nodes)) if field is not None else []
    text = unicodedata.normalize("NFKC", text).strip()
    years = age(text, today)
    said = [_plain(node.text or node.desc) for node in nodes if not (node.takes_text or node.clickable)]
    kind = "identity" if years is not None else _kind(text, words, said, today)
    if kind == "birth":
        years = years_since(text, today)
    if not kind or (kind in ("birth", "health") and _of_pet(words, _headings(field, nodes))):
        return Typed()
    data_type = table("fields")["kinds"][kind]["data_type"]
    about = "" if data_type == "prompt" else _whose(words, nodes, years)  # a question about a child is the asker's own
    return Typed(kind, data_type, about, years)


def _kind(text: str, words: Sequence[str], around: Sequence[str], today: datetime.date) -> str:
    fields = table("fields")
    for said in words:
        if re.search(fields["other"], said):
            return ""
        for kind, entry in fields["kinds"].items():
            if not re.search(entry["words"], said) or (kind == "name" and re.search(fields["thing"], said)):
                continue
            if "around" in entry and not any(re.search(entry["around"], one) for one in around):
                continue
            if years_since(text, today) is not None if kind == "birth" else _LOOKS[kind].fullmatch(text):
                return str(kind)
    return "email" if _EMAIL.fullmatch(text) else ""


def _headings(field: Node | None, nodes: Sequence[Node]) -> list[str]:
    """What may be headings over a field, the nearest first."""
    if field is None:
        return []
    top = field.bounds[1] + 1
    over = [node for node in nodes if not (node.takes_text or node.clickable) and node.bounds[3] <= top]
    return [_plain(node.text or node.desc) for node in sorted(over, key=lambda node: -node.bounds[3])]


def _of_pet(words: Sequence[str], over: Sequence[str]) -> bool:
    """Whether the field is about a pet: by its own words, or by the nearest heading ``over`` it that is of a pet's page
    or a person's, where they name nobody. A sentence that only mentions one (我的宠物档案在“我的”页) is no heading."""
    fields = table("fields")
    own = " ".join(words)
    if re.search(f"{fields['owner']}|{fields['parent']}|{fields['child']}", re.sub(fields["pet"], "", own)):
        return False
    if re.search(fields["pet"], own):
        return True
    heads = (one for one in over if re.search(f"{fields['pet_page']}|{fields['person_page']}", one))
    return next((bool(re.search(fields["pet_page"], one)) for one in heads if _heading(one)), False)


def _heading(words: str) -> bool:
    """Whether a text over a field says little besides the name of a page."""
    fields = table("fields")
    rest = re.sub(f"{fields['pet_page']}|{fields['person_page']}", "", words, count=1)
    return sum(2 if c > "\u2e7f" else 1 for c in rest) <= _AROUND and not _SENTENCE.search(rest)


def _whose(words: Sequence[str], nodes: Sequence[Node], years: int | None) -> Whose:
    """A child's if the field says so, or if the screen does and the date of birth is that of a child."""
    fields = table("fields")
    own = next((said for said in words if re.search(f"{fields['parent']}|{fields['child']}", said)), "")
    if re.search(fields["parent"], own):
        return ""
    around = any(re.search(fields["child"], _plain(node.text or node.desc)) for node in nodes if not node.takes_text)
    if not own and not (around and years is not None and years < OF_AGE):
        return ""
    return "child" if years is None else "minor" if years < OF_AGE else "older"


def _words(field: Node, nodes: Sequence[Node]) -> Iterator[str]:
    """What says what a field is for, the nearest first: its hint, its description, the text beside it, its ID."""
    yield _plain(field.text)
    yield _plain(field.desc)
    left, top, right, bottom = field.bounds
    near: list[tuple[int, str]] = []
    for node in nodes:
        if node.takes_text or node.clickable or not (node.text or node.desc):
            continue
        x1, y1, x2, y2 = node.bounds
        if y1 < bottom and top < y2 and x2 <= left + 1:
            near.append((left - x2, node.text or node.desc))
        elif y2 <= top + 1 and x1 < right and left < x2 and top - y2 < _NEAR * (bottom - top):
            near.append((top - y2, node.text or node.desc))
    if near:
        yield _plain(min(near)[1])
    yield _plain(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", field.rid.rpartition("/")[2]))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("’", "'").casefold().strip()
