"""Verbs for input: taps, text, keys, swipes."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.explore import fields
from monitor.scenario.registry import TAP_MS, Args, Wait, verb
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


class TapOn(Args, Selector):
    """A selector, or a bare text."""

    timeout: Wait | None = None
    takes_ms = TAP_MS
    called: ClassVar = Selector.title


def _typable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("only printable text can be typed over adb")
    return text


def _key(name: str) -> str:
    key = _KEYS.get(name.lower(), name)
    if not (key.startswith("KEYCODE_") and key.replace("_", "").isalnum() and len(key) < 40):
        raise ValueError(f"not a key; known: {', '.join(_KEYS)} or KEYCODE_…")
    return key


class Swipe(Args):
    """A direction, or two points."""

    direction: Annotated[Direction, BeforeValidator(lambda value: str(value).upper())] | None = None
    start: str = ""
    end: str = ""
    duration: Wait = 400

    @model_validator(mode="after")
    def _either(self) -> Swipe:
        if (self.direction is None) == (not (self.start and self.end)):
            raise ValueError("needs either direction, or start and end")
        for text in filter(None, (self.start, self.end)):
            Selector(point=text)
        return self


@verb("tapOn", TapOn, short="text")
def tap_on(run: Run, args: TapOn) -> None:
    """Tap an element, waiting for it; recorded with the screen before and after."""
    run.tap(args, optional=args.optional, timeout_ms=args.timeout)


@verb("longPressOn", TapOn, short="text")
def long_press_on(run: Run, args: TapOn) -> None:
    """Press an element for a second."""
    run.tap(args, optional=args.optional, timeout_ms=args.timeout, ms=1000)


def _held(kind: str) -> str:
    if kind and kind not in fields.persons():
        raise ValueError(f"the test person has no such data; known: {', '.join(fields.persons())}")
    return kind


class InputText(Args):
    """What to type. It never appears in steps or events."""

    one_of = ("text", "person")
    text: Annotated[str, AfterValidator(_typable), Field(max_length=2000)] = ""
    """Printable text. Other than ASCII needs a keyboard on the device that takes it over adb, as ADBKeyBoard does; the
    stand-in device has one."""
    dataType: DataType = _ANY
    """What it is: ``account_pi`` for a name, ``phone_no``, ``form`` for an ID card … of a test person. By default it is
    recognised by the words of the field and the format of the text; else it is other text."""
    person: Annotated[str, AfterValidator(_held)] = ""
    """Instead of a text: which of the bundled test person's data (email, phone, name …)."""


@verb("inputText", InputText, short="text")
def input_text(run: Run, args: InputText) -> None:
    """Type into the focused field. Without ``dataType``, the field's words (hint, text beside it) and the text's format
    say what it is. A birth date or identity card of somebody under 14 begins the phase ``minor_profile``; what is typed
    into a field about a child, ``child_profile``."""
    text = args.text or fields.persons()[args.person]
    typed = recognise(text, run.nodes(), datetime.date.today())
    stated = args.dataType != _ANY
    about = {"field": "" if stated else typed.kind, "whose": typed.whose}
    data_type = args.dataType if stated else typed.data_type or _ANY
    run.typed(text, data_type, **{name: said for name, said in about.items() if said})
    phase = "child_profile" if typed.whose else "minor_profile" if (typed.years or OF_AGE) < OF_AGE else ""
    if phase:
        run.step(0, "phase", "ok", phase)
    run.port.text(text)


@verb("canary", takes_ms=0)
def canary(run: Run, *, value: Annotated[str, Field(min_length=4, max_length=2000)], dataType: DataType) -> None:
    """Search all traffic from now on for a planted value, as for one that the app read."""
    run.typed(value, dataType)


@verb("eraseText", short="characters")
def erase_text(run: Run, *, characters: Annotated[int, Field(ge=1, le=200)] = 50) -> None:
    """Erase characters in the focused field."""
    run.port.key("KEYCODE_MOVE_END", *["KEYCODE_DEL"] * characters)


@verb("pressKey", short="key")
def press_key(run: Run, *, key: Annotated[str, AfterValidator(_key)]) -> None:
    """Press a key: home, back, enter, tab, power … or ``KEYCODE_…``."""
    run.port.key(key)


@verb("back")
def back(run: Run) -> None:
    """Press BACK."""
    run.port.key("KEYCODE_BACK")
    run.wait(TIMEOUTS["settle"])


@verb("scroll")
def scroll(run: Run) -> None:
    """Scroll down by a few lines."""
    _swipe(run, *_SWIPES["UP"], 400)


@verb("swipe", Swipe, short="direction")
def swipe(run: Run, args: Swipe) -> None:
    """Swipe in a direction, or from one point to another."""
    start, end = _SWIPES[args.direction] if args.direction else (args.start, args.end)
    _swipe(run, start, end, args.duration)


@verb("scrollUntilVisible", short="element")
def scroll_until_visible(run: Run, *, element: Where, direction: Direction = "DOWN", timeout: Wait = 20_000) -> None:
    """Scroll until an element is visible."""
    against = {"DOWN": "UP", "UP": "DOWN", "LEFT": "RIGHT", "RIGHT": "LEFT"}[direction]
    last: list[object] = []

    def there() -> bool:
        nonlocal last
        nodes = run.nodes()
        if element.find(nodes) is not None:
            return True
        now: list[object] = [(node.text, node.bounds) for node in nodes]
        if now and now == last:
            raise StepFailed(f"reached the end without finding: {element.title()}")
        last = now
        _swipe(run, *_SWIPES[against], 400)
        return False

    if not run.until(there, timeout / 1000):
        raise StepFailed(f"not visible within {timeout / 1000:g} s: {element.title()}")


def _swipe(run: Run, start: str, end: str, ms: int) -> None:
    size = screen_size(run.nodes())
    run.port.swipe(*point(start, size), *point(end, size), ms)
    run.wait(TIMEOUTS["settle"])
