"""The location of the data shipped with the package, and of what the user's sessions leave, known only here."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


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
