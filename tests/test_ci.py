"""The pipelines in ``docs/ci``: valid by their services' schemas, and every command in them exists."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.main import get_command

from monitor.base import paths
from monitor.cli import app

ROOT = Path(__file__).parents[1]
CI = ROOT / "docs" / "ci"
PAGES = sorted(CI.iterdir())


def schema(name: str) -> dict[str, object]:
    vendor = files("check_jsonschema") / "builtin_schemas" / "vendor"
    found: dict[str, object] = json.loads((vendor / f"{name}.json").read_text("utf-8"))
    return found


def joined(text: str) -> str:
    """Folded and continued lines as one."""
    text = re.sub(r"(?:run: |- )>-\n(( +)[^\n]+(?:\n\2[^\n]+)*)", lambda m: " ".join(m[1].split()), text)
    return text.replace("\\\n", " ")


def commands(path: Path) -> list[list[str]]:
    """Arguments of every call of the monitor in a file."""
    found = re.findall(
        r"(?:^|[\s'/`])monitor ((?:run|sdk|redact|doctor|baseline|diff)\b[^\n'`&]*)", joined(path.read_text("utf-8"))
    )
    return [shlex.split(line) for line in found]


@pytest.mark.parametrize(("file", "name"), [("github.yaml", "github-workflows"), ("gitlab.yaml", "gitlab-ci")])
def test_a_pipeline_is_what_its_service_reads(file: str, name: str) -> None:
    rules = schema(name)
    document = yaml.load((CI / file).read_text("utf-8"), Loader=yaml.BaseLoader)
    validator = jsonschema.validators.validator_for(rules)(rules)
    assert [error.message for error in validator.iter_errors(document)] == []
    broken = {**document, "stages": 7} if name == "gitlab-ci" else {**document, "jobs": {"app": {"steps": "x"}}}
    assert list(validator.iter_errors(broken))


def parsed(words: list[str]) -> None:
    """Parse the words as the command line does, to the last option; nothing is run. Raises its usage error."""
    words = [word for word in words if word != "--help"]  # every command has it; parsing it prints
    command: Any = get_command(app)
    context = command.make_context("monitor", ["rules"])
    while hasattr(command, "resolve_command"):
        _, command, words = command.resolve_command(context, words)
        if hasattr(command, "resolve_command"):
            context = command.make_context(command.name, list(words), parent=context)
    command.make_context(command.name, list(words), parent=context)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_is_one_that_the_monitor_has(path: Path) -> None:
    found = commands(path)
    assert found
    for words in found:
        parsed(words)


@pytest.mark.parametrize("words", [["run", "x", "--fail-om", "high"], ["sdk", "czech", "x"], ["redact", "x", "--all"]])
def test_a_command_that_the_monitor_does_not_have_is_noticed(words: list[str]) -> None:
    with pytest.raises(Exception, match=r"[Nn]o such (option|command)"):
        parsed(words)


def test_the_image_needs_no_more_than_the_readme() -> None:
    lines = [line for line in (CI / "Dockerfile").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert {line.split()[0] for line in lines} == {"FROM", "RUN", "WORKDIR", "COPY", "ENTRYPOINT"}
    runs = [line.removeprefix("RUN ") for line in lines if line.startswith("RUN ")]
    assert [shlex.split(run)[:2] for run in runs] == [["pip", "install"], ["uv", "sync"]]
    assert shlex.split(runs[0])[-1] == "uv"
    entry = json.loads(lines[-1].removeprefix("ENTRYPOINT "))
    assert entry[-1] == "monitor" and entry[:2] == ["uv", "run"]


def test_the_project_file_of_the_page_is_one() -> None:
    from monitor.base.yamlfile import parse
    from monitor.cli._options import Project
    from monitor.session.declaration import Declaration

    blocks = re.findall(r"```yaml\n(.*?)```", (CI / "README.md").read_text("utf-8"), re.S)
    assert parse(Project, yaml.safe_load(blocks[0]), "page").run.fail_on == "high"
    sdk = (parse(Declaration, yaml.safe_load(blocks[1]), "page").sdks or [])[0]
    assert [entry.when for entry in sdk.entry_points] == ["after_consent", "withdrawal"]


@pytest.mark.parametrize("file", ["github.yaml", "gitlab.yaml", "Jenkinsfile"])
def test_what_a_pipeline_installs_is_a_file_that_it_has(file: str, tmp_path: Path) -> None:
    """The name of the package is on no index: each pipeline installs the wheel that lies beside its declarations. The
    shell is asked what it would hand to pip; nothing is installed."""
    (tmp_path / "privacy").mkdir()
    wheel = "privacy/app_privacy_monitor-9.9-py3-none-any.whl"
    (tmp_path / wheel).touch()
    found = re.findall(r'pip install ("[^"\n]+")', (CI / file).read_text("utf-8"))
    assert found
    for words in found:
        done = subprocess.run(
            ["sh", "-c", f"printf %s {words}"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stdout == f"{wheel}[standin,reports]"


def test_no_page_and_no_line_installs_a_name_that_is_on_no_index() -> None:
    places = [ROOT / "README.md", *(ROOT / "docs").rglob("*"), *(ROOT / "monitor").rglob("*.py"),
              *(ROOT / "monitor" / "text").glob("*.yaml")]  # fmt: skip
    named = re.compile(r"pip install[^\n]*[\"' ]app-privacy-monitor\b")
    assert [str(p) for p in places if p.is_file() and named.search(p.read_text("utf-8", "replace"))] == []


def test_an_installation_says_how_it_gets_an_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert paths.install_command("reports") == "uv sync --inexact --extra reports"
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "site-packages" / "monitor")
    assert paths.install_command("live").startswith("pip install '") and paths.install_command("live").endswith(
        "[live]'"
    )
    assert ".whl[live]" in paths.install_command("live")
