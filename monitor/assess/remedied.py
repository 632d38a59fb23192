"""The findings of an assessment, each with what to change by its own evidence."""

from collections.abc import Iterable, Mapping
from functools import cache

from msgspec.structs import replace

from monitor.analysis.consent.timelines import read_marks
from monitor.analysis.correlate.findings import Assessment, Finding
from monitor.analysis.correlate.owner import Owners, with_declared
from monitor.analysis.explain.about import naming
from monitor.analysis.explain.remedy import Seen, remedy
from monitor.analysis.rules.load import Rule
from monitor.assess.opened import Opened
from monitor.events import Event, Stack
from monitor.knowledge.tables import Organisation, Sdk
from monitor.session.declaration import Declaration


def remedied(opened: Opened, assessment: Assessment) -> Assessment:
    """The same with the advice of each finding's rule filled; of a rule that is not known as it was."""
    rules = opened.tables.rules(opened.session.packs, opened.session.profile)
    stacks, by_seq = opened.listed.of(Stack), opened.listed.numbered()
    return filled(assessment, rules, by_seq, stacks, opened.declaration, opened.sdks, opened.organisations)


def filled(
    assessment: Assessment, rules: Iterable[Rule], by_seq: Mapping[int, Event], stacks: Iterable[Stack],
    declaration: Declaration, sdks: Mapping[str, Sdk], organisations: Mapping[str, Organisation],
) -> Assessment:  # fmt: skip
    """The same by these rules, with the events that the findings name and the stacks of these."""
    texts, by_number = {rule.id: rule.text for rule in rules}, {event.stack: event for event in stacks}
    packages, marks = with_declared(sdks, declaration), read_marks(assessment.coverage)
    owners = cache(lambda app: Owners(packages, declaration.app_prefixes(app)))

    def one(item: Finding) -> Finding:
        if (text := texts.get(item.rule)) is None:
            return item
        seen = Seen(by_seq, by_number, marks, owners(item.app))
        named_only = [item.sdk] if "named_only" in item.guards else []
        en, zh = (
            remedy(item, advice, seen, lang, naming(lang, sdks, organisations, named_only))
            for lang, advice in (("en", text.advice), ("zh", text.advice_zh))
        )
        return replace(item, advice=en, advice_zh=zh)

    return assessment._replace(findings=[one(item) for item in assessment.findings])
