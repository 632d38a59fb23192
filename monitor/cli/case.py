"""``monitor case add|answer|list|due``: data-subject requests, with due dates in Chinese working days."""

from collections.abc import Callable, Iterable
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError

from monitor.analysis.cases import LIMIT, Calendar, Case, china
from monitor.analysis.rules.load import load_rules
from monitor.base.clock import now_us
from monitor.base.errors import EvidenceDamaged, InputError, printable, reading
from monitor.cli._common import File, Files, day_of, print_json_lines
from monitor.cli._show import show
from monitor.cli._words import columns, current_lang, label, parts, t
from monitor.evidence.cases import append, entries

RIGHTS: Final = {
    "access": "查阅", "copy": "复制", "transfer": "转移", "correct": "更正", "supplement": "补充", "delete": "删除",
    "restrict": "限制处理", "withdraw": "撤回同意", "cancel_account": "注销账号", "explain": "解释说明",
    "complaint": "投诉",
}  # fmt: skip
_OUTCOMES: Final = ("done", "partly", "refused", "more_demanded")
RULE: Final = "RGT-01"
DEFAULT_LOG: Final = Path("cases.jsonl")


def add(
    *,
    app: str,
    right: Annotated[str, typer.Option("--right", help=f"One of: {', '.join(RIGHTS)}.")],
    channel: str,
    date_: str = "",
    evidence: Files = None,
    log: Path = DEFAULT_LOG,
    calendar: File = None,
) -> None:
    """Record a request. Prints its number and the date by which an answer is due."""
    days = china(calendar)
    name = next((key for key, zh in RIGHTS.items() if right.strip().casefold() in (key, zh)), "")
    if not name:
        raise InputError(f"no such right: {printable(right, 40)}", hint=f"use one of {', '.join(RIGHTS)}")
    requested = day_of(date_)
    if requested > date.today():
        raise InputError("the request is dated in the future", where=requested.isoformat())
    for option, text in (("--app", app), ("--channel", channel)):
        if not text.strip() or len(text) > 200:
            raise InputError("1 to 200 characters", where=option)

    def number(before: list[dict[str, Any]]) -> dict[str, Any]:
        earlier = sum(entry.get("what") == "requested" for entry in before)
        return {"app": app.strip(), "right": name, "channel": channel.strip(), "id": f"C-{earlier + 1:04d}"}

    end = days.due(requested)
    print(t("case.added", id=_append(log, "requested", requested, evidence, number), due=end.isoformat(), n=LIMIT))
    _provisional(days.unknown(requested, end))


def _append(
    log: Path,
    what: str,
    day: date,
    evidence: Iterable[Path] | None,
    more: Callable[[list[dict[str, Any]]], dict[str, Any]],
) -> str:
    """Add an entry with what ``more`` makes of those before it; the number of its case."""
    digests = []
    for path in evidence or ():
        with reading(path), path.open("rb") as file:
            digests.append(file_digest(file, "sha256").hexdigest())
    fields = {"what": what, "date": day.isoformat(), "evidence": digests, "t": now_us()}
    return str(append(log, lambda before: fields | more(before))["id"])


def answer(
    case: str,
    *,
    outcome: Annotated[str, typer.Option("--outcome", help=f"One of: {', '.join(_OUTCOMES)}.")] = "done",
    date_: str = "",
    evidence: Files = None,
    log: Path = DEFAULT_LOG,
) -> None:
    """Record the answer to a request."""
    if outcome not in _OUTCOMES:
        raise InputError(f"no such outcome: {printable(outcome, 40)}", hint=f"use one of {', '.join(_OUTCOMES)}")
    if not log.exists():
        raise InputError("no such case log", where=str(log), hint="monitor case add creates one")
    answered = day_of(date_)
    if answered > date.today():
        raise InputError("the answer is dated in the future", where=answered.isoformat())

    def checked(before: list[dict[str, Any]]) -> dict[str, Any]:
        known = {found["id"]: found for found in _cases(before, log.name)}
        if case not in known:
            raise InputError(f"no such case: {printable(case, 40)}", where=str(log), hint="monitor case list")
        if known[case]["answered"]:
            raise InputError("the case was answered already", where=f"{case}, {known[case]['answered']}")
        if answered < known[case]["requested"]:
            raise InputError("answered before it was requested", where=f"{case}, {known[case]['requested']}")
        return {"id": case, "outcome": outcome}

    print(t("case.answered", id=_append(log, "answered", answered, evidence, checked), date=answered.isoformat()))


