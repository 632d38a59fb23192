"""What a bundle keeps of a recording's values and user lists, for later assessments."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from pydantic import TypeAdapter, ValidationError

from monitor.analysis.coverage.reference import Reference
from monitor.base.errors import EvidenceDamaged
from monitor.events import ValueRef
from monitor.evidence.bundle import Bundle
from monitor.evidence.verify import CheckedLog, kept
from monitor.knowledge.tables import Organisation, load_organisations
from monitor.knowledge.tables_user import MAX_BYTES, UserList, load_user_list, merged


def keep_identifiers(bundle: Bundle, refs: Sequence[ValueRef]) -> None:
    """Commitments of the values searched for, so that their disclosures can be checked against the bundle."""
    if refs:
        shown = [msgspec.to_builtins(ref) for ref in refs]
        bundle.add_input("identifiers.json", json.dumps(shown, indent=1).encode() + b"\n")


KEPT_RECIPIENTS = "recipients.json"
KEPT_CONTENTS = "app.json"
_MAX_CONTENTS = 64_000_000


class _Contents(msgspec.Struct):
    references: list[Reference] = []


def kept_references(bundle: Path, log: CheckedLog | None = None) -> list[Reference]:
    """What the code of the app names, as its file was read for the recording; empty without one. Raises
    ``EvidenceDamaged``."""
    file = bundle / "data" / "inputs" / KEPT_CONTENTS
    if (data := kept(bundle, f"data/inputs/{KEPT_CONTENTS}", log, _MAX_CONTENTS)) is None:
        return []
    try:
        return msgspec.json.decode(data, type=_Contents).references
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise EvidenceDamaged("not what an app's file holds", where=str(file)) from None


def organisations(lists: Iterable[Path] = ()) -> dict[str, Organisation]:
    """Our organisations, followed by those of the user's lists. Raises ``InputError``."""
    return merged(load_organisations(), [load_user_list(path) for path in lists])


def keep_recipients(bundle: Bundle, table: Mapping[str, Organisation], lists: Sequence[Path]) -> None:
    """Put what the user's lists added into the bundle, for later analyses."""
    if lists:
        added = [item.model_dump() for name, item in sorted(table.items()) if name.startswith("user_")]
        bundle.add_input(KEPT_RECIPIENTS, json.dumps(added, ensure_ascii=False, indent=0).encode() + b"\n")


def with_lists(
    table: Mapping[str, Organisation], bundle: Path, lists: Iterable[Path] = (), log: CheckedLog | None = None
) -> dict[str, Organisation]:
    """A table followed by the recording's user lists, and further lists after those.

    Raises ``InputError`` or ``EvidenceDamaged``.
    """
    file = bundle / "data" / "inputs" / KEPT_RECIPIENTS
    own: list[UserList] = []
    if (data := kept(bundle, f"data/inputs/{KEPT_RECIPIENTS}", log, MAX_BYTES)) is not None:
        try:
            items = TypeAdapter(list[Organisation]).validate_json(data)
        except ValidationError:
            raise EvidenceDamaged("not a list of recipients", where=str(file)) from None
        own.append(UserList({item.id: item for item in items}, 0))
    return merged(table, [*own, *(load_user_list(path) for path in lists)])
