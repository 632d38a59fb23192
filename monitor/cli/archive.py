"""``monitor archive``: many bundles in one place, and what they show together."""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import typer

from monitor.base.errors import InputError, printable
from monitor.base.output import folder
from monitor.cli._common import Files, Words, existing_bundle, print_json_lines, trusted_keys
from monitor.cli._show import Row, list_rows, show, warn_tables
from monitor.cli._words import columns, current_lang, label, retold, t
from monitor.evidence.keys import key_id

if TYPE_CHECKING:
    from monitor.archive.archive import Archive
    from monitor.archive.sql import Answer
    from monitor.fleet.again import Line


def _opened(address: str, *, make: bool = False, migrating: bool = False) -> Archive:
    from monitor.archive.archive import Archive

    return Archive(address, make=make, migrating=migrating)


def add(
    archive: str,
    bundles: list[Path],
    *,
    key: Words = None,
    results_key: Words = None,
    category: str = "",
    sdk: Words = None,
    as_json: bool = False,
) -> None:
    """Verify bundles and add them to an archive.

    A bundle that is damaged, or sealed by another key than those named, is kept apart with the reason, and the exit
    code is 4. Nothing is overwritten; a session counts once.
    """
    from monitor.archive.facts import Context

    found = [existing_bundle(bundle) for bundle in bundles]
    keys = None if key is None else {key_id(one) for one in key}
    context = Context(category=category, sdks=tuple(_pairs(sdk, "--sdk").items()))
    place = _opened(archive, make=True)
    rejected = False
    for bundle in found:
        result = place.add(bundle, keys, context, results_keys=trusted_keys(results_key))
        rejected |= result.how == "rejected"
        if as_json:
            print_json_lines([{"bundle": str(bundle)} | result._asdict()])
        else:
            words = {"session": result.session[:16], "why": retold("said", result.why), "at": result.at}
            print(printable(t(f"cli.archive.{result.how}", bundle=bundle, **words), 600))
        if result.how in ("added", "replaced"):
            warn_tables(bundle, as_json=as_json)
    if keys is None and not as_json:
        print(t("cli.archive.untrusted"), file=sys.stderr)
    if rejected:
        raise typer.Exit(4)


def _pairs(values: Words, option: str) -> dict[str, str]:
    """Values of the form NAME=VALUE. Raises ``InputError``."""
    found = {}
    for one in values or ():
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise InputError(f"not NAME=VALUE: {printable(one, 60)}", where=option)
        found[name] = value
    return found


def query(
    archive: str,
    question: str = "",
    *,
    values: Words = None,
    sql: str = "",
    explain: bool = False,
    listed: bool = False,
    rows: int = 1000,
    seconds: int = 60,
    as_json: bool = False,
    as_csv: bool = False,
    fail_on_rows: bool = False,
    own_rules: bool = False,
) -> None:
    """Ask an archive: a ready question, or SQL.

    Without a question: the list of ready ones.
    """
    from monitor.archive import sql as asking

    if question and sql:
        raise InputError("a ready question and --sql exclude each other", where="archive query")
    if listed:
        _list_columns(as_json)
        return
    if not question and not sql:
        _list_questions(archive, as_json)
        return
    given = _pairs(values, "--set")
    if question:
        ready = asking.question(question)
        if wrong := sorted({*given} - {*ready.set}):
            known = ", ".join(ready.set) or "it has none"
            raise InputError(f"no such parameter of {question}: {printable(wrong[0], 40)}", where="--set", hint=known)
        sql, given = ready.sql, {**ready.set, **given}
    if explain:
        print("\n".join([sql.rstrip(), *(f"-- ${name} = {printable(value, 200)}" for name, value in given.items())]))
        return
    with asking.Tables(_opened(archive).parts, seconds=seconds, rows=rows, own_rules=own_rules) as tables:
        answer = tables.ask(sql, given)
    if tables.left_out:
        print(t("cli.archive.own_rules", n=tables.left_out), file=sys.stderr)
    _print_answer(answer, as_json, as_csv)
    if answer.more:
        print(t("cli.archive.more", n=rows), file=sys.stderr)
    if fail_on_rows and answer.rows:
        raise typer.Exit(1)