def list_cases(*, log: Path = DEFAULT_LOG, calendar: File = None, today: str = "", as_json: bool = False) -> None:
    """List all cases with their states. They are the documentary evidence for rule RGT-01."""
    _show(_assessed(log, china(calendar), day_of(today)), as_json)


def due(
    *, log: Path = DEFAULT_LOG, calendar: File = None, today: str = "", within: int = 1000, as_json: bool = False
) -> None:
    """List open cases by due date. Exits 1 if one is overdue."""
    now = day_of(today)
    lines = [line for line in _assessed(log, china(calendar), now) if not line["answered"]]
    lines = sorted((x for x in lines if (x["due"] - now).days <= within), key=lambda x: (x["due"], x["id"]))
    _show(lines, as_json)
    raise typer.Exit(1 if any(line["state"] == "late" for line in lines) else 0)


def _cases(log: list[dict[str, Any]], where: str) -> list[dict[str, Any]]:
    """Cases in the order of their requests. Raises ``EvidenceDamaged``."""
    found: dict[str, dict[str, Any]] = {}
    for number, entry in enumerate(log, 1):
        try:
            day, evidence = date.fromisoformat(entry["date"]), entry["evidence"]
            if entry["what"] == "requested":
                case = {key: entry[key] for key in ("id", "app", "right", "channel")}
                case |= {"requested": day, "answered": None, "outcome": "", "evidence": [*evidence], "entered": None}
                found[entry["id"]] = case
            elif entry["what"] == "answered":
                case = found[entry["id"]]
                case |= {"answered": day, "outcome": entry["outcome"], "evidence": [*case["evidence"], *evidence]}
                case["entered"] = date.fromtimestamp(entry["t"] / 1e6)  # what was done when is a person's statement
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            raise EvidenceDamaged("not a case log entry", where=f"{where}:{number}") from None
    return list(found.values())


def _assessed(log: Path, calendar: Calendar, today: date) -> list[dict[str, Any]]:
    """Each case with its due date and state; ``provisional`` names the years whose holidays are not known. There is
    none if the default log does not exist yet."""
    if not log.exists() and log != DEFAULT_LOG:
        raise InputError("no such case log", where=str(log), hint="monitor case add creates one")
    rule = next(rule for rule in load_rules() if rule.id == RULE)
    fixed = {"limit": LIMIT, "rule": RULE, "documentary": True, "clauses": rule.as_dict()["clauses"]}
    lines = []
    for case in _cases(entries(log), log.name):
        where, requested = f"{log.name}: {case['id']}", case["requested"]
        try:
            one = Case(**{key: case[key] for key in Case.model_fields})
            due = calendar.due(requested)
        except ValidationError:
            raise EvidenceDamaged("contradictory case entry", where=where) from None
        except OverflowError:
            raise EvidenceDamaged("a day beyond the calendar", where=where) from None
        last = case["answered"] or max(today, requested)
        state: str = one.state(calendar, today)
        if state == "late" and calendar.unknown(requested, due):
            state = "late_provisional"
        days, unknown = calendar.between(requested, last), calendar.unknown(requested, max(due, last))
        lines.append({**case, "due": due, "state": state, "working_days": days, "provisional": unknown, **fixed})
    return lines


def _provisional(years: list[int]) -> None:
    if years:
        print(t("case.provisional", years=", ".join(map(str, years))))


def _show(lines: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json_lines(lines)
        return
    if not lines:
        print(t("case.none"))
        return
    rows = []
    for line in lines:
        right = RIGHTS.get(line["right"], line["right"]) if current_lang() == "zh" else line["right"]
        state = f"{label('case.state', line['state'])} ({line['working_days']}/{line['limit']})"
        if line["entered"] and line["entered"] > line["due"] >= line["answered"]:
            state = parts([state, t("case.entered", date=line["entered"])])
        rows.append((line["id"], line["app"], right, line["requested"], line["due"], state))
    show(columns("case.column", "id app right requested due state"), rows, 100)
    _provisional(sorted({year for line in lines for year in line["provisional"]}))


COMMANDS: Final = {"case": {"add": add, "answer": answer, "list": list_cases, "due": due}}
