"""What is sent to the agent, and its messages as events. Pure: no frida here, and nothing the app sends can raise.

Version 1 of the protocol is described in ``hooks/agent/src/protocol.ts``. The process is not trusted: every field is
checked and bounded, and unreadable ones are counted.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec

from monitor.base.clock import Interval
from monitor.events import DATA_TYPES, HOOK_STATES, KINDS, ApiCall, Event, Frame, Stack
from monitor.knowledge.catalogue import Row
from monitor.session.observe import RawValue

_VERSION = 1
#: Of a row, besides its arguments and selection, what the agent needs.
_SENT: Final = set(
    """id cls method kind implementation role data_type hot native result constants receiver observer overrides
    delivers""".split()
)
OBSERVED = frozenset(
    "permission_request permission_result window tap touch toggle consent connection lifecycle".split()
)
_MAX_TEXT = 2000
_MAX_LIST = 200
_MAX_VALUE = 4096
#: Hexadecimal digits of what goes into a transform: what was fed before and what the call itself is given.
_MAX_BYTES = 2 * (1024 + 4096)
_MAX_HELD = 5000
_MAX_MEMBERS = 50_000
_MAX_STACKS = 100_000
_HOLD_US = 1_000_000
#: A time later than this after it was reported, beyond its error, is none that the agent read from a clock.
_AHEAD_US = 100_000

_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z_.]{0,60}\Z")
_LIMIT: Final = re.compile(r"(?:[?&]limit=|\blimit\s+)(\d{1,9})", re.IGNORECASE)
#: Parts of a provider's path that are followed by a name, number or address being searched for.
_SOUGHT: Final = frozenset("lookup filter filter_enterprise lookup_enterprise phone_lookup search suggestions".split())

Outcome = Literal["value", "null", "constant", "denied", "exception"]
_Texts = dict[str, str]
_FrameText = tuple[str, str, str, int]
_Call = tuple[
    Literal["c"], int, float, int, int, int, Outcome, int, int, str, _Texts, list[tuple[str, str]], list[str], str
]
_Observed = tuple[Literal["o"], int, float, str, int, int, dict[str, Any]]
#: JSON holds numbers such as 1e999.
_UNREADABLE: Final = (msgspec.ValidationError, ValueError, OverflowError, RecursionError)


class _Message(msgspec.Struct):
    v: int
    n: int
    e: list[list[Any]] = []
    x: list[tuple[int, list[_FrameText], bool, int]] = []
    a: list[tuple[int, int, str, Outcome, int, float, float]] = []
    h: dict[str, Any] | None = None
    m: list[tuple[int, int, str, str, str]] = []
    s: list[tuple[int, str, str]] = []
    f: list[tuple[str, str]] = []


class Counts(msgspec.Struct):
    """What was received from one hook, compared with the agent's counts."""

    details: int = 0
    aggregated: int = 0
    total: int = 0
    ignored: int = 0
    faults: int = 0
    claimed_details: int = 0
    claimed_aggregated: int = 0
    state: str = "unknown"
    why: str = ""
    members: int = 0
    signatures: list[str] = []

    @property
    def exercised(self) -> int:
        """Calls of the app that the row covers."""
        return self.total - self.ignored

    def missing(self, *, complete: bool) -> int:
        """Calls that the agent counted and the host did not receive (0 unless something was lost). Without a
        ``complete`` end the last totals may lag behind what was received; only a shortfall is then a loss."""
        gaps = self.claimed_details - self.details, self.claimed_aggregated - self.aggregated
        return sum(abs(gap) if complete else max(gap, 0) for gap in gaps)


class Out(NamedTuple):
    """An event in transit, with the personal values that belong to it."""

    event: Event
    values: list[RawValue]


class _Member(NamedTuple):
    row: int
    fields: dict[str, Any]
    """Of each event of its calls: who called what."""


