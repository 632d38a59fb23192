"""Classes of Android's that ordinary apps use: what an app sees of them, and what a user sees of the app. The app is in
``apps/breadth``, a class a group."""

from __future__ import annotations

from pathlib import Path

import pytest
from appkit import Kit, run, walk

from emulator.standin.apps.runtimes import RUNTIMES as STANDINS
from emulator.standin.packages.intents import Intent
from emulator.standin.window.screen import Node, Window
from tests.javaapp import NEEDS_JAVAC, manifest, packed
from tests.runtimes import RUNTIMES, require

pytestmark = [pytest.mark.jvm, NEEDS_JAVAC]
SOURCES = Path(__file__).parent / "apps" / "breadth"
#: What the app says by itself, group by group; what comes later is at its end.
SAID = """
radio 97
radio 98
radio a false
radio -1
seek 100 false
stars 3.5 of 5
focus name true
form takes it true true true true
focus name false
focus secret true
secret has it true secret
focus secret false
nobody has it false
selected 1 3 true
beyond
cache [a, c] 3 btrue 1
sparse truefalse-2 far true
text &lt;a&gt; false a+b
html 7 true 127
time 1970-01-01 1:02:05 true 127.0.0.1 1.5 MB
shapes 0.25 1.0 0.0
patterns truetruefalse
constants 119 KEYCODE_VOLUME_UP -2147483648
image 20x40 true 128 40 null
png 3
no pixels: Bitmap.getPixel
drawn 8.0 true 21
view 30.0 4 2 true true -1 true6
preferences v
keys text null true 20
keys 0
kept 1.5 3 5a
disk true
urls truefalse b.png application/pdf
jobs 3600000 1
jobs null
flipped 1 false 00:00
task only once
json {"a":"x\\"y","b":[1,2.5,null],"c":true} ax"yb1NULLEND_DOCUMENT
json Expected STRING but was END_DOCUMENT
query 1 two
sound content://settings/system/notification_sound
intent shop://pay?x=1 a b3 intent://pay?x=1#Intent;scheme=shop;action=android.intent.action.VIEW;package=org.shop;S.k=a%20b;i.n=3;end
filter true-2
access falsefalse
saved picture
xml <a1<b21&2t<x>/b<d2/d/a
restored 0.5
player early
download true1
notes 3
trim
configuration fr true
sums 120.0 10.0 30.0 true1.0
small xtrue 2/3 b of a1
""".strip().splitlines()
LATER = """
counted true true
animation starts true
animation ends 10 0 false
cancelled
set ends 0.5 40.0
view ends 0.0 2.0
fade starts
fade repeats
fade ends true
attached true
detached
played false
city Lyon Lyon
first attached true
first has a view true
first resumed true true
task at 1
task done ab RUNNING
""".strip().splitlines()
#: What is told inside the call that asked, or later and where; no order across threads.
CALLED = """
called picture later main
called focus later main
frame 460800 cameras
called place later binder
called address later binder
called network later ConnectivityThread
called script later main
called cookie later main
called token later main
called preference inside main
""".strip().splitlines()
PERMISSIONS = ("CAMERA", "ACCESS_FINE_LOCATION", "ACCESS_NETWORK_STATE", "POST_NOTIFICATIONS")
NEVER = ("a cancelled timer finished", "a removed callback ran")


