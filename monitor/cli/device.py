"""``monitor device``: prepare, test and restore a phone or emulator."""

from pathlib import Path
from typing import Annotated, Final

import typer

from monitor.base.checks import Check
from monitor.cli._common import AsJson, FridaPort, Lang, print_json_lines, recording_parts
from monitor.cli.doctor import show_checks
from monitor.text import t

Serial = Annotated[str, typer.Argument(metavar="SERIAL", help="adb serial, as listed by adb devices.")]


def prepare(
    serial: Serial,
    server: Annotated[
        Path | None, typer.Option("--frida-server", help="A frida-server file to install on the device and start.")
    ] = None,
    sha256: Annotated[str, typer.Option("--sha256", help="Expected SHA-256 of that file.")] = "",
    frida_port: FridaPort = 27042,
    first: Annotated[
        bool,
        typer.Option("--frida-first", help="Stop Android's framework, start frida-server, start the framework again."),
    ] = False,
    as_json: AsJson = False,
    lang: Lang = "",
) -> None:
    """Set up what a session needs, and list the manual steps. Stays in place until 'monitor device restore'."""
    with recording_parts():
        from monitor.record import doctor
    _tell(doctor.prepare(serial, server, sha256, frida_port, first=first), as_json, lang)


def restore(serial: Serial, lang: Lang = "") -> None:
    """Undo what sessions and 'device prepare' left on the device.

    Only what this user left from this host; what another host or user left is named."""
    with recording_parts():
        from monitor.device.changes.journal import ON_DEVICE
        from monitor.record import doctor
    names, faults, foreign = doctor.restore(serial)
    for name in names:
        print(t("device.undone", lang, what=name))
    for fault in faults:
        print(t("device.left", lang, what=fault))
    if foreign:
        print(t("device.foreign", lang, what=foreign, serial=serial, file=ON_DEVICE))
    if not names and not faults and not foreign:
        print(t("device.clean", lang))
    raise typer.Exit(3 if faults or foreign else 0)


def try_out(
    serial: Serial,
    app: Annotated[str, typer.Option("--app", help="App file or package to launch; default: the sample app.")] = "",
    save: Annotated[
        Path | None, typer.Option("--save", help="Directory for raw output (may contain personal values).")
    ] = None,
    send: Annotated[
        Path | None,
        typer.Option(
            "--send", help="File (zip) for the same without identifiers, and the table: to send with a report."
        ),
    ] = None,
    frida_port: FridaPort = 27042,
    as_json: AsJson = False,
    lang: Lang = "",
) -> None:
    """Test everything that a session depends on. Restores the device and reports what works; exits 0 if a session can
    run."""
    with recording_parts():
        from monitor.record import selftest
    checks = selftest.run(serial, app, raw=save, send=send, frida_port=frida_port)
    wrong = send is None and any(check.state == "fail" for check in checks)
    _tell(checks, as_json, lang, t("device.send", lang) if wrong else "")


def _tell(checks: list[Check], as_json: bool, lang: str, after: str = "") -> None:
    if as_json:
        print_json_lines(checks)
    else:
        show_checks(checks, lang)
        if after:
            print(after)
    raise typer.Exit(3 if any(check.state == "fail" for check in checks) else 0)


COMMANDS: Final = {"device": {"prepare": prepare, "restore": restore, "selftest": try_out}}
