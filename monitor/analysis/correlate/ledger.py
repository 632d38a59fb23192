"""The ledger of findings: hits with the same rule, app and subject form one finding; guards lower it, traffic raises
it."""

from typing import Final, NamedTuple

import msgspec

from monitor.analysis.correlate.draft import RANK, Draft, Key
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.declared import not_begun, stated_basis
from monitor.analysis.rules.given import Facts
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.matching import EVIDENCED, PERSON, Hit, Matcher, softened
from monitor.events import ApiCall, Transmission
from monitor.knowledge.vocabulary import is_consent

_TAGS: Final = 50_000
_QUERIES: Final = 4096
#: Packages of renamed code that a finding names.
_PACKAGES: Final = 4
#: Matches of a finding that wait for the app to ask in this session, or for its end.
_WAITING: Final = 64
#: Arguments that a finding tells, or by which a query is known.
_NAMED: Final = frozenset({"component", "authority"})


class Alike:
    """Matches by the same code about the same data: their draft, their lasting guards, and what the latest came to."""

    def __init__(self, draft: Draft, guards: tuple[str, ...]) -> None:
        self.draft = draft
        self.guards = guards
        """Those that do not depend on the moment."""
        self.softer = draft.check.softer.get(ApiCall, {})
        self.review = self.softer.get(PERSON)
        self.settles = not draft.held and not draft.check.pattern.scopes and self.softer.keys() <= {PERSON}
        """Whether they come to the same wherever the filter for review says the same: a consent may be stated later."""
        self.came: tuple[str, bool] | None = None
        """Once another one can only be counted: the status with which it is found, and whether a person must judge
        it."""
        self.rank = 0
        """That of what such a match comes to."""
        self.tag = ""
        """Of the value that the latest of these read."""


class Query(NamedTuple):
    """A query of a provider: the findings about it, and the tags of what was taken out of its cursor."""

    drafts: dict[Draft, None]
    tags: dict[str, None]
    takers: set[str]


