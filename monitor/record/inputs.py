"""The inputs of a run, read and checked before anything is started."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from monitor.analysis.consent.tracker import ConsentTracker, read_consent
from monitor.analysis.rules.context import CARRIED
from monitor.analysis.rules.load import Rule, load_rules, rule_files
from monitor.analysis.rules.model import HISTORY
from monitor.assess.opened import Opened
from monitor.assess.tables import organisations
from monitor.base import output, paths
from monitor.base.errors import InputError, printable
from monitor.device.parse.manifest import manifest
from monitor.device.standin import options_of
from monitor.events import KINDS, Consent, Event, Policy
from monitor.evidence.attested import results_of
from monitor.evidence.keys import Signer
from monitor.evidence.verify import verify
from monitor.importing.captures import load_identifiers
from monitor.knowledge.catalogue import Row, load_catalogue, named_rows
from monitor.knowledge.tables import Organisation, Sdk, load_sdks
from monitor.scenario.model import Scenario, load_scenario
from monitor.session import laboratory, observe
from monitor.session.declaration import Declaration, load_declaration
from monitor.session.options import Options

#: The family of rows that change the app, by bypassing its certificate checks.
FAMILY: Final = "unpinning"
#: What consent is read from.
_HISTORY: Final = frozenset(KINDS[kind] for kind in HISTORY)
_DECIDED: Final = frozenset({"granted", "denied", "withdrawn"})


class Inputs(NamedTuple):
    """The parsed inputs."""

    scenario: Scenario
    declaration: Declaration
    declaration_path: Path | None
    rows: list[Row]
    rules: list[Rule]
    organisations: dict[str, Organisation]
    sdks: dict[str, Sdk]
    identifiers: list[observe.RawValue] = []
    """Values planted by other means."""
    carried: list[Consent | Policy] = []
    """Decisions and texts of the policy from an earlier session."""


def read_inputs(options: Options) -> Inputs:
    """All inputs of a run. Raises ``InputError`` for the first error."""
    scenario, path = _named(options)
    rows = load_catalogue(options.catalogues)
    return Inputs(
        scenario,
        load_declaration(path) if path else Declaration(),
        path,
        rows_at(options.unpin, [*rows, *named_rows(options.hook, rows)]),
        load_rules(options.pack, options.profile, extra=rule_files(options.rules)),
        organisations(options.recipients),
        load_sdks(),
        load_identifiers(options.identifiers) if options.identifiers else [],
        carried(options.carry, "" if options.app else scenario.header.appId) if options.carry else [],
    )


def rows_at(level: str, rows: list[Row]) -> list[Row]:
    """The catalogue at a level of TLS interception: rows that change the app are active only at ``hooks``."""
    active = {"enabled": True, "reason": ""}
    return [row.model_copy(update=active) if level == "hooks" and row.family == FAMILY else row for row in rows]


def _named(options: Options) -> tuple[Scenario, Path | None]:
    """The scenario and the place of the declaration, with the device and the record found to be usable."""
    scenario, target = load_scenario(options.scenario), options.target
    if target.state and not target.state.is_file():
        raise InputError("no such file", where=str(target.state), hint="a YAML or JSON file with a stand-in's state")
    known = {file.stem for file in (*paths.package_data("rules").glob("*.yaml"), *rule_files(options.rules))}
    if unknown := [rule for rule in scenario.expects() if rule not in known]:
        raise InputError(
            f"expect names no known rule: {unknown[0]}", where=str(scenario.path), hint="monitor rules list"
        )
    options_of(target)  # refused here, before anything is started
    laboratory.record_file(options.record)
    return scenario, options.declaration or declaration_of(scenario, options.app)


def precheck(options: Options) -> Scenario:
    """What the user named, read before any program is begun; the tables, which take longer, are read beside that.
    Raises ``InputError`` for the first error."""
    scenario, path = _named(options)
    if path:
        load_declaration(path)
    if options.key:
        Signer.load(options.key)
    output.free(options.out)
    tables = options.pack, options.catalogues, options.rules, options.recipients, options.identifiers, options.carry
    if any(tables) or options.hook or options.profile != "guide":
        read_inputs(options)
    return scenario


def declaration_of(scenario: Scenario, app: str) -> Path | None:
    """The one that the scenario names for its app, if that is the app; or the declaration supplied with a bundled
    app."""
    if scenario.declaration_path and (not app or _package(app) == scenario.header.appId):
        return scenario.declaration_path
    name = app or scenario.header.app
    own = paths.bundled("scenarios") / "declarations" / f"{name}.yaml"
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


def carried(path: Path, wanted: str = "") -> list[Consent | Policy]:
    """The decisions in force at the end of an earlier session of the same app, for rules over days (48 hours), and the
    texts of its policy, by time. The decision on the policy says which types of data were declared at the time.

    The earlier bundle is verified first. Its last states become ``consent`` events at the head of the new log, each
    with the root of the earlier log and its source event: a chained record that later analyses read again.

    ``wanted``: the required package. An erased state (data cleared, reinstalled) is not carried over, nor is a mere
    request. Raises ``InputError``, ``EvidenceDamaged``.
    """
    root, app, own, tracker, declared = _earlier(path, wanted)
    texts = {event.url: event for event in own if isinstance(event, Policy) and event.sha256}
    found: list[Consent | Policy] = [
        msgspec.structs.replace(event, seq=0, src=CARRIED, app=app, examined=False, taps=0, soft_404=False, error="")
        for event in texts.values()
    ]
    again = {event.seq: event.detail for event in own if isinstance(event, Consent) and event.via == CARRIED}
    lasts = {scope: line.marks[-1] for scope, line in tracker.lines.scopes.items() if line.marks}
    for scope, last in lasts.items():
        if last.state not in _DECIDED or not last.clear:
            continue
        source = [*last.events, last.seq][0]
        detail = {"from": root, "seq": str(source)}
        if scope == "policy" and (agreed_to := again.get(source, {"declared": declared}).get("declared")):
            detail["declared"] = agreed_to
        fields: dict[str, Any] = {"src": CARRIED, "via": CARRIED, "app": app, "state": last.state, "detail": detail}
        found.append(Consent(t=last.t, err=last.err, scope=scope, **fields))
    return sorted(found, key=lambda event: (event.t, getattr(event, "scope", "")))


def _earlier(path: Path, wanted: str) -> tuple[str, str, list[Event], ConsentTracker, str]:
    """Of a bundle: the root of its log, its app, the app's events that consent is read from, what was decided by them,
    and the types of data declared then."""
    if not path.is_dir():
        raise InputError("no such bundle", where=str(path), hint="give the directory that monitor run created")
    verified = verify(path, results_keys=None)  # what was recorded, whoever drew conclusions from it
    own_results = results_of(path).whose == "recorder"  # words that another added do not decide what was agreed to
    log = verified.log
    assert log is not None
    with Opened(path, additions=own_results, log=log) as opened:
        app = opened.session.app.package
        if wanted and app != wanted:
            why = f"a session of a different app: {printable(app, 100)}"
            raise InputError(why, where=str(path), hint=f"not {wanted}")
        declared = "" if opened.declaration.collection is None else ",".join(sorted(opened.declaration.entries))
        organisations = opened.organisations.values()
        names = {name: org.id for org in organisations for name in (org.name, org.name_zh) if name}
        own = [event for event in log.events() if type(event) in _HISTORY and event.app in ("", app)]
        tracker = read_consent(sorted(own, key=lambda event: (event.t, event.seq)), names)
    return verified.root, app, own, tracker, declared
