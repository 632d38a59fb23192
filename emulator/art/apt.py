"""apt-get, which one program at a time may use: wait for it, or say who has it."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable

from .pins import BedError

WAIT_S = 300.0
"""How long another program's lock is waited for: updates that run by themselves take minutes."""
_TRY_EVERY_S = 2.0
_LOCKED = re.compile(r"Could not get lock (?P<file>\S+?)\.? (?:It is held by process (?P<who>.+)|- open)")


def get(*words: str, say: Callable[[str], None] = lambda text: None, wait_s: float = WAIT_S) -> None:
    """Run ``apt-get`` with these words. ``say`` is told once if another program has to be waited for. Raises
    BedError."""
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    end, told = time.monotonic() + wait_s, False
    while True:
        try:
            done = subprocess.run(
                ["apt-get", *words], env=env, capture_output=True, text=True, timeout=1200, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as bad:
            raise BedError("packages", f"apt-get does not run: {type(bad).__name__}") from None
        if not done.returncode:
            return
        locked = _LOCKED.search(done.stderr)
        if locked is None:
            lines = [line for line in done.stderr.splitlines() if line.startswith("E:")] or ["no message"]
            raise BedError("packages", f"apt-get {words[0]} failed: {lines[0][:200]}")
        who = f"process {locked['who']}" if locked["who"] else "another program"
        if time.monotonic() > end:
            why = f"apt is in use by {who[:80]}, which holds {locked['file'][:100]}"
            raise BedError("packages", why, "wait until it has ended, then run this again")
        if not told:
            say(f"packages: waiting for {who[:80]}, which uses apt")
            told = True
        time.sleep(_TRY_EVERY_S)
