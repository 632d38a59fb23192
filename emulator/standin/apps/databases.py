"""The apps' databases: for each app process one with the app's own rights that has SQLite (`sqlhost`)."""

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulator.standin.sandbox.contain import Box, View

from .providers import AppError

#: The longest answer, in bytes: each character of a result as JSON escapes it.
_MAX_ANSWER = 16 << 20
#: Longest statement, and when its process counts as gone: seconds.
STATEMENT, PATIENCE = 5.0, 20.0
_JAVA = "android.database.sqlite."
_CANT = "SQLiteCantOpenDatabaseException"


@dataclass
class _Host:
    process: asyncio.subprocess.Process
    one: asyncio.Lock = field(default_factory=asyncio.Lock)
    handles: set[int] = field(default_factory=set)


class Databases:
    """Open databases of all processes; ``pid`` and handle name one."""

    def __init__(self) -> None:
        self._hosts: dict[int, asyncio.Task[_Host]] = {}
        self._last = 0

    async def open(self, pid: int, path: str, home: Path, box: Box, uid: int) -> int:
        """The handle of a database file below ``home``, or of one in memory (no path)."""
        if pid not in self._hosts:
            self._hosts[pid] = asyncio.ensure_future(_start(home, box, uid))
        try:
            host = await asyncio.shield(self._hosts[pid])
        except (OSError, ValueError, EOFError) as bad:
            self.gone(pid)
            raise AppError(_JAVA + _CANT, f"unable to open database file: {bad}") from None
        self._last += 1
        handle = self._last
        await self._ask(pid, host, {"db": handle, "path": path})
        host.handles.add(handle)
        return handle

    async def run(self, pid: int, handle: int, sql: str, args: list[Any]) -> dict[str, Any]:
        """Run one statement: columns and rows of a query, last row id and number of changed rows of any other."""
        host = self._host(pid)
        if host is None or handle not in host.handles:
            raise AppError("java.lang.IllegalStateException", "attempt to re-open an already-closed object")
        found = await self._ask(pid, host, {"db": handle, "sql": sql, "args": args})
        return found if isinstance(found, dict) else {}

    async def close(self, pid: int, handle: int) -> None:
        """Close one; a handle that is not open is passed over."""
        host = self._host(pid)
        if host is not None and handle in host.handles:
            host.handles.discard(handle)
            await self._ask(pid, host, {"db": handle})

    def gone(self, pid: int) -> None:
        """A process has ended."""
        if task := self._hosts.pop(pid, None):
            task.add_done_callback(_end)

    def _host(self, pid: int) -> _Host | None:
        task = self._hosts.get(pid)
        return task.result() if task and task.done() and not task.cancelled() and not task.exception() else None

    async def _ask(self, pid: int, host: _Host, asked: dict[str, Any]) -> Any:
        """Its answer: as little to be trusted as the app, whose user it has."""
        assert host.process.stdin and host.process.stdout
        try:
            async with host.one, asyncio.timeout(PATIENCE):
                host.process.stdin.write(json.dumps(asked).encode() + b"\n")
                await host.process.stdin.drain()
                said = json.loads(await host.process.stdout.readline())
            if "e" in said:
                kind, message = map(str, said["e"])
                raise AppError(_JAVA + kind, message)
            return said["r"]
        except (OSError, ValueError, KeyError, TypeError, TimeoutError, RecursionError):
            self.gone(pid)
            raise AppError(_JAVA + "SQLiteDiskIOException", "disk I/O error (code 10 SQLITE_IOERR)") from None


def _end(task: asyncio.Task[_Host]) -> None:
    if not task.cancelled() and not task.exception():
        with contextlib.suppress(ProcessLookupError):
            task.result().process.kill()


async def _start(home: Path, box: Box, uid: int) -> _Host:
    """OSError or ValueError if that was refused."""
    python = Path(sys.executable).resolve()
    source = (Path(__file__).parent / "sqlhost.py").read_text("utf-8")
    words = [str(python), "-I", "-S", "-B", "-c", source, str(home), str(STATEMENT)]
    given: dict[str, Any] = {
        "stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.DEVNULL,
        "env": {k: v for k, v in os.environ.items() if k == "LD_LIBRARY_PATH"}, "start_new_session": True,
        "limit": _MAX_ANSWER,
    }  # fmt: skip
    if box.island is None:
        return _Host(await asyncio.create_subprocess_exec(*words, **given))
    prefix = Path(sys.base_prefix).resolve()
    view = View(() if prefix == Path("/usr") else (prefix,), (home,))
    return _Host((await box.start(python, words, uid, view, **given))[0])
