"""The command line as a user meets it, run inside the test's own process: what it prints, and its exit code."""

from __future__ import annotations

import contextlib
import io
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from monitor.cli import app, main

#: Made once: it costs as much as most commands.
COMMAND = get_command(app)


def run(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """``monitor`` with arguments. Half a second a call faster than a process; whoever changes what Python imports
    or sends signals needs a process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    words = ["monitor", *map(str, arguments)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr("sys.argv", words)
        patch.setattr("__main__.__package__", None, raising=False)  # else ``python -m pytest`` is the program's name
        patch.setattr("monitor.cli.app", COMMAND)
        patch.setenv("COLUMNS", "80")
        for name, value in environment.items():
            patch.setenv(name, value)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
                code: object = 0
            except SystemExit as end:
                code = end.code
    said, faults = (stream.buffer.getvalue().decode("utf-8") for stream in (out, err))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(words, int(code or 0), said, faults)  # type: ignore[call-overload]
