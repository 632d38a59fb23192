"""Tables of fact: organisations with their hosts (``recipients/``) and SDKs with their packages (``sdks/``).

Owner and purpose are separate: belonging to a company does not make a host a tracker.
"""

from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from monitor.base.paths import package_data
from monitor.base.yamlfile import Named, Strict, folder, matching

Purpose = Literal[
    "advertising", "analytics", "push", "crash", "maps", "payment", "social", "login", "cdn", "cloud", "security",
    "attribution", "media", "im", "ai", "store", "os", "commerce", "captcha", "consent", "testing", "other",
]  # fmt: skip

UNLISTED: Final = "lib:"
"""Begins the ID of a library that no table lists; its package tree follows."""
SHORT: Final = 2
"""Characters of the longest name that a code shrinker gives a package or class."""
_COUNTRY: Final = 3
"""Characters of a name such as ``com``, ``org``, ``io`` or ``cn``: the first part of many companies' packages."""
_SHARED: Final = ("info", "android", "androidx", "java", "javax", "kotlin")


def renamed(sdk: str) -> bool:
    """Whether an unlisted library is known by nothing but the names that a shrinker gave its code."""
    parts = sdk.removeprefix(UNLISTED).split(".")
    return sdk.startswith(UNLISTED) and (parts == ["(default)"] or len(parts[-1]) <= SHORT)


class Source(Strict):
    """The source of a fact, and when it was read."""

    text: str
    url: str = ""
    date: str = Field("", pattern=r"^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$")
    """Year, month and day: 2026-11-25."""
    confidence: Literal["seen", "secondary", "unverified"] = "unverified"


class Domain(Strict):
    """A registrable domain or host: covers itself and everything below it. The longest entry wins."""

    name: str = Field(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")
    purposes: list[Purpose] = []


class Organisation(Named):
    """Who owns hosts. File name = id."""

    name: str
    name_zh: str = ""
    country: str = Field(pattern=r"^([A-Z]{2}|unknown)$")
    parent: str = ""
    purposes: list[Purpose] = []
    domains: list[Domain]
    sources: list[Source] = Field(min_length=1)


def _own_package(name: str) -> str:
    if "." not in name and (len(name) <= _COUNTRY or name in _SHARED):
        raise ValueError(f"{name} is of many libraries: name the package below it")
    return name


Package = Annotated[str, matching(r"[A-Za-z_]\w*(\.\w+)*", "not a package: {}"), AfterValidator(_own_package)]


class Sdk(Named):
    """A library that apps embed. File name = id."""

    name: str
    name_zh: str = ""
    vendor: str
    org: str = ""
    """Id of the organisation, if it has a file."""
    purposes: list[Purpose]
    packages: list[Package] = Field(min_length=1)
    """Package prefixes without trailing dot: ``com.umeng`` covers ``com.umeng`` and ``com.umeng.…``."""
    hosts: list[str] = []
    carrier: bool = False
    """Carries requests for other code (HTTP clients, mediation, Play services clients): never the owner of a call
    (R23)."""
    sources: list[Source] = Field(min_length=1)


_own = cache(folder)


def load_sdks(directory: Path | None = None) -> dict[str, Sdk]:
    """All SDKs by ID; this version's are read once per process. Raises ``InputError``."""
    return folder(Sdk, directory) if directory else dict(_own(Sdk, package_data("sdks")))


def load_organisations(directory: Path | None = None) -> dict[str, Organisation]:
    """All organisations by ID; this version's are read once per process. Raises ``InputError``."""
    return folder(Organisation, directory) if directory else dict(_own(Organisation, package_data("recipients")))


class Hosts:
    """Host name to organisation, longest suffix first."""

    def __init__(self, organisations: dict[str, Organisation]) -> None:
        self._organisations = organisations

    @cached_property
    def _by_domain(self) -> dict[str, Organisation]:
        return {domain.name: org for org in self._organisations.values() for domain in org.domains}

    def owner(self, host: str) -> Organisation | None:
        """The owner of a host name, or None = unknown. Addresses have no owner here."""
        labels = host.lower().rstrip(".").split(".")
        suffixes = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((org for suffix in suffixes if (org := self._by_domain.get(suffix))), None)


class Packages:
    """Class name to SDK, longest package prefix first."""

    def __init__(self, sdks: dict[str, Sdk]) -> None:
        self._by_prefix = {prefix: sdk for sdk in sdks.values() for prefix in sdk.packages}

    def sdk(self, cls: str) -> Sdk | None:
        """The SDK a class belongs to, or None."""
        while cls:
            if sdk := self._by_prefix.get(cls):
                return sdk
            cls = cls.rpartition(".")[0]
        return None
