"""What a bundle keeps for later assessments: the tables (rules, clauses, organisations, SDKs, words, hooks), the values
of the recording as commitments, and the user's lists.

Each group is one file ``data/inputs/tables/<group>-<digest>.json.gz``: a JSON object of file name to text, named by the
SHA-256 of that JSON. A bundle may come from anyone, so reading is bounded and nothing in it is executed; the ordinary
loaders read and check what was unpacked.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import msgspec
from pydantic import TypeAdapter, ValidationError

from monitor.analysis.coverage.reference import Reference
from monitor.base import process, yamlfile
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.base.paths import bundled, package_data
from monitor.events import ValueRef
from monitor.evidence import attested
from monitor.evidence.bundle import Bundle
from monitor.evidence.seal import OWN_RULES
from monitor.evidence.standalone import verify as standalone
from monitor.evidence.verify import CheckedLog, kept
from monitor.knowledge.catalogue import Row
from monitor.knowledge.lexicon import LEXICON
from monitor.knowledge.tables import Organisation, Sdk, load_organisations, load_sdks
from monitor.knowledge.tables_user import MAX_BYTES, UserList, load_user_list, merged
from monitor.session.manifest import Session

if TYPE_CHECKING:  # names and declarations are read without the rules
    from monitor.analysis.rules.load import Rule

#: Group to the directory of this version's files.
GROUPS: Final = {name: package_data(name) for name in ("rules", "clauses", "recipients", "sdks")} | {
    "words": package_data("analysis") / "tables"
}
#: What is kept in a group from other directories: with the tables, the lexicon.
_BESIDE: Final = {"words": LEXICON}
_CATALOGUE, _ROWS, _TABLES, _OWN = "catalogue", "rows.json", "tables", "own-rules"
_ROWS_OF_1: Final = "data/inputs/catalogue.json"
#: Keys of rows in recordings of earlier versions that nobody used.
_GONE: Final = frozenset({"exercised_by"})

KEPT_RECIPIENTS: Final = "recipients.json"
KEPT_CONTENTS: Final = "app.json"
_MAX_CONTENTS: Final = 64_000_000

Files = Mapping[str, str]
"""File name to text."""


def read_files(directory: Path, extra: Iterable[Path] = ()) -> dict[str, str]:
    """The YAML and TSV files of a directory, overridden by ``extra`` files."""
    paths = {path.name: path for path in [*directory.glob("*.yaml"), *directory.glob("*.tsv"), *extra]}
    return {name: path.read_text("utf-8") for name, path in sorted(paths.items())}


def packed(files: Files) -> bytes:
    """The bytes that the digest covers: sorted JSON without spaces, UTF-8."""
    return json.dumps(files, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def packed_rules(files: Files) -> bytes:
    """A user's own rules as they are kept beside the findings. Raises ``InputError`` if they are too large."""
    if len(data := packed(files)) > standalone.MAX_PACKED:
        raise InputError(f"larger than {standalone.MAX_PACKED >> 20} MiB together", where="--rules")
    return data


@cache
def _todays(group: str) -> bytes:
    """The files of a group as this version has it, packed."""
    return packed(read_files(GROUPS[group], sorted(_BESIDE[group].iterdir()) if group in _BESIDE else ()))


@cache
def todays_digests() -> Mapping[str, str]:
    """SHA-256 of each group as this version has it."""
    return {group: sha256(_todays(group)).hexdigest() for group in GROUPS}


@cache
def program() -> Mapping[str, str]:
    """SHA-256 of what records by hooks: the agent's sources and the catalogue, as this version has them."""
    places = {"agent": ("agent/src", "agent/types"), "hooks": ("catalogue",)}
    top = bundled("hooks")
    files = {part: [path for one in names for path in (top / one).rglob("*.*")] for part, names in places.items()}
    text = {part: {path.relative_to(top).as_posix(): path.read_text("utf-8") for path in files[part]} for part in files}
    return {part: sha256(packed(text[part])).hexdigest() for part in text}


@lru_cache(16)
def _compressed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def keep_tables(bundle: Bundle, rows: Sequence[Row] = (), rules: Iterable[Path] = ()) -> dict[str, dict[str, str]]:
    """Put this version's tables, the hooks of a session and further rule files into the bundle. Returns the digests by
    group, for ``Session.digests``."""
    groups, besides = {group: _todays(group) for group in GROUPS}, dict[str, dict[str, str]]()
    if more := list(rules):
        besides[_OWN] = {path.name: sha256(path.read_bytes()).hexdigest() for path in more}
        groups["rules"] = packed(read_files(GROUPS["rules"], more))
    if rows:
        text = json.dumps([row.model_dump(by_alias=True) for row in rows], ensure_ascii=False, sort_keys=True)
        groups[_CATALOGUE] = packed({_ROWS: text})
        besides["program"] = dict(program())
    digests = {group: sha256(data).hexdigest() for group, data in groups.items()}
    for group, digest in digests.items():
        bundle.add_input(f"{_TABLES}/{group}-{digest}.json.gz", _compressed(groups[group]))
    return {_TABLES: digests, **besides}


