"""Which mitmproxy may run here."""

import importlib.metadata
from typing import Final

from mitmproxy.options import Options

_LEAST: Final = (12, 2, 3)
_BELOW: Final = (12, 3)
#: Options of later releases that sign with a third party's leaked certificate authority.
FORBIDDEN: Final = ("emudhra", "emudhra_old")


class Unsafe(Exception):
    """This mitmproxy, or an option of it, must not be used; the text says which."""


def check_version(version: str | None = None) -> str:
    """The installed version, if it is within the pin. Raises ``Unsafe``."""
    version = version if version is not None else importlib.metadata.version("mitmproxy")
    try:
        parts = tuple(int(p) for p in version.split(".")[:3])
    except ValueError:
        parts = ()
    if not _LEAST <= parts < _BELOW:
        raise Unsafe(f"mitmproxy {version} is outside >=12.2.3,<12.3")
    return version


def check_options(options: Options) -> None:
    """Refuse options that forge certificates from a public authority. Raises ``Unsafe``."""
    for name in FORBIDDEN:
        if name in options and getattr(options, name):
            raise Unsafe(f"mitmproxy option {name} is on: it forges certificates of a public authority")
