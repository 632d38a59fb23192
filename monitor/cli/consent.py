"""``monitor consent list|label``: dialogs that could not be read, and how a person reads them afterwards."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from monitor.assess import stored
from monitor.assess.evaluate import reanalyse
from monitor.assess.labels import DECISIONS, Entry, entry, read_labels
from monitor.assess.opened import Opened
from monitor.base.errors import InputError, printable
from monitor.cli._common import (
    AsJson,
    BundlePath,
    Force,
    Lang,
    ResultsKey,
    named_keys,
    print_json_lines,
    whole_bundle,
)
from monitor.cli._show import show_added, show_assessment, show_written
from monitor.cli._tables import show
from monitor.cli.bundles import named
from monitor.events import Tap
from monitor.evidence.checked import CheckedLog
from monitor.text import t


def list_(
    bundle: BundlePath, as_json: AsJson = False, results_key: ResultsKey = None, force: Force = False, lang: Lang = ""
) -> None:
    """List the answered dialogs that could not be read. With what would settle each, and the labels given."""
    status = whole_bundle(bundle, lang, force, keys=results_key)
    lines = stored.coverage(bundle, status.log)
    open_ = [{"kind": "unread", **line.detail} for line in lines if line.id == "unread_dialog"]
    said = [{"kind": "label", **msgspec.to_builtins(one)} for one in read_labels(bundle)]
    if as_json:
        print_json_lines([*open_, *said], status)
        return
    if not open_ and not said:
        print(t("cli.consent.none", lang))
        return
    if open_:
        columns = (t(f"cli.consent.column.{name}", lang) for name in ("tap", "at", "window", "control"))
        show(columns, ((one["tap"], one["at"], one["says"], one["control"]) for one in open_), 120)
        print(t("cli.consent.settle", lang))
        for one in open_:
            print(f"  {printable(one['settle'], 300)}")
            what = f"  monitor consent label {bundle} {one['tap']} --scope {printable(one.get('scope', 'policy'), 60)}"
            print(f"{what} --decision accept --by NAME")
            print(f"{what} --decision none --by NAME")
    for one in said:
        print(printable(t("cli.consent.labelled", lang, **{k: str(v) for k, v in one.items()}), 300))


def label(
    bundle: BundlePath,
    tap: Annotated[int, typer.Argument(metavar="TAP", help="Number of the tap, as monitor consent list shows it.")],
    decision: Annotated[str, typer.Option("--decision", help=f"What it decided: {', '.join(DECISIONS)}.")],
    by: Annotated[str, typer.Option("--by", help="Name of the person who states this; it is recorded.")],
    scope: Annotated[
        str,
        typer.Option("--scope", help="What it was about: policy, sensitive:location, share:NAME …, as in a scenario."),
    ] = "policy",
    key: Annotated[Path | None, typer.Option("--key", help="Ed25519 private key (PEM) to attest with.")] = None,
    results_key: ResultsKey = None,
    lang: Lang = "",
) -> None:
    """State what a dialog decided. Recorded with name and time, and attested; the rules are then re-run."""
    log = whole_bundle(bundle, lang, keys=results_key).log
    said = _checked(bundle, log, entry(tap, scope, decision, by, datetime.now(UTC).isoformat(timespec="seconds")))
    again = reanalyse(
        bundle, lang=lang, key=key, labels=(said,), results_keys=named_keys(results_key), log=log,
        on_added=lambda added: show_added(added, lang),
    )  # fmt: skip
    show_assessment(again.assessment, lang, named(bundle, lang))
    show_written(again.written, bundle, lang, own=key is not None)


def _checked(bundle: Path, log: CheckedLog | None, said: Entry) -> Entry:
    """The label, if there is such a tap."""
    with Opened(bundle, log=log) as opened:
        if any(isinstance(event, Tap) and event.seq == said.tap for event in opened.events()):
            return said
    raise InputError(f"no tap has this number: {said.tap}", where=str(bundle), hint="monitor consent list BUNDLE")


COMMANDS: Final = {"consent": {"list": list_, "label": label}}
