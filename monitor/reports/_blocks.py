"""What the Word and PDF reports are made of: blocks of plain, escaped text, tables and pictures."""

from __future__ import annotations

from typing import Final, NamedTuple

#: Widths of the two columns of a table of names and values.
PAIRS: Final = (3, 14)


class Heading(NamedTuple):
    """``level`` 1 to 3."""

    level: int
    text: str


class Text(NamedTuple):
    """A paragraph; ``strong``: set in bold."""

    text: str
    strong: bool = False


class Items(NamedTuple):
    """A list without numbers."""

    lines: list[str]


class Table(NamedTuple):
    """Rows of cells; ``headings`` may be empty. ``weights``: the columns' widths, relative to each other."""

    headings: list[str]
    rows: list[list[str]]
    weights: tuple[int, ...] = ()


class Picture(NamedTuple):
    """A PNG or JPEG with its caption."""

    data: bytes
    caption: str


Block = Heading | Text | Items | Table | Picture
