"""Verbs about the app's lifecycle: launching, stopping, background, permissions set in advance, the device's clock."""

from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import Field

from monitor.events import Lifecycle
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.registry import Args, Duration, Wait, verb

State = Literal["allow", "deny", "unset"]


class OneApp(Args):
    """An app, by default the one under test."""

    appId: str = ""


class SetPermissions(OneApp):
    """Permission (full or last part of its name, or ``all``) to state."""

    permissions: dict[str, State]


class LaunchApp(OneApp):
    """Permissions are never granted unless the scenario says so."""

    clearState: bool = False
    stopApp: bool = True
    permissions: dict[str, State] = {}
    takes_ms = 3000


class Background(Args):
    """How long to stay there."""

    duration: Wait = 0

    def planned_ms(self) -> int:
        """The stay."""
        return self.duration + 500


class Restart(Args):
    """Only the common arguments."""

    takes_ms = LaunchApp.takes_ms


class Clock(Args):
    """How far to move the device's clock."""

    advance: Duration

    def title(self) -> str:
        """The distance in hours."""
        return self.label or f"+{self.advance / 3_600_000:g} h"


class Location(Args):
    """A position in degrees (a test position, not a person's)."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class NetworkArgs(Args):
    """Whether the device has a network."""

    state: Literal["on", "off"]
    called = "{0.state}"


class Link(Args):
    """A link for the app that claims it."""

    link: str = Field(min_length=1, max_length=2000)


@verb("launchApp", LaunchApp, short="appId")
def launch_app(run: Run, args: LaunchApp) -> None:
    """Start the app; ``clearState`` clears its data; permissions stay unset."""
    app = args.appId or run.app
    if args.stopApp:
        run.port.stop(app)
    if args.clearState:
        _clear(run, app)
    if args.permissions:
        _permissions(run, app, args.permissions)
    _launch(run, app)


@verb("stopApp", OneApp, short="appId")
def stop_app(run: Run, args: OneApp) -> None:
    """Force-stop the app."""
    run.port.stop(args.appId or run.app)


@verb("killApp", OneApp, short="appId")
def kill_app(run: Run, args: OneApp) -> None:
    """Kill the app's processes as the system does when memory is low (puts the app in the background first)."""
    app = args.appId or run.app
    if app == run.app and run.in_front():
        _leave(run)

    def gone() -> bool:
        if run.port.pids(app):
            run.port.kill(app)  # spares whatever the system still takes for visible: a moment later it is not
        return not run.port.pids(app)

    if not run.until(gone, TIMEOUTS["front"]):
        raise StepFailed("the system did not kill the app: a service in the foreground keeps it")


@verb("clearState", OneApp, short="appId")
def clear_state(run: Run, args: OneApp) -> None:
    """Clear the app's data and permissions, as after a fresh install."""
    _clear(run, args.appId or run.app)


@verb("setPermissions", SetPermissions)
def set_permissions(run: Run, args: SetPermissions) -> None:
    """Allow, deny or unset runtime permissions without a dialog."""
    _permissions(run, args.appId or run.app, args.permissions)


@verb("background", Background, short="duration")
def background(run: Run, args: Background) -> None:
    """Press HOME, confirm that the app has left the foreground, and stay for ``duration``."""
    _leave(run)
    run.wait(args.duration / 1000)


@verb("foreground", Restart)
def foreground(run: Run, args: Restart) -> None:
    """Bring the app back to the foreground; restart it if its process is gone."""
    _launch(run, run.app, run.port.start if run.port.pids(run.app) else run.launcher)
    _report(run, "foreground", "icon")


@verb("restart", Restart)
def restart(run: Run, args: Restart) -> None:
    """Stop the app and start it again, keeping its data."""
    run.port.stop(run.app)
    _launch(run, run.app)


@verb("clock", Clock, short="advance")
def clock(run: Run, args: Clock) -> None:
    """Move the device's clock forward (needs root); recorded, and every clock is compared again."""
    seconds = args.advance // 1000
    run.port.move_clock(seconds)
    _report(run, "clock_moved", "scenario", seconds=str(seconds))
    if run.clock_moved is not None:
        run.clock_moved(seconds)


@verb("openLink", Link, short="link")
def open_link(run: Run, args: Link) -> None:
    """Open a link on the device."""
    run.port.open_link(args.link)


@verb("network", NetworkArgs, short="state")
def network(run: Run, args: NetworkArgs) -> None:
    """Switch Wi-Fi and mobile data off or on; the previous state is restored after the session."""
    run.port.set_network(args.state == "on")
    _report(run, "network", "scenario", state=args.state)


@verb("setLocation", Location)
def set_location(run: Run, args: Location) -> None:
    """Set a test position on the device, where that is possible."""
    run.port.set_location(args.latitude, args.longitude)


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


def _permissions(run: Run, app: str, wanted: Mapping[str, State]) -> None:
    """Apply states. ``all`` means every runtime permission the package manager lists for the user."""
    package = run.port.package(app)
    if package is None:
        raise StepFailed(f"{app} is not installed")
    known = package.answers
    states: dict[str, State] = dict.fromkeys(known, wanted["all"]) if "all" in wanted else {}
    for name, state in wanted.items():
        if name == "all":
            continue
        full = name if "." in name else next((one for one in known if one.rpartition(".")[2] == name), "")
        states[full or f"android.permission.{name}"] = state
    for name, state in states.items():
        have = known.get(name)
        if state == "unset" and have is not None and not have.granted and not have.flags & {"USER_SET", "USER_FIXED"}:
            continue
        run.port.set_permission(app, name, state)


def _report(run: Run, what: str, cause: str, **detail: str) -> None:
    run.emit(Lifecycle(**run.base(), what=what, cause=cause, detail=detail))  # type: ignore[arg-type]
