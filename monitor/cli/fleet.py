"""``monitor fleet``: a plan of sessions on many devices."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import typer

from monitor.base.errors import InputError, printable
from monitor.cli._common import File, Words, orderly_end, print_json_lines
from monitor.cli._words import aside, retold, t
from monitor.evidence.keys import key_id

if TYPE_CHECKING:
    from monitor.fleet.cluster import Tls
    from monitor.fleet.plan import Task
    from monitor.fleet.run import Summary
    from monitor.fleet.session import Outcome
    from monitor.fleet.state import Result


def _command(name: str, again: bool, about: str) -> Callable[..., None]:
    """The command that begins a plan, or goes on with it."""

    def command(
        plan: Path,
        archive: str,
        *,
        scheduler: str = "",
        tls_ca: Path | None = None,
        tls_cert: Path | None = None,
        tls_key: Path | None = None,
        standin: int = 1,
        wait: int = 60,
        key: Words = None,
        allow_outside: bool = False,
        as_json: bool = False,
    ) -> None:
        from monitor.archive.archive import Archive
        from monitor.base.process import Scratch
        from monitor.fleet import cluster
        from monitor.fleet.plan import ready
        from monitor.fleet.run import Run
        from monitor.fleet.state import State

        trusted = {key_id(one) for one in key or ()}
        with Scratch() as scratch:
            read = ready(plan, scratch, outside=allow_outside)
            place = Archive(archive, make=not again)
            if not scheduler and (other := sorted({task.kind for task in read.tasks} - {"standin"})):
                hint = "monitor fleet worker --device SERIAL, with --scheduler"
                raise InputError(f"this machine alone has no device of the kind {other[0]}", where=str(plan), hint=hint)
            tls = _tls(tls_ca, tls_cert, tls_key) if scheduler else None
            account = _Account(len(read.tasks), as_json)
            left = {task.id for task in read.tasks} - {*State(place.store, read.name).results()}
            account.done = len(read.tasks) - len(left)
            # Where nothing is left to do, no device is started.
            clients = cluster.remote(scheduler, tls) if tls else cluster.local(min(max(1, standin), len(left)))
            with orderly_end() as stop, clients as client:
                running = Run(client, place, place.store.address, read, wait_s=wait, keys=trusted,
                              on_result=account.result, on_attempt=account.attempt)  # fmt: skip
                if again and not (running.state.results() or running.state.waiting() or running.state.keys()):
                    hint = "monitor fleet run begins it"
                    raise InputError("the plan has not been begun", where=read.name, hint=hint)
                with running.state.alone():
                    summary = running.go(stop)
            place.parts.join()
        account.end(summary, read.name)
        if summary.missing:
            raise typer.Exit(3)
        if any(one.how == "failed" or one.code == 2 for one in summary.results.values()):
            raise typer.Exit(2)

    command.__name__, command.__doc__ = name, about
    return command


run = _command("run", False, """Run a plan: each session on one device, verified and archived.

    What the archive has already is not done again. A session whose device failed is tried once on another. Ctrl-C
    begins nothing more and waits for what runs. Exit 3 if sessions are missing, 2 if an app or file cannot be used.
    """)  # fmt: skip
resume = _command(
    "resume", True, "Go on with a plan that was interrupted. Bundles that arrived meanwhile are archived first."
)


def _tls(ca: File, cert: File, key: File) -> Tls:
    from monitor.fleet.cluster import Tls

    if ca is None or cert is None or key is None:
        hint = "--tls-ca, --tls-cert and --tls-key"
        raise InputError("a scheduler needs the cluster's certificates", where="--scheduler", hint=hint)
    return Tls(ca, cert, key)


class _Account:
    """What is printed of a plan. ``done``: sessions that have a result."""

    def __init__(self, total: int, as_json: bool) -> None:
        self._total, self._json, self.done = total, as_json, 0

    def result(self, result: Result, task: Task) -> None:
        """A result came in."""
        self.done += 1
        if self._json:
            print_json_lines([{"line": "result"} | msgspec.to_builtins(result)])
            return
        what = t(f"fleet.{result.how}", session=result.session[:16], code=result.code)
        self._line(task, aside(what, result.why), result.device)

    def attempt(self, task: Task, outcome: Outcome) -> None:
        """A session taught nothing of the app."""
        if not self._json:
            self._line(task, t("fleet.attempt", why=outcome.why), outcome.device)

    def _line(self, task: Task, what: str, device: str) -> None:
        values = {"row": task.row, "n": task.repetition, "what": what, "device": device or "–"}
        line = t("fleet.line", done=self.done, total=self._total, **values)
        print(printable(line, 500), file=sys.stderr, flush=True)

    def end(self, summary: Summary, name: str) -> None:
        """The plan has ended."""
        missing, devices, clocks = summary.missing, summary.devices, summary.clocks.items()
        if self._json:
            rows = [{"row": one.row, "repetition": one.repetition, "why": why} for one, why in missing]
            print_json_lines({"line": "missing"} | row for row in rows)
            print_json_lines({"line": "device", "worker": at} | msgspec.to_builtins(one) for at, one in devices)
            print_json_lines({"line": "clock", "worker": at, "ahead_s": seconds} for at, seconds in clocks)
            print_json_lines({"line": "unread", "worker": at} for at in summary.unread)
            return
        lines = [aside(t("fleet.missing", row=one.row, n=one.repetition), retold("said", why)) for one, why in missing]
        withdrawn = (one for _, one in devices if one.aside)
        lines += [t("fleet.aside", device=one.serial, why=retold("said", one.aside)) for one in withdrawn]
        lines += [t("fleet.clock", worker=at, seconds=seconds) for at, seconds in clocks]
        lines += [t("fleet.unread", worker=at) for at in summary.unread]
        archived = sum(one.how == "archived" for one in summary.results.values())
        counts = {"archived": archived, "failed": len(summary.results) - archived, "missing": len(missing)}
        lines.append(t("fleet.summary", plan=name, **counts))
        print("\n".join(printable(line, 500) for line in [*lines, *([t("fleet.resume")] if missing else [])]))


def worker(
    *,
    scheduler: str,
    tls_ca: File = None,
    tls_cert: File = None,
    tls_key: File = None,
    device: Words = None,
    kind: str = "device",
    standin: int = 0,
    key: File = None,
) -> None:
    """Offer this machine's devices to a scheduler. Ctrl-C ends it when its sessions have ended."""
    from monitor.fleet import cluster

    names = device or []
    if len(set(names)) < len(names):
        raise InputError("the same device twice", where="--device")
    if kind == "standin":
        raise InputError("standin is the kind of stand-in devices", where="--kind", hint="choose another name")
    devices = [*(cluster.Device(serial=name, kind=kind) for name in names), *cluster.standins(standin)]
    if not devices:
        raise InputError("no device", where="fleet worker", hint="--device SERIAL, or --standin N")
    if key:
        from monitor.evidence.keys import Signer

        Signer.load(key)
    print(t("fleet.worker", devices=", ".join(one.serial for one in devices)), file=sys.stderr, flush=True)
    with orderly_end() as stop:
        cluster.work(scheduler, _tls(tls_ca, tls_cert, tls_key), devices, key, stop)


COMMANDS: Final = {"fleet": {"run": run, "resume": resume, "worker": worker}}
