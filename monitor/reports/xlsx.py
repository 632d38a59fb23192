"""The findings, coverage, recipients and list of electronic data as an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.reports._annex import electronic_data
from monitor.reports._matrix import matrix
from monitor.reports._table import HEADINGS, rows
from monitor.reports._view import View
from monitor.reports._words import stated
from monitor.reports._workbook import Sheet, time, workbook

TITLE = "workbook with findings, coverage, recipients and list of electronic data"
SUFFIX = ".xlsx"


def render(view: View) -> bytes:
    """The workbook."""
    return workbook(_sheets(view))


def _sheets(view: View) -> Iterable[Sheet]:
    t, s = view.t, view.session
    yield Sheet(t("report.findings"), [_heading(t(key), key) for key in HEADINGS], _findings(view))
    yield Sheet(
        t("report.contents.coverage"),
        [t("cli.column.id"), t("record.name"), t("report.state"), t("report.why")],
        ([row["id"], row["title"], row["state_name"], row["why"]] for row in view.coverage if row["kind"] != "consent"),
    )
    yield Sheet(t("report.recipients"), _recipient_headings(view), _recipients(view))
    yield Sheet(
        t("record.list"),
        [t(f"record.{key}") for key in ("number", "name", "kind", "format", "bytes", "digest")],
        (
            [int(number), *rest[:3], int(size) if size.isdigit() else size, digest]
            for number, *rest, size, digest in electronic_data(view)
        ),
    )
    yield Sheet(
        t("report.contents.items"),
        [t("report.item"), t("report.observability"), t("coverage.not_observable"), t("report.result")],
        ([f"{m.number} {m.title}", m.observability, m.blind, m.result] for m in matrix(view)),
    )
    yield Sheet(
        t("report.bundle"),
        [
            t("report.app"),
            t("report.version"),
            t("report.apk"),
            f"{t('report.recorded')} (UTC)",
            t("report.seal"),
            t("report.key"),
        ],
        [[s.app.package, s.app.version, s.app.apk_sha256, time(s.start), view.root, s.key]],
    )
    if said := stated(view):
        yield Sheet(t("report.limits"), [t("report.limits")], [said])


def _heading(text: str, key: str) -> str:
    return f"{text} (UTC)" if key == "report.first_seen" else text


def _findings(view: View) -> Iterable[list[object]]:
    """The rows of the table, with numbers as numbers and times as times."""
    for finding, texts in zip(view.findings, rows(view), strict=True):
        typed: list[object] = list(texts)
        typed[HEADINGS.index("inspection.no")] = int(finding["number"])
        typed[HEADINGS.index("report.count")] = int(finding["count"])
        typed[HEADINGS.index("report.first_seen")] = time(finding["first_seen"])
        yield typed


def _recipient_headings(view: View) -> list[str]:
    keys = ("chain.host", "recipient", "data_type", "sdk", "transmissions", "bytes")
    return [view.t(f"report.{key}") for key in keys]


def _recipients(view: View) -> Iterable[list[object]]:
    for row in view.recipients():
        types = view.listed(view.label("data_type", name) for name in sorted(row["types"]))
        sdks = view.listed(view.sdk(name) for name in sorted(row["sdks"]))
        yield [row["host"], view.org(row["org"]), types, sdks, row["count"], row["bytes"]]
