"""A flow file as frames on standard output, for ``monitor.importing``: mitmproxy is loaded in this process only.

    python -m monitor.collectors.proxy.flowread FILE PACKAGE

Each frame is the MessagePack of ``[event or nil, message or nil, why it was skipped]``; the last frame is empty. Exit
3: mitmproxy cannot be loaded.
"""

import os
import sys
from pathlib import Path

import msgspec

from monitor.base import process

NO_MITMPROXY = 3


def main() -> None:
    """Send everything, then the empty frame that marks the end."""
    try:
        from monitor.collectors.proxy import flowfile
    except ImportError:
        sys.exit(NO_MITMPROXY)
    # Nothing but frames goes to standard output, whatever a library prints.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    encoder = msgspec.msgpack.Encoder()
    for item in flowfile.read(Path(sys.argv[1]), sys.argv[2]):
        process.send(out, encoder.encode((item.event, item.message if item.event else None, item.skipped)))
    process.send(out, b"")


if __name__ == "__main__":
    main()
