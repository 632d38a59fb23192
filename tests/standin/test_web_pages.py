"""What a web view shows of a page, and what taps there do: by its HTML alone, and in a real browser."""

from __future__ import annotations

import asyncio
import base64
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from appkit import Kit, on_device

from emulator.browser.driven import Browser, Driven
from emulator.standin.packages.intents import Intent
from emulator.standin.state.device import load_state
from emulator.standin.web.pages import Pages
from emulator.standin.web.parsed import Parsed, Reader
from emulator.standin.window.layout import hierarchy_xml
from emulator.standin.window.screen import Window
from monitor.device.parse.screen import nodes
from monitor.scenario.screen import describe
from tests.analysis.played import outcome, play
from tests.javaapp import NEEDS_JAVAC, manifest, packed

NOTICE = """<!doctype html><title>隐私保护提示</title><body>
<h2>温馨提示</h2>
<p>请您阅读并同意<a href="app://policy">《隐私政策》</a>和<a href="terms.html">《用户协议》</a>。
<b>我们</b>会收集设备信息。</p>
<label><input type=checkbox id=news> 接收推送</label>
<div style="display: none">从不可见</div><script>document.title += "。"</script>
<div><div onclick="app.answer(false, 'x', 2)">不同意</div><button id=yes onclick="app.answer(true)">同意</button></div>
<img src="https://track.example/p.gif"><input type=text name=q placeholder=名字>"""
SHOWN = [
    ("View", "温馨提示"), ("View", "请您阅读并同意"), ("View", "《隐私政策》"), ("View", "和"),
    ("View", "《用户协议》"), ("View", "。 我们会收集设备信息。"), ("CheckBox", "接收推送"), ("View", "接收推送"),
    ("View", "不同意"), ("Button", "同意"), ("EditText", ""),
]  # fmt: skip
BASE = "https://shop.example/a/notice.html"


class Told(list[tuple[str, dict[str, Any]]]):
    """The events that the app is sent."""

    def __call__(self, what: str, **more: Any) -> None:
        self.append((what, more))

    def last(self, what: str) -> dict[str, Any]:
        return next(more for name, more in reversed(self) if name == what)

    def page(self) -> list[tuple[str, str]]:
        return [(one["class"].rpartition(".")[2], one["text"]) for one in self.last("page")["nodes"]]

    def number(self, text: str) -> int:
        return next(int(one["id"]) for one in self.last("page")["nodes"] if one["text"] == text and one["clickable"])


def test_a_page_is_read_without_its_scripts() -> None:
    told = Told()
    page = Parsed(told)

    async def taps() -> None:
        await page.load(BASE, NOTICE, {"app": ["answer"]})
        for text in ("接收推送", "不同意", "同意", "《隐私政策》", "《用户协议》"):
            await page.click({"node": told.number(text)})
        await page.type({"node": len(SHOWN), "text": "王"})

    asyncio.run(taps())
    assert told.page() == [*SHOWN[:-1], ("EditText", "王")] and told.last("page")["title"] == "隐私保护提示"
    assert [one["text"] for one in told.last("page")["nodes"] if one["checked"]] == ["接收推送"]
    assert [more["url"] for what, more in told if what == "fetch"] == ["https://track.example/p.gif"]
    assert [more["args"] for what, more in told if what == "call"] == [[False, "x", 2], [True]]
    assert [more["url"] for what, more in told if what == "go"] == ["app://policy", "https://shop.example/a/terms.html"]


@pytest.mark.parametrize("piece", ["<div>", "<label>", "<a b='", "<p onclick=a>", "<input ", "</", "<!"])
def test_a_hostile_page_is_read_in_time(piece: str) -> None:
    began = time.monotonic()
    Reader().read(piece * 300_000)
    page = Parsed(Told())
    asyncio.run(page.eval({"script": "a.b(" + " " * 300_000}))
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(("tapped", "came"), [("同意", "granted"), ("不同意", "denied"), ("《隐私政策》", "shown")])
def test_a_notice_in_a_page_is_read_from_a_dump(tapped: str, came: str, tmp_path: Path) -> None:
    """As uiautomator tells it, of a window in which the app itself says nothing."""
    page = Reader()
    page.read(NOTICE)
    view = "android.webkit.WebView"
    inside = {"id": -1, "class": view, "text": page.title, "scrollable": True, "children": page.nodes}
    state = load_state(None, tmp_path / "device", None)
    root = {"id": 1, "class": view, "children": [inside]}
    state.windows.append(Window(1, 7, "com.example.page", component="com.example.page/.Main", root=root))
    dump = hierarchy_xml(state)
    assert dump is not None
    texts, buttons, boxes, _ = describe(nodes(dump.encode()))
    screen = " | ".join(("", " / ".join(texts), " / ".join(buttons), " / ".join(f"☐ {box.label}" for box in boxes)))
    assert outcome(play("1 page @2", f"2 screen {screen}", f"4 touch {tapped}")) == f"policy {came}"


