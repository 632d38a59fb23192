"""``monitor archive``: many bundles in one place, and what they show together."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import typer

from monitor.base.errors import InputError, printable
from monitor.base.output import folder
from monitor.cli._common import existing_bundle, print_json_lines, scale_parts, trusted_keys
from monitor.cli._show import show
from monitor.evidence.keys import key_id
from monitor.text import label, t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.archive.archive import Added
    from monitor.archive.sql import Answer


def add(
    archive: str,
    bundles: list[Path],
    *,
    key: list[str] | None = None,
    results_key: list[str] | None = None,
    category: str = "",
    sdk: list[str] | None = None,
    as_json: bool = False,
    lang: str = "",
) -> None:
    """Verify bundles and add them to an archive.

    A bundle that is damaged, or sealed by another key than those named, is kept apart with the reason, and the exit
    code is 4. Nothing is overwritten; a session counts once.
    """
    with scale_parts():
        from monitor.archive.archive import Archive
        from monitor.archive.facts import Context
    found = [existing_bundle(bundle) for bundle in bundles]
    keys = None if key is None else {key_id(one) for one in key}
    context = Context(category=category, sdks=tuple(_pairs(sdk, "--sdk").items()))
    place = Archive(archive, make=True)
    rejected = False
    for bundle in found:
        result = place.add(bundle, keys, context, results_keys=trusted_keys(results_key))
        rejected |= result.how == "rejected"
        if as_json:
            print_json_lines([{"bundle": str(bundle)} | result._asdict()])
        else:
            print(printable(added_line(str(bundle), result, lang), 600))
    if keys is None and not as_json:
        print(t("cli.archive.untrusted", lang), file=sys.stderr)
    if rejected:
        raise typer.Exit(4)


def _pairs(values: list[str] | None, option: str) -> dict[str, str]:
    """Values of the form NAME=VALUE. Raises ``InputError``."""
    found = {}
    for one in values or ():
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise InputError(f"not NAME=VALUE: {printable(one, 60)}", where=option)
        found[name] = value
    return found


def added_line(bundle: str, result: Added, lang: str) -> str:
    """What became of a bundle, in one line."""
    session = result.session[:16]
    return t(f"cli.archive.{result.how}", lang, bundle=bundle, session=session, why=result.why, at=result.at)


def query(
    archive: str,
    question: str = "",
    *,
    values: list[str] | None = None,
    sql: str = "",
    explain: bool = False,
    listed: bool = False,
    rows: int = 1000,
    seconds: int = 60,
    as_json: bool = False,
    as_csv: bool = False,
    fail_on_rows: bool = False,
    lang: str = "",
) -> None:
    """Ask an archive: a ready question, or SQL.

    Without a question: the list of ready ones.
    """
    with scale_parts():
        from monitor.archive.archive import Archive
        from monitor.archive.sql import Tables
        from monitor.archive.sql import question as named
    if question and sql:
        raise InputError("a ready question and --sql exclude each other", where="archive query")
    if listed:
        _list_columns(lang, as_json)
        return
    if not question and not sql:
        _list_questions(archive, lang, as_json)
        return
    asked, given = sql, _pairs(values, "--set")
    if question:
        ready = named(question)
        if wrong := sorted({*given} - {*ready.set}):
            known = ", ".join(ready.set) or "it has none"
            raise InputError(f"no such parameter of {question}: {printable(wrong[0], 40)}", where="--set", hint=known)
        asked, given = ready.sql, {**ready.set, **given}
    if explain:
        print(asked.rstrip())
        for name, value in given.items():
            print(f"-- ${name} = {printable(value, 200)}")
        return
    with Tables(Archive(archive).parts, seconds=seconds, rows=rows) as tables:
        answer = tables.ask(asked, given)
    if as_json:
        print_json_lines(dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
    elif as_csv:
        sys.stdout.write(answer_csv(answer))
    else:
        show(answer.columns, (("–" if value is None else value for value in row) for row in answer.rows), 200)
    if answer.more:
        print(t("cli.archive.more", lang, n=rows), file=sys.stderr)
    if fail_on_rows and answer.rows:
        raise typer.Exit(1)


def _list_questions(archive: str, lang: str, as_json: bool) -> None:
    """The ready questions. Raises ``InputError``, with their names, where there is no archive to put them to."""
    from monitor.archive.archive import NO_ARCHIVE, Archive
    from monitor.archive.sql import questions

    try:
        Archive(archive)
    except InputError as error:
        if error.message == NO_ARCHIVE:
            error.hint = f"monitor archive add makes one; questions: {', '.join(questions())}"
        raise
    every = questions().values()
    if as_json:
        print_json_lines({"name": one.name, "title": one.title, "set": one.set, "sql": one.sql} for one in every)
        return
    rows = ((one.name, one.title[lang], ", ".join(f"{key}={value}" for key, value in one.set.items())) for one in every)
    show(_headings(("question", "what", "set"), lang), rows)


def _list_columns(lang: str, as_json: bool) -> None:
    from monitor.archive.parts import tables, version

    lines = [
        {"table": one.name, "column": column.name, "type": column.type, "en": column.en, "zh": column.zh}
        for one in tables().values()
        for column in one.columns
    ]
    if as_json:
        print_json_lines([{"version": version()} | line for line in lines])
        return
    rows = ((line["table"], line["column"], line["type"], line[lang]) for line in lines)
    show(_headings(("table", "column", "type", "meaning"), lang), rows, 1000)


def _headings(names: Iterable[str], lang: str) -> list[str]:
    return [t(f"cli.archive.column.{name}", lang) for name in names]


def answer_csv(answer: Answer) -> str:
    """An answer as CSV. A cell that a spreadsheet would take for a formula is quoted by an apostrophe."""
    from monitor.reports.csv import guarded

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow([guarded(one) if isinstance(one, str) else one for one in row])
    return out.getvalue()


def report(archive: str, *, output: Path, lang: str = "") -> None:
    """Write a report on all apps of an archive.

    Pages with rankings and intervals, one an app and an SDK; the tables as CSV and Parquet with a data dictionary.
    """
    with scale_parts():
        from monitor.archive.archive import Archive
        from monitor.archive.population import write
    place = Archive(archive)
    print(t("cli.archive.report", lang, n=write(place, folder(output), lang), path=output / "index.html"))


def analyse(
    archive: str,
    *,
    rules: list[Path] | None = None,
    current: bool = False,
    workers: int = 1,
    as_json: bool = False,
    lang: str = "",
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
    changes: Counter[tuple[str, str]] = Counter()
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
                    changes[line.rule, line.what] += 1
                    apps.setdefault((line.rule, line.what), set()).add(line.app)
    if not as_json:
        rows = []
        for (rule, what), number in sorted(changes.items()):
            names = sorted(apps[rule, what])
            affected = f"{len(names)}: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}"
            rows.append((rule, label("change", what, lang), number, affected))
        if rows:
            show(_headings(("rule", "change", "findings", "apps"), lang), rows)
        for session, fault in faults:
            print(printable(f"{session[:16]}: {fault}", 500))
        print(t("cli.archive.analysed", lang, n=sessions, changes=sum(changes.values()), faults=len(faults)))
    if faults:
        raise typer.Exit(4)


def verify(archive: str, *, key: list[str] | None = None, as_json: bool = False, lang: str = "") -> None:
    """Verify every bundle of an archive, and that its tables agree. Exits 0 only if nothing was changed.

    With --key: and sealed by a key that you name. Without: by the key that the archive's index names, which whoever
    writes to the store could have changed with the bundle.
    """
    with scale_parts():
        from monitor.archive.archive import Archive, verified
    keys = None if key is None else {key_id(one) for one in key}
    found = verified(Archive(archive), keys=keys)
    if as_json:
        faults = [{"what": what, "where": where} for what, where in found.faults]
        print_json_lines([found._asdict() | {"faults": faults}])
    else:
        for what, where in found.faults:
            print(printable(f"{where}: {what}", 600))
        print(t("cli.archive.verified", lang, n=found.sessions, faults=len(found.faults), rejected=found.rejected))
        if found.untrusted:
            print(t("cli.archive.without_key", lang, n=found.untrusted))
    if found.faults:
        raise typer.Exit(4)


def migrate(archive: str, *, again: bool = False, lang: str = "") -> None:
    """Bring an archive's tables up to date with this version. They are made anew from its bundles, which stay."""
    with scale_parts():
        from monitor.archive.archive import Archive, migrated
        from monitor.archive.parts import version
    place = Archive(archive, migrating=True)
    if place.about.tables == version() and not again:
        print(t("cli.archive.current", lang, version=version()))
        return
    print(t("cli.archive.migrated", lang, n=migrated(place), version=version()))


COMMANDS: Final = {
    "archive": {
        "add": add, "query": query, "report": report, "analyse": analyse, "verify": verify, "migrate": migrate,
    }
}  # fmt: skip
