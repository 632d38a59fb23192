"""The sessions of one exploration, each with its own answers, as one report beside their bundles."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from monitor.assess import stored
from monitor.assess.opened import Opened
from monitor.assess.render import view_of
from monitor.base.output import write_out
from monitor.evidence.attested import results_of
from monitor.reports import walks

PAGE: Final = "report.html"
DATA: Final = "report.json"


def write(out: Path, bundles: Mapping[str, Path], lang: str, unwalked: Mapping[str, str]) -> dict[str, Any]:
    """Write ``report.html`` and ``report.json`` on the bundles of the variants, which lie in ``out``; the document.
    ``unwalked``: why there is none of a variant. Raises ``InputError`` or ``EvidenceDamaged``."""
    with ExitStack() as stack:
        views = {}
        for variant, path in bundles.items():
            opened = stack.enter_context(Opened.of_results(path))
            found, covered = stored.as_written(path), stored.coverage(path)
            views[variant] = view_of(opened, "html", found, covered, lang, results=results_of(path))
        document = walks.document(views, unwalked)
        write_out(out / DATA, walks.data(document))
        write_out(out / PAGE, walks.page(document, views))
    return document
