"""``monitor emulator``: Android emulators, created and started with the user's SDK tools."""

from typing import Annotated, Final

import typer

from monitor.device import avd

DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the commands without running them.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the emulator.")]
Port = Annotated[int, typer.Option("--port", help="Console port: an even number from 5554.")]


def create(
    name: Name,
    api: Annotated[int, typer.Option("--api", help="API level: 24, 29, 33, 34 or 36.")] = 33,
    target: Annotated[
        str, typer.Option("--target", help="default (AOSP) or google_apis; both provide root.")
    ] = "google_apis",
    abi: Annotated[str, typer.Option("--abi", help="x86_64 or arm64-v8a; default: this machine's.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Install an image and create an emulator from it. Its clean state is saved as a snapshot."""
    _do(avd.create(name, avd.image(api, target, abi)), dry_run)


def start(name: Name, port: Port = avd.FIRST_PORT, dry_run: DryRun = False) -> None:
    """Start an emulator from its clean state. Without a window; waits until it is ready for a session."""
    _do(avd.start(name, port), dry_run)


def stop(port: Port = avd.FIRST_PORT, dry_run: DryRun = False) -> None:
    """Stop the emulator on this port."""
    _do(avd.stop(port), dry_run)


def listed(dry_run: DryRun = False) -> None:
    """List the emulators created, and the devices that adb sees."""
    _do(avd.listed(), dry_run)


def _do(steps: list[avd.Step], dry_run: bool) -> None:
    if dry_run:
        for step in steps:
            print(step.text())
    else:
        avd.run(steps, avd.tools(), print)


COMMANDS: Final = {"emulator": {"create": create, "start": start, "stop": stop, "list": listed}}
