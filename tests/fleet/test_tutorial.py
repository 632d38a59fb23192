"""The tutorial of a quarter's apps, as printed: plan, run, resume, questions, report, verification."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from monitor.base.process import Scratch
from monitor.fleet.plan import ready
from tests import command
from tests.session.command import monitor

PAGES = Path(__file__).resolve().parents[2] / "docs"
PAGE = (PAGES / "tutorials/quarter.md").read_text("utf-8")


@pytest.mark.device
def test_the_tutorial_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its plan has six sessions; five of them would show nothing more here."""
    blocks = re.findall(r"^```(csv|yaml|sh)\n(.*?)^```", PAGE, re.M | re.S)
    for kind, text in blocks:
        if kind != "sh":
            (tmp_path / {"csv": "quarter.csv", "yaml": "first.yaml"}[kind]).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    plan = tmp_path / "quarter.csv"
    with Scratch() as scratch:
        assert len(ready(plan, scratch).tasks) == 6
    head, *rows = plan.read_text("utf-8").splitlines(keepends=True)
    plan.write_text(head + "".join(row for row in rows if row.startswith("shop,")), "utf-8")
    said: dict[str, str] = {}
    for line in "".join(text for kind, text in blocks if kind == "sh").splitlines():
        words = shlex.split(line)[1:]
        if words[0] == "fleet":
            done = monitor(*words, seconds=400)
            assert done.process.returncode == 0, done.said
            assert "1 session archived, 0 without a session, 0 missing" in done.said
            said[words[1]] = "\n".join(done.err)
        else:
            ran = command.run(*words, cwd=tmp_path)
            assert ran.returncode == 0 and "Traceback" not in ran.stderr, (line, ran.stdout, ran.stderr)
            said[" ".join(words[1:4:2])] = ran.stdout
    assert said["run"].count("archived as") == 1 and "archived as" not in said["resume"]
    assert "example_beacon" in said["query early-reads"]
    assert "1 session verified, 0 faults" in said["verify"]
    assert (tmp_path / "report/index.html").is_file() and (tmp_path / "report/data/dictionary.csv").is_file()


@pytest.mark.parametrize("page", ["fleet.md", "fleet.zh.md"])
def test_the_plan_of_the_page_on_fleets_can_be_run(page: str, tmp_path: Path) -> None:
    """Both pages show the same plan, and all that it names is there."""
    text = (PAGES / "how-to" / page).read_text("utf-8")
    shown = re.search(r"^```yaml\n(.*?)^```", text, re.M | re.S)
    assert shown
    plan = tmp_path / "quarter.yaml"
    plan.write_text(shown[1], "utf-8")
    with Scratch() as scratch:
        made = ready(plan, scratch)
        assert [(task.row, task.file.name, task.scenario, task.kind) for task in made.tasks] == [
            (1, "shop.apk", "first_run_accept", "standin"),
            (1, "shop.apk", "first_run_accept", "standin"),
            (2, "shop-clean.apk", "first_run_refuse", "standin"),
        ]
