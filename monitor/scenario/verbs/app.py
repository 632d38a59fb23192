"""Verbs about the app's lifecycle: launching, stopping, background, permissions set in advance, the device's clock."""

from collections.abc import Callable
from typing import Annotated, Final, Literal

from pydantic import Field

from monitor.base.yamlfile import matching
from monitor.events import Lifecycle
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.registry import Duration, Wait, verb

State = Literal["allow", "deny", "unset"]
Permissions = dict[str, State]
"""Permission (full or last part of its name, or ``all``) to state."""
_START_MS: Final = 3000


@verb("launchApp", short="appId", takes_ms=_START_MS)
def launch_app(
    run: Run, *, appId: str = "", clearState: bool = False, stopApp: bool = True, permissions: Permissions | None = None
) -> None:
    """Start the app; ``clearState`` clears its data; permissions stay unset."""
    app = appId or run.app
    if stopApp:
        run.port.stop(app)
    if clearState:
        _clear(run, app)
    if permissions:
        _permissions(run, app, permissions)
    _launch(run, app)


@verb("stopApp", short="appId")
def stop_app(run: Run, *, appId: str = "") -> None:
    """Force-stop the app."""
    run.port.stop(appId or run.app)


@verb("killApp", short="appId")
def kill_app(run: Run, *, appId: str = "") -> None:
    """Kill the app's processes as the system does when memory is low (puts the app in the background first)."""
    app = appId or run.app
    if app == run.app and run.in_front():
        _leave(run)

    def gone() -> bool:
        if run.port.pids(app):
            run.port.kill(app)  # spares whatever the system still takes for visible: a moment later it is not
        return not run.port.pids(app)

    if not run.until(gone, TIMEOUTS["front"]):
        raise StepFailed("the system did not kill the app: a service in the foreground keeps it")


@verb("clearState", short="appId")
def clear_state(run: Run, *, appId: str = "") -> None:
    """Clear the app's data and permissions, as after a fresh install."""
    _clear(run, appId or run.app)


@verb("setPermissions")
def set_permissions(run: Run, *, permissions: Permissions, appId: str = "") -> None:
    """Allow, deny or unset runtime permissions without a dialog."""
    _permissions(run, appId or run.app, permissions)


@verb("background", short="duration", takes_ms=500, waits="duration")
def background(run: Run, *, duration: Wait = 0) -> None:
    """Press HOME, confirm that the app has left the foreground, and stay for ``duration``."""
    _leave(run)
    run.wait(duration / 1000)


@verb("foreground", takes_ms=_START_MS)
def foreground(run: Run) -> None:
    """Bring the app back to the foreground; restart it if its process is gone."""
    _launch(run, run.app, run.port.start if run.port.pids(run.app) else run.launcher)
    _report(run, "foreground", "icon")


@verb("restart", takes_ms=_START_MS)
def restart(run: Run) -> None:
    """Stop the app and start it again, keeping its data."""
    run.port.stop(run.app)
    _launch(run, run.app)


@verb("clock", short="advance", called=lambda args: f"+{args.advance / 3_600_000:g} h")
def clock(run: Run, *, advance: Duration) -> None:
    """Move the device's clock forward (needs root); recorded, and every clock is compared again."""
    seconds = advance // 1000
    run.port.move_clock(seconds)
    _report(run, "clock_moved", "scenario", seconds=str(seconds))
    if run.clock_moved is not None:
        run.clock_moved(seconds)


@verb("openLink", short="link")
def open_link(run: Run, *, link: Annotated[str, Field(min_length=1, max_length=2000)]) -> None:
    """Open a link on the device."""
    run.port.open_link(link)


@verb("startActivity", short="activity", takes_ms=_START_MS, called="{0.activity}")
def start_activity(
    run: Run, *, activity: Annotated[str, matching(r"[A-Za-z_][\w.$]{0,254}", "not a class such as com.example.Page")]
) -> None:
    """Start an activity of the app by an intent, past the way that a user would take."""
    run.port.start_activity(run.app, activity)
    run.comes()


@verb("network", short="state", called="{0.state}")
def network(run: Run, *, state: Literal["on", "off"]) -> None:
    """Switch Wi-Fi and mobile data off or on; the previous state is restored after the session."""
    run.port.set_network(state == "on")
    _report(run, "network", "scenario", state=state)


@verb("setLocation")
def set_location(
    run: Run, *, latitude: Annotated[float, Field(ge=-90, le=90)], longitude: Annotated[float, Field(ge=-180, le=180)]
) -> None:
    """Set a test position (not a person's) on the device, in degrees, where that is possible."""
    run.port.set_location(latitude, longitude)


def _launch(run: Run, app: str, start: Callable[[str], object] | None = None) -> None:
    """Start an app, and wait until that under test is in front."""
    (start or run.launcher)(app)
    if app == run.app and not run.comes():
        raise StepFailed("the app did not come to the front")


def _leave(run: Run) -> None:
    """Press HOME, and wait until the app has left the foreground."""
    run.port.key("KEYCODE_HOME")
    if not run.until(lambda: not run.in_front(unknown=True), TIMEOUTS["slow"]):
        raise StepFailed("the app stayed in the foreground after HOME")
    _report(run, "background", "home key")


def _clear(run: Run, app: str) -> None:
    run.port.clear(app)
    _permissions(run, app, {"all": "unset"})
    if app == run.app:
        _report(run, "data_cleared", "scenario")


def _permissions(run: Run, app: str, wanted: Permissions) -> None:
    """Apply states. ``all`` means every runtime permission the package manager lists for the user."""
    package = run.port.package(app)
    if package is None:
        raise StepFailed(f"{app} is not installed")
    known = package.answers
    full_names = {name.rpartition(".")[2]: name for name in known}
    states: dict[str, State] = {}
    for name, state in sorted(wanted.items(), key=lambda entry: entry[0] != "all"):
        named = name if "." in name else full_names.get(name, f"android.permission.{name}")
        states |= dict.fromkeys(known if name == "all" else [named], state)
    for name, state in states.items():
        grant = known.get(name)
        unset = grant is not None and not grant.granted and not grant.flags & {"USER_SET", "USER_FIXED"}
        if state != "unset" or not unset:
            run.port.set_permission(app, name, state)


def _report(run: Run, what: str, cause: str, **detail: str) -> None:
    run.emit(Lifecycle(**run.base(), what=what, cause=cause, detail=detail))  # type: ignore[arg-type]
