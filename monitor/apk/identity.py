"""What an app says of itself. Hostile input: bounded.

Its manifest as a reader wants it, plain or binary XML: versions, permissions, components. And the certificates that an
APK carries for its signature; whether the signature holds is not checked here. Sources: "APK Signature Scheme v2" and
"v3" of the Android Open Source Project; JAR signing for scheme v1.
"""

import struct
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import md5, sha256
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from monitor.base.yamlfile import own_table
from monitor.device.parse.manifest import entries, start_tags

_MOST: Final = 5_000
_TEXT: Final = 300
_EXPORTED: Final = {"true": "yes", "false": "no"}
_COMPONENTS: Final = ("activity", "activity-alias", "service", "receiver", "provider")
_PERMISSIONS: Final = ("uses-permission", "uses-permission-sdk-23", "uses-permission-sdk-m")


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """A permission that the manifest asks for. ``level``: normal, dangerous, signature, internal …; empty = not one of
    the platform's, or not known."""

    name: str
    level: str = ""
    max_sdk: int = 0


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """A component. ``kind``: activity, activity-alias, service, receiver or provider. ``exported``: yes, no, or empty =
    not stated (Android decides by its filters)."""

    kind: str
    name: str
    exported: str = ""
    permission: str = ""
    process: str = ""


class About(msgspec.Struct, kw_only=True):
    """What the manifest states; empty or 0 = not stated, or a reference to a resource."""

    package: str = ""
    split: str = ""
    version: str = ""
    version_code: int = 0
    min_sdk: int = 0
    target_sdk: int = 0
    application: str = ""
    entries: list[str] = []
    """The application class and the activities that a launcher shows."""
    debuggable: bool = False
    cleartext: str = ""
    permissions: list[Permission] = []
    components: list[Component] = []


@cache
def levels() -> Mapping[str, str]:
    """Permission of the platform, by full name, to its protection level."""
    data = own_table(Path(__file__).with_name("permission_levels.yaml"))
    return {(name if "." in name else f"android.permission.{name}"): level for level, names in data.items()
            for name in names}  # fmt: skip


def read_manifest(data: bytes) -> About:
    """Raises ``ValueError`` if it cannot be read."""
    about = About()
    permissions: dict[str, Permission] = {}
    tags = list(start_tags(data))
    for tag, attributes in tags:
        has = defaultdict(str, ((key, value[:_TEXT]) for key, value in attributes.items()))
        name, full = has["name"], _full(about.package, has["name"])
        if tag == "manifest" and not about.package:
            about.package, about.split = has["package"], has["split"]
            about.version, about.version_code = has["versionName"], _number(has["versionCode"])
        elif tag == "uses-sdk":
            about.min_sdk, about.target_sdk = _number(has["minSdkVersion"]), _number(has["targetSdkVersion"])
        elif tag in _PERMISSIONS and name and len(permissions) < _MOST:
            found = Permission(name=name, level=levels().get(name, ""), max_sdk=_number(has["maxSdkVersion"]))
            permissions.setdefault(name, found)
        elif tag == "application":
            about.application, about.cleartext = full, has["usesCleartextTraffic"]
            about.debuggable = has["debuggable"] == "true"
        elif tag in _COMPONENTS and name and len(about.components) < _MOST:
            about.components.append(
                Component(kind=tag, name=full, exported=_EXPORTED.get(has["exported"], ""),
                          permission=has["permission"], process=has["process"])
            )  # fmt: skip
    about.permissions, about.entries = list(permissions.values()), list(entries(about.package, tags))
    return about


def _full(package: str, name: str) -> str:
    return f"{package}.{name.lstrip('.')}" if name.startswith(".") or (name and "." not in name) else name


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


