"""The page that follows a session, seen in a browser while a real session runs."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.base.paths import bundled
from monitor.evidence.verify import verify
from monitor.text import t
from tests.pages import NARROW, artefacts, browser, opened, until
from tests.session.command import Command

pytestmark = pytest.mark.device
#: A whole session with a loaded machine's patience.
PATIENCE_S = 200


def longer(folder: Path) -> Path:
    """Quickstart up to the refusal, with a pause at its end: a finding is told once nothing that came late can change
    it, which takes longer than the session does on an idle machine."""
    scenarios, made = bundled("scenarios"), folder / "scenarios"
    for name in ("declarations", "policies"):
        shutil.copytree(scenarios / name, made / name)
    text = (scenarios / "quickstart.yaml").read_text("utf-8").partition("- phase: after_refusal")[0]
    text = text.replace(", PRM-01, SHR-01]", "]")  # which come after it
    (made / "quickstart.yaml").write_text(f"{text}- idle: 12s\n", "utf-8")
    return made / "quickstart.yaml"


@pytest.mark.extra("chromium")
def test_the_page_is_followed_to_the_report(tmp_path: Path) -> None:
    """Opened before the app starts; steps, consent, screen and findings come; it ends as the report, which stays."""
    out = tmp_path / "bundle"
    place = artefacts("live", tmp_path)
    session = Command("run", longer(tmp_path), "--live", "--lang", "en", "--out", out)
    with browser() as driver, ExitStack() as stack:
        stack.callback(session.wait)
        stack.callback(session.process.terminate)
        address = session.says(r"http://127\S+", PATIENCE_S)[0]
        with opened(driver, address) as watched:
            page = watched.page
            until(page, "document.getElementById('progress').value > 0", PATIENCE_S)
            with opened(driver, address, NARROW) as other:  # one more looks, and goes away in the middle
                until(other.page, "document.getElementById('events').textContent > '0'", PATIENCE_S)
                assert other.overflow() <= 0
            until(page, "document.querySelectorAll('#findings li').length > 0", PATIENCE_S)
            until(page, "document.querySelectorAll('#consent li').length > 0", PATIENCE_S)
            until(page, "document.getElementById('screen').naturalWidth > 0", PATIENCE_S)
            page.screenshot(path=place / "live.png", full_page=True)
            assert watched.violations() == []
            until(
                page, "document.querySelectorAll('#recent tr').length > 0 && document.getElementById('app').textContent"
            )
            page.evaluate("document.querySelector('#recent button').click()")
            assert page.locator("#panel dt").count() > 0 and page.locator("#panel").is_visible()
            page.wait_for_url("**/report", timeout=PATIENCE_S * 1000)
            until(page, "document.getElementById('timeline') !== null", PATIENCE_S)
            assert session.wait() == 0, session.said
            assert page.locator("h1").first.text_content() == t("report.title", "en")
            assert page.locator("article.finding").count() > 10
            server = urlsplit(address).netloc
            assert {urlsplit(asked).netloc for asked in watched.asked if not asked.startswith("data:")} == {server}
            assert [said for said in watched.said if said.startswith("error")] == []
    verify(out)
