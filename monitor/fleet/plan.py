"""A plan: which app, with which scenario, on which kind of device, how often. YAML or CSV; or a folder of APKs, each of
which is explored without a scenario."""

import csv
import io
import json
import re
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from pydantic import Field

from monitor.archive.facts import Context
from monitor.assess.tables import todays_digests
from monitor.base import paths, process, yamlfile
from monitor.base.errors import InputError, printable, read_bytes, reading
from monitor.device.parse.manifest import manifest
from monitor.scenario import apps, model
from monitor.scenario.explore import variants

_NAME: Final = re.compile(r"\w[\w.-]{0,60}")
_MAX: Final = 100_000
_MAX_BYTES: Final = 64 << 20
_APPS: Final = (".apk", ".apks", ".xapk")


class Row(yamlfile.Strict):
    """A row. ``app``: a file, a bundled app or a package on the devices; empty: the scenario's. ``sdks``: versions."""

    app: str = ""
    scenario: str
    kind: str = Field(default="standin", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$")
    repetitions: int = Field(default=1, ge=1, le=100)
    packs: list[str] = []
    category: str = Field(default="", max_length=80)
    declaration: str = ""
    sdks: dict[str, str] = {}


class Plan(yamlfile.Strict):
    """The file. ``name``: default: the file's, or the folder's."""

    name: str = ""
    sessions: list[Row] = Field(min_length=1, max_length=_MAX)


class Input(msgspec.Struct, kw_only=True, frozen=True):
    """A file that travels through the store: its SHA-256 and the name that it gets. Empty: none."""

    sha256: str = ""
    name: str = ""

    @property
    def object(self) -> str:
        """Where it is in the store."""
        return f"fleet/inputs/{self.sha256}"


class Task(msgspec.Struct, kw_only=True, frozen=True):
    """One session. ``id``: the digest of all that decides what it records, so that it is done once."""

    id: str
    row: int
    repetition: int
    kind: str
    app: str
    """Package on the device, where there is no file."""
    file: Input
    scenario: str
    """Name of a bundled scenario, where there is no file."""
    scenario_file: Input
    shown: str
    """SHA-256 of the scenario as a bundle shows it."""
    declaration: Input
    packs: list[str]
    category: str
    sdks: dict[str, str]
    tables: str
    """Digest of the rule tables: a worker of another version refuses."""

    def context(self, plan: str) -> Context:
        """What the archive is told about it."""
        return Context(plan, str(self.row), self.repetition, self.category, self.kind, tuple(sorted(self.sdks.items())))


class Ready(NamedTuple):
    """A plan whose inputs were read: its name and sessions, and the bytes of the inputs."""

    name: str
    tasks: list[Task]
    inputs: dict[Input, Path]


def tables_digest() -> str:
    """What this version assesses with."""
    return sha256(json.dumps(sorted(todays_digests().items())).encode()).hexdigest()


def _csv(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a CSV: ``packs`` separated by spaces, ``sdks`` as ``id=version`` separated by spaces."""
    try:
        text = read_bytes(path, _MAX_BYTES, "too large for a plan").decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("not UTF-8", where=str(path)) from None
    for line in csv.DictReader(io.StringIO(text)):
        if None in line or None in line.values():
            raise InputError("a row with too many or too few cells", where=str(path), hint="one cell a column")
        row: dict[str, Any] = {name: value.strip() for name, value in line.items() if value.strip()}
        if "packs" in row:
            row["packs"] = row["packs"].split()
        if "sdks" in row:
            row["sdks"] = dict(one.partition("=")[::2] for one in row["sdks"].split())
        if row.get("repetitions", "").isdigit():
            row["repetitions"] = int(row["repetitions"])
        yield row


def _explored(folder: Path, scratch: process.Scratch) -> Iterator[dict[str, Any]]:
    """Rows for each APK of a folder, by name: every variant of an exploration. Raises ``InputError``."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _APPS and file.is_file())
    if not files:
        raise InputError("no app in the folder", where=str(folder), hint=f"files named {', '.join(_APPS)}")
    for number, file in enumerate(files):
        place = scratch.path / f"explored-{number}"
        place.mkdir()
        package = manifest(file).package
        for variant in variants.VARIANTS:
            yield {"app": file.name, "scenario": str(variants.written(variant, place, package, {}))}


def ready(path: Path, scratch: process.Scratch, *, outside: bool = False) -> Ready:
    """Read a plan and all that it names. ``outside``: also files that are not in the plan's folder: what a plan names
    goes to the workers, and a stranger's plan could name any file of yours. Raises ``InputError``."""
    if path.is_dir():
        said: Any = {"sessions": list(_explored(path, scratch))}
    else:
        said = {"sessions": list(_csv(path))} if path.suffix.lower() == ".csv" else yamlfile.load(path) or {}
    plan = yamlfile.parse(Plan, said, str(path))
    name = plan.name or re.sub(r"[^\w.-]+", "_", path.resolve().name if path.is_dir() else path.stem)[:60]
    if not _NAME.fullmatch(name):
        hint = "letters, digits, . _ -"
        raise InputError(f"not a name for a plan: {printable(name, 40)}", where=str(path), hint=hint)
    reading = _Reading(path if path.is_dir() else path.parent, scratch, outside)
    tasks: list[Task] = []
    rows: dict[str, int] = {}
    for number, row in enumerate(plan.sessions, 1):
        try:
            found = reading.tasks(number, row)
        except InputError as error:
            raise InputError(error.message, where=f"{path}: row {number}: {error.where}", hint=error.hint) from None
        for task in found:
            if task.id in rows:
                why = f"rows {rows[task.id]} and {number} are the same"
                raise InputError(why, where=str(path), hint="use repetitions")
            rows[task.id] = number
        tasks += found
    return Ready(name, tasks, reading.inputs)


class _Reading:
    """Reads what rows name, each file once."""

    def __init__(self, here: Path, scratch: process.Scratch, outside: bool) -> None:
        self.inputs: dict[Input, Path] = {}
        self._here, self._scratch, self._outside = here, scratch, outside
        self._known: dict[str, Input] = {}
        self._samples = set(apps.bundled_apps())
        self._tables = tables_digest()

    def tasks(self, number: int, row: Row) -> list[Task]:
        """A task a repetition."""
        file = self._file(row.scenario)
        if not file and len(Path(row.scenario).parts) > 1:
            raise InputError("no such file", where=row.scenario)
        scenario = model.load_scenario(file or row.scenario)
        if file and scenario.files:
            hint = "write what it says into the scenario"
            raise InputError("files beside a scenario do not go to the workers", where=scenario.files[0], hint=hint)
        wanted = row.app or scenario.header.app or scenario.header.appId
        app, scenario_file = self._app(wanted), self._input(file)
        declaration = self._input(self._declared(row, wanted, scenario.declaration_path, file is not None))
        digest = sha256(scenario.path.read_bytes()).hexdigest()
        what = [app.sha256 or wanted, digest, declaration.sha256, row.kind, sorted(row.packs), row.category,
                sorted(row.sdks.items()), self._tables]  # fmt: skip
        task = Task(
            id="", row=number, repetition=0, kind=row.kind, app="" if app.sha256 else wanted, file=app,
            scenario="" if scenario_file.sha256 else row.scenario, scenario_file=scenario_file,
            shown=sha256(scenario.public()).hexdigest(), declaration=declaration, packs=row.packs,
            category=row.category, sdks=row.sdks, tables=self._tables,
        )  # fmt: skip
        ids = [sha256(json.dumps([*what, again]).encode()).hexdigest()[:32] for again in range(1, row.repetitions + 1)]
        return [msgspec.structs.replace(task, id=key, repetition=again) for again, key in enumerate(ids, 1)]

    def _declared(self, row: Row, wanted: str, scenarios: Path | None, named: bool) -> Path | None:
        """The row's declaration; else that of the scenario (``named``: a file of the plan) for its own app; else that
        of a bundled app."""
        if row.declaration:
            if not (stated := self._file(row.declaration)):
                raise InputError("no such file", where=row.declaration)
            return stated
        if scenarios and not row.app:
            if named:
                self._require_inside(scenarios)
            return scenarios
        own = paths.bundled("scenarios") / "declarations" / f"{wanted}.yaml"
        return own if wanted in self._samples and own.is_file() else None

    def _file(self, name: str) -> Path | None:
        path = self._here / name
        if not name or not path.is_file():
            return None
        self._require_inside(path)
        return path

    def _require_inside(self, path: Path) -> None:
        own = (self._here.resolve(), self._scratch.path.resolve())
        if not self._outside and not any(map(path.resolve().is_relative_to, own)):
            hint = "--allow-outside, if you know that the plan may use it"
            raise InputError("a file outside the folder of the plan", where=str(path), hint=hint)

    def _app(self, wanted: str) -> Input:
        if file := self._file(wanted):
            return self._input(file)
        if wanted in self._samples:
            return self._input(apps.bundled_app(wanted, self._scratch.path / "apps"))
        if "/" in wanted or wanted.endswith((".apk", ".apks")):
            raise InputError("no such file", where=wanted)
        return Input()  # a package that is on the devices

    def _input(self, path: Path | None) -> Input:
        if path is None:
            return Input()
        key = str(path.resolve())
        if key not in self._known:
            with reading(path), path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
            self._known[key] = found = Input(sha256=digest, name=re.sub(r"[^A-Za-z0-9._-]", "_", path.name)[-80:])
            self.inputs[found] = path
        return self._known[key]
