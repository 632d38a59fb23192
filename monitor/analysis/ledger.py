"""The book of findings: hits with one rule, app and subject are one finding; guards soften, traffic raises."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from monitor.analysis.context import Context, Facts
from monitor.analysis.findings import GRADES, LEVELS, STATUSES, ClauseRef, Finding, Group, fingerprint
from monitor.analysis.judge import Hit, Judge
from monitor.analysis.model import KIND_OF
from monitor.analysis.rules import Rule
from monitor.events import ApiCall, Transmission

_CONSENT = ("", "13(1)", "13-1", "consent")
_TAGS = 50_000
_RANK = {status: rank for rank, status in enumerate(STATUSES)}


class Key(NamedTuple):
    """What a finding is about."""

    rule: str
    pattern: str
    app: str
    data_type: str
    sdk: str
    recipient: str
    permission: str


class _Entry(NamedTuple):
    key: Key
    rule: Rule
    judge: Judge
    group: Group


class Ledger:
    """Groups by key, with an index from value tag to the groups whose calls returned the value."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._entries: dict[Key, _Entry] = {}
        self._tags: dict[str, dict[Key, None]] = {}
        self._news: dict[Key, None] = {}
        self._calls: dict[tuple[Judge, str, str, str, str], tuple[_Entry, tuple[str, ...]]] = {}

    def key(self, rule: Rule, judge: Judge, hit: Hit) -> Key:
        """The finding that a hit belongs to."""
        by, e = rule.text.group_by, hit.event
        recipient = self._facts.recipient(e) if "recipient" in by and isinstance(e, Transmission) else ""
        return Key(
            rule.id,
            judge.pattern.name,
            e.app,
            hit.subject.data_type if "data_type" in by else "",
            getattr(e, "sdk", "") if "sdk" in by else "",
            recipient,
            (hit.subject.permission or getattr(e, "permission", "")) if "permission" in by else "",
        )

    def add(self, rule: Rule, judge: Judge, hit: Hit, context: Context) -> None:
        """Count a hit."""
        e = hit.event
        (key, _, _, group), why = self._entry(rule, judge, hit)
        status, guards = self._softened(judge, hit, context, why)
        call = type(e) is ApiCall
        if not group.framework or getattr(e, "sdk", "") != "framework":
            group.framework = False
        fresh = not group.detail or bool(hit.detail)
        if group.add(_RANK[status], _grade(hit), e.t, e.count if call else 1, hit.events, e.seq):
            self._news[key] = None
            fresh = True
        for guard in guards:
            group.guards[guard] = None
        if context.consent.stated and judge.pattern.scopes:
            group.assumed["consent_stated"] = None
        if isinstance(e, Transmission) and hit.subject.data_type:
            group.matched(e, hit.subject.data_type)
        if fresh:
            for name, value in (*hit.detail.items(), *_details(e)):
                group.detail.setdefault(name, value)
        if call:
            tags = self._tags
            for ref in e.values:
                readers = tags.get(ref.tag)
                if readers is not None:
                    readers[key] = None
                elif len(tags) < _TAGS:
                    tags[ref.tag] = {key: None}

    def _entry(self, rule: Rule, judge: Judge, hit: Hit) -> tuple[_Entry, tuple[str, ...]]:
        """The entry of a hit and the guards that hold at any time; for calls looked up once for each combination."""
        e, s = hit.event, hit.subject
        short = (judge, e.app, s.data_type, e.sdk, s.permission) if type(e) is ApiCall else None
        if short is not None and short in self._calls:
            return self._calls[short]
        key = self.key(rule, judge, hit)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry(key, rule, judge, Group())
        found = entry, self._lasting(rule, hit)
        if short is not None:
            self._calls[short] = found
        return found

    def _lasting(self, rule: Rule, hit: Hit) -> tuple[str, ...]:
        """The guards that data type and SDK decide: a declared legal basis, the framework's own code."""
        e, s = hit.event, hit.subject
        why: list[str] = []
        if "legal_basis" in rule.text.guards:
            item = self._facts.declaration.by_type.get(s.data_type)
            if item and item.legal_basis.replace(" ", "").lower() not in _CONSENT:
                why.append(f"legal_basis:{item.legal_basis}")
        if "framework" in rule.text.guards and getattr(e, "sdk", "") == "framework":
            why.append("framework")
        return tuple(why)

    @staticmethod
    def _softened(judge: Judge, hit: Hit, context: Context, lasting: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """The status after the guards: those, consent that could not be seen and shapes ask for a person."""
        status, e, s = hit.status, hit.event, hit.subject
        why = lasting
        seen = context.consent
        known = seen.stated and judge.pattern.scopes == ["policy"]
        if seen.unseen and judge.pattern.type == "before_consent" and not known:
            why = (*why, "consent_unseen")
        if s.certainty == "possible":
            why = (*why, "possible_value")
        test = judge.review[KIND_OF[type(e)]]
        if test is not None and test(e, context, s):
            why = (*why, "needs_a_person")
        return ("review" if why and status == "evidenced" else status), why

    def left(self, tag: str, event: Transmission, seqs: tuple[int, ...], readers: Collection[str] = ()) -> None:
        """A value was seen leaving: findings about reading it become ``collection``.

        Where the sender is among its ``readers``, it sends what it read itself: that says nothing of another's read.
        """
        own = bool(event.sdk) and event.sdk in readers
        for key in self._tags.get(tag, ()):
            if own and key.sdk not in ("", event.sdk):
                continue
            group = self._entries[key].group
            if group.raise_grade(seqs):
                self._news[key] = None
            group.detail.setdefault("sent_to", event.org or event.host)
            group.detail.setdefault("sent_to_host", event.host)

    def news(self) -> list[Finding]:
        """Findings that changed since the last call."""
        if not self._news:
            return []
        changed = [self._finding(self._entries[key]) for key in sorted(self._news)]
        self._news.clear()
        return changed

    def findings(self) -> list[Finding]:
        """All findings by rule, time and subject."""
        made = [self._finding(entry) for entry in self._entries.values()]
        return sorted(made, key=lambda f: (f.rule, f.first_seen, f.pattern, f.fingerprint))

    def _finding(self, entry: _Entry) -> Finding:
        key, rule, group = entry.key, entry.rule, entry.group
        text, status = rule.text, group.status
        detail = dict(group.detail)
        if status and group.counts[0]:
            detail["inconclusive"] = str(group.counts[0])
        if status == 2 and group.counts[1]:
            detail["review"] = str(group.counts[1])
        if group.places:
            detail["matches"] = "; ".join(group.places)
        assumptions = [*text.assumptions, *group.assumed]
        if "sdk" in text.group_by and not key.sdk:
            assumptions.append("caller_unknown")
        clauses = [
            ClauseRef(pack=p, ref=c.ref, rank=c.rank, confidence=c.confidence)
            for p, c in rule.cited(entry.judge.pattern.packs)
        ]
        return Finding(
            rule=rule.id, pattern=key.pattern, status=STATUSES[status], grade=GRADES[group.grade],
            level=self._level(entry), app=key.app, data_type=key.data_type, sdk=key.sdk, recipient=key.recipient,
            permission=key.permission, first_seen=group.first[status], last_seen=group.last[status],
            events=group.seqs(), count=group.counts[status], fingerprint=fingerprint(*key), title=text.title,
            title_zh=text.title_zh, clauses=clauses, detail=dict(sorted(detail.items())),
            guards=[*text.guards, *sorted(group.guards)], assumptions=assumptions, advice=text.advice,
            advice_zh=text.advice_zh,
        )  # fmt: skip

    def _level(self, entry: _Entry) -> str:
        text, group = entry.rule.text, entry.group
        level = entry.judge.pattern.level or text.level
        if text.level_attempted and group.grade == 0:
            level = min(level, text.level_attempted, key=LEVELS.index)
        if text.level_sensitive and entry.key.data_type in self._facts.declaration.sensitive:
            level = max(level, text.level_sensitive, key=LEVELS.index)
        if text.raise_on_collection and group.grade == 2:
            level = LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]
        return "low" if group.framework and "framework" in text.guards else level


def _grade(hit: Hit) -> int:
    e = hit.event
    if isinstance(e, Transmission):
        return 2 if hit.subject.data_type and hit.subject.certainty == "found" else 0
    return 1 if isinstance(e, ApiCall) and e.outcome == "value" else 0


def _details(e: Any) -> tuple[tuple[str, str], ...]:
    """Plain facts of the first event of a finding: no personal value is among them."""
    if isinstance(e, ApiCall):
        return (("api", f"{e.cls}.{e.method}"), ("hook", e.hook), ("outcome", e.outcome))
    if isinstance(e, Transmission):
        return (("host", e.host), ("org", e.org), ("party", e.party), ("attribution", e.attribution))
    return ()
