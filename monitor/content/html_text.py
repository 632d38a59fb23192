"""HTML and Markdown as plain text lines and tables, for privacy policies. Hostile input: bounded, never executed.

Only what a reader sees counts as text: ``unseen`` says what nobody does, and characters without a shape are left out.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final, NamedTuple

from monitor.content.unseen import Unseen, unseen

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_CHARS: Final = 1_500_000
MAX_MARKDOWN: Final = 400_000
MAX_TABLES: Final = 200
MAX_ROWS: Final = 5_000
MAX_CELLS: Final = 60
MAX_CELL: Final = 4_000
#: Levels that are looked through for the element that a tag ends.
_DEPTH: Final = 200

_HIDDEN: Final = frozenset({"script", "style", "template", "noscript", "iframe", "svg"})
_DRAWN: Final = frozenset({"svg", "math"})
_VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_ROWS: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})
_CELLS: Final = frozenset({"td", "th", "caption"})
#: Elements that end without a tag of their own when one of these begins, up to one that holds them.
_ENDED: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    tag: (frozenset(ended.split()), frozenset(within.split()))
    for tags, ended, within in (
        ("li", "li", "ul ol menu"), ("dt dd", "dt dd", "dl"), ("tr", "tr", "table"), ("td th", "td th", "tr table"),
        ("option", "option", "select"),
    )
    for tag in tags.split()
}  # fmt: skip
_PARAGRAPH: Final = (frozenset({"p"}), frozenset[str]())
_HEADINGS: Final = frozenset({"h1", "h2", "h3"})
_BREAKS: Final = frozenset(
    """p div br li ul ol tr table h1 h2 h3 h4 h5 h6 section article header footer dt dd hr blockquote""".split()
)
_SPACES: Final = re.compile(r"[ \t\r\f\v\u00a0\u3000]+")

Table = list[list[str]]


@cache
def _markdown() -> "MarkdownIt":
    """Sixty modules, which most commands never use."""
    from markdown_it import MarkdownIt

    # Line ends are kept, tags are text, and in a policy a four-space indent is prose, not code.
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable(["code", "image"])


class Document(NamedTuple):
    """``lines``: visible text, one block each; ``tables``: rows of cells; ``links``: targets in order."""

    title: str
    lines: list[str]
    tables: list[Table]
    links: list[str]
    lang: str = ""
    """The language declared by the document."""

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)


class _Reader(HTMLParser):
    """Collects text; unknown and unbalanced tags do no harm, nested tables contribute their text to the outer cell."""

    #: In which browsers read no tags.
    CDATA_CONTENT_ELEMENTS = ("script", "style", "textarea", "iframe", "noscript")  # type: ignore[misc]

    def __init__(self, hidden: Unseen) -> None:
        super().__init__(convert_charrefs=True)
        self._unseen = hidden
        self._open: list[tuple[str, bool, bool]] = []
        """The elements that are open, and whether each is gone, or its own text faint."""
        self._count: Counter[str] = Counter()
        self._veils = 0
        self.title = ""
        self.heading = ""
        """The text of the first heading."""
        self.lang = ""
        self.blocks: list[list[str]] = [[]]
        self.tables: list[Table] = []
        self.links: list[str] = []
        self._in_title = self._in_heading = False
        self._depth = 0
        self._cell: list[str] | None = None
        self._row: list[str] | None = None
        self._table: Table | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in _BREAKS and tag not in ("br", "tr"):
            self._end(*_PARAGRAPH)
        if tag in _ENDED:
            self._end(*_ENDED[tag])
        if tag not in _VOID:
            look = "gone" if tag in _HIDDEN else self._unseen.look(tag, attributes)
            within = bool(self._open) and self._open[-1][2] and self._unseen.inherited and look != "own"
            self._open.append((tag, look == "gone", look == "faint" or within))
            self._count[tag] += 1
            self._veils += look == "gone"
        if tag == "title":
            self._in_title = True
        elif tag == "html":
            self.lang = (attributes.get("lang") or "")[:20]
        elif tag == "a" and len(self.links) < 2_000 and (href := attributes.get("href")):
            self.links.append(href[:2_000])
        if tag in _BREAKS:
            self._break()
        if tag in _HEADINGS and not self.heading:
            self._in_heading = True
        if tag == "table":
            self._depth += 1
            if self._depth == 1 and len(self.tables) < MAX_TABLES:
                self._table = []
        elif self._depth == 1 and self._table is not None:
            if tag == "tr":
                self._end_row()
                self._row = [] if len(self._table) < MAX_ROWS else None
            elif tag in ("td", "th") and self._row is not None:
                self._end_cell()
                self._cell = [] if len(self._row) < MAX_CELLS else None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A stroke at the end of a tag ends an element only in a drawing."""
        self.handle_starttag(tag, attrs)
        if tag in _DRAWN or any(self._count[name] for name in _DRAWN):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag in _HEADINGS:
            self._in_heading = False
        if tag not in ("body", "html"):  # what follows is still in them
            self._end(frozenset({tag}), frozenset() if tag in _ROWS else _CELLS)
        if tag in _BREAKS:
            self._break()
        if tag == "table" and self._depth:
            self._depth -= 1
            if not self._depth and self._table is not None:
                self._end_row()
                self.tables.append(self._table)
                self._table = None
        elif self._depth == 1:
            if tag in ("td", "th"):
                self._end_cell()
            elif tag == "tr":
                self._end_row()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = (self.title + data)[:300]
        elif not self._veils and not (self._open and self._open[-1][2]):
            if self._in_heading:
                self.heading = (self.heading + data)[:300]
            self.blocks[-1].append(data)
            if self._cell is not None:
                self._cell.append(data)

    def _end(self, tags: frozenset[str], within: frozenset[str]) -> None:
        """Leave the innermost of these elements, and all that is in it; none outside one of ``within``."""
        if not any(self._count[tag] for tag in tags):
            return
        for back in range(1, min(len(self._open), _DEPTH) + 1):
            tag = self._open[-back][0]
            if tag in tags:
                for ended, gone, _ in self._open[-back:]:
                    self._count[ended] -= 1
                    self._veils -= gone
                del self._open[-back:]
                return
            if tag in within:
                return

    def _break(self) -> None:
        if self.blocks[-1]:
            self.blocks.append([])
        if self._cell is not None:
            self._cell.append(" ")

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row.append(squeeze("".join(self._cell))[:MAX_CELL])
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row and self._table is not None:
            self._table.append(self._row)
        self._row = None


