"""Verbs for input: taps, text, keys, swipes."""

from __future__ import annotations

import datetime
from typing import Any, Final, Literal

from pydantic import Field, field_validator, model_validator

from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.registry import Args, Wait, verb
from monitor.scenario.screen import Selector, Where, point, screen_size
from monitor.scenario.typed import OF_AGE, recognise
from monitor.session.declaration import DataType

_ANY: Final = "ui_input"
Direction = Literal["UP", "DOWN", "LEFT", "RIGHT"]
_KEYS = {
    "home": "KEYCODE_HOME", "back": "KEYCODE_BACK", "enter": "KEYCODE_ENTER", "backspace": "KEYCODE_DEL",
    "tab": "KEYCODE_TAB", "power": "KEYCODE_POWER", "lock": "KEYCODE_SLEEP", "wake": "KEYCODE_WAKEUP",
    "volume up": "KEYCODE_VOLUME_UP", "volume down": "KEYCODE_VOLUME_DOWN", "menu": "KEYCODE_MENU",
    "recents": "KEYCODE_APP_SWITCH",
}  # fmt: skip
_SWIPES: dict[str, tuple[str, str]] = {
    "UP": ("50%,70%", "50%,30%"),
    "DOWN": ("50%,30%", "50%,70%"),
    "LEFT": ("80%,50%", "20%,50%"),
    "RIGHT": ("20%,50%", "80%,50%"),
}


class TapOn(Selector, Args):
    """A selector, or a bare text."""

    timeout: Wait | None = None
    takes_ms = 1200
    """A tap with its two snapshots of the screen."""

    def title(self) -> str:
        """The label, otherwise the element tapped."""
        return self.label or Selector.title(self)


class InputText(Args):
    """What to type. It never appears in steps or events."""

    text: str = Field(max_length=2000)
    """Printable text. Other than ASCII needs a keyboard on the device that takes it over adb, as ADBKeyBoard does; the
    stand-in device has one."""
    dataType: DataType = _ANY
    """What it is: ``account_pi`` for a name, ``phone_no``, ``form`` for an ID card … of a test person. By default it is
    recognised by the words of the field and the format of the text; else it is other text."""

    @field_validator("text")
    @classmethod
    def _typable(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("only printable text can be typed over adb")
        return value


class Canary(Args):
    """A value planted on the device by the test, and its data type. It never appears in steps or events."""

    value: str = Field(min_length=4, max_length=2000)
    dataType: DataType
    takes_ms = 0


class EraseText(Args):
    """How many characters."""

    characters: int = Field(50, ge=1, le=200)


class PressKey(Args):
    """A key by name: home, back, enter, tab, power … or ``KEYCODE_…``."""

    key: str

    @field_validator("key")
    @classmethod
    def _known(cls, value: str) -> str:
        name = _KEYS.get(value.lower(), value)
        if not (name.startswith("KEYCODE_") and name.replace("_", "").isalnum() and len(name) < 40):
            raise ValueError(f"not a key; known: {', '.join(_KEYS)} or KEYCODE_…")
        return name


class Swipe(Args):
    """A direction, or two points."""

    direction: Direction | None = None
    start: str = ""
    end: str = ""
    duration: Wait = 400

    @model_validator(mode="before")
    @classmethod
    def _upper(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("direction"), str):
            return {**data, "direction": data["direction"].upper()}
        return data

    @model_validator(mode="after")
    def _either(self) -> Swipe:
        if (self.direction is None) == (not (self.start and self.end)):
            raise ValueError("needs either direction, or start and end")
        for text in (self.start, self.end):
            if text:
                Selector(point=text)
        return self


class ScrollUntil(Args):
    """The element that must become visible."""

    element: Where
    direction: Direction = "DOWN"
    timeout: Wait = 20_000


@verb("tapOn", TapOn, short="text")
def tap_on(run: Run, args: TapOn) -> None:
    """Tap an element, waiting for it; recorded with the screen before and after."""
    run.tap(args, optional=args.optional, timeout_ms=args.timeout)


@verb("longPressOn", TapOn, short="text")
def long_press_on(run: Run, args: TapOn) -> None:
    """Press an element for a second."""
    run.tap(args, optional=args.optional, timeout_ms=args.timeout, ms=1000)


@verb("inputText", InputText, short="text")
def input_text(run: Run, args: InputText) -> None:
    """Type into the focused field. Without ``dataType``, the field's words (hint, text beside it) and the text's format
    say what it is. A birth date or identity card of somebody under 14 begins the phase ``minor_profile``; what is typed
    into a field about a child, ``child_profile``."""
    typed = recognise(args.text, run.nodes(), datetime.date.today())
    stated = args.dataType != _ANY
    about = {"field": "" if stated else typed.kind, "whose": typed.whose}
    data_type = args.dataType if stated else typed.data_type or _ANY
    run.typed(args.text, data_type, **{name: said for name, said in about.items() if said})
    phase = "child_profile" if typed.whose else "minor_profile" if (typed.years or OF_AGE) < OF_AGE else ""
    if phase:
        run.step(0, "phase", "ok", phase)
    run.port.text(args.text)


@verb("canary", Canary)
def canary(run: Run, args: Canary) -> None:
    """Search all traffic from now on for a planted value, as for one that the app read."""
    run.typed(args.value, args.dataType)


@verb("eraseText", EraseText, short="characters")
def erase_text(run: Run, args: EraseText) -> None:
    """Erase characters in the focused field."""
    run.port.key("KEYCODE_MOVE_END", *["KEYCODE_DEL"] * args.characters)


@verb("pressKey", PressKey, short="key")
def press_key(run: Run, args: PressKey) -> None:
    """Press a key."""
    run.port.key(args.key)


@verb("back", Args)
def back(run: Run, args: Args) -> None:
    """Press BACK."""
    run.port.key("KEYCODE_BACK")
    run.wait(TIMEOUTS["settle"])


@verb("scroll", Args)
def scroll(run: Run, args: Args) -> None:
    """Scroll down by a few lines."""
    _swipe(run, *_SWIPES["UP"], 400)


@verb("swipe", Swipe, short="direction")
def swipe(run: Run, args: Swipe) -> None:
    """Swipe in a direction, or from one point to another."""
    start, end = _SWIPES[args.direction] if args.direction else (args.start, args.end)
    _swipe(run, start, end, args.duration)


@verb("scrollUntilVisible", ScrollUntil, short="element")
def scroll_until_visible(run: Run, args: ScrollUntil) -> None:
    """Scroll until an element is visible."""
    against = {"DOWN": "UP", "UP": "DOWN", "LEFT": "RIGHT", "RIGHT": "LEFT"}[args.direction]
    last: list[object] = []

    def there() -> bool:
        nonlocal last
        nodes = run.nodes()
        if args.element.find(nodes) is not None:
            return True
        now: list[object] = [(node.text, node.bounds) for node in nodes]
        if now and now == last:
            raise StepFailed(f"reached the end without finding: {args.element.title()}")
        last = now
        _swipe(run, *_SWIPES[against], 400)
        return False

    if not run.until(there, args.timeout / 1000):
        raise StepFailed(f"not visible within {args.timeout / 1000:g} s: {args.element.title()}")


def _swipe(run: Run, start: str, end: str, ms: int) -> None:
    size = screen_size(run.nodes())
    run.port.swipe(*point(start, size), *point(end, size), ms)
    run.wait(TIMEOUTS["settle"])
