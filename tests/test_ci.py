"""The pipelines in ``docs/ci``: valid by their services' schemas, and every command in them exists."""

from __future__ import annotations

import json
import re
import shlex
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.main import get_command

from monitor.cli import app

CI = Path(__file__).parents[1] / "docs" / "ci"
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
    from monitor.cli.project import Project
    from monitor.declaration import Declaration
    from monitor.yamlfile import parse

    blocks = re.findall(r"```yaml\n(.*?)```", (CI / "README.md").read_text("utf-8"), re.S)
    assert parse(Project, yaml.safe_load(blocks[0]), "page").run.fail_on == "high"
    sdk = (parse(Declaration, yaml.safe_load(blocks[1]), "page").sdks or [])[0]
    assert [entry.when for entry in sdk.entry_points] == ["after_consent", "withdrawal"]
