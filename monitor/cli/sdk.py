"""``monitor sdk check``: a library against its vendor's declaration, in every order of consent."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import typer

from monitor.analysis.declaration.matrix import Row, never_seen, undeclared
from monitor.base import errors, paths
from monitor.base.output import inert_json, write_out
from monitor.cli import _common, _options, _terminal
from monitor.cli._words import aside, label, language, listed, pair, t
from monitor.live.state import Watch
from monitor.reports.markdown import cell, table
from monitor.scenario.apps import file_or_sample
from monitor.session.options import SdkOptions
from monitor.text import has

if TYPE_CHECKING:
    from monitor.record.sdk import Check

_NAMED = 10
_MARKS = {"declared": "✓", "undeclared": "✗", "early": "!", "not_seen": "-", "untested": "?"}


def check_library(options: SdkOptions) -> None:
    """Check what a library does against its declaration.

    It runs in every situation of consent.
    Exit 1 if it did what is not declared, 3 if nothing could be tested.
    """
    from monitor.record.sdk import check
    from monitor.record.sdk.check import require_tested

    lang = language(options.lang)
    if options.uncontained:
        print(t("cli.uncontained"), file=sys.stderr, flush=True)
    terminal = _terminal.Terminal(Watch(lang), options.quiet or options.as_json)
    with ExitStack() as stack:
        file = file_or_sample(options.library, stack)
        found_in = {"library": str(file), "declaration": _declaration(options.declaration), "lang": lang}
        stack.callback(terminal.close)
        stop = stack.enter_context(_common.orderly_end())
        found = check(
            options.model_copy(update=found_in), terminal, stop,
            lambda name, number, total: terminal.say(f"[{number}/{total}] {situation_name(name)}"),
        )  # fmt: skip
    result = b"".join(inert_json(msgspec.json.encode(line)) + b"\n" for line in lines(found))
    write_out(options.out / "check.md", markdown(found).encode())
    write_out(options.out / "check.jsonl", result)
    if options.as_json:
        _common.print_json_lines(lines(found))
    else:
        print("\n".join(text(found)))
        print(t("cli.bundle", path=options.out))
    if options.uncontained:
        print(t("cli.uncontained"), file=sys.stderr)
    if found.fault:
        raise found.fault
    if not found.interrupted:
        require_tested(found)
    raise typer.Exit(1 if found.status == "undeclared" else 0)


def _declaration(path: Path) -> Path:
    own = paths.bundled("scenarios") / "declarations" / f"{path.name}.yaml"
    if path.exists():
        return path
    if path.name == str(path) and own.is_file():
        return own
    bundled_ones = ", ".join(sorted(one.stem for one in own.parent.glob("*.yaml")))
    raise errors.InputError("no such file", where=f"--declaration {path}", hint=f"a file, or one of: {bundled_ones}")


def situation_name(name: str) -> str:
    """A situation as people say it."""
    head, _, permission = name.partition(":")
    words = label("situation", head)
    return words.format(permission=permission) if permission else words


def lines(found: Check) -> Iterator[dict[str, Any]]:
    """The result as JSON lines: situations, rows, calls, result."""
    for one in found.situations:
        more = {"lost": found.lost.get(one.name, 0), "bundle": str(found.bundles.get(one.name, ""))}
        yield {"line": "situation", **one._asdict(), **more, "broken": found.broken.get(one.name, [])}
    yield from ({"line": "row", **msgspec.to_builtins(row)} for row in found.rows)
    yield from ({"line": "call", **call._asdict()} for call in found.calls)
    fault = str(found.fault or "")
    yield {"line": "result", "sdk": found.sdk, "status": found.status, "fault": fault, "unnamed": found.unnamed}


def text(found: Check) -> list[str]:
    """The result for a terminal: legend, table, what is not declared with its stack, what was not exercised."""
    output = [_result(found), ""]
    output += [f"{n:>3}  {situation_name(one.name)}" for n, one in enumerate(found.situations, 1)]
    head = "".join(f"{n:>4}" for n in range(1, len(found.situations) + 1))
    output += ["", t("sdkcheck.legend"), f"{head}  {t('sdkcheck.subject')}"]
    for row in found.rows:
        output.append(f"{''.join(f'{mark:>4}' for mark in _marks(found, row))}  {_subject(row)}")
    return [errors.printable(line, 200) for line in [*output, *_details(found)]]


def markdown(found: Check) -> str:
    """The result as a document to hand over."""
    heads = [t("sdkcheck.subject"), *(situation_name(one.name) for one in found.situations)]
    output = [f"# {cell(t('sdkcheck.title', sdk=found.sdk))}", "", cell(_result(found)), ""]
    output += table(heads, ([_subject(row), *_marks(found, row)] for row in found.rows))
    output += ["", t("sdkcheck.legend"), ""]
    for line in filter(None, _details(found)):  # what is indented belongs to the item above
        output.append(f"{'  ' if line.startswith('  ') else ''}- {cell(line.strip())}")
    return "\n".join(output) + "\n"


def _result(found: Check) -> str:
    n = len({(row.kind, row.name) for row, _, _ in undeclared(found.rows)})
    return t(f"sdkcheck.result.{found.status}", sdk=found.sdk, n=n)


def _marks(found: Check, row: Row) -> list[str]:
    """What became of a row in each situation."""
    cells = [row.cells[one.name] for one in found.situations]
    return [f"{_MARKS[one.status]}{'→' if one.sent else '…' if one.attempted else ''}" for one in cells]


def _subject(row: Row) -> str:
    name = label("data_type", row.name) if row.kind == "data_type" else row.name
    words = pair(t(f"sdkcheck.kind.{row.kind}"), name)
    return words if row.declared else aside(words, t("sdkcheck.not_declared"))


def _details(found: Check) -> list[str]:
    lines: list[str] = []
    for _, cells in groupby(undeclared(found.rows), key=lambda cell: (cell[0].kind, cell[0].name)):
        (row, name, one), *others = cells
        how = {"permission": "permission", "host": "contacted"}.get(row.kind, "read")
        if row.kind != "host":
            how = "sent" if one.sent else "attempted" if one.attempted else how
        words = {"what": _subject(row), "situation": situation_name(name), "hosts": ", ".join(one.sent)}
        lines += ["", t(f"sdkcheck.did.{how}", n=one.count, **words)]
        if row.declared:
            lines.append(f"  {t('sdkcheck.needs_consent')}")
        if others:
            where = listed(situation_name(other) for _, other, _ in others)
            lines.append(f"  {pair(t('sdkcheck.also'), where)}")
        lines += [f"    at {frame}" for frame in one.stack]
    unseen = [f"  {line}" for line in (*_unexercised(found), *_unknown(found))]
    return [*lines, "", t("sdkcheck.not_exercised"), *unseen] if unseen else lines


def _unexercised(found: Check) -> Iterator[str]:
    """What of a library no situation exercised."""
    for situation in found.situations:
        if situation.untested:
            key = f"sdkcheck.untested.{situation.untested}"
            yield f"{situation_name(situation.name)}: {t(key) if has(key) else situation.untested}"
    for line in sorted({line for lines in found.broken.values() for line in lines}):
        yield t("sdkcheck.lacks", what=line)
    for (name, result), number in Counter((call.name, call.result) for call in found.stopped).items():
        yield f"{name}: {result} ({number})"


def _unknown(found: Check) -> Iterator[str]:
    """What is declared and was never seen, and what could not be told or read."""
    for row in never_seen(found.rows):
        yield t("sdkcheck.never", what=_subject(row))
    if found.unnamed:
        more = f" … (+{len(found.unnamed) - _NAMED})" if len(found.unnamed) > _NAMED else ""
        yield t("sdkcheck.unnamed", names=", ".join(found.unnamed[:_NAMED]) + more)
    for host in sorted({row.name for row in found.rows if any(one.unread for one in row.cells.values())}):
        yield t("sdkcheck.unread", host=host)
    for name, n in found.lost.items():
        yield t("sdkcheck.lost", n=n, situation=situation_name(name))


COMMANDS: Final = {"sdk": {"check": _options.command(SdkOptions, check_library)}}
