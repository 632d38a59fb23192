"""What the manifest asks for beyond the declaration is noted, and never a finding."""

from __future__ import annotations

import pytest

from monitor.analysis.coverage.lines import manifest_note
from monitor.assess.evaluation import Evaluation
from monitor.session.declaration import Declaration
from monitor.text.reasons import line_words
from tests.analysis.anew import rules

ASKED = [
    "android.permission.INTERNET", "android.permission.CAMERA", "android.permission.READ_CONTACTS",
    "android.permission.QUERY_ALL_PACKAGES", "com.example.own.PUSH",
]  # fmt: skip


def declared(*names: str) -> Declaration:
    return Declaration.model_validate({"permissions": [{"name": name} for name in names]})


def test_what_is_not_declared_is_named() -> None:
    note = manifest_note(ASKED, declared("android.permission.CAMERA"))
    assert note is not None and (note.line, note.state, note.detail) == ("note", "note", {"count": "2"})
    assert note.why.endswith(": QUERY_ALL_PACKAGES, READ_CONTACTS")
    for lang, between in (("en", ", "), ("zh", "、")):
        assert f"QUERY_ALL_PACKAGES{between}READ_CONTACTS" in line_words(note, lang)


@pytest.mark.parametrize(
    ("asked", "declaration"),
    [
        (ASKED, declared("CAMERA", "READ_CONTACTS", "android.permission.QUERY_ALL_PACKAGES")),
        (["android.permission.INTERNET", "com.example.own.PUSH"], declared("android.permission.CAMERA")),
        ([], declared()),
        (ASKED, Declaration()),  # nothing is said about permissions, so nothing contradicts
    ],
    ids=["declared", "granted without asking", "none", "no list"],
)
def test_otherwise_there_is_nothing_to_say(asked: list[str], declaration: Declaration) -> None:
    assert manifest_note(asked, declaration) is None


def test_it_is_a_note_of_the_session_and_no_finding() -> None:
    evaluation = Evaluation(rules((), "guide"), declared("android.permission.CAMERA"), {}, {}, [])
    for _ in range(2):
        found = evaluation.close(ASKED)
        assert [line.id for line in found.coverage if line.line == "note"] == ["manifest_permissions"]
        assert found.findings == []
    assert {line.state for line in found.coverage if line.id == "PRM-06"} == {"not_exercised"}
