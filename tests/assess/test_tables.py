"""Tables kept in a bundle: the same come out, others keep their result, and a hostile bundle is refused in one line."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from monitor.analysis.consent.text import label, pattern
from monitor.analysis.correlate.findings import decode
from monitor.analysis.guarded import permissions_of
from monitor.assess import tables as kept
from monitor.assess.evaluate import reanalyse
from monitor.assess.opened import Opened
from monitor.assess.render import render_bundle
from monitor.base.errors import EvidenceDamaged
from monitor.evidence.verify import verify
from monitor.knowledge.catalogue import load_catalogue
from monitor.session.manifest import Session


def other_tables(bundle: Path, change: Callable[[dict[str, str]], None], group: str = "rules") -> None:
    """Make the bundle one that was recorded with other tables: kept file and manifest fit each other."""
    path = bundle / "data" / "session.json"
    session = Session.decode(path.read_bytes())
    files = kept._read_group(bundle, group, session.digests["tables"][group])
    change(files)
    write(bundle, kept.packed(files), group)


def write(bundle: Path, data: bytes, group: str = "rules") -> None:
    path = bundle / "data" / "session.json"
    session = Session.decode(path.read_bytes())
    digest = sha256(data).hexdigest()
    session.digests["tables"][group] = digest
    path.write_bytes(session.encode())
    place = bundle / "data" / "inputs" / "tables" / f"{group}-{digest}.json.gz"
    place.write_bytes(gzip.compress(data))


def test_they_are_sealed_and_give_the_same_result(recorded: Path) -> None:
    verify(recorded)
    names = sorted(path.name.partition("-")[0] for path in (recorded / "data/inputs/tables").iterdir())
    assert names == ["clauses", "recipients", "rules", "sdks", "words"]
    before = (recorded / "findings.jsonl").read_bytes()
    again = reanalyse(recorded)
    assert again.kept and again.changed == () and (recorded / "findings.jsonl").read_bytes() == before
    with Opened(recorded) as opened:
        assert kept.read_files(opened.tables.place("rules")) == kept.read_files(kept.GROUPS["rules"])


def test_other_tables_keep_their_result_and_current_says_the_difference(bundle: Path) -> None:
    mine = {f.fingerprint: f for f in map(decode, (bundle / "findings.jsonl").read_bytes().splitlines())}
    gone, louder = sorted({f.rule for f in mine.values()})[:2]

    def change(files: dict[str, str]) -> None:
        del files[f"{gone}.yaml"]
        files[f"{louder}.yaml"] = files[f"{louder}.yaml"].replace("title: ", "title: Recorded then, ", 1)
        head, level, rest = files[f"{louder}.yaml"].partition("\nlevel: ")
        files[f"{louder}.yaml"] = f"{head}{level}critical\n{rest.partition(chr(10))[2]}"

    other_tables(bundle, change)
    then = reanalyse(bundle, recorded=True)
    assert then.changed == ("rules",)
    rules = {f.rule for f in then.assessment.findings}
    assert gone not in rules and louder in rules
    assert "Recorded then, " in render_bundle("html", bundle, "en").decode()
    now = reanalyse(bundle)
    assert {f.fingerprint for f in now.assessment.findings} == set(mine)
    for one in (then, now):
        assert {(c.what.partition("_")[0], c.finding.rule) for c in one.changes} == {("new", gone), ("changed", louder)}
    # The results are now this version's, and so are the texts of their report.
    assert "Recorded then, " not in render_bundle("html", bundle, "en").decode()
    again = reanalyse(bundle, recorded=True)
    assert [f.rule for f in again.assessment.findings] == [f.rule for f in then.assessment.findings]


def test_other_owners_of_hosts_keep_their_result(bundle: Path) -> None:
    def change(files: dict[str, str]) -> None:
        owner = next(name for name, text in files.items() if "- umeng.com" in text or "name: umeng.com" in text)
        files[owner] = files[owner].replace("umeng.com", "umeng.example")

    other_tables(bundle, change, "recipients")
    with Opened(bundle) as opened:
        (sent,) = [event for event in opened.events() if event.__struct_config__.tag == "transmission"]
        assert sent.org == "" and sent.party == "unknown"  # type: ignore[union-attr]
    with Opened(bundle, current=True) as opened:
        (sent,) = [event for event in opened.events() if event.__struct_config__.tag == "transmission"]
        assert sent.org and sent.party == "third"  # type: ignore[union-attr]


def test_other_words_keep_their_result(bundle: Path) -> None:
    def change(files: dict[str, str]) -> None:
        files["en.tsv"] += "aye\taccept\tclear\nhooray\tno_act_today\t\n"
        files["zh.tsv"] = files["zh.tsv"].replace("/不|未经|没有|无需/\tnegated\t\n", "/(x+x+)+y/\tnegated\t\n")
        files["permissions.yaml"] = files["permissions.yaml"] + "X_TEST: {group: X, types: [imei]}\n"

    other_tables(bundle, change, "words")
    assert label("aye").meaning == "" and "X_TEST" not in permissions_of("imei")
    with Opened(bundle) as opened:
        assert opened.tables.changed == ("words",)
        assert label("aye").meaning == "accept" and "X_TEST" in permissions_of("imei")
        assert pattern("negated").search("未经"), "expressions are this version's: another may take any time"
    assert label("aye").meaning == "" and "X_TEST" not in permissions_of("imei")


def test_words_of_another_shape_are_refused(bundle: Path) -> None:
    def change(files: dict[str, str]) -> None:
        files["en.tsv"] = "accept: {clear: 7}\n"

    other_tables(bundle, change, "words")
    with pytest.raises(EvidenceDamaged, match="words"), Opened(bundle):
        label("x")


def test_words_in_an_earlier_versions_format_are_this_versions_and_that_is_said(bundle: Path) -> None:
    def change(files: dict[str, str]) -> None:
        for name in [name for name in files if name.endswith(".tsv")]:
            del files[name]
        files["consent_words.yaml"] = "accept: {clear: [aye]}\n"

    other_tables(bundle, change, "words")
    with Opened(bundle) as opened:
        assert opened.tables.earlier_lexicon and label("aye").meaning == "" and label("同意").meaning == "accept"
    assert reanalyse(bundle).changed == ("lexicon",)


def test_other_clauses_keep_their_wording(bundle: Path) -> None:
    def change(files: dict[str, str]) -> None:
        files["pipl.yaml"] = files["pipl.yaml"].replace("个人信息保护法", "个人信息保护法（当时）")

    other_tables(bundle, change, "clauses")
    reanalyse(bundle, lang="zh", recorded=True)
    assert "个人信息保护法（当时）" in render_bundle("html", bundle, "zh").decode()
    reanalyse(bundle, lang="zh")
    assert "个人信息保护法（当时）" not in render_bundle("html", bundle, "zh").decode()


def test_what_rows_said_in_earlier_versions_is_left_out() -> None:
    (row,) = load_catalogue()[:1]
    said = msgspec.json.encode([row.model_dump(mode="json", by_alias=True) | {"exercised_by": ""}])
    assert kept.rows_of(said, "x") == [row]
    with pytest.raises(EvidenceDamaged):
        kept.rows_of(said.replace(b"exercised_by", b"exercised_at"), "x")


def test_nothing_is_left_behind(bundle: Path) -> None:
    other_tables(bundle, lambda files: files.pop("AI-01.yaml"))
    with Opened(bundle) as opened:
        assert opened.tables.rules() and opened.tables._scratch is not None
        place = opened.tables._scratch.path
        assert place.is_dir()
    assert not place.exists()


def kept_rules(bundle: Path) -> Path:
    """The file of the rules that the bundle was recorded with."""
    (path,) = (bundle / "data/inputs/tables").glob("rules-*")
    return path


def link(bundle: Path) -> None:
    path = kept_rules(bundle)
    path.symlink_to(path.rename(bundle / "elsewhere"))


def digest(bundle: Path) -> None:
    path = bundle / "data" / "session.json"
    session = Session.decode(path.read_bytes())
    session.digests["tables"]["rules"] = "../../../etc/passwd"
    path.write_bytes(session.encode())


def with_file(name: str, text: str) -> Callable[[Path], object]:
    return lambda bundle: other_tables(bundle, lambda files: files.update({name: text}))


def unknown_key(bundle: Path) -> None:
    other_tables(bundle, lambda files: files.update({"AI-01.yaml": "surprise: 1\n" + files["AI-01.yaml"]}))


NOT_YAML = "AI-01.yaml: this version cannot read it: not valid YAML"
ATTACKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "bomb": (lambda bundle: write(bundle, b"{" + b" " * (64 << 20) + b"}"), "cut short, or larger"),
    "cut": (lambda bundle: os.truncate(path := kept_rules(bundle), path.stat().st_size - 20), "cut short, or larger"),
    "swapped": (
        lambda bundle: kept_rules(bundle).write_bytes(gzip.compress(b"{}")),
        "not the tables of the recording",
    ),
    "missing": (lambda bundle: kept_rules(bundle).unlink(), "are missing"),
    "link": (link, "neither a file nor a directory"),
    "outside": (with_file("../../x.yaml", "id: x"), "an unexpected name"),
    "digest": (digest, "not a SHA-256"),
    "no files": (lambda bundle: write(bundle, b'["a"]'), "not a set of files"),
    "code": (with_file("AI-01.yaml", "!!python/object/apply:os.system ['true']"), NOT_YAML),
    "aliases": (with_file("AI-01.yaml", "a: &a [x]\nb: [*a, *a]\n"), f"{NOT_YAML}: aliases"),
    "unknown key": (unknown_key, "AI-01.yaml: this version cannot read it: unknown key 'surprise'"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_bundle_is_refused_in_one_line(bundle: Path, attack: str) -> None:
    other_tables(bundle, lambda files: files.pop("AI-02.yaml"))  # what equals today's is never unpacked
    for path in (bundle / "data/inputs/tables").glob(f"rules-{kept.todays_digests()['rules']}*"):
        path.unlink()
    act, words = ATTACKS[attack]
    act(bundle)
    with pytest.raises(EvidenceDamaged) as caught:
        reanalyse(bundle, recorded=True)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value) and "monitor-run" not in str(caught.value)


def test_tables_that_this_version_cannot_read_leave_its_own(bundle: Path) -> None:
    unknown_key(bundle)
    with pytest.raises(EvidenceDamaged, match="without --recorded-tables"):
        reanalyse(bundle, recorded=True)
    again = reanalyse(bundle)
    assert again.changed == ("rules",) and again.assessment.findings and not again.changes
    for name in ("findings.jsonl", "coverage.jsonl", "findings.dsse.json", "report.html"):
        (bundle / name).unlink()
    assert reanalyse(bundle).assessment.findings, "as after an interruption: there is nothing to compare with"
