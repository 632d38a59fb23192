"""The lexicon: its files, a user's phrases in addition, and a recording's tables in place of this version's."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from monitor.analysis.consent.text import one_pattern, pattern, plain
from monitor.analysis.consent.window import window
from monitor.base.errors import InputError
from monitor.knowledge.lexicon import ACTS, HEADER, LEXICON, Phrase, acts, places, read_phrases, written
from monitor.knowledge.wordlists import TABLES, adding, checked_words, phrases, table, using

FILES = sorted(LEXICON.glob("*.tsv"))
PLACE = ("share",)


def own_file(directory: Path, *lines: str, name: str = "own.tsv") -> Path:
    path = directory / name
    path.write_text("\n".join(["\t".join(HEADER), *lines, ""]), "utf-8")
    return path


def texts(*place: str) -> set[str]:
    return {phrase.text for phrase in phrases()[place]}


# The files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_that_has_words_of_agreement_has_its_negations(path: Path) -> None:
    """Without them, what says that somebody does not agree would count as a yes."""
    acts = {phrase.act for phrase in read_phrases(path, own=True)}
    assert "accept" not in acts or acts & {"not_agreed", "not_abroad"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_sorted_and_has_no_line_twice_or_longer_than_a_screen(
    path: Path, request: pytest.FixtureRequest
) -> None:
    """``--update`` sorts it."""
    if request.config.getoption("--update"):
        path.write_text(written(read_phrases(path, own=True)), "utf-8")
    text = path.read_text("utf-8")
    assert text == written(read_phrases(path, own=True))
    assert max(map(len, text.splitlines())) <= 200


def test_no_phrase_stands_in_two_files_or_in_two_spellings() -> None:
    every = Counter(
        (phrase.place, phrase.expression or plain(phrase.text)) for found in phrases().values() for phrase in found
    )
    assert [one for one, count in every.items() if count > 1] == []


def test_every_act_has_a_meaning_and_a_phrase_and_every_expression_can_be_read() -> None:
    assert all(set(act) <= {"means", "matched", "groups", "strengths"} and act["means"] for act in acts().values())
    assert [place for place in places() if not phrases()[place]] == []
    for place in places():
        pattern(*place)


def may_be_covered(place: tuple[str, ...]) -> bool:
    """Whether it is only asked whether a phrase of this place is in a text."""
    return acts()[place[0]].get("matched", "anywhere") == "anywhere" and place[-1] != "ambiguous"


def covers(short: Phrase, long: Phrase) -> bool:
    """Whether the shorter phrase is found wherever the longer one is, whatever stands around it."""
    text = long.text.partition("¬")[0]
    latin = text.replace("…", "").isascii()
    ends = ("x", "") if text.endswith("*") else ("",)
    gaps = (" zz ", "字字") if "…" in text else ("",)
    if "¬" in short.text or short.text.strip("*")[0] not in text:
        return False
    one = one_pattern([short.text])
    return all(
        one.search(before + plain(text.removesuffix("*").replace("…", gap)) + end + after)
        for before, after, end, gap in product(" 字" if latin else "x字", " 字" if latin else "x字", ends, gaps)
    )


def test_no_phrase_is_covered_by_a_shorter_one_of_its_act() -> None:
    found = []
    for place in filter(may_be_covered, places()):
        words = [phrase for phrase in phrases()[place] if not phrase.expression]
        found += [
            (*place, long.text, short.text)
            for long in words
            for short in words
            if len(short.text) < len(long.text) and covers(short, long)
        ]
    assert found == []


def test_a_language_that_is_dropped_in_is_read(tmp_path: Path) -> None:
    shutil.copytree(LEXICON, tmp_path / "lexicon")
    own_file(tmp_path / "lexicon", "accetto\taccept\tclear", name="it.tsv")
    with using(tmp_path / "lexicon"):
        assert "accetto" in texts("accept", "clear")
        assert {phrase.language for phrase in phrases()["accept", "clear"]} >= {"it", "zh"}


# In addition, and in place ----------------------------------------------------------------------------------------


def test_added_phrases_count_while_they_are_in_use_and_no_longer(tmp_path: Path) -> None:
    text = "我们会把您的资料搬运至合作方"

    def topics() -> frozenset[str]:
        return window("", [text], ["同意", "不同意"], []).topics

    before = texts(*PLACE)
    assert "share" not in topics()
    with adding(own_file(tmp_path, "搬运至\tshare\t")):
        assert texts(*PLACE) == before | {"搬运至"} and "share" in topics()
    assert texts(*PLACE) == before and "share" not in topics()


def test_phrases_in_the_format_of_earlier_bundles_are_read(tmp_path: Path) -> None:
    path = tmp_path / "consent-words.yaml"
    path.write_text("accept: {clear: [芝麻开门]}\nshare: [搬运至]\ntypes: {imei: [机身码]}\n", "utf-8")
    with adding(path):
        assert (
            "芝麻开门" in texts("accept", "clear") and "搬运至" in texts("share") and "机身码" in texts("types", "imei")
        )
    for wrong in ("nothing: [x]", "share: x", "share: [1]", "- x"):
        path.write_text(wrong, "utf-8")
        with pytest.raises(InputError, match="consent-words"):
            checked_words(path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("x\tnothing_known\t", "no such act"),
        ("x\taccept\t", "no such act"),
        ("x\tshare\tclear", "no such act"),
        ("x", "no such act"),
        (" \tshare\t", "a phrase"),
        ("x" * 300 + "\tshare\t", "a phrase"),
        ("/(x+x+)+y/\tshare\t", "only phrases"),
    ],
)
def test_a_faulty_line_is_refused_with_its_number(tmp_path: Path, line: str, says: str) -> None:
    path = own_file(tmp_path, line)
    for use in (checked_words, lambda path: adding(path).__enter__()):
        with pytest.raises(InputError, match=f"{re.escape(str(path))}:2.*{says}|{says}.*own.tsv:2"):
            use(path)


def test_a_file_without_its_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_text("x\tshare\t\n", "utf-8")
    with pytest.raises(InputError, match="first line"):
        checked_words(path)


def test_a_kept_lexicon_is_completed_and_a_table_of_another_shape_refused(tmp_path: Path) -> None:
    shutil.copytree(TABLES, tmp_path / "kept")
    own_file(tmp_path / "kept", "旧词\tshare\t", "gone\tno_act_of_today\t", name="zh.tsv")
    expression = {phrase.text for phrase in phrases()["kept",]}
    others = texts("accept", "clear")
    with using(tmp_path / "kept"):
        assert texts(*PLACE) == {"旧词"}
        assert texts("accept", "clear") == others and texts("kept") == expression
    (tmp_path / "kept" / "fields.yaml").write_text("no_name: [1]\n", "utf-8")
    with using(tmp_path / "kept"), pytest.raises(InputError, match="different type"):
        table("fields")
    assert (LEXICON / ACTS).is_file()


def test_what_another_version_kept_besides_is_not_read(tmp_path: Path) -> None:
    """Decisions were once a list ``rows``; a bundle that keeps them is judged by this version's tables."""
    (tmp_path / "consent_decisions.yaml").write_text("rows: [{id: agreed, when: {says: [accept]}}]\n", "utf-8")
    own = table("consent_decisions")
    with using(tmp_path):
        assert table("consent_decisions") == own
