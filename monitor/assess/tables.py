"""The tables that an assessment uses (rules, clauses, organisations, SDKs, words, hooks), kept in the bundle.

Each group is one file ``data/inputs/tables/<group>-<digest>.json.gz``: a JSON object of file name to text, named by the
SHA-256 of that JSON. A bundle may come from anyone, so reading is bounded and nothing in it is executed; the ordinary
loaders read and check what was unpacked.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import msgspec

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.base.paths import package_data
from monitor.base.process import Scratch
from monitor.base.yamlfile import parse
from monitor.evidence.bundle import Bundle
from monitor.evidence.seal import OWN_RULES
from monitor.knowledge.catalogue import Row
from monitor.knowledge.tables import Organisation, Sdk, load_organisations, load_sdks
from monitor.session.manifest import Session

if TYPE_CHECKING:  # names and declarations are read without the rules
    from monitor.analysis.rules.load import Rule

#: Group to the directory of this version's files.
GROUPS: Final = {
    "rules": package_data("rules"),
    "clauses": package_data("clauses"),
    "recipients": package_data("recipients"),
    "sdks": package_data("sdks"),
    "words": package_data("analysis") / "tables",
}
CATALOGUE: Final = "catalogue"
_ROWS: Final = "rows.json"
_DIGESTS: Final = "tables"
_PLACE: Final = "tables"
_MAX_PACKED: Final = 4 << 20
_MAX_BYTES: Final = 8 << 20
_MAX_FILES: Final = 5000
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.(yaml|json)")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")

Files = Mapping[str, str]
"""File name to text."""


def read_files(directory: Path, extra: Iterable[Path] = ()) -> dict[str, str]:
    """The YAML files of a directory, overridden by ``extra`` files."""
    paths = {path.name: path for path in [*sorted(directory.glob("*.yaml")), *extra]}
    return {name: path.read_text("utf-8") for name, path in sorted(paths.items())}


def packed(files: Files) -> bytes:
    """The bytes that the digest covers: sorted JSON without spaces, UTF-8."""
    return json.dumps(files, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def packed_rules(files: Files) -> bytes:
    """A user's own rules as they are kept beside the findings. Raises ``InputError`` if they are too large."""
    data = packed(files)
    if len(data) > _MAX_PACKED:
        raise InputError(f"larger than {_MAX_PACKED >> 20} MiB together", where="--rules")
    return data


def _keepable(files: Files) -> tuple[str, bytes]:
    """SHA-256 of a group, and the bytes that a bundle keeps."""
    data = packed(files)
    return sha256(data).hexdigest(), gzip.compress(data, 9, mtime=0)


@cache
def _todays(group: str) -> tuple[str, bytes]:
    return _keepable(read_files(GROUPS[group]))


@cache
def todays_digests() -> Mapping[str, str]:
    """SHA-256 of each group as this version has it."""
    return {group: sha256(packed(read_files(place))).hexdigest() for group, place in GROUPS.items()}


def keep_tables(bundle: Bundle, rows: Sequence[Row] = (), rules: Iterable[Path] = ()) -> dict[str, dict[str, str]]:
    """Put this version's tables, the hooks of a session and further rule files into the bundle. Returns the digests by
    group, for ``Session.digests``."""
    more = list(rules)
    groups = {group: _todays(group) for group in GROUPS}
    if more:
        groups["rules"] = _keepable(read_files(GROUPS["rules"], more))
    if rows:
        text = json.dumps([row.model_dump(by_alias=True) for row in rows], ensure_ascii=False, sort_keys=True)
        groups[CATALOGUE] = _keepable({_ROWS: text})
    for group, (digest, data) in groups.items():
        bundle.add_input(f"{_PLACE}/{group}-{digest}.json.gz", data)
    return {_DIGESTS: {group: digest for group, (digest, _) in groups.items()}}


