"""双清单: the list of personal information collected and the list of what third parties received, as a workbook.

Only what was observed is listed: a value that was returned to the app's code, or that left. Purposes come from the
declaration; where it has none the list says so. ``monitor declaration import`` reads the file back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.events import NOT_PERSONAL, SENSITIVE, ApiCall, Transmission, of_system
from monitor.reports._view import View
from monitor.reports.xlsx import Sheet, limits_sheet, time, workbook

TITLE = "lists of the personal information collected and shared, as observed (双清单)"
_COLLECTED = "number information purpose means reader first reads sendings sensitive sent_to".split()
_SHARED = "number party information purpose means sender hosts country first sendings".split()


#: Text that somebody typed and that left is collected, whatever it holds; and what a field says of whose it is.
_TYPED, _CHILDS = "ui_input", frozenset({"child", "minor"})
_UNLISTED = NOT_PERSONAL - {_TYPED, "prompt"}


class _Item(NamedTuple):
    """A data type; a child's by the field into which it was typed."""

    data_type: str
    child: bool = False


@dataclass
class _Collected:
    """One item: who read it or sent it, how many times, and ``parties`` that got it; ``sent``: messages with a
    value."""

    first: int
    reads: int = 0
    sent: int = 0
    codes: set[str] = field(default_factory=set)
    parties: dict[str, None] = field(default_factory=dict)


@dataclass
class _Recipient:
    """A recipient, and what it got: the items of each message, with when it was first sent one of that kind."""

    messages: Counter[frozenset[_Item]] = field(default_factory=Counter)
    first: dict[frozenset[_Item], int] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    known: bool = False
    """Known to be another party; else it may be the operator's own."""


def render(view: View) -> bytes:
    """Both lists; each has its sheet, also where nothing belongs in it."""
    seen = _Observed()
    events = view.events.of(ApiCall, Transmission, where=_counts)
    for event in sorted(events, key=lambda event: (event.t, event.seq)):
        if isinstance(event, ApiCall):
            seen.call(event)
        else:
            seen.message(event)
    collected, shared = ([view.t(f"lists.{key}") for key in keys] for keys in (_COLLECTED, _SHARED))
    sheets = [
        Sheet(view.t("lists.collected"), collected, _collected(view, seen.types), kept=True),
        Sheet(view.t("lists.shared"), shared, _shared(view, seen.parties), kept=True),
    ]
    return workbook([*sheets, limits_sheet(view)])


def _counts(event: ApiCall | Transmission) -> bool:
    relevant = isinstance(event, Transmission) or event.role == "source" or "whose" in event.args
    return relevant and not of_system(event)


class _Observed:
    """Items, and third parties by organisation or host, each in the order in which it was first seen."""

    def __init__(self) -> None:
        self.types: dict[_Item, _Collected] = {}
        self.parties: dict[str, _Recipient] = {}
        self._children: set[str] = set()
        self._asked: dict[tuple[int, int, str], str] = {}

    def call(self, event: ApiCall) -> None:
        """A call: what it gave to code of the app, and whose what is typed into a field is."""
        if event.args.get("whose") in _CHILDS:
            self._children |= {value.tag for value in event.values}
        given = event.role == "source" and event.outcome == "value" and event.sdk != "framework"
        if not given or event.data_type in NOT_PERSONAL:
            return
        item = self.types.setdefault(_Item(event.data_type), _Collected(event.t))
        item.codes.add(event.sdk)
        # A call that only gave an object, and then one on that object: one read.
        by = (event.pid, event.tid, event.sdk)
        item.reads += event.count - (self._asked.pop(by, "") == event.cls)
        if not event.values:
            self._asked[by] = event.sig.rpartition(")")[2]

    def message(self, event: Transmission) -> None:
        """A message: the items whose values were found in it, and who got them."""
        sent = (m for m in event.matches if m.certainty == "found" and m.data_type not in _UNLISTED)
        found = frozenset(_Item(m.data_type, bool(m.tag) and m.tag in self._children) for m in sent)
        for kind in sorted(found):
            item = self.types.setdefault(kind, _Collected(event.t))
            item.sent += 1
            item.parties.setdefault(event.org or event.host)
        if found and event.party != "first":
            to = self.parties.setdefault(event.org or event.host, _Recipient())
            to.messages[found] += 1
            to.first.setdefault(found, event.t)
            to.hosts.add(event.host)
            to.known |= event.party == "third"
            to.codes.add(event.sdk)


def _label(view: View, item: _Item) -> str:
    name = view.t("lists.typed") if item.data_type == _TYPED else view.label("data_type", item.data_type)
    return view.t("lists.child", what=name) if item.child else name


def _collected(view: View, types: dict[_Item, _Collected]) -> Iterator[list[object]]:
    declared: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in view.names.declaration.collection or []:
        declared[entry.data_type] |= dict.fromkeys([entry.purpose] if entry.purpose else [])
    for number, (item, seen) in enumerate(types.items(), 1):
        yield [
            number,
            _label(view, item),
            view.listed(declared[item.data_type]) or view.t("lists.undeclared"),
            view.t("lists.read" if seen.reads else "lists.sent"),
            view.listed(sorted(map(view.sdk, seen.codes))),
            time(seen.first),
            seen.reads,
            seen.sent,
            view.t("lists.yes" if item.child or item.data_type in SENSITIVE else "lists.none"),
            view.listed(map(view.org, seen.parties)),
        ]


def _shared(view: View, parties: dict[str, _Recipient]) -> Iterator[list[object]]:
    """A row for each purpose that is declared for a recipient, with the data it is declared for; another for the
    rest."""
    number = 0
    for org, to in parties.items():
        for purpose, items in _by_purpose(view, org, frozenset().union(*to.messages)):
            number += 1
            yield [
                number,
                view.org(org),
                view.listed(_label(view, item) for item in sorted(items)),
                purpose or view.t("lists.undeclared"),
                view.listed([view.t("lists.sent"), *([] if to.known else [view.label("party", "unknown")])]),
                view.listed(sorted(map(view.sdk, to.codes))),
                view.listed(sorted(to.hosts)),
                view.country(org) or view.t("report.unknown"),
                time(min(t for found, t in to.first.items() if found & items)),
                sum(count for found, count in to.messages.items() if found & items),
            ]


def _by_purpose(view: View, org: str, items: frozenset[_Item]) -> Iterator[tuple[str, frozenset[_Item]]]:
    """The items by the purpose for which they are declared. A recipient declared without data types got all for it."""
    left = items
    for entry in view.names.declaration.recipients or []:
        if entry.purpose and entry.org in (org, view.org(org)):
            own = frozenset(i for i in left if not entry.data_types or i.data_type in entry.data_types)
            if own:
                yield entry.purpose, own
            left -= own
    if left:
        yield "", left