def _read_group(bundle: Path, group: str, digest: str) -> dict[str, str]:
    """The files of a kept group. Raises ``EvidenceDamaged`` if they are missing, too large or changed."""
    with attested.damage(bundle):
        return standalone.kept_tables(bundle, group, digest)


def unpacked(data: bytes, where: str) -> dict[str, str]:
    """The files of a group, or of own rules, from their JSON. Raises ``EvidenceDamaged``."""
    with attested.damage(Path(where)):
        return standalone.files_in(data, where)


def kept_rows(bundle: Path, session: Session) -> list[Row]:
    """The catalogue rows of a recording; none for an imported one. Raises ``EvidenceDamaged``."""
    if session.schema_number < 2:
        return rows_of(kept(bundle, _ROWS_OF_1, most=standalone.MAX_UNPACKED) or b"[]", _ROWS_OF_1)
    digest = session.digests.get(_TABLES, {}).get(_CATALOGUE)
    if digest is None:
        return []
    text = _read_group(bundle, _CATALOGUE, digest).get(_ROWS, "")
    return rows_of(text.encode(), f"data/inputs/{_TABLES}/{_CATALOGUE}")


def rows_of(data: bytes, where: str) -> list[Row]:
    """Catalogue rows from their JSON. Raises ``EvidenceDamaged``."""
    try:
        raw = msgspec.json.decode(data, type=list[dict[str, Any]])
        known = [{key: value for key, value in item.items() if key not in _GONE} for item in raw]
        return [yamlfile.parse(Row, item, f"{where}: row {number}") for number, item in enumerate(known, 1)]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise EvidenceDamaged("not a list of hooks", where=where) from None
    except InputError as error:
        raise EvidenceDamaged(error.message, where=where) from None


@cache
def _rules(packs: tuple[str, ...], profile: str, place: Path, clauses: Path) -> tuple[Rule, ...]:
    """Read once per process: the files of a path do not change while it keeps its name. No packs = all."""
    from monitor.analysis.rules.load import PACKS, load_rules

    return tuple(load_rules(packs or PACKS, profile, place, clauses=clauses))


class Tables:
    """The tables of one assessment, as directories for the loaders. ``close`` it once everything is loaded."""

    def __init__(self, digests: Mapping[str, str]) -> None:
        """This version's, which those of another version, by their digests, are to replace."""
        self._places = dict(GROUPS)
        self._scratch: process.Scratch | None = None
        self.digests = dict(digests)
        """SHA-256 of each group."""
        self.plain = dict(digests)
        """The same without what ``add_rules`` adds."""
        self.changed = tuple(group for group, digest in todays_digests().items() if digests[group] != digest)
        """Groups that differ from this version's, a user's own rules aside."""
        self.own: Files = {}
        """The user's own rules, those that the recording was made with aside."""
        self.own_ids: tuple[str, ...] = ()
        """IDs of all rules that are the user's own."""
        self.replaced: tuple[str, ...] = ()
        """IDs of the rules of the recording, or of this version, that own rules stand in for."""

    @classmethod
    def today(cls) -> Self:
        """The tables of this version."""
        return cls(todays_digests())

    @classmethod
    def kept(cls, bundle: Path, session: Session) -> Self:
        """The tables that a recording used; this version's where it kept none. Raises ``EvidenceDamaged``."""
        digests = session.digests.get(_TABLES, {})
        tables = cls({group: digests.get(group, digest) for group, digest in todays_digests().items()})
        for group, files in {name: _read_group(bundle, name, digests[name]) for name in tables.changed}.items():
            tables._replace(group, group, files)
            if group == "rules":
                own = {name: files[name] for name in session.digests.get(_OWN, {}) if name in files}
                tables._name(own, read_files(GROUPS["rules"]))
        return tables

    def add_rules(self, files: Files) -> None:
        """Add a user's own rules; one with the ID of another rule replaces it, which ``replaced`` says."""
        known = read_files(self._places["rules"])
        self._name(files, known)
        self._replace("rules", "own-rules", {**known, **files})
        self.digests["rules"] = sha256(packed(read_files(self._places["rules"]))).hexdigest()
        self.own = dict(files)

    def _name(self, own: Files, known: Files) -> None:
        """Say which rules are the user's own; ``known``: those among which they were put."""
        replaced = {Path(name).stem for name, text in own.items() if known.get(name, text) != text}
        self.own_ids = tuple(sorted({*self.own_ids, *(Path(name).stem for name in own)}))
        self.replaced = tuple(sorted({*self.replaced, *replaced}))

    def _replace(self, group: str, folder: str, files: Files) -> None:
        """Use other files for a group."""
        self._scratch = self._scratch or process.Scratch()
        try:
            self._places[group] = directory = self._scratch.path / folder
            directory.mkdir()
            for name, text in files.items():
                (directory / name).write_text(text, "utf-8")
        except BaseException:
            self.close()
            raise

    def rules(self, packs: Sequence[str] = (), profile: str = "") -> list[Rule]:
        """The rules with the clauses of packs (none = all) and the thresholds of a profile. Raises like ``load_rules``,
        and ``EvidenceDamaged`` for an error in a kept file."""
        places = self._places["rules"], self._places["clauses"]
        return list(self._loaded(lambda: _rules(tuple(packs), profile or "guide", *places)))

    def sdks(self) -> dict[str, Sdk]:
        """SDKs by id."""
        return self._loaded(lambda: load_sdks(self._places["sdks"]))

    def organisations(self) -> dict[str, Organisation]:
        """Organisations by id."""
        return self._loaded(lambda: load_organisations(self._places["recipients"]))

    def place(self, group: str) -> Path:
        """The directory of a group."""
        return self._places[group]

    @property
    def earlier_lexicon(self) -> bool:
        """Whether the recording's words are in an earlier version's format, so that this version's lexicon is used."""
        place = self._places["words"]
        return self.unpacked(str(place)) and not any(place.glob("*.tsv"))

    def unpacked(self, where: str) -> bool:
        """Whether a message is about a file from the bundle."""
        return self._scratch is not None and where.startswith(str(self._scratch.path))

    def _loaded[T](self, load: Callable[[], T]) -> T:
        try:
            return load()
        except InputError as error:
            if not self.unpacked(error.where):
                raise
            path = Path(error.where.partition(":")[0])
            where = f"data/inputs/{_TABLES}/{path.parent.name}: {path.name}"
            if path.name in self.own:
                where = f"{OWN_RULES}: {path.name}"
            hint = "use the version that recorded it, or monitor analyse without --recorded-tables"
            raise EvidenceDamaged(f"this version cannot read it: {error.message}", where=where, hint=hint) from None

    def close(self) -> None:
        """Remove what was unpacked."""
        if self._scratch is not None:
            self._scratch.close()


