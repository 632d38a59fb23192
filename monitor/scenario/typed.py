"""What a text that is typed holds: by its format, and by the words of the field that it is typed into."""

import calendar
import datetime
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from monitor.content.identifiers import resident_id
from monitor.knowledge.wordlists import table
from monitor.session.handset import Node

#: Under this age consent is the guardian's (PIPL 31).
OF_AGE: Final = 14
#: Forms of a birth date with the places of its year, month and day; a day and a month may be either.
_DATES: Final = [
    (re.compile(pattern), orders)
    for pattern, orders in (
        (r"(\d{4})年?", ((1, 0, 0),)),
        (r"(\d{4})[-/.年 ]?(\d{1,2})[-/.月 ]?(\d{1,2})日?", ((1, 2, 3),)),
        (r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", ((3, 1, 2), (3, 2, 1))),
    )
]
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
_NO_FIELD: Final = Node._make(["", "", "", "", "", (0, 0, 0, 0), *[False] * 8, -1])


class Typed(NamedTuple):
    """``kind``: of the table ``fields``, empty if nothing says what it is; its data type; whose it is; the years of
    the person whose birth date or identity card it is."""

    kind: str = ""
    data_type: str = ""
    whose: Whose = ""
    years: int | None = None


def years_since(text: str, today: datetime.date) -> int | None:
    """Years since a date of birth, at most: of a year alone, and of a day and a month that may be either. None if it is
    no date on which somebody alive was born.

    >>> years_since("2014", datetime.date(2026, 11, 28)), years_since("20180314", datetime.date(2026, 11, 28))
    (12, 8)
    >>> years_since("14/03/2018", datetime.date(2026, 11, 28)), years_since("200", datetime.date(2026, 11, 28))
    (8, None)
    """
    found = []
    for pattern, orders in _DATES:
        match = pattern.fullmatch(text.strip())
        for order in orders if match else ():
            year, month, day = (int(match[place]) if place else 1 for place in order)  # type: ignore[index]
            if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 1, month)[1]:
                found.append(today.year - year - ((today.month, today.day) < (month, day)))
    return max((years for years in found if 0 <= years < 130), default=None)


def recognise(text: str, nodes: Sequence[Node], today: datetime.date) -> Typed:
    """What is typed into the field that has the focus."""
    field = next((node for node in nodes if node.focused), _NO_FIELD)
    if field.password:
        return Typed()
    labels = [node for node in nodes if _label(node) and not (node.takes_text or node.clickable)]
    words = list(_words(field, labels))
    text = unicodedata.normalize("NFKC", text).strip()
    card = re.sub(r"[ -]", "", text)
    if resident_id(card):
        kind, years = "identity", years_since(card[6:14], today)
    else:
        kind = _kind(text, words, [_label(node) for node in labels], today)
        years = years_since(text, today) if kind == "birth" else None
    if not kind or (kind in ("birth", "health") and _is_pets(words, field, labels)):
        return Typed()
    data_type = table("fields")["kinds"][kind]["data_type"]
    about = "" if data_type == "prompt" else _whose(words, nodes, years)  # a question about a child is the asker's own
    return Typed(kind, data_type, about, years)


def asked(field: Node, nodes: Sequence[Node]) -> str:
    """What a field takes, of the table's kinds, by its own words; empty if nothing says so."""
    labels = [node for node in nodes if _label(node) and not (node.takes_text or node.clickable)]
    return _kind(None, list(_words(field, labels)), [_label(node) for node in labels], datetime.date.today())


def _kind(text: str | None, words: Sequence[str], labels: Sequence[str], today: datetime.date) -> str:
    fields = table("fields")

    def fits(kind: str, entry: dict[str, str], said: str) -> bool:
        if not re.search(entry["words"], said) or (kind == "name" and re.search(fields["thing"], said)):
            return False
        if "around" in entry and not any(re.search(entry["around"], label) for label in labels):
            return False
        if text is None:
            return True
        return years_since(text, today) is not None if kind == "birth" else bool(_LOOKS[kind].fullmatch(text))

    for said in words:
        if re.search(fields["other"], said):
            return ""
        if kind := next((str(kind) for kind, entry in fields["kinds"].items() if fits(kind, entry, said)), ""):
            return kind
    return "email" if text and _EMAIL.fullmatch(text) else ""


def _is_pets(words: Sequence[str], field: Node, labels: Sequence[Node]) -> bool:
    """Whether the field is about a pet: by its own words, or by the nearest heading over it that is of a pet's page or
    a person's, where they name nobody. A sentence that only mentions one (我的宠物档案在“我的”页) is no heading."""
    fields = table("fields")
    own, pages = " ".join(words), f"{fields['pet_page']}|{fields['person_page']}"
    if re.search(f"{fields['owner']}|{fields['parent']}|{fields['child']}", re.sub(fields["pet"], "", own)):
        return False
    if re.search(fields["pet"], own):
        return True
    over = [node for node in labels if node.bounds[3] <= field.bounds[1] + 1]
    for node in sorted(over, key=lambda node: -node.bounds[3]):
        rest, named = re.subn(pages, "", _label(node), count=1)
        if named and sum(2 if c > "\u2e7f" else 1 for c in rest) <= _AROUND and not _SENTENCE.search(rest):
            return re.search(fields["pet_page"], _label(node)) is not None
    return False


def _whose(words: Sequence[str], nodes: Sequence[Node], years: int | None) -> Whose:
    """A child's if the field says so, or if the screen does and the date of birth is that of a child."""
    fields = table("fields")
    own = next((said for said in words if re.search(f"{fields['parent']}|{fields['child']}", said)), "")
    if re.search(fields["parent"], own):
        return ""
    minor = years is not None and years < OF_AGE
    if not own and not (minor and any(re.search(fields["child"], _label(n)) for n in nodes if not n.takes_text)):
        return ""
    return "child" if years is None else "minor" if minor else "older"


def _words(field: Node, labels: Sequence[Node]) -> Iterator[str]:
    """What says what a field is for, the nearest first: its hint, its description, the text beside it, its ID."""
    yield _plain(field.text)
    yield _plain(field.desc)
    left, top, right, bottom = field.bounds
    near: list[tuple[int, str]] = []
    for node in labels:
        x1, y1, x2, y2 = node.bounds
        if y1 < bottom and top < y2 and x2 <= left + 1:
            near.append((left - x2, _label(node)))
        elif y2 <= top + 1 and x1 < right and left < x2 and top - y2 < _NEAR * (bottom - top):
            near.append((top - y2, _label(node)))
    if near:
        yield min(near)[1]
    yield _plain(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", field.rid.rpartition("/")[2]))


def _label(node: Node) -> str:
    return _plain(node.text or node.desc)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("’", "'").casefold().strip()
