"""The ledger of findings: hits with the same rule, app and subject form one finding; guards lower it, traffic raises
it."""

from monitor.analysis.correlate.entries import Alike, Entry, Key, Query
from monitor.analysis.correlate.findings import GRADES, LEVELS, NAMED_EVENTS, STATUSES, ClauseRef, Finding, fingerprint
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.declared import not_begun, stated_basis
from monitor.analysis.rules.given import Facts
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.matching import EVIDENCED, NOTHING, REVIEW, Hit, Matcher, softened
from monitor.analysis.rules.plan import Check
from monitor.events import ApiCall, Event, Transmission
from monitor.knowledge.vocabulary import is_consent

_TAGS = 50_000
_QUERIES = 4096
_RANK = {status: rank for rank, status in enumerate(STATUSES)}
#: Matches of a finding that wait for the app to ask in this session, or for its end.
_WAITING = 64
#: Arguments that a finding tells, or by which a query is known.
_NAMED = frozenset({"component", "authority"})


class Ledger:
    """Groups by key, with an index from value tag to the groups whose calls returned the value."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._entries: dict[Key, Entry] = {}
        self._tags: dict[str, dict[Entry, None]] = {}
        self._news: dict[Entry, None] = {}
        self._calls: dict[tuple[Matcher, str, str, str, str, str], Alike] = {}
        self._queries: dict[tuple[str, int, str], Query] = {}

    def key(self, rule: Rule, check: Check, hit: Hit) -> Key:
        """The finding that a hit belongs to."""
        by, e = rule.text.group_by, hit.event
        named = "recipient" in by or check.pattern.field == "recipient"
        recipient = self._facts.recipient(e) if named and isinstance(e, Transmission) else ""
        return Key(
            rule.id,
            check.pattern.name,
            e.app,
            hit.subject.data_type if "data_type" in by else "",
            getattr(e, "sdk", "") if "sdk" in by else "",
            recipient,
            (hit.subject.permission or getattr(e, "permission", "")) if "permission" in by else "",
        )

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
        known, review = alike.given == hit.status and not hit.detail, alike.review
        if not known or (review is not None and bool(review(e, context, s)) is not alike.reviewed):
            self._add(alike, hit, context)
            if alike.settles:
                self._settled(alike, hit, context)
            return
        alike.entry.group.more(alike.rank, e.t, e.count)
        for ref in e.values:
            if ref.tag != alike.tag:
                alike.tag = ref.tag
                self._read(ref.tag, alike.entry)
        if not _NAMED.isdisjoint(e.args):
            self._named(alike.entry, alike.rank, e)

    def _add(self, alike: Alike, hit: Hit, context: Context) -> None:
        entry = alike.entry
        count = self._count if entry.before else self._weigh
        for one in (hit,) if entry.held is None else entry.held.add(hit.event.t, hit):
            count(entry, alike.why, one, context)

    def _settled(self, alike: Alike, hit: Hit, context: Context) -> None:
        """From now on a match like this one changes nothing but numbers, if the finding says all that it can."""
        group = alike.entry.group
        if hit.detail or not group.full() or not getattr(hit.event, "sdk", ""):
            return
        came = softened(hit, context, alike.softer, alike.why)
        rank = _RANK[came[0]]
        if len(group.events[rank]) >= NAMED_EVENTS and group.counts[rank]:
            alike.given, alike.rank = hit.status, rank
            alike.reviewed = alike.review is not None and bool(alike.review(hit.event, context, hit.subject))

    def _count(self, entry: Entry, why: tuple[str, ...], hit: Hit, context: Context) -> None:
        """Count a match without a consent. Of those that may have been given before the session, the evidenced ones are
        for review and the others say nothing, unless the app asks in the session after all: that is known at its
        end."""
        if context.consent.perhaps_earlier:
            if len(entry.earlier) < _WAITING:
                entry.earlier.append((why, hit, context))
                return
            self._doubted(entry, why, hit, context)
            return
        self._weigh(entry, why, hit, context)

    def _doubted(self, entry: Entry, why: tuple[str, ...], hit: Hit, context: Context) -> None:
        if softened(hit, context, entry.check.softer[type(hit.event)], why)[0] == EVIDENCED:
            self._weigh(entry, (*why, "consent_earlier"), hit, context)

    def _settle(self, entry: Entry) -> None:
        """Count what waited for the end of the session."""
        for why, hit, context in entry.earlier:
            count = self._doubted if context.consent.perhaps_earlier else self._weigh
            count(entry, why, hit, context)
        entry.earlier.clear()

    def _weigh(self, entry: Entry, why: tuple[str, ...], hit: Hit, context: Context) -> None:
        e, check, group, detail = hit.event, entry.check, entry.group, hit.detail
        seen = context.consent
        if seen.unseen and entry.before:
            known = seen.stated and check.pattern.scopes == ["policy"]
            why = why if known else (*why, "consent_unseen")
        if (
            why
            and (item := stated_basis(context.declaration, e, hit.subject.data_type))
            and not_begun(item, e, context)
        ):
            why = tuple(guard for guard in why if not guard.startswith("legal_basis:"))
        call = e if type(e) is ApiCall else None
        softer = check.softer[type(e)]
        if softer is NOTHING and hit.subject.certainty == "found" and "unread" not in detail:
            status, guards = REVIEW if why and hit.status == EVIDENCED else hit.status, why
        else:
            status, guards = softened(hit, context, softer, why)
        if group.framework and getattr(e, "sdk", "") != "framework":
            group.framework = False
        fresh = bool(detail) or not group.detail
        grade = _grade(hit) if call is None else 1 if call.outcome == "value" else 0
        if group.add(_RANK[status], grade, e.t, call.count if call else 1, hit.events, e.seq):
            self._news[entry] = None
            fresh = True
        if guards:
            group.guarded(_RANK[status], guards)
        if seen.stated and check.pattern.scopes:
            group.assumed["consent_stated"] = None
        if isinstance(e, Transmission) and hit.subject.data_type:
            group.matched(e, hit.subject.data_type)
        if fresh:
            for name, value in (*detail.items(), *_details(e)):
                group.detail.setdefault(name, value)
        if call:
            group.owners.add(call.sdk)
            if not call.sdk and (left := self._facts.renamed.get(call.stack)):
                group.called(left)
            for ref in call.values:
                self._read(ref.tag, entry)
            if call.args:
                self._named(entry, _RANK[status], call)

    def _named(self, entry: Entry, status: int, call: ApiCall) -> None:
        """What a call was given: a component, a provider."""
        group, args = entry.group, call.args
        if not entry.key.data_type and (component := args.get("component")):
            group.started(status, component)
        if "authority" in args:
            query = self._query(call.app, call.pid, str(call.call))
            query.entries[entry] = None
            group.owners |= query.takers
            for tag in query.tags:
                self._read(tag, entry)

    def _read(self, tag: str, entry: Entry) -> None:
        """A finding is about reading the value."""
        readers = self._tags.get(tag)
        if readers is not None:
            readers[entry] = None
        elif len(self._tags) < _TAGS:
            self._tags[tag] = {entry: None}

    def _query(self, app: str, pid: int, call: str) -> Query:
        name = (app, pid, call)
        known = self._queries.get(name)
        if known is None:
            known = self._queries[name] = Query({}, {}, set())
            if len(self._queries) > _QUERIES:
                del self._queries[next(iter(self._queries))]
        return known

    def taken(self, e: ApiCall) -> None:
        """A text was taken out of the cursor of a query: the findings about the query are about it."""
        query = self._query(e.app, e.pid, e.args["query"])
        query.takers.add(e.sdk)
        for entry in query.entries:
            entry.group.owners.add(e.sdk)
        for ref in e.values:
            query.tags[ref.tag] = None
            for entry in query.entries:
                self._read(ref.tag, entry)

    def _alike(self, rule: Rule, matcher: Matcher, hit: Hit) -> Alike:
        """The matches to which a hit belongs."""
        key = self.key(rule, matcher.check, hit)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = Entry(key, rule, matcher.check)
        return Alike(entry, self._lasting(rule, matcher.check, hit))

    def _lasting(self, rule: Rule, check: Check, hit: Hit) -> tuple[str, ...]:
        """The guards determined by pattern, data type and SDK: a declared legal basis, framework code."""
        e, s = hit.event, hit.subject
        why = ["needs_a_person"] if check.judged else []
        if "legal_basis" in rule.text.guards:
            item = stated_basis(self._facts.declaration, e, s.data_type)
            if item and not is_consent(item.legal_basis):
                why.append(f"legal_basis:{item.legal_basis}")
        if "framework" in rule.text.guards and getattr(e, "sdk", "") == "framework":
            why.append("framework")
        return tuple(why)

    def left(self, tag: str, event: Transmission, seqs: tuple[int, ...], context: Context) -> None:
        """A value was observed leaving: findings about reading it become ``collection``.

        Where it is sure whose read that was, it implies nothing about another's. Where it is not, the value left, but
        only who read it last is named with the recipient. Code that nobody knows may be the sender's or not.
        """
        credited, sure = context.values.credited(tag, event)
        for entry in self._tags.get(tag, ()):
            if sure and entry.key.sdk not in ("", *credited):
                continue
            group = entry.group
            if group.raise_grade(seqs):
                self._news[entry] = None
            if credited and group.owners.isdisjoint(credited):
                continue
            group.detail.setdefault("sent_to", event.org or event.host)
            group.detail.setdefault("sent_to_host", event.host)

    def news(self) -> list[Finding]:
        """Findings that changed since the last call."""
        if not self._news:
            return []
        changed = [self._finding(one) for one in sorted(self._news, key=lambda one: one.key) if _concerned(one)]
        self._news.clear()
        return changed

    def findings(self) -> list[Finding]:
        """All findings by rule, time and subject."""
        for entry in self._entries.values():
            self._settle(entry)
        made = [
            self._finding(entry) for entry in self._entries.values() if any(entry.group.counts) and _concerned(entry)
        ]
        return sorted(made, key=lambda f: (f.rule, f.first_seen, f.pattern, f.fingerprint))

    def _finding(self, entry: Entry) -> Finding:
        key, rule, group = entry.key, entry.rule, entry.group
        text, status = rule.text, group.status
        detail = dict(group.detail)
        for weaker in range(status):
            if beside := group.only(weaker):
                detail[STATUSES[weaker]] = str(beside)
        if group.places:
            detail["matches"] = "; ".join(group.places)
        if named := group.targets[status]:
            detail["component"] = "; ".join(named)
        if "sdk" in text.group_by and not key.sdk and group.code:
            detail["code"] = "; ".join(group.code)
        assumptions = [*text.assumptions, *group.assumed]
        if "sdk" in text.group_by and not key.sdk:
            assumptions.append("caller_unknown")
        clauses = [
            ClauseRef(pack=p, ref=c.ref, rank=c.rank, confidence=c.confidence)
            for p, c in rule.cited(entry.check.pattern.packs, key.pattern, key.data_type)
        ]
        return Finding(
            rule=rule.id, pattern=key.pattern, status=STATUSES[status], grade=GRADES[group.grade],
            level=self._level(entry), app=key.app, data_type=key.data_type, sdk=key.sdk, recipient=key.recipient,
            permission=key.permission, first_seen=group.first[status], last_seen=group.last[status],
            events=group.seqs(), count=group.counts[status], fingerprint=fingerprint(*key), title=text.title,
            title_zh=text.title_zh, clauses=clauses, detail=dict(sorted(detail.items())),
            guards=[*text.guards, *sorted(group.guards[status])], assumptions=assumptions, advice=text.advice,
            advice_zh=text.advice_zh,
        )  # fmt: skip

    def _level(self, entry: Entry) -> str:
        text, group = entry.rule.text, entry.group
        level = entry.check.pattern.level or text.level
        if text.level_attempted and group.grade == 0:
            level = min(level, text.level_attempted, key=LEVELS.index)
        if text.level_sensitive and entry.key.data_type in self._facts.declaration.sensitive:
            level = max(level, text.level_sensitive, key=LEVELS.index)
        if text.raise_on_collection and group.grade == 2:
            level = LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]
        return "low" if group.framework and "framework" in text.guards else level


def _concerned(entry: Entry) -> bool:
    """Whether a finding has a clause to cite: contacts are sensitive to some laws and not to another."""
    return entry.rule.concerns(entry.key.data_type)


def _grade(hit: Hit) -> int:
    """Of anything but a call."""
    e = hit.event
    return 2 if isinstance(e, Transmission) and hit.subject.data_type and hit.subject.certainty == "found" else 0


def _details(e: Event) -> tuple[tuple[str, str], ...]:
    """Plain facts of the first event of a finding: no personal value is among them."""
    if isinstance(e, ApiCall):
        return (("api", f"{e.cls}.{e.method}"), ("hook", e.hook), ("outcome", e.outcome))
    if isinstance(e, Transmission):
        told = (("host", e.host), ("org", e.org), ("party", e.party), ("attribution", e.attribution))
        return (*told, ("named", e.named)) if e.named else told
    return ()
