"""HTML and Markdown as plain text lines and tables, for privacy policies. Hostile input: bounded, never executed.

Lexbor (``selectolax``) makes the tree. Only what a reader sees counts as text. Text far beside the page, or of no size
or colour, is not there for any reader. What is only shut (``display: none``, as in the folded sections of many
policies) may be opened: it counts as unseen only on a page on which nothing could open it. What another file's
stylesheet says, and text in the colour of its background, is not known here; characters without a shape are left out.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_CHARS: Final = 1_500_000
MAX_MARKDOWN: Final = 400_000
MAX_TABLES: Final = 200
MAX_ROWS: Final = 5_000
MAX_CELLS: Final = 60
MAX_CELL: Final = 4_000
_LINKS: Final = 2_000
#: Elements that may be open at once: Lexbor has no limit, and takes minutes for a page of nothing but ``<div>``.
_DEPTH: Final = 3_000
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_HIDDEN: Final = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "title"})
#: What a browser that runs scripts does not read.
_NOSCRIPT: Final = re.compile(r"<noscript\b.*?(?=</noscript)", re.I | re.S)
_VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BREAKS: Final = frozenset(
    """p div br li ul ol tr table h1 h2 h3 h4 h5 h6 section article header footer dt dd hr blockquote""".split()
)
_SPACES: Final = re.compile(r"[ \t\r\f\v\u00a0\u3000]+")

_END: Final = r"\s*(?:!|;|$)"
_ZERO: Final = rf"(?=[\d.])0*(?:\.0+)?[a-z%]*{_END}"
_TINY: Final = rf"(?:{_ZERO}|(?=[\d.])[0-2]?(?:\.\d+)?p[xt]{_END})"
_GONE: Final = re.compile(r"(?:^|;)\s*(?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\d{4,}")
#: Letters filled with a background have no colour of their own, and are seen.
_FAINT: Final = re.compile(
    rf"(?:^|;)\s*(?:font-size\s*:\s*{_TINY}|font\s*:[^;]{{0,60}}?(?<![\d./])0(?:px|pt|em|%)?[\s/]|color\s*:\s*transparent{_END})"
)
#: An element that sets these anew is seen again, inside a faint one: blanks between boxes are removed that way.
_OWN: Final = re.compile(
    rf"(?:^|;)\s*(?:font-size\s*:\s*(?!{_TINY})(?:[\d.]+(?:px|pt|rem|v[wh]|cm|mm|in|pc)|(?!inherit|smaller|larger)[a-z-]+)"
    r"|color\s*:\s*(?!transparent|inherit|currentcolor))"
)
_SHUT: Final = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    rf"|opacity\s*:\s*{_ZERO}|(?:max-)?height\s*:\s*{_ZERO})"
)
#: By what a page may open what is shut: code, and rules that depend on what the reader does or on the screen.
_OPENS: Final = re.compile(r"<script|<details|\son[a-z]{3,20}\s*=|:(?:checked|target|hover|focus|active)|@media", re.I)
_LINKED: Final = re.compile(r"<link\b[^>]{0,500}stylesheet|@import", re.I)
_COMMENT: Final = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?")
_BRACE: Final = re.compile(r"[{}]")
_SELECTOR: Final = re.compile(r"[a-z][a-z0-9]{0,20}|[.#][\w-]{1,100}")
_NAMES: Final = re.compile(r"[.#][\w-]{1,100}")
_MOST: Final = 20_000

Look = Literal["", "gone", "faint", "own"]

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


class Unseen(NamedTuple):
    """``openable``: something on the page may open what is shut. ``inherited``: no other style is known to make faint
    text seen again. ``gone``, ``faint``: simple selectors of the page's own styles, whose elements are so."""

    openable: bool
    inherited: bool
    gone: frozenset[str]
    faint: frozenset[str]

    def look(self, tag: str, attributes: Mapping[str, str | None]) -> Look:
        """Whether an element is gone with all that is in it, is faint as far as nothing in it is seen of its ``own``,
        or (empty) neither."""
        style = _COMMENT.sub("", (attributes.get("style") or "").casefold())
        classes = (attributes.get("class") or "").split()
        names = {tag, "#" + (attributes.get("id") or ""), *("." + name for name in classes)}
        shut = not self.openable and ("hidden" in attributes or _SHUT.search(style))
        if shut or _GONE.search(style) or not names.isdisjoint(self.gone):
            return "gone"
        own = _OWN.search(style) is not None
        if _faint(style) or not (own or names.isdisjoint(self.faint)):
            return "faint"
        return "own" if own else ""


def unseen(text: str, page: "LexborHTMLParser") -> Unseen:
    """What a page's own styles say."""
    openable = _OPENS.search(text) is not None
    gone: set[str] = set()
    faint: set[str] = set()
    longer: set[str] = set()
    inherited = _LINKED.search(text) is None
    for heads, body in _rules(_COMMENT.sub("", "\n".join(style.text() for style in page.css("style")))):
        simple = {head for head in heads if _SELECTOR.fullmatch(head)}
        if _GONE.search(body) or (not openable and _SHUT.search(body)):
            gone |= simple
        elif _faint(body):
            faint |= simple
        others = [head for head in heads if head not in simple]  # a name in these may be shown by the rule
        longer.update(name for head in others for name in _NAMES.findall(head))
        inherited = inherited and not (others and _OWN.search(body))
    return Unseen(openable, inherited, frozenset(gone - longer), frozenset(faint - longer))


