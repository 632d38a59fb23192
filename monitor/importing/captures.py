"""Traffic captured elsewhere: HAR 1.2 and mitmproxy flow files as events."""

import contextlib
import hashlib
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from monitor.base import process
from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, InputError, nearest, printable, reading
from monitor.base.yamlfile import load
from monitor.content import Message, Needle, Searcher
from monitor.content.decode import decode, examine
from monitor.content.identifiers import identifying_values
from monitor.events import DATA_TYPES, Health, Transmission
from monitor.importing import har
from monitor.session.observe import RawValue
from monitor.text import label
from monitor.text.reasons import Skip

_LEARNT: Final = 200
#: After these an unknown number of entries is missing.
_REST: Final = frozenset({Skip.CUT_SHORT, Skip.READER_ENDED, Skip.INTERRUPTED})


class Imported(NamedTuple):
    """An event with its undecoded body (empty = none)."""

    event: Transmission | Health
    body: bytes = b""


def load_identifiers(path: Path) -> list[RawValue]:
    """The values of an identifiers file: a YAML list of ``{data_type, value}``, value a text or ``{lat, lon}``.

    Raises ``InputError`` with the entry's number, never with a value.
    """
    data = load(path)
    if not isinstance(data, list):
        raise InputError("a list is expected", where=str(path), hint="entries like  - {data_type: imei, value: '…'}")
    return [_identifier(item, f"{path}: entry {number}") for number, item in enumerate(data, 1)]


def _identifier(item: Any, where: str) -> RawValue:
    if not isinstance(item, dict) or set(item) != {"data_type", "value"}:
        raise InputError("data_type and value are expected", where=where)
    data_type, value = item["data_type"], item["value"]
    if data_type not in DATA_TYPES:
        hint = nearest(str(data_type), DATA_TYPES)
        raise InputError(f"unknown data_type {printable(str(data_type), 40)!r}", where=where, hint=hint)
    if isinstance(value, dict):
        try:
            valid = set(value) == {"lat", "lon"} and abs(float(value["lat"])) <= 90 and abs(float(value["lon"])) <= 180
        except (TypeError, ValueError):
            valid = False
        if not valid:
            raise InputError("lat and lon are expected, as numbers in range and without other keys", where=where)
        return RawValue(data_type, f"{value['lat']},{value['lon']}")
    if isinstance(value, int | float) and not isinstance(value, bool):
        # YAML reads 0123 as octal: the intended value can no longer be recovered.
        hint = f"put it in quotes:  - {{data_type: {data_type}, value: '…'}}"
        raise InputError("the value was read as a number, and digits of it may be lost", where=where, hint=hint)
    if not isinstance(value, str) or not value.strip():
        raise InputError("value must be a text", where=where, hint="put it in quotes")
    return RawValue(data_type, value)


def import_capture(
    path: Path,
    app: str,
    identifiers: Iterable[Sequence[str]] = (),
    searcher: Searcher | None = None,
    guessed: Collection[str] = (),
) -> Iterator[Imported]:
    """The transmissions of a HAR or ``.mitm`` file, searched for ``identifiers`` (``(data_type, tag, value)``) and for
    what ``searcher`` knows already. ``guessed``: tags of values known by the name of a field alone: wherever they
    stand, they are no more than ``possible``.

    Events have ``src`` "import" and no ``seq``. What could not be read follows as ``health`` events (``what``
    "skipped", ``n`` how many, 0 = unknown, ``detail.why`` a ``Skip``). Memory is bounded by the largest entry (at most
    64 MiB).
    Raises ``InputError`` if the file is not a capture at all.
    """
    searcher = Searcher(app) if searcher is None else searcher
    searcher.add(Needle(*item) for item in identifiers)
    skipped: Counter[str] = Counter()
    empty = True
    for event, message in _messages(path, app, skipped):
        digest = hashlib.sha256(message.body).hexdigest() if message.body else ""
        complete, _ = examine(searcher, msgspec.structs.replace(event, sha256=digest), message)
        matches = [
            msgspec.structs.replace(match, certainty="possible") if match.tag in guessed else match
            for match in complete.matches or event.matches
        ]
        empty = False
        yield Imported(msgspec.structs.replace(complete, matches=matches), message.body)
    if empty:
        left_out = "; ".join(f"{n} × {label('skip', why, 'en')}" for why, n in sorted(skipped.items()))
        fault = "contains no request" + (f" that can be read ({left_out})" if left_out else "")
        raise InputError(fault, where=str(path))
    for why, n in sorted(skipped.items()):
        yield Imported(skipped_part(app, why, n))


