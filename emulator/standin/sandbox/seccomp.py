"""The filter of system calls that app processes run under: what reaches the kernel's wider surface fails with EPERM.

The namespaces keep an app in; the filter keeps from it what no app needs and past faults of kernels needed: mounts, new
namespaces, keys, modules, BPF, io_uring, sockets of other families. Calls for debugging stay: Frida's agent traces the
threads of its own process, and no process but apps is in sight.
"""

from __future__ import annotations

import os
import struct

#: Names and numbers: x86-64, arm64 (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
_DENIED: dict[str, tuple[int, int | None]] = {
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "pidfd_getfd": (438, 438), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "bpf": (321, 280), "perf_event_open": (298, 241), "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264), "syslog": (103, 116), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "sethostname": (170, 161), "setdomainname": (171, 162), "fanotify_init": (300, 262),
    "userfaultfd": (323, 282), "memfd_secret": (447, 447), "statmount": (457, 457), "listmount": (458, 458),
    "open_tree_attr": (467, 467), "modify_ldt": (154, None),
}  # fmt: skip
_MACHINES = {"x86_64": (0, 0xC000003E, 56, 41), "aarch64": (1, 0xC00000B7, 220, 198)}
"""Column above, AUDIT_ARCH, and the numbers of clone and socket."""
_CLONE3 = 435
_NEW = 0x7E020000
"""Every CLONE_NEW… of clone(2)."""
_FAMILIES = (1, 2, 10, 16)
"""UNIX, INET, INET6, NETLINK."""
_X32 = 0x40000000
_EPERM, _ENOSYS, _EAFNOSUPPORT = 1, 38, 97
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _FIRST = 0, 4, 16
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


def program(machine: str = "") -> bytes:
    """The BPF program, an array of ``struct sock_filter``. Raises OSError for a machine whose calls are not known."""
    machine = machine or os.uname().machine
    if machine not in _MACHINES:
        raise OSError(_ENOSYS, f"no filter of system calls for {machine}")
    column, arch, clone, socket = _MACHINES[machine]

    def unless(code: int, value: int, result: int) -> list[tuple[int, int, int, int]]:
        return [(code, 0, 1, value), (_RETURN, 0, 0, result)]

    lines = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _ERRNO | _ENOSYS), (_LOAD, 0, 0, _NUMBER)]
    if machine == "x86_64":
        lines += unless(_AT_LEAST, _X32, _ERRNO | _ENOSYS)
    lines += unless(_EQUAL, _CLONE3, _ERRNO | _ENOSYS)  # its flags lie behind a pointer; the C library then takes clone
    for numbers in _DENIED.values():
        if (denied := numbers[column]) is not None:
            lines += unless(_EQUAL, denied, _ERRNO | _EPERM)
    lines += [(_EQUAL, 0, 4, clone), (_LOAD, 0, 0, _FIRST), *unless(_ANY_BIT, _NEW, _ERRNO | _EPERM)]
    lines += [(_RETURN, 0, 0, _ALLOW)]
    lines += [(_EQUAL, 1, 0, socket), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _FIRST)]
    for family in _FAMILIES:
        lines += unless(_EQUAL, family, _ALLOW)
    lines.append((_RETURN, 0, 0, _ERRNO | _EAFNOSUPPORT))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
