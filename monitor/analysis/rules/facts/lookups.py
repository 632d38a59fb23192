"""Facts that one look-up answers, as ``lookups.yaml`` has them: in a list, on a screen, in the declaration …"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from monitor.analysis.consent import control
from monitor.analysis.consent.window import seen
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.declared import entries
from monitor.analysis.rules.fact import USES, Answer, about
from monitor.base.yamlfile import load
from monitor.events import KINDS
from monitor.knowledge.wordlists import table

_KINDS: Final = {"use": USES, "screen": ("window", "ui_snapshot"), "any": tuple(KINDS)}
#: What is looked up, by the key of its name: the function that a fact is, with the inputs that its parameters name.
_WAYS: Final[Mapping[str, Callable[..., Callable[..., Answer]]]] = {
    "part": lambda name: lambda s: getattr(s, name),
    "listed": lambda name: lambda s: s.data_type in table("data_types")[name],
    "hooks": lambda name: lambda e: e.hook in table("data_types")[name],
    "types": lambda path: lambda s, d: s.data_type in attrgetter(path)(d),
    "entry": lambda name: lambda e, c, s: any(getattr(item, name) for item in entries(e, c, s)),
    "declares": lambda path: lambda d: attrgetter(path)(d) not in (None, False, ""),
    "consent": lambda scope, answers: lambda e, c: consented(c, scope, e).answer in answers,
    "agreed": lambda scope: lambda e, c, s: consented(c, scope.format(data_type=s.data_type), e).answer == "yes",
    "asks": lambda path: lambda e, c: attrgetter(path)(c)(e),
    "control": lambda name: lambda e: bool(getattr(control, name)(e.label)),
    "label": lambda name: lambda e: bool(pattern(name).search(plain(e.label))),
    "among": lambda name: lambda e, c: e.seq in getattr(c, name),
    "shows": lambda attribute: lambda e: getattr(seen(e), attribute),
}


def _register(name: str, entry: Mapping[str, Any]) -> None:
    way = next(key for key in entry if key in _WAYS)
    compute = _WAYS[way](entry[way], *([entry["answers"]] if "answers" in entry else []))
    compute.__name__, compute.__doc__ = name, entry["says"]
    about(*_KINDS.get(entry["of"], entry["of"].split()))(compute)


for _name, _entry in load(Path(__file__).with_suffix(".yaml")).items():
    _register(_name, _entry)
