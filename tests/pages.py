"""Our pages in a real browser: console messages, network requests, findings of axe-core."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pypdf

from monitor.assess.render import render_bundle

#: Widths in pixels at which pages are looked at.
WIDE, NARROW = 1440, 390
#: Everything that axe-core checks by these names is held to be without violations.
_RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_PATIENCE_MS: Final = 60_000
#: Whether two Chinese characters look the same, as they do where no font has them: two empty boxes.
_BOXES: Final = """() => {
  const drawn = (character) => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    pen.font = "32px " + getComputedStyle(document.body).fontFamily;
    pen.fillText(character, 8, 40);
    return canvas.toDataURL();
  };
  return drawn("\u68c0") === drawn("\u6d4b");
}"""


#: Leaves one finding of each level and state, and the first of each table and list: what looks alike is looked at once.
_THIN: Final = """() => {
  const seen = new Set();
  for (const one of document.querySelectorAll("article.finding")) {
    const kind = `${one.dataset.level} ${one.dataset.status}`;
    if (seen.has(kind)) one.remove();
    seen.add(kind);
  }
  for (const part of document.querySelectorAll("tbody, ul, ol"))
    for (const one of [...part.children].slice(12)) one.remove();
}"""


#: Leaves three texts of each look: what they and what is behind them are like decides the contrast, for which axe-core
#: takes half of its time on a long page.
_LOOKS: Final = """() => {
  const behind = new Map([[null, ""]]);
  const ground = (one) => {
    if (!behind.has(one)) {
      const style = getComputedStyle(one);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join();
      behind.set(one, (own === "rgba(0, 0, 0, 0),none,1,none" ? "" : own) + ground(one.parentElement));
    }
    return behind.get(one);
  };
  const seen = new Map(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), alike = [];
  while (texts.nextNode()) {
    const text = texts.currentNode, style = getComputedStyle(text.parentElement);
    if (!text.data.trim() || !text.parentElement.getClientRects().length) continue;
    const look = [style.color, style.fontSize, style.fontWeight, style.textShadow, ground(text.parentElement)].join();
    seen.set(look, (seen.get(look) || 0) + 1);
    if (seen.get(look) > 3) alike.push(text);
  }
  for (const text of alike) text.remove();
  for (const one of document.body.querySelectorAll("*:not(input, select, textarea, option)"))
    if (!one.textContent.trim() && !one.querySelector("input, select, textarea")) one.remove();
  return [seen.size, alike.length];
}"""
_CONTRAST: Final = "color-contrast"


class Opened:
    """A page with its console messages and requests."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _answered(self, status: int, address: str) -> None:
        if status >= 400:
            self.said.append(f"error: {status} {address}")

    def violations(self, *rules: str, contrast: bool = True) -> list[str]:
        """What axe-core reports about the current page: rule and first place. ``rules``: only these; not
        ``contrast``: all but that of colours."""
        from axe_playwright_python.sync_playwright import Axe

        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": _RULES}
        # What is right is not reported back, which costs more than finding what is wrong.
        options = {"runOnly": only, "resultTypes": ["violations"], "preload": False}
        if not contrast:
            options["rules"] = {_CONTRAST: {"enabled": False}}
        found = Axe().run(self.page, options=options).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary']}" for one in found]

    def boxes(self) -> bool:
        """Whether Chinese is shown as empty boxes."""
        return bool(self.page.evaluate(_BOXES))

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def until(page: Any, condition: str, patience_s: float = 120) -> None:
    """Wait until an expression holds in the page. Playwright's own waiting evaluates text, which our pages forbid."""
    end = time.monotonic() + patience_s
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(200)


def _fonts(directory: str) -> str:
    """A configuration of fonts: those of the system, and the Chinese one that is installed as a Python package."""
    spec = importlib.util.find_spec("manimgx_fonts_cjk")
    assert spec and spec.origin
    file = Path(directory) / "fonts.conf"
    file.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{escape(str(Path(spec.origin).parent))}</dir></fontconfig>",
        "utf-8",
    )
    return str(file)


