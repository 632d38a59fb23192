"""``monitor archive``: many bundles in one place, and what they show together."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from monitor.base.errors import InputError, printable
from monitor.base.output import folder
from monitor.cli._again import analyse
from monitor.cli._common import (
    AsJson,
    Lang,
    ResultsKey,
    StoreArgument,
    existing_bundle,
    named_keys,
    print_json_lines,
    scale_parts,
)
from monitor.cli._tables import show
from monitor.evidence.keys import key_id
from monitor.text import t

if TYPE_CHECKING:
    from monitor.archive.archive import Added
    from monitor.archive.sql import Answer, Question

ArchiveKeys = Annotated[
    list[str] | None,
    typer.Option(
        "--key", metavar="FILE|ID", help="Key that may have sealed (PEM or ID); others are refused. May be repeated."
    ),
]


def pairs(said: list[str] | None, option: str) -> dict[str, str]:
    """Options of the form NAME=VALUE. Raises ``InputError``."""
    found = {}
    for one in said or ():
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise InputError(f"not NAME=VALUE: {printable(one, 60)}", where=option)
        found[name] = value
    return found


def add(
    archive: StoreArgument,
    bundles: Annotated[list[Path], typer.Argument(metavar="BUNDLE...", help="Directories of recorded sessions.")],
    key: ArchiveKeys = None,
    results_key: ResultsKey = None,
    category: Annotated[str, typer.Option("--category", help="Category of the app, for questions by category.")] = "",
    sdk: Annotated[
        list[str] | None, typer.Option("--sdk", metavar="ID=VERSION", help="Version of an SDK in the app. Repeatable.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "",
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
    context = Context(category=category, sdks=tuple(pairs(sdk, "--sdk").items()))
    place = Archive(archive, make=True)
    rejected = False
    for bundle in found:
        result = place.add(bundle, keys, context, results_keys=named_keys(results_key))
        rejected |= result.how == "rejected"
        if as_json:
            print_json_lines([{"bundle": str(bundle)} | result._asdict()])
        else:
            print(printable(told(str(bundle), result, lang), 600))
    if keys is None and not as_json:
        print(t("cli.archive.untrusted", lang), file=sys.stderr)
    if rejected:
        raise typer.Exit(4)


def told(bundle: str, result: Added, lang: str) -> str:
    """What became of a bundle, in one line."""
    return t(
        f"cli.archive.{result.how}", lang, bundle=bundle, session=result.session[:16], why=result.why, at=result.at
    )


def query(
    archive: StoreArgument,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="A ready question; without one: the list.")] = "",
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter of the question. May be repeated."),
    ] = None,
    sql: Annotated[str, typer.Option("--sql", help="A SELECT of your own; it reads the tables and nothing else.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Print the SQL instead of the answer.")] = False,
    listed: Annotated[bool, typer.Option("--tables", help="List tables and columns with their meaning.")] = False,
    rows: Annotated[int, typer.Option("--rows", min=1, max=100_000, help="Most rows of an answer.")] = 1000,
    seconds: Annotated[int, typer.Option("--seconds", min=1, max=3600, help="Longest time for an answer.")] = 60,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV instead of a table.")] = False,
    fail_on_rows: Annotated[bool, typer.Option("--fail-on-rows", help="Exit 1 if the answer has any row.")] = False,
    lang: Lang = "",
) -> None:
    """Ask an archive: a ready question, or SQL.

    Without a question: the list of ready ones.
    """
    with scale_parts():
        from monitor.archive.archive import Archive
        from monitor.archive.sql import Tables, questions
        from monitor.archive.sql import question as named
    if question and sql:
        raise InputError("a ready question and --sql exclude each other", where="archive query")
    if listed:
        _dictionary(lang, as_json)
        return
    if not question and not sql:
        _there(archive)
        _questions(list(questions().values()), lang, as_json)
        return
    asked, given = sql, pairs(values, "--set")
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
    _show(answer, as_json, as_csv)
    if answer.more:
        print(t("cli.archive.more", lang, n=rows), file=sys.stderr)
    if fail_on_rows and answer.rows:
        raise typer.Exit(1)


def _there(archive: str) -> None:
    """Raises ``InputError``, with the names of the questions where there is no archive to put them to."""
    from monitor.archive.archive import NO_ARCHIVE, Archive
    from monitor.archive.sql import questions

    try:
        Archive(archive)
    except InputError as error:
        hint = f"monitor archive add makes one; questions: {', '.join(questions())}"
        hint = hint if error.message == NO_ARCHIVE else error.hint
        raise InputError(error.message, where=error.where, hint=hint) from None


def _questions(every: list[Question], lang: str, as_json: bool) -> None:
    if as_json:
        print_json_lines({"name": one.name, "title": one.title, "set": one.set, "sql": one.sql} for one in every)
        return
    rows = ((one.name, one.title[lang], ", ".join(f"{key}={value}" for key, value in one.set.items())) for one in every)
    show((t(f"cli.archive.column.{name}", lang) for name in ("question", "what", "set")), rows)


def _dictionary(lang: str, as_json: bool) -> None:
    from monitor.archive.schema import tables, version

    lines = [
        {"table": one.name, "column": column.name, "type": column.type, "en": column.en, "zh": column.zh}
        for one in tables().values()
        for column in one.columns
    ]
    if as_json:
        print_json_lines([{"version": version()} | line for line in lines])
        return
    rows = ((line["table"], line["column"], line["type"], line[lang]) for line in lines)
    show((t(f"cli.archive.column.{name}", lang) for name in ("table", "column", "type", "meaning")), rows, 1000)


def _show(answer: Answer, as_json: bool, as_csv: bool) -> None:
    if as_json:
        print_json_lines(dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
    elif as_csv:
        sys.stdout.write(as_text(answer))
    else:
        show(answer.columns, (("–" if value is None else value for value in row) for row in answer.rows), 200)


def as_text(answer: Answer) -> str:
    """An answer as CSV. A cell that a spreadsheet would take for a formula is quoted by an apostrophe."""
    from monitor.reports.csv import guarded

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow([guarded(one) if isinstance(one, str) else one for one in row])
    return out.getvalue()


def report(
    archive: StoreArgument,
    output: Annotated[Path, typer.Option("-o", "--output", help="New or empty directory for the report.")],
    lang: Lang = "",
) -> None:
    """Write a report on all apps of an archive.

    Pages with rankings and intervals, one an app and an SDK; the tables as CSV and Parquet with a data dictionary.
    """
    with scale_parts():
        from monitor.archive.archive import Archive
        from monitor.archive.population import write
    place = Archive(archive)
    print(t("cli.archive.report", lang, n=write(place, folder(output), lang), path=output / "index.html"))


def verify(archive: StoreArgument, key: ArchiveKeys = None, as_json: AsJson = False, lang: Lang = "") -> None:
    """Verify every bundle of an archive, and that its tables agree. Exits 0 only if nothing was changed.

    With --key: and sealed by a key that you name. Without: by the key that the archive's index names, which whoever
    writes to the store could have changed with the bundle.
    """
    with scale_parts():
        from monitor.archive.archive import Archive
        from monitor.archive.upkeep import verified
    named = None if key is None else {key_id(one) for one in key}
    found = verified(Archive(archive), keys=named)
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


def migrate(
    archive: StoreArgument,
    again: Annotated[
        bool, typer.Option("--again", help="Make the tables anew even if they are of this version.")
    ] = False,
    lang: Lang = "",
) -> None:
    """Bring an archive's tables up to date with this version. They are made anew from its bundles, which stay."""
    with scale_parts():
        from monitor.archive.archive import Archive
        from monitor.archive.schema import version
        from monitor.archive.upkeep import migrated
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