class Ledger:
    """Groups by key, with an index from value tag to the findings whose calls returned the value."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._drafts: dict[Key, Draft] = {}
        self._tags: dict[str, dict[Draft, None]] = {}
        self._news: dict[Draft, None] = {}
        self._calls: dict[tuple[Matcher, str, str, str, str, str], Alike] = {}
        self._queries: dict[tuple[str, int, str], Query] = {}

    def add(self, rule: Rule, matcher: Matcher, hit: Hit, context: Context) -> None:
        """Count a match towards its finding, once there are as many as the rule requires."""
        e, s = hit.event, hit.subject
        if type(e) is not ApiCall:
            self._add(self._alike(rule, matcher, hit), hit, context)
            return
        short = (matcher, e.app, s.data_type, e.sdk, s.permission, s.certainty)
        alike = self._calls.get(short)
        if alike is None:
            alike = self._calls[short] = self._alike(rule, matcher, hit)
        if alike.came is None or hit.detail or alike.came != (hit.status, _for_review(alike, hit, context)):
            self._add(alike, hit, context)
            if alike.settles:
                self._settle(alike, hit, context)
            return
        alike.draft.tallies[alike.rank].add(e.t, e.count)
        for ref in e.values:
            if ref.tag != alike.tag:
                alike.tag = ref.tag
                self._read(ref.tag, alike.draft)
        if not _NAMED.isdisjoint(e.args):
            self._named(alike.draft, alike.rank, e)

    def _alike(self, rule: Rule, matcher: Matcher, hit: Hit) -> Alike:
        """The matches to which a hit belongs, with the guards determined by pattern, data type and SDK."""
        by, e, s, check = rule.text.group_by, hit.event, hit.subject, matcher.check
        named = "recipient" in by or check.pattern.field == "recipient"
        key = Key(
            rule.id,
            check.pattern.name,
            e.app,
            s.data_type if "data_type" in by else "",
            getattr(e, "sdk", "") if "sdk" in by else "",
            self._facts.recipient(e) if named and isinstance(e, Transmission) else "",
            (s.permission or getattr(e, "permission", "")) if "permission" in by else "",
        )
        draft = self._drafts.get(key)
        if draft is None:
            draft = self._drafts[key] = Draft(key, rule, check)
        guards = [PERSON] if check.judged else []
        if "legal_basis" in rule.text.guards:
            item = stated_basis(self._facts.declaration, e, s.data_type)
            if item and not is_consent(item.legal_basis):
                guards.append(f"legal_basis:{item.legal_basis}")
        if "framework" in rule.text.guards and getattr(e, "sdk", "") == "framework":
            guards.append("framework")
        return Alike(draft, tuple(guards))

    def _add(self, alike: Alike, hit: Hit, context: Context) -> None:
        """Count those that now are enough. Of those without a consent that may have been given before the session, the
        evidenced ones are for review and the others say nothing, unless the app asks in the session after all: that is
        known at its end."""
        draft, guards = alike.draft, alike.guards
        for one in (hit,) if draft.held is None else draft.held.add(hit.event.t, hit):
            if not _perhaps_earlier(draft, context):
                self._weigh(draft, guards, one, context)
            elif len(draft.earlier) < _WAITING:
                draft.earlier.append((guards, one, context))
            else:
                self._doubt(draft, guards, one, context)

    def _doubt(self, draft: Draft, guards: tuple[str, ...], hit: Hit, context: Context) -> None:
        if softened(hit, context, draft.check.softer[type(hit.event)], guards)[0] == EVIDENCED:
            self._weigh(draft, (*guards, "consent_earlier"), hit, context)

    def _settle(self, alike: Alike, hit: Hit, context: Context) -> None:
        """From now on a match like this one changes nothing but numbers, if the finding says all that it can."""
        if hit.detail or not getattr(hit.event, "sdk", ""):
            return
        rank = RANK[softened(hit, context, alike.softer, alike.guards)[0]]
        if alike.draft.settled(rank):
            alike.came, alike.rank = (hit.status, _for_review(alike, hit, context)), rank

    def _weigh(self, draft: Draft, guards: tuple[str, ...], hit: Hit, context: Context) -> None:
        e, check, consent = hit.event, draft.check, context.consent
        status, guards = softened(hit, context, check.softer[type(e)], _guards_then(draft, guards, hit, context))
        if isinstance(e, Transmission) and (told := context.values.told(hit.subject.tag)):
            named = {"known_from": told.way} if told.way else {}
            hit = msgspec.structs.replace(hit, events=(told.seq, *hit.events), detail={**hit.detail, **named})
        rank, call = RANK[status], e if type(e) is ApiCall else None
        # A transmission that holds the data that the match is about shows its value.
        sent = isinstance(hit.event, Transmission) and hit.subject.data_type != "" and hit.subject.certainty == "found"
        count, grade = (call.count, int(call.outcome == "value")) if call else (1, 2 * sent)
        if changed := draft.add(rank, grade, e.t, count, (*hit.events, e.seq)):
            self._news[draft] = None
        draft.describe(hit, rank, guards, changed=changed)
        if consent.stated and check.pattern.scopes:
            draft.assumed["consent_stated"] = None
        if call:
            self._credit(draft, rank, call)

    def _credit(self, draft: Draft, rank: int, call: ApiCall) -> None:
        """Whose call it was, what it read and what it was given."""
        draft.owners.add(call.sdk)
        package = "" if call.sdk else self._facts.renamed.get(call.stack, "")
        if package and len(draft.packages) < _PACKAGES:
            draft.packages[package] = None
        for ref in call.values:
            self._read(ref.tag, draft)
        if call.args:
            self._named(draft, rank, call)

    def _named(self, draft: Draft, rank: int, call: ApiCall) -> None:
        """What a call was given: a component, a provider."""
        if not draft.key.data_type and (component := call.args.get("component")):
            draft.started(rank, component)
        if "authority" in call.args:
            query = self._query((call.app, call.pid, str(call.call)))
            query.drafts[draft] = None
            draft.owners |= query.takers
            for tag in query.tags:
                self._read(tag, draft)

    def _read(self, tag: str, draft: Draft) -> None:
        """A finding is about reading the value."""
        readers = self._tags.get(tag)
        if readers is not None:
            readers[draft] = None
        elif len(self._tags) < _TAGS:
            self._tags[tag] = {draft: None}

    def _query(self, name: tuple[str, int, str]) -> Query:
        known = self._queries.get(name)
        if known is None:
            known = self._queries[name] = Query({}, {}, set())
            if len(self._queries) > _QUERIES:
                del self._queries[next(iter(self._queries))]
        return known

    def taken(self, e: ApiCall) -> None:
        """A text was taken out of the cursor of a query: the findings about the query are about it."""
        query = self._query((e.app, e.pid, e.args["query"]))
        query.takers.add(e.sdk)
        query.tags.update((ref.tag, None) for ref in e.values)
        for draft in query.drafts:
            draft.owners.add(e.sdk)
            for ref in e.values:
                self._read(ref.tag, draft)

    def left(self, tag: str, event: Transmission, seqs: tuple[int, ...], context: Context) -> None:
        """A value was observed leaving: findings about reading it become ``collection``.

        Where it is sure whose read that was, it implies nothing about another's. Where it is not, the value left, but
        only who read it last is named with the recipient. Code that nobody knows may be the sender's or not.
        """
        credited, sure = context.values.credited(tag, event)
        for draft in self._tags.get(tag, ()):
            if sure and draft.key.sdk not in ("", *credited):
                continue
            if draft.raise_grade(seqs):
                self._news[draft] = None
            if not credited or not draft.owners.isdisjoint(credited):
                draft.detail.setdefault("sent_to", event.org or event.host)
                draft.detail.setdefault("sent_to_host", event.host)

    def news(self) -> list[Finding]:
        """Findings that changed since the last call."""
        changed = [self._finding(one) for one in sorted(self._news, key=lambda one: one.key) if one.counts()]
        self._news.clear()
        return changed

    def findings(self) -> list[Finding]:
        """All findings by rule, time and subject; what waited for the end of the session is counted."""
        for draft in self._drafts.values():
            for guards, hit, context in draft.earlier:
                count = self._doubt if _perhaps_earlier(draft, context) else self._weigh
                count(draft, guards, hit, context)
            draft.earlier.clear()
        found = (self._finding(draft) for draft in self._drafts.values() if draft.counts())
        return sorted(found, key=lambda f: (f.rule, f.first_seen, f.pattern, f.fingerprint))

    def _finding(self, draft: Draft) -> Finding:
        sensitive = draft.key.data_type in self._facts.declaration.sensitive
        return draft.finding(sensitive=sensitive, named_only=self._facts.doubted(draft.key.sdk))


def _guards_then(draft: Draft, guards: tuple[str, ...], hit: Hit, context: Context) -> tuple[str, ...]:
    """The lasting guards of a match, and those that hold at its time."""
    consent = context.consent
    if consent.unseen and draft.before and not (consent.stated and draft.check.pattern.scopes == ["policy"]):
        guards = (*guards, "consent_unseen")
    item = stated_basis(context.declaration, hit.event, hit.subject.data_type) if guards else None
    if item and not_begun(item, hit.event, context):
        return tuple(guard for guard in guards if not guard.startswith("legal_basis:"))
    return guards


def _for_review(alike: Alike, hit: Hit, context: Context) -> bool:
    return alike.review is not None and bool(alike.review(hit.event, context, hit.subject))


def _perhaps_earlier(draft: Draft, context: Context) -> bool:
    """Whether a consent that it says was missing may have been given before the session."""
    return draft.before and context.consent.perhaps_earlier
