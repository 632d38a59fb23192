"""A recorded bundle assessed: once more with its own tables, or with others, and its results written anew."""

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import NamedTuple, Unpack

from monitor.analysis.correlate.arrivals import allowed
from monitor.analysis.correlate.findings import Assessment
from monitor.analysis.rules.load import Rule
from monitor.assess import indexed, render, stored, tables
from monitor.assess.compare import Change, Side, difference, side
from monitor.assess.evaluation import Evaluation, seldom_collected
from monitor.assess.labels import FILE, by_tap, written
from monitor.assess.opened import Opened, Opening
from monitor.base.clock import Lateness, now_us
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.evidence import attested, lines, seal
from monitor.evidence.bundle import Bundle
from monitor.evidence.keys import Signer, load_public
from monitor.evidence.standalone.verify import FINDINGS
from monitor.evidence.verify import kept
from monitor.knowledge.wordlists import checked_words
from monitor.session.manifest import App, Session


def evaluate(opened: Opened, packs: Sequence[str] = (), profile: str = "", rules: Sequence[Rule] = ()) -> Assessment:
    """Run the rules on an opened bundle; packs and profile default to the recording's. ``rules``: these alone. Nothing
    is written."""
    session = opened.session
    stage = opened.stage()
    opened.listed = index = indexed.Indexed(opened.log, stage)
    evaluation = Evaluation(
        rules or opened.tables.rules(packs or session.packs, profile or session.profile),
        opened.declaration, opened.organisations, opened.sdks, opened.rows, stage=stage,
        late=opened.found_late(), lateness_us=allowed(session.lateness_us),
        labels=by_tap(opened.labels), on_event=index.told, every=False,
    )  # fmt: skip
    with seldom_collected():
        evaluation.feed(index.read(evaluation.counted))
    return evaluation.close(session.app.permissions, opened.contents.references)


class Added(NamedTuple):
    """What a re-assessment uses besides the tables."""

    own: tuple[str, ...] = ()
    """IDs of the user's own rules."""
    replaced: tuple[str, ...] = ()
    """Those of them that stand in for rules of the recording, or of this version."""
    taken: tuple[str, ...] = ()
    """Files taken over from the last analysis: own rules, words, labels."""
    key: str = ""
    """The key that attested those."""


class Again(NamedTuple):
    """A re-assessed recording."""

    assessment: Assessment
    kept: bool
    """Whether the bundle keeps the tables of its recording."""
    changed: tuple[str, ...]
    """Groups of tables in which the recording differs from this version."""
    changes: list[Change]
    """What this version's tables change, where they differ from those that the bundle keeps."""
    written: render.Written
    added: Added = Added()


def reanalyse(
    path: Path,
    packs: Sequence[str] = (),
    profile: str = "",
    lang: str = "en",
    *,
    key: Path | Signer | None = None,
    recorded: bool = False,
    damage: str = "",
    results_keys: Collection[str] = (),
    on_added: Callable[[Added], None] = lambda added: None,
    **opening: Unpack[Opening],
) -> Again:
    """Run the rules on a recorded bundle and rewrite the results, with this version's tables, or (``recorded``) with
    those that the bundle keeps; where they differ, with both, to tell what they change.

    Labels, words and rules of the last analysis are taken over if it is by the key of the recording, by ``key`` or by
    one of ``results_keys`` (``ResultsOfAnother`` otherwise). ``on_added`` is told before the rules run. Raises
    ``InputError`` or ``EvidenceDamaged``.
    """
    opening["known"] = {*results_keys, *([_id(key)] if key else [])}
    more: dict[str, bytes] = {}
    if (words := opening.get("words")) is not None:
        more[seal.WORDS] = checked_words(words)
    changed, keeps = _compared(path, opening)
    other = _side(path, packs, profile, current=recorded, **opening) if changed else None
    with Opened(path, current=not recorded, **opening) as opened:
        if opening.get("labels"):
            more[FILE] = written(opened.labels)
        if opening.get("rules"):
            more[seal.OWN_RULES] = tables.packed_rules(opened.tables.own)
        on_added(added := _added(opened))
        assessment = evaluate(opened, packs, profile)
        used = {"packs": list(packs or opened.session.packs), "profile": profile or opened.session.profile}
        if used["profile"] != opened.session.profile:
            opened.given["profile"] = profile
        opened.session = opened.session.model_copy(update=used)  # the reports are those of what was used
        results = render.write_results(Bundle.open(path, key), opened, assessment, lang, damage, more)
    sides = (side(assessment), other) if recorded else (other, side(assessment))
    changes = difference(*sides, counts=True) if sides[0] and sides[1] else []
    return Again(assessment, keeps, changed, changes, results, added)


