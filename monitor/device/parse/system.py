"""``getprop``, ``date``, ``ps``, control groups and ``/proc/net/{tcp,tcp6,udp}`` as values."""

import re
from typing import Final, NamedTuple

from monitor.session.handset import Socket

_PROPERTY = re.compile(r"^\[([^\[\]\n]{1,256})\]: \[", re.MULTILINE)
_ADDRESS = r"(?:[0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})"
_SOCKET = re.compile(rf"^\s*\d+:\s+{_ADDRESS} {_ADDRESS} ([0-9A-F]{{2}})\s(.*)$")
#: State of a socket that waits for connections.
LISTEN: Final = 0x0A
_STATE = re.compile(r"[RSDTtZXxKWPI][<NLsl+]*")


def getprop(text: str) -> dict[str, str]:
    """All properties of ``getprop`` without argument; a value may span lines (``persist.sys.boot.reason.history``)."""
    _, *parts = _PROPERTY.split(re.sub(r"\r\n?", "\n", text))
    values = (value.rstrip("\n").removesuffix("]").rstrip("\n") for value in parts[1::2])
    return dict(zip(parts[::2], values, strict=True))


def date_us(text: str) -> int | None:
    """``date +%s.%N`` or the shell's ``$EPOCHREALTIME`` in microseconds since the epoch; ``None`` if it is not that (a
    ``date`` without ``%N``)."""
    match = re.fullmatch(r"\s*(\d{9,11})\.(\d{1,9})\s*", text)
    return int(match[1]) * 1_000_000 + int(match[2].ljust(9, "0")) // 1000 if match else None


class Process(NamedTuple):
    """A process; ``name`` of an app's is that of its process, even where tools use its label. ``uid`` -1 = unknown."""

    pid: int
    name: str
    uid: int = -1


def ps(text: str) -> list[Process]:
    """``ps -A`` of toolbox and toybox. Rows are split at white space, because WCHAN overflows its column.

    The name is what follows the state letter; a name with spaces (threads, arguments) is kept whole.
    """
    found = []
    for line in text.replace("\r", "").split("\n"):
        words = line.split()
        if len(words) < 8 or not words[1].isdigit() or not words[2].isdigit():
            continue
        at = next((i for i in range(len(words) - 2, 4, -1) if _STATE.fullmatch(words[i])), None)
        if at is not None:
            found.append(Process(int(words[1]), " ".join(words[at + 1 :])))
    return found


def running(text: str) -> list[Process]:
    """``ps -A -o UID:1=,PID:1=,ARGS:1= -n``. The name is the first word of the command line."""
    rows = (line.split(maxsplit=3) for line in text.replace("\r", "").split("\n"))
    full = (words for words in rows if len(words) >= 3 and words[0].isdigit() and words[1].isdigit())
    return [Process(int(words[1]), words[2], int(words[0])) for words in full]


def cgroup(text: str) -> str:
    """``/proc/PID/cgroup``: the path of version 2 (``0::/uid_10123/pid_4711``); empty = none of its own."""
    found = re.search(r"^0::((?:/[\w.-]+)+)\r?$", text, re.MULTILINE | re.ASCII)
    return "" if found is None or ".." in found[1] else found[1]


def sockets(text: str) -> list[Socket]:
    """Sockets of ``/proc/net/tcp``, ``tcp6`` or ``udp``."""
    found = []
    for match in filter(None, map(_SOCKET.match, text.split("\n"))):
        rest = match[4].split()  # queues, timer, retransmits, uid, timeout, inode …
        if len(rest) >= 6 and rest[3].isdigit() and rest[5].isdigit():
            local, remote, state = (int(part, 16) for part in match.groups()[:3])
            found.append(Socket(local, remote, state, int(rest[3]) if int(rest[5]) else None))
    return found
