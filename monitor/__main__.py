"""``python -m monitor``, and the command ``monitor``."""

import sys


def main() -> None:
    """Start the command line; Ctrl-C during loading also ends it without a traceback."""
    try:
        from monitor.cli import main as command
    except KeyboardInterrupt:
        sys.exit(130)
    command()


if __name__ == "__main__":
    main()
