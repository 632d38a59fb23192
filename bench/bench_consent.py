"""Precision and recall of reading consents from dialogs, per scope and language.

Run: ``python -m bench.bench_consent``; ``-v`` lists what of the tuning part is read otherwise than labelled.

Each dialog of ``tests/corpus/consent`` is shown and answered once with its control that agrees and once with the one
that does not; what the tracker makes of it is compared with the label. Everything but a notice of the policy comes
after the policy was agreed to, as in an app. A part of the corpus was written before the words were, and kept apart;
another (``outside``) by somebody who saw neither the words nor the code: when first read, 160 of 224 answers were as
labelled; words have been added since. Published dialogs and button texts are measured apart: see ``consent_public``.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.consent.window import window
from monitor.analysis.rules.examples import event

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "corpus" / "consent"
PARTS = ("tuning", "heldout", "outside")
_STATES = {"granted", "denied", "withdrawn"}
_DONE = [
    {"kind": "window", "at": 1, "window": 9, "title": "隐私政策", "texts": ["请阅读"], "buttons": ["同意", "不同意"]},
    {"kind": "tap", "at": 2, "label": "同意", "window": 9},
    {"kind": "window", "at": 3, "window": 9, "action": "hidden"},
]


class Case(NamedTuple):
    """A dialog with one answer and what it decides: (scope, state), or nothing."""

    language: str
    scope: str
    dialog: tuple[str, str, str, str]
    yes: bool

    @property
    def expected(self) -> set[tuple[str, str]]:
        """What the label says."""
        if self.scope in ("permission", "none"):
            return set()
        if self.scope == "withdrawn":
            return {("policy", "withdrawn")} if self.yes else set()
        return {(self.scope, "granted" if self.yes else "denied")}


def cases(part: str) -> list[Case]:
    """All cases of a part of the corpus."""
    found = []
    for path in sorted(CORPUS.glob(f"*-{part}.yaml")):
        for scope, dialogs in yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader).items():
            for dialog in dialogs:
                assert len(dialog) == 4, (path.name, dialog)
                found += [Case(path.name[:2], scope, tuple(map(str, dialog)), yes) for yes in (True, False)]
    return found


def read(case: Case) -> set[tuple[str, str]]:
    """The decisions that the tracker reads from it, recipients left out."""
    title, text, yes, no = case.dialog
    raws: list[dict[str, Any]] = list(_DONE if case.scope != "policy" else ())
    raws += [
        {"kind": "window", "at": 20, "window": 1, "title": title, "texts": [text], "buttons": [no, yes]},
        {"kind": "tap", "at": 25, "label": yes if case.yes else no, "window": 1},
    ]
    tracker = read_consent(event(raw, number) for number, raw in enumerate(raws, 1))
    last = len(raws)
    stood = "policy" if case.scope != "policy" else ""  # what stood before and stands on is no decision
    return {
        ("share" if scope.startswith("share:") else scope, mark.state)
        for scope, line in tracker.lines.scopes.items()
        for mark in line.marks
        if mark.state in _STATES and last in mark.events and (mark.state, scope) != ("granted", stood)
    }


def _group(scope: str) -> str:
    return scope.partition(":")[0]


def measure(part: str) -> dict[tuple[str, str], tuple[int, int, int]]:
    """(language, group of scopes) to right, wrongly read and missed decisions."""
    right: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    for case in cases(part):
        got, want = read(case), case.expected
        if case.scope == "cross_border":  # who agrees to a transfer abroad agrees to the recipient
            got = {(scope, state) for scope, state in got if scope != "share"}
        elif case.scope == "withdrawn":  # and who cancels the account takes the consent back
            got = {(scope, state) for scope, state in got if scope != "account"}
        elif case.scope == "guardian" and window(case.dialog[0], case.dialog[1:2], case.dialog[2:], ()).separate:
            # a guardian who agrees separately to data that the text names agrees to these
            got = {(scope, state) for scope, state in got if not scope.startswith("sensitive:")}
        name = "withdrawal" if case.scope == "withdrawn" else ""
        for scope, state in got | want:
            key = (case.language, name if name and (scope, state) in want else _group(scope))
            right[key] += (scope, state) in got & want
            wrong[key] += (scope, state) in got - want
            missed[key] += (scope, state) in want - got
    return {key: (right[key], wrong[key], missed[key]) for key in sorted({*right, *wrong, *missed})}


def main() -> None:
    """Print the table; with ``-v`` also what of the tuning part was read otherwise."""
    from bench import consent_public  # it reads with what is defined here

    consent_public.main("-v" in sys.argv)
    for part in PARTS:
        print(f"{part}: {len(cases(part)) // 2} dialogs")
        for (language, group), (right, wrong, missed) in measure(part).items():
            precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
            print(f"  {language} {group:16} precision {precision:.3f}  recall {recall:.3f}  ({right}/{wrong}/{missed})")
    if "-v" in sys.argv:
        for case in cases("tuning"):
            got = read(case)
            if got != case.expected:
                print(case.language, case.scope, case.dialog, "yes" if case.yes else "no", "read:", sorted(got))


if __name__ == "__main__":
    main()
