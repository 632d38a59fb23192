"""JUnit XML for CI: one test case per rule. Failed = evidence found; skipped = no result, and why.

A session that did not run to its end is an error, in a test case ``session`` of its own.
What a person must review has neither passed nor failed nor been left out: it is a property of the suite,
``review.RULE``, and a rule with nothing else is no test case.
"""

from xml.etree import ElementTree as ET

from monitor.analysis.explain.about import broken_off
from monitor.reports._rows import FindingRow
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
    rows = {row.id: row for row in view.rules}
    names = sorted({name for name in rows if name not in reviews} | {*by_rule})
    suite = ET.Element("testsuite", name=_text(view.session.app.package or "app"))
    limits = stated(view)
    if reviews or limits:
        properties = ET.SubElement(suite, "properties")
        for said in limits:
            ET.SubElement(properties, "property", name="uncontained", value=_text(said))
        for name, found in sorted(reviews.items()):
            ET.SubElement(properties, "property", name=_text(f"review.{name}"), value=_text(_review(view, found)))
    failures = skipped = 0
    for name in names:
        row, found = rows.get(name), by_rule.get(name, [])
        title = (row.title if row else "") or (found[0].title if found else "")
        case = ET.SubElement(
            suite, "testcase", classname="privacy." + _text(name), name=_text(f"{name} {title}".strip())
        )
        whole = [finding for finding in found if finding.status == "evidenced"]
        evidenced = [finding for finding in whole if finding.fingerprint not in view.accepted]
        if whole and not evidenced:
            skipped += 1
            reasons = dict.fromkeys(view.accepted[finding.fingerprint] for finding in whole)
            said = view.pair(view.t("report.accepted"), view.parts(reasons))
            ET.SubElement(case, "skipped", message=_text(said))
        elif evidenced:
            failures += 1
            first = view.headline(evidenced[0])
            failure = ET.SubElement(case, "failure", message=_text(first), type=_text(evidenced[0].level))
            failure.text = "\n".join(_text(_line(view, finding)) for finding in evidenced)
        elif found or row is None or row.state != "silent":
            skipped += 1
            state = view.label("status", found[0].status) if found else row.state_name if row else ""
            ET.SubElement(case, "skipped", message=_text(view.pair(state, row.why) if row and row.why else state))
    early = broken_off(view.session, view.lang)
    if early:
        case = ET.Element("testcase", classname="privacy.session", name="session")
        ET.SubElement(case, "error", message=_text(" ".join(early)), type=_text(view.session.ended))
        suite.insert(1 if reviews else 0, case)
    suite.set("tests", str(len(names) + bool(early)))
    suite.set("failures", str(failures))
    suite.set("errors", str(int(bool(early))))
    suite.set("skipped", str(skipped))
    suite.set("time", "%d" % (max(view.session.end - view.session.start, 0) // 1_000_000))  # noqa: UP031
    root = ET.Element("testsuites")
    root.append(suite)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _review(view: View, found: list[FindingRow]) -> str:
    """What is to be reviewed, in one line; with the reason of a baseline that accepts it."""
    new = [finding for finding in found if finding.fingerprint not in view.accepted]
    reasons = dict.fromkeys(view.accepted[f.fingerprint] for f in found if f not in new)
    said = [view.pair(view.t("report.accepted"), reason) for reason in reasons]
    lines = [_line(view, finding) for finding in new[:_REVIEWS]]
    if len(new) > _REVIEWS:
        lines.append(view.t("report.more", n=len(new) - _REVIEWS))
    return view.parts([view.headline(found[0]), *lines, *said])


def _line(view: View, finding: FindingRow) -> str:
    words = [about(view, finding) or finding.title, view.label("grade", finding.grade)]
    words += [view.parts(clause.name for clause in finding.clauses)]
    said = " · ".join(word for word in words if word)
    return f"{finding.number}. {said} {' '.join(f'#{seq}' for seq in finding.events[:20])}"


def _text(text: str) -> str:
    """Inert text that XML can represent."""
    return plain(clean(text))
