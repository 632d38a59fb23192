"""``python -m emulator.art.framework build [--install] | status | path``."""

from __future__ import annotations

import argparse
import sys

from emulator.art.pins import BedError

from .floor import build, find


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m emulator.art.framework", description="Android's own framework on the bed."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("build", help="build it, unless it is built; needs the bed")
    making.add_argument("--install", action="store_true", help="as root: install the Debian packages it is made with")
    commands.add_parser("status", help="whether it is built")
    commands.add_parser("path", help="its folder")
    args = parser.parse_args()
    try:
        floor = build(_say, install_packages=args.install) if args.command == "build" else find()
    except BedError as bad:
        print(f"aosp: {bad}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("aosp: stopped", file=sys.stderr)
        return 130
    print(floor.path if args.command == "path" else f"Android's framework on {floor.bed.runtime}, in {floor.path}")
    return 0


def _say(line: str) -> None:
    print(f"aosp: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
