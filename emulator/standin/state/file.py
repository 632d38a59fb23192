"""Files of data: ours, and the state file, whose values are laid over the default state."""

import json
from pathlib import Path
from typing import Any

import yaml

MAX_STATE_BYTES = 4_000_000


class StateError(ValueError):
    """The state file cannot be used; the message says what and where."""


def table(path: Path) -> Any:
    """The data of a file of ours."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def read_state(path: Path | None, base: dict[str, Any]) -> dict[str, Any]:
    """``base`` with the file's values laid over (maps merge, lists and scalars replace). StateError on bad input."""
    if path is None:
        return base
    try:
        if path.stat().st_size > MAX_STATE_BYTES:
            raise StateError(f"{path.name}: larger than {MAX_STATE_BYTES} bytes")
        content = path.read_text("utf-8")
        over = json.loads(content) if path.suffix == ".json" else yaml.safe_load(content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, json.JSONDecodeError) as bad:
        raise StateError(f"{path.name}: {bad}") from None
    if over is None:
        return base
    if not isinstance(over, dict):
        raise StateError(f"{path.name}: the state must be a mapping")
    return {**base, **{k: merge(base.get(k), v) for k, v in over.items()}}


def merge(base: Any, over: Any) -> Any:
    """Maps merge, lists and scalars replace."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{k: merge(base.get(k), v) for k, v in over.items()}}
    return over


def scalar(value: Any) -> str:
    """A scalar as properties and settings hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
