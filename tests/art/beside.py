"""Twenty identifiers read by one app on the stand-in and on Android's own framework, side by side:
``python -m tests.art.beside``.

One line a read: the hook that reported it, what came of it, and which hooked methods the call went through inside;
below it, where those differ, why (`DIFFERENT`). Ends with 1 if anything else differs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from bench.runtimes import Quiet
from monitor.events import ApiCall, Stack, Tap
from monitor.evidence.lines import read_events
from monitor.record import Options, record
from tests.hooks.support import APP
from tests.javaapp import manifest, packed

HERE = Path(__file__).parent / "framework"
#: What the app holds; permissions to run are given by the scenario.
PERMISSIONS = (
    *("READ_PHONE_STATE", "READ_PHONE_NUMBERS", "ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION", "READ_CONTACTS"),
    *("GET_ACCOUNTS", "QUERY_ALL_PACKAGES"),
)
SIDES = ("standin:@34", "standin:aosp")
#: Twenty identifiers, one of them read again, and one by a method that is inherited.
READS = 22
#: Reads that go through other hooked methods inside, and why the stand-in is not like that.
DIFFERENT = {
    "telephony.get_sim_operator": "Android reads a system property, the stand-in asks its device",
    "telephony.get_network_operator": "Android reads a system property, the stand-in asks its device",
    "apps.installed_applications": "an overload of the stand-in goes through another one (nesting.yaml)",
}


class Read(NamedTuple):
    """A read as it was reported."""

    hook: str
    outcome: str
    own: bool
    """The app's frame is in its stack."""
    inner: tuple[str, ...]


def app(folder: Path) -> Path:
    """The app, packed."""
    names = ("Reads", "Identifiers")
    sources = {f"{APP.replace('.', '/')}/{name}": (HERE / f"{name}.java").read_text("utf-8") for name in names}
    return packed(folder, manifest(APP, "Identifiers", permissions=PERMISSIONS), sources)


def reads(device: str, file: Path, bundle: Path) -> list[Read]:
    """The app's reads in a session, in their order. Raises SystemExit where it did not get to its end."""
    outcome = record(
        Options(scenario=str(HERE / "identifiers.yaml"), app=str(file), device=device, out=bundle), Quiet()
    )
    if outcome.session.cause:
        raise SystemExit(f"{device}: {outcome.session.cause}")
    events = list(read_events(bundle))
    stacks = {one.stack: one.frames for one in events if isinstance(one, Stack)}
    tapped = next(one.seq for one in events if isinstance(one, Tap))
    found = []
    for one in events:
        if isinstance(one, ApiCall) and one.role == "source" and not one.parent and one.seq > tapped:
            own = any(frame.cls == f"{APP}.Reads" for frame in stacks.get(one.stack, []))
            found.append(Read(one.hook, one.outcome, own, tuple(".".join(x.split(".")[-2:]) for x in one.inner)))
    return found


def different(one: list[Read], other: list[Read]) -> set[str]:
    """Hooks of the reads that go through other methods inside."""
    return {mine.hook for mine, theirs in zip(one, other, strict=True) if mine.inner != theirs.inner}


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        file = app(Path(name))
        sides = [reads(device, file, Path(name) / str(at)) for at, device in enumerate(SIDES)]
    print(f"{'hook':46}{'outcome':10}{'app in stack':14}{'inside, stand-in':60} inside, Android")
    for one, other in zip(*sides, strict=False):
        inside = [", ".join(side.inner) or "-" for side in (one, other)]
        seen = "yes" if one.own and other.own else "no"
        print(f"{one.hook:46}{one.outcome:10}{seen:14}{inside[0]:60} {inside[1]}")
        if one.inner != other.inner:
            print(f"  {DIFFERENT.get(one.hook, 'no reason is known')}")
    same = [[read[:3] for read in side] for side in sides]
    whole = len(sides[0]) == READS and all(read.own for side in sides for read in side)
    return 0 if whole and same[0] == same[1] and different(*sides) == DIFFERENT.keys() else 1


if __name__ == "__main__":
    sys.exit(main())