_BLOCK: Final = b"APK Sig Block 42"
_SCHEMES: Final = {0x7109871A: "v2", 0xF05368C0: "v3", 0x1B93AD61: "v3.1"}
_ORDER: Final = ("v1", *_SCHEMES.values())
_MAX_BLOCK: Final = 16_000_000
_MOST_SIGNERS: Final = 16
SIGNATURE: Final = r"(?i:META-INF/[^/]{1,200}\.(?:RSA|DSA|EC))"


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate: digests as lower-case hex of its DER, subject as RFC 4514, last day as ISO date."""

    sha256: str
    md5: str
    subject: str = ""
    until: str = ""
    schemes: list[str] = []


def signers(before: bytes, files: list[bytes]) -> list[Signer]:
    """The certificates of schemes v2 and later in ``before``, what stands before the central directory, and those of
    scheme v1 in signature files; first those of the newest scheme, which is the one that a new Android asks."""
    found: dict[bytes, list[str]] = {}
    for scheme, der in [*_of_block(before), *_of_files(files)]:
        schemes = found.setdefault(der, [])
        if scheme not in schemes:
            schemes.append(scheme)
    newest = sorted(found.items(), key=lambda one: -max(map(_ORDER.index, one[1])))
    return [_signer(der, sorted(schemes)) for der, schemes in newest[:_MOST_SIGNERS]]


def _signer(der: bytes, schemes: list[str]) -> Signer:
    subject = until = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(der)
            subject = certificate.subject.rfc4514_string()[:300]
            until = certificate.not_valid_after_utc.date().isoformat()
    except Exception:  # noqa: BLE001, S110 - whatever a hostile certificate makes of the parser, its digest stands
        pass
    digest = md5(der, usedforsecurity=False).hexdigest()  # inspection records require it as well
    return Signer(sha256=sha256(der).hexdigest(), md5=digest, subject=subject, until=until, schemes=schemes)


def signing_block(before: bytes) -> int:
    """Size of the signing block at the end of what stands before the central directory; 0 if there is none."""
    if len(before) < 24 or before[-16:] != _BLOCK:
        return 0
    size = int(struct.unpack_from("<Q", before, len(before) - 24)[0]) + 8
    return size if 32 <= size <= _MAX_BLOCK else 0


def _of_block(data: bytes) -> Iterator[tuple[str, bytes]]:
    schemes: dict[int, bytes] = {}
    size, end = signing_block(data), len(data) - 24
    at = len(data) - size + 8 if size <= len(data) else end
    while at + 12 <= end:
        length, kind = struct.unpack_from("<QI", data, at)
        if not 4 <= length <= end - at - 8:
            break
        schemes.setdefault(kind, data[at + 12 : at + 8 + length])  # Android takes the first
        at += 8 + length
    for kind in (kind for kind in schemes if kind in _SCHEMES):
        for signer in _sequence(next(_sequence(schemes[kind]), b"")):
            signed = list(_sequence(next(_sequence(signer), b"")))
            if len(signed) > 1 and (first := next(_sequence(signed[1]), b"")):
                yield _SCHEMES[kind], first


def _of_files(files: list[bytes]) -> Iterator[tuple[str, bytes]]:
    for data in files[:_MOST_SIGNERS]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = pkcs7.load_der_pkcs7_certificates(data)
                for certificate in _signing(data, found) or found[:1]:
                    yield "v1", certificate.public_bytes(Encoding.DER)
        except Exception:  # noqa: BLE001 - as above
            continue


def _signing(data: bytes, found: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """The certificates of the signers that a PKCS #7 message names: it may carry others, in any order. Raises
    ``ValueError``."""
    (_, content), *_ = _der(data)  # ContentInfo (RFC 2315, section 7): type, [0] SignedData
    _, (_, wrapped), *_ = _der(content)
    (_, signed), *_ = _der(wrapped)
    _, infos = _der(signed)[-1]
    named = []
    for _, info in _der(infos)[:_MOST_SIGNERS]:
        (_, issuer), (_, serial), *_ = _der(_der(info)[1][1])
        named.append((issuer, int.from_bytes(serial, "big", signed=True)))
    return [
        one for one in found
        if any(serial == one.serial_number and issuer in one.tbs_certificate_bytes for issuer, serial in named)
    ]  # fmt: skip


def _der(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each element. Raises ``ValueError``."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + 2 <= len(data) and len(found) < 100:
        tag, size, at = data[at], data[at + 1], at + 2
        if size >= 0x80:
            more = size - 0x80
            size, at = int.from_bytes(data[at : at + more], "big"), at + more
        if size > len(data) - at:
            raise ValueError("cut off")
        found.append((tag, data[at : at + size]))
        at += size
    return found


def _sequence(data: bytes) -> Iterator[bytes]:
    """Parts that are each preceded by their length in four bytes."""
    at = 0
    for _ in range(_MOST_SIGNERS):
        length = int.from_bytes(data[at : at + 4], "little")
        if length > len(data) - at - 4:
            return
        yield data[at + 4 : at + 4 + length]
        at += 4 + length
