"""What the shell user may not do, in the words of the tools that say so."""

_LOCK = "Fatal: can't open lock file /run/xtables.lock: Permission denied"
#: Command to what it prints without root.
ROOT_ONLY = {
    "mount": "mount: Permission denied",
    "umount": "umount: Permission denied",
    "nsenter": "nsenter: unshare: Operation not permitted",
    "chown": "chown: Operation not permitted",
    "chcon": "chcon: Operation not permitted",
    "iptables": _LOCK,
    "ip6tables": _LOCK,
}
ROOT_CODES = {"iptables": 4, "ip6tables": 4}
#: Where the shell user may write.
WRITABLE = ("/data/local/tmp", "/sdcard", "/storage/emulated/0", "/dev")


def may_write(path: str, uid: int) -> bool:
    """Whether a user may make or change a file at this (absolute) device path."""
    return uid == 0 or any(path == place or path.startswith(place + "/") for place in WRITABLE)
