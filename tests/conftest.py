"""Shared by all tests: marks by what is started, which tests share a worker, golden files and their update switch."""

from __future__ import annotations

import fcntl
import gc
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any

if sys.dont_write_bytecode:
    # A run starts some hundred Python processes: where none may keep what it compiled beside the sources, each would
    # compile all of them again.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).resolve().parents[1] / ".pytest_cache" / "bytecode")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Temporary files are in memory where there is room for a whole run, 4 GiB: a disk takes half a millisecond for each of
# some ten thousand small files, and again to remove it.
if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK):
    found = os.statvfs("/dev/shm")
    if found.f_bavail * found.f_bsize >= 4 << 30 and not found.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = "/dev/shm"

# Large, and compiled anew by each run if it came before.
import hypothesis
import pytest

from tests.runtimes import absent, art_bed

#: How long an example takes says how busy the machine is, and decides no test.
hypothesis.settings.register_profile(
    "untimed", parent=hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write golden files instead of comparing with them")
    parser.addoption("--seed", type=int, help="repeat what a run with this seed chose at random (--lf does)")


def _written(file: Any) -> None:
    """In place of ``fsync``: what a test writes need not outlast a power cut, and waits for the disk add up."""
    os.fstat(file if isinstance(file, int) else file.fileno())  # what is no file stays a fault


os.fsync = _written

#: What a fixture starts, by the directory it belongs to: a test that uses one, itself or through another, has the mark.
STARTS = {
    "hooks": {"java": "jvm", "both": "device"},
    "proxy": {"sinkhole": "proxy", "recorded": "proxy", "seen": "proxy"},
    "session": {"shop": "device", "clean": "device"},
    "standin": {"adb_server": "device"},
}
#: Tests of the sessions that many files share: with xdist they stay in one worker, so that each is recorded once.
RECORDED = re.compile(r"\b(shop|clean): Recorded\b")
#: Files and directories whose tests take longest, longest first: begun last, one of them would keep a worker alone.
#: What waits most comes early, beside what computes; the quick tests are left for the end.
LONGEST = (
    "art/test_arm64.py",
    "session",
    "device/test_broken.py",
    "bench/test_small.py",
    "fleet/test_faults.py",
    "test_pipelines.py",
    "device/test_selftest.py",
    "hooks/test_exerciser.py",
    "test_contributing.py",
    "fleet",
    "test_wheel.py",
    "analysis/test_sessions.py",
    "hooks",
    "device",
    "bench",
    "proxy",
    "standin",
    "art",
    "archive",
    "cli/test_doctor.py",
    "live",
    "evidence",
)
#: What takes half of a processor's second or more though it starts none of these things: files, or tests of a file.
SLOW = (
    "analysis/test_consent_corpus.py::test_a_consented_flow_is_never_evidence_whatever_the_words",
    "analysis/test_consent_corpus.py::test_published_dialogs_and_buttons_are_read_as_labelled",
    "analysis/test_ledger.py::test_a_match_like_the_last_one_is_counted_all_the_same",
    "apk/test_archives.py::test_an_archive_with_very_many_entries_is_read",
    "apk/test_bounds.py::test_what_overlaps_is_noted_and_not_unfolded",
    "apk/test_contents.py::test_changed_code_is_read_or_noted",
    "archive/test_analyse.py",
    "archive/test_archive.py",
    "archive/test_object_store.py",
    "archive/test_population.py",
    "archive/test_questions.py",
    "art/test_arm64.py",
    "assess/test_counted.py::test_the_result_of_an_old_recording_is_the_same",
    "assess/test_indexed.py",
    "assess/test_migration.py::test_the_stage_infers_what_the_recorder_had_inferred",
    "assess/test_own_rules.py",
    "assess/test_packs.py",
    "assess/test_released.py",
    "assess/test_tables.py::test_other_clauses_keep_their_wording",
    "assess/test_tables.py::test_other_tables_keep_their_result_and_current_says_the_difference",
    "assess/test_without_device.py",
    "bench/test_small.py",
    "cli/test_case.py::test_two_at_once_keep_the_chain",
    "cli/test_consent.py",
    "cli/test_data_page.py::test_what_the_page_says_is_what_happens",
    "cli/test_declaration.py::test_hostile_texts",
    "cli/test_evidence.py::test_an_analysis_says_what_it_replaced_and_who_attests",
    "cli/test_explain.py::test_every_rule_and_finding_can_be_explained",
    "cli/test_lazy.py::test_reading_a_bundle_loads_neither_the_recorder_nor_the_rules",
    "cli/test_tables.py::test_no_table_cuts_what_it_says",
    "cli/test_tables.py::test_what_is_piped_is_a_line_a_row",
    "cli/test_wrong.py::test_a_missing_java_is_found_before_the_device_starts",
    "content/test_content_decode.py::test_no_exception_escapes",
    "content/test_content_decode.py::test_what_expands_stays_within_the_limits",
    "content/test_content_whole.py::test_base64_around_a_value_is_found_wherever_it_begins",
    "content/test_guard.py::test_values_that_a_searcher_knows_already_are_hidden_the_same",
    "content/test_import_command.py",
    "content/test_importer.py::test_memory_does_not_grow_with_the_file",
    "content/test_one_look.py::test_one_look_reads_what_asking_every_reader_reads",
    "evidence/test_forms.py::test_no_other_line_is_a_checkpoint",
    "evidence/test_recovery.py",
    "evidence/test_tamper.py",
    "evidence/test_timestamp.py::test_both_verifiers_check_the_token",
    "evidence/test_verify.py::test_flips_in_every_file",
    "fleet/test_run.py",
    "hooks/test_agent_c.py::test_each_file_is_clean_by_itself",
    "hosts/test_windows.py",
    "hooks/test_agent_messages.py::test_no_number_and_nothing_but_plain_words_is_left_of_any_path",
    "hooks/test_agent_messages.py::test_no_record_raises",
    "hooks/test_agent_messages.py::test_nothing_raises",
    "hooks/test_catalogue_truth.py::test_hooked_methods_nest_in_the_stand_in_as_in_android",
    "reports/test_matrix.py",
    "reports/test_nothing_private.py",
    "reports/test_reports.py::test_extreme_numbers_and_changed_findings",
    "reports/test_reports.py::test_structs_of_the_analysis",
    "reports/test_reports.py::test_the_inspection_report_is_a4_with_fonts_inside",
    "reports/test_whose_results.py",
    "standin/test_pace.py::test_one_that_works_or_waits_for_a_processor_has_as_many_as_it_needs",
    "test_contributing.py::test_a_walk_works_as_it_is_written",
    "test_site.py",
    "testing/test_assessed.py",
    "text/test_retold.py::test_the_code_still_says_each_sentence",
)
#: A process that a test without one of these marks may not start, by what its command line holds.
NEEDS_MARK = re.compile(r"(^|/)(java|javac|jar|adb|chromium|qemu-system-aarch64)$|collectors\.proxy\.worker|^standin$")
STARTED = ("jvm", "proxy", "device", "art", "arm64")
#: What pip does not bring: a test that starts one of these says so with the mark ``extra``, or fails on a bare machine.
EXTRA = re.compile(r"(^|/)(javac|jar|chromium|soffice|gcc|g\+\+|clang[\w-]*|toybox|mksh|adbd|npm|qemu-[\w-]+)$")
WITH_EXTRAS = ("extra", "art", "arm64")
#: Workers at most: each may hold a device with its apps, about a gigabyte.
MOST_WORKERS = 8
#: New objects after which Python looks for cycles: with its own 2,000, up to a fifth of a file's time goes into that;
#: with far more, garbage takes a worker's memory.
SELDOM = 20_000
_quick = _bare = False


@pytest.hookimpl(tryfirst=True)  # before xdist reads how many it shall start
def pytest_cmdline_main(config: pytest.Config) -> None:
    """As many workers as keep the processors busy, unless ``-n`` says how many."""
    option = config.option
    if getattr(option, "numprocesses", 0) is None and not (hasattr(config, "workerinput") or option.usepdb):
        files = {str(Path(argument.partition("::")[0])) for argument in config.args}
        processors = config.hook.pytest_xdist_auto_num_workers(config=config)
        option.numprocesses = workers(files, processors, quick="device" in option.markexpr)


def workers(chosen: Collection[str], processors: int, *, quick: bool = False) -> int:
    """How many workers serve the chosen files and directories; 0: the tests run in this process, as those of a single
    file do. A session waits for its app half of the time, and a broken device most of it: five keep two processors
    busy (more only collect the tests once more). Of ``quick`` tests alone some wait as well, for half a minute
    together: three do for two processors."""
    files = sum(Path(place).is_file() for place in chosen)
    busy = (processors * 3 + 1) // 2 if quick else processors * 5 // 2
    wanted = min(busy, MOST_WORKERS, files if files == len(chosen) else MOST_WORKERS)
    return wanted if wanted > 1 else 0


def pytest_configure(config: pytest.Config) -> None:
    # After the cache, which is configured first; before hypothesis, a plugin that was there earlier.
    cache = getattr(config, "cache", None)
    if config.option.seed is None and cache and getattr(config.option, "lf", False):
        config.option.seed = cache.get("seed", None)
    if config.option.seed is None:
        config.option.seed = random.randrange(2**32)
    if cache and not hasattr(config, "workerinput"):
        cache.set("seed", config.option.seed)
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = config.option.seed
    sys.addaudithook(_refuse_unmarked)
    if worker := getattr(config, "workerinput", None):
        config.args = parted(config.args, int(worker["workerid"].removeprefix("gw")), worker["workercount"])


def parted(places: list[str], worker: int, workers: int) -> list[str]:
    """The order in which a worker collects what is in the one directory chosen. Each begins elsewhere: in a fresh
    checkout all would compile the same files at the same time, each for itself."""
    if len(places) != 1 or not Path(places[0]).is_dir():
        return places
    inside = sorted(str(path) for path in Path(places[0]).iterdir() if path.is_dir() or path.match("test_*.py"))
    inside = [path for path in inside if not Path(path).name.startswith(("_", "."))] or places
    begin = len(inside) * worker // workers
    return inside[begin:] + inside[:begin]


def pytest_report_header(config: pytest.Config) -> str:
    return f"randomness: --seed {config.option.seed}"


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Randomness of one test, which ``--seed`` repeats."""
    return random.Random(f"{request.config.option.seed} {request.node.nodeid}")


def _refuse_unmarked(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen" and (_quick or _bare):
        words = [os.fspath(word) for word in arguments[1] if isinstance(word, str | os.PathLike)]
        if _quick and any(NEEDS_MARK.search(word) for word in words):
            raise RuntimeError(f"a test that starts {words[0]} needs a mark: {', '.join(STARTED)}")
        if _bare and words and EXTRA.search(words[0]):
            raise RuntimeError(f"a test that starts {words[0]} needs the mark extra")


@pytest.hookimpl(tryfirst=True)  # before its fixtures start anything
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs what pip does not bring, with the reason; in CI, which installs it, such a test fails."""
    if item.get_closest_marker("art"):
        art_bed()
    for mark in item.iter_markers("extra"):
        if missing := [name for name in mark.args if shutil.which(name) is None]:
            absent(f"not installed: {', '.join(missing)}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    global _quick, _bare
    _quick, _bare = (not any(item.get_closest_marker(mark) for mark in marks) for marks in (STARTED, WITH_EXTRAS))


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(here)
        names = set(getattr(item, "fixturenames", ()))
        for fixture, mark in STARTS.get(place.parts[0], {}).items():
            if fixture in names:
                item.add_marker(mark)
        if place.as_posix() in SLOW or f"{place.as_posix()}::{item.name.partition('[')[0]}" in SLOW:
            item.add_marker("slow")
    items.sort(key=lambda item: (_turn(item.path), item.path))  # wherever a worker began


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()  # some 500,000 objects that stay: no search for garbage looks at them, then or later
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])
    gc.enable()


