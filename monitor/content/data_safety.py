"""What app stores ask for, as blocks of a declaration: Google Play's Data safety form, and a library's privacy manifest
(``PrivacyInfo.xcprivacy``, an XML property list).

Of the form, two tables are read: the export of the Play Console (columns *Question ID (machine readable)*, *Response ID
(machine readable)*, *Response value*), and a human-readable table with a column for the data type and, optionally,
*Collected*, *Shared* and *Purpose*.
"""

import plistlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.parsers.expat import ExpatError

from monitor.base.errors import InputError
from monitor.base.yamlfile import own_table
from monitor.content.html_text import read_document
from monitor.content.sdk_table import csv_table

_FILE, _MANIFEST = (Path(__file__).resolve().parent / name for name in ("data_safety.yaml", "privacy_manifest.yaml"))
_YES: Final = frozenset({"true", "yes", "y", "1", "✓", "✔", "✅", "x", "是"})
_USAGE: Final = "PSL_DATA_USAGE_RESPONSES"
_RISK: Final = "Fraud prevention, security, and compliance"


class Safety(NamedTuple):
    """``collection``: entries by data type; ``shared``: IDs that the form lists as shared; ``unknown``: not
    understood."""

    collection: list[dict[str, Any]]
    shared: list[str]
    unknown: list[str]


class _Answers:
    """The form's statement on each of its types."""

    def __init__(self) -> None:
        self.types: dict[str, set[str]] = {}
        self.shared: set[str] = set()
        self.required: set[str] = set()
        self.unknown: list[str] = []

    def add(self, name: str, purpose: str = "") -> None:
        purposes = self.types.setdefault(name, set())
        if purpose:
            purposes.add(purpose)

    def result(self) -> Safety:
        """Entries by our IDs; several of the form's types can map to one ID."""
        made: dict[str, dict[str, Any]] = {}
        shared: dict[str, None] = {}
        for name, purposes in self.types.items():
            for data_type in own_table(_FILE)["types"][name]["ids"]:
                entry = made.setdefault(data_type, {"data_type": data_type, "purposes": set(), "necessary": False})
                entry["purposes"] |= purposes
                entry["necessary"] |= name in self.required
                if name in self.shared:
                    shared[data_type] = None
        collection = []
        for entry in made.values():
            purposes = entry.pop("purposes")
            item = {"data_type": entry["data_type"], "purpose": ", ".join(sorted(purposes))}
            if entry["necessary"]:
                item["necessary"] = True
            if purposes == {_RISK}:
                item["risk_control"] = True
            collection.append({key: value for key, value in item.items() if value != ""})
        return Safety(collection, list(shared), self.unknown[:50])


def read_safety(text: str) -> Safety:
    """The form's statement. Raises ``InputError`` if the text is neither of the two tables."""
    rows = [row for row in csv_table(text, ",") if row]
    if rows and rows[0][0].casefold().startswith("question id"):
        return _export(rows[1:])
    for table in [rows, *read_document(text).tables]:
        if len(table) > 1 and (at := _people(table[0])):
            return _named(table[1:], at)
    raise InputError(
        "not a Data safety table",
        hint="the Play Console's export, or a table with Data type, Collected, Shared, Purpose",
    )


def _yes(value: str) -> bool:
    words = value.casefold().split()
    return bool(words) and (words[0].strip(".,;:()") in _YES or words[-1] in ("yes", "是"))


def _export(rows: list[list[str]]) -> Safety:
    answers = _Answers()
    known = own_table(_FILE)["types"]
    usage: list[tuple[str, str, str]] = []
    for row in rows:
        question, response, value = (*row, "", "", "")[:3]
        if not _yes(value):
            continue
        if question.startswith(_USAGE + ":"):
            _, name, what = (*question.split(":"), "", "")[:3]
            usage.append((name, what, response))
        elif question.startswith("PSL_DATA_TYPES_"):
            if response in known:
                answers.add(response)
            else:
                answers.unknown.append(response)
    for name, what, response in usage:
        if name not in answers.types:
            continue
        if what.endswith("COLLECTION_AND_SHARING") and "SHARED" in response:
            answers.shared.add(name)
        elif what.endswith("USER_CONTROL") and response.endswith("REQUIRED"):
            answers.required.add(name)
        elif what.endswith("PURPOSE") and response in own_table(_FILE)["purposes"]:
            answers.add(name, own_table(_FILE)["purposes"][response])
    return answers.result()


def _people(heading: list[str]) -> dict[str, int]:
    """Columns of a human-readable table; empty if it has none for the data type."""
    at: dict[str, int] = {}
    for column, cell in enumerate(heading):
        for what, names in own_table(_FILE)["columns"].items():
            if what not in at and any(name in cell.casefold() for name in names):
                at[what] = column
                break
    return at if "type" in at and len(at) > 1 else {}


def _named(rows: list[list[str]], at: dict[str, int]) -> Safety:
    answers = _Answers()
    names = {alias: name for name, entry in own_table(_FILE)["types"].items() for alias in entry["names"]}
    for row in rows:
        cells = {what: row[column] if column < len(row) else "" for what, column in at.items()}
        name = names.get(cells["type"].casefold().strip(" *_`"))
        shared = _yes(cells.get("shared", ""))
        if "collected" in at and not _yes(cells["collected"]) and not shared:
            continue
        if name is None:
            if cells["type"]:
                answers.unknown.append(cells["type"][:100])
            continue
        answers.add(name, cells.get("purpose", ""))
        if shared:
            answers.shared.add(name)
    return answers.result()


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
        ids = own_table(_MANIFEST)["types"].get(short)
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
    return [own_table(_MANIFEST)["purposes"][name] for name in names if name in own_table(_MANIFEST)["purposes"]]
