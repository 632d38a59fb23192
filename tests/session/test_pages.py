"""The report in a real browser: everything a reader does with it works, and it makes no request."""

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.pages import NARROW, ONCE, VIEWS, artefacts, browser, faultless, kept, opened, until
from tests.session.conftest import Recorded

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.device, pytest.mark.extra("chromium")]


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artefacts("shop", tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def page(shop: Recorded, place: Path) -> Callable[[str], Path]:
    """The report in a language, rendered once."""
    return cache(lambda lang: kept(shop.outcome.bundle, place, lang, screenshots=True))


@pytest.mark.parametrize(("lang", "views"), [("en", ONCE), ("en", VIEWS[1:]), ("zh", ONCE)])
def test_nothing_is_said_asked_or_wrong(
    driver: Any, page: Callable[[str], Path], place: Path, lang: str, views: Sequence[tuple[int, str]]
) -> None:
    """Broken sessions and one with thousands of events are looked at where they are recorded: ``test_faults``,
    ``hooks/test_exerciser``. Here alone axe-core reads every line of a page."""
    first = (lang, views) == ("en", ONCE)
    faultless(driver, page(lang), None if lang == "en" and not first else place, views, whole=first)


@pytest.fixture
def seen(driver: Any, page: Callable[[str], Path]) -> Iterator[Any]:
    with opened(driver, page("en").as_uri()) as shown:
        yield shown.page
        assert shown.said == []


def visible(page: Any) -> int:
    return int(page.locator("article.finding:visible").count())


def test_filters_and_search_narrow_the_findings(seen: Any) -> None:
    every = visible(seen)
    for name in ("status", "sdk", "rule", "data", "level"):
        choice = seen.locator(f"select[name={name}]")
        value = choice.locator("option").nth(1).get_attribute("value")
        choice.select_option(value)
        wanted = seen.locator(f"article.finding[data-{name}='{value}']").count()
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


def test_an_event_opens_from_a_finding_a_request_and_a_mark(seen: Any) -> None:
    """Its fields, its stack and, of a request, what was found where; never twice at once."""
    panel = seen.locator("#panel")
    assert not panel.is_visible()
    seen.locator("article.finding a[data-seq]").first.click()
    assert panel.is_visible() and panel.locator("dt").count() > 3 and panel.locator("ol li").count() > 0
    seen.keyboard.press("Escape")
    assert not panel.is_visible()
    row = seen.locator("#flows ~ .scroll tr", has_text="POST").first
    row.locator("button[data-seq]").click()
    said = panel.text_content()
    assert "POST" in said and "content redacted" in said and "Content-Type" in said
    seen.locator("#panel-close").click()
    seen.locator("#timeline .p.linked").first.dispatch_event("click")
    assert panel.is_visible()


def test_a_request_is_a_command_without_its_values(seen: Any) -> None:
    commands = seen.locator("[data-curl]").evaluate_all("all => all.map((one) => one.dataset.curl)")
    assert commands and all(shlex.split(one)[:2] == ["curl", "-X"] for one in commands)
    assert any("--data REDACTED" in one for one in commands)


def test_a_search_narrows_rows_and_counts_and_marks_what_it_finds(seen: Any) -> None:
    counted = "[...document.querySelectorAll('tr[data-group]:not([hidden]) [data-count]')]"
    total = f"{counted}.reduce((sum, one) => sum + Number(one.textContent), 0)"
    every = int(seen.evaluate(total))
    assert every == visible(seen)
    seen.locator("input[name=q]").fill("beacon")
    assert 0 < int(seen.evaluate(total)) == visible(seen) < every
    assert (
        0
        < seen.locator("table.filterable tbody tr:visible").count()
        < seen.locator("table.filterable tbody tr").count()
    )
    assert int(seen.evaluate("CSS.highlights.get('hit').size")) > 0


def test_a_narrow_page_is_folded_and_opens_where_a_link_leads(driver: Any, page: Callable[[str], Path]) -> None:
    with opened(driver, page("en").as_uri(), NARROW) as shown:
        assert shown.page.locator("article.finding:visible").count() == 0
        shown.page.locator("section.group summary").first.click()
        assert shown.page.locator("article.finding:visible").count() > 0


def test_what_was_not_tested_follows_the_conclusion(seen: Any) -> None:
    after = "document.querySelector('p.conclusion').nextElementSibling.nextElementSibling.className"
    assert seen.evaluate(after) == "untested"


def test_no_width_makes_the_page_scroll_sideways(seen: Any) -> None:
    """From the narrowest phone to a screen, with everything unfolded."""
    seen.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for width in (320, 390, 768, 1280):
        seen.set_viewport_size({"width": width, "height": 900})
        assert seen.evaluate("document.documentElement.scrollWidth") <= width, width


def test_paper_leaves_hooks_and_stacks_out(seen: Any) -> None:
    """They are most of the page on the screen; what stays says where they are."""
    seen.emulate_media(media="print")
    left_out = seen.locator("details.screen")
    assert left_out.count() > 50 and left_out.locator("ol.mono li").count() > 100
    assert left_out.evaluate_all("all => all.filter((one) => one.getClientRects().length).length") == 0
    assert seen.locator("article.finding:visible").count() == seen.locator("article.finding").count() > 50
    assert seen.get_by_text("Hooks and call stacks are not printed").is_visible()


def test_the_readme_shows_this_page(seen: Any, request: pytest.FixtureRequest) -> None:
    """The picture's description is its first sentence; ``--update`` takes the picture anew."""
    picture = ROOT / "docs" / "report.png"
    if request.config.getoption("--update"):
        seen.set_viewport_size({"width": 1200, "height": 1000})
        seen.screenshot(path=picture)
    described = re.search(r"!\[(.+)\]\(docs/report\.png\)", (ROOT / "README.md").read_text("utf-8"))
    assert described is not None and picture.stat().st_size < 250_000
    assert seen.locator("p.conclusion").inner_text().startswith(described[1])
