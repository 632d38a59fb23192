"""The published schemas are those of the structs, and hold for what is written."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from monitor.assess.evaluate import reanalyse
from monitor.assess.opened import Opened
from monitor.base.paths import package_data
from monitor.events import encode
from monitor.evidence.bundle import Bundle
from monitor.session.manifest import Session
from tests.assess.schemas import meanings, schema, schemas
from tests.reports.conftest import T0, recording

PLACE = package_data("schemas")


def faults(name: str, lines: Iterable[bytes]) -> list[str]:
    """Where lines are not what the published file says."""
    validator = Draft202012Validator(json.loads((PLACE / f"{name}.schema.json").read_text("utf-8")))
    found = [(n, error) for n, line in enumerate(lines, 1) for error in validator.iter_errors(json.loads(line))]
    return [f"{name}:{n}: {error.json_path}: {error.message[:200]}" for n, error in found[:10]]


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_published_file_is_up_to_date(request: pytest.FixtureRequest, name: str) -> None:
    if request.config.getoption("--update"):
        assert not os.environ.get("CI")
        PLACE.mkdir(exist_ok=True)
        (PLACE / name).write_text(schemas()[name], "utf-8")
    assert (PLACE / name).read_text("utf-8") == schemas()[name], f"{name} is stale: run pytest --update"


@pytest.mark.parametrize("name", ["events", "findings", "coverage"])
def test_each_is_a_schema_that_refuses_something(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert faults(name, [b"{}"])


def test_every_field_is_explained_with_its_unit_and_nothing_else_is() -> None:
    published = [schema(name)["$defs"] for name in ("events", "findings", "coverage")]
    fields = {(struct, field): value["description"] for defs in published for struct, shape in defs.items()
              for field, value in shape["properties"].items()}  # fmt: skip
    assert all(len(text) > 10 for text in fields.values())
    used = {f"{struct}.{field}" for struct, field in fields} | {field for _, field in fields}
    assert set(meanings()) <= used, "explains a field that no line has"
    units = {"t", "err", "first_seen", "last_seen", "failed", "bytes", "response_bytes", "chars", "x", "y", "deadline"}
    named = ("microsecond", "byte", "character", "pixel", "day")
    for (struct, field), text in fields.items():
        assert field not in units or any(unit in text for unit in named), f"{struct}.{field} has no unit"


def test_what_is_written_is_what_the_schemas_say(tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    bundle = Bundle.create(path)
    for event in recording():
        bundle.log.append(event)
    bundle.seal(Session(start=T0, end=T0 + 9_000_000))
    reanalyse(path)
    with Opened(path) as opened:
        assert faults("events", map(encode, opened.events())) == []
    for name in ("findings", "coverage"):
        lines = (path / f"{name}.jsonl").read_bytes().splitlines()
        assert lines and faults(name, lines) == []


def test_a_word_outside_a_vocabulary_is_refused() -> None:
    line = {"line": "rule", "id": "COL-01", "state": "fired", "why": "", "reasons": [{"code": "nonsense"}]}
    assert faults("coverage", [json.dumps(line).encode()])
