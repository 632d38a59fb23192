"""The session manifest: what was used, on which device, with which digests."""

import msgspec

from monitor.analysis.coverage.reference import Reference
from monitor.analysis.rules.load import rule_files
from monitor.apk.contents import Contents
from monitor.assess.kept import KEPT_CONTENTS, keep_recipients
from monitor.assess.tables import keep_tables
from monitor.base.errors import InputError
from monitor.evidence.bundle import Bundle
from monitor.evidence.seal import WORDS
from monitor.knowledge.wordlists import checked_words
from monitor.record.inputs import Inputs
from monitor.session.declaration import load_declaration
from monitor.session.laboratory import record_file
from monitor.session.manifest import Session, tool_versions
from monitor.session.options import Options


def keep_contents(bundle: Bundle, found: Contents) -> list[Reference]:
    """Keep what the app's file holds for later analyses; returns what its code names."""
    bundle.add_input(KEPT_CONTENTS, msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    return found.references


def complete(session: Session, inputs: Inputs, options: Options, bundle: Bundle) -> None:
    """Put the exact inputs into the bundle and their digests into the manifest."""
    session.versions = tool_versions()
    session.scenario = inputs.scenario.name
    text, public = inputs.scenario.text.encode(), inputs.scenario.public()
    name = bundle.blob(text, private=True)
    session.scenario_sha256 = name if public == text else bundle.vault.cover(name)
    bundle.add_input("scenario.yaml", public)
    if inputs.declaration_path:
        session.declaration_sha256 = bundle.add_input("declaration.yaml", inputs.declaration_path.read_bytes())
        if load_declaration(bundle.path / "data/inputs/declaration.yaml") != inputs.declaration:
            raise InputError(
                "it was changed while it was read", where=str(inputs.declaration_path), hint="run it again"
            )
    if options.consent_words:
        bundle.add_input(WORDS, checked_words(options.consent_words))
    keep_recipients(bundle, inputs.organisations, options.recipients)
    session.digests = keep_tables(bundle, inputs.rows, rule_files(options.rules))
    session.record = record_file(options.record)
