"""What a finding is about in one short text: the subject, whose code, the recipient; and what sets it apart from
another finding of its rule; and how a session ended, where it did not run to its end. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

from monitor.analysis.correlate.findings import Finding
from monitor.analysis.guarded import short
from monitor.knowledge.tables import UNLISTED, Organisation, Sdk
from monitor.session.manifest import Session
from monitor.text import aside, has, label, listed, pair, retold, t


class Naming(Protocol):
    """The name of an SDK or, with ``org``, of an organisation by its ID, which a library and its vendor may share; the
    ID itself where the tables have none."""

    def __call__(self, key: str, /, *, org: bool = False) -> str: ...  # noqa: D102


def naming(
    lang: str, sdks: Mapping[str, Sdk], organisations: Mapping[str, Organisation], named_only: Collection[str] = ()
) -> Naming:
    """Names in one language from these tables. ``named_only``: libraries whose code is perhaps only named so."""

    def name(key: str, /, *, org: bool = False) -> str:
        found = plain(key, org=org)
        return t("sdk.named", lang, name=found) if not org and key in named_only else found

    def plain(key: str, *, org: bool) -> str:
        if not org and has(f"sdk.{key}"):
            return label("sdk", key, lang)
        if not org and key.startswith(UNLISTED):
            return t("sdk.unlisted", lang, package=key.removeprefix(UNLISTED))
        sdk, whom = sdks.get(key), organisations.get(key)
        found = whom or sdk if org else sdk or whom
        if found is None:
            return key
        return (found.name_zh if lang == "zh" else "") or found.name

    return name


def subject(item: Finding, lang: str) -> str:
    """The data type, with what it is as good as, or the permission; empty if neither."""
    if not item.data_type:
        return short(item.permission)
    what, base = label("data_type", item.data_type, lang), item.detail.get("equivalent_of", "")
    as_good = pair(label("detail", "equivalent_of", lang), label("data_type", base, lang), lang) if base else ""
    return aside(what, as_good, lang) if base else what


def started(detail: Mapping[str, str], lang: str) -> str:
    """The apps whose components a finding's calls named; empty if none."""
    named = [one.partition("/")[0] for one in detail.get("component", "").split("; ")]
    return listed(dict.fromkeys(one for one in named if one), lang)


def code(sdk: str, detail: Mapping[str, str], lang: str, name: Callable[[str], str]) -> str:
    """Whose code a finding is about: the owner's name, or what is left of the packages of code that a shrinker renamed;
    empty if neither is known."""
    if sdk:
        return name(sdk)
    left = detail.get("code", "")
    return t("sdk.renamed", lang, package=listed(left.split("; "), lang)) if left else ""


def about(item: Finding, lang: str, name: Naming, *, pattern: bool = False) -> str:
    """Subject or the app that was started, code, recipient. ``pattern``: also which of the rule's patterns matched; a
    finding without a subject always says so."""
    matched = label("pattern", item.pattern, lang) if item.pattern != "main" else ""
    what = subject(item, lang)
    which = matched if pattern or not what else ""
    whose = code(item.sdk, item.detail, lang, name)
    whose = t("sdk.named", lang, name=whose) if "named_only" in item.guards else whose
    parts = [what, which, "" if what else started(item.detail, lang), whose]
    text = " · ".join(part for part in parts if part)
    return f"{text} → {name(item.recipient, org=True)}".lstrip() if item.recipient else text


def same_but_for_the_pattern(findings: Iterable[Finding]) -> frozenset[str]:
    """Fingerprints of findings that share rule, subject, code and recipient with another: only their pattern says
    which is which."""
    listed = list(findings)
    times = Counter(map(_named, listed))
    return frozenset(item.fingerprint for item in listed if times[_named(item)] > 1)


def _named(item: Finding) -> tuple[str, ...]:
    return item.rule, item.data_type, item.sdk, item.recipient, item.permission


def broken_off(session: Session, lang: str) -> tuple[str, str, str] | None:
    """How and why a session ended early, and what that means for what was not found; None if it ran to its end."""
    if session.ended not in ("failed", "interrupted", "recovered"):
        return None
    how = t("report.broken", lang, how=label("ended", session.ended, lang))
    cause = retold("said", session.cause.rstrip("."), lang)
    why = t("report.broken.cause", lang, cause=cause) if cause else t("report.broken.unknown", lang)
    return how, why, t("report.broken.note", lang)
