"""Known SDKs under other names: an SDK that a shrinker renamed, or that was moved into another package, still holds its
hosts and the names by which the platform and its own parts know it. A reason, with how certain it is; never the owner
of a call."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final

import msgspec

from monitor.analysis.correlate.owner import remains
from monitor.apk.parts import Parts
from monitor.apk.references import units
from monitor.knowledge.tables import UNLISTED, Packages, Sdk

_HOST: Final = re.compile(r"(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[:/?].*)?", re.DOTALL)
#: A dotted name as actions, keys and classes have it: at least three parts.
_NAME: Final = re.compile(r"[a-z][\w$]*(?:\.[\w$]+){2,}")
#: A listed package of so many dots holds no app; a name of so few parts may be that of one whatever its letters
#: (``com.vendor.Maps``).
_OWN_PACKAGE, _APP_PARTS = 2, 3
_LONGEST: Final = 300
_REASONS: Final = 4
#: From so many different strings of one SDK on, or a host beside a name, its code is likely.
_LIKELY: Final = 3
_SHOWN: Final = 200


class Renamed(msgspec.Struct, frozen=True, kw_only=True):
    """Code that is perhaps a known SDK's. ``tree``: the owner that its calls have (``lib:a.b``). ``certainty``:
    ``likely`` (a host and a name of the SDK, or three of either) or ``possible``. ``reasons``: strings in its code."""

    tree: str
    sdk: str
    name: str
    certainty: str
    reasons: list[str]
    classes: list[str]


def renamed(
    parts: Parts, owner: Callable[[str], str], packages: Packages, sdks: Mapping[str, Sdk], present: Iterable[str]
) -> list[Renamed]:
    """What code without a listed name holds of SDKs that are not ``present`` under their own. ``owner``: of a class."""
    marks = _Marks(packages, sdks, set(present))
    found: dict[tuple[str, str], tuple[set[str], set[str], set[str]]] = defaultdict(lambda: (set(), set(), set()))
    for cls, (sdk, kind, text) in _told(parts, marks):
        of = owner(cls)
        if of and not of.startswith(UNLISTED):
            continue
        hosts, names, classes = found[of or UNLISTED + remains(cls), sdk]
        (hosts if kind == "host" else names).add(text)
        classes.add(cls)
    made = []
    for (tree, sdk), (hosts, names, classes) in sorted(found.items()):
        likely = bool(hosts and names) or len(hosts) + len(names) >= _LIKELY
        reasons = [*sorted(hosts)[:_REASONS], *sorted(names)[:_REASONS]][:_REASONS]
        made.append(
            Renamed(tree=tree, sdk=sdk, name=sdks[sdk].name, certainty="likely" if likely else "possible",
                    reasons=reasons, classes=sorted(classes)[:_REASONS])
        )  # fmt: skip
    return sorted(made, key=lambda one: (one.certainty, one.tree, one.sdk))[:_SHOWN]


class _Marks:
    """Which SDK a string tells of."""

    def __init__(self, packages: Packages, sdks: Mapping[str, Sdk], present: set[str]) -> None:
        self._packages, self._present = packages, present
        owners: dict[str, set[str]] = defaultdict(set)
        for sdk in sdks.values():
            for host in sdk.hosts:
                owners[host].add(sdk.id)
        # A host of several SDKs of one vendor tells none of them.
        self._hosts = {host: next(iter(ids)) for host, ids in owners.items() if len(ids) == 1}

    def __call__(self, text: str) -> tuple[str, str, str] | None:
        """``(sdk, kind, text)``; None for a string that tells nothing."""
        if not 8 <= len(text) <= _LONGEST:
            return None
        if match := _HOST.fullmatch(text):
            labels = match[1].split(".")
            for start in range(len(labels) - 1):
                sdk = self._hosts.get(".".join(labels[start:]))
                if sdk:
                    return None if sdk in self._present else (sdk, "host", match[1])
        if _NAME.fullmatch(text):
            known = self._packages.sdk(text)
            if known and not known.carrier and known.id not in self._present and not _app(text, known):
                return known.id, "name", text
        return None


def _app(text: str, known: Sdk) -> bool:
    """Whether a name may be that of an app of the same vendor, for which the code only looks: its listed package is the
    vendor's whole one (``com.vendor``), and no part below it is written as a class or a constant."""
    under = max((p for p in known.packages if text == p or text.startswith(p + ".")), key=len, default="")
    if under.count(".") >= _OWN_PACKAGE:
        return False
    parts = text.split(".")
    return len(parts) <= _APP_PARTS or not any(part[0].isupper() for part in parts)


def _told(parts: Parts, marks: _Marks) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for _, unit in units(parts):
        with suppress(ValueError):  # the reading of references has said so
            yield from unit.strings(marks)
