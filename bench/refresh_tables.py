"""Brings the domains of known organisations up to public lists in the package registries: once a year.

Run: ``python -m bench.refresh_tables [--write]`` (needs npm). Lists whose licence allows it to be passed on
(``REDISTRIBUTABLE``) add domains to organisations that have one of the same entity; with ``--write`` the files in
``monitor/recipients`` are changed, each domain under the list's name, version and licence as its source. Of the others,
such as Ghostery's tracker database (CC BY-NC-SA 4.0), nothing is taken over: what they know and these tables do not is
counted and named on the terminal for a person who looks each up with its owner. DuckDuckGo's and Disconnect's lists are
in no registry.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import yaml

from monitor.knowledge.tables import Hosts, Organisation, load_organisations

RECIPIENTS: Final = Path(__file__).resolve().parents[1] / "monitor" / "recipients"
REDISTRIBUTABLE: Final = frozenset({"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "CC0-1.0"})
#: npm package to the file in it that holds the list.
LISTS: Final = {"third-party-web": "package/dist/entities.json", "@ghostery/trackerdb": "package/dist/trackerdb.json"}
_SHOWN: Final = 40


class Published(NamedTuple):
    """A list as published: entity to its domains."""

    source: str
    licence: str
    entities: dict[str, list[str]]

    @property
    def usable(self) -> bool:
        """Whether its data may be passed on under this project's licence."""
        return self.licence in REDISTRIBUTABLE


def published(package: str, version: str, licence: str, data: Any) -> Published:
    """A list from the JSON of its package."""
    entities: dict[str, list[str]] = {}
    if isinstance(data, list):
        for entity in data:
            entities[entity["name"]] = [domain.removeprefix("*.") for domain in entity["domains"]]
    else:
        for pattern in data["patterns"].values():
            entities.setdefault(pattern["name"], []).extend(pattern["domains"])
    return Published(f"{package} {version} ({licence})", licence, entities)


def missing(found: Published, known: Mapping[str, Organisation]) -> tuple[dict[str, dict[str, list[str]]], list[str]]:
    """What a list adds: organisation to {entity: domains} where exactly one owns a domain of the entity, and the
    domains of entities that no organisation shares."""
    hosts = Hosts(known)
    added: dict[str, dict[str, list[str]]] = {}
    strange: list[str] = []
    for entity, domains in found.entities.items():
        owners = {domain: hosts.owner(domain) for domain in domains if not domain.rpartition(".")[2].isdigit()}
        # A name below somebody's domain may be a customer's, as with clouds: only a domain of its own tells the entity.
        listed = {domain for owner in owners.values() if owner for domain in (d.name for d in owner.domains)}
        own = {owner.id for domain, owner in owners.items() if owner and domain in listed}
        new = [domain for domain, owner in owners.items() if owner is None]
        if len(own) == 1 and new:
            added.setdefault(own.pop(), {})[entity] = sorted(set(new))
        elif not own:
            strange += new
    return added, sorted(set(strange))


def write(place: Path, organisation: str, source: str, entities: Mapping[str, Iterable[str]], day: str) -> None:
    """Add domains to an organisation's file, with their source."""
    path = place / f"{organisation}.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    for entity, domains in entities.items():
        data["domains"] += [{"name": domain} for domain in domains]
        said = {"text": f"{source}, entity list: {entity}", "date": day, "confidence": "seen"}
        data["sources"].insert(0, said)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=116), "utf-8")


def fetch(package: str, member: str) -> Published:
    """The list as the registry has it now, through npm."""
    with TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--json", "--silent", package], cwd=folder, check=True, capture_output=True
        )
        about = json.loads(packed.stdout)[0]
        with tarfile.open(Path(folder) / about["filename"]) as archive:
            names = {
                "package/package.json": archive.extractfile("package/package.json"),
                member: archive.extractfile(member),
            }
            manifest, data = (json.load(file) for file in names.values() if file)
    return published(package, manifest["version"], str(manifest.get("license", "")), data)


def main() -> None:
    """Fetch each list, compare, and print; with ``--write`` change the files."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    for package, member in LISTS.items():
        found = fetch(package, member)
        added, strange = missing(found, load_organisations())
        count = sum(len(domains) for entities in added.values() for domains in entities.values())
        print(f"{found.source}: {count} domains of {len(added)} known organisations, {len(strange)} of others")
        if not found.usable:
            print("  its licence allows no copy: look each up with its owner", *strange[:_SHOWN], sep="\n  ")
            continue
        for organisation, entities in sorted(added.items()):
            print(f"  {organisation}: {', '.join(domain for domains in entities.values() for domain in domains)}")
            if "--write" in sys.argv:
                write(RECIPIENTS, organisation, found.source, entities, day)


if __name__ == "__main__":
    main()
