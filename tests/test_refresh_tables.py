"""Public lists add domains only to the organisation whose domain they share, and only if they may be passed on."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.refresh_tables import RECIPIENTS, missing, published, write
from monitor.knowledge.tables import Hosts, load_organisations

LIST = [
    {"name": "Taboola", "domains": ["*.taboola.com", "new-taboola.example"]},
    {"name": "A customer of a cloud", "domains": ["customer.s3.amazonaws.com", "customer.example"]},
    {"name": "Two owners", "domains": ["taboola.com", "outbrain.com", "both.example"]},
    {"name": "Somebody", "domains": ["somebody.example", "10.0.0.1"]},
]


def test_a_list_adds_what_belongs_to_a_known_organisation_and_to_no_other(tmp_path: Path) -> None:
    found = published("list", "1.0", "MIT", LIST)
    added, strange = missing(found, load_organisations())
    assert found.usable and added == {"taboola": {"Taboola": ["new-taboola.example"]}}
    assert strange == ["customer.example", "somebody.example"]
    for name in ("taboola", "outbrain"):
        shutil.copy(RECIPIENTS / f"{name}.yaml", tmp_path)
    write(tmp_path, "taboola", found.source, added["taboola"], "2026-11-28")
    written = load_organisations(tmp_path)
    owner = Hosts(written).owner("x.new-taboola.example")
    assert owner and owner.id == "taboola"
    assert owner.sources[0].text == "list 1.0 (MIT), entity list: Taboola"


def test_data_that_may_not_be_passed_on_is_not_usable() -> None:
    data = {"patterns": {"a": {"name": "A", "domains": ["a.example"]}}}
    assert not published("@ghostery/trackerdb", "1", "CC-BY-NC-SA-4.0", data).usable