def keep_identifiers(bundle: Bundle, refs: Sequence[ValueRef]) -> None:
    """Commitments of the values searched for, so that their disclosures can be checked against the bundle."""
    if refs:
        shown = [msgspec.to_builtins(ref) for ref in refs]
        bundle.add_input("identifiers.json", json.dumps(shown, indent=1).encode() + b"\n")


class _Library(msgspec.Struct):
    sdk: str
    classes: int = 0
    outermost: int | None = None
    """Of these classes, those that are in no other; earlier versions did not keep it."""


class Contents(msgspec.Struct):
    """What an analysis uses of what is in the app's file."""

    references: list[Reference] = []
    libraries: list[_Library] | None = None

    @property
    def held(self) -> dict[str, int] | None:
        """How many classes of which library; None: not known."""
        if self.libraries is None:
            return None
        return {one.sdk: one.classes if one.outermost is None else one.outermost for one in self.libraries}


def kept_contents(bundle: Path, log: CheckedLog | None = None) -> Contents:
    """What is in the app's file, as it was read for the recording; empty without one. Raises ``EvidenceDamaged``."""
    file = bundle / "data" / "inputs" / KEPT_CONTENTS
    if (data := kept(bundle, f"data/inputs/{KEPT_CONTENTS}", log, _MAX_CONTENTS)) is None:
        return Contents()
    try:
        return msgspec.json.decode(data, type=Contents)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise EvidenceDamaged("not what an app's file holds", where=str(file)) from None


def organisations(lists: Iterable[Path] = ()) -> dict[str, Organisation]:
    """Our organisations, followed by those of the user's lists. Raises ``InputError``."""
    return merged(load_organisations(), [load_user_list(path) for path in lists])


def keep_recipients(bundle: Bundle, table: Mapping[str, Organisation], lists: Sequence[Path]) -> None:
    """Put what the user's lists added into the bundle, for later analyses."""
    if lists:
        added = [item.model_dump() for name, item in sorted(table.items()) if name.startswith("user_")]
        bundle.add_input(KEPT_RECIPIENTS, json.dumps(added, ensure_ascii=False, indent=0).encode() + b"\n")


def with_lists(
    table: Mapping[str, Organisation], bundle: Path, lists: Iterable[Path] = (), log: CheckedLog | None = None
) -> dict[str, Organisation]:
    """A table followed by the recording's user lists, and further lists after those.

    Raises ``InputError`` or ``EvidenceDamaged``.
    """
    file = bundle / "data" / "inputs" / KEPT_RECIPIENTS
    own: list[UserList] = []
    if (data := kept(bundle, f"data/inputs/{KEPT_RECIPIENTS}", log, MAX_BYTES)) is not None:
        try:
            items = TypeAdapter(list[Organisation]).validate_json(data)
        except ValidationError:
            raise EvidenceDamaged("not a list of recipients", where=str(file)) from None
        own.append(UserList({item.id: item for item in items}, 0))
    return merged(table, [*own, *(load_user_list(path) for path in lists)])