async def taps(kit: Kit) -> None:
    """What a user does, each with what the app says of it."""
    for text, said in (
        ("row one", "row 1 0 row one"),
        ("row three", "row 3 2 row three"),
        ("header", "row 0 -1 null"),
        ("cell 0", "cell 0"),
        ("cell 1", "button in a cell"),
    ):
        await kit.tap(text=text)
        await says(kit, said)
    await kit.app.click(*node(kit, "text", "row two"), held=True)
    await says(kit, "held 2")
    assert node(kit, "text", "file")[1]["long"] and not node(kit, "text", "more")[1]["long"]
    await kit.app.click(*node(kit, "text", "file"), held=True)
    await kit.tap(text="rename")
    await says(kit, "context 6")
    await kit.tap(text="places")
    await says(kit, "tab places 1")
    await kit.until(lambda: kit.find(text="tab places") and not kit.find(text="tab news"), "the other tab")
    await kit.tap(text="Lyon")
    await kit.tap(text="Oslo")
    await says(kit, "city Oslo Oslo")
    await kit.tap(text="choose")
    await kit.tap(text="large")
    await kit.tap(text="done")
    await says(kit, "picked 1", "done 1")
    await kit.tap(text="more")
    await kit.tap(text="edit")
    await says(kit, "delete true 2", "menu edit", "menu gone")
    await kit.tap(text="more")
    await kit.tap(text="delete")
    await says(kit, "deleted")
    await kit.tap(text="group")
    await kit.tap(text="child")
    await says(kit, "child 00")
    await kit.tap(text="share")
    await says(kit, "option 1 share")
    await kit.app.click(*node(kit, "desc", "更多选项"))
    await kit.tap(text="sorting")
    await kit.tap(text="by date")
    await says(kit, "option 4 by date")
    assert not kit.find(text="hidden")


async def parts(kit: Kit) -> None:
    """Fragments."""
    assert kit.find(text="page first")
    await kit.tap(text="replace")
    await says(kit, "first loses its view", "other attached true", "other resumed true true")
    await kit.until(lambda: kit.find(text="page other") and not kit.find(text="page first"), "another page")
    await kit.tap(text="ask")
    await kit.tap(text="yes")
    await says(kit, "yes", "question gone false")


async def typing(kit: Kit) -> None:
    """Into fields, and keys."""
    field = node(kit, "hint", "name")
    await kit.app.click(*field)
    await kit.until(lambda: kit.logged("breadth").count("focus name true") == 2, "a tap gives the focus")
    await kit.app.text(*field, "abcdefgh")
    await kit.app.key("KEYCODE_ENTER")
    await says(kit, "entered abcde")
    assert not node(kit, "hint", "secret")[1]["password"]
    await kit.app.text(*node(kit, "hint", "town"), "ham")
    await kit.tap(text="Hamm")
    await says(kit, "town Hamm 1")
    await kit.app.key("KEYCODE_BACK")
    await says(kit, "key KEYCODE_BACK")
    assert kit.find(text="row one"), "the app took the key and stays"


def node(kit: Kit, name: str, value: str) -> tuple[Window, Node]:
    """The first node of the front window with that value."""
    window = kit.state.focused_window()
    assert window and window.root
    return window, next(one for one in walk(window.root) if one[name] == value)


async def says(kit: Kit, *lines: str) -> None:
    for line in lines:
        await kit.until(lambda line=line: line in kit.logged("breadth"), line)


@pytest.fixture(scope="module")
def breadth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app, compiled once for all runtimes."""
    sources = {path.stem: path.read_text("utf-8") for path in SOURCES.glob("*.java")}
    text = manifest("org.example.breadth", "Main", permissions=PERMISSIONS)
    return packed(tmp_path_factory.mktemp("breadth"), text, sources)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_classes_that_ordinary_apps_use_behave_as_on_android(breadth: Path, tmp_path: Path, runtime: str) -> None:
    require(runtime)

    async def scenario(kit: Kit) -> None:
        package = kit.install(breadth)
        for grant in package.grants.values():
            grant.granted = True
        await kit.app.start(Intent("android.intent.action.MAIN", "org.example.breadth/.Main"))
        await says(kit, *LATER, *CALLED)
        said = [line for line in kit.logged("breadth") if line not in {*LATER, *CALLED}]
        assert said == SAID
        await taps(kit)
        await parts(kit)
        await typing(kit)
        assert not set(NEVER) & set(kit.logged("breadth"))

    run(tmp_path, scenario, runtime=STANDINS[runtime]())
