"""The report in a real browser: everything a reader does with it works, and it makes no request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.pages import ONCE, VIEWS, artefacts, browser, faultless, kept, opened, until
from tests.session.conftest import Recorded

pytestmark = pytest.mark.device


class Report(NamedTuple):
    """A page in a file, with the browser to look at it."""

    driver: Any
    file: Path


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with browser() as started:
        yield started


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return artefacts("shop", tmp_path)


def report(driver: Any, shop: Recorded, lang: str, place: Path) -> Report:
    return Report(driver, kept(shop.outcome.bundle, place, lang, screenshots=True))


@pytest.mark.parametrize(("lang", "views"), [("en", ONCE), ("en", VIEWS[1:]), ("zh", ONCE)])
def test_nothing_is_said_asked_or_wrong(
    driver: Any, shop: Recorded, place: Path, lang: str, views: Sequence[tuple[int, str]]
) -> None:
    """Broken sessions and one with thousands of events are looked at where they are recorded: ``test_faults``,
    ``hooks/test_exerciser``."""
    shown = report(driver, shop, lang, place)
    first = (lang, views) == ("en", ONCE)
    faultless(driver, shown.file, None if lang == "en" and not first else place, views, whole=first)


@pytest.fixture
def seen(driver: Any, shop: Recorded, place: Path) -> Iterator[Any]:
    with opened(driver, report(driver, shop, "en", place).file.as_uri()) as page:
        yield page.page
        assert page.said == []


def visible(page: Any) -> int:
    return int(page.locator("article.finding:visible").count())


def test_filters_and_search_narrow_the_findings(seen: Any) -> None:
    every = visible(seen)
    for name, attribute in (
        ("status", "status"),
        ("sdk", "sdk"),
        ("rule", "rule"),
        ("data", "data"),
        ("level", "level"),
    ):
        choice = seen.locator(f"select[name={name}]")
        value = choice.locator("option").nth(1).get_attribute("value")
        choice.select_option(value)
        wanted = seen.locator(f"article.finding[data-{attribute}='{value}']").count()
        assert 0 < wanted == visible(seen) < every, name
        assert str(wanted) in seen.locator("#matched").text_content()
        choice.select_option("")
    assert visible(seen) == every
    seen.locator("input[name=q]").fill("nothing has these words in it")
    assert visible(seen) == 0
    seen.locator("input[name=q]").fill("getInstalledPackages")
    found = seen.locator("article.finding:visible")
    assert 0 < found.count() < every
    assert all("getInstalledPackages" in text for text in found.all_text_contents())


def test_links_lead_to_findings_and_marks(seen: Any) -> None:
    """From page one to a finding, from the finding to its mark on the timeline, and from the mark back."""
    link = seen.locator(".problems a[href^='#f']").first
    name = link.get_attribute("href")
    link.click()
    assert seen.evaluate("location.hash") == name
    article = seen.locator(f"article{name}")
    until(seen, f"document.querySelector('article{name}').getBoundingClientRect().top < window.innerHeight")
    article.locator("a[data-seq]").first.click()
    seen.locator("#timeline .p.lit").wait_for(state="attached")
    seen.locator("#timeline .p.lit").dispatch_event("click")
    assert seen.locator("article.finding.lit").count() == 1
    for each in seen.locator("nav a").all():
        target = each.get_attribute("href")
        assert seen.locator(target).count() == 1, target


def test_a_keyboard_is_enough(seen: Any) -> None:
    def focused() -> str:
        return str(seen.evaluate("document.activeElement.getAttribute('href') || document.activeElement.id"))

    seen.keyboard.press("Tab")
    first = focused()
    assert first.startswith("#")
    seen.keyboard.press("Enter")
    assert seen.evaluate("location.hash") == first

    def axis() -> list[str]:
        return list(seen.locator("#timeline .axis").all_text_contents())

    seen.locator("#timeline").focus()
    whole = axis()
    seen.keyboard.press("+")
    near = axis()
    assert near != whole
    seen.keyboard.press("ArrowRight")
    assert axis() != near
    seen.keyboard.press("0")
    # The whole again, with or without the margin that it was opened with.
    assert len(axis()) == len(whole)
    head = seen.locator("table.sortable th button").first
    head.focus()
    seen.keyboard.press("Enter")
    order = seen.locator("table.sortable").first.locator("tbody tr td:first-child a").all_text_contents()
    assert order == sorted(order) and len(order) > 5
    assert seen.locator("table.sortable th[aria-sort=ascending]").count() == 1
