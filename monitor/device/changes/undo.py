"""Changes to a device that outlive the command that made them, and the steps that undo them: a closed vocabulary.

A step is written down as its name and its arguments, never as a line for a shell: whoever gets at a journal can at
most have one of these done. Each argument must match its pattern; ``None`` is a setting that was not set.
"""

import re
import shlex
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

#: A step's name and its arguments; empty = there is nothing to undo.
Undo = tuple[str | None, ...]
How = Literal["shell", "root", "reverse", "clock"]
#: Where the monitor keeps its copy of the certificates.
WORK: Final = "/data/local/tmp/monitor-cacerts"
ZYGOTES: Final = "zygote zygote64"
INIT: Final = 1
#: Set by a device owner or the system: Android derives them anew from ``http_proxy`` whenever that is written.
DERIVED_PROXY: Final = (
    "global_http_proxy_host",
    "global_http_proxy_port",
    "global_http_proxy_exclusion_list",
    "global_proxy_pac_url",
)
#: The keyboard in use, a secure setting.
KEYBOARD: Final = "default_input_method"
DEBUG_PROPERTY: Final = "persist.debug.dalvik.vm.jdwp.enabled"
POOL_FLAG: Final = "runtime_native usap_pool_enabled"
POOL_PROPERTY: Final = "persist.device_config.runtime_native.usap_pool_enabled"


class Step(NamedTuple):
    """Who runs it, the pattern of each argument, and the shell line that they make."""

    how: How
    arguments: tuple[re.Pattern[str], ...]
    line: Callable[..., str]


class Change(NamedTuple):
    """A description, the shell line that makes the change and the step that undoes it.

    ``how`` says as which user ``do`` runs. For ``reverse`` it is ``DEVICE HOST``: a device port that is forwarded to a
    host port. For ``clock`` it is the description for users; undone is the number of seconds by which the device's
    clock was ahead of the host's before.
    """

    name: str
    how: How
    do: str
    undo: Undo = ()

    @property
    def undone(self) -> str:
        """What undoes it, for display: the shell line, or the arguments of the step that no shell does."""
        return shell_line(self.undo) or " ".join(word or "" for word in self.undo[1:])


def require(undo: Undo) -> Step | None:
    """The step of the vocabulary; None for one that does nothing. Raises ``ValueError`` for anything else."""
    if not undo:
        return None
    step = _STEPS.get(undo[0] or "")
    if step is None or len(undo) - 1 != len(step.arguments):
        raise ValueError("not a step that undoes anything")
    for value, pattern in zip(undo[1:], step.arguments, strict=True):
        if not (pattern in _MAY_BE_UNSET if value is None else pattern.fullmatch(value)):
            raise ValueError(f"not an argument of {undo[0]}")
    return step


def shell_line(undo: Undo) -> str:
    """The line for the device's shell that does the step, empty if no shell does it. It succeeds if nothing is left of
    the change, whatever removed it (a reboot, a person): a journal never keeps what can no longer be undone. Raises
    ``ValueError``."""
    step = require(undo)
    return step.line(*undo[1:]) if step else ""


def within(process: int | str, line: str) -> str:
    """A shell line that runs another one in the mount namespace of a process: a pid or ``init``; empty = in its own."""
    if not process:
        return line
    pid = INIT if process == "init" else process
    return f"nsenter --mount=/proc/{pid}/ns/mnt -- /system/bin/sh -c {shlex.quote(line)}"


def everywhere(line: str, then: str = "") -> str:
    """A shell line that runs another one in the mount namespaces of the zygotes, their children and, last, of init.

    ``then``: what follows each time, outside."""
    inside = within("$p", line) + then
    each = f"for z in $(pidof {ZYGOTES}); do for p in $z $(pgrep -P $z); do"  # zygote64 may have two pids
    return f"{each} {inside}; done; done; p={INIT}; {inside}"  # apps may end meanwhile: only init's must succeed


def own_port_rule(wait: str, host: str, port: str, uid: str, own_host: str, own_port: str) -> tuple[str, str]:
    """iptables' options, and the rule that sends a UID's connections to the proxy to a port of their own; without
    ``own_host`` it is a port of the device."""
    target = f"DNAT --to-destination {own_host}:{own_port}" if own_host else f"REDIRECT --to-ports {own_port}"
    rule = f"OUTPUT -p tcp -d {host} --dport {port} -m owner --uid-owner {uid} -j {target}"
    return f"{wait} -t nat", rule


def quic_rule(uid: str) -> str:
    """The rule that rejects a UID's QUIC."""
    return f"OUTPUT -p udp --dport 443 -m owner --uid-owner {uid} -j REJECT"


