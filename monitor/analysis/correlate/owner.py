"""Ownership of stacks: stack to SDK (rule R23).

Owner of a stack: the nearest frame that is neither the framework or a language runtime nor a carrier (HTTP client,
mediation, Play services client), by longest package prefix. Code that no table lists is an *unlisted library*
(``lib:com.acme``, by its package tree), never the app's and never nobody's. *Unknown* (empty) is left where no name
tells: code that a shrinker renamed. A shrinker moves the app's own helpers out of its package, too, also where it
leaves other classes of the app their names.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from monitor.base.paths import package_data
from monitor.base.yamlfile import load
from monitor.events import Frame
from monitor.knowledge.tables import SHORT, UNLISTED, Packages, Sdk
from monitor.session.declaration import Declaration

_TABLE: Final[Any] = load(package_data("analysis") / "correlate" / "packages.yaml")
#: Platform and language runtimes: never the owner of a call.
_FRAMEWORK: Final = (*(f"com.android.{name}" for name in _TABLE["com_android"].split()), *_TABLE["framework"].split())
_PARTS: Final = {name: frozenset(parts.split()) for name, parts in _TABLE["parts"].items()}
_ENDS, _REAL_ENDS, _SHARED = (frozenset(_TABLE[name].split()) for name in ("ends", "real_ends", "shared"))
#: Classes whose owner is remembered.
_CLASSES: Final = 50_000
_CARRIER: Final = "(carrier)"
_STRAY: Final = "(stray)"


def _within(cls: str, prefixes: Iterable[str]) -> int:
    """Length of the longest prefix that covers the class, 0 = none."""
    best = 0
    for prefix in prefixes:
        if len(prefix) > best and (cls == prefix or cls.startswith((prefix + ".", prefix + "$"))):
            best = len(prefix)
    return best


def tree(cls: str) -> str:
    """The package tree by which the code of one owner is told from another's: ``com.acme`` of ``com.acme.push.Core``;
    empty where the name tells nothing, as a shrinker gives it."""
    parts = cls.split(".")[:-1]
    if not parts:
        return ""
    depth = 1
    if parts[0] in _ENDS:
        depth = 3 if len(parts) > 2 and parts[1] in _SHARED else 2
    named = parts[:depth]
    return ".".join(named) if len(named[-1]) > SHORT and len(named) == depth else ""


def remains(cls: str) -> str:
    """What is left of the package of a class that a shrinker renamed: its first two parts."""
    return ".".join(cls.split(".")[:-1][:2]) or "(default)"


def platform(cls: str) -> bool:
    """Whether a class belongs to the platform or a language runtime."""
    return _within(cls, _FRAMEWORK) > 0


def stray(cls: str) -> str:
    """The first two parts of the package of a class that has a runtime's name, and is in no part of it that is known;
    else empty. A class of the runtime's first package itself (``kotlin.Unit``) is the runtime's."""
    parts = cls.split(".")
    known = _PARTS.get(parts[0])
    return ".".join(parts[:2]) if known is not None and len(parts) > 2 and parts[1] not in known else ""


class Owners:
    """Owners of stacks; classes are looked up once, within the memory bound."""

    def __init__(self, packages: Packages, app_prefixes: Sequence[str]) -> None:
        self._packages = packages
        self._prefixes = tuple(app_prefixes)
        self._trees = {found for found in map(tree, (f"{prefix}." for prefix in app_prefixes)) if found}
        self._known: dict[str, str] = {}

    def entered(self, cls: str) -> None:
        """The app's application class, or the activity that its launcher starts: where that is not a library's, its
        package is the app's own."""
        package = cls.rpartition(".")[0]
        if (
            not package
            or (platform(cls) and not stray(cls))
            or self._packages.sdk(cls) is not None
            or _within(cls, self._prefixes)
        ):
            return
        self._prefixes += (package,)
        self._trees |= {tree(cls)} - {""}
        self._known.clear()

    def of(self, frames: Iterable[Frame]) -> str:
        """SDK id, ``app``, ``framework`` (only platform frames) or empty = unknown, for frames innermost first. A class
        that only has a runtime's name is an unlisted library's where nobody else's code stands below it."""
        found = alone = ""
        known = self._known
        for frame in frames:
            name = known.get(frame.cls)
            if name is None:
                name = self._of_class(frame.cls)
            if name == "framework":  # most of them
                found = found or name
            elif name == _STRAY:
                alone = alone or stray(frame.cls)
            elif name == _CARRIER:
                found = name
            else:
                return name
        return UNLISTED + alone if alone else "" if found == _CARRIER else found

    def renamed(self, frames: Iterable[Frame]) -> str:
        """What is left of the package of the code that ``of`` does not know; empty if there is none."""
        return next((remains(frame.cls) for frame in frames if not self._of_class(frame.cls)), "")

    def _of_class(self, cls: str) -> str:
        name = self._known.get(cls)
        if name is None:
            name = self._class(cls)
            if len(self._known) < _CLASSES:
                self._known[cls] = name
        return name

    def _moved(self, cls: str) -> Sdk | None:
        """The SDK whose whole package ends the class's own: builds that move a library into another one's packages
        (shading) keep it (``com.acme.app.shaded.com.umeng.analytics``). None for a short one, which may be a word."""
        parts = cls.split(".")
        for at in range(1, len(parts) - 2):
            inner = ".".join(parts[at:])
            sdk = self._packages.sdk(inner) if parts[at] in _ENDS else None
            if sdk is not None and (parts[at] in _REAL_ENDS or inner[: _within(inner, sdk.packages)].count(".") > 1):
                return sdk
        return None

    def _class(self, cls: str) -> str:
        own = _within(cls, self._prefixes)
        sdk = self._packages.sdk(cls)
        if sdk is not None and _within(cls, sdk.packages) > own:
            return _CARRIER if sdk.carrier else sdk.id
        if moved := self._moved(cls):
            return _CARRIER if moved.carrier else moved.id
        if own:
            return "app"
        if platform(cls):
            return _STRAY if stray(cls) else "framework"
        if found := tree(cls):
            return "app" if found in self._trees else UNLISTED + found
        return ""


def with_declared(sdks: Mapping[str, Sdk], declaration: Declaration) -> Packages:
    """The package table, with declared SDKs that it lacks added under their ID or name."""
    known = {prefix for sdk in sdks.values() for prefix in sdk.packages}
    extra: dict[str, Sdk] = {}
    for item in declaration.sdks or []:
        prefixes = [prefix for prefix in item.package_prefixes if prefix not in known]
        if prefixes:
            name = item.id or item.name
            extra[f"declared:{name}"] = Sdk.model_construct(
                id=name, name=item.name, vendor=item.vendor, purposes=[], packages=prefixes, carrier=False, sources=[]
            )
    return Packages({**sdks, **extra})
