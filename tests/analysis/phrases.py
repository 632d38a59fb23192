"""Tables of words: what windows, switches and pages say, and what it means."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

PHRASES: Final[dict[str, Any]] = yaml.load(
    Path(__file__).with_suffix(".yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
