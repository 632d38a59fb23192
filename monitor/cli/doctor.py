"""``monitor doctor``: what works here, what does not, and how to fix it."""

from typing import Annotated, Final

import typer
from rich.markup import escape

from monitor.base.checks import Check
from monitor.base.paths import install_command
from monitor.cli._common import AsJson, FridaPort, Lang, print_json_lines, recording_parts
from monitor.cli._tables import console, table
from monitor.text import has, label, retold, t


def fix(check: Check, lang: str) -> str:
    """How to fix a failed check; empty if it passed."""
    if check.state == "ok":
        return ""
    key = f"doctor.fix.{check.name}"
    hint = retold("said", check.hint, lang)
    own = check.hint and (lang == "en" or hint != check.hint)
    if own or not has(key):
        return hint
    return t(key, lang, standin=install_command("standin"), reports=install_command("reports"))


def doctor(
    device: Annotated[str, typer.Option("--device", help="adb serial of a device to check as well.")] = "",
    frida_port: FridaPort = 27042,
    as_json: AsJson = False,
    lang: Lang = "",
) -> None:
    """Report what works here, what does not, and how to fix it. Exits 0 if a session can run."""
    with recording_parts():
        from monitor.record.doctor import diagnose, usable

    checks = diagnose(device, frida_port)
    works = usable(checks)
    if as_json:
        print_json_lines(
            {"name": c.name, "state": c.state, "needed": c.needed, "detail": c.detail, "fix": fix(c, lang)}
            for c in checks
        )
    else:
        show_checks(checks, lang)
        key = ("device" if device else "standin") if works else "unusable"
        print(t(f"doctor.{key}", lang))
    raise typer.Exit(0 if works else 3)


def show_checks(checks: list[Check], lang: str) -> None:
    """Print a table: what was checked, the result, and the fix."""
    made = table(t(f"doctor.column.{name}", lang) for name in ("what", "state", "detail"))
    for check in checks:
        detail = retold("said", check.detail, lang)
        if wrong := fix(check, lang):
            detail = f"{detail}\n→ {wrong}"
        cells = (label("doctor.what", check.name, lang), label("doctor.state", check.state, lang), detail)
        made.add_row(*(escape(cell) for cell in cells))
    console().print(made)


COMMANDS: Final = {"doctor": doctor}
