"""``uv run python -m bench.adversaries [--only N] [--as root|user|both] [--before COMMIT]``: the defects that
adversaries found, each by the tests that reproduce it, on the commit that was reviewed and on this one.

The second review's are run as tests: those of here, on the code of either commit, as root and as an ordinary user
(where root runs this; that user must be able to read the checkout), and, where the older code cannot load them, as
commands too. The first review's are the cases of ``bench.review``. Exits 1 if one is open here.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench import review
from bench.review_second import ATTACKS

ROOT = Path(__file__).resolve().parents[1]
REVIEWED = "4ab3f20"
USER = 12345


class Row(NamedTuple):
    """A defect, and the tests that fail where it is."""

    name: str
    what: str
    tests: tuple[str, ...]


_CONTAINED = "tests/standin/test_containment.py"
ROWS = (
    Row("1 critical", "sdk check runs code of another user from a foreseeable folder", (
        "tests/test_output.py",
    )),
    Row("2 critical", "without bubblewrap the app has the recorder's rights, and the session goes on", (
        f"{_CONTAINED}::test_a_hostile_app_gets_nothing[jvm]",
        f"{_CONTAINED}::test_where_nothing_goes_it_is_said_what_was_tried",
        f"{_CONTAINED}::test_a_session_refuses_to_run_an_app_free",
        f"{_CONTAINED}::test_an_app_that_runs_free_is_said_at_both_ends",
        "tests/evidence/test_verify.py::test_inputs_are_sealed_as_they_were_read",
    )),
    Row("3 high", "a connection without a known owner counts as the app's", (
        "tests/proxy/test_worker.py::test_a_connection_that_nobody_holds_any_more_is_not_the_apps",
        "tests/proxy/test_worker.py::test_no_other_user_of_this_machine",
        "tests/standin/test_neighbours.py",
    )),
    Row("4 high", "results of a stranger's key count as the recorder's", (
        "tests/evidence/test_verify.py::test_results_count_only_from_the_recorder_or_someone_named",
        "tests/evidence/test_verify.py::test_a_stranger_who_keeps_the_statement_does_not_become_the_recorder",
        "tests/reports/test_whose_results.py::test_every_command_that_shows_results_asks_for_the_key",
    )),
    Row("5 high", "rules and labels of any key are taken over", (
        "tests/assess/test_own_rules.py::test_a_strangers_rules_are_not_taken_over",
        "tests/assess/test_own_rules.py::test_this_version_has_none_of_them",
    )),
    Row("6 high", "a name is looked up twice, and a slow lookup counts as public", (
        "tests/proxy/test_lookup.py",
        "tests/scenario/test_policy_verb.py::test_a_name_that_is_not_looked_up_in_time_is_not_fetched",
    )),
    Row("7 high", "what a message may cost is bounded after it was built", (
        "tests/content/test_content_decode.py", "tests/proxy/test_memory.py",
    )),
    Row("8 medium", "the app sees the host's processes, and a stopped recorder does not notice", (
        f"{_CONTAINED}::test_a_hostile_app_gets_nothing[jvm]",
        "tests/test_clock.py::test_the_pulse_tells_steps_and_stalls_and_nothing_else",
    )),
    Row("9 medium", "masking misses forms that the search finds", ("tests/content/test_guard.py",)),
    Row("10", "the journal on the device is run as root", ("tests/device/test_journal.py",)),
    Row("11", "embedded IPv4, site-local addresses, raw bidirectional marks", (
        "tests/test_network.py", "tests/test_output.py::test_json_keeps_its_meaning_and_shows_what_would_act",
    )),
    Row("since", "the shell reaches the host, the disk is filled, mounts by name, unverified bundles", (
        "tests/standin/test_neighbours.py::test_whose_a_listener_is", "tests/standin/test_storage.py",
        "tests/standin/test_files.py", "tests/standin/test_hostile_calls.py",
        "tests/cli/test_evidence.py::test_no_command_reads_a_log_that_somebody_wrote_anew",
    )),
    Row("since", "hooks are taken out, or the agent is cut off, unnoticed", (
        "tests/hooks/test_states.py::test_a_function_that_an_app_puts_back_is_reported",
        "tests/hooks/test_states.py::test_code_of_our_own_that_an_app_writes_over_is_reported",
        "tests/hooks/test_flow.py::test_an_agent_that_is_cut_off_is_missed",
    )),
)  # fmt: skip


class Came(NamedTuple):
    """What tests of a row came to, by their outcome."""

    passed: int = 0
    failed: int = 0
    unloaded: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        named = zip(("pass", "fail", "cannot be loaded", "skipped"), self, strict=True)
        return ", ".join(f"{number} {what}" for what, number in named if number) or "not run"


@contextmanager
def tree(commit: str, work: Path) -> Iterator[Path | None]:
    """That commit's code with the tests of here; None if this is no clone that has it."""
    with review.checkout(commit, work) as place:
        if place is not None:
            shutil.rmtree(place / "tests")
            shutil.copytree(ROOT / "tests", place / "tests", ignore=shutil.ignore_patterns("__pycache__"))
            for file in ("pyproject.toml", "conftest.py"):
                if (ROOT / file).is_file():
                    shutil.copy(ROOT / file, place / file)
        yield place


