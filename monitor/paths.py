"""The location of the data shipped with the package, known only here."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """The directory of bundled data ``name``: ``hooks``, ``scenarios`` or ``emulator``.

    In a wheel these are in ``monitor/_bundled``; in a checkout beside the package.
    """
    inside = _PACKAGE / "_bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def package_data(name: str) -> Path:
    """The directory of data inside the package: ``rules``, ``recipients``, ``sdks`` or ``text``."""
    return _PACKAGE / name
