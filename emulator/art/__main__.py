"""``python -m emulator.art build [--install] [--jit] | status [--json] | path``."""

from __future__ import annotations

import argparse
import json
import sys

from .bed import find
from .build import build
from .pins import BedError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m emulator.art", description="Apps on the real Android Runtime.")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("build", help="build the bed, unless it is built")
    making.add_argument("--install", action="store_true", help="as root: install the Debian packages it is made from")
    making.add_argument(
        "--jit", action="store_true", help="with ART's compiler: ART_FLOOR=jit then runs apps on the JIT"
    )
    status = commands.add_parser("status", help="whether it is built, and what it is")
    status.add_argument("--json", action="store_true")
    commands.add_parser("path", help="the folder of the bed: JAVA_HOME for a program that starts java")
    args = parser.parse_args()
    try:
        bed = build(_say, install_packages=args.install, jit=args.jit) if args.command == "build" else find()
        runtime = bed.runtime
    except BedError as bad:
        if args.command == "status" and args.json:
            print(json.dumps({"built": False, "why": f"{bad.step}: {bad.why}", "hint": bad.hint}))
            return 0
        print(f"art: {bad}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("art: stopped", file=sys.stderr)
        return 130
    if args.command == "path":
        print(bed.path)
    elif args.command == "status" and args.json:
        print(json.dumps({"built": True, "key": bed.name, "runtime": runtime, "path": str(bed.path)}))
    else:
        print(f"{runtime} (build {bed.name}) in {bed.path}")
    return 0


def _say(line: str) -> None:
    print(f"art: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
