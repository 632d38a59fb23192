"""Generated files: /proc and the sockets of app processes in Android's formats, read from the host's own /proc."""

import contextlib
import os
import re
from pathlib import Path

from emulator.standin.apps.applayer import Process
from emulator.standin.network.neighbours import listed
from emulator.standin.state.device import DeviceState

_HEAD4 = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
_HEAD6 = (
    "  sl  local_address                         remote_address                        st tx_queue rx_queue tr "
    "tm->when retrnsmt   uid  timeout inode"
)
_HEADU = f" {_HEAD4} ref pointer drops"
HEADS = {"tcp": _HEAD4, "tcp6": _HEAD6, "udp": _HEADU, "udp6": _HEADU}
_NET = re.compile(r"/proc/(?:(\d+|self)/)?net/(tcp6?|udp6?)\Z")
_PID = re.compile(r"/proc/(\d+)/(cmdline|status|stat|comm|oom_score_adj|attr/current|ns/mnt|cgroup)\Z")
_EVENTS = re.compile(r"/sys/fs/cgroup/uid_\d+/pid_(\d+)/cgroup\.events\Z")
TIME_WAIT = "06"


class ProcFiles:
    """`read(path)` gives the content of a generated file, None if it is none."""

    def __init__(self, state: DeviceState) -> None:
        self._state = state
        self._seen: set[str] = set()
        self._ran: dict[int, int] = {}

    def read(self, path: str) -> bytes | None:
        if path == "/dev/null":
            return b""
        if entry := _EVENTS.match(path):
            return self._frozen(int(entry.group(1)))
        if path == "/sys/class/net/wlan0/address":
            return f"{self._state.get('wifi.mac')}\n".encode()
        if self._state.sdk >= 26 and path == f"/data/system/users/{self._state.user}/settings_ssaid.xml":
            return self._state.ssaid_file()
        if not path.startswith("/proc/"):
            return None
        if path == "/proc/uptime":
            up = self._state.clock.uptime_ns() / 1e9
            return f"{up:.2f} {up * 1.7:.2f}\n".encode()
        if path == "/proc/version":
            return b"Linux version 5.15.0-standin (standin@standin) #1 SMP PREEMPT\n"
        if path == "/proc/meminfo":
            return b"MemTotal:        4046340 kB\nMemFree:          412340 kB\nMemAvailable:    1846340 kB\n"
        if path in ("/proc/mounts", "/proc/self/mounts", "/proc/self/mountinfo"):
            return mount_table(self._state).encode()
        if net := _NET.match(path):
            return self.net(net.group(2)).encode()
        if entry := _PID.match(path):
            return self._process(int(entry.group(1)), entry.group(2))
        return None

    def _process(self, pid: int, name: str) -> bytes | None:
        process = self._state.app.processes.get(pid)
        if process or pid in (1, 2000):
            title = process.name if process else "init"
            uid = process.uid if process else 0
            texts = {
                "cmdline": title + "\0",
                "comm": title[-15:] + "\n",
                "oom_score_adj": "0\n",
                "cgroup": f"0::/uid_{uid}/pid_{pid}\n" if process else "0::/\n",
                "ns/mnt": "",
                "attr/current": "u:r:untrusted_app:s0\n" if process else "u:r:init:s0\n",
                "stat": f"{pid} ({title[-15:]}) S 1 1 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0\n",
                "status": f"Name:\t{title[-15:]}\nState:\tS (sleeping)\nTgid:\t{pid}\nPid:\t{pid}\nPPid:\t{1}\n"
                f"TracerPid:\t0\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\nGid:\t{uid}\t{uid}\t{uid}\t{uid}\n",
            }
            return texts[name].encode()
        return None

    def _frozen(self, pid: int) -> bytes | None:
        """Here a process that is stopped stands for one that is frozen: all of its threads, whatever it calls them, if
        none has run since the last look."""
        process = self._state.app.processes.get(pid)
        if process is None:
            return None
        states, ran = set(), 0
        try:
            for thread in Path(f"/proc/{process.host or process.pid}/task").iterdir():
                states.add((thread / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[0])
                ran += int((thread / "schedstat").read_text("ascii").split()[0])
        except (OSError, ValueError, IndexError):  # a thread that ended meanwhile: it is not frozen
            return None
        still = self._ran.get(pid) == ran
        self._ran[pid] = ran
        return f"populated 1\nfrozen {int(states == {'T'} and still)}\n".encode()

    def net(self, table: str) -> str:
        """The app processes' real sockets, with the app's uid; in TIME_WAIT uid and inode are 0."""
        owner: dict[str, int] = {}
        for process in list(self._state.app.processes.values()):
            for inode in socket_inodes(process):
                owner[inode] = process.uid
        # Read once: on a machine that may have many sockets each reading costs milliseconds, and in a second one the
        # same socket could be listed again.
        listed = host_rows(self._state, table)
        found = [(fields, owner[fields[9]]) for fields in listed if fields[9] in owner]
        ports = {fields[1] for fields, _ in found}
        self._seen = self._seen | ports if len(self._seen) < 10_000 else ports
        for port in self._state.served.values() if table == "tcp" else ():
            row = ["", f"0100007F:{port:04X}", "00000000:0000", "0A", "00000000:00000000", "00:00000000", "00000000"]
            found.append(([*row, "0", "0", "4242", "1"], 0))
        found += [(fields, 0) for fields in listed if fields[3] == TIME_WAIT and fields[1] in self._seen]
        rows = [_row(number, fields, uid) for number, (fields, uid) in enumerate(found)]
        return "\n".join([HEADS[table], *rows]) + "\n"


def socket_inodes(process: Process) -> set[str]:
    """Inodes of the sockets a process holds."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for entry in os.scandir(f"/proc/{process.host or process.pid}/fd"):
            with contextlib.suppress(OSError):
                target = str(Path(entry.path).readlink())
                if target.startswith("socket:["):
                    found.add(target[8:-1])
    return found


def uid_of(state: DeviceState, port: int) -> int | None:
    """Which app's socket has this local port; None if none has it."""
    wanted = f":{port:04X}"
    inodes = {
        fields[9] for table in ("tcp", "tcp6") for fields in host_rows(state, table) if fields[1].endswith(wanted)
    }
    for process in list(state.app.processes.values()):
        if inodes & socket_inodes(process):
            return process.uid
    return None


def host_rows(state: DeviceState, table: str) -> list[list[str]]:
    """Rows of the table of the network that the apps are in."""
    island = getattr(state.app, "island", None)
    return listed(table, island.pid if island else "self")


def _row(number: int, fields: list[str], uid: int) -> str:
    tail = " ".join(fields[10:])
    return (
        f"{number:4d}: {fields[1]} {fields[2]} {fields[3]} {fields[4]} {fields[5]} {fields[6]} "
        f"{uid:5d} {fields[8]:>8} {fields[9] if uid or fields[3] != TIME_WAIT else 0} {tail}"
    ).rstrip()


def mount_table(state: DeviceState) -> str:
    """As /proc/mounts and `mount` know it, oldest first."""
    rows = [
        "/dev/block/dm-0 / ext4 ro,seclabel,relatime 0 0",
        "tmpfs /dev tmpfs rw,seclabel,nosuid,relatime,mode=755 0 0",
        "/dev/block/dm-5 /data f2fs rw,lazytime,seclabel,nosuid,nodev,noatime 0 0",
        "/dev/fuse /storage/emulated fuse rw,lazytime,nosuid,nodev,noexec,noatime 0 0",
    ]
    rows += [f"tmpfs {m.at} tmpfs rw,seclabel,relatime 0 0" for m in state.fs.mounts]
    return "\n".join(rows) + "\n"
