"""What the store knows of a plan: results that are final, keys of its workers, and who runs it now."""

import contextlib
import itertools
import os
import platform
import secrets
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import Final, Literal

import msgspec

from monitor.archive.store import Store
from monitor.base import clock, paths
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, MonitorError
from monitor.evidence.keys import parse_public

_BEAT_S: Final = 5.0


class Result(msgspec.Struct, kw_only=True, frozen=True):
    """The final result of a task: a session in the archive, or why there is none: the app or the plan is at fault."""

    task: str
    row: int
    repetition: int
    how: Literal["archived", "failed"]
    session: str = ""
    code: int = 0
    why: str = ""
    device: str = ""
    worker: str = ""
    attempts: int = 1
    phases: dict[str, float] = {}


class State:
    """The state of one plan. Methods raise ``EnvironmentFault`` where the store cannot be used."""

    def __init__(self, store: Store, plan: str) -> None:
        self.store = store
        self.top = f"fleet/{plan}"
        name = sha256(f"{store.url}\n{plan}".encode()).hexdigest()[:32]
        self._known = paths.state_home() / "fleet" / f"{name}.keys"

    def results(self) -> dict[str, Result]:
        """Results by task. Raises ``EvidenceDamaged``."""
        found = {}
        for name in self.store.names(f"{self.top}/results"):
            try:
                result = msgspec.json.decode(self.store.get(name) or b"", type=Result)
            except msgspec.MsgspecError:
                raise EvidenceDamaged("not a result", where=name, hint="remove it to have it done again") from None
            found[result.task] = result
        return found

    def settle(self, result: Result) -> bool:
        """Keep a result; False if the task has one already."""
        return self.store.put_new(f"{self.top}/results/{result.task}.json", msgspec.json.encode(result))

    def has(self, task: str) -> bool:
        """Whether a task has its result."""
        return self.store.has(f"{self.top}/results/{task}.json")

    def learn(self, pem: str) -> str:
        """Remember the key of a worker, which its bundles are sealed with; returns its ID. It is told over the
        cluster's own connection, and remembered on this machine: whoever writes to the store could add one there."""
        key = parse_public(pem.encode(), "worker")[0]
        if key.id not in self.keys():
            try:
                self._known.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with self._known.open("a", encoding="ascii") as file:
                    file.write(f"{key.id}\n")
            except OSError as error:
                why, hint = error.strerror or "cannot be written", "set XDG_STATE_HOME to a directory of yours"
                raise EnvironmentFault(why, where=str(self._known), hint=hint) from None
        return key.id

    def keys(self) -> frozenset[str]:
        """IDs of the keys of all workers that runs of this machine had so far."""
        try:
            return frozenset(self._known.read_text("ascii", "replace").split())
        except OSError:
            return frozenset()

    def waiting(self) -> list[tuple[str, str]]:
        """Bundles that have arrived and are not in the archive: task and name."""
        return [(name.split("/")[-2], name) for name in self.store.names(f"{self.top}/incoming")]

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One process runs a plan. What another one left that was killed is taken over, once it has stood still; no
        clock is compared. Raises ``EnvironmentFault``: another one runs it."""
        name, own = f"{self.top}/running", f"{platform.node()} {os.getpid()} {secrets.token_hex(8)}"
        if not self.store.put_new(name, f"{own} 0".encode()):
            was = self.store.get(name)
            time.sleep(3 * _BEAT_S)
            now = self.store.get(name)
            if now is not None and now != was:
                who = " ".join(now.decode("utf-8", "replace").split()[:2])
                raise EnvironmentFault(f"the plan is being run already: {who}", where=self.top)
            self.store.put(name, f"{own} 0".encode())
        numbers = itertools.count(1)

        def beat() -> None:
            with contextlib.suppress(MonitorError):
                self.store.put(name, f"{own} {next(numbers)}".encode())

        try:
            with clock.repeated(beat, _BEAT_S, "plan"):
                yield
        finally:
            self.store.drop(name)
