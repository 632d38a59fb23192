"""A recorded bundle opened for assessment: its events with inferred fields, its declaration, its tables.

Bundles of schema 1: the recorder wrote its inferences into the log, and kept no tables. SDK, organisation and party are
taken from such a log, since the paths that linked requests to outgoing traffic were never written; the tables are this
version's.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypedDict, Unpack

from monitor.analysis.listed import identified
from monitor.assess.labels import Entry, attested_file, read_labels, with_new
from monitor.assess.tables import Contents, Tables, kept_contents, kept_rows, unpacked, with_lists
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.base.yamlfile import loaded, parse, read_text
from monitor.events import Base, Event
from monitor.evidence.bundle import Bundle
from monitor.evidence.seal import GIVEN, LABELS, OWN_RULES, WORDS, WORDS_NAMES, claimed, claimed_packs
from monitor.evidence.standalone.verify import EVENTS, FINDINGS, ORIGINAL, SESSION, texts
from monitor.evidence.verify import CheckedLog, kept
from monitor.knowledge import catalogue, wordlists
from monitor.knowledge.tables import Hosts, Organisation, Sdk
from monitor.session.declaration import Declaration, load_declaration
from monitor.session.manifest import Session

if TYPE_CHECKING:  # what shows findings writes no report
    from monitor.analysis.correlate.arrivals import FoundLate
    from monitor.analysis.correlate.attribution import Attribution, Recorded
    from monitor.reports import Log

_DECLARATION: Final = "data/inputs/declaration.yaml"
_WORDS: Final = "data/inputs/tables/words"


class Opening(TypedDict, total=False):
    """How a bundle is opened. ``declaration`` replaces that of the recording, ``lists`` (of recipients) add to its
    lists. ``words``, ``labels`` and ``rules`` (files and directories) add to the tables; those of the last analysis
    count where none are given, if it is by the recorder's key or by one of ``known`` (None: by anyone's, for what only
    shows its results; ``additions=False``: none of them). ``log``: as it was verified."""

    declaration: Path | None
    lists: Sequence[Path]
    words: Path | None
    labels: Sequence[Entry]
    rules: Sequence[Path]
    known: Collection[str] | None
    additions: bool
    log: CheckedLog | None


class Opened:
    """A context manager. Everything is read on first use; raises ``InputError``, ``EvidenceDamaged``. ``current``: with
    this version's tables instead of those that the bundle keeps."""

    def __init__(self, path: Path, *, current: bool = False, **how: Unpack[Opening]) -> None:
        self.path = path
        self.bundle = Bundle.open(path)
        self.taken: list[str] = []
        """Files that were taken over from the last analysis."""
        self.claimed: dict[str, str] = {}
        """SHA-256 of each group of tables, as the results that are shown state them; none: they are yet to come."""
        self.current = current
        """Whether the tables are this version's, and not those that the bundle keeps."""
        self.named_only: Callable[[], Collection[str]] = tuple
        """Libraries whose code is perhaps only named so, in the events read last."""
        self._how = how
        self._checked = how.get("log")
        self._sealed = None if self._checked is None else self._checked.head
        self._in_use = ExitStack()

    @classmethod
    def of_results(cls, path: Path, log: CheckedLog | None = None) -> Self:
        """A bundle with the tables used for its findings, the recording's or this version's, and with the packs that
        they cite."""
        opened = cls(path, log=log)
        claims = claimed(kept(path, FINDINGS, log))
        used, given = texts(claims, "configuration"), texts(claims, "given")
        if opened.tables.changed and used != opened.tables.digests:
            other = cls(path, current=True, log=log)
            if used == other.tables.digests:
                opened, other = other, opened
            other.close()
        opened.claimed = used
        packs = claimed_packs(claims)
        if packs is not None and packs != opened.session.packs:
            from monitor.analysis.rules.load import PACKS  # what shows findings reads no rules

            opened.session = opened.session.model_copy(update={"packs": [one for one in packs if one in PACKS]})
        opened.given = {name: given[name][:64] for name in GIVEN if name in given}
        return opened

    @classmethod
    def recorded(
        cls,
        bundle: Bundle,
        session: Session,
        declaration: Declaration,
        organisations: dict[str, Organisation],
        sdks: dict[str, Sdk],
    ) -> Self:
        """A bundle just recorded, with the tables and declaration in use."""
        opened = cls(bundle.path)
        opened._sealed = bundle.head
        opened.session, opened.declaration = session, declaration
        opened.organisations, opened.sdks = organisations, sdks
        return opened

    @cached_property
    def session(self) -> Session:
        """The manifest."""
        data = kept(self.path, SESSION, self._checked) if self._checked else None
        return self.bundle.session() if data is None else Session.decode(data)

    @cached_property
    def declaration(self) -> Declaration:
        """The recording's declaration, or the one given instead."""
        if (given := self._how.get("declaration")) is not None:
            return identified(load_declaration(given), self.sdks)
        if (data := kept(self.path, _DECLARATION, self._checked)) is None:
            return Declaration()
        where = str(self.path / _DECLARATION)
        return identified(parse(Declaration, loaded(data.decode("utf-8", "replace"), where), where), self.sdks)

    @cached_property
    def given(self) -> dict[str, str]:
        """What of ``GIVEN`` was given for an analysis or taken over, and is not the recording's: SHA-256 of what the
        bundle does not keep, by name."""
        how = self._how
        files = {"recipients": how.get("lists", ()), "declaration": [*filter(None, [how.get("declaration")])]}
        read = {name: sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
                for name, paths in files.items() if paths}  # fmt: skip
        if read.get("declaration") == self.session.declaration_sha256:
            del read["declaration"]
        kept = {*self.taken, *([WORDS] if how.get("words") else []), *([LABELS] if how.get("labels") else [])}
        return read | {name: "" for name in GIVEN if name in kept}

    @cached_property
    def contents(self) -> Contents:
        """What is in the app's file, if that was read for the recording."""
        return kept_contents(self.path, self._checked)

    @cached_property
    def labels(self) -> list[Entry]:
        """A person's statements about dialogs: kept in the bundle, and given now."""
        kept = self._taken_over(LABELS)
        return with_new(read_labels(kept) if kept else [], self._how.get("labels", ()))

    def _taken_over(self, name: str) -> Path | None:
        """A file of the last analysis, if there is one and it counts."""
        used = self._how.get("additions", True)
        found = attested_file(self.path, name, self._how.get("known")) if used else None
        self.taken += [name] if found else []
        return found

    @cached_property
    def tables(self) -> Tables:
        """Rules and fact tables."""
        tables = Tables.today() if self.current else Tables.kept(self.path, self.session)
        try:
            if given := self._how.get("rules"):
                from monitor.analysis.rules.load import (
                    checked_rules,  # names and declaration are read without the rules
                )

                rules = checked_rules(given, tables.place("clauses"))
                tables.add_rules({rule.path.name: read_text(rule.path) for rule in rules})
            elif (kept := self._taken_over(OWN_RULES)) is not None:
                tables.add_rules(unpacked(kept.read_bytes(), OWN_RULES))
        except BaseException:
            tables.close()
            raise
        return tables

    @cached_property
    def sdks(self) -> dict[str, Sdk]:
        """SDKs by id."""
        return self.tables.sdks()

    @cached_property
    def organisations(self) -> dict[str, Organisation]:
        """Organisations by ID, followed by those of the user's lists."""
        return with_lists(self.tables.organisations(), self.path, self._how.get("lists", ()), self._checked)

    @cached_property
    def rows(self) -> list[catalogue.Row]:
        """The catalogue rows of the recording."""
        return kept_rows(self.path, self.session)

    def stage(self) -> "Attribution | Recorded":
        """A new attribution stage for this log."""
        from monitor.analysis.correlate.attribution import Attribution, Recorded  # names are read without it

        if self.session.schema_number < 2:  # the recorder wrote inferred fields
            return Recorded(self.declaration, Hosts(self.organisations) if self._how.get("lists") else None)
        attribution = Attribution(self.declaration, self.organisations, self.sdks)
        attribution.named.held = self.contents.held
        self.named_only = attribution.named.only
        return attribution

    @cached_property
    def log(self) -> CheckedLog:
        """The log, as it was verified or as it is found now."""
        log = self._checked or CheckedLog(self.path)
        if self._sealed not in (None, log.head):
            raise EvidenceDamaged("the log was changed after it was sealed", where=EVENTS, hint=ORIGINAL)
        return log

    def found_late(self) -> "FoundLate":
        """What was found afterwards in the log's messages."""
        from monitor.analysis.correlate.arrivals import FoundLate

        return FoundLate(self.log.late_matches(self.session.schema_number))

    @cached_property
    def listed(self) -> "Log":
        """The events for reports; an assessment of this bundle makes them on its way."""
        from monitor.analysis.correlate.arrivals import allowed
        from monitor.assess.indexed import indexed

        return indexed(self.log, self.stage(), allowed(self.session.lateness_us), self.found_late())

    def events(self) -> Iterator[Event]:
        """All events in order with their inferred fields."""
        return self.listed.of(Base)

    def close(self) -> None:
        """Remove what was unpacked."""
        self._in_use.close()
        if "tables" in self.__dict__:
            self.tables.close()

    def __enter__(self) -> Self:
        try:
            if "words" in self.tables.changed:
                self._in_use.enter_context(wordlists.using(self.tables.place("words")))
            recorded = (self.path / "data" / "inputs" / name for name in WORDS_NAMES)
            words = self._how.get("words") or next(filter(None, map(self._taken_over, WORDS_NAMES)), None)
            if words or (words := next((path for path in recorded if path.is_file() and not path.is_symlink()), None)):
                self._in_use.enter_context(wordlists.adding(words))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        self.close()
        shape = isinstance(error, LookupError | TypeError | AttributeError) and "words" in self.tables.changed
        if shape or (isinstance(error, InputError) and self.tables.unpacked(error.where)):
            what = getattr(error, "message", "has a different type than in this version")
            raise EvidenceDamaged(f"word lists that this version cannot use: {what}", where=_WORDS) from None
