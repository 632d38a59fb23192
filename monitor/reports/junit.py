"""JUnit XML for CI: one test case per rule. Failed = evidence found; skipped = no result, and why.

A session that did not run to its end is an error, in a test case ``session`` of its own.
What a person must review has neither passed nor failed nor been left out: it is a property of the suite,
``review.RULE``, and a rule with nothing else is no test case.
"""

from xml.etree import ElementTree as ET

from monitor.analysis.explain.about import broken_off
from monitor.reports._rows import CoverageRow, FindingRow
from monitor.reports._text import clean, plain
from monitor.reports._view import View
from monitor.reports._words import about, stated

TITLE = "JUnit XML for CI"
_REVIEWS = 20


def render(view: View) -> bytes:
    """A suite named after the app. A rule that is only ``inconclusive`` is a skipped case: never passed or failed.
    What a baseline accepts is also skipped, with its reason."""
    by_rule: dict[str, list[FindingRow]] = {}
    reviews: dict[str, list[FindingRow]] = {}
    for finding in view.findings:
        group = reviews if finding.status == "review" else by_rule
        group.setdefault(finding.rule, []).append(finding)
    root = ET.Element("testsuites")
    suite = ET.SubElement(root, "testsuite", name=_text(view.session.app.package or "app"))
    properties = [("uncontained", line) for line in stated(view)]
    properties += [(f"review.{name}", _review(view, found)) for name, found in sorted(reviews.items())]
    if properties:
        element = ET.SubElement(suite, "properties")
        for name, value in properties:
            ET.SubElement(element, "property", name=_text(name), value=_text(value))
    if early := broken_off(view.session, view.lang):
        case = ET.SubElement(suite, "testcase", classname="privacy.session", name="session")
        ET.SubElement(case, "error", message=_text(" ".join(early)), type=_text(view.session.ended))
    rows = {row.id: row for row in view.covered("rule")}
    for name in sorted({name for name in rows if name not in reviews} | {*by_rule}):
        _case(view, suite, name, rows.get(name), by_rule.get(name, []))
    kinds = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for attribute, tag in kinds.items():
        suite.set(attribute, str(sum(1 for _ in suite.iter(tag))))
    suite.set("time", "%d" % (max(view.session.end - view.session.start, 0) // 1_000_000))  # noqa: UP031
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(view: View, suite: ET.Element, name: str, row: CoverageRow | None, found: list[FindingRow]) -> None:
    """A rule as a test case."""
    title = (row.title if row else "") or (found[0].title if found else "")
    case = ET.SubElement(suite, "testcase", classname="privacy." + _text(name), name=_text(f"{name} {title}".strip()))
    evidenced = [finding for finding in found if finding.status == "evidenced"]
    new = [finding for finding in evidenced if finding.fingerprint not in view.accepted]
    if new:
        message = _text(view.headline(new[0]))
        failure = ET.SubElement(case, "failure", message=message, type=_text(new[0].level))
        failure.text = "\n".join(_text(_line(view, finding)) for finding in new)
    elif evidenced:
        reasons = dict.fromkeys(view.accepted[finding.fingerprint] for finding in evidenced)
        message = view.pair(view.t("report.accepted"), view.parts(reasons))
        ET.SubElement(case, "skipped", message=_text(message))
    elif found or row is None or row.state != "silent":
        state = view.label("status", found[0].status) if found else row.state_name if row else ""
        ET.SubElement(case, "skipped", message=_text(view.pair(state, row.why) if row and row.why else state))


def _review(view: View, found: list[FindingRow]) -> str:
    """What is to be reviewed, in one line; with the reason of a baseline that accepts it."""
    new = [finding for finding in found if finding.fingerprint not in view.accepted]
    reasons = dict.fromkeys(view.accepted[f.fingerprint] for f in found if f not in new)
    accepted = [view.pair(view.t("report.accepted"), reason) for reason in reasons]
    lines = view.first([_line(view, finding) for finding in new], _REVIEWS)
    return view.parts([view.headline(found[0]), *lines, *accepted])


def _line(view: View, finding: FindingRow) -> str:
    words = [about(view, finding) or finding.title, view.label("grade", finding.grade)]
    words += [view.parts(clause.name for clause in finding.clauses)]
    text = " · ".join(word for word in words if word)
    return f"{finding.number}. {text} {' '.join(f'#{seq}' for seq in finding.events[:20])}"


def _text(text: str) -> str:
    """Inert text that XML can represent."""
    return plain(clean(text))
