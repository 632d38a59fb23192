"""What a run depends on, read and checked before anything is started."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from pydantic import TypeAdapter, ValidationError

from monitor.analysis.rules import Rule, load_rules
from monitor.catalogue import Row, load_catalogue
from monitor.declaration import Declaration, load_declaration, none
from monitor.errors import EvidenceDamaged, InputError
from monitor.events import Consent, ValueRef
from monitor.evidence.bundle import Bundle
from monitor.importer import load_identifiers
from monitor.observe import RawValue
from monitor.paths import bundled, package_data
from monitor.record.carried import carried
from monitor.record.unpinning import check_level, rows_at
from monitor.scenario.model import Scenario, load_scenario
from monitor.tables import Organisation, Sdk, load_organisations, load_sdks
from monitor.tables_user import UserList, load_user_list, merged


@dataclass(frozen=True)
class Options:
    """What the user asked for. ``out`` must be new or empty; ``device`` empty = the stand-in."""

    scenario: str
    out: Path
    app: str = ""
    device: str = ""
    declaration: Path | None = None
    packs: tuple[str, ...] = ()
    profile: str = "guide"
    lang: str = "en"
    proxy_mode: str = ""
    """sinkhole, normal or none; empty = sinkhole on the stand-in, else normal."""
    unpin: str = "ca"
    """none, ca or hooks: how far to go to read TLS (``monitor.record.unpinning``)."""
    hooks: tuple[Path, ...] = ()
    key: Path | None = None
    state: Path | None = None
    """State file of the stand-in: its identifiers, contacts, position …"""
    identifiers: Path | None = None
    """Values planted on the device by other means, to be looked for in traffic from the start."""
    recipients: tuple[Path, ...] = ()
    """Lists of recipients that the user supplies (``monitor.tables_user``)."""
    record: dict[str, Any] = field(default_factory=dict)
    carry: Path | None = None
    """Bundle of an earlier session of the same app whose consent stands at the head of this one."""


class Inputs(NamedTuple):
    """The parsed inputs, and the digests of every data file that was used (group to file to SHA-256)."""

    scenario: Scenario
    declaration: Declaration
    declaration_path: Path | None
    rows: list[Row]
    rules: list[Rule]
    organisations: dict[str, Organisation]
    sdks: dict[str, Sdk]
    digests: dict[str, dict[str, str]]
    identifiers: list[RawValue] = []
    """Values planted by other means."""
    carried: list[Consent] = []
    """Consent carried over from an earlier session."""


def read_inputs(options: Options) -> Inputs:
    """Everything a run depends on. Raises ``InputError`` for the first fault."""
    check_level(options.unpin, options.proxy_mode)
    scenario = load_scenario(options.scenario)
    if options.state and not options.state.is_file():
        raise InputError("no such file", where=str(options.state), hint="a YAML or JSON file for --state")
    path = options.declaration or declaration_of(scenario, options.app)
    return Inputs(
        scenario,
        load_declaration(path) if path else none(),
        path,
        rows_at(options.unpin, load_catalogue(options.hooks)),
        load_rules(options.packs, options.profile),
        organisations(options.recipients),
        load_sdks(),
        digests(options.hooks, options.recipients),
        load_identifiers(options.identifiers) if options.identifiers else [],
        carried(options.carry, "" if options.app else scenario.app_id) if options.carry else [],
    )


def keep_identifiers(bundle: Bundle, refs: Sequence[ValueRef]) -> None:
    """Commitments of the values that were looked for, so that their disclosures can be checked against the bundle."""
    if refs:
        shown = [msgspec.to_builtins(ref) for ref in refs]
        bundle.add_input("identifiers.json", json.dumps(shown, indent=1).encode() + b"\n")


KEPT_RECIPIENTS = "recipients.json"


def organisations(lists: Iterable[Path] = ()) -> dict[str, Organisation]:
    """Our organisations, with those of the user's lists behind them. Raises ``InputError``."""
    return merged(load_organisations(), [load_user_list(path) for path in lists])


def keep_recipients(bundle: Bundle, table: Mapping[str, Organisation], lists: Sequence[Path]) -> None:
    """Put what the user's lists added into the bundle, so that a later analysis knows it too."""
    if lists:
        added = [item.model_dump() for name, item in sorted(table.items()) if name.startswith("user_")]
        bundle.add_input(KEPT_RECIPIENTS, json.dumps(added, ensure_ascii=False, indent=0).encode() + b"\n")


def kept_organisations(bundle: Path, lists: Iterable[Path] = ()) -> dict[str, Organisation]:
    """The table that a recording used, with further lists behind it. Raises ``InputError`` or ``EvidenceDamaged``."""
    file = bundle / "data" / "inputs" / KEPT_RECIPIENTS
    kept: list[UserList] = []
    if file.is_file():
        try:
            items = TypeAdapter(list[Organisation]).validate_json(file.read_bytes())
        except ValidationError:
            raise EvidenceDamaged("not a list of recipients", where=str(file)) from None
        kept.append(UserList({item.id: item for item in items}, 0))
    return merged(load_organisations(), [*kept, *(load_user_list(path) for path in lists)])


def declaration_of(scenario: Scenario, app: str) -> Path | None:
    """The declaration that comes with a bundled app, or the one that the scenario names for its own app."""
    if not app and scenario.declaration_path:
        return scenario.declaration_path
    name = app or scenario.app
    own = bundled("scenarios") / "declarations" / f"{name}.yaml"
    return own if name and "/" not in name and own.is_file() else None


def digests(hooks: Iterable[Path] = (), recipients: Iterable[Path] = ()) -> dict[str, dict[str, str]]:
    """SHA-256 of every catalogue, rule, organisation and SDK file."""
    groups = {
        "catalogue": [*(bundled("hooks") / "catalogue").glob("*.yaml"), *hooks],
        "rules": package_data("rules").glob("*.yaml"),
        "recipients": [*package_data("recipients").glob("*.yaml"), *recipients],
        "sdks": package_data("sdks").glob("*.yaml"),
    }
    return {
        group: {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}
        for group, paths in groups.items()
    }
