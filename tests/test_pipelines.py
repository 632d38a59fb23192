"""The pipelines in ``docs/ci``, run: each of their commands, in order, on a machine that has what they say it has.

A machine is a new environment of Python with its own pip; what their services do (checkout, upload) is compared with
the files that are there. The wheel is built from the tree, and installed by the pipelines' own command; what it depends
on is this environment's. What one pipeline has recorded of an app or library, another that says it in the same words
does not record again: it gets the files that came of it.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sysconfig
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
import yaml

from monitor.base.paths import bundled
from monitor.evidence.verify import verify
from monitor.scenario.apps import bundled_app, bundled_library

pytestmark = pytest.mark.device
ROOT = Path(__file__).parents[1]
CI = ROOT / "docs" / "ci"
SCENARIO = """\
appId: com.example.shop
app: shop
name: first_run
---
- launchApp: {clearState: true}
- extendedWaitUntil: {visible: "同意并继续|同意", timeout: 60s}
- idle: 1s
- consent: {scope: policy, decision: accept, tapOn: "同意并继续|同意"}
"""
#: One situation of nine: what each is about is tested elsewhere.
PROJECT = "sdk: {situation: [after_consent], watch: 1}\n"


#: By the words of a command and the app: its exit code, and the checkout it ran in.
Recordings = dict[tuple[str, ...], tuple[int, Path]]


class Machine(NamedTuple):
    """A checkout of the project under test, and where commands are looked for."""

    work: Path
    env: dict[str, str]
    app: str
    recorded: Recordings

    def run(self, lines: Iterable[str], shell: str = "sh") -> int:
        """Run lines as a pipeline's service does: until one fails."""
        return next(filter(None, (self._line(line, shell) for line in lines)), 0)

    def _line(self, line: str, shell: str) -> int:
        program, *words = shlex.split(line)
        if Path(program).name != "monitor" or words[0] not in ("run", "sdk", "doctor"):
            return self._ran(line, shell)
        # What doctor says depends on how it was installed: into pip's environment, or into one of the pipeline's own.
        subject = (*words, {"run": self.app, "doctor": program}.get(words[0], ""))
        if subject not in self.recorded:
            self.recorded[subject] = self._ran(line, shell), self.work
            return self.recorded[subject][0]
        code, there = self.recorded[subject]
        for option, place in itertools.pairwise(words):
            if option in ("--out", "--reports"):
                shutil.copytree(there / place, self.work / place)
        return code

    def _ran(self, line: str, shell: str) -> int:
        done = subprocess.run(
            [shell, "-e"], input=line, cwd=self.work, env=self.env,
            capture_output=True, text=True, encoding="utf-8", timeout=400,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        print(done.stdout[-1500:], done.stderr[-1500:])  # shown where the test fails
        return done.returncode

    def there(self, *paths: str) -> None:
        """Each path that is uploaded exists."""
        for path in paths:
            assert list(self.work.glob(path)), path


@pytest.fixture(scope="module")
def recorded() -> Recordings:
    return {}


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine's place, kept to the end: the next one takes what was recorded there."""
    return tmp_path_factory.mktemp("machine")


@pytest.fixture(scope="module")
def pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment whose pip each machine has: to install one takes as long as what a pipeline installs."""
    place = tmp_path_factory.mktemp("pip")
    venv.create(place, with_pip=True)
    return place


def machine(place: Path, wheel: Path, app: str, recorded: Recordings, pip: Path | None = None) -> Machine:
    """With the files that the pipelines name, for this sample app."""
    work, declarations = place / "work", bundled("scenarios") / "declarations"
    for folder in (work / "privacy", work / "build", place / "bin", place / "home"):
        folder.mkdir(parents=True)
    (work / "privacy" / wheel.name).symlink_to(wheel)
    (work / "privacy" / "first_run.yaml").write_text(SCENARIO, "utf-8")
    (work / "privacy" / "baseline.yaml").write_text("accepted: []\n", "utf-8")
    (work / "privacy" / "declaration.yaml").write_bytes((declarations / f"{app}.yaml").read_bytes())
    (work / "privacy" / "sdk.yaml").write_bytes((declarations / "beacon.yaml").read_bytes())
    (work / "monitor.yaml").write_text(PROJECT, "utf-8")
    bundled_app(app, place).rename(work / "app.apk")
    with zipfile.ZipFile(work / "build" / "library.aar", "w") as library:
        library.writestr("AndroidManifest.xml", "<manifest package='cn.beacon.analytics'/>")
        library.write(bundled_library("beacon", place), "classes.jar")
    (place / "bin" / "sudo").write_text(f'#!/bin/sh\necho "$@" >> {place / "sudo"}\n')  # it would change this machine
    (place / "bin" / "sudo").chmod(0o755)
    venv.create(place / "python", symlinks=True)
    paths = [sysconfig.get_path("purelib")]
    if pip:  # read from where it is: what Python has compiled of it serves all machines
        paths += map(str, pip.glob("lib/python*/site-packages"))
        program = place / "python" / "bin" / "pip"
        program.write_text(f'#!/bin/sh\nexec {place}/python/bin/python -m pip "$@"\n', "utf-8")
        program.chmod(0o755)
    kept = {
        key: os.environ[key]
        for key in ("LANG", "LC_ALL", "CI", "XDG_CACHE_HOME", "PYTHONPYCACHEPREFIX")
        if key in os.environ
    }
    env = {
        **kept, "HOME": str(place / "home"), "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
        "PATH": f"{place}/python/bin:{place}/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_NO_COMPILE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPATH": os.pathsep.join(paths),
    }  # fmt: skip
    return Machine(work, env, app, recorded)


def installed(place: Path) -> None:
    """The ``monitor`` of the pipeline is the wheel's, not this tree's."""
    assert list(place.glob("lib/python*/site-packages/monitor/_bundled")), "the wheel was not installed"


@pytest.mark.parametrize(
    ("name", "failing", "told"),
    [("app", ["Session: 1"], "COL-02"), ("library", [], "Beacon")],
    ids=["app", "library"],
)
def test_github(
    name: str, failing: list[str], told: str, wheel: Path, recorded: Recordings, pip: Path, tmp_path: Path
) -> None:
    """Of an app with findings: the session's step fails, what is done always is done, and the reports are uploaded."""
    there = machine(tmp_path, wheel, "shop", recorded, pip)
    jobs = yaml.safe_load((CI / "github.yaml").read_text("utf-8"))["jobs"]
    assert set(jobs) == {"app", "library"}
    failed: list[str] = []
    uploaded: list[dict[str, Any]] = []
    for step in jobs[name]["steps"]:
        if failed and step.get("if") != "always()":
            continue
        if "run" in step:
            code = there.run([step["run"]], "bash")
            failed += [f"{step.get('name', step['run'])}: {code}"] * bool(code)
        elif step["uses"].split("/")[0] != "actions" or "upload" in step["uses"]:
            uploaded.append(step["with"])
    installed(tmp_path / "python")
    assert failed == failing
    assert (tmp_path / "sudo").read_text().startswith("sysctl -w kernel.yama.ptrace_scope=0")
    for one in uploaded:
        there.there(*one.get("path", "").split(), *filter(None, [one.get("sarif_file")]))
    assert told in (tmp_path / "summary.md").read_text("utf-8")
    if name == "app":
        (run,) = json.loads((there.work / "reports" / "report.sarif").read_text("utf-8"))["runs"]
        assert any(result["ruleId"] == "COL-02" for result in run["results"])
        verify(there.work / "evidence")
        assert not (there.work / "evidence" / "private").exists()


def test_gitlab(wheel: Path, recorded: Recordings, pip: Path, tmp_path: Path) -> None:
    there = machine(tmp_path, wheel, "shop-clean", recorded, pip)
    pipeline = yaml.safe_load((CI / "gitlab.yaml").read_text("utf-8"))
    there.env.update(pipeline["variables"])
    jobs = {name: job for name, job in pipeline.items() if isinstance(job, dict) and "script" in job}
    assert set(jobs) == {"privacy", "library"}
    for job in jobs.values():
        assert there.run([*pipeline["default"]["before_script"], *job["script"]]) == 0
        assert there.run(job.get("after_script", [])) == 0
        there.there(*job["artifacts"]["paths"], *job["artifacts"].get("reports", {}).values())
    installed(tmp_path / "python")
    assert ElementTree.parse(there.work / "reports" / "junit.xml").getroot().find(".//testcase") is not None
    verify(there.work / "evidence")


def test_jenkins(wheel: Path, recorded: Recordings, tmp_path: Path) -> None:
    there = machine(tmp_path, wheel, "shop-clean", recorded)
    text = (CI / "Jenkinsfile").read_text("utf-8")
    there.env["HOME"] = str(there.work)
    steps, after = (re.findall(r"\bsh '([^'\n]+)'", part) for part in text.split("    post {"))
    assert len(steps) == text.count("sh '") - len(after) == 4 and after
    for step in [*steps, *after]:
        assert there.run([step]) == 0, step
    installed(there.work / ".venv")
    there.there(*re.findall(r"junit '([^']+)'", text), *re.findall(r"artifacts: '([^']+)'", text)[0].split(", "))
    verify(there.work / "evidence")