def read_group(bundle: Path, group: str, digest: str) -> dict[str, str]:
    """The files of a kept group. Raises ``EvidenceDamaged`` if they are missing, too large or changed."""
    where = f"data/inputs/{_PLACE}/{group}"
    if not _DIGEST.fullmatch(digest):
        raise EvidenceDamaged("not a SHA-256", where=f"data/session.json: digests.{_DIGESTS}.{group}")
    path = bundle / "data" / "inputs" / _PLACE / f"{group}-{digest}.json.gz"
    if path.is_symlink() or not path.is_file():
        raise EvidenceDamaged("the tables of the recording are missing", where=f"{where}-{digest[:12]}….json.gz")
    if path.stat().st_size > _MAX_PACKED:
        raise EvidenceDamaged(f"larger than {_MAX_PACKED >> 20} MiB", where=where)
    unpack = zlib.decompressobj(wbits=31)
    try:
        data = unpack.decompress(path.read_bytes(), _MAX_BYTES)
    except zlib.error:
        raise EvidenceDamaged("cannot be unpacked", where=where) from None
    if not unpack.eof:
        raise EvidenceDamaged(f"cut short, or larger than {_MAX_BYTES >> 20} MiB", where=where)
    if (actual := sha256(data).hexdigest()) != digest:
        raise EvidenceDamaged("not the tables of the recording", where=where, expected=digest, actual=actual)
    return unpacked(data, where)


def unpacked(data: bytes, where: str) -> dict[str, str]:
    """The files of ``packed``. Raises ``EvidenceDamaged``."""
    try:
        files = msgspec.json.decode(data, type=dict[str, str])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise EvidenceDamaged("not a set of files", where=where) from None
    if len(files) > _MAX_FILES or not all(_FILE.fullmatch(name) for name in files):
        raise EvidenceDamaged("too many files, or an unexpected name", where=where)
    return files


@cache
def _rules(packs: tuple[str, ...], profile: str, place: Path, clauses: Path) -> tuple[Rule, ...]:
    """Read once per process: the files of a path do not change while it keeps its name. No packs = all."""
    from monitor.analysis.rules.load import PACKS, load_rules

    return tuple(load_rules(packs or PACKS, profile, place, clauses=clauses))


@cache
def _sdks(place: Path) -> Mapping[str, Sdk]:
    return load_sdks(place)


@cache
def _organisations(place: Path) -> Mapping[str, Organisation]:
    return load_organisations(place)


def has_tables(session: Session) -> bool:
    """Whether a recording kept the tables that it used."""
    return bool(session.digests.get(_DIGESTS))


