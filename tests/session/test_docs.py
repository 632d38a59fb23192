"""Every command on the documentation site works as printed, page by page."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from typer.main import get_command

from monitor.cli import app
from tests import command
from tests.session.conftest import Recorded

pytestmark = pytest.mark.device
DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
PAGES: Final = sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))


def commands(page: str) -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", (DOCS / page).read_text("utf-8"), re.M | re.S)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def recorded(words: list[str], shop: Recorded, place: Path) -> None:
    """What other tests record is not recorded again: its bundle is copied to where the command would put it."""
    run = get_command(app).commands["run"]  # type: ignore[attr-defined]
    options = run.make_context("run", list(words)).params
    assert options["scenario"] == "quickstart" and not options["device"] and options["out"]
    shutil.copytree(shop.outcome.bundle, place / options["out"])


def typed(page: str) -> bool:
    """Whether a page has commands that are not all, in this order, those of the page that it translates."""
    original = page.removesuffix(".zh.md") + ".md"
    others = iter(commands(original) if page != original and original in PAGES else ())
    return not all(line in others for line in commands(page))


@pytest.mark.parametrize("page", [page for page in PAGES if typed(page)])
def test_the_commands_of_a_page_work(shop: Recorded, tmp_path: Path, page: str) -> None:
    for line in commands(page):
        command_line, _, kept = line.partition(" > ")
        words = shlex.split(command_line)
        if "BUNDLE" in words and not (tmp_path / "BUNDLE").exists():  # whichever the reader has
            shutil.copytree(shop.outcome.bundle, tmp_path / "BUNDLE")
        if words[:2] == ["monitor", "run"]:
            recorded(words[2:], shop, tmp_path)
        elif words[0] == "python":
            done = subprocess.run([sys.executable, *words[1:]], cwd=tmp_path, capture_output=True, text=True)
            assert done.returncode == 0, (line, done.stdout, done.stderr)
        else:
            said = command.run(*words[1:], cwd=tmp_path)
            # Whether everything works here is what doctor says, not whether it does so.
            assert said.returncode in ((0, 3) if words[1] == "doctor" else (0,)), (line, said.stdout, said.stderr)
            assert "Traceback" not in said.stderr, line
            if kept:
                (tmp_path / kept).write_text(said.stdout, "utf-8")


def test_every_tutorial_has_commands() -> None:
    assert {"index.md", "tutorials/tester.md", "tutorials/regulator.md", "tutorials/sdk-vendor.md"} <= {
        page for page in PAGES if len(commands(page)) > 4
    }
