"""Where the data shipped with the package is, and what the user's sessions leave; and how an installation gets an
extra."""

import json
import os
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

_PACKAGE = Path(__file__).resolve().parents[1]
#: The package is on no index, so that its name alone installs nothing.
_DISTRIBUTION: Final = "app-privacy-monitor"
_WHEEL: Final = "app_privacy_monitor-*.whl"


def bundled(name: str) -> Path:
    """The directory of bundled data ``name``: ``hooks``, ``scenarios`` or ``emulator``.

    In a wheel these are in ``monitor/_bundled``; in a checkout beside the package.
    """
    inside = _PACKAGE / "_bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def package_data(name: str) -> Path:
    """The directory of data inside the package: ``rules``, ``recipients``, ``sdks`` or ``text``."""
    return _PACKAGE / name


def state_home() -> Path:
    """The directory of what is kept between sessions: journals of devices, the keys of the user's own analyses."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "app-privacy-monitor"


def install_command(extra: str) -> str:
    """What to type for an extra: in a checkout ``uv sync``, for an installed wheel ``pip install`` with its file."""
    if (_PACKAGE.parent / "pyproject.toml").is_file():
        return f"uv sync --inexact --extra {extra}"
    return f"pip install '{_wheel()}[{extra}]'"


def _wheel() -> str:
    """The file that the package was installed from, as its record tells; otherwise what such a file is called."""
    try:
        record = json.loads(Distribution.from_name(_DISTRIBUTION).read_text("direct_url.json") or "{}")
        path = unquote(urlsplit(str(record.get("url", ""))).path)
    except (PackageNotFoundError, ValueError, AttributeError):
        return _WHEEL
    return path if path.endswith(".whl") and path.isprintable() else _WHEEL
