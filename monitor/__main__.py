"""``python -m monitor``, and the command ``monitor``."""

import atexit
import gc
import sys


def main() -> None:
    """Start the command line; Ctrl-C during loading also ends it without a traceback."""
    # A search of all objects for cycles finds next to nothing here, least of all when the process ends anyway.
    gc.set_threshold(50_000, *gc.get_threshold()[1:])
    atexit.register(gc.disable)
    try:
        from monitor.cli import main as command
    except KeyboardInterrupt:
        sys.exit(130)
    command()


if __name__ == "__main__":
    main()
