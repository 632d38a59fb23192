"""What is in an app's file: one account of everything, as data."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Final

import msgspec

from monitor.analysis.correlate.owner import Owners, platform, stray, with_declared
from monitor.analysis.coverage.reference import Reference
from monitor.apk.identity import About, Signer, read_manifest, signers
from monitor.apk.parts import opened
from monitor.apk.references import Code, Renamed, references, renamed
from monitor.events import Frame
from monitor.knowledge.catalogue import Row
from monitor.knowledge.tables import UNLISTED, Hosts, Organisation, Packages, Sdk
from monitor.session.declaration import Declaration

_NAMED: Final = 3
_LIBRARIES: Final = 200
#: Classes from which on a package tree that no table lists counts as a library.
_WORTH: Final = 3
_MOST_HOSTS: Final = 3_000
#: Of the platform, what apps bring as a library.
_BROUGHT: Final = ("org.json.", "org.apache.http.")
_ADDRESS: Final = re.compile(
    rb"(?:https?|wss?|mqtts?)://([A-Za-z0-9][A-Za-z0-9.-]{1,252})([:/?#][!#$%&'()*+,./0-9:;=?@A-Z_a-z~-]{0,400})?"
)
_WIDE: Final = re.compile(rb"h\0t\0t\0p\0(?:s\0)?:\0/\0/\0(?:[!-~]\0){3,400}")
_BARE: Final = re.compile(rb"(?<![A-Za-z0-9._/@-])((?:[a-z0-9][a-z0-9-]{0,62}\.){1,6}[a-z]{2,12})(?=\0|[\"'\s<:/])")
_HOST: Final = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]|\d{1,3}(?:\.\d{1,3}){3}"
)
#: Names of XML vocabularies and documentation, written as addresses.
_NO_HOSTS: Final = frozenset(
    """schemas.android.com www.w3.org xml.org xmlpull.org ns.adobe.com schemas.xmlsoap.org java.sun.com xml.apache.org
    json-schema.org www.apache.org apache.org example.com www.example.com localhost schemas.microsoft.com purl.org
    xmlns.com www.example.org goo.gle developer.android.com issuetracker.google.com""".split()
)
_POLICY: Final = re.compile(r"privacy|privac|policy|policies|yinsi|yszc|agreement|userprotocol|protocol/user", re.I)


class Embedded(msgspec.Struct, frozen=True, kw_only=True):
    """A library in the file. ``sdk``: its ID, ``lib:com.acme`` if no table lists it. How it was recognised:
    ``prefixes`` of ``classes`` classes, of which ``outermost`` are in no other, and the ``components`` of the manifest
    that are its."""

    sdk: str
    name: str
    vendor: str = ""
    purposes: list[str] = []
    prefixes: list[str] = []
    classes: int = 0
    outermost: int = 0
    examples: list[str] = []
    components: list[str] = []


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A host that stands in the file as text; ``org``: the organisation whose it is, empty = not known."""

    host: str
    org: str = ""
    purposes: list[str] = []
    count: int = 0


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """An app's file. ``kind``: apk, apks (a container of APKs), standin, aar or jar. ``limits``: what was not read."""

    file: str
    kind: str
    bytes: int
    sha256: str
    md5: str
    manifest: About
    signers: list[Signer] = []
    libraries: list[Embedded] = []
    renamed: list[Renamed] = []
    references: list[Reference] = []
    hosts: list[Host] = []
    policies: list[str] = []
    native: list[str] = []
    classes: int = 0
    platform: list[str] = []
    """Classes of the platform's that are hooked, of which the file has one of its own: a class loader of the app can
    put it in the place of the platform's."""
    limits: list[str] = []


def contents(
    path: Path,
    rows: Iterable[Row],
    sdks: Mapping[str, Sdk],
    organisations: Mapping[str, Organisation],
    declaration: Declaration | None = None,
) -> Contents:
    """Read a file without running anything of it. ``declaration``: what names code of the app's and of its libraries
    that no table knows, as in a session. Raises ``InputError``."""
    parts = opened(path)
    try:
        about = read_manifest(parts.manifest) if parts.manifest else About()
    except ValueError as bad:
        about = About()
        parts.limit(f"AndroidManifest.xml: {bad}")
    declared = declaration or Declaration()
    packages = with_declared(sdks, declared)
    library = parts.kind in ("aar", "jar")
    owners = Owners(packages, declared.app_prefixes(about.package) if about.package and not library else [])
    for name in [] if library else about.entries:
        owners.entered(name)
    rows = list(rows)
    code = references(parts, rows, owners)
    hooked = {row.cls for row in rows if row.public in ("public", "hidden")}
    known = Hosts(dict(organisations))
    hosts, policies = _addresses(chain((data for _, data in parts.dex), parts.classes, parts.texts, [parts.manifest]),
                                 known)  # fmt: skip
    libraries = _libraries(code, about, owners, packages, sdks)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        file.seek(0)
        md5 = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    return Contents(
        file=path.name, kind=parts.kind, bytes=size, sha256=sha256, md5=md5, manifest=about,
        signers=signers(parts.before, parts.signatures), libraries=libraries,
        renamed=renamed(parts, lambda cls: owners.of([Frame(cls=cls, method="")]), packages, sdks,
                        [one.sdk for one in libraries]),
        references=code.references, hosts=[_host(name, count, known) for name, count in hosts.items()],
        policies=policies, native=sorted(parts.libraries), classes=len(code.classes),
        platform=sorted(name for name in code.classes if name in hooked and not name.startswith(_BROUGHT)),
        limits=parts.limits,
    )  # fmt: skip


