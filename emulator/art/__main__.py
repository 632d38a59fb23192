"""``python -m emulator.art build [--arm64] [--jit] [--install] | status | path | arm64 [--cpu CPU] PYTEST…``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import arm64 as floor
from . import arm64_machine as machine
from .arm64_tests import hook_tests
from .bed import find
from .build import build
from .pins import BedError
from .variants import VARIANTS, variant


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m emulator.art", description="Apps on the real Android Runtime.")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("build", help="build the bed, unless it is built")
    making.add_argument("--install", action="store_true", help="as root: install the Debian packages it is made from")
    making.add_argument("--arm64", action="store_true", help="also the emulated arm64 machine")
    making.add_argument("--variant", choices=VARIANTS, help="also one with the exports of a later release of Android")
    making.add_argument(
        "--jit", action="store_true", help="with ART's compiler: ART_FLOOR=jit then runs apps on the JIT"
    )
    status = commands.add_parser("status", help="whether it is built, and what it is")
    status.add_argument("--json", action="store_true")
    commands.add_parser("path", help="the folder of the bed: JAVA_HOME for a program that starts java")
    emulated = commands.add_parser("arm64", help="run pytest with the words that follow in the emulated arm64 machine")
    emulated.add_argument("--cpu", default=machine.CPUS[0], help=f"{' or '.join(machine.CPUS)} (qemu's -cpu)")
    emulated.add_argument("--seconds", type=int, default=1800, help="the machine is ended then")
    emulated.add_argument(
        "--out", type=Path, default=Path("dist/arm64"), help="where junit.xml and the console's log go"
    )
    args, words = parser.parse_known_args()
    if words and args.command != "arm64":
        parser.error(f"unrecognized arguments: {' '.join(words)}")
    try:
        if args.command == "arm64":
            return hook_tests(floor.find(), words, args.out, cpu=args.cpu, seconds=args.seconds, show=True).code
        if args.command == "build":
            bed = build(_say, install_packages=args.install, jit=args.jit)
            if args.arm64:
                floor.build(_say, install_packages=args.install)
            bed = variant(bed, args.variant) if args.variant else bed
        else:
            bed = find()
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
