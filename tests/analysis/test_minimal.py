"""How much of a table a query returns, and which precision is declared: only what the record shows counts."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.rules.examples import event
from monitor.analysis.rules.facts.col import extent, one_row, precision, whole_table
from monitor.analysis.rules.given import Subject
from monitor.events import ApiCall
from monitor.session.declaration import Declaration


def query(data_type: str = "contacts", method: str = "query", **arguments: str) -> ApiCall:
    args = {"selection": "0", "path": "contacts", **arguments}
    call = event({"kind": "api_call", "at": 1, "data_type": data_type, "method": method, "args": args}, 1)
    assert isinstance(call, ApiCall)
    return call


def declared(**blocks: Any) -> Declaration:
    return Declaration.model_validate(blocks)


def test_every_row_is_asked_for_only_where_nothing_narrows_it() -> None:
    assert whole_table(query())
    for narrowed in (
        query(selection="1"), query(uri_limit="10"), query(sort_limit="1"), query(path="contacts/#"),
        query(path="contacts/17"), query(path="contacts/lookup/*"), query(path="contacts/filter/x"),
        query(method="insert"), query("android_id"), query(selection=""),
    ):  # fmt: skip
        assert not whole_table(narrowed), narrowed.args


def test_a_row_that_the_user_picked() -> None:
    assert one_row(query(path="contacts/17")) and one_row(query(path="contacts/lookup/abc"))
    assert not one_row(query()) and not one_row(query(path="contacts/filter/17a"))
    assert not one_row(query(method="insert", path="contacts/17"))


@pytest.mark.parametrize(
    ("said", "need"),
    [([], ""), (["item"], "item"), (["item", "all"], "all"), (["item", ""], ""), (["", "all"], "all")],
)
def test_of_several_uses_the_greatest_need_counts_and_an_unstated_one_leaves_it_open(
    said: list[str], need: str
) -> None:
    entries = [{"data_type": "contacts", **({"extent": one} if one else {})} for one in said]
    assert extent(Subject("contacts"), declared(collection=entries)) == need


def test_the_permissions_tell_the_precision_where_no_entry_does() -> None:
    fine, coarse = ({"name": f"android.permission.ACCESS_{name}_LOCATION"} for name in ("FINE", "COARSE"))
    here = Subject("location")
    assert precision(here, declared()) == ""
    assert precision(here, declared(permissions=[coarse])) == "coarse"
    assert precision(here, declared(permissions=[coarse, fine])) == ""
    entry = {"data_type": "location", "precision": "fine"}
    assert precision(here, declared(collection=[entry], permissions=[coarse])) == "fine"
