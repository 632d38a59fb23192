"""The inputs of a run, read and checked before anything is started."""

from pathlib import Path
from typing import NamedTuple

from monitor.analysis.rules.load import Rule, load_rules, rule_files
from monitor.assess.kept import organisations
from monitor.base.errors import InputError
from monitor.base.output import free
from monitor.base.paths import bundled, package_data
from monitor.device.parse.manifest import manifest
from monitor.device.standin import options_of
from monitor.events import Consent, Policy
from monitor.evidence.keys import Signer
from monitor.importing.captures import load_identifiers
from monitor.knowledge.catalogue import Row, load_catalogue, named_rows
from monitor.knowledge.tables import Organisation, Sdk, load_sdks
from monitor.record.carried import carried
from monitor.record.unpinning import rows_at
from monitor.scenario.model import Scenario, load_scenario
from monitor.session.declaration import Declaration, load_declaration, none
from monitor.session.laboratory import record_file
from monitor.session.observe import RawValue
from monitor.session.options import Options


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
    scenario, path = _named(options)
    return Inputs(
        scenario,
        load_declaration(path) if path else none(),
        path,
        rows_at(options.unpin, _rows(options)),
        load_rules(options.pack, options.profile, extra=rule_files(options.rules)),
        organisations(options.recipients),
        load_sdks(),
        load_identifiers(options.identifiers) if options.identifiers else [],
        carried(options.carry, "" if options.app else scenario.app_id) if options.carry else [],
    )


def _named(options: Options) -> tuple[Scenario, Path | None]:
    """The scenario and the place of the declaration, with the device and the record found to be usable."""
    scenario, target = load_scenario(options.scenario), options.target
    if target.state and not target.state.is_file():
        raise InputError("no such file", where=str(target.state), hint="a YAML or JSON file with a stand-in's state")
    known = {file.stem for file in (*package_data("rules").glob("*.yaml"), *rule_files(options.rules))}
    if unknown := [rule for rule in scenario.expects() if rule not in known]:
        raise InputError(
            f"expect names no known rule: {unknown[0]}", where=str(scenario.path), hint="monitor rules list"
        )
    options_of(target)  # refused here, before anything is started
    record_file(options.record)
    return scenario, options.declaration or declaration_of(scenario, options.app)


def _rows(options: Options) -> list[Row]:
    rows = load_catalogue(options.catalogues)
    return [*rows, *named_rows(options.hook, rows)]


def precheck(options: Options) -> Scenario:
    """What the user named, read before any program is begun; the tables, which take longer, are read beside that.
    Raises ``InputError`` for the first error."""
    scenario, path = _named(options)
    if path:
        load_declaration(path)
    if options.key:
        Signer.load(options.key)
    free(options.out)
    tables = options.pack, options.catalogues, options.rules, options.recipients, options.identifiers, options.carry
    if any(tables) or options.hook or options.profile != "guide":
        read_inputs(options)
    return scenario


def declaration_of(scenario: Scenario, app: str) -> Path | None:
    """The one that the scenario names for its app, if that is the app; or the declaration supplied with a bundled
    app."""
    if scenario.declaration_path and (not app or _package(app) == scenario.app_id):
        return scenario.declaration_path
    name = app or scenario.header.app
    own = bundled("scenarios") / "declarations" / f"{name}.yaml"
    return own if name and "/" not in name and own.is_file() else None


def unused_declaration(options: Options) -> str:
    """The declaration that the scenario names, where it is not used: for all that is known the app is another one."""
    if options.declaration or not options.app:
        return ""
    scenario = load_scenario(options.scenario)
    named = scenario.header.declaration
    return named if named and declaration_of(scenario, options.app) != scenario.declaration_path else ""


def _package(app: str) -> str:
    """Of an APK or a package on the device; empty for a bundled app and for a file that tells none (several APKs)."""
    return manifest(Path(app)).package if Path(app).is_file() else app if "." in app and "/" not in app else ""