def ran(root: Path, row: Row, work: Path, user: int) -> Came:
    """Run a row's tests on a tree's code. ``user`` 0: as whoever we are."""
    total, files = Counter[str](), dict.fromkeys(test.partition("::")[0] for test in row.tests)
    for file in files:  # each by itself: one that cannot be loaded would take the others along
        total += _ran(root, [test for test in row.tests if test.partition("::")[0] == file], work, user)
    return Came(total["passed"], total["failure"], total["error"], total["skipped"])


def _ran(root: Path, tests: list[str], work: Path, user: int) -> Counter[str]:
    """Tests of one file by their outcome: passed, failure, error or skipped."""
    place = Path(tempfile.mkdtemp(dir=work))
    report = place / "report.xml"
    words = [
        sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", f"--basetemp={place / 't'}",
        f"--junitxml={report}", "-m", "not art", *tests,
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'emulator'}", "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"HOME": str(place), "TMPDIR": str(place)}
    environment.pop("CI", None)
    if user:
        os.chown(place, user, user)
        words = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *words]
    done = subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True, errors="replace")
    cases = list(ET.parse(report).getroot().iter("testcase")) if report.is_file() else []
    if not cases:
        print(f"      {tests[0]}: {(done.stderr or done.stdout)[-300:]}", file=sys.stderr)
        return Counter(error=1)
    marks = [{child.tag for child in case} for case in cases]
    return Counter(
        next((kind for kind in ("error", "failure", "skipped") if kind in found), "passed") for found in marks
    )


def main(arguments: list[str]) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="adversaries", description=__doc__)
    parser.add_argument("--only", default="", help="rows whose number begins so; 'earlier' = the first review's alone")
    parser.add_argument(
        "--as", dest="who", choices=("root", "user", "both"), default="both" if os.geteuid() == 0 else "user"
    )
    parser.add_argument("--before", default=REVIEWED, help="commit of the first column; empty for none")
    parser.add_argument("--json", action="store_true", help="one object a row")
    options = parser.parse_args(arguments)
    rows = [row for row in ROWS if row.name.startswith(options.only)]
    if os.geteuid():
        users = {"user": 0}
    else:
        users = (
            {"root": 0, "user": USER} if options.who == "both" else {options.who: USER if options.who == "user" else 0}
        )
    open_here = 0
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        work.chmod(0o755)
        with tree(options.before, work) if options.before and rows else review.none() as old:
            trees = [review.Tree(old, work / "old") if old else None, review.Tree(ROOT, work / "new")]
            for row in rows:
                found: dict[str, dict[str, str]] = {}
                if row.name in ATTACKS:
                    command, attack = ATTACKS[row.name]
                    first, then = (review.tried(review.Case(row.name, command, attack), one) for one in trees)
                    open_here += then.worked
                    state = "yes" if then.worked else "no"
                    found[command] = {"before": first.said, "after": then.said, "open": state}
                for who, user in users.items():
                    before = ran(old, row, work, user) if old else Came()
                    after = ran(ROOT, row, work, user)
                    bad = after.failed + after.unloaded + (after == Came())
                    open_here += bool(bad)
                    found[who] = {"before": str(before), "after": str(after), "open": "yes" if bad else "no"}
                if options.json:
                    print(json.dumps({"row": row.name, "what": row.what, "tests": row.tests, **found}), flush=True)
                    continue
                print(f"{row.name:10} {row.what}")
                for how, one in found.items():
                    head = f"tests as {how}" if how in users else f"$ {how}"
                    state = "OPEN" if one["open"] == "yes" else "ok"
                    print(f"           {head}\n             before  {one['before']}", flush=True)
                    print(f"             after   {one['after']}  {state}", flush=True)
    print(f"{len(rows)} rows of the second review, {open_here} open")
    earlier = 0
    if options.only in ("", "earlier"):
        earlier = review.main(
            ["--before", review.REVIEWED if options.before else "", *(["--json"] if options.json else [])]
        )
    return 1 if open_here or earlier else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
