"""Versions of everything that measures, read from the installed packages' metadata: nothing is imported."""

import platform
from importlib.metadata import PackageNotFoundError, version

from monitor.session.manifest import Versions


def package_version(name: str) -> str:
    """The installed version of a package, empty if it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def versions() -> Versions:
    """Versions of everything that measures."""
    return Versions(
        monitor=package_version("app-privacy-monitor"),
        python=platform.python_version(),
        frida=package_version("frida"),
        java_bridge=package_version("frida-tools"),
        mitmproxy=package_version("mitmproxy"),
        adbutils=package_version("adbutils"),
        host=f"{platform.system()} {platform.machine()}",
    )
