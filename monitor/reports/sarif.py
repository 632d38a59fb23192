"""SARIF 2.1.0 for code scanning: one result per finding. The location is the class that made the call, where a stack
tells of one, the manifest for what it asks for, else the APK."""

from typing import Any
from urllib.parse import quote

from monitor.reports import _rows, _words
from monitor.reports._text import clean, json_document
from monitor.reports._view import Chain, View

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
    rules = view.covered("rule")
    names = sorted({finding.rule for finding in view.findings} | {row.id for row in rules})
    cited = {clause.ref: clause.name for finding in view.findings for clause in finding.clauses}
    app, said = view.session.app, _words.stated(view)
    artifact = {"location": {"uri": _uri(app.package)}, "roles": ["analysisTarget"]}
    driver = {
        "name": "app-privacy-monitor",
        "informationUri": _ABOUT,
        "version": view.session.versions.monitor or "0",
        "rules": [_rule(name, view) for name in names],
    }
    coverage = {"coverage": {row.id: row.state for row in rules}, "root": view.root}
    run = {
        "tool": {"driver": driver},
        "taxonomies": [{"name": "clauses", "taxa": [{"id": ref, "name": name} for ref, name in sorted(cited.items())]}],
        "artifacts": [artifact | ({"hashes": {"sha-256": app.apk_sha256}} if app.apk_sha256 else {})],
        "columnKind": "unicodeCodePoints",
        "results": [_result(view, finding, names.index(finding.rule)) for finding in view.findings],
        "properties": coverage | ({"limits": said} if said else {}),
    }
    return json_document({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str, view: View) -> dict[str, Any]:
    title, text, advice, level, mistakes = name, name, "", "info", list[str]()
    if name in view.names.rules:
        rule, ending = view.names.rules[name].text, "_zh" if view.lang == "zh" else ""
        title, text = (getattr(rule, f"{key}{ending}") for key in ("title", "description"))
        advice, level, mistakes = rule.general(view.lang), rule.level, rule.mistakes(view.lang)
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


def _result(view: View, finding: _rows.FindingRow, index: int) -> dict[str, Any]:
    chain = view.chain(finding)
    parts = [view.headline(finding), _words.about(view, finding), *view.words(finding, "grade", "status")]
    parts += [view.pair(view.t("explain.advice"), finding.advice)] if finding.advice else []
    evidenced, fingerprint = finding.status == "evidenced", finding.fingerprint
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": {"evidenced": "fail", "review": "review"}.get(finding.status, "open"),
        "level": _LEVELS.get(finding.level, "warning") if evidenced else "none",
        "message": {"text": clean(" · ".join(part for part in parts if part))},
        "occurrenceCount": max(finding.count, 1),
        "taxa": [{"id": clause.ref, "toolComponent": {"name": "clauses"}} for clause in finding.clauses],
        "locations": [_location(view, finding, chain)],
        "properties": {key: getattr(finding, key) for key in ("number", "events", "first_seen", "status")},
    }
    if fingerprint in view.accepted:
        why = clean(view.accepted[fingerprint])
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    if fingerprint:
        result["partialFingerprints"] = {"finding/v1": fingerprint, "primaryLocationLineHash": f"{fingerprint}:1"}
    if chain.frames:
        result["stacks"] = [{"frames": [{"location": _logical(f"{f.cls}.{f.method}")} for f in chain.frames]}]
    return result


def _location(view: View, finding: _rows.FindingRow, chain: Chain) -> dict[str, Any]:
    name, region = view.session.app.package, _WHOLE
    whole = place = _uri(name)
    if caller := chain.caller:
        name, place = f"{caller.cls}.{caller.method}", _source(caller.cls)
        region = {"startLine": caller.line} if caller.line > 0 else _WHOLE
    elif chain.call:
        name = f"{chain.call.cls}.{chain.call.method}"
    elif finding.permission:
        place = "AndroidManifest.xml"
    artifact = {"uri": place, **({"index": 0} if place == whole else {})}
    return {**_logical(name), "physicalLocation": {"artifactLocation": artifact, "region": region}}


def _source(cls: str) -> str:
    """The file in which a class is written, by its name: of an inner class that of the outer one."""
    parts = [part for part in cls.partition("$")[0].split(".") if part]
    return "/".join(quote(clean(part)[:100], safe="") for part in parts)[:400] + ".java"


def _logical(name: str) -> dict[str, Any]:
    return {"logicalLocations": [{"fullyQualifiedName": clean(name), "kind": "function"}]}


def _uri(package: str) -> str:
    """A relative URI for the app's file, using only characters that a URI may contain."""
    return ("".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in package) or "app") + ".apk"
