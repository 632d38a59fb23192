"""Child processes for work that must not run in this one, and their framing: length, then bytes."""

import os
import struct
import subprocess
import sys
from typing import IO, Final

from monitor.base.paths import package_data

_MAX_FRAME: Final = 256 << 20
_HEAD: Final = struct.Struct(">I")


def spawn(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Run ``python -m module`` with pipes for its input and output. Raises ``OSError``."""
    root = str(package_data("").resolve().parent)
    path = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
    return subprocess.Popen(
        # -P: never import from the user's working directory. A session of its own: Ctrl-C goes to the parent only.
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )


def send(stream: IO[bytes], data: bytes) -> None:
    """Write one frame and flush. Raises ``OSError`` when the other side is gone."""
    stream.write(_HEAD.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame; None = the other side is gone or sent something that is not a frame."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    if size > _MAX_FRAME:
        return None
    data = stream.read(size)
    return data if len(data) == size else None
