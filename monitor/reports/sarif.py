"""SARIF 2.1.0 for code scanning: one result per finding. The location is the class that made the call, where a stack
tells of one, the manifest for what it asks for, else the APK."""

from typing import Any
from urllib.parse import quote

from monitor.events import ApiCall
from monitor.reports._rows import FindingRow
from monitor.reports._text import clean, json_document
from monitor.reports._view import Chain, View
from monitor.reports._words import about, stated

TITLE = "SARIF 2.1.0 for code scanning"
_ABOUT = "urn:app-privacy-monitor"
"""Names this tool and its rules: there is no page of theirs on the web."""
#: What code scanning sorts by, from 0 to 10.
_SEVERITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "0.1"}
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
#: The file as a whole: what was seen is in the running app, not at a place in the file.
_WHOLE = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(view: View) -> bytes:
    """One run. ``inconclusive`` and ``review`` are results of kind ``open`` and ``review``, never failures."""
    names = sorted({finding.rule for finding in view.findings} | {row.id for row in view.covered("rule")})
    cited = {clause.ref: clause.name for finding in view.findings for clause in finding.clauses}
    app = view.session.app
    artifact: dict[str, Any] = {"location": {"uri": _uri(app.package)}, "roles": ["analysisTarget"]}
    if app.apk_sha256:
        artifact["hashes"] = {"sha-256": app.apk_sha256}
    driver = {
        "name": "app-privacy-monitor",
        "informationUri": _ABOUT,
        "version": view.session.versions.monitor or "0",
        "rules": [_rule(name, view) for name in names],
    }
    taxonomy = {"name": "clauses", "taxa": [{"id": ref, "name": name} for ref, name in sorted(cited.items())]}
    run = {
        "tool": {"driver": driver},
        "taxonomies": [taxonomy],
        "artifacts": [artifact],
        "columnKind": "unicodeCodePoints",
        "results": [_result(view, finding, names.index(finding.rule)) for finding in view.findings],
        "properties": {"coverage": {row.id: row.state for row in view.covered("rule")}, "root": view.root,
                       **({"limits": said} if (said := stated(view)) else {})},
    }  # fmt: skip
    return json_document({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str, view: View) -> dict[str, Any]:
    rule = view.names.rules[name].text if name in view.names.rules else None
    title, text, advice, level, mistakes = name, name, "", "info", list[str]()
    if rule:
        zh, level, mistakes = view.lang == "zh", rule.level, rule.mistakes(view.lang)
        title, text = (rule.title_zh, rule.description_zh) if zh else (rule.title, rule.description)
        advice = rule.advice_zh if zh else rule.advice
    words = [text, advice, *(view.pair(view.t("explain.mistake"), line) for line in mistakes)]
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in name.split("-")),
        "shortDescription": {"text": clean(title)},
        "fullDescription": {"text": clean(text)},
        "help": {"text": "\n".join(clean(word) for word in words if word)},
        "helpUri": f"{_ABOUT}:rule:{quote(name)}",
        "properties": {"tags": ["privacy", "security"], "security-severity": _SEVERITY[level]},
    }


def _result(view: View, finding: FindingRow, index: int) -> dict[str, Any]:
    chain = view.chain(finding)
    parts = [view.headline(finding), about(view, finding)]
    parts += view.words(finding, "grade", "status")
    evidenced = finding.status == "evidenced"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": "fail" if evidenced else "review" if finding.status == "review" else "open",
        "level": _LEVELS.get(finding.level, "warning") if evidenced else "none",
        "message": {"text": clean(" · ".join(part for part in parts if part))},
        "occurrenceCount": max(finding.count, 1),
        "taxa": [{"id": clause.ref, "toolComponent": {"name": "clauses"}} for clause in finding.clauses],
        "locations": [_location(view, finding, chain)],
        "properties": {
            "number": finding.number,
            "events": finding.events,
            "first_seen": finding.first_seen,
            "status": finding.status,
        },
    }
    if finding.fingerprint in view.accepted:
        why = clean(view.accepted[finding.fingerprint])
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    if finding.fingerprint:
        result["partialFingerprints"] = {
            "finding/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
        }
    if chain.frames:
        frames = [{"location": _logical(f"{f.cls}.{f.method}")} for f in chain.frames]
        result["stacks"] = [{"frames": frames}]
    return result


def _location(view: View, finding: FindingRow, chain: Chain) -> dict[str, Any]:
    call = chain.call
    caller = chain.caller
    name, place = view.session.app.package, _uri(view.session.app.package)
    region = _WHOLE
    if caller:
        name, place = f"{caller.cls}.{caller.method}", _source(caller.cls)
        if caller.line > 0:
            region = {"startLine": caller.line}
    elif isinstance(call, ApiCall):
        name = f"{call.cls}.{call.method}"
    elif finding.permission:
        place = "AndroidManifest.xml"
    index = {"index": 0} if place == _uri(view.session.app.package) else {}
    physical = {"artifactLocation": {"uri": place, **index}, "region": region}
    return {**_logical(name), "physicalLocation": physical}


def _source(cls: str) -> str:
    """The file in which a class is written, by its name: of an inner class that of the outer one."""
    parts = [part for part in cls.partition("$")[0].split(".") if part]
    return "/".join(quote(clean(part)[:100], safe="") for part in parts)[:400] + ".java"


def _logical(name: str) -> dict[str, Any]:
    return {"logicalLocations": [{"fullyQualifiedName": clean(name), "kind": "function"}]}


def _uri(package: str) -> str:
    """A relative URI for the app's file, using only characters that a URI may contain."""
    return ("".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in package) or "app") + ".apk"
