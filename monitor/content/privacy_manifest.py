"""A library's privacy manifest (``PrivacyInfo.xcprivacy``, an XML property list) as blocks of a declaration."""

import plistlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.parsers.expat import ExpatError

from monitor.base.errors import InputError
from monitor.base.yamlfile import own_table

_FILE: Final = Path(__file__).resolve().parent / "privacy_manifest.yaml"
_TYPE: Final = "NSPrivacyCollectedDataType"
_LIST: Final = "NSPrivacyCollectedDataTypes"
_DOMAINS: Final = "NSPrivacyTrackingDomains"
_PURPOSES: Final = "NSPrivacyCollectedDataTypePurposes"
_PURPOSE: Final = "NSPrivacyCollectedDataTypePurpose"
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\Z")
_MAX: Final = 200


class Manifest(NamedTuple):
    """``collection`` and ``sdk`` for a declaration; ``unknown``: data types without a counterpart here."""

    collection: list[dict[str, Any]]
    sdk: dict[str, Any]
    unknown: list[str]


def looks_manifest(text: str) -> bool:
    """Whether the text is such a file."""
    return "<plist" in text[:2_000] and "NSPrivacy" in text


def read_manifest(text: str, name: str) -> Manifest:
    """What the manifest says about the library ``name``. Raises ``InputError``."""
    try:
        data = plistlib.loads(text.encode(), fmt=plistlib.FMT_XML)
    except (
        plistlib.InvalidFileException,
        ExpatError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as bad:
        raise InputError(f"not a property list: {type(bad).__name__}", hint="PrivacyInfo.xcprivacy as XML") from None
    if not isinstance(data, dict) or not ({_LIST, _DOMAINS} & set(data)):
        raise InputError(f"not a privacy manifest: neither {_LIST} nor {_DOMAINS}")
    purposes: dict[str, list[str]] = {}
    unknown: list[str] = []
    for item in _listed(data, _LIST):
        said = item.get(_TYPE, "") if isinstance(item, dict) else ""
        short = str(said).removeprefix(_TYPE)[:100]
        ids = own_table(_FILE)["types"].get(short)
        if ids is None:
            unknown.append(short or "?")
            continue
        for data_type in ids:
            purposes.setdefault(data_type, []).extend(_purposes(item))
    hosts = [host for one in _listed(data, _DOMAINS) if _HOST.match(host := str(one).lower().strip())]
    sdk: dict[str, Any] = {"name": name, "data_types": list(purposes)}
    sdk["purposes"] = sorted({purpose for all_of in purposes.values() for purpose in all_of})
    sdk["hosts"] = list(dict.fromkeys(hosts))
    collection = [
        {"data_type": data_type, "purpose": ", ".join(sorted(set(said))), "method": f"SDK: {name}"}
        for data_type, said in purposes.items()
    ]
    return Manifest(collection, {key: value for key, value in sdk.items() if value}, list(dict.fromkeys(unknown)))


def _listed(data: Mapping[str, Any], key: str) -> list[Any]:
    found = data.get(key, [])
    return found[:_MAX] if isinstance(found, list) else []


def _purposes(item: Mapping[str, Any]) -> list[str]:
    names = (str(one).removeprefix(_PURPOSE) for one in _listed(item, _PURPOSES))
    return [own_table(_FILE)["purposes"][name] for name in names if name in own_table(_FILE)["purposes"]]
