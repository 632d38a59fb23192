"""mitmproxy flow files, read in a separate process: commands that only read bundles need no mitmproxy, and a file that
crashes its reader ends only that process."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from monitor import child
from monitor.content import Message
from monitor.errors import EnvironmentFault
from monitor.events import Transmission
from monitor.reasons import Skip

_READER: Final = "monitor.collectors.proxy.flowread"
_NO_MITMPROXY: Final = 3
_Frame = tuple[Transmission | None, Message | None, str]
_decoder: msgspec.msgpack.Decoder[_Frame] = msgspec.msgpack.Decoder(_Frame)


def read_flows(path: Path, app: str, skipped: Counter[str]) -> Iterator[tuple[Transmission, Message]]:
    """The transmissions of a flow file before they are searched; what was skipped is counted, by ``Skip``. Raises
    ``EnvironmentFault`` if mitmproxy is not installed."""
    process = child.spawn(_READER, str(path.resolve()), app)
    assert process.stdin and process.stdout
    with process, suppress(BrokenPipeError):
        process.stdin.close()
        try:
            while data := child.receive(process.stdout):
                event, message, why = _decoder.decode(data)
                if event is None:
                    skipped[why] += 1
                else:
                    yield event, message or Message()
        except msgspec.DecodeError:
            data = None
        finally:
            process.stdout.close()  # the caller may stop reading early
            if process.poll() is None and data is None:
                process.terminate()
            code = process.wait()
        if code == _NO_MITMPROXY:
            hint = "pip install mitmproxy, or export the flows as HAR where it is installed"
            raise EnvironmentFault(
                "reading flow files needs mitmproxy, which is not installed", where=str(path), hint=hint
            )
        if data is None:
            skipped[Skip.READER_ENDED] += 1