@pytest.mark.device
@pytest.mark.extra("chromium")
def test_a_browser_runs_the_scripts_and_asks_the_app_for_everything() -> None:
    """What an object of the app's gives comes back at once, as on a phone; the browser itself has no network."""
    told = Told()
    html = NOTICE + "<p id=more></p><div id=late>还看</div><script src=/more.js></script><iframe src=/frame></iframe>"
    script = b"""fetch("https://bridge.invalid/nonsense").catch(() => {}); confirm("?");
        late.addEventListener("click", () => { more.textContent = app.answer("from the page", 3); });
        fetch("https://track.example/sent", {method: "POST", body: "id=7"});"""

    async def until(found: Callable[[], object]) -> None:
        async with asyncio.timeout(30):
            while not found():
                await asyncio.sleep(0.02)

    async def taps() -> str:
        browser = Browser("chromium")
        page = Driven(browser, told)
        loading = asyncio.create_task(page.load(BASE, html, {"app": ["answer"]}))

        def asked(end: str) -> list[dict[str, Any]]:
            return [more for what, more in told if what == "fetch" and more["url"].endswith(end)]

        await until(lambda: asked("/more.js"))
        sent = {"status": 200, "type": "text/javascript", "body": base64.b64encode(script).decode()}
        await page.answer({"request": asked("/more.js")[0]["request"], **sent})
        await loading
        await until(
            lambda: asked("/sent") and asked("/p.gif") and asked("/frame") and any(what == "page" for what, _ in told)
        )
        assert base64.b64decode(asked("/sent")[0]["body"]) == b"id=7"
        assert told.page()[: len(SHOWN)] == SHOWN
        await page.click({"node": told.number("还看")})
        await until(lambda: any(what == "call" for what, _ in told))
        assert told.last("call")["args"] == ["from the page", 3]
        await page.result({"call": told.last("call")["call"], "value": "谢谢"})
        await until(lambda: ("View", "谢谢") in told.page())
        await page.click({"node": told.number("《隐私政策》")})
        await until(lambda: any(what == "go" for what, _ in told))
        title = await page.eval({"script": "document.title"})
        await browser.close()
        return title

    assert asyncio.run(taps()) == '"隐私保护提示。"'
    assert told.last("go")["url"] == "app://policy"


APP = """package com.example.page;
import android.webkit.*;
public class Main extends android.app.Activity {
    @Override protected void onCreate(android.os.Bundle state) {
        super.onCreate(state);
        WebView page = new WebView(this);
        page.getSettings().setJavaScriptEnabled(true);
        page.addJavascriptInterface(this, "app");
        page.setWebViewClient(new WebViewClient() {
            @Override public boolean shouldOverrideUrlLoading(WebView view, String url) {
                say("leads " + url);
                return url.startsWith("app:");
            }
            @Override public void onPageFinished(WebView view, String url) {
                view.evaluateJavascript("6 * 7", it -> say("finished " + url + " " + it));
            }
        });
        setContentView(page);
        page.loadUrl("http://shop.example/start");
    }
    @JavascriptInterface public String answer(boolean yes, String how) {
        say("answer " + yes + " " + how + " " + Thread.currentThread().getName());
        return "noted";
    }
    public String hidden() { say("hidden"); return ""; }
    private static void say(String what) { android.util.Log.i("probe", what); }
}"""
SERVED = """<title>页</title><p>请读<a href=app://policy>《隐私政策》</a></p><img src=/p.gif>
<button onclick="app.answer(true, 'html')">同意</button><button onclick="app.hidden()">暗处</button>
<a href=next>下一页</a><script>document.body.insertAdjacentHTML("beforeend",
    "<button onclick='this.textContent = app.answer(false, `script`)'>脚本</button>")</script>"""


class Shop(BaseHTTPRequestHandler):
    """A proxy that answers by itself: ``/start`` leads to a page, and gives a cookie."""

    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        path = self.path.removeprefix("http://shop.example")
        self.asked.append((path, self.headers.get("Cookie", "")))
        self.send_response(302 if path == "/start" else 200)
        if path == "/start":
            self.send_header("Location", "/a/notice")
            self.send_header("Set-Cookie", "id=7")
        self.end_headers()
        self.wfile.write((SERVED if path == "/a/notice" else f"<p>{path}").encode())

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def shop() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Shop,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


@NEEDS_JAVAC
@pytest.mark.jvm
@pytest.mark.parametrize("browser", ["", pytest.param("chromium", marks=pytest.mark.extra("chromium"))])
@on_device
async def test_an_app_shows_a_page_that_calls_it(
    kit: Kit, browser: str, shop: tuple[str, list[tuple[str, str]]]
) -> None:
    kit.app.pages = Pages(kit.app.send, browser)
    address, asked = shop
    await kit.state.put_setting("global", "http_proxy", address)
    about = manifest("com.example.page", "Main", permissions=["INTERNET"])
    kit.install(packed(kit.home, about, {"com/example/page/Main": APP}))
    await kit.app.start(Intent("android.intent.action.MAIN", "com.example.page/.Main"))
    await kit.logs(f"finished http://shop.example/a/notice {42 if browser else 'null'}")
    await kit.tap(text="同意")
    await kit.logs("answer true html JavaBridge")
    await kit.tap(text="暗处")
    await kit.tap(text="《隐私政策》")
    await kit.logs("leads app://policy")
    if browser:
        await kit.tap(text="脚本")
        await kit.logs("answer false script JavaBridge")
        await kit.until(lambda: kit.find(text="noted"), "what the app gave the script")
    else:
        assert not kit.find(text="脚本")
    await kit.tap(text="下一页")
    await kit.until(lambda: kit.find(text="/a/next"), "the next page")
    assert "leads http://shop.example/a/next" in kit.logged() and "hidden" not in kit.logged()
    assert [path for path, _ in asked] == ["/start", "/a/notice", "/p.gif", "/a/next"]
    assert [cookie for _, cookie in asked] == ["", *["id=7"] * 3]
    page = kit.find(text="/a/next")
    assert page and page[0].component == "com.example.page/com.example.page.Main"