def _print_answer(answer: Answer, as_json: bool, as_csv: bool) -> None:
    if as_json:
        print_json_lines(dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
    elif as_csv:
        from monitor.reports.csv import guarded

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([guarded(one) if isinstance(one, str) else one for one in row] for row in answer.rows)
    else:
        show(answer.columns, (("–" if value is None else value for value in row) for row in answer.rows), 200)


def _list_questions(archive: str, as_json: bool) -> None:
    """The ready questions. Raises ``InputError``, with their names, where there is no archive to put them to."""
    from monitor.archive.archive import NO_ARCHIVE
    from monitor.archive.sql import questions

    try:
        _opened(archive)
    except InputError as error:
        if error.message == NO_ARCHIVE:
            error.hint = f"monitor archive add makes one; questions: {', '.join(questions())}"
        raise

    def cells(row: Row) -> tuple[str, ...]:
        return (
            row["name"],
            row["title"][current_lang()],
            ", ".join(f"{key}={value}" for key, value in row["set"].items()),
        )

    rows = [{"name": one.name, "title": one.title, "set": one.set, "sql": one.sql} for one in questions().values()]
    list_rows(rows, as_json, columns("cli.archive.column", "question what set"), cells)


def _list_columns(as_json: bool) -> None:
    from monitor.archive.parts import tables, version

    lines = [
        {"version": version(), "table": one.name, **{key: getattr(column, key) for key in ("type", "en", "zh")},
         "column": column.name}
        for one in tables().values()
        for column in one.columns
    ]  # fmt: skip
    headings = columns("cli.archive.column", "table column type meaning")
    list_rows(lines, as_json, headings, itemgetter("table", "column", "type", current_lang()))


def report(archive: str, *, output: Path, own_rules: bool = False) -> None:
    """Write a report on all apps of an archive.

    Pages with rankings and intervals, one an app and an SDK; the tables as CSV and Parquet with a data dictionary.
    """
    from monitor.archive.population import write

    written = write(_opened(archive), folder(output), current_lang(), own_rules=own_rules)
    print(t("cli.archive.report", n=written, path=output / "index.html"))


def analyse(
    archive: str, *, rules: Files = None, current: bool = False, workers: int = 1, as_json: bool = False
) -> None:
    """Assess all bundles of an archive anew. Shows what changes by rule and app; nothing is overwritten."""
    from monitor.analysis.rules.load import rule_files
    from monitor.fleet import cluster
    from monitor.fleet.again import analysed

    if not rules and not current:
        raise InputError("nothing to compare with", where="archive analyse", hint="--current or --rules DIR")
    own = {path.name: path.read_text("utf-8") for path in rule_files(tuple(rules or ()))}
    place = _opened(archive)
    changes: dict[tuple[str, str], list[Line]] = defaultdict(list)
    faults: list[Line] = []
    sessions = 0
    with cluster.local(workers) as client:
        for lines in analysed(client, place, place.store.address, own, current=current):
            sessions += 1
            if as_json:
                print_json_lines(msgspec.to_builtins(line) for line in lines)
            for line in lines:
                (faults if line.fault else changes[line.rule, line.what]).append(line)
    if not as_json:
        if rows := [_change(*key, lines) for key, lines in sorted(changes.items())]:
            show(columns("cli.archive.column", "rule change findings apps"), rows)
        for line in faults:
            print(printable(f"{line.session[:16]}: {line.fault}", 500))
        number = sum(map(len, changes.values()))
        print(t("cli.archive.analysed", n=sessions, changes=number, faults=len(faults)))
    if faults:
        raise typer.Exit(4)


def _change(rule: str, what: str, lines: list[Line]) -> tuple[object, ...]:
    """A row of the table of changes, with the first few of the apps concerned."""
    apps = sorted({line.app for line in lines})
    return rule, label("change", what), len(lines), f"{len(apps)}: {', '.join(apps[:5])}{' …' if len(apps) > 5 else ''}"


def verify(archive: str, *, key: Words = None, as_json: bool = False) -> None:
    """Verify every bundle of an archive, and that its tables agree. Exits 0 only if nothing was changed.

    With --key: and sealed by a key that you name. Without: by the key that the archive's index names, which whoever
    writes to the store could have changed with the bundle.
    """
    from monitor.archive.archive import verified

    found = verified(_opened(archive), keys=None if key is None else {key_id(one) for one in key})
    if as_json:
        print_json_lines([found._asdict() | {"faults": [{"what": what, "where": at} for what, at in found.faults]}])
    else:
        for what, where in found.faults:
            print(printable(f"{where}: {what}", 600))
        print(t("cli.archive.verified", n=found.sessions, faults=len(found.faults), rejected=found.rejected))
        if found.untrusted:
            print(t("cli.archive.without_key", n=found.untrusted))
    if found.faults:
        raise typer.Exit(4)


def migrate(archive: str, *, again: bool = False) -> None:
    """Bring an archive's tables up to date with this version. They are made anew from its bundles, which stay."""
    from monitor.archive.archive import migrated
    from monitor.archive.parts import version

    place = _opened(archive, migrating=True)
    if place.about.tables == version() and not again:
        print(t("cli.archive.current", version=version()))
    else:
        print(t("cli.archive.migrated", n=migrated(place), version=version()))


COMMANDS: Final = {
    "archive": {
        "add": add, "query": query, "report": report, "analyse": analyse, "verify": verify, "migrate": migrate,
    }
}  # fmt: skip