@contextmanager
def browser() -> Iterator[Any]:
    """The system's Chromium, for a test marked ``extra("chromium")``."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as directory, sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            env={**os.environ, "FONTCONFIG_FILE": _fonts(directory)},
            timeout=_PATIENCE_MS,
        )
        try:
            yield started
        finally:
            started.close()


@contextmanager
def opened(browser: Any, address: str, width: int = WIDE, **options: Any) -> Iterator[Opened]:
    """An address in a separate window."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    context.set_default_timeout(_PATIENCE_MS)
    context.set_default_navigation_timeout(_PATIENCE_MS)
    page = Opened(context.new_page())
    try:
        page.page.goto(address, wait_until="load")
        yield page
    finally:
        context.close()


def artefacts(name: str, default: Path) -> Path:
    """Where pictures of a test are kept: in ``MONITOR_ARTEFACTS`` if it is set, else in the test's own directory."""
    place = Path(os.environ.get("MONITOR_ARTEFACTS") or default) / name
    place.mkdir(parents=True, exist_ok=True)
    return place


#: Width and colours in which a page is looked at.
VIEWS: Final = ((WIDE, "light"), (WIDE, "dark"), (NARROW, "light"))


#: Enough in a second language: colours and columns are those of the first.
ONCE: Final = VIEWS[:1]


def faultless(
    browser: Any, file: Path, place: Path | None, views: Sequence[tuple[int, str]] = VIEWS, *,
    whole: bool = True, paper: bool = True,
) -> None:  # fmt: skip
    """No message on the console, no request, no empty boxes, nothing wider than the window, and in ``views`` no
    violation of accessibility.

    That takes long on a long page: ``whole``, all of it in the first view, and of what is repeated one in the others.
    ``place``: where artefacts are kept, at both widths, and the page as it is printed (``paper``); None = nowhere."""
    address = file.as_uri()
    for width, scheme in VIEWS:
        light = scheme == "light"
        shown = place and light and (os.environ.get("MONITOR_ARTEFACTS") or (paper and width == WIDE))
        if (width, scheme) not in views and not shown:
            continue
        with opened(browser, address, width, color_scheme=scheme) as seen:
            all_of_it = whole and (width, scheme) == views[0]
            rules = () if light else (_CONTRAST,)
            if all_of_it:
                assert light and seen.violations(contrast=False) == [], (width, scheme)
            assert seen.overflow() <= 0, (width, scheme)
            assert not seen.boxes()
            if place and light and os.environ.get("MONITOR_ARTEFACTS"):
                seen.page.screenshot(path=place / f"{file.stem}-{width}.png", full_page=True)
            if place and paper and (width, scheme) == (WIDE, "light"):
                _printed(seen.page, place / f"{file.stem}-print.pdf")
            if all_of_it:
                looks, alike = seen.page.evaluate(_LOOKS)
                assert looks > 20 and alike > 500, (looks, alike)
                assert seen.violations(_CONTRAST) == [], (width, scheme)
            elif (width, scheme) in views:
                seen.page.evaluate(_THIN)
                assert seen.violations(*rules) == [], (width, scheme)
            assert seen.said == []
            assert [asked for asked in seen.asked if not asked.startswith("data:")] == [address]


def _printed(page: Any, file: Path) -> None:
    """The page on paper: numbered, under its title, and with everything unfolded."""
    title = page.title()
    page.pdf(path=file, format="A4", prefer_css_page_size=True, print_background=True)
    sheets = pypdf.PdfReader(file).pages
    for number in (1, len(sheets)):
        text = sheets[number - 1].extract_text()
        assert f"{number} / {len(sheets)}" in text and _bare(title) in _bare(text), (number, text)
    assert page.evaluate("document.querySelectorAll('details:not([open]):not(.screen)').length") == 0


def _bare(text: str) -> str:
    """Letters and digits, in the form in which they are the same whatever a font makes of them."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def faultless_report(bundle: Path, place: Path) -> str:
    """A bundle's page is ``faultless`` where there is least room; the recorded one's text. For a test
    that records a session for something else: without Chromium, never so in CI, nothing is looked at. All of a page, at
    each width and on paper, is looked at in ``session/test_pages``."""
    if shutil.which("chromium") or os.environ.get("CI"):
        with browser() as driver:
            faultless(driver, kept(bundle, place, "en"), place, VIEWS[2:], whole=False, paper=False)
    return (bundle / "report.html").read_text("utf-8")


def kept(bundle: Path, place: Path, lang: str, **options: Any) -> Path:
    """A bundle's page in a language, rendered into ``place`` and named after it."""
    file = place / f"{place.name}-{lang}.html"
    file.write_bytes(render_bundle("html", bundle, lang, **options))
    return file
