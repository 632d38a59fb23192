"""What the app's code names, as its file was read for a recording, and the session never saw called: the list that a
tester works off, and no behaviour."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec

from monitor.analysis.coverage.verdict import FIRED, NOT_EXERCISED, NOT_OBSERVABLE, SILENT
from monitor.events import NOT_PERSONAL
from monitor.knowledge.tables import UNLISTED
from monitor.text.reasons import Code, Coverage, coverage_line, reason

_NAMED: Final = 12
_OWNERS: Final = 200


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the catalogue that classes of one owner name. ``data_types``: what a call would read, as far as the
    code beside it tells; ``open``: an argument that is not known decides. ``classes``: the first few of ``count``."""

    hook: str
    cls: str
    member: str
    role: str
    owner: str
    data_types: list[str] = []
    open: bool = False
    classes: list[str] = []
    count: int = 0

    @property
    def personal(self) -> bool:
        """Whether an app's or a library's code reads personal information by it, as far as is known."""
        types = set(self.data_types)
        return self.role == "source" and self.owner != "framework" and (not types or bool(types - NOT_PERSONAL))


def reference_lines(
    references: Iterable[Reference],
    calls: Collection[tuple[str, str]],
    hooks: Mapping[str, str],
    names: Mapping[str, str],
) -> list[Coverage]:
    """A line for each source that an owner's code names and that no call by this owner was seen of, and a note for each
    owner; what the framework's own code names says nothing about the app.

    ``calls``: hook and owner of the calls; ``hooks``: hook to the state of its coverage line; ``names``: owner to its
    name. A call whose owner is not known may have been anyone's: nothing is said then. A source that could not be
    observed is not said to be silent.
    """
    unknown = {hook for hook, owner in calls if owner in ("", "framework")}
    called = {hook for hook, _ in calls}
    made: list[Coverage] = []
    silent: dict[tuple[str, str], list[str]] = {}
    for one in references:
        if not one.personal or one.hook in unknown or (one.hook, one.owner) in calls:
            continue
        state = hooks.get(one.hook, "")
        never = state == SILENT or (state == FIRED and one.hook in called)  # a counted call has no owner
        if not never and state != NOT_OBSERVABLE:
            continue
        line, code = (NOT_EXERCISED, Code.REFERENCED) if never else (NOT_OBSERVABLE, Code.REFERENCED_UNSEEN)
        owner = names.get(one.owner) or one.owner.removeprefix(UNLISTED) or "unknown"
        made.append(_line(one, owner, line, code))
        if never:
            silent.setdefault((owner, one.owner), []).append(f"{one.cls.rpartition('.')[2]}.{one.member}")
    return made + [_note(owner, id_, members) for (owner, id_), members in sorted(silent.items())[:_OWNERS]]


def _note(owner: str, id_: str, members: list[str]) -> Coverage:
    """What an owner's code names and was never seen calling."""
    shown = ", ".join(members[:_NAMED]) + (" …" if len(members) > _NAMED else "")
    why = reason(Code.REFERENCED_NOT_CALLED, owner=owner, n=str(len(members)), names=shown)
    detail = {"count": str(len(members)), "owner": id_}
    return coverage_line("note", Code.REFERENCED_NOT_CALLED, "note", why, detail=detail)


def _line(one: Reference, owner: str, state: str, code: Code) -> Coverage:
    name, classes = f"{one.cls}.{one.member}", ", ".join(one.classes)
    detail = {"owner": one.owner, "hook": one.hook, "api": name, "data_types": ", ".join(one.data_types),
              "classes": classes, "count": str(one.count)}  # fmt: skip
    why = reason(code, owner=owner, api=name, classes=classes)
    return coverage_line("reference", f"{one.owner or 'unknown'}:{one.hook}", state, why, detail=detail)
