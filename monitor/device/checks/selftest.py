"""Run every parser on the device's current output, to detect an unknown output format before a session."""

from collections.abc import Callable
from typing import Final, NamedTuple

from monitor.base.checks import Check
from monitor.base.errors import EnvironmentFault
from monitor.device import parse
from monitor.device.adb import AdbDevice
from monitor.device.watch import FORMAT


class Probe(NamedTuple):
    """A command, and how many items its parser finds in the output. ``least``: fewer means an unknown format."""

    name: str
    argv: list[str]
    count: Callable[[str], int]
    least: int = 1


def _lines(text: str) -> int:
    return sum(parse.log.line(line) is not None for line in text.splitlines())


def _times(text: str) -> int:
    return sum(parse.props.date_us(line) is not None for line in text.splitlines())


#: Read only; every command is one that a session uses.
PROBES: Final = (
    Probe("getprop", ["getprop"], lambda text: len(parse.props.getprop(text)), 5),
    Probe("date", ["sh", "-c", "date +%s.%N; echo $EPOCHREALTIME"], _times),
    Probe("settings_list", ["settings", "list", "global"], lambda text: len(parse.props.settings_list(text)), 0),
    Probe("pm_list", ["pm", "list", "packages"], lambda text: len(parse.package.listed(text))),
    Probe("dumpsys_window", ["dumpsys", "window"], lambda text: int(parse.window.focused(text) is not None), 0),
    Probe("dumpsys_activities", ["dumpsys", "activity", "activities"], lambda t: len(parse.window.resumed(t)), 0),
    Probe("ps", ["ps", "-A"], lambda text: len(parse.proc.ps(text))),
    Probe("proc_net_tcp6", ["cat", "/proc/net/tcp6"], lambda text: len(parse.proc.sockets(text)), 0),
    Probe("event_log_tags", ["cat", "/dev/event-log-tags"], lambda text: len(parse.events.schema(text)), 0),
    Probe("logcat_main", ["logcat", "-d", "-t", "50", *FORMAT], _lines, 0),
    Probe("logcat_events", ["logcat", "-b", "events", "-d", "-t", "50", *FORMAT], _lines, 0),
)


def selftest(device: AdbDevice) -> tuple[list[Check], dict[str, str]]:
    """One check per parser, and the raw output of each command by name (may contain personal values)."""
    checks, outputs = [], {}
    for probe in PROBES:
        check, text = _one(device, probe)
        checks.append(check)
        outputs[probe.name] = text
    try:
        nodes, raw = device.ui()
        outputs["uiautomator_dump"] = raw.decode("utf-8", "replace")
        checks.append(_found("uiautomator_dump", len(nodes), 1))
    except EnvironmentFault as fault:
        checks.append(Check(name="parser", state="warn", detail=f"uiautomator_dump: {fault.message}", needed=False))
    return checks, outputs


def _one(device: AdbDevice, probe: Probe) -> tuple[Check, str]:
    try:
        result = device.shell(probe.argv, timeout=60)
    except EnvironmentFault as fault:
        return Check(name="parser", state="warn", detail=f"{probe.name}: {fault.message}", needed=False), ""
    if result.code:
        why = (result.text.strip().splitlines() or ["no output"])[0][:160]
        detail = f"{probe.name}: exit code {result.code}: {why}"
        return Check(name="parser", state="warn", detail=detail, needed=False), result.text
    return _found(probe.name, probe.count(result.out), probe.least), result.out


def _found(name: str, count: int, least: int) -> Check:
    if count < least:
        return Check(name="parser", state="fail", detail=f"{name}: nothing could be read from the answer")
    return Check(name="parser", state="ok", detail=f"{name}: {count or 'nothing present now, 0'} read")
