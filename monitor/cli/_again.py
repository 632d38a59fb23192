"""``monitor archive analyse``: what other rules would find in all bundles of an archive."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from monitor.base.errors import InputError, printable
from monitor.cli._common import AsJson, Lang, StoreArgument, print_json_lines, scale_parts
from monitor.cli._tables import show
from monitor.text import label, t


def analyse(
    archive: StoreArgument,
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", help="Your own rules: a file or a directory. May be repeated.")
    ] = None,
    current: Annotated[bool, typer.Option("--current", help="With this version's rules and tables.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes of this machine.")] = 1,
    as_json: AsJson = False,
    lang: Lang = "",
) -> None:
    """Assess all bundles of an archive anew. Shows what changes by rule and app; nothing is overwritten."""
    with scale_parts():
        from monitor.archive.archive import Archive
        from monitor.fleet import cluster
        from monitor.fleet.again import analysed
    from monitor.analysis.rules.load import rule_files

    if not rules and not current:
        raise InputError("nothing to compare with", where="archive analyse", hint="--current or --rules DIR")
    own = {path.name: path.read_text("utf-8") for path in rule_files(tuple(rules or ()))}
    place = Archive(archive)
    counted: Counter[tuple[str, str]] = Counter()
    apps: dict[tuple[str, str], set[str]] = {}
    sessions, faults = 0, []
    with cluster.local(workers) as client:
        for lines in analysed(client, place, place.store.address, own, current=current):
            sessions += 1
            if as_json:
                print_json_lines(msgspec.to_builtins(line) for line in lines)
            for line in lines:
                if line.fault:
                    faults.append((line.session, line.fault))
                else:
                    counted[line.rule, line.what] += 1
                    apps.setdefault((line.rule, line.what), set()).add(line.app)
    if not as_json:
        rows = []
        for (rule, what), number in sorted(counted.items()):
            names = sorted(apps[rule, what])
            shown = f"{len(names)}: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}"
            rows.append((rule, label("change", what, lang), number, shown))
        if rows:
            show((t(f"cli.archive.column.{name}", lang) for name in ("rule", "change", "findings", "apps")), rows)
        for session, fault in faults:
            print(printable(f"{session[:16]}: {fault}", 500))
        print(t("cli.archive.analysed", lang, n=sessions, changes=sum(counted.values()), faults=len(faults)))
    if faults:
        raise typer.Exit(4)
