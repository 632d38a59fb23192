"""Boots the machine with a job and brings back what the job left."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .arm64_image import SIGNATURE
from .pins import BedError

EMULATOR = "qemu-system-aarch64"
#: With pointer authentication and branch targets (BTI), and without either.
CPUS = ("max,pauth-impdef=on", "cortex-a76")
#: Of the machine, where it has a network card.
ADDRESS, PORT = "10.0.2.15", 5555
_ROOM = 256 << 20


@dataclass(frozen=True)
class Ended:
    """How a job ended: its exit code, and the folder of what it left, which the caller removes."""

    code: int
    out: Path
    console: str


def run(floor: Path, job: Path, out: Path, *, cpu: str = CPUS[0], seconds: int = 600, show: bool = False) -> Ended:
    """Run ``job/run`` (a script for ``sh``, in the folder ``job``) in the machine; its ``$OUT`` comes back in ``out``.

    Raises BedError where the machine did not end by itself within ``seconds``.
    """
    if not shutil.which(EMULATOR):
        raise BedError("arm64", f"{EMULATOR} is missing", "apt-get install qemu-system-arm")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="arm64-") as work:
        disks = {"root": floor / "root.img", "job": Path(work) / "job.tar", "out": Path(work) / "out.img"}
        with tarfile.open(disks["job"], "w") as archive:
            archive.add(job, ".")
        with disks["out"].open("wb") as disk:
            disk.truncate(_ROOM)
        console = _boot(floor, disks, cpu, seconds, out / "console.log", show)
        try:
            with tarfile.open(disks["out"]) as archive:
                archive.extractall(out, filter="data")
            code = int((out / "rc").read_text())
        except (OSError, ValueError, tarfile.TarError):
            last = (console.strip().splitlines() or ["nothing was printed"])[-1]
            why = f"the machine ended without a result: {last[:200]}"
            raise BedError("arm64", why, f"log: {out / 'console.log'}") from None
    return Ended(code, out, console)


def _boot(floor: Path, disks: dict[str, Path], cpu: str, seconds: int, log: Path, show: bool) -> str:
    said = []
    with log.open("w", encoding="utf-8") as file, _machine(floor, disks, cpu, seconds) as process:
        assert process.stdout
        try:
            for line in process.stdout:
                said.append(line)
                file.write(line)
                if show:
                    sys.stderr.write(line)
        finally:
            process.terminate()
    if process.returncode == 124:
        raise BedError("arm64", f"the machine did not end within {seconds} s", f"log: {log}")
    return "".join(said)


def _machine(floor: Path, disks: dict[str, Path], cpu: str, seconds: int, port: int = 0) -> subprocess.Popen[str]:
    """The emulator's process; its output is the machine's console. ``port``: see `serve`."""
    kernel = f"console=ttyAMA0 root=PARTUUID={SIGNATURE:08x}-01 rootwait rw init=/init quiet panic=-1"
    kernel += " mitigations=off nokaslr"  # what they guard against costs an emulated processor much, and is not here
    words = [EMULATOR, "-machine", "virt,gic-version=3", "-cpu", cpu, "-smp", "2", "-m", "2G", "-accel"]
    words += ["tcg,thread=multi,tb-size=512", "-kernel", str(floor / "vmlinuz"), "-append"]
    words += [f"{kernel} network=on" if port else kernel]
    words += "-nographic -nodefaults -serial stdio -monitor none -no-reboot".split()
    if port:
        forward = f"hostfwd=tcp:127.0.0.1:{port}-{ADDRESS}:{PORT}"
        words += ["-netdev", f"user,id=net,restrict=on,{forward}", "-device", "virtio-net-pci,netdev=net,romfile="]
    else:
        words += ["-nic", "none"]
    for name, path in disks.items():
        more = "snapshot=on,cache=unsafe" if name == "root" else "readonly=on" if name == "job" else "cache=unsafe"
        words += [
            "-drive",
            f"file={path},if=none,id={name},format=raw,{more}",
            "-device",
            f"nvme,serial={name},drive={name}",
        ]
    return subprocess.Popen(
        ["timeout", "-k", "5", str(seconds), *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    )  # fmt: skip


@contextlib.contextmanager
def serve(floor: Path, job: Path, port: int, log: Path, *, cpu: str, ready: str, seconds: int = 3600) -> Iterator[None]:
    """The machine with a job that goes on: from the line of its console that begins with ``ready`` to the block's end.

    ``port`` of this host's 127.0.0.1 leads to port `PORT` of the machine, which itself reaches nothing here.
    """
    with tempfile.TemporaryDirectory(prefix="arm64-") as work, log.open("w", encoding="utf-8") as file:
        disks = {"root": floor / "root.img", "job": Path(work) / "job.tar", "out": Path(work) / "out.img"}
        with tarfile.open(disks["job"], "w") as archive:
            archive.add(job, ".")
        with disks["out"].open("wb") as disk:
            disk.truncate(_ROOM)
        with _machine(floor, disks, cpu, seconds, port) as process:
            assert process.stdout
            try:
                for line in process.stdout:
                    file.write(line)
                    file.flush()
                    if line.startswith(ready):
                        break
                else:
                    raise BedError("arm64", "the machine ended before it was ready", f"log: {log}")
                rest = threading.Thread(target=shutil.copyfileobj, args=(process.stdout, file), daemon=True)
                rest.start()
                try:
                    yield
                finally:
                    process.terminate()
                    rest.join()
            finally:
                process.terminate()
