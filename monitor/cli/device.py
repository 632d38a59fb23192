"""``monitor doctor``, ``device`` and ``emulator``: what works here, and the phones and emulators that sessions use."""

from typing import Final

import typer
from rich.markup import escape

from monitor.base.checks import Check
from monitor.base.paths import install_command
from monitor.cli._common import File, print_json_lines
from monitor.cli._show import console, table
from monitor.cli._words import columns, current_lang, label, retold, t
from monitor.device import avd
from monitor.text import has


def fix(check: Check) -> str:
    """How to fix a failed check; empty if it passed. A hint without a translation gives way to the general advice."""
    key, hint = f"doctor.fix.{check.name}", retold("said", check.hint)
    if check.state == "ok":
        return ""
    if (check.hint and (current_lang() == "en" or hint != check.hint)) or not has(key):
        return hint
    return t(key, standin=install_command("standin"), reports=install_command("reports"))


def doctor(*, device: str = "", frida_port: int = 27042, as_json: bool = False) -> None:
    """Report what works here, what does not, and how to fix it. Exits 0 if a session can run."""
    from monitor.record.doctor import diagnose, usable

    checks = diagnose(device, frida_port)
    works = usable(checks)
    if as_json:
        names = ("name", "state", "needed", "detail")
        print_json_lines({name: getattr(one, name) for name in names} | {"fix": fix(one)} for one in checks)
    else:
        _show_checks(checks)
        print(t(f"doctor.{('device' if device else 'standin') if works else 'unusable'}"))
    raise typer.Exit(0 if works else 3)


def _show_checks(checks: list[Check]) -> None:
    """Print a table: what was checked, the result, and the fix."""
    grid = table(columns("doctor.column", "what state detail"))
    for check in checks:
        detail = "\n→ ".join(filter(None, (retold("said", check.detail), fix(check))))
        cells = (label("doctor.what", check.name), label("doctor.state", check.state), detail)
        grid.add_row(*map(escape, cells))
    console().print(grid)


def prepare(
    serial: str,
    *,
    server: File = None,
    sha256: str = "",
    frida_port: int = 27042,
    first: bool = False,
    as_json: bool = False,
) -> None:
    """Set up what a session needs, and list the manual steps. Stays in place until 'monitor device restore'."""
    from monitor.record.doctor import prepare as prepare_device

    _report(prepare_device(serial, server, sha256, frida_port, first=first), as_json)


def restore(serial: str) -> None:
    """Undo what sessions and 'device prepare' left on the device.

    Only what this user left from this host; what another host or user left is named."""
    from monitor.device.changes.journal import ON_DEVICE
    from monitor.record.doctor import restore as restore_device

    names, faults, foreign = restore_device(serial)
    for name in names:
        print(t("device.undone", what=name))
    for fault in faults:
        print(t("device.left", what=fault))
    if foreign:
        print(t("device.foreign", what=foreign, serial=serial, file=ON_DEVICE))
    if not names and not faults and not foreign:
        print(t("device.clean"))
    raise typer.Exit(3 if faults or foreign else 0)


def selftest(
    serial: str, *, app: str = "", save: File = None, send: File = None, frida_port: int = 27042, as_json: bool = False
) -> None:
    """Test everything that a session depends on. Restores the device and reports what works; exits 0 if a session can
    run."""
    from monitor.record import selftest

    checks = selftest.run(serial, app, raw=save, send=send, frida_port=frida_port)
    _report(checks, as_json, "" if send else t("device.send"))


def _report(checks: list[Check], as_json: bool, advice: str = "") -> None:
    """Print checks, with ``advice`` where one failed, and exit."""
    failed = any(check.state == "fail" for check in checks)
    if as_json:
        print_json_lines(checks)
    else:
        _show_checks(checks)
        if failed and advice:
            print(advice)
    raise typer.Exit(3 if failed else 0)


def create(name: str, *, api: int = 33, target: str = "google_apis", abi: str = "", dry_run: bool = False) -> None:
    """Install an image and create an emulator from it. Its clean state is saved as a snapshot."""
    _run(avd.plan("create", name=name, package=avd.image(api, target, abi)), dry_run)


def start(name: str, *, port: int = avd.FIRST_PORT, dry_run: bool = False) -> None:
    """Start an emulator from its clean state. Without a window; waits until it is ready for a session."""
    _run(avd.plan("start", name=name, port=port), dry_run)


def stop(*, port: int = avd.FIRST_PORT, dry_run: bool = False) -> None:
    """Stop the emulator on this port."""
    _run(avd.plan("stop", port=port), dry_run)


def list_emulators(*, dry_run: bool = False) -> None:
    """List the emulators created, and the devices that adb sees."""
    _run(avd.plan("list"), dry_run)


def _run(steps: list[avd.Step], dry_run: bool) -> None:
    if dry_run:
        for step in steps:
            print(step.text())
    else:
        avd.run(steps, avd.tools(), print)


COMMANDS: Final = {
    "doctor": doctor,
    "device": {"prepare": prepare, "restore": restore, "selftest": selftest},
    "emulator": {"create": create, "start": start, "stop": stop, "list": list_emulators},
}