class Decoder:
    """State of one agent's stream. Not thread-safe: the caller holds a lock."""

    def __init__(
        self, *, app: str, pid: int, process: str, rows: list[Row],
        to_host: Callable[[int], Interval], stack_number: Callable[[], int],
    ) -> None:  # fmt: skip
        self._rows, self._process, self._to_host, self._stack_number = rows, process, to_host, stack_number
        self._source: dict[str, Any] = {"src": f"hooks:{pid}", "app": app, "pid": pid}
        self.counts = [Counts() for _ in rows]
        self.credits = 0
        """Detailed events handled since the caller last returned credits."""
        self.bad = 0
        """Messages or records that could not be read."""
        self.lost_messages = 0
        self.lost_seq = 0
        self.ahead = 0
        """Events of a time that had not come when they were reported."""
        self.faults: list[tuple[str, str]] = []
        self.states: list[int] = []
        """Rows whose state changed since the caller last looked."""
        self.last_seen = self._before = 0
        self.watermark = 0
        """Up to when, in the host's time, the agent has reported all that it saw."""
        self._members: dict[int, _Member] = {}
        self._numbers: dict[int, int] = {}
        self._stacks: set[int] = set()
        """Those whose text has come."""
        self._held: deque[tuple[int, int, Out]] = deque()
        self._next_message = 1
        self._next_seq = 1

    def feed(self, payload: Any, now: int) -> Iterator[Out]:
        """The events of one message, in the order of their times. ``now`` is the host's time in microseconds."""
        try:
            message = msgspec.convert(payload, _Message, strict=True)
            if message.v != _VERSION:
                raise ValueError("another version of the protocol")
        except _UNREADABLE:
            self.bad += 1
            return
        self._before, self.last_seen = self.last_seen or now, now
        self.lost_messages += max(message.n - self._next_message, 0)
        self._next_message = message.n + 1
        for member in message.m:
            self._add_member(*member)
        for state in message.s:
            self._set_state(*state)
        self.faults.extend(message.f[:50])
        for stack in message.x:
            yield from self._stack(*stack)
        outs = [out for record in message.e if (out := self._record(record)) is not None]
        outs.extend(out for count in message.a if (out := self._count(count)) is not None)
        outs.sort(key=lambda item: item[1].event.t)
        self._held.extend((stack, now, out) for stack, out in outs)
        if message.h is not None:
            self._totals(message.h)
        yield from self.drain(now)

    def drain(self, now: int, force: bool = False) -> Iterator[Out]:
        """Events whose stack text has arrived, or that waited a second for it; all with ``force``."""
        while self._held:
            stack, since, out = self._held[0]
            waits = stack != 0 and stack not in self._stacks
            if waits and not force and now - since < _HOLD_US and len(self._held) < _MAX_HELD:
                return
            self._held.popleft()
            yield out

    def _add_member(self, number: int, row: int, cls: str, method: str, sig: str) -> None:
        if not 0 <= row < len(self._rows) or number in self._members or len(self._members) > _MAX_MEMBERS:
            self.bad += 1
            return
        of_row = {"hook": self._rows[row].id, "role": self._rows[row].role, "process": self._process}
        fields = {"cls": cls[:300], "method": method[:200], "sig": sig[:1000]}
        self._members[number] = _Member(row, self._source | of_row | fields)
        counts = self.counts[row]
        counts.members += 1
        if len(counts.signatures) < 50:
            counts.signatures = [*counts.signatures, sig[:1000]]

    def _set_state(self, row: int, state: str, why: str) -> None:
        if not 0 <= row < len(self._rows) or state not in HOOK_STATES:
            self.bad += 1
            return
        self.counts[row].state, self.counts[row].why = state, why[:300]
        self.states.append(row)

    def _stack(self, stack: int, frames: list[_FrameText], truncated: bool, submitter: int) -> Iterator[Out]:
        if stack in self._stacks or len(self._stacks) > _MAX_STACKS:
            return
        self._stacks.add(stack)
        bounded = [
            Frame(cls=cls[:300], method=method[:200], file=file[:200], line=max(0, min(line, 1_000_000)))
            for cls, method, file, line in frames[:64]
        ]
        event = Stack(
            t=self.last_seen, err=self._to_host(self.last_seen).err, **self._source,
            stack=self._number(stack), frames=bounded, truncated=truncated, submitter=self._number(submitter),
        )  # fmt: skip
        yield Out(event, [])

    def _number(self, stack: int) -> int:
        if stack and stack not in self._numbers:
            self._numbers[stack] = self._stack_number()
        return self._numbers.get(stack, 0)

    def _when(self, agent_us: float) -> Interval:
        """When something was by the agent's clock, which the app can change (it is its process's): what is of the
        future has happened since the last message."""
        when = self._to_host(int(agent_us))
        if when.lo <= self.last_seen + _AHEAD_US:
            return when
        self.ahead += 1
        half = (self.last_seen - self._before + 1) // 2
        return Interval(self._before + half, half + when.err)

    def _record(self, record: list[Any]) -> tuple[int, Out] | None:
        try:
            if record and record[0] == "c":
                return self._call(msgspec.convert(record, _Call, strict=True))
            return self._observed(msgspec.convert(record, _Observed, strict=True))
        except _UNREADABLE:
            self.bad += 1
            return None

    def _member(self, number: int, data_type: str) -> _Member | None:
        """The method that was called; None, and counted, if it is not known."""
        member = self._members.get(number) if data_type in DATA_TYPES else None
        self.bad += member is None
        return member

    def _sequence(self, seq: int) -> None:
        self.lost_seq += max(seq - self._next_seq, 0)
        self._next_seq = seq + 1

    def _call(self, record: _Call) -> tuple[int, Out] | None:
        _, seq, t, number, tid, stack, outcome, call, parent, data_type, args, values, inner, exception = record
        self._sequence(seq)
        self.credits += 1
        if (member := self._member(number, data_type)) is None:
            return None
        self.counts[member.row].details += 1
        row, when = self._rows[member.row], self._when(t)
        event = ApiCall(
            t=when.t, err=when.err, data_type=data_type, outcome=outcome, stack=self._number(stack), call=call,
            parent=parent, tid=tid, exception=exception[:200], args=reduced(args, row, member.fields["sig"]),
            inner=[name[:300] for name in inner[:8]], **member.fields,
        )  # fmt: skip
        most = _MAX_BYTES if row.role == "transform" else _MAX_VALUE
        filled = ((kind, text) for kind, text in values[:64] if text.strip())
        raw = [RawValue(kind if kind in DATA_TYPES else data_type, text[:most]) for kind, text in filled]
        return stack, Out(event, raw)

    def _count(self, record: tuple[int, int, str, Outcome, int, float, float]) -> tuple[int, Out] | None:
        number, stack, data_type, outcome, count, first, last = record
        if (member := self._member(number, data_type)) is None:
            return None
        try:
            when = self._when((first + last) / 2)
            half = int(last - first + 1) // 2
        except _UNREADABLE:
            count = 0
        if count < 1:
            self.bad += 1
            return None
        self.counts[member.row].aggregated += count
        event = ApiCall(
            t=when.t, err=when.err + half, data_type=data_type, outcome=outcome, stack=self._number(stack), count=count,
            aggregated=True, **member.fields,
        )  # fmt: skip
        return stack, Out(event, [])

    def _observed(self, record: _Observed) -> tuple[int, Out] | None:
        _, seq, t, kind, _tid, stack, fields = record
        self._sequence(seq)
        if kind not in OBSERVED:
            self.bad += 1
            return None
        when = self._when(t)
        names = set(KINDS[kind].__struct_fields__)
        data = {key: _trim(value) for key, value in fields.items() if key in names}
        data |= {"kind": kind, "t": when.t, "err": when.err, "seq": 0} | self._source
        # The SDK is derived from the stack, not taken from the agent.
        own = {"sdk": "", "stack": self._number(stack) if "stack" in names else 0, "process": self._process}
        data |= {name: value for name, value in own.items() if name in names}
        event: Event = msgspec.convert(data, Event, strict=True)
        target = fields.get("target") if kind == "connection" else None
        private = [RawValue("net", target[:_MAX_TEXT])] if isinstance(target, str) and target else []
        return (stack if "stack" in names else 0), Out(event, private)

    def _totals(self, beat: dict[str, Any]) -> None:
        try:
            rows = msgspec.convert(beat.get("totals", []), list[tuple[int, int, int, int, int, int, int]], strict=True)
            reported = self._to_host(int(msgspec.convert(beat.get("t"), float))).lo
        except _UNREADABLE:
            self.bad += 1
            return
        self.watermark = min(reported, self.last_seen)
        for row, total, details, aggregated, _nested, ignored, faults in rows:
            if 0 <= row < len(self.counts):
                counts = self.counts[row]
                counts.total, counts.ignored, counts.faults = total, ignored, faults
                counts.claimed_details, counts.claimed_aggregated = details, aggregated