def learnt_values(path: Path, stop: Callable[[], bool] = lambda: False) -> list[RawValue]:
    """Values that the names of fields tell in a capture, for ``import_capture`` to look for in all of it. Reads the
    file once more; at most ``_LEARNT`` values, none if the file cannot be read (the import itself says so)."""
    found: dict[tuple[str, str], None] = {}
    with contextlib.suppress(InputError, EnvironmentFault):
        for _, message in _messages(path, "", Counter()):
            found.update(dict.fromkeys(sorted(identifying_values(decode(message)))))
            if stop() or len(found) >= _LEARNT:
                break
    return [RawValue(data_type, value) for data_type, value in list(found)[:_LEARNT]]


def skipped_part(app: str, why: str, n: int = 1) -> Health:
    """The statement that a part of the file is missing."""
    n = 0 if why in _REST else n
    return Health(
        t=now_us(), err=har.ERR_US, src="import", app=app, component="import", what="skipped", n=n, detail={"why": why}
    )


def capture_format(path: Path) -> str:
    """``har`` or ``mitm``, by the first bytes. Raises ``InputError`` for anything else."""
    with reading(path):
        if stat.S_ISFIFO(path.stat().st_mode):  # it is read twice, and reading may never end
            raise InputError("a pipe cannot be imported", where=str(path), hint="write it to a file first")
        with path.open("rb") as stream:
            head = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"{":
        return "har"
    if head[:8].partition(b":")[0].isdigit():
        return "mitm"
    raise InputError("neither HAR nor a mitmproxy flow file", where=str(path), hint="HAR 1.2 (JSON) or .mitm")


def _messages(path: Path, app: str, skipped: Counter[str]) -> Iterator[tuple[Transmission, Message]]:
    """The transmissions of a capture before they are searched; what was skipped is counted, by ``Skip``."""
    return (har.messages if capture_format(path) == "har" else _flows)(path, app, skipped)


_READER: Final = "monitor.collectors.proxy.flowfile"
_Frame = tuple[Transmission | None, Message | None, str]
_decoder: msgspec.msgpack.Decoder[_Frame] = msgspec.msgpack.Decoder(_Frame)


def _flows(path: Path, app: str, skipped: Counter[str]) -> Iterator[tuple[Transmission, Message]]:
    """A process of its own reads a flow file: a file that crashes its reader ends only that. Raises
    ``EnvironmentFault`` if mitmproxy cannot be loaded there: commands that only read bundles need none."""
    reader = process.spawn(_READER, str(path.resolve()), app)
    assert reader.stdin and reader.stdout
    with reader, contextlib.suppress(BrokenPipeError):
        reader.stdin.close()
        if process.receive(reader.stdout) is None:
            hint = "pip install mitmproxy, or export the flows as HAR where it is installed"
            raise EnvironmentFault("flow files need mitmproxy, which cannot be loaded", where=str(path), hint=hint)
        try:
            while data := process.receive(reader.stdout):
                event, message, why = _decoder.decode(data)
                if event is None:
                    skipped[why] += 1
                else:
                    yield event, message or Message()
        except msgspec.DecodeError:
            data = None
        finally:
            reader.stdout.close()  # the caller may stop reading early
            if reader.poll() is None and data is None:
                reader.terminate()
            reader.wait()
        if data is None:
            skipped[Skip.READER_ENDED] += 1
