"""Lines of ``members.txt`` and the Java that they stand for."""

from __future__ import annotations

import pytest

from emulator.java.members import TABLE, table

TEXT = """
a.B extends a.C
  int: MAX=3 size=2 -shade
  boolean: loud
  boolean+: quiet
  String: NAME=n
a.B$D
  int: >x
"""
JAVA = """
public static final int MAX = 3;
private int _size = 2;
public void setSize(int v) { _size = v; }
public int getSize() { return _size; }
public void setShade(int v) {}
private boolean _loud;
public void setLoud(boolean v) { _loud = v; }
public boolean isLoud() { return _loud; }
private boolean _quiet;
public void setQuiet(boolean v) { _quiet = v; }
public boolean getQuiet() { return _quiet; }
public static final String NAME = "n";
"""


def test_constants_properties_and_setters() -> None:
    made = table(TEXT)
    assert made["a.B"] == ("extends a.C", JAVA.strip().splitlines())
    assert made["a.B$D"][1] == ["public D setX(int v) { return this; }"]


@pytest.mark.parametrize("text", ["  int: A=1\n", "a.B\n  size\n"])
def test_a_line_out_of_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"members\.txt"):
        table(text)


def test_no_class_has_a_member_twice() -> None:
    for name, (_, lines) in table(TABLE.read_text("utf-8")).items():
        heads = [line.split("=")[0] for line in lines if line.startswith("public static final")]
        assert len(heads) == len(set(heads)), name
