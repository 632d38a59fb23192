"""Lists that a user supplies: their formats, hostile content, and that our own table stays first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.base.errors import InputError
from monitor.knowledge import tables_user
from monitor.knowledge.tables import Hosts, Organisation, load_organisations
from monitor.knowledge.tables_user import UserList, load_user_list, merged

DISCONNECT = {
    "license": "…",
    "categories": {
        "Advertising": [{"Ad Corp": {"http://ad.example/": ["ads.example", "Track.Ads2.example."], "dnt": "eff"}}],
        "Analytics": [{"Count Ltd": {"https://count.example": ["count.example"]}}, "odd", {"Odd": "text"}],
    },
}
DUCKDUCKGO = {
    "trackers": {
        "t.example": {"owner": {"name": "T Inc", "displayName": "T"}, "categories": ["Analytics"]},
        "bare.example": {"domain": "bare.example"},
    },
    "entities": {"T Inc": {"displayName": "T", "domains": ["t.example", "t2.example"]}, "X": 5},
    "domains": {"t.example": "T Inc"},
}
EXODUS = {
    "trackers": {
        "1": {"name": "Ex", "network_signature": "ex\\.example|.*wild.*|^api\\.ex2\\.example$", "categories": ["Ads"]},
        "2": {"name": "None", "network_signature": "NC", "code_signature": "com.none."},
        "3": {"name": "Cr", "network_signature": "cr.example", "categories": ["Crash reporting"]},
    }
}
HOSTS = (
    "# a list\n127.0.0.1 localhost\n0.0.0.0 a.example b.example # two\n::1 ip6-localhost\nc.example\n\n10.0.0.1\n-x\n"
)


def write(tmp_path: Path, content: object, name: str = "my list.json") -> Path:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def owners(read: UserList) -> dict[str, tuple[str, list[str]]]:
    return {d.name: (o.name, list(d.purposes)) for o in read.organisations.values() for d in o.domains}


@pytest.mark.parametrize(
    ("content", "expected", "skipped"),
    [
        (DISCONNECT, {
            "ads.example": ("Ad Corp", ["advertising"]), "track.ads2.example": ("Ad Corp", ["advertising"]),
            "count.example": ("Count Ltd", ["analytics"]),
        }, 0),
        (DUCKDUCKGO, {
            "t.example": ("T", ["analytics"]), "bare.example": ("bare.example", []), "t2.example": ("T", []),
        }, 0),
        (EXODUS, {"ex.example": ("Ex", []), "api.ex2.example": ("Ex", []), "cr.example": ("Cr", ["crash"])}, 1),
        (HOSTS, {name: ("my list", []) for name in ("a.example", "b.example", "c.example")}, 3),
    ],
)  # fmt: skip
def test_formats(tmp_path: Path, content: object, expected: dict[str, tuple[str, list[str]]], skipped: int) -> None:
    read = load_user_list(write(tmp_path, content))
    assert owners(read) == expected and read.skipped == skipped
    assert all(o.id.startswith("user_") and o.country == "unknown" for o in read.organisations.values())


def test_names_that_become_one_id_stay_apart(tmp_path: Path) -> None:
    both = {
        "categories": {"X": [{"A B": {"u": ["one.example"]}}, {"A-B": {"u": ["two.example"]}}, {"公司": {"u": ["三"]}}]}
    }
    read = load_user_list(write(tmp_path, both))
    assert sorted(read.organisations) == ["user_a_b", "user_a_b_2"] and read.skipped == 1


def test_the_bundled_table_takes_precedence(tmp_path: Path) -> None:
    own = load_organisations()
    domain = next(iter(own["umeng"].domains)).name
    read = load_user_list(write(tmp_path, f"{domain}\nsub.{domain}\nnew.example\n", "mine.txt"))
    hosts = Hosts(merged(own, [read]))
    assert hosts.owner(domain) is own["umeng"]
    owner = hosts.owner("x.new.example")
    assert owner is not None and owner.id == "user_mine"
    twice = merged(own, [read, load_user_list(write(tmp_path, "other.example\n", "mine.txt"))])
    assert {d.name for d in twice["user_mine"].domains} == {f"sub.{domain}", "new.example", "other.example"}


@pytest.mark.parametrize("content", ["", "{}", "[]", "{", '{"trackers": 5}', "127.0.0.1 localhost", '"x"', "# only\n"])
def test_what_is_no_list_is_one_clear_line(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError) as caught:
        load_user_list(write(tmp_path, content))
    assert "\n" not in str(caught.value) and "my list.json" in str(caught.value)


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_user, "MAX_DOMAINS", 3)
    with pytest.raises(InputError, match="more than 3"):
        load_user_list(write(tmp_path, "\n".join(f"h{n}.example" for n in range(4))))
    monkeypatch.setattr(tables_user, "MAX_BYTES", 10)
    with pytest.raises(InputError, match="larger"):
        load_user_list(write(tmp_path, "long.enough.example\n"))
    with pytest.raises(InputError, match="UTF-8"):
        (tmp_path / "b").write_bytes(b"\xff\xfe")
        load_user_list(tmp_path / "b")
    with pytest.raises(InputError, match="no such file"):
        load_user_list(tmp_path / "absent")


_KEYS = st.sampled_from(["trackers", "categories", "domain", "owner", "entities", "name", "x"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner),
    max_leaves=12,
)


@given(_JSON)
def test_no_other_exception_escapes(tmp_path_factory: pytest.TempPathFactory, data: object) -> None:
    try:
        read = load_user_list(write(tmp_path_factory.getbasetemp(), data, "fuzz.json"))
    except InputError:
        return
    assert all(isinstance(o, Organisation) for o in read.organisations.values())
