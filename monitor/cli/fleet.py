"""``monitor fleet``: a plan of sessions on many devices."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from monitor.base.errors import InputError, printable
from monitor.cli._common import AsJson, Lang, StoreArgument, orderly_end, print_json_lines, scale_parts
from monitor.evidence.keys import key_id
from monitor.text import aside, retold, t

if TYPE_CHECKING:
    from monitor.fleet.cluster import Tls
    from monitor.fleet.plan import Task
    from monitor.fleet.run import Summary
    from monitor.fleet.session import Outcome
    from monitor.fleet.state import Result

PlanFile = Annotated[
    Path, typer.Argument(metavar="PLAN", help="YAML or CSV: app, scenario, kind of device, repetitions, packs.")
]
Scheduler = Annotated[
    str, typer.Option("--scheduler", metavar="tls://HOST:PORT", help="A Dask scheduler; default: this machine only.")
]
Ca = Annotated[Path | None, typer.Option("--tls-ca", help="Certificate (PEM) of the cluster's own authority.")]
Cert = Annotated[Path | None, typer.Option("--tls-cert", help="Certificate (PEM) of this side.")]
TlsKey = Annotated[Path | None, typer.Option("--tls-key", help="Private key (PEM) of this side.")]
Standins = Annotated[int, typer.Option("--standin", min=0, max=64, help="Number of stand-in devices.")]
Wait = Annotated[int, typer.Option("--wait", min=0, max=86_400, help="Seconds to wait for a device of a kind.")]

WorkerKeys = Annotated[
    list[str] | None,
    typer.Option(
        "--key", metavar="FILE|ID",
        help="Key of a worker (PEM or ID) whose bundles count, beside those that runs on this machine were told.",
    ),
]  # fmt: skip
Outside = Annotated[
    bool, typer.Option("--allow-outside", help="The plan may name files outside its folder; they go to the workers.")
]


def _begun(name: str, again: bool, about: str) -> Callable[..., None]:
    """The command that begins a plan, or goes on with it."""

    def command(
        plan: PlanFile,
        archive: StoreArgument,
        scheduler: Scheduler = "",
        tls_ca: Ca = None,
        tls_cert: Cert = None,
        tls_key: TlsKey = None,
        standin: Standins = 1,
        wait: Wait = 60,
        key: WorkerKeys = None,
        allow_outside: Outside = False,
        as_json: AsJson = False,
        lang: Lang = "",
    ) -> None:
        with scale_parts():
            from monitor.archive.archive import Archive
            from monitor.fleet import cluster
            from monitor.fleet.plan import ready
            from monitor.fleet.run import Run
        from monitor.base.process import Scratch

        trusted = {key_id(one) for one in key or ()}
        with Scratch() as scratch:
            read = ready(plan, scratch, outside=allow_outside)
            place = Archive(archive, make=not again)
            if not scheduler and (other := sorted({task.kind for task in read.tasks} - {"standin"})):
                hint = "monitor fleet worker --device SERIAL, with --scheduler"
                raise InputError(f"this machine alone has no device of the kind {other[0]}", where=str(plan), hint=hint)
            tls = _tls(tls_ca, tls_cert, tls_key) if scheduler else None
            shown = _Shown(len(read.tasks), lang, as_json)
            clients: AbstractContextManager[Any] = (
                cluster.remote(scheduler, tls) if tls else cluster.local(max(1, min(standin, len(read.tasks))))
            )
            with orderly_end() as stop, clients as client:
                running = Run(client, place, place.store.address, read, wait_s=wait, keys=trusted,
                              on_result=shown.result, on_attempt=shown.attempt)  # fmt: skip
                if again and not (running.state.results() or running.state.waiting() or running.state.keys()):
                    hint = "monitor fleet run begins it"
                    raise InputError("the plan has not been begun", where=read.name, hint=hint)
                shown.begin(len({task.id for task in read.tasks} & {*running.state.results()}))
                with running.state.alone():
                    summary = running.go(stop)
            place.parts.join()
        shown.summary(summary, read.name)
        if summary.missing:
            raise typer.Exit(3)
        if any(one.how == "failed" or one.code == 2 for one in summary.results.values()):
            raise typer.Exit(2)

    command.__name__, command.__doc__ = name, about
    return command


run = _begun("run", False, """Run a plan: each session on one device, verified and archived.

    What the archive has already is not done again. A session whose device failed is tried once on another. Ctrl-C
    begins nothing more and waits for what runs. Exit 3 if sessions are missing, 2 if an app or file cannot be used.
    """)  # fmt: skip
resume = _begun(
    "resume", True, "Go on with a plan that was interrupted. Bundles that arrived meanwhile are archived first."
)


def _tls(ca: Path | None, cert: Path | None, key: Path | None) -> Tls:
    from monitor.fleet.cluster import Tls

    if ca is None or cert is None or key is None:
        hint = "--tls-ca, --tls-cert and --tls-key"
        raise InputError("a scheduler needs the cluster's certificates", where="--scheduler", hint=hint)
    return Tls(ca, cert, key)


class _Shown:
    """What is printed while a plan runs, and at its end."""

    def __init__(self, total: int, lang: str, as_json: bool) -> None:
        self._total, self._lang, self._json = total, lang, as_json
        self._done = 0

    def begin(self, done: int) -> None:
        """So many have a result from earlier runs."""
        self._done = done

    def result(self, result: Result, task: Task) -> None:
        """A result came in."""
        self._done += 1
        if self._json:
            print_json_lines([{"line": "result"} | _plain(result)])
            return
        what = t(f"fleet.{result.how}", self._lang, session=result.session[:16], code=result.code)
        self._line(task, aside(what, result.why, self._lang), result.device)

    def attempt(self, task: Task, outcome: Outcome) -> None:
        """A session taught nothing of the app."""
        if not self._json:
            self._line(task, t("fleet.attempt", self._lang, why=outcome.why), outcome.device)

    def _line(self, task: Task, what: str, device: str) -> None:
        said = t("fleet.line", self._lang, done=self._done, total=self._total, row=task.row, n=task.repetition,
                 what=what, device=device or "–")  # fmt: skip
        print(printable(said, 500), file=sys.stderr, flush=True)

    def summary(self, summary: Summary, name: str) -> None:
        """The end."""
        lang = self._lang
        if self._json:
            for task, why in summary.missing:
                print_json_lines([{"line": "missing", "row": task.row, "repetition": task.repetition, "why": why}])
            print_json_lines({"line": "device", "worker": where} | _plain(one) for where, one in summary.devices)
            print_json_lines({"line": "clock", "worker": at, "ahead_s": n} for at, n in summary.clocks.items())
            return
        for one in summary.missing:
            what = t("fleet.missing", lang, row=one.task.row, n=one.task.repetition)
            print(printable(aside(what, retold("said", one.why, lang), lang), 500))
        for _, device in summary.devices:
            if device.aside:
                print(
                    printable(t("fleet.aside", lang, device=device.serial, why=retold("said", device.aside, lang)), 500)
                )
        for where, seconds in summary.clocks.items():
            print(printable(t("fleet.clock", lang, worker=where, seconds=seconds), 500))
        archived = sum(one.how == "archived" for one in summary.results.values())
        print(t("fleet.summary", lang, plan=name, archived=archived, failed=len(summary.results) - archived,
                missing=len(summary.missing)))  # fmt: skip
        if summary.missing:
            print(t("fleet.resume", lang))


def _plain(one: Any) -> dict[str, Any]:
    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(one)
    return found


def worker(
    scheduler: Annotated[
        str, typer.Option("--scheduler", metavar="tls://HOST:PORT", help="The Dask scheduler to work for.")
    ],
    tls_ca: Ca = None,
    tls_cert: Cert = None,
    tls_key: TlsKey = None,
    device: Annotated[
        list[str] | None, typer.Option("--device", metavar="SERIAL", help="adb serial of a device. May be repeated.")
    ] = None,
    kind: Annotated[str, typer.Option("--kind", help="Kind of these devices, as plans name it.")] = "device",
    standin: Standins = 0,
    key: Annotated[
        Path | None, typer.Option("--key", help="Ed25519 private key (PEM) to seal with; default: a new one.")
    ] = None,
    lang: Lang = "",
) -> None:
    """Offer this machine's devices to a scheduler. Ctrl-C ends it when its sessions have ended."""
    with scale_parts():
        from monitor.fleet import cluster
        from monitor.fleet.devices import Device, standins
    names = device or []
    if len(set(names)) < len(names):
        raise InputError("the same device twice", where="--device")
    if kind == "standin":
        raise InputError("standin is the kind of stand-in devices", where="--kind", hint="choose another name")
    devices = [*(Device(serial=name, kind=kind) for name in names), *standins(standin)]
    if not devices:
        raise InputError("no device", where="fleet worker", hint="--device SERIAL, or --standin N")
    if key:
        from monitor.evidence.keys import Signer

        Signer.load(key)
    print(t("fleet.worker", lang, devices=", ".join(one.serial for one in devices)), file=sys.stderr, flush=True)
    with orderly_end() as stop:
        cluster.work(scheduler, _tls(tls_ca, tls_cert, tls_key), devices, key, stop)


COMMANDS: Final = {"fleet": {"run": run, "resume": resume, "worker": worker}}
