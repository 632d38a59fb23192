"""What an exploration saw and decided (``monitor/scenario/explore``). Labels are the app's own: bounded, hostile."""

import msgspec

from monitor.events.base import Base


class PlaceSeen(Base, frozen=True, kw_only=True, tag="place_seen"):
    """A place of the app was seen for the first time."""

    place: str
    activity: str = ""
    window_kind: str = ""
    """``page`` or ``dialog``."""
    title: str = ""
    controls: int = 0
    tree: str = ""


class Decision(Base, frozen=True, kw_only=True, tag="decision"):
    """What the exploration does next, and why."""

    step: int
    place: str = ""
    reading: str = ""
    """What the window asks, as the consent reader reads it: scopes, ``permission``, ``unread`` or ``none``."""
    policy: str = ""
    """What is answered: ``accept``, ``refuse``, ``ignore``, ``withdraw``; of a permission ``allow`` or ``deny``."""
    verb: str = ""
    control: str = ""
    why: str = ""


class Missed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An activity (``name``) or a control (``label``) that was not reached or used, and why."""

    name: str = ""
    place: str = ""
    label: str = ""
    why: str


class Explored(Base, frozen=True, kw_only=True, tag="explored"):
    """An exploration ended. The lists are bounded, the numbers whole."""

    why: str
    """``nothing_new``, ``steps``, ``minutes``, ``stopped`` or ``app_gone``."""
    steps: int = 0
    places: int = 0
    policy: str = ""
    goal: str = ""
    withdrawal: str = ""
    """``found``, ``not_found``, or empty where it was not looked for."""
    activities_reached: list[str] = []
    activities_missed: list[Missed] = []
    activities_missed_total: int = 0
    controls_missed: list[Missed] = []
    controls_missed_total: int = 0
    rows_missed: list[str] = []
    """Hooks that the app's code refers to and nobody called."""
    rows_missed_total: int = 0
    replay: str = ""
    """Keyed digest of the scenario that does the same without exploring, in ``private/blobs``."""


ExploringEvent = PlaceSeen | Decision | Explored
