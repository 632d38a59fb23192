"""Which parts of an HTML page nobody who reads it sees. Hostile input: bounded, never executed.

Text far beside the page, or of no size or colour, is not there for any reader. What is only shut (``display: none``, as
in the folded sections of many policies) may be opened: it counts as unseen only on a page on which nothing could open
it. What another file's stylesheet says, and text in the colour of its background, is not known here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

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
_STYLE, _STYLE_END = (re.compile(tag, re.I) for tag in (r"<style\b[^>]*+>", "</style"))
_BRACE: Final = re.compile(r"[{}]")
_SELECTOR: Final = re.compile(r"[a-z][a-z0-9]{0,20}|[.#][\w-]{1,100}")
_NAMES: Final = re.compile(r"[.#][\w-]{1,100}")
_MOST: Final = 20_000

Look = Literal["", "gone", "faint", "own"]


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
        if _GONE.search(style) or (not self.openable and ("hidden" in attributes or _SHUT.search(style))):
            return "gone"
        if _faint(style):
            return "faint"
        if self.gone or self.faint:
            classes = (attributes.get("class") or "").split()
            names = {tag, "#" + (attributes.get("id") or ""), *("." + one for one in classes)}
            if names & self.gone:
                return "gone"
            if names & self.faint and not _OWN.search(style):
                return "faint"
        return "own" if _OWN.search(style) else ""


def unseen(text: str) -> Unseen:
    """What a page's own styles say. Never raises."""
    openable = _OPENS.search(text) is not None
    gone: set[str] = set()
    faint: set[str] = set()
    longer: set[str] = set()
    own = False
    for heads, body in _rules(_COMMENT.sub("", "\n".join(_styles(text)))):
        hidden = _GONE.search(body) or (not openable and _SHUT.search(body))
        into = gone if hidden else faint if _faint(body) else None
        for head in heads:
            if not _SELECTOR.fullmatch(head):  # a name in it may be shown by this one
                longer.update(_NAMES.findall(head))
                own = own or _OWN.search(body) is not None
            elif into is not None:
                into.add(head)
    inherited = not own and _LINKED.search(text) is None
    return Unseen(openable, inherited, frozenset(gone - longer), frozenset(faint - longer))


def _faint(style: str) -> bool:
    found = _FAINT.search(style)
    return found is not None and ("color" not in found[0] or "background-clip" not in style)


def _styles(text: str) -> Iterator[str]:
    at = 0
    while (begin := _STYLE.search(text, at)) and (end := _STYLE_END.search(text, begin.end())):
        yield text[begin.end() : end.start()]
        at = end.end()


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
