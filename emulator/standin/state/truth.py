"""What really happened, for tests only: JSON lines that the monitor never reads."""

import json
from pathlib import Path
from typing import Any

from .clock import DeviceClock


class TruthLog:
    """Appends one JSON object a line, with device time in ms. Without a path it does nothing."""

    def __init__(self, path: Path | None, clock: DeviceClock) -> None:
        self._clock = clock
        self._file = path.open("a", encoding="utf-8") if path else None

    def write(self, what: str, **values: Any) -> None:
        if self._file:
            row = {"t_ms": self._clock.now_ms(), "what": what, **values}
            self._file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
            self._file.flush()

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
