"""How much of a screen is read: all of an ordinary one."""

from typing import Final

from msgspec.structs import replace

from monitor.events import Event, UiSnapshot, Window

#: Characters of the texts and controls of one screen. Of more, the longest are shortened: no person reads them, but an
#: app may show, and a bundle hold, more than can be read in time.
_MOST: Final = 60_000
#: Of each text, at least.
_LEAST: Final = 40


def bounded(event: Event) -> Event:
    """A window or a picture of the screen as it is read; any other event as it is."""
    if not isinstance(event, Window | UiSnapshot):
        return event
    boxes = [box.label for box in event.boxes]
    links = event.links if isinstance(event, Window) else []
    lengths = sorted(map(len, (*event.texts, *event.buttons, *links, *boxes)))
    if sum(lengths) <= _MOST:
        return event
    most, left = _LEAST, _MOST
    for place, length in enumerate(lengths):
        most = max(_LEAST, left // (len(lengths) - place))
        if length > most:
            break
        left -= length

    def cut(texts: list[str]) -> list[str]:
        return [text[:most] for text in texts]

    cut_boxes = [replace(box, label=label) for box, label in zip(event.boxes, cut(boxes), strict=True)]
    event = replace(event, texts=cut(event.texts), buttons=cut(event.buttons), boxes=cut_boxes)
    return replace(event, links=cut(links)) if isinstance(event, Window) else event
