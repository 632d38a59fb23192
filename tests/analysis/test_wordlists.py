"""A user's words in addition to the tables', and a recording's tables in place of this version's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from monitor.analysis.consent.window import window
from monitor.base.errors import InputError
from monitor.knowledge.wordlists import TABLES, adding, checked_words, table, using

KEY = next(key for key, value in table("consent_words").items() if isinstance(value, list))


def words(directory: Path, **more: object) -> Path:
    path = directory / "words.yaml"
    path.write_text(yaml.safe_dump(more, allow_unicode=True), "utf-8")
    return path


def test_added_words_count_while_they_are_in_use_and_no_longer(tmp_path: Path) -> None:
    before = list(table("consent_words")[KEY])
    with adding(words(tmp_path, **{KEY: ["芝麻开门"]})):
        assert table("consent_words")[KEY] == [*before, "芝麻开门"]
    assert table("consent_words")[KEY] == before


def test_what_was_read_before_is_read_again_with_the_added_words(tmp_path: Path) -> None:
    text = "我们会把您的资料搬运至合作方"

    def topics() -> frozenset[str]:
        return window("", [text], ["同意", "不同意"], []).topics

    assert "share" not in topics()
    with adding(words(tmp_path, share=["搬运至"])):
        assert "share" in topics()
    assert "share" not in topics()


@pytest.mark.parametrize("more", [{"nothing_known": ["x"]}, {KEY: "x"}, {KEY: [1]}, {KEY: [" "]}, {"traditional": {}}])
def test_what_is_no_list_of_words_is_refused_with_its_file(tmp_path: Path, more: dict[str, object]) -> None:
    path = words(tmp_path, **more)
    for use in (checked_words, lambda path: adding(path).__enter__()):
        with pytest.raises(InputError) as caught:
            use(path)
        assert "words.yaml" in str(caught.value)
    assert "芝麻开门" not in table("consent_words")[KEY]


def test_an_older_table_is_completed_and_one_of_another_shape_refused(tmp_path: Path) -> None:
    place = tmp_path / "tables"
    shutil.copytree(TABLES, place)
    own = dict(table("consent_words"))
    (place / "consent_words.yaml").write_text(yaml.safe_dump({KEY: ["旧词"]}, allow_unicode=True), "utf-8")
    with using(place):
        assert table("consent_words")[KEY] == ["旧词"]
        assert set(table("consent_words")) == set(own)
    assert table("consent_words")[KEY] == own[KEY]
    (place / "consent_words.yaml").write_text(yaml.safe_dump({KEY: {"a": 1}}), "utf-8")
    with using(place), pytest.raises(InputError, match="different type"):
        table("consent_words")