@cache
def _turn(file: Path) -> int:
    place = file.relative_to(Path(__file__).parent)
    return next((n for n, long in enumerate(LONGEST) if place.is_relative_to(long)), len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests run in one worker, so that what they share is made once. xdist's own groups do not hold with a
    pytest that keeps the parts of a test's name apart."""
    if config.getoption("dist") == "each":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByUnit(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit(nodeid.partition("::")[0])

    config.option.loadscopereorder = False
    return ByUnit(config, log)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the tree, built once for all workers."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wheel"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not list(place.glob("*.whl")):
            words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place]
            subprocess.run(words, cwd=Path(__file__).parents[1], check=True, capture_output=True, timeout=240)
    (made,) = place.glob("*.whl")
    return made


@cache
def unit(file: str) -> str:
    """What runs in one worker: a file, or all files that look at the shared recordings."""
    text = (Path(__file__).parents[1] / file).read_text("utf-8")
    return "recorded" if RECORDED.search(text) else file


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden(name, text)``: compares with ``golden/<name>`` beside the test, or writes it with ``--update``."""

    def check(name: str, text: str) -> None:
        path = Path(request.path).parent / "golden" / name
        if request.config.getoption("--update"):
            assert not os.environ.get("CI"), "golden files are not written in CI"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.exists(), f"{path.name} is missing: run pytest --update"
        assert path.read_text("utf-8") == text

    return check
