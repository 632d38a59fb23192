"""The last calls and requests of a running session as rows that open: what was read or sent, by whose code, to whom."""

from collections import OrderedDict, deque
from typing import Any, Final

from monitor.analysis.explain.about import Naming
from monitor.base.errors import printable
from monitor.events import ApiCall, Event, Frame, Stack, TlsFailure, Transmission
from monitor.text import aside, label, listed, t

ROWS: Final = 40
_STACKS: Final = 300
_FRAMES: Final = 8
_LONGEST: Final = 120


class Recent:
    """Bounded. Feeding stores; wording is for who looks."""

    def __init__(self) -> None:
        self.app = ""
        self._rows: deque[tuple[int, ApiCall | Transmission | TlsFailure]] = deque(maxlen=ROWS)
        self._stacks: OrderedDict[int, list[Frame]] = OrderedDict()

    def feed(self, event: Event, second: int) -> None:
        """An event, in the given second of the session."""
        if isinstance(event, Stack):
            self._stacks[event.stack] = event.frames
            while len(self._stacks) > _STACKS:
                self._stacks.popitem(last=False)
        elif isinstance(event, ApiCall | Transmission | TlsFailure):
            self.app = self.app or event.app
            self._rows.append((second, event))

    def rows(self, lang: str, name: Naming) -> list[dict[str, Any]]:
        """The newest first: ``seq, second, kind, what, data, owner, fields`` (pairs) and ``stack`` (lines)."""
        return [self._row(second, event, lang, name) for second, event in reversed(self._rows)]

    def _row(self, second: int, event: ApiCall | Transmission | TlsFailure, lang: str, name: Naming) -> dict[str, Any]:
        match event:
            case ApiCall():
                what = f"{event.cls.rpartition('.')[2]}.{event.method}"
                data, owner = label("data_type", event.data_type, lang), name(event.sdk)
                fields = [(t("inspection.call", lang), f"{event.cls}.{event.method}{event.sig}"),
                          (t("panel.outcome", lang), label("outcome", event.outcome, lang)),
                          (t("report.sdk", lang), owner)]  # fmt: skip
            case Transmission():
                what = f"{event.method} {event.host}{event.path}"
                data = listed(sorted({label("data_type", m.data_type, lang) for m in event.matches}), lang)
                owner = name(event.org, org=True) if event.org else event.host
                fields = [(t("panel.request", lang), f"{event.scheme}://{event.host}:{event.port}{event.path}"),
                          (t("detail.named", lang), event.named),
                          (t("report.recipient", lang), aside(owner, label("party", event.party, lang), lang)),
                          (t("report.sdk", lang), name(event.sdk)),
                          (t("panel.body", lang), aside(t("panel.bytes", lang, n=event.bytes),
                                                        t("panel.redacted", lang), lang)),
                          *((t("panel.found", lang), f"{m.path} ({m.form})") for m in event.matches[:6]),
                          (t("panel.response", lang), str(event.status or ""))]  # fmt: skip
            case TlsFailure():
                what, data, owner = event.sni or event.host, label("tls", event.reading, lang), event.host
                fields = [(t("report.why", lang), data)]
        frames = self._stacks.get(getattr(event, "stack", 0), [])
        return {
            "seq": event.seq,
            "second": second,
            "kind": "call" if isinstance(event, ApiCall) else "request",
            "what": printable(what, _LONGEST),
            "data": printable(data, _LONGEST),
            "owner": printable(owner, 60),
            "fields": [[said, printable(value, _LONGEST)] for said, value in fields if value],
            "stack": [printable(f.place, 100) for f in frames[:_FRAMES]],
        }
