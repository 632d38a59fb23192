"""CPU seconds of ``monitor app`` on a generated APK of 50 MB, without what starting Python takes; prints JSON.

    python -m bench.bench_app [--classes 6000]

Three dex files, together 50 MB with 6,000 classes of 10 methods each, call sensitive APIs in one method of a hundred.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from monitor.apk.contents import contents
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.tables import load_organisations, load_sdks
from tests.apk.making import Call, Class, dex
from tests.apk.test_contents import IMEI, MANIFEST, SERIAL, SETTING

_METHODS, _UNITS, _FILES = 10, 123, 3


def _loads(rng: random.Random) -> Iterator[int]:
    for _ in range(_UNITS // 3):
        yield from (0x0014, rng.randrange(1 << 16), rng.randrange(1 << 16))


def code(number: int, count: int, rng: random.Random) -> bytes:
    """One dex file. Its ordinary instructions load numbers that may look like anything."""
    noise = [Call("", units=tuple(_loads(rng))) for _ in range(200)]
    classes = []
    for n in range(count):
        methods = {}
        for m in range(_METHODS):
            used = [IMEI, SERIAL, Call("text", name="android_id"), SETTING] if (n * _METHODS + m) % 100 == 0 else []
            methods[f"m{m}"] = [*used, rng.choice(noise)]
        classes.append(Class(f"com.vendor{n % 60}.part{number}.C{n}", methods=methods))
    return dex(classes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classes", type=int, default=6_000)
    options = parser.parse_args()
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "large.apk"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("AndroidManifest.xml", MANIFEST)
            for number in range(_FILES):
                archive.writestr(f"classes{number + 1 if number else ''}.dex", code(number, options.classes, rng))
        rows, sdks, organisations = load_catalogue(), load_sdks(), load_organisations()
        begun = time.process_time()
        found = contents(path, rows, sdks, organisations)
        spent = time.process_time() - begun
        print(json.dumps({"bytes": path.stat().st_size, "classes": found.classes, "cpu_s": round(spent, 2),
                          "references": len(found.references), "limits": found.limits}))  # fmt: skip


if __name__ == "__main__":
    main()