class Tables:
    """The tables of one assessment, as directories for the loaders. Close it (``with``) once everything is loaded."""

    def __init__(self, places: Mapping[str, Path], digests: Mapping[str, str], scratch: Scratch | None = None) -> None:
        self._places = dict(places)
        self._scratch = scratch
        self.digests = dict(digests)
        """SHA-256 of each group."""
        self.changed = tuple(group for group in GROUPS if digests.get(group) != todays_digests()[group])
        """Groups that differ from this version's, a user's own rules aside."""
        self.own: Files = {}
        """The user's own rules."""
        self.replaced: tuple[str, ...] = ()
        """IDs of the rules of the recording, or of this version, that own rules stand in for."""

    @classmethod
    def today(cls) -> Self:
        """The tables of this version."""
        return cls(GROUPS, todays_digests())

    @classmethod
    def kept(cls, bundle: Path, session: Session) -> Self:
        """The tables that a recording used; this version's where it kept none. Raises ``EvidenceDamaged``."""
        places, today = dict(GROUPS), todays_digests()
        kept = session.digests.get(_DIGESTS, {})
        digests = {group: kept.get(group, today[group]) for group in GROUPS}
        changed = [group for group in GROUPS if digests[group] != today[group]]
        if not changed:
            return cls(places, digests)
        files = {group: read_group(bundle, group, digests[group]) for group in changed}
        scratch = Scratch()
        try:
            for group, found in files.items():
                places[group] = scratch.path / group
                places[group].mkdir()
                for name, text in found.items():
                    (places[group] / name).write_text(text, "utf-8", "surrogatepass")
        except BaseException:
            scratch.close()
            raise
        return cls(places, digests, scratch)

    def add_rules(self, files: Files) -> None:
        """Add a user's own rules; one with the ID of another rule replaces it, which ``replaced`` says."""
        known = self.texts("rules")
        self.replaced = tuple(Path(name).stem for name in sorted(files) if known.get(name, files[name]) != files[name])
        self._scratch = self._scratch or Scratch()
        place = self._scratch.path / "own-rules"
        place.mkdir()
        for name, text in {**known, **files}.items():
            (place / name).write_text(text, "utf-8", "surrogatepass")
        self._places["rules"] = place
        self.digests["rules"] = sha256(packed(read_files(place))).hexdigest()
        self.own = dict(files)

    def rules(self, packs: Sequence[str] = (), profile: str = "") -> list[Rule]:
        """The rules with the clauses of packs (none = all) and the thresholds of a profile. Raises like ``load_rules``,
        and ``EvidenceDamaged`` for an error in a kept file."""
        chosen = tuple(packs)
        places = self._places["rules"], self._places["clauses"]
        return list(self._loaded(lambda: _rules(chosen, profile or "guide", *places)))

    def sdks(self) -> dict[str, Sdk]:
        """SDKs by id."""
        return dict(self._loaded(lambda: _sdks(self._places["sdks"])))

    def organisations(self) -> dict[str, Organisation]:
        """Organisations by id."""
        return dict(self._loaded(lambda: _organisations(self._places["recipients"])))

    def unpacked(self, where: str) -> bool:
        """Whether a message is about a file from the bundle."""
        return self._scratch is not None and where.startswith(str(self._scratch.path))

    def place(self, group: str) -> Path:
        """The directory of a group."""
        return self._places[group]

    def texts(self, group: str) -> dict[str, str]:
        """The files of a group as they are."""
        return read_files(self._places[group])

    def _loaded[T](self, load: Callable[[], T]) -> T:
        try:
            return load()
        except InputError as error:
            if not self.unpacked(error.where):
                raise
            path = Path(error.where.partition(":")[0])
            where = f"data/inputs/{_PLACE}/{path.parent.name}: {path.name}"
            if path.name in self.own:
                where = f"{OWN_RULES}: {path.name}"
            hint = "use the version that recorded it, or: monitor analyse --current"
            raise EvidenceDamaged(f"this version cannot read it: {error.message}", where=where, hint=hint) from None

    def close(self) -> None:
        """Remove what was unpacked."""
        if self._scratch is not None:
            self._scratch.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


#: What rows said in recordings of earlier versions, and nobody used.
_GONE = frozenset({"exercised_by"})


def kept_rows(bundle: Path, session: Session) -> list[Row]:
    """The catalogue rows of a recording; none for an imported one. Raises ``EvidenceDamaged``."""
    digest = session.digests.get(_DIGESTS, {}).get(CATALOGUE)
    if digest is None:
        return []
    where = f"data/inputs/{_PLACE}/{CATALOGUE}"
    text = read_group(bundle, CATALOGUE, digest).get(_ROWS, "")
    return rows_of(text.encode("utf-8", "surrogatepass"), where)


def rows_of(data: bytes, where: str) -> list[Row]:
    """Catalogue rows from their JSON. Raises ``EvidenceDamaged``."""
    try:
        raw = msgspec.json.decode(data, type=list[dict[str, Any]])
        known = [{key: value for key, value in item.items() if key not in _GONE} for item in raw]
        return [parse(Row, item, f"{where}: row {number}") for number, item in enumerate(known, 1)]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise EvidenceDamaged("not a list of hooks", where=where) from None
    except InputError as error:
        raise EvidenceDamaged(error.message, where=where) from None
