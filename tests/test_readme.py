"""The README and the tree agree: everything it names exists, and everything that exists is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.main import get_command

from monitor.cli import app
from monitor.reports import formats
from monitor.scenario.model import names
from monitor.session.laboratory import EXTRACTION, REPORT, missing, record_file

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def test_the_first_lines_are_the_two_commands() -> None:
    block = re.search(r"```\n(.*?)```", README, re.S)
    assert block is not None
    assert block.group(1).split("\n")[:2] == ["uv run monitor run quickstart", "uv run pytest"]


@pytest.mark.parametrize("command", sorted(get_command(app).commands))  # type: ignore[attr-defined]
def test_every_command_is_named(command: str) -> None:
    assert re.search(rf"`(monitor )?{command}\b", README)


@pytest.mark.parametrize("name", sorted(formats()))
def test_every_report_format_is_named(name: str) -> None:
    assert re.search(rf"\b{name}\b", README)


def test_every_file_that_is_named_exists() -> None:
    for path in re.findall(r"\]\(([\w./-]+)\)", README):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"`((?:monitor|hooks|scenarios|emulator|tests)/[\w./-]*\w/?)`", README):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize(("page", "most"), [("README.md", 100), ("ARCHITECTURE.md", 150), ("CHANGELOG.md", 60)])
def test_a_page_that_everyone_reads_is_short(page: str, most: int) -> None:
    assert len((ROOT / page).read_text("utf-8").splitlines()) <= most


def test_the_quickstart_is_a_bundled_scenario() -> None:
    assert "quickstart" in names()


def test_ci_calls_the_readmes_test_command() -> None:
    assert re.search(r"^uv run pytest( \|\| \{)?$", (ROOT / ".ci" / "run").read_text("utf-8"), re.M)


class Stop(NamedTuple):
    """One stop of a walk."""

    file: Path
    name: str
    """Empty: the whole file."""
    back: str
    """The earlier stop that leads on to it, if it is not the one before."""


def _walks() -> list[list[Stop]]:
    found: list[list[Stop]] = []
    for walk in ARCHITECTURE.partition("## Three walks")[2].partition("\n## ")[0].split("\n**")[1:]:
        stops = re.findall(r"^(\d+)\. `([^`]+)`(?: `([\w.]+)`)?:(?: back in (\w+))?", walk, re.M)
        assert [int(number) for number, *_ in stops] == list(range(1, len(stops) + 1))
        found.append([Stop(ROOT / file, name, back) for _, file, name, back in stops])
    return found


def _defined(source: str, name: str) -> bool:
    """Whether Python or TypeScript defines it: a function, a class, or a method in its class."""
    if "." not in name:
        return bool(re.search(rf"^(export )?(async )?(def|class|function) {name}\b", source, re.M))
    owner, _, method = name.partition(".")
    found = re.search(rf"^class {owner}\b.*\n((?:[ )#].*\n|\n)*)", source, re.M)
    return found is not None and bool(re.search(rf"^    (async )?def {method}\b", found[1], re.M))


def _names(source: str, file: Path, name: str) -> bool:
    """Whether a file shows where the other stop is: its class, its module as it is imported, or its file."""
    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    path = f"{file.parent.name}/{file.stem}"
    words = [re.escape(module), rf"{re.escape(path)}\.(py|ts|js)", rf"(?<=\./){file.stem}\.js"]
    words += [name.partition(".")[0]] if name[:1].isupper() else []
    return any(re.search(rf"(?<![\w-]){word}\b", source) for word in words)


def test_the_walks_lead_from_room_to_room() -> None:
    """Each stop exists, and the file of the stop that leads on to it shows where it is."""
    walks = _walks()
    assert [11 < len(walk) <= 15 for walk in walks] == [True] * 3
    assert sum(map(len, walks)) == len(re.findall(r"^\d+\.", ARCHITECTURE, re.M))
    for walk in walks:
        for number, (file, name, back) in enumerate(walk):
            assert not name or _defined(file.read_text("utf-8"), name), f"{file}: {name}"
            before = [stop for stop in walk[:number] if back in ("", stop.name.partition(".")[0])]
            assert not number or _names(before[-1].file.read_text("utf-8"), file, name), f"before {file}: {name}"


def _there(quoted: str) -> list[Path]:
    """What a path on the page stands for: as it is, or in ``monitor``."""
    return [path for base in (ROOT, ROOT / "monitor") for path in base.glob(quoted.rstrip("/"))]


def test_what_the_page_of_the_architecture_names_exists() -> None:
    """Every path; and every name, in a file, or as a file, that the same paragraph, stop or row names."""
    paths = 0
    for item in re.split(r"\n\n|\n(?=\d+\. |\| )", re.sub(r"```.*?```", "", ARCHITECTURE, flags=re.S)):
        quoted = re.findall(r"`([^`\n]+)`", item)
        places = {word: _there(word) for word in quoted if "/" in word}
        assert [word for word, found in places.items() if not found] == []
        paths += len(places)
        known = [path for found in places.values() for path in found]
        texts = [path.read_text("utf-8") for path in known if path.is_file()]
        beside = {ROOT, ROOT / "monitor", *known, *(path.parent for path in known)}
        for word in [word for word in quoted if "/" not in word and " " not in word and known]:
            written = any(all(re.search(rf"\b{part}\b", text) for part in word.split(".")) for text in texts)
            assert written or any((path / word).exists() for path in beside), f"{word}: {item}"
    assert paths > 60
    picture = ARCHITECTURE.split("```")[1]
    assert [word for word in re.findall(r"[a-z]+/[\w*.]*", picture) if not (_there(word) or _there(f"{word}.*"))] == []


def test_the_page_of_the_architecture_has_every_package() -> None:
    named = set(re.findall(r"^\| `(monitor/\w+)` \|", ARCHITECTURE, re.M))
    assert named == {f"monitor/{file.parent.name}" for file in ROOT.glob("monitor/*/__init__.py")}


def test_no_link_of_a_page_is_dead_in_a_checkout() -> None:
    """Pages are read on a forge, too, where what the site generates is not there."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "emulator").glob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([\w./-]+)\)", page.read_text("utf-8"))]
    assert len(links) > 50
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_the_tutorials_for_regulators_show_the_same_commands_and_record() -> None:
    """In English and Chinese."""
    english, chinese = ((ROOT / f"docs/tutorials/regulator{lang}.md").read_text("utf-8") for lang in ("", ".zh"))

    def shown(text: str, kind: str) -> list[str]:
        return sorted(
            {line for block in re.findall(rf"```{kind}\n(.*?)```", text, re.S) for line in block.splitlines()}
        )

    assert shown(english, "yaml") == shown(chinese, "yaml") != []
    assert {line.split("#")[0] for line in shown(chinese, "console")} <= {*shown(english, "console")}
    for option in ("--no-annex", "--template", "--manual", "--device", "--timestamp", "cn-enforcement"):
        assert option in english and option in chinese, option


def test_the_record_of_the_tutorial_is_one(tmp_path: Path) -> None:
    text = (ROOT / "docs/tutorials/regulator.md").read_text("utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.S)
    assert block
    file = tmp_path / "record.yaml"
    file.write_text(block[1] + "profile: cn-enforcement\n", "utf-8")
    assert missing(record_file(file), [*REPORT, *EXTRACTION]) == []