def _faint(style: str) -> bool:
    found = _FAINT.search(style)
    return found is not None and ("color" not in found[0] or "background-clip" not in style)


def _rules(sheet: str) -> Iterator[tuple[list[str], str]]:
    """Selectors and declarations of each rule that stands by itself."""
    at = 0
    for _ in range(_MOST):
        begin = sheet.find("{", at)
        end = sheet.find("}", begin)
        if begin < 0 or end < 0:
            return
        head = sheet[at:begin].strip()
        if head.startswith("@"):  # depends on something: up to the end of its block
            depth, place = 1, begin + 1
            while depth and (mark := _BRACE.search(sheet, place)):
                depth, place = depth + (1 if mark[0] == "{" else -1), mark.end()
            at = place if not depth else len(sheet)
            continue
        yield [one.strip() for one in head[-2_000:].split(",")], sheet[begin + 1 : end].casefold()
        at = end + 1


class _Reader:
    """Collects text; nested tables contribute their text to the outer cell."""

    def __init__(self, hidden: Unseen) -> None:
        self._unseen = hidden
        self.blocks: list[list[str]] = [[]]
        self.tables: list[Table] = []
        self._faint: list[bool] = [False]
        """Of each open element, whether its own text is faint."""
        self._depth = 0
        """Tables that are open, one in another."""
        self._cell: list[str] | None = None
        self._row: list[str] = []
        self._table: Table = []

    def read(self, page: "LexborHTMLParser") -> None:
        """All nodes in their order. Not recursive: a page may nest thousands of elements."""
        node: LexborNode | None = page.root
        while node is not None:
            if node.is_text_node:
                self._text(node.text_content or "")
            elif node.is_element_node and self._enter(node.tag or "", node.attributes):
                if (inner := node.first_child) is not None:
                    node = inner
                    continue
                self._leave(node.tag or "")
            while node is not None and node.next is None:
                if (node := node.parent) is not None and node.is_element_node:
                    self._leave(node.tag or "")
            node = node.next if node is not None else None

    def _enter(self, tag: str, attributes: Mapping[str, str | None]) -> bool:
        """Whether what is in the element counts."""
        look = "gone" if tag in _HIDDEN else self._unseen.look(tag, attributes)
        if look == "gone" and tag not in _VOID:
            return False
        self._faint.append(look == "faint" or (self._faint[-1] and self._unseen.inherited and look != "own"))
        if tag in _BREAKS:
            self._break()
        self._depth += tag == "table"
        if self._depth == 1 and tag in ("td", "th"):
            self._cell = []
        return True

    def _leave(self, tag: str) -> None:
        self._faint.pop()
        if tag in _BREAKS:
            self._break()
        if self._depth == 1 and self._cell is not None and tag in ("td", "th"):
            self._row += [squeeze("".join(self._cell))[:MAX_CELL]] if len(self._row) < MAX_CELLS else []
            self._cell = None
        elif self._depth == 1 and tag == "tr":
            self._table += [self._row] if self._row and len(self._table) < MAX_ROWS else []
            self._row = []
        elif self._depth == 1 and tag == "table":
            self.tables += [self._table] if self._table and len(self.tables) < MAX_TABLES else []
            self._table = []
        self._depth -= tag == "table"

    def _text(self, data: str) -> None:
        if not self._faint[-1]:
            self.blocks[-1].append(data)
            if self._cell is not None:
                self._cell.append(data)

    def _break(self) -> None:
        if self.blocks[-1]:
            self.blocks.append([])
        if self._cell is not None:
            self._cell.append(" ")


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


def _parsed(text: str) -> "LexborHTMLParser":
    """The page up to the tag at which too many elements may be open."""
    from selectolax.lexbor import LexborHTMLParser  # most commands never read a document

    last = text.lower().rfind("</noscript")
    text = _NOSCRIPT.sub("", text[: last + len("</noscript")]) + text[last + len("</noscript") :] if last > 0 else text
    open_: Counter[str] = Counter()
    depth = 0
    for end, name in ((tag.start(), tag[1] + tag[2].lower()) for tag in _TAG.finditer(text)):
        change = 0 if name in _VOID else 1 if name[0] != "/" else -1 if open_[name[1:]] else 0
        open_[name.removeprefix("/")] += change
        depth += change
        if depth > _DEPTH:
            return LexborHTMLParser(text[:end])
    return LexborHTMLParser(text)


def read_document(text: str) -> Document:
    """A policy as HTML, Markdown or plain text. Never raises.

    Reads the first ``MAX_CHARS`` characters of HTML, ``MAX_MARKDOWN`` of anything else.
    """
    text = text[:MAX_CHARS]
    found: list[str] = []
    if not looks_html(text):
        found = re.findall(r"https?://[^\s)\]>\"'，。；）|]{1,2000}", text)[:_LINKS]
        text = _markdown().render(text[:MAX_MARKDOWN])
    page = _parsed(text)
    reader = _Reader(unseen(text, page))
    reader.read(page)
    lines = [line for block in reader.blocks if (line := squeeze("".join(block)))]
    titles = (squeeze(node.text()[:300]) for names in ("title", "h1, h2, h3") for node in page.css(names))
    links = found or [href[:2_000] for node in page.css("a[href]")[:_LINKS] if (href := node.attributes["href"])]
    lang = page.root.attributes.get("lang") if page.root is not None else None
    return Document(next(filter(None, titles), "")[:200], lines, reader.tables, links, (lang or "")[:20])