class _Shapes(dict[int, int | None]):
    """Each character, or None for one without a shape, such as a zero-width space; looked up once."""

    def __missing__(self, code: int) -> int | None:
        found = self[code] = None if unicodedata.category(chr(code)) == "Cf" else code
        return found


_SHAPES: Final = _Shapes()


def squeeze(text: str) -> str:
    """One line of what has a shape, with runs of white space collapsed."""
    return " ".join(_SPACES.sub(" ", text.translate(_SHAPES)).split())


def looks_html(text: str) -> bool:
    """Whether a text is HTML rather than Markdown or plain text."""
    head = text[:4_000].lower()
    return "<html" in head or "<!doctype" in head or "<body" in head or "<table" in text[:MAX_CHARS].lower()


def read_document(text: str) -> Document:
    """A policy as HTML, Markdown or plain text. Never raises.

    Reads the first ``MAX_CHARS`` characters of HTML, ``MAX_MARKDOWN`` of anything else.
    """
    text = text[:MAX_CHARS]
    found: list[str] = []
    if not looks_html(text):
        found = re.findall(r"https?://[^\s)\]>\"'，。；）|]{1,2000}", text)[:2_000]
        text = _markdown().render(text[:MAX_MARKDOWN])
    reader = _Reader(unseen(text))
    reader.feed(text)
    reader.close()
    if reader._table is not None:  # a table that was cut off
        reader._end_row()
        reader.tables.append(reader._table)
    lines = [line for block in reader.blocks if (line := squeeze("".join(block)))]
    title = squeeze(reader.title or reader.heading)[:200]
    return Document(title, lines, [t for t in reader.tables if t], found or reader.links, reader.lang)