def _put_back(namespace: str, key: str, *values: str | None, then: str = "") -> str:
    """Gives a setting its old value, the first of ``values``. It succeeds if one of them is there afterwards: a device
    that let nobody change it has nothing to undo. ``then``: more, right after it."""
    old = values[0]
    put = ["settings", "delete", namespace, key] if old is None else ["settings", "put", namespace, key, old]
    as_before = " || ".join(f'[ "$now" = {shlex.quote("null" if value is None else value)} ]' for value in values)
    return f'{shlex.join(put)}{then}; now="$(settings get {namespace} {key})"; {as_before}'


def _proxy(old: str, unset: str, *derived: str | None) -> str:
    kept = [(key, text) for key, text in zip(DERIVED_PROXY, derived, strict=True) if text is not None]
    then = "".join(f"; {shlex.join(['settings', 'put', 'global', key, text])}" for key, text in kept)
    return _put_back("global", "http_proxy", old, *([None] if unset else []), then=then)


def _no_rule(tool: str, flags: str, rule: str) -> str:
    return f"{tool} {flags} -D {rule} 2>/dev/null; ! {tool} {flags} -C {rule} 2>/dev/null"


def _unmounted(at: str) -> str:
    return f"umount {at} 2>/dev/null; ! grep -q ' {at} tmpfs ' /proc/mounts"


_TEXT: Final = re.compile(r"[^\0]{0,4000}", re.DOTALL)
_MAY_BE_UNSET: Final = (_TEXT,)
_PORT: Final = r"[0-9]{1,5}"
_UID: Final = r"[0-9]{1,10}"
_ADDRESS: Final = r"[0-9]{1,3}(\.[0-9]{1,3}){3}"
_WAIT: Final = r"-w( 5)?"
_INIT_OR_NOT: Final = r"(init)?"
_SETTINGS: Final = "window_animation_scale|transition_animation_scale|animator_duration_scale|screen_off_timeout"
_SYSTEM_STORE: Final = r"/system/etc/security/cacerts"
_STORES: Final = rf"{_SYSTEM_STORE}|/apex/com\.android\.conscrypt/cacerts"


def _step(how: How, line: Callable[..., str], *arguments: str | re.Pattern[str]) -> Step:
    return Step(how, tuple(re.compile(argument) for argument in arguments), line)


_STEPS: Final[dict[str, Step]] = {
    "setting": _step("shell", _put_back, "global|system", _SETTINGS, _TEXT),
    "keyboard": _step("shell", lambda old: _put_back("secure", KEYBOARD, old), _TEXT),
    "proxy": _step("shell", _proxy, _TEXT, "(unset)?", *[_TEXT] * len(DERIVED_PROXY)),
    "debug_app": _step("shell", lambda: "am clear-debug-app"),
    "network": _step(
        "shell", lambda verb, *names: " && ".join(f"svc {name} {verb}" for name in names if name),
        "enable|disable", "(wifi)?", "(data)?",
    ),
    "reverse": _step("reverse", lambda _: "", _PORT),
    "clock": _step("clock", lambda _: "", "-?[0-9]{1,12}"),
    "quic": _step(
        "root", lambda tool, wait, uid: _no_rule(tool, wait, quic_rule(uid)), "iptables|ip6tables", _WAIT, _UID
    ),
    "own_port": _step(
        "root", lambda *rule: _no_rule("iptables", *own_port_rule(*rule)),
        _WAIT, _ADDRESS, _PORT, _UID, f"({_ADDRESS})?", _PORT,
    ),
    "store_copy": _step("root", lambda where: within(where, f"rm -rf {WORK}"), _INIT_OR_NOT),
    "store_over": _step("root", lambda where, store: within(where, _unmounted(store)), _INIT_OR_NOT, _SYSTEM_STORE),
    "store_work": _step("root", lambda where: within(where, f"{_unmounted(WORK)} && rm -rf {WORK}"), _INIT_OR_NOT),
    "store_bound": _step("root", lambda store: everywhere(f"umount -l {store}", " 2>/dev/null") + "; true", _STORES),
    "frida_server": _step(
        "root", lambda name: f"for p in $(pidof {name}); do kill -9 $p; done; rm -f /data/local/tmp/{name};"
        f" ! ls /data/local/tmp/{name} 2>/dev/null", "[a-z]{9}",
    ),
    "framework": _step("root", lambda: "pidof zygote64 zygote || start"),
    "pool": _step("root", lambda: f"device_config delete {POOL_FLAG} >/dev/null; setprop {POOL_PROPERTY} ''"),
    "debuggable": _step("root", lambda: f"setprop {DEBUG_PROPERTY} ''"),
}  # fmt: skip
