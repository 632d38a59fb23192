"""JUnit XML for CI: one test case per rule. Failed = evidence found; skipped = no result, and why.

A session that did not run to its end is an error, in a test case ``session`` of its own.
What a person must review has neither passed nor failed nor been left out: it is a property of the suite,
``review.RULE``, and a rule with nothing else is no test case.
"""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from monitor.analysis.explain.about import broken_off
from monitor.reports._results import groups
from monitor.reports._rows import CoverageRow, FindingRow
from monitor.reports._text import clean, plain
from monitor.reports._view import View
from monitor.reports._words import about, notices

TITLE = "JUnit XML for CI"
_REVIEWS = 20
#: What a suite counts, and the elements.
_KINDS = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}


def render(view: View) -> bytes:
    """A suite named after the app. A rule that is only ``inconclusive`` is a skipped case: never passed or failed.
    What a baseline accepts is also skipped, with its reason."""
    root = ET.Element("testsuites")
    suite = _add(root, "testsuite", name=view.session.app.package or "app")
    found = groups(view)
    weak = {rule: [one for one in found[rule] if one.status == "review"] for rule in sorted(found)}
    _add_properties(view, suite, weak)
    if early := broken_off(view.session, view.lang):
        case = _add(suite, "testcase", classname="privacy.session", name="session")
        _add(case, "error", message=" ".join(early), type=view.session.ended)
    rows = {row.id: row for row in view.covered("rule")}
    for name in sorted({*rows, *found}):
        borne = [one for one in found.get(name, ()) if one.status != "review"]
        if borne or not weak.get(name):
            _judge(view, suite, name, rows.get(name), borne)
    for attribute, tag in _KINDS.items():
        suite.set(attribute, str(len(list(suite.iter(tag)))))
    suite.set("time", str(max(view.session.end - view.session.start, 0) // 1_000_000))
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _add_properties(view: View, suite: ET.Element, weak: Mapping[str, list[FindingRow]]) -> None:
    """What the suite says besides its cases: each notice by its name, and what is to be reviewed."""
    properties = list(notices(view).items())
    properties += [(f"review.{rule}", _review(view, group)) for rule, group in weak.items() if group]
    element = _add(suite, "properties") if properties else suite
    for name, value in properties:
        _add(element, "property", name=name, value=value)


def _add(parent: ET.Element, tag: str, **values: str) -> ET.Element:
    return ET.SubElement(parent, tag, {key: plain(clean(value)) for key, value in values.items()})


def _judge(view: View, suite: ET.Element, rule: str, row: CoverageRow | None, found: list[FindingRow]) -> None:
    """A rule's test case, and what it came to."""
    title = next((one.title for one in (row, *found) if one and one.title), "")
    case = _add(suite, "testcase", classname=f"privacy.{rule}", name=f"{rule} {title}".strip())
    evidenced = [finding for finding in found if finding.status == "evidenced"]
    if new := [finding for finding in evidenced if finding.fingerprint not in view.accepted]:
        failure = _add(case, "failure", message=view.headline(new[0]), type=new[0].level)
        failure.text = "\n".join(plain(clean(text)) for one in new for text in (_line(view, one), _advice(view, one)))
    elif evidenced:
        _add(case, "skipped", message=_accepted(view, evidenced))
    elif found or row is None or row.state != "silent":
        state = view.label("status", found[0].status) if found else getattr(row, "state_name", "")
        why = getattr(row, "why", "")
        _add(case, "skipped", message=view.pair(state, why) if why else state)


def _accepted(view: View, findings: list[FindingRow]) -> str:
    """The reasons why a baseline accepts findings."""
    reasons = dict.fromkeys(view.accepted[finding.fingerprint] for finding in findings)
    return view.pair(view.t("report.accepted"), view.parts(reasons))


def _review(view: View, found: list[FindingRow]) -> str:
    """What is to be reviewed, in one line; with the reason of a baseline that accepts it."""
    new = [finding for finding in found if finding.fingerprint not in view.accepted]
    old = [finding for finding in found if finding.fingerprint in view.accepted]
    lines = view.first([view.parts((_line(view, one), _advice(view, one))) for one in new], _REVIEWS)
    return view.parts([view.headline(found[0]), *lines, *([_accepted(view, old)] if old else [])])


def _advice(view: View, finding: FindingRow) -> str:
    return view.pair(view.t("explain.advice"), finding.advice)


def _line(view: View, finding: FindingRow) -> str:
    words = [about(view, finding) or finding.title, view.label("grade", finding.grade)]
    words += [view.parts(clause.name for clause in finding.clauses)]
    text = " · ".join(word for word in words if word)
    return f"{finding.number}. {text} {' '.join(f'#{seq}' for seq in finding.events[:20])}"
