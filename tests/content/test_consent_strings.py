"""Consent strings: purposes as another decoder reads them, in and out of a GPP string, and nothing of anything else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.content import Message
from monitor.content.decode import decode
from monitor.content.identifiers import guesses
from monitor.knowledge.consent_strings import ALL, NONE, SOME, extent, purposes

#: The example of the TCF's specification; the package iab-tcf 0.2.2 reads purposes 1 to 3 from it, too.
SPECIFIED = (
    "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBA"
)


def string(chosen: str, version: int = 2) -> str:
    """A TC string whose purposes are these 24 bits."""
    bits = f"{version:06b}" + "1" * 146 + chosen + "0" * 64
    data = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_the_example_of_the_specification_alone_and_in_a_gpp_string() -> None:
    assert purposes(SPECIFIED) == purposes(f"DBABMA~{SPECIFIED}") == "111" + "0" * 21


@given(st.text("01", min_size=24, max_size=24))
def test_any_choice_is_read(chosen: str) -> None:
    assert purposes(string(chosen)) == chosen
    assert purposes(string(chosen, 3)) == ""


@given(st.text())
def test_nothing_else_is_one(text: str) -> None:
    assert purposes(text) == ""


@pytest.mark.parametrize(
    ("bits", "how"),
    [
        ("0" * 24, NONE),
        ("1" * 10, ALL),
        ("1" * 10 + "0" * 14, ALL),
        ("1", SOME),
        ("01" * 12, SOME),
        ("", ""),
        ("12", ""),
    ],
)
def test_how_much_was_consented_to(bits: str, how: str) -> None:
    assert extent(bits) == how


def test_one_is_told_whatever_its_field() -> None:
    tree = decode(Message(target=f"/t?x={SPECIFIED}&y={'C' * 40}".encode()))
    assert [(guess.data_type, guess.form) for guess in guesses(tree)] == [("consent", SOME)]
