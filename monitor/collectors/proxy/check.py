"""Whether the installed mitmproxy may be used."""

from __future__ import annotations

import importlib.metadata

from monitor.errors import EnvironmentFault

_HINT = "pip install 'mitmproxy>=12.2.3,<12.3'"


def check_proxy() -> str:
    """``mitmproxy VERSION`` if it is within the pin. Raises ``EnvironmentFault`` with the fix."""
    try:
        from monitor.collectors.proxy.guard import Unsafe, check_version
    except ImportError as error:
        raise EnvironmentFault(f"mitmproxy cannot be loaded: {error.name}", hint=_HINT) from None
    try:
        return f"mitmproxy {check_version()} (pin: >=12.2.3,<12.3)"
    except (Unsafe, importlib.metadata.PackageNotFoundError) as error:
        raise EnvironmentFault(str(error), hint=_HINT) from None
