"""How often an app's QUIC was rejected: packet counts of the rules added by provisioning."""

import re
from typing import Final

from monitor.base.errors import MonitorError
from monitor.device.adb import AdbDevice
from monitor.device.provision.plan import SANDBOX_UIDS

_OWNER: Final = re.compile(r"\bowner UID match (\d+)\b")
_COUNT: Final = re.compile(r"(\d+)([KMGT]?)")
_SCALE: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def rejected(text: str, uid: int) -> int:
    """Packets of a UID and its SDK sandbox to UDP port 443 that were rejected, from ``iptables -nvxL OUTPUT`` (counts
    may be rounded)."""
    total = 0
    for line in text.splitlines():
        words = line.split()
        if len(words) < 4 or "dpt:443" not in words or words[2] not in ("REJECT", "DROP"):
            continue
        owner, count = _OWNER.search(line), _COUNT.fullmatch(words[0])
        if owner and int(owner[1]) in (uid, uid + SANDBOX_UIDS) and count:
            total += int(count[1]) * _SCALE[count[2]]
    return total


def count_rejected(device: AdbDevice, uid: int) -> int | None:
    """Rejected packets over IPv4 and IPv6; None if unknown."""
    total = 0
    for tool in ("iptables", "ip6tables"):
        try:
            answer = device.as_root([tool, "-nvxL", "OUTPUT"])
        except MonitorError:
            return None
        if answer.code:
            return None
        total += rejected(answer.out, uid)
    return total
