"""How this installation gets what it lacks: the package is on no index, so that its name alone installs nothing."""

import json
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

_NAME: Final = "app-privacy-monitor"
_WHEEL: Final = "app_privacy_monitor-*.whl"


def command(extra: str) -> str:
    """What to type for an extra: in a checkout ``uv sync``, for an installed wheel ``pip install`` with its file."""
    if (Path(__file__).resolve().parents[2] / "pyproject.toml").is_file():
        return f"uv sync --inexact --extra {extra}"
    return f"pip install '{_wheel()}[{extra}]'"


def _wheel() -> str:
    """The file that the package was installed from, as its record tells; otherwise what such a file is called."""
    try:
        told = json.loads(Distribution.from_name(_NAME).read_text("direct_url.json") or "{}")
        path = unquote(urlsplit(str(told.get("url", ""))).path)
    except (PackageNotFoundError, ValueError, AttributeError):
        return _WHEEL
    return path if path.endswith(".whl") and path.isprintable() else _WHEEL
