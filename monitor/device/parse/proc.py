"""``ps``, ``pidof`` and ``/proc/net/{tcp,tcp6,udp}``."""

import re
from typing import Final, NamedTuple

from monitor.session.handset import Socket

_ADDRESS = r"(?:[0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})"
_ROW = re.compile(rf"^\s*\d+:\s+{_ADDRESS} {_ADDRESS} ([0-9A-F]{{2}})\s(.*)$")
#: State of a socket that waits for connections.
LISTEN: Final = 0x0A
_STATE = re.compile(r"[RSDTtZXxKWPI][<NLsl+]*")


class Process(NamedTuple):
    """A row of ``ps``."""

    pid: int
    name: str


def pids(text: str) -> list[int]:
    """``pidof NAME``: numbers on one line, none if there is no such process."""
    return [int(word) for word in text.split() if word.isdigit() and len(word) < 10]


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


def cgroup(text: str) -> str:
    """``/proc/PID/cgroup``: the path of version 2 (``0::/uid_10123/pid_4711``); empty = none of its own."""
    found = re.search(r"^0::((?:/[\w.-]+)+)\r?$", text, re.MULTILINE | re.ASCII)
    return "" if found is None or ".." in found[1] else found[1]


def frozen(text: str) -> bool:
    """``cgroup.events``: whether every process of the group is frozen."""
    return re.search(r"^frozen 1\r?$", text, re.MULTILINE) is not None


class Running(NamedTuple):
    """A process by its command line; ``uid`` -1 = unknown."""

    uid: int
    pid: int
    command: str


def running(text: str) -> list[Running]:
    """``ps -A -o UID:1=,PID:1=,ARGS:1= -n``. ``command`` is the first word of the line: an app's process name."""
    found = []
    for line in text.replace("\r", "").split("\n"):
        words = line.split(maxsplit=3)
        if len(words) >= 3 and words[0].isdigit() and words[1].isdigit():
            found.append(Running(int(words[0]), int(words[1]), words[2]))
    return found


def sockets(text: str) -> list[Socket]:
    """Sockets of ``/proc/net/tcp``, ``tcp6`` or ``udp``."""
    found = []
    for line in text.split("\n"):
        match = _ROW.match(line)
        if not match:
            continue
        rest = match[4].split()  # queues, timer, retransmits, uid, timeout, inode …
        if len(rest) < 6 or not rest[3].isdigit() or not rest[5].isdigit():
            continue
        local, remote, state = (int(part, 16) for part in match.groups()[:3])
        found.append(Socket(local, remote, state, int(rest[3]) if int(rest[5]) else None))
    return found
