"""What the Word and PDF reports are made of: blocks of plain, escaped text, tables and pictures."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

#: Widths of the two columns of a table of names and values.
PAIRS: Final = (3, 14)


class Heading(NamedTuple):
    """``level`` 1 to 3; ``fresh``: at the top of a page."""

    level: int
    text: str
    fresh: bool = False


class Text(NamedTuple):
    """A paragraph; ``strong``: set in bold. ``role``: the title of the document, or a caption of a part."""

    text: str
    strong: bool = False
    role: Literal["", "title", "part"] = ""


class Items(NamedTuple):
    """A list; ``numbered``: 1., 2. …"""

    lines: list[str]
    numbered: bool = False


class Table(NamedTuple):
    """Rows of cells; ``headings`` may be empty. ``weights``: the columns' widths, relative to each other. ``form``: to
    be filled in by hand, with no lines but one under each value."""

    headings: list[str]
    rows: list[list[str]]
    weights: tuple[int, ...] = ()
    form: bool = False


class Picture(NamedTuple):
    """A PNG or JPEG with its caption."""

    data: bytes
    caption: str


class Pictures(NamedTuple):
    """Pictures side by side."""

    pictures: list[Picture]


class Places(NamedTuple):
    """Empty boxes side by side, for a seal or a mark."""

    labels: list[str]


class Contents(NamedTuple):
    """The table of contents: headings of the first two levels with their pages."""

    title: str


class Break(NamedTuple):
    """What follows begins a page."""


class Together(NamedTuple):
    """Blocks that no page end divides."""

    blocks: list[Heading | Table | Pictures]


Block = Heading | Text | Items | Table | Pictures | Places | Contents | Break | Together


def flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same without ``Together``."""
    for block in blocks:
        if isinstance(block, Together):
            yield from block.blocks
        else:
            yield block