def _host(name: str, count: int, known: Hosts) -> Host:
    owner = known.owner(name)
    if owner is None:
        return Host(host=name, count=count)
    purposes = {purpose for domain in owner.domains for purpose in domain.purposes if name.endswith(domain.name)}
    return Host(host=name, count=count, org=owner.id, purposes=sorted(purposes or owner.purposes))


def _libraries(code: Code, about: About, owners: Owners, packages: Packages, sdks: Mapping[str, Sdk]) -> list[Embedded]:
    """Listed libraries by the packages of their classes and components, and package trees that no table lists: those
    with many classes, and those that own code that references something."""
    counts, outermost, examples = _counted(code.classes, owners, packages)
    components: defaultdict[str, list[str]] = defaultdict(list)
    for component in about.components:
        if sdk := packages.sdk(component.name):
            components[sdk.id].append(component.name)
    referring = {reference.owner for reference in code.references}
    found = []
    for key in {*counts, *components}:
        tree, names = key.removeprefix(UNLISTED), [*examples[key], *components[key]]
        shown: Any = {"classes": counts[key], "outermost": outermost[key], "examples": sorted(examples[key])[:_NAMED],
                 "components": sorted(components[key])[:_NAMED]}  # fmt: skip
        if sdk := sdks.get(key):
            used = [p for p in sdk.packages if any(name == p or name.startswith((p + ".", p + "$")) for name in names)]
            found.append(Embedded(sdk=key, name=sdk.name, vendor=sdk.vendor, purposes=list(sdk.purposes),
                                  prefixes=used, **shown))  # fmt: skip
        elif counts[key] >= _WORTH or key in referring:
            found.append(Embedded(sdk=key, name=tree, prefixes=[tree], **shown))
    return sorted(found, key=lambda one: (one.sdk.startswith(UNLISTED), -one.classes, one.sdk))[:_LIBRARIES]


def _counted(
    classes: Iterable[str], owners: Owners, packages: Packages
) -> tuple[Counter[str], Counter[str], dict[str, list[str]]]:
    """How many classes each library has, how many of these are in no other, and the first of each of its packages."""
    by_package: defaultdict[str, list[str]] = defaultdict(list)
    for name in classes:
        by_package[name.rpartition(".")[0]].append(name)
    counts, outermost = Counter[str](), Counter[str]()
    examples: defaultdict[str, list[str]] = defaultdict(list)
    for names in by_package.values():
        first = min(names)
        sdk = packages.sdk(first)
        other = "" if platform(first) and not stray(first) else owners.of([Frame(cls=first, method="")])
        key = sdk.id if sdk else other
        if key not in ("", "app", "framework"):
            counts[key] += len(names)
            outermost[key] += len({name.partition("$")[0] for name in names})
            examples[key].append(first)
    return counts, outermost, examples


def _addresses(chunks: Iterable[bytes], known: Hosts) -> tuple[dict[str, int], list[str]]:
    """How often hosts stand in addresses with a scheme, or alone if their owner is known (other names may be a
    package's), and addresses that look like a privacy policy's."""
    hosts: dict[str, int] = {}
    policies: dict[str, None] = {}

    def add(host: str, address: str = "") -> None:
        host = host.lower().rstrip(".-")
        if host in _NO_HOSTS or not _HOST.fullmatch(host) or (len(hosts) >= _MOST_HOSTS and host not in hosts):
            return
        hosts[host] = hosts.get(host, 0) + 1
        place = address.partition("?")[0]
        if len(policies) < 50 and _POLICY.search(place):
            policies[place[:300]] = None

    owned: dict[bytes, bool] = {}
    for data in chunks:
        wide = (_ADDRESS.match(found[0][::2]) for found in _WIDE.finditer(data))
        for found in chain(_ADDRESS.finditer(data), filter(None, wide)):
            add(found[1].decode("ascii"), found[0].decode("ascii"))
        for name in _BARE.findall(data):
            if name not in owned and len(owned) < 200_000:
                owned[name] = known.owner(name.decode("ascii")) is not None
            if owned.get(name):
                add(name.decode("ascii"))
    return dict(sorted(hosts.items())), sorted(policies)
