"""Views are as wide and high as the app says: a small control beside a large one is seen to be smaller."""

from __future__ import annotations

import pytest
from appkit import Kit, on_device

from emulator.standin.packages.intents import Intent
from emulator.standin.window.layout import hit, place
from emulator.standin.window.screen import Node, Window
from tests.javaapp import NEEDS_JAVAC, manifest, packed

PACKAGE = "org.example.sizes"
SOURCE = """
package org.example.sizes;
import android.app.Activity;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
public final class Main extends Activity {
    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        LinearLayout page = new LinearLayout(this);
        page.setOrientation(LinearLayout.VERTICAL);
        page.addView(button("Agree"), new LinearLayout.LayoutParams(900, 160));
        page.addView(button("Decline"), new LinearLayout.LayoutParams(200, 50));
        page.addView(button("Later"));
        setContentView(page);
    }
    private Button button(String text) {
        Button one = new Button(this);
        one.setText(text);
        return one;
    }
}
"""


def button(number: int, **more: object) -> Node:
    return {"id": number, "class": "android.widget.Button", "text": "x", "clickable": True, **more}


def column(*children: Node, **more: object) -> Node:
    return {"id": 99, "class": "android.widget.LinearLayout", "children": list(children), **more}


def sizes(root: Node) -> dict[int, tuple[int, int]]:
    placed = place(Window(1, 0, "a", "activity", root=root), (1080, 2400))
    assert placed
    return {p.node["id"]: (p.bounds[2] - p.bounds[0], p.bounds[3] - p.bounds[1]) for p in placed.walk()}


def test_a_size_that_was_set_is_kept_and_no_more_than_there_is_room_for() -> None:
    found = sizes(column(button(1, width=900, height=160), button(2, width=200, height=50), button(3, width=9_000)))
    assert (found[1], found[2], found[3]) == ((900, 160), (200, 50), (1080, 120))
    row = column(button(1, width=200, height=60), button(2), orientation="horizontal", height=100)
    assert sizes(column(row)) == {99: (1080, 100), 1: (200, 60), 2: (880, 100)}


@pytest.mark.parametrize("size", [0, -2, True, "90", 1.5, 10**9, None])
def test_what_is_no_size_sets_none(size: object) -> None:
    assert sizes(column(button(1, width=size, height=size))) == sizes(column(button(1)))


def test_beside_a_small_control_nothing_is_tapped() -> None:
    placed = place(Window(1, 0, "a", "activity", root=column(button(1, width=200, height=50))), (1080, 2400))
    assert placed and (found := hit(placed, 100, 100)) and found["id"] == 1
    assert hit(placed, 600, 100) is None


@NEEDS_JAVAC
@pytest.mark.jvm
@on_device
async def test_sizes_of_an_app(kit: Kit) -> None:
    kit.install(packed(kit.home, manifest(PACKAGE, "Main"), {"org/example/sizes/Main": SOURCE}))
    await kit.app.start(Intent("android.intent.action.MAIN", f"{PACKAGE}/.Main"), wait=True)
    await kit.until(lambda: kit.find(text="Later"), "its buttons")
    window, _ = kit.find(text="Later") or (None, None)
    placed = place(window, (1080, 2400)) if window else None
    found = {p.node["text"]: (p.bounds[2] - p.bounds[0], p.bounds[3] - p.bounds[1]) for p in placed.walk()}  # type: ignore[union-attr]
    assert (found["Agree"], found["Decline"], found["Later"]) == ((900, 160), (200, 50), (1080, 120))