def wire(row: Row, app: str) -> dict[str, Any]:
    """A row as sent to the agent; ``$own`` in a selecting key becomes the app's package."""
    select = row.select.model_dump() if row.select else None
    if select:
        select["map"] = {key.replace("$own", app): value for key, value in select["map"].items()}
    args = [{**arg.model_dump(), "keep": "text" if arg.keep == "limit" else arg.keep} for arg in row.args]
    return row.model_dump(include=_SENT) | {"args": args, "select": select}


def _trim(value: Any) -> Any:
    if isinstance(value, str):
        return value[:_MAX_TEXT]
    if isinstance(value, list):
        return [_trim(item) for item in value[:_MAX_LIST]]
    if isinstance(value, dict):
        return {str(key)[:60]: _trim(item) for key, item in list(value.items())[:50]}
    return value


def reduced(args: Mapping[str, str], row: Row, sig: str) -> dict[str, str]:
    """Which of a call's arguments an event may hold: the agent sends them privately, and personal ones stop here. At
    most 16 of 300 characters. Of a provider's path only the words are kept, of ``limit`` only the number; a missing
    array, text or bundle whose size the row keeps has size 0."""
    found = {key[:40]: value[:300] for key, value in list(args.items())[:16] if key.isascii()}
    for kept in row.args:
        text = found.get(kept.name, "")
        if kept.keep == "uri_path" and text:
            found[kept.name] = provider_path(text)
        elif kept.keep == "limit" and text:
            number = _LIMIT.search(text)
            found.pop(kept.name)
            if number:
                found[kept.name] = number[1]
        elif kept.keep in ("count", "length") and not text:
            types = sig[sig.find("(") + 1 : sig.find(")")]
            if types and kept.index <= types.count(","):
                found[kept.name] = "0"
    return found


def provider_path(path: str) -> str:
    """``/contacts/lookup/0r1-2A/17`` as ``/contacts/lookup/*/#``: no row ID, no key, no search term."""
    parts: list[str] = []
    sought = False
    for part in path.split("/"):
        plain = part == "" or (not sought and _WORD.match(part) is not None)
        parts.append(part if plain else "#" if part.isdigit() and not sought else "*")
        sought = part in _SOUGHT
    return "/".join(parts)
