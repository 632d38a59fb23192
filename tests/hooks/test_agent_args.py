"""Arguments in events: enough to tell a whole table from one item, and nothing that was looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.collectors.agent_messages import provider_path, reduced, wire
from monitor.knowledge.catalogue import Row, load_catalogue

QUERY = next(row for row in load_catalogue() if row.id == "content.query")
FIVE = (
    "(android.net.Uri,java.lang.String[],java.lang.String,java.lang.String[],java.lang.String)android.database.Cursor"
)
BUNDLE = "(android.net.Uri,java.lang.String[],android.os.Bundle,android.os.CancellationSignal)android.database.Cursor"


@pytest.mark.parametrize(
    "path, kept",
    [
        ("", ""),
        ("/contacts", "/contacts"),
        ("/data/phones", "/data/phones"),
        ("/data/17", "/data/#"),
        ("/phone_lookup/13800138000", "/phone_lookup/*"),
        ("/contacts/filter/张三", "/contacts/filter/*"),
        ("/contacts/filter/zhang", "/contacts/filter/*"),
        ("/data/emails/lookup/a@b.cn", "/data/emails/lookup/*"),
        ("/contacts/lookup/0r1-2A3B/12", "/contacts/lookup/*/#"),
        ("/external_primary/images/media/1000000033", "/external_primary/images/media/#"),
        ("/instances/when/1/2", "/instances/when/#/#"),
        ("/people/13800138000x", "/people/*"),
    ],
)
def test_a_path_keeps_its_words(path: str, kept: str) -> None:
    assert provider_path(path) == kept


@given(st.text(max_size=200))
def test_no_number_and_nothing_but_plain_words_is_left_of_any_path(path: str) -> None:
    kept = provider_path(path)
    assert kept.isascii() and not any(c.isdigit() for c in kept)
    assert len(kept.split("/")) == len(path.split("/"))
    assert provider_path(kept.replace("#", "1")) == kept


def kept(sig: str, **args: str) -> dict[str, str]:
    return reduced(args, QUERY, sig)


def test_sizes_of_what_is_missing_and_limits_without_their_texts() -> None:
    assert kept(FIVE, authority="sms") == {"authority": "sms", "columns": "0", "selection": "0"}
    assert kept(BUNDLE, authority="sms", columns="2", selection="3")["selection"] == "3"
    reported = kept(FIVE, uri_limit="content://sms/inbox?limit=5&x=13800138000", sort_limit="date DESC limit 1")
    assert (reported["uri_limit"], reported["sort_limit"]) == ("5", "1")
    reported = kept(
        FIVE, uri_limit="content://sms/inbox?x=limit", sort_limit="CASE WHEN number='13800138000' THEN 0 END"
    )
    assert reported == {"columns": "0", "selection": "0"}


def test_the_agent_reads_as_text_what_the_monitor_reduces() -> None:
    keeps = {arg["name"]: arg["keep"] for arg in wire(QUERY, "a.b")["args"]}
    assert (keeps["uri_limit"], keeps["sort_limit"], keeps["selection"]) == ("text", "text", "length")


def test_both_ways_to_query_tell_the_same() -> None:
    names: dict[str, list[str]] = {}
    row: Row
    for row in load_catalogue():
        if row.id in ("content.query", "content.client_query"):
            names[row.id] = sorted(arg.name for arg in row.args)
    assert len(names) == 2 and len({tuple(found) for found in names.values()}) == 1
