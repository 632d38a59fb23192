#!/usr/bin/env python3
"""Print a CycloneDX 1.6 bill of materials of what is installed by `locked.txt`, with the digests that may be."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def locked() -> dict[str, tuple[str, list[str]]]:
    """Name to version and SHA-256 digests."""
    found: dict[str, tuple[str, list[str]]] = {}
    name = ""
    for line in (ROOT / "locked.txt").read_text("utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
            name = match[1].lower()
            found[name] = (match[2], [])
        elif digest := re.search(r"--hash=sha256:([0-9a-f]{64})", line):
            found[name][1].append(digest[1])
    return found


def bill() -> dict[str, object]:
    """The document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "properties": [{"name": "sha256 of a file", "value": digest} for digest in digests],
        }
        for name, (version, digests) in sorted(locked().items())
    ]
    own = {"type": "application", "name": project["name"], "version": project["version"]}
    licence = {"license": {"id": project["license"]}}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**own, "licenses": [licence]}},
        "components": components,
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1)
    sys.stdout.write("\n")
