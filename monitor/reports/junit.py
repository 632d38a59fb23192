"""JUnit XML for CI: one test case a rule. Failed = evidence found; skipped = says nothing, and why."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from monitor.reports._view import Row, View, clean

TITLE = "JUnit XML for CI"
SUFFIX = ".xml"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(view: View) -> bytes:
    """A suite named after the app. ``inconclusive`` and ``review`` alone are skipped cases: never passed or failed."""
    by_rule: dict[str, list[Row]] = {}
    for finding in view.findings:
        by_rule.setdefault(finding["rule"], []).append(finding)
    rows = {row["id"]: row for row in view.rules}
    names = sorted({*rows, *by_rule})
    suite = ET.Element("testsuite", name=_text(view.session.app.package or "app"))
    failures = skipped = 0
    for name in names:
        row, found = rows.get(name), by_rule.get(name, [])
        title = (row or {}).get("title") or (found[0]["title"] if found else "")
        case = ET.SubElement(
            suite, "testcase", classname="privacy." + _text(name), name=_text(f"{name} {title}".strip())
        )
        evidenced = [finding for finding in found if finding["status"] == "evidenced"]
        if evidenced:
            failures += 1
            first = view.headline(evidenced[0])
            failure = ET.SubElement(case, "failure", message=_text(first), type=_text(evidenced[0]["level"]))
            failure.text = "\n".join(_text(_line(view, finding)) for finding in evidenced)
        elif found or row is None or row["state"] != "silent":
            skipped += 1
            state = view.label("status", found[0]["status"]) if found else row["state_name"] if row else ""
            ET.SubElement(case, "skipped", message=_text(f"{state} {row['why'] if row else ''}".strip()))
    suite.set("tests", str(len(names)))
    suite.set("failures", str(failures))
    suite.set("errors", "0")
    suite.set("skipped", str(skipped))
    suite.set("time", "%d" % (max(view.session.end - view.session.start, 0) // 1_000_000))  # noqa: UP031
    root = ET.Element("testsuites")
    root.append(suite)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _line(view: View, finding: Row) -> str:
    words = [view.label(group, finding[group]) for group in ("data_type", "grade") if finding[group]]
    words += [view.sdk(finding["sdk"]), finding["recipient"], "; ".join(c["ref"] for c in finding["clauses"])]
    return " · ".join(word for word in words if word) + " " + " ".join(f"#{seq}" for seq in finding["events"][:20])


def _text(text: str) -> str:
    """Inert text that XML can hold."""
    return _NOT_XML.sub("\ufffd", clean(text))
