"""The command line as its users run it: a separate process, its output, and what it leaves behind."""

import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_BECOME = "\nimport os, sys\nos.execv(sys.executable, [sys.executable, '-m', 'monitor', *sys.argv[1:]])\n"


class Command:
    """``monitor`` with these words, running. Everything that it starts carries a mark, so that leftovers are found."""

    def __init__(self, *words: object, env: Mapping[str, str] | None = None, first: str = "") -> None:
        """``first``: Python that the process runs before it becomes the command. Not between fork and exec, where it
        may wait for ever for a lock that a thread of Frida held in this process."""
        self.mark = f"/nowhere/{secrets.token_hex(8)}"
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), **(env or {})}
        # The search path is what every child gets, whatever else of the environment is kept from it.
        environment["PATH"] = f"{environment['PATH']}:{self.mark}"
        self.process = subprocess.Popen(
            [sys.executable, *(["-c", first + _BECOME] if first else ["-m", "monitor"]), *map(str, words)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self.out: list[str] = []
        self.err: list[str] = []
        self.err_at: list[float] = []
        """When each line of ``err`` was printed, on the monotonic clock."""
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.out, []), (self.process.stderr, self.err, self.err_at))
        ]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(stream: Any, lines: list[str], times: list[float]) -> None:
        for line in stream:
            times.append(time.monotonic())
            lines.append(line.rstrip("\n"))

    def says(self, pattern: str, seconds: float = 120) -> re.Match[str]:
        """Wait for a line on standard error."""
        return self.until(
            lambda: next(filter(None, (re.search(pattern, line) for line in list(self.err))), None), seconds
        )

    def until(self, ready: Callable[[], Any], seconds: float = 60) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := ready()):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)
        return found

    def signal(self, number: int = signal.SIGINT) -> None:
        self.process.send_signal(number)

    def wait(self, seconds: float = 120) -> int:
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(60)
        return code

    def pids(self) -> dict[int, str]:
        """Processes that carry the mark: pid to command line. Frida's daemon for Apple's devices is no session's: one
        serves all of a user's programs that share a directory for temporary files, and ends by itself."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if self.mark.encode() in (entry / "environ").read_bytes():
                        words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                        if words and not words.endswith("/idund --background "):  # a zombie has none
                            found[int(entry.name)] = words[:200]
                except OSError:
                    continue
        return found

    def one(self, part: str) -> int:
        """The one process whose command line holds ``part``; one that it forked has the same."""
        named = {pid for pid, words in self.pids().items() if part in words}
        (pid,) = [pid for pid in named if _parent(pid) not in named]
        return pid

    def nothing_left(self, seconds: float = 60) -> None:
        """No process of the session runs any more, and so no port of it is open."""
        deadline = time.monotonic() + seconds
        while left := self.pids():
            assert time.monotonic() < deadline, left
            time.sleep(0.1)

    @property
    def said(self) -> str:
        """All that it printed, for a test that fails."""
        return "\n".join([*self.err, *self.out])

    @property
    def fault(self) -> str:
        """The line about what went wrong."""
        (line,) = [line for line in self.err if line.startswith("monitor: ")]
        return line


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def monitor(*words: object, env: Mapping[str, str] | None = None, seconds: float = 120) -> Command:
    """The finished command."""
    command = Command(*words, env=env)
    command.wait(seconds)
    return command
