"""All bundles of an archive assessed anew, on the same cluster, one after the other; nothing is written.

What would change with this version's tables, or with rules of the user's own: by session, app and rule.
"""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from distributed import Client, as_completed

from monitor.archive.archive import Archive
from monitor.archive.copies import Entry
from monitor.assess import compare, evaluate
from monitor.base import errors, process

#: Bundles that wait at each worker, so that none is idle; more would only fill memory.
_AHEAD: Final = 2


class Line(msgspec.Struct, kw_only=True):
    """A difference, or why a bundle could not be assessed (``fault``)."""

    session: str
    app: str = ""
    rule: str = ""
    what: str = ""
    data_type: str = ""
    sdk: str = ""
    recipient: str = ""
    before: str = ""
    after: str = ""
    more: list[str] = []
    less: list[str] = []
    fault: str = ""


def assess(url: str, data: bytes, rules: Mapping[str, str], current: bool) -> bytes:
    """Called by Dask on a worker: the lines of one session as JSON."""
    entry = msgspec.json.decode(data, type=Entry)
    with process.Scratch() as scratch:
        for name, text in rules.items():
            (scratch.path / Path(name).name).write_text(text, "utf-8")
        own = [scratch.path] if rules else []
        try:
            with Archive(url, migrating=True).unpacked(entry) as bundle:
                app, changes = evaluate.reassessed(bundle, rules=own, current=current, known={entry.results_by})
            lines = [_line(entry.session, app, change) for change in changes]
        except (errors.MonitorError, OSError) as fault:
            lines = [Line(session=entry.session, fault=str(fault))]
    return msgspec.json.encode(lines)


def _line(session: str, app: str, change: compare.Change) -> Line:
    found, before, after = change.finding, change.before, change.after
    return Line(
        session=session, app=app, rule=change.rule, what=change.what, data_type=found.data_type, sdk=found.sdk,
        recipient=found.recipient, before=before.status if before else "", after=after.status if after else "",
        more=[*change.more], less=[*change.less],
    )  # fmt: skip


def analysed(
    client: Client, archive: Archive, url: str, rules: Mapping[str, str], *, current: bool
) -> Iterator[list[Line]]:
    """The lines of each session as they come. Raises ``EvidenceDamaged`` for an index that cannot be read."""
    entries = archive.entries()
    threads = sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())
    running: Any = as_completed()

    def begin() -> bool:
        entry = next(entries, None)
        if entry is not None:
            key = f"assess-{entry.session}-{time.monotonic_ns()}"
            running.add(client.submit(assess, url, msgspec.json.encode(entry), dict(rules), current, key=key))
        return entry is not None

    for _ in range(max(1, threads) * _AHEAD):
        begin()
    while running.count():
        future = next(running)
        if future.status != "finished":
            raise errors.EvidenceDamaged("a session could not be assessed: its worker ended", where=str(future.key))
        lines = msgspec.json.decode(future.result(), type=list[Line])
        future.release()
        begin()
        yield lines
