"""Assertions about a session for a test suite; ``plugin`` gives the pytest fixture ``privacy_session``.

>>> session = Assessed(Path("bundle"))          # doctest: +SKIP
>>> session.assert_not_sent("android_id", before="consent")          # doctest: +SKIP

``Assessed`` is loaded on first use: every run of pytest imports this package with the plugin.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.testing.assessed import Assessed

__all__ = ["Assessed"]


def __getattr__(name: str) -> object:
    if name != "Assessed":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from monitor.testing.assessed import Assessed

    return Assessed
