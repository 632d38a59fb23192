"""The search, in this process or in one of its own: there, neither the proxy nor the search waits for the other's
interpreter.

The process of its own is forked, where the host can, before the proxy starts a thread, so that it costs no second
loading of modules. It ends when the worker does, whatever ends that.
"""

import errno
import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import GenericAlias
from typing import IO, Any, Concatenate, Final, NamedTuple, cast, get_type_hints

import msgspec

from monitor.base import host, process
from monitor.collectors.proxy.capture import OVERLAP
from monitor.collectors.proxy.wire import OUT_OF_MEMORY, end_process
from monitor.content import Message, Needle, Searcher, Tree
from monitor.content.decode import across, examine
from monitor.events import Match, Transmission

_PREFIX: Final = 16 << 20
_WINDOW: Final = 4 << 20
_NODE_COST: Final = 300
#: Bytes of the latest messages that are searched at the end for values behind a codec of the app's own: it costs five
#: times as much as any other search.
_UNMASKED: Final = 16 << 20


class Late(NamedTuple):
    """A value that was not known when the messages were searched that hold it."""

    match: Match
    flows: list[str]


class NotSearched(Exception):
    """The message could not be searched; its text names the error."""


class Here:
    """The search in this process. Used by one thread at a time."""

    def __init__(self, app: str, ring_bytes: int) -> None:
        self._gone = self._unsearched = 0
        self._app, self._ring_bytes = app, ring_bytes
        self._searcher = Searcher(app)
        self._ring: deque[_Kept] = deque()
        self._ring_weight = 0
        self._late: list[Needle] = []

    def add(self, needles: Sequence[Needle]) -> int:
        """More values to search for; how many of them are new."""
        if self._ring:
            self._late.extend(needles)
        if new := self._searcher.add(needles):
            self._unsearched = self._gone
        return new

    def examine(self, event: Transmission, message: Message, cut: str, before: bytes, file: str) -> Transmission:
        """The event of a message, searched. ``before``: the end of the part before this one of a stream; ``file`` holds
        the body, if it is not in the message. Raises ``NotSearched``; ``MemoryError``; ``OSError`` if nothing can be
        searched any more."""
        self._gone += bool(file) and event.bytes > _PREFIX
        if file:
            with Path(file).open("rb") as stream:
                message = message._replace(body=stream.read(_PREFIX))
        try:
            event, tree = examine(self._searcher, event, message, cut=cut)
            event = across(self._searcher, event, before, message.body[:OVERLAP])
            if file:
                event = msgspec.structs.replace(event, matches=_with_rest(event.matches, self._searcher, Path(file)))
        except (OSError, MemoryError):
            self._gone += 1
            raise
        except Exception as error:
            self._gone += 1
            raise NotSearched(type(error).__name__) from error
        self._remember(event, tree)
        return event

    def named(self, event: Transmission, message: Message) -> Transmission:
        """The event of a connection that sent no more than a name, or a request for a tunnel. Nothing is kept for later
        values. Raises ``NotSearched``; ``MemoryError``."""
        try:
            return examine(self._searcher, event, message)[0]
        except MemoryError:
            raise
        except Exception as error:
            raise NotSearched(type(error).__name__) from error

    def late(self, last: bool) -> list[Late]:
        """Search what is kept for the values that came since; ``last``: for those behind a codec of the app's own, too.
        Where the same value was already found, in any encoding, there is nothing to report. Messages that hold a value
        in the same form are one answer."""
        searcher = Searcher(self._app)
        searcher.add(self._late)
        self._late = []
        found: dict[tuple[str, str, str], Late] = {}
        for kept in self._ring if len(searcher) else ():
            kept.add(searcher.search(kept.tree, shapes=False), found)
        room = _UNMASKED if last else 0
        for kept in reversed(self._ring):
            share = min(room, max(_UNMASKED // 4, room - _UNMASKED // 4))  # one large message leaves room for others
            if share <= 0:
                break
            room -= min(kept.weight, share)
            if kept.known < len(self._searcher):
                kept.add(self._searcher.unmask(kept.tree.first(share), kept.unread), found)
        return list(found.values())

    def unsearched(self) -> int:
        """Messages that were not searched for values that came later, or not all of them: no longer kept, or longer
        than what is kept."""
        return self._unsearched

    def _remember(self, event: Transmission, tree: Tree) -> None:
        nodes = _NODE_COST * len(tree.data)
        weight = sum(map(len, tree.data)) + nodes
        if weight > self._ring_bytes // 2:  # one large message does not push out all others: its beginning is kept
            self._gone += 1
            tree = tree.first(max(0, self._ring_bytes // 2 - nodes))
            weight = sum(map(len, tree.data)) + nodes
        found = {(match.data_type, match.tag) for match in event.matches if match.certainty == "found"}
        self._ring.append(_Kept(event.flow, tree, weight, found, event.decoded != "yes", len(self._searcher)))
        self._ring_weight += weight
        while self._ring and self._ring_weight > self._ring_bytes:
            self._ring_weight -= self._ring.popleft().weight
            self._gone += 1


class _Kept(NamedTuple):
    """A finished message, for needles that arrive later."""

    flow: str
    tree: Tree
    weight: int
    found: set[tuple[str, str]]
    """Data type and tag of the values that were found in it."""
    unread: bool
    known: int
    """Values that it was searched for."""

    def add(self, matches: Iterable[Match], found: dict[tuple[str, str, str], Late]) -> None:
        """Those of the values in it that are certain and new are ``found`` late."""
        for match in matches:
            key = (match.data_type, match.tag)
            if match.certainty == "found" and key not in self.found:
                self.found.add(key)
                found.setdefault((*key, match.form), Late(match, [])).flows.append(self.flow)


_encoder: Final = msgspec.msgpack.Encoder()
_begin: Final = msgspec.msgpack.Decoder(tuple[str, int, int])
_question: Final = msgspec.msgpack.Decoder(tuple[str, msgspec.Raw])


def _decoders(method: Callable[..., Any]) -> tuple[msgspec.msgpack.Decoder[Any], ...]:
    """Of a method's arguments, and of what it returns behind the name of the error that ended the search of this
    message; empty = none."""
    *asked, answer = get_type_hints(method).values()
    return tuple(msgspec.msgpack.Decoder(GenericAlias(tuple, kinds)) for kinds in (tuple(asked), (str, answer | None)))


_CALLS: Final = {
    method: _decoders(getattr(Here, method)) for method in ("add", "examine", "named", "late", "unsearched")
}
"""Methods of ``Here`` that the other process may be asked to call."""


class Apart:
    """The search in a process of its own: asked as ``Here`` is."""

    def __init__(self, app: str, ring_bytes: int, memory: int, foreign: Sequence[IO[bytes]]) -> None:
        """No other thread may run. ``foreign``: streams of this process that are none of the other's; ``memory`` as of
        ``Config``."""
        self._out, self._in, self._ended = process.beside(_serve, __name__, foreign)
        process.send(self._out, _encoder.encode((app, ring_bytes, memory)))
        self.add, self.examine, self.named = self._asks(Here.add), self._asks(Here.examine), self._asks(Here.named)
        self.late, self.unsearched = self._asks(Here.late), self._asks(Here.unsearched)

    def _asks[**Asked, Answer](self, method: Callable[Concatenate[Here, Asked], Answer]) -> Callable[Asked, Answer]:
        """The method, called in the other process."""
        return lambda *arguments, **_: cast("Answer", self._ask(method.__name__, arguments))

    def _ask(self, call: str, arguments: tuple[Any, ...]) -> Any:
        process.send(self._out, _encoder.encode((call, arguments)))
        data = process.receive(self._in)
        if data is None:
            raise OSError(errno.ENOMEM if self._ended() == OUT_OF_MEMORY else errno.EPIPE, "the search ended")
        error, answer = _CALLS[call][1].decode(data)
        if error:
            raise MemoryError if error == MemoryError.__name__ else NotSearched(error)
        return answer


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks any more. Does not return."""
    try:
        app, ring_bytes, memory = _begin.decode(process.receive(questions) or b"")
        search = Here(app, ring_bytes)
        gc.freeze()
        host.bound_memory(memory)
        while (data := process.receive(questions)) is not None:
            call, arguments = _question.decode(data)
            error, answer = "", None
            try:
                answer = getattr(search, call)(*_CALLS[call][0].decode(arguments))
            except (NotSearched, MemoryError) as fault:
                if call not in ("examine", "named"):
                    raise  # of no message: nothing can be searched any more
                error = str(fault) or type(fault).__name__
            process.send(answers, _encoder.encode((error, answer)))
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  a forked process must not return into the worker's code
        end_process(error)


def _with_rest(matches: list[Match], searcher: Searcher, file: Path) -> list[Match]:
    """Matches, with those in a spooled body beyond its decoded beginning, searched undecoded, window by window."""
    found = {(match.data_type, match.tag): match for match in reversed(matches)}
    more = len(found)
    with file.open("rb") as stream:
        stream.seek(max(0, _PREFIX - OVERLAP))
        tail = b""
        while chunk := stream.read(_WINDOW):
            text = tail + chunk
            for start, end, owner in searcher.scan(text):
                if not owner.weak and searcher.certain(text, start, end, owner):
                    fields = {"data_type": owner.data_type, "tag": owner.tag, "form": owner.form}
                    match = Match(path="body", certainty="found", **fields)
                    found.setdefault((owner.data_type, owner.tag), match)
            tail = text[-OVERLAP:]
    return [*matches, *list(found.values())[more:]]


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
