"""Python's threads at another pace: random pauses where threads of the monitor and of the stand-in meet.

``environment(seed, place)`` makes every Python process below it start with ``unsettle``. Pauses are where a busy
machine would put them: before a queue is filled and after it is emptied, around a lock, before a latch is set, at the
beginning of a thread. Nothing else is changed, so that whatever differs depends on the order in which threads run.
"""

from __future__ import annotations

import os
import queue
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
SEED: Final = "MONITOR_TEST_SCHEDULE"
#: One pause in so many meetings, each of at most so many seconds, most of them far shorter.
_ONE_IN: Final = 60
_LONGEST: Final = 0.4
_OURS: Final = ("monitor.", "emulator.")


def environment(seed: int, place: Path) -> dict[str, str]:
    """The environment of a process whose threads, and whose children's, run by the schedule ``seed``."""
    place.mkdir(parents=True, exist_ok=True)
    begin = f"import sys; sys.path.append({str(ROOT)!r})\nfrom bench.unsettled import unsettle\nunsettle()\n"
    (place / "sitecustomize.py").write_text(begin)
    path = os.pathsep.join(filter(None, (str(place), str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return os.environ | {SEED: str(seed), "PYTHONPATH": path}


def unsettle() -> None:
    """Put the pauses in, before anything of the program is loaded."""
    seed = os.environ.get(SEED)
    if seed is None:
        return
    chance = random.Random(f"{seed} {sys.orig_argv[1:4]}")

    def pause() -> None:
        if not chance.randrange(_ONE_IN):
            time.sleep(_LONGEST * chance.random() ** 4)

    _queues(pause)
    _locks(pause)
    _threads(pause, lambda: time.sleep(_LONGEST * chance.random() ** 4))


def _ours(depth: int = 2) -> bool:
    return str(sys._getframe(depth).f_globals.get("__name__", "")).startswith(_OURS)


def _queues(pause: Callable[[], None]) -> None:
    def around(kind: Any) -> Any:
        class Paused(kind):  # type: ignore[misc]
            def put(self, item: Any, *more: Any, **named: Any) -> None:
                if _ours():
                    pause()
                super().put(item, *more, **named)

            def put_nowait(self, item: Any) -> None:
                if _ours():
                    pause()
                super().put(item, block=False)

            def get(self, *more: Any, **named: Any) -> Any:
                item = super().get(*more, **named)
                if _ours():
                    pause()
                return item

        return Paused

    queue.Queue = around(queue.Queue)  # type: ignore[misc]
    queue.SimpleQueue = around(queue.SimpleQueue)  # type: ignore[misc]


def _locks(pause: Callable[[], None]) -> None:
    made = threading.Lock

    class Paused:
        def __init__(self) -> None:
            self._lock = made()

        def acquire(self, *more: Any, **named: Any) -> bool:
            pause()
            return self._lock.acquire(*more, **named)

        def release(self) -> None:
            self._lock.release()
            pause()

        def locked(self) -> bool:
            return self._lock.locked()

        __enter__ = acquire

        def __exit__(self, *_: object) -> None:
            self.release()

    threading.Lock = lambda: Paused() if _ours() else made()  # type: ignore[misc, assignment]


def _threads(pause: Callable[[], None], begin: Callable[[], None]) -> None:
    run, set_ = threading.Thread.run, threading.Event.set

    def begins(self: Any) -> None:
        target = getattr(self, "_target", None)
        if str(getattr(target, "__module__", "")).startswith(_OURS):
            begin()
        run(self)

    def latched(self: threading.Event) -> None:
        if _ours():
            pause()
        set_(self)

    threading.Thread.run = begins  # type: ignore[method-assign]
    threading.Event.set = latched  # type: ignore[method-assign]
