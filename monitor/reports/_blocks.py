"""What the Word and PDF reports are made of: blocks of plain, escaped text, tables and pictures."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from monitor.reports import _story, _text, _view

#: Widths of the two columns of a table of names and values.
PAIRS: Final = (3, 14)
#: Room to write in by hand.
LINE: Final = "＿＿＿＿＿＿＿＿"


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


class Pictures(NamedTuple):
    """Screens side by side, with their captions."""

    pictures: list[_story.Shot]


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


def table(view: _view.View, keys: str, rows: Iterable[Iterable[str]], weights: tuple[int, ...] = ()) -> Table:
    """A table of escaped texts. ``keys`` of its headings: those without a group are in ``inspection``."""
    headings = [view.t(key if "." in key else f"inspection.{key}") for key in keys.split()]
    return Table(headings, [[_text.clean(cell) for cell in row] for row in rows], weights)


def pairs(view: _view.View, values: Mapping[str, str], missing: str = "", *, known: bool = False) -> Table:
    """Names, by their keys, and values. ``missing``: the text for what is not known, of persons a blank to be filled
    in; ``known``: it is left out."""
    blank = missing or view.t("report.unknown")
    rows = [[view.t(key), _text.clean(value) or blank] for key, value in values.items() if value or not known]
    return Table([], rows, PAIRS)


def signatures(view: _view.View, signers: Iterable[tuple[str, str]]) -> Table:
    """Roles and names with room to sign; a name that is not known is left to be filled in."""
    headings = ["", *(view.t(f"record.{key}") for key in ("person", "signature", "date"))]
    return Table(headings, [[role, _text.clean(name) or LINE, LINE, LINE] for role, name in signers])
