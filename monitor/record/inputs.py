"""The inputs of a run, read and checked before anything is started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from monitor.analysis.rules.load import Rule, load_rules, rule_files
from monitor.assess.kept import organisations
from monitor.catalogue import Row, load_catalogue, named_rows
from monitor.declaration import Declaration, load_declaration, none
from monitor.device.standin import options_of
from monitor.errors import InputError
from monitor.events import Consent, Policy
from monitor.evidence.keys import Signer
from monitor.importing.captures import load_identifiers
from monitor.laboratory import record_file
from monitor.observe import RawValue
from monitor.output import free
from monitor.paths import bundled
from monitor.record.carried import carried
from monitor.record.unpinning import check_level, rows_at
from monitor.scenario.marks import Marks
from monitor.scenario.model import Scenario, load_scenario
from monitor.tables import Organisation, Sdk, load_sdks

RUNTIMES: Final = ("jvm", "art")


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
    rules: tuple[Path, ...] = ()
    """The user's own rule files and directories; one with the ID of a bundled rule replaces it."""
    lang: str = "en"
    proxy_mode: str = ""
    """sinkhole, normal or none; empty = sinkhole on the stand-in, else normal."""
    unpin: str = "ca"
    """none, ca or hooks: the level of TLS interception (``monitor.record.unpinning``)."""
    hooks: tuple[Path, ...] = ()
    named: tuple[str, ...] = ()
    """Single members to hook besides, as ``class.method``."""
    no_hooks: bool = False
    """Record without Frida: only what the log, the screen and the proxy show."""
    frida_port: int = 27042
    """Port of the device on which its Frida endpoint listens."""
    key: Path | None = None
    allow: tuple[str, ...] = ()
    """Hosts on this machine or its network that may be reached."""
    timestamp: str = ""
    """URL of a time-stamp authority (RFC 3161); empty = no time-stamp."""
    runtime: str = "jvm"
    """Runtime of apps on the stand-in: one of `RUNTIMES`."""
    state: Path | None = None
    """State file of the stand-in: its identifiers, contacts, position …"""
    standin: str = ""
    """Kind of device that the stand-in acts as, and its API level: ``user``, ``vendor@34`` …; empty = its default."""
    uncontained: bool = False
    """Let the stand-in's app run with this user's rights where nothing keeps it in; otherwise that is refused."""
    identifiers: Path | None = None
    """Values planted on the device by other means, searched for in traffic from the start."""
    recipients: tuple[Path, ...] = ()
    """Lists of recipients that the user supplies (``monitor.tables_user``)."""
    record: Path | None = None
    """What an official record of extraction needs and no session knows: a YAML file of ``monitor.session.Record``."""
    words: Path | None = None
    """Additional words for reading dialogs."""
    marks: Marks | None = None
    """What a person marks in a session by hand."""
    carry: Path | None = None
    """Bundle of an earlier session of the same app, whose consent is carried over to the head of this one."""

    @property
    def mode(self) -> str:
        """sinkhole, normal or none: what the proxy does."""
        return self.proxy_mode or ("normal" if self.device else "sinkhole")


class Inputs(NamedTuple):
    """The parsed inputs."""

    scenario: Scenario
    declaration: Declaration
    declaration_path: Path | None
    rows: list[Row]
    rules: list[Rule]
    organisations: dict[str, Organisation]
    sdks: dict[str, Sdk]
    identifiers: list[RawValue] = []
    """Values planted by other means."""
    carried: list[Consent | Policy] = []
    """Decisions and texts of the policy from an earlier session."""


def read_inputs(options: Options) -> Inputs:
    """All inputs of a run. Raises ``InputError`` for the first error."""
    check_level(options.unpin, options.proxy_mode)
    scenario = load_scenario(options.scenario)
    if options.state and not options.state.is_file():
        raise InputError("no such file", where=str(options.state), hint="a YAML or JSON file for --state")
    options_of(options.standin)  # refused here, before anything is started
    record_file(options.record)
    path = options.declaration or declaration_of(scenario, options.app)
    return Inputs(
        scenario,
        load_declaration(path) if path else none(),
        path,
        rows_at(options.unpin, _rows(options)),
        load_rules(options.packs, options.profile, extra=rule_files(options.rules)),
        organisations(options.recipients),
        load_sdks(),
        load_identifiers(options.identifiers) if options.identifiers else [],
        carried(options.carry, "" if options.app else scenario.app_id) if options.carry else [],
    )


def _rows(options: Options) -> list[Row]:
    rows = load_catalogue(options.hooks)
    return [*rows, *named_rows(options.named, rows)]


def precheck(options: Options) -> Scenario:
    """What the user named, read before any program is begun; the tables, which take longer, are read beside that.
    Raises ``InputError`` for the first error."""
    check_level(options.unpin, options.proxy_mode)
    scenario = load_scenario(options.scenario)
    options_of(options.standin)
    if options.state and not options.state.is_file():
        raise InputError("no such file", where=str(options.state), hint="a YAML or JSON file for --state")
    record_file(options.record)
    if path := options.declaration or declaration_of(scenario, options.app):
        load_declaration(path)
    if options.key:
        Signer.load(options.key)
    free(options.out)
    tables = options.packs, options.hooks, options.rules, options.recipients, options.identifiers, options.carry
    if any(tables) or options.named or options.profile != "guide":
        read_inputs(options)
    return scenario


def declaration_of(scenario: Scenario, app: str) -> Path | None:
    """The declaration supplied with a bundled app, or the one that the scenario names for its app."""
    if not app and scenario.declaration_path:
        return scenario.declaration_path
    name = app or scenario.app
    own = bundled("scenarios") / "declarations" / f"{name}.yaml"
    return own if name and "/" not in name and own.is_file() else None
