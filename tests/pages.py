"""Our pages in a real browser: console messages, network requests, findings of axe-core."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

#: Widths in pixels at which pages are looked at.
WIDE, NARROW = 1440, 390
#: Everything that axe-core checks by these names is held to be without violations.
_RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
_PATIENCE_MS: Final = 60_000


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

    def violations(self, *rules: str) -> list[str]:
        """What axe-core reports about the current page: rule and first place. ``rules``: only these."""
        from axe_playwright_python.sync_playwright import Axe

        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": _RULES}
        # What is right is not reported back, which costs more than finding what is wrong.
        options = {"runOnly": only, "resultTypes": ["violations"], "preload": False}
        found = Axe().run(self.page, options=options).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary']}" for one in found]

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def until(page: Any, condition: str, patience_s: float = 120) -> None:
    """Wait until an expression holds in the page. Playwright's own waiting evaluates text, which our pages forbid."""
    end = time.monotonic() + patience_s
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(200)


@contextmanager
def browser() -> Iterator[Any]:
    """The system's Chromium. Where it is missing the test is skipped; in CI it fails."""
    path = shutil.which("chromium")
    if path is None:
        assert not os.environ.get("CI"), "chromium is not installed"
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
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


def photographed(browser: Any, file: Path, place: Path) -> None:
    """The whole page at both widths, and as it is printed."""
    for width in (WIDE, NARROW):
        with opened(browser, file.as_uri(), width) as shown:
            shown.page.screenshot(path=place / f"{file.stem}-{width}.png", full_page=True)
    with opened(browser, file.as_uri()) as shown:
        shown.page.pdf(path=place / f"{file.stem}-print.pdf", format="A4", print_background=True)


#: Width and colours in which a page is looked at.
VIEWS: Final = ((WIDE, "light"), (WIDE, "dark"), (NARROW, "light"))


def faultless(browser: Any, file: Path, place: Path | None, views: Sequence[tuple[int, str]] = VIEWS) -> None:
    """No message on the console, no request, no violation of accessibility, nothing wider than the window. ``place``:
    where pictures of it are kept; None = nowhere."""
    address = file.as_uri()
    for width, scheme in views:
        with opened(browser, address, width, color_scheme=scheme) as seen:
            if scheme == "dark":
                assert seen.violations("color-contrast") == []
            else:
                assert seen.violations() == [], width
            assert seen.overflow() <= 0, (width, scheme)
            assert seen.said == []
            assert [asked for asked in seen.asked if not asked.startswith("data:")] == [address]
    if place is not None:
        photographed(browser, file, place)


def faultless_report(bundle: Path, place: Path) -> str:
    """A bundle's own page is ``faultless``; its text. For a test that records a session for something else: where there
    is no Chromium, which is never so in CI, nothing is looked at."""
    file = bundle / "report.html"
    if shutil.which("chromium") or os.environ.get("CI"):
        with browser() as driver:
            faultless(driver, file, place)
    return file.read_text("utf-8")
