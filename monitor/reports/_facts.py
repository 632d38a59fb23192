"""What the documents state of a session in tables of names and values: the sample, the device, the tools, the case."""

from collections.abc import Callable
from typing import Final

from monitor.events import Health
from monitor.reports._blocks import LINE, Table, pairs
from monitor.reports._view import View
from monitor.reports._words import device, method, runtime, setting, tools, whose
from monitor.text import retold

#: Each fact by the key of its name; empty where it is not known. All others are fields of the laboratory's record.
FACTS: Final[dict[str, Callable[[View], str]]] = {
    "report.app": lambda v: v.session.app.label or v.session.record.app_name or LINE,
    "inspection.package": lambda v: v.session.app.package,
    "report.version": lambda v: v.version,
    "report.operator": lambda v: v.operator,
    "inspection.source": lambda v: v.session.record.source or LINE,
    "inspection.received": lambda v: v.session.record.received or LINE,
    "form.sha256": lambda v: v.session.app.apk_sha256,
    "form.md5": lambda v: v.session.app.apk_md5,
    "record.sha256": lambda v: v.session.app.apk_sha256,
    "record.md5": lambda v: v.session.app.apk_md5,
    "report.bytes": lambda v: str(v.session.app.apk_bytes or ""),
    "record.signer": lambda v: v.session.app.signer_sha256,
    "inspection.place": lambda v: v.session.record.place or LINE,
    "report.recorded": lambda v: v.recorded,
    "inspection.zone": lambda v: v.zone,
    "report.device": lambda v: device(v),
    "inspection.fingerprint": lambda v: v.session.device.fingerprint,
    "record.system": lambda v: " ".join(filter(None, (v.android, v.session.device.patch, v.session.device.abi))),
    "record.rooted": lambda v: v.label("root", v.session.device.root) if v.session.device.root else "",
    "record.environment": lambda v: v.parts(filter(None, (
        v.session.record.environment, runtime(v), retold("containment", v.session.device.containment, v.lang)))),
    "report.tools": lambda v: tools(v),
    "record.method": lambda v: v.session.record.method or method(v),
    "report.proxy_mode": lambda v: setting(v, "proxy_mode", v.session.proxy_mode),
    "report.hooks_start": lambda v: setting(v, "frida_start", v.session.frida_start),
    "report.scenario": lambda v: v.session.scenario,
    "record.clocks": lambda v: _clocks(v),
    "record.time": lambda v: v.recorded,
    "record.operators": lambda v: v.listed(v.session.record.operators) or v.session.operator,
    "record.algorithm": lambda v: v.t("record.algorithm.text"),
    "report.seal": lambda v: v.root,
    "report.key": lambda v: v.session.key,
    "report.results": lambda v: v.parts(whose(v)),
    "inspection.verify": lambda v: v.t("inspection.verify.text"),
}  # fmt: skip


def facts(view: View, keys: str, missing: str = "", **own: str) -> Table:
    """These facts, by their keys, as a table. ``missing``: the text for what is not known. ``own``: values that a
    document words in its own way, by the last part of the key."""
    values = {}
    for key in keys.split():
        name = key.rpartition(".")[2]
        stated = FACTS[key](view) if key in FACTS else getattr(view.session.record, name)
        values[key] = own.get(name) or stated
    return pairs(view, values, missing)


def _clocks(view: View) -> str:
    """Each clock's offset and error as the recorder measured them, of several measurements the range:
    ``device-log -0.003 ms ±0.352 ms``, ``hooks +0.006 … +0.016 ms ±0.494 … 0.499 ms``."""
    measured = {one.source: [(one.offset, one.err)] for one in view.session.clocks}
    for event in view.events.of(Health, where=lambda event: "offset_us" in event.detail):
        error = event.detail.get("err_us") or event.detail.get("offset_err_us") or ""
        try:
            one = int(event.detail["offset_us"]), int(error)
        except ValueError:
            continue
        measured.setdefault(event.component, []).append(one)
    lines = []
    for source, values in measured.items():
        offsets, errors = zip(*values, strict=True)
        clock = view.label("clock_source", source)
        lines.append(f"{clock} {_range(offsets, '+.3f')} ms ±{_range(errors, '.3f')} ms")
    return view.parts(lines)


def _range(values: tuple[int, ...], form: str) -> str:
    return " … ".join(dict.fromkeys(format(value / 1000, form) for value in (min(values), max(values))))