def _compared(path: Path, opening: Opening) -> tuple[tuple[str, ...], bool]:
    """The groups of tables in which a recording differs from this version, and whether it keeps any."""
    with contextlib.closing(Opened(path, log=opening.get("log"), additions=False)) as opened:
        changed = opened.tables.changed
        if opened.tables.earlier_lexicon:
            changed = (*(group for group in changed if group != "words"), "lexicon")
        return changed, bool(opened.session.digests.get("tables"))


def _side(path: Path, packs: Sequence[str], profile: str, *, current: bool, **opening: Unpack[Opening]) -> Side | None:
    """What the tables that are not used find; of those that this version cannot read, the stored results, if any."""
    with contextlib.suppress(EvidenceDamaged), Opened(path, current=current, **opening) as opened:
        return side(evaluate(opened, packs, profile))
    with contextlib.suppress(EvidenceDamaged):
        return _stored(path)
    return None


def reassessed(
    path: Path, *, rules: Sequence[Path] = (), current: bool = False, known: Collection[str] | None = None
) -> tuple[str, list[Change]]:
    """The app of a recording, and how its findings would differ with ``rules`` or this version's tables. Nothing is
    written. Raises ``InputError`` or ``EvidenceDamaged``."""
    before = _stored(path)
    with Opened(path, current=current, rules=rules, known=known) as opened:
        assessment = evaluate(opened, seal.claimed_packs(seal.claimed(kept(path, FINDINGS))) or ())
        return opened.session.app.package, difference(before, side(assessment), counts=True)


def _id(key: Path | Signer) -> str:
    return key.public.id if isinstance(key, Signer) else load_public(key).id


def _added(opened: Opened) -> Added:
    """What an opened bundle adds to its tables."""
    _ = opened.labels
    taken = tuple(dict.fromkeys(opened.taken))
    results = attested.attested_results(opened.path) if taken else None
    return Added(opened.tables.own_ids, opened.tables.replaced, taken, results.by if results else "")


def _stored(path: Path) -> Side:
    """The stored results of a bundle. Raises ``EvidenceDamaged`` if there are no readable ones."""
    try:
        return side(stored.assessment(path))
    except (OSError, InputError):
        raise EvidenceDamaged("no readable results", where=str(path)) from None


def seal_recovered(path: Path, key: Path | Signer | None = None) -> None:
    """Seal a recording whose log was recovered, with whatever of the manifest exists. Raises ``InputError``."""
    bundle = Bundle.open(path, key)
    try:
        session = bundle.session()
    except EvidenceDamaged:
        session = Session()
    counted: Counter[str] = Counter()
    lateness = Lateness()
    for event in lines.read_events(path):
        lateness.met(event.t)
        session.start = session.start or event.t
        session.end = max(session.end, event.t)
        session.app = session.app if session.app.package else App(package=event.app)
        counted[str(event.__struct_config__.tag)] += 1
    session.counters = dict(sorted(counted.items()))
    session.lateness_us = lateness.most_us
    session.end = session.end or now_us()
    session.ended = "recovered"
    bundle.seal(session)
