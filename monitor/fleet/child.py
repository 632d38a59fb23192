"""A session's process on a worker: ``monitor`` with these words, ended in order when the worker is gone."""

import os
import runpy
import threading
import time
from typing import Final

from monitor.base import host

#: How long a session may take to seal what it has.
_SEAL_S: Final = 60


def _watch() -> None:
    """The worker holds the other end of standard input; it closes with it, however that ends."""
    while os.read(0, 1):
        pass
    host.interrupt()
    time.sleep(_SEAL_S)
    host.kill(os.getpid())


if __name__ == "__main__":
    threading.Thread(target=_watch, daemon=True).start()
    runpy.run_module("monitor", run_name="__main__")
