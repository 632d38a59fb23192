"""``monitor doctor``: what works here, what does not, and the mend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.checks import Check
from monitor.cli._common import AsJson, Lang, default_lang, language, print_json_lines
from monitor.errors import InputError
from monitor.record.doctor import diagnose, usable
from monitor.text import has, label, t


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def mend(check: Check, lang: str) -> str:
    """What to do about a check that is not in order; empty if it is."""
    if check.state == "ok":
        return ""
    key = f"doctor.mend.{check.name}"
    return t(key, lang) if has(key) and (lang == "zh" or not check.hint) else check.hint


def doctor(
    device: Annotated[str, typer.Option("--device", help="adb serial of a device to look at, too.")] = "",
    save: Annotated[
        Path | None,
        typer.Option("--save", help="Directory for the device's raw outputs (they may hold personal values)."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "",
) -> None:
    """What works here, what does not, and the mend. Exit 0 if a session can run."""
    chosen = language(lang or default_lang())
    if save is not None and not device:
        raise InputError("--save needs --device", hint="name the device whose outputs are to be saved")
    checks = diagnose(device, save)
    works = usable(checks)
    if as_json:
        print_json_lines(
            {"name": c.name, "state": c.state, "needed": c.needed, "detail": c.detail, "mend": mend(c, chosen)}
            for c in checks
        )
    else:
        _show(checks, chosen)
        key = ("device" if device else "standin") if works else "unusable"
        print(t(f"doctor.{key}", chosen))
    raise typer.Exit(0 if works else 3)


def _show(checks: list[Check], lang: str) -> None:
    table = Table(*(t(f"doctor.column.{name}", lang) for name in ("what", "state", "detail")))
    for check in checks:
        detail = check.detail
        if wrong := mend(check, lang):
            detail = f"{detail}\n→ {wrong}"
        cells = (label("doctor.what", check.name, lang), label("doctor.state", check.state, lang), detail)
        table.add_row(*(escape(cell) for cell in cells))
    Console().print(table)
