"""What app stores ask for, as blocks of a declaration: Google Play's Data safety form, and a library's privacy manifest
(``PrivacyInfo.xcprivacy``, an XML property list).

Of the form, two tables are read: the export of the Play Console (columns *Question ID (machine readable)*, *Response ID
(machine readable)*, *Response value*), and a human-readable table with a column for the data type and, optionally,
*Collected*, *Shared* and *Purpose*.
"""

import plistlib
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from xml.parsers.expat import ExpatError

from monitor.base.errors import InputError
from monitor.base.yamlfile import own_table
from monitor.content.html_text import read_document
from monitor.content.sdk_table import Blocks, cells_of, csv_table, pattern

_FILE, _MANIFEST = (Path(__file__).resolve().parent / name for name in ("data_safety.yaml", "privacy_manifest.yaml"))
_YES: Final = frozenset({"true", "yes", "y", "1", "✓", "✔", "✅", "x", "是"})
_USAGE: Final = "PSL_DATA_USAGE_RESPONSES"
_GIVEN: Final = re.compile(
    "(?P<shared>.*COLLECTION_AND_SHARING:.*SHARED.*)|(?P<required>.*USER_CONTROL:.*REQUIRED)|(?P<purpose>.*PURPOSE:.*)"
)
_RISK: Final = "Fraud prevention, security, and compliance"


def _blocks(types: dict[str, set[str]], shared: set[str], required: set[str], unknown: list[str]) -> Blocks:
    """Entries by our IDs, from the form's types with their purposes; several of them can map to one ID. What is shared,
    but with nobody named, is left to the reader."""
    found: dict[str, dict[str, Any]] = {}
    given: dict[str, None] = {}
    for name, purposes in types.items():
        for data_type in own_table(_FILE)["types"][name]["ids"]:
            entry = found.setdefault(data_type, {"data_type": data_type, "purpose": set(), "necessary": False})
            entry["purpose"] |= purposes
            entry["necessary"] |= name in required
            given |= {data_type: None} if name in shared else {}
    for entry in found.values():
        entry["risk_control"] = entry["purpose"] - {""} == {_RISK}
        entry["purpose"] = ", ".join(sorted(filter(None, entry["purpose"])))
    collection = [{key: value for key, value in entry.items() if value} for entry in found.values()]
    return Blocks(collection, [], [], [*unknown[:50], *(f"shared: {name}" for name in given)])


def read_safety(text: str) -> Blocks:
    """The form's statement. Raises ``InputError`` if the text is neither of the two tables."""
    rows = [row for row in csv_table(text, ",") if row]
    if rows and rows[0][0].casefold().startswith("question id"):
        return _export(rows[1:])
    names = {what: pattern(words) for what, words in own_table(_FILE)["columns"].items()}
    for table in [rows, *read_document(text).tables]:
        cells = [cells for cells, _, _ in cells_of([table], names) if "type" in cells]
        if cells:
            return _named(cells)
    raise InputError(
        "not a Data safety table",
        hint="the Play Console's export, or a table with Data type, Collected, Shared, Purpose",
    )


def _yes(value: str) -> bool:
    words = value.casefold().split()
    return bool(words) and (words[0].strip(".,;:()") in _YES or words[-1] in ("yes", "是"))


def _export(rows: list[list[str]]) -> Blocks:
    known, purposes = own_table(_FILE)["types"], own_table(_FILE)["purposes"]
    stated = [(question, response) for question, response, value, *_ in ([*row, "", ""] for row in rows) if _yes(value)]
    listed = [response for question, response in stated if question.startswith("PSL_DATA_TYPES_")]
    found: dict[str, defaultdict[str, set[str]]] = {what: defaultdict(set) for what in _GIVEN.groupindex}
    for question, response in stated:
        usage, name, what, *_ = (*question.split(":"), "", "")
        given = _GIVEN.fullmatch(f"{what}:{response}") if usage == _USAGE else None
        if given and given.lastgroup:
            found[given.lastgroup][name].add(purposes.get(response, ""))
    types = {name: found["purpose"][name] for name in listed if name in known}
    unknown = [name for name in listed if name not in known]
    return _blocks(types, set(found["shared"]), set(found["required"]), unknown)


def _named(rows: list[dict[str, str]]) -> Blocks:
    types: defaultdict[str, set[str]] = defaultdict(set)
    shared: set[str] = set()
    unknown: list[str] = []
    names = {alias: name for name, entry in own_table(_FILE)["types"].items() for alias in entry["names"]}
    for cells in rows:
        name = names.get(cells["type"].casefold().strip(" *_`"))
        given = _yes(cells.get("shared", ""))
        if not given and not _yes(cells.get("collected", "yes")):
            continue
        if name is not None:
            types[name].add(cells.get("purpose", ""))
            shared |= {name} if given else set()
        elif cells["type"]:
            unknown.append(cells["type"][:100])
    return _blocks(types, shared, set(), unknown)


_TYPE: Final = "NSPrivacyCollectedDataType"
_LIST: Final = "NSPrivacyCollectedDataTypes"
_DOMAINS: Final = "NSPrivacyTrackingDomains"
_PURPOSES: Final = "NSPrivacyCollectedDataTypePurposes"
_PURPOSE: Final = "NSPrivacyCollectedDataTypePurpose"
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\Z")
_MAX: Final = 200
#: What a hostile property list makes its reader raise.
_FAULTS: Final = (
    plistlib.InvalidFileException, ExpatError, ValueError, LookupError, TypeError, AttributeError, RecursionError
)  # fmt: skip


def looks_manifest(text: str) -> bool:
    """Whether the text is such a file."""
    return "<plist" in text[:2_000] and "NSPrivacy" in text


def read_manifest(text: str, name: str) -> Blocks:
    """What the manifest says about the library ``name``, which is the only entry of ``sdks``. Raises ``InputError``."""
    try:
        data = plistlib.loads(text.encode(), fmt=plistlib.FMT_XML)
    except _FAULTS as bad:
        raise InputError(f"not a property list: {type(bad).__name__}", hint="PrivacyInfo.xcprivacy as XML") from None
    if not isinstance(data, dict) or not ({_LIST, _DOMAINS} & set(data)):
        raise InputError(f"not a privacy manifest: neither {_LIST} nor {_DOMAINS}")
    table = own_table(_MANIFEST)
    purposes: dict[str, set[str]] = {}
    unknown: dict[str, None] = {}
    for item in _listed(data, _LIST):
        said = item if isinstance(item, dict) else {}
        short = str(said.get(_TYPE, "")).removeprefix(_TYPE)[:100]
        named = (table["purposes"].get(str(one).removeprefix(_PURPOSE)) for one in _listed(said, _PURPOSES))
        of = set(filter(None, named))
        for data_type in table["types"].get(short, ()):
            purposes.setdefault(data_type, set()).update(of)
        unknown |= {} if short in table["types"] else {short or "?": None}
    hosts = (host for one in _listed(data, _DOMAINS) if _HOST.match(host := str(one).lower().strip()))
    sdk = {
        "name": name, "data_types": list(purposes), "purposes": sorted(set().union(*purposes.values())),
        "hosts": list(dict.fromkeys(hosts)),
    }  # fmt: skip
    collection = [
        {"data_type": data_type, "purpose": ", ".join(sorted(of)), "method": f"SDK: {name}"}
        for data_type, of in purposes.items()
    ]
    return Blocks(collection, [{key: value for key, value in sdk.items() if value}], [], list(unknown))


def _listed(data: Mapping[str, Any], key: str) -> list[Any]:
    found = data.get(key, [])
    return found[:_MAX] if isinstance(found, list) else []
