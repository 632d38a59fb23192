"""The tables of released versions, by digest, and in what those of a recording differ from them."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from monitor.assess import tables
from monitor.assess.opened import Opened
from monitor.evidence import attested
from monitor.evidence.standalone import verify as standalone
from monitor.session.manifest import tool_versions
from monitor.text import aside, label, listed, pair, parts, t

_PUBLISHED: Final = Path(standalone.__file__).with_name(standalone.RELEASES)

#: IDs of rules in a sentence.
_SHOWN: Final = 60


@cache
def todays() -> standalone.Release:
    """The digests of this version: of one that was released, they are among the published ones."""
    files = tables.read_files(tables.GROUPS["rules"])
    rules = {Path(name).stem: sha256(text.encode()).hexdigest() for name, text in files.items()}
    return standalone.Release(tool_versions().monitor, {**tables.todays_digests(), **tables.program()}, rules)


@cache
def published() -> Mapping[str, standalone.Release]:
    """The releases that are known, by version."""
    return standalone.releases(_PUBLISHED)


def is_published(release: standalone.Release) -> bool:
    """Whether a version has the tables that were published for it; otherwise it is in development."""
    known = published().get(release.version)
    return known is not None and known.groups.items() <= release.groups.items() and known.rules == release.rules


def differing(opened: Opened) -> standalone.Differing:
    """In what the tables of a recording, and of its results, are neither those of the release that it was made with nor
    this version's. Raises ``EvidenceDamaged``."""
    release = published().get(opened.session.versions.monitor)
    used, plain = opened.tables.digests, opened.tables.plain
    claimed = {
        group: plain[group] if digest == used[group] else digest
        for group, digest in (opened.claimed or used).items()
        if group in plain
    }
    with attested.damage(opened.path):
        return standalone.differing(
            opened.session.model_dump(by_alias=True), claimed,
            lambda digest: standalone.kept_tables(opened.path, "rules", digest),
            [*filter(None, [release]), todays()],
        )  # fmt: skip


def notices(opened: Opened, lang: str) -> dict[str, str]:
    """What is said, by name, of the rules of results that are not built in, of what else was given for them, and of
    tables that are not those of a release."""
    rules = {"own_rules": opened.tables.own_ids, "replaced_rules": opened.tables.replaced}
    lines = {name: t(f"report.{name}", lang, rules=listed(ids, lang)) for name, ids in rules.items() if ids}
    if given := opened.given:
        inputs = (aside(label("added", name.split(".")[0], lang), value, lang) for name, value in given.items())
        lines["given"] = t("report.given", lang, inputs=listed(inputs, lang))
    if differs := said(differing(opened), lang):
        lines["tables"] = differs
    return lines


def said(found: standalone.Differing, lang: str) -> str:
    """What differs, and what follows from it; empty if nothing does."""
    unstated = {group for group, how in found.groups.items() if "unstated" in how}
    sentences = []
    if different := [group for group in found.groups if group not in unstated]:
        kind = "release" if found.version in published() else "own"
        groups = listed((_group(group, found.groups[group], lang) for group in different), lang)
        sentences.append(t(f"report.tables.{kind}", lang, version=found.version, groups=groups))
    if unstated:
        groups = listed((label("table", group, lang) for group in found.groups if group in unstated), lang)
        sentences.append(t("report.tables.unstated", lang, groups=groups))
    if found.groups.keys() - standalone.PROGRAM:
        sentences.append(t(f"report.tables.{'rest' if found.results else 'apart'}", lang))
    if found.groups.keys() & standalone.PROGRAM:
        sentences.append(t("report.tables.program", lang))
    return ("" if lang == "zh" else " ").join(sentences)


def _group(group: str, how: Mapping[str, list[str]], lang: str) -> str:
    """A group, of the rules with how which of them differ, at most so many of each."""
    shown = {word: [*ids[:_SHOWN], *(["…"] if len(ids) > _SHOWN else [])] for word, ids in how.items()}
    words = (pair(label("table_rule", word, lang), listed(ids, lang), lang) for word, ids in shown.items())
    return aside(label("table", group, lang), parts(words, lang), lang)
