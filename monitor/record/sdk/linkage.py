"""Where a library broke: it asked for a class or a member of the platform that is not there, and may have caught that.

A phone has what the platform promises. So what follows such an error says nothing of what the library does on one.
"""

import re
from collections.abc import Iterable
from itertools import dropwhile
from typing import Final

from monitor.analysis.correlate.owner import platform
from monitor.base.errors import printable
from monitor.events import ApiCall, Event, Frame, Stack
from monitor.record.sdk.library import Library

HOOK: Final = "code.linkage_error"
_MOST: Final = 20
#: What a phone has by itself, whatever an app brings. A JVM looks for prepared forms of method handles among its own
#: classes, and makes what it does not find: no library broke there.
_PLATFORM: Final = re.compile(
    r"(?!java\.lang\.invoke\.)(android|java|javax|dalvik|libcore|org\.json|org\.xml|org\.xmlpull|org\.w3c)\."
)
#: The class in the message of a JVM and of the Android Runtime: of a member, then of a class.
_NAMED: Final = (
    re.compile(r"'(?:[\w.$\[\]]+ )?([\w.$]+)\.[\w$<>]+\(.*"),
    re.compile(r".* in class L([\w/$]+);.*"),
    re.compile(r"Failed resolution of: L([\w/$]+);.*"),
    re.compile(r"(?:Could not initialize class )?([\w/.$]+)"),
)


def missing(message: str) -> str:
    """The class that a linkage error names, empty if it names none."""
    for pattern in _NAMED:
        if match := pattern.fullmatch(message):
            return match[1].replace("/", ".")
    return ""


def broken(events: Iterable[Event], library: Library) -> list[str]:
    """Messages of the linkage errors that the library's own code met and that name the platform, each once."""
    stacks: dict[int, list[Frame]] = {}
    found: dict[str, None] = {}
    for event in events:
        if isinstance(event, Stack):
            stacks[event.stack] = event.frames
        elif isinstance(event, ApiCall) and event.hook == HOOK and len(found) < _MOST:
            message = event.args.get("message", "")
            own = next(dropwhile(lambda frame: platform(frame.cls), stacks.get(event.stack, [])), None)
            if own is not None and library.has_class(own.cls) and _PLATFORM.match(missing(message)):
                found[printable(f"{message} ({own.cls}.{own.method})", 200)] = None
    return list(found)
