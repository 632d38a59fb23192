"""Pages read without a browser: what is on one by its HTML alone. No script runs but handlers of an element that call
the app's objects with plain values, or lead on (``onclick="app.agree()"``)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin

from emulator.standin.window.screen import Node

Tell = Callable[..., None]
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_UNSEEN = frozenset("head title script style template noscript iframe option".split())
_INLINE = frozenset("b i u em strong span font small big sub sup code mark s q cite abbr time label".split())
_INPUTS = {"checkbox": "CheckBox", "radio": "RadioButton", "button": "Button", "submit": "Button", "reset": "Button"}
_GO = re.compile(r"(?:(?:window|document|self|top)\.)?location(?:\.href)?\s*=\s*(['\"])(?P<to>.*?)\1")
_CALL = re.compile(r"(?:window\.)?(\w+)\.(\w+)\(\s*(.*?)\s*\)", re.DOTALL)
_VALUE = re.compile(r"\s*('[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?|true|false|null)\s*(?:,|$)")
#: Nodes of a page, elements in one another, and characters that are read, of a handler as well.
_MOST, _DEEPEST, _LONGEST, _HANDLER = 2_000, 200, 300_000, 2_000


class Reader(HTMLParser):
    """One page: ``nodes`` as PROTOCOL.md describes them, what a tap on one does in ``deeds``, what it loads in
    ``parts``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[Node] = []
        self.deeds: dict[int, dict[str, str]] = {}
        self.parts: list[str] = []
        self.title = ""
        self._open: list[tuple[str, bool, Node | None]] = []
        """Elements that are open: tag, whether nothing in it is seen, and the control that it is or is in."""
        self._loose = ""
        self._labels: list[tuple[dict[str, str], list[str], list[Node]]] = []
        """Labels that are open: attributes, texts, boxes in them."""
        self._named: dict[str, str] = {}
        self._form = {"action": ""}

    def read(self, html: str) -> None:
        self.feed(html[:_LONGEST])
        self.close()
        self._flush()
        for node in self.nodes:
            node["text"] = " ".join(node["text"].split())
            if node["checkable"] and not node["text"]:
                node["text"] = node["desc"] or self._named.get(node["rid"], "")
        self.nodes = [node for node in self.nodes if node["text"] or node["desc"] or node["clickable"]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        part = a.get("href" if a.get("rel", "").lower() == "stylesheet" else "src", "")
        if part and tag in ("img", "script", "iframe", "link"):
            self.parts.append(part)
        if tag == "form":
            self._form = a
        style = a.get("style", "").replace(" ", "").lower()
        unseen = tag in _UNSEEN or "hidden" in a or "display:none" in style or "visibility:hidden" in style
        _, hidden, within = self._open[-1] if self._open else ("", False, None)
        unseen = unseen or hidden
        if tag not in _INLINE:
            self._flush()
        control = None if unseen else self._control(tag, a)
        if tag == "label":
            self._labels.append((a, [], []))
        if tag == "br":
            self.handle_data("\n")
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append((tag, unseen, within if control is None else control))

    def _control(self, tag: str, a: dict[str, str]) -> Node | None:
        """The node of an element that is one of its own, or that can be tapped."""
        role, kind = a.get("role", ""), a.get("type", "text").lower()
        box = role if role in ("checkbox", "switch", "radio") else kind if tag == "input" else ""
        shown = a.get("aria-label") or a.get("alt") or ""
        if box in ("checkbox", "radio", "switch"):
            name = "Switch" if "switch" in (role, box) else _INPUTS[box]
            node = self._add(f"android.widget.{name}", a, clickable=True, checkable=True, desc=shown)
            node["checked"] = "checked" in a or a.get("aria-checked") == "true"
            if self._labels:
                self._labels[-1][2].append(node)
        elif tag == "button" or role == "button" or (tag == "input" and kind in _INPUTS):
            node = self._add("android.widget.Button", a, text=shown or a.get("value", ""), clickable=True)
            if kind == "submit" or (tag == "button" and "type" not in a):
                self.deeds[node["id"]]["submit"] = self._form.get("action", "")
        elif (tag == "input" and kind != "hidden") or tag == "textarea":
            node = self._add("android.widget.EditText", a, text=a.get("value", ""), clickable=True, desc=shown)
            node |= {"hint": a.get("placeholder", ""), "password": kind == "password"}
        elif (tag == "a" and "href" in a) or ("onclick" in a and tag != "body"):
            node = self._add("android.view.View", a, text=shown, clickable=True)
        elif tag == "img" and shown:
            node = self._add("android.widget.Image", a, text=shown)
        else:
            return None
        return node

    def _add(self, kind: str, a: dict[str, str], text: str = "", **more: Any) -> Node:
        self._flush()
        node = dict.fromkeys(("clickable", "checkable", "checked"), False) | {
            "id": len(self.deeds) + 1, "class": kind, "rid": a.get("id", ""), "name": a.get("name", ""), "desc": "",
            "text": text, "enabled": "disabled" not in a, **more,
        }  # fmt: skip
        self.deeds[node["id"]] = {key: a[key] for key in ("href", "onclick", "onchange") if key in a}
        if len(self.nodes) < _MOST:
            self.nodes.append(node)
        return node

    def handle_endtag(self, tag: str) -> None:
        if tag not in (one[0] for one in self._open):
            return
        if tag not in _INLINE:
            self._flush()
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "label" and self._labels:
            a, texts, boxes = self._labels.pop()
            text = "".join(texts).strip()
            self._named[a.get("for", "")] = text
            for box in boxes:
                box["text"] = box["text"] or text

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "title":
            self.title += data.strip()
        _, unseen, control = self._open[-1] if self._open else ("", False, None)
        if unseen:
            return
        if self._labels:
            self._labels[-1][1].append(data)
        if control is not None and not control["checkable"]:
            control["text"] += data
        else:
            self._loose += data

    def _flush(self) -> None:
        """Text that is no control's."""
        text, self._loose = self._loose.strip(), ""
        if text:
            self._add("android.view.View", {}, text=text)


class Parsed:
    """The page of one view; ``tell`` sends an event to the app."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.page, self.url = Reader(), ""

    async def load(self, url: str, html: str, objects: dict[str, list[str]]) -> None:
        self.page, self.url = Reader(), url
        self.page.read(html)
        self._shown()
        for number, part in enumerate(self.page.parts):
            if (address := urljoin(url, part)).startswith("http"):
                self.tell("fetch", request=str(number), url=address)

    def _shown(self) -> None:
        self.tell("page", nodes=self.page.nodes, title=self.page.title)

    async def click(self, a: dict[str, Any]) -> None:
        number = a["node"]
        node = next((one for one in self.page.nodes if one["id"] == number), None)
        if node is None or not node["enabled"]:
            return
        if node["checkable"]:
            alike = [n for n in self.page.nodes if n["class"].endswith("RadioButton") and n["name"] == node["name"]]
            for other in alike if node["class"].endswith("RadioButton") else ():
                other["checked"] = False
            node["checked"] = not node["checked"]
            self._shown()
        deed = self.page.deeds[number]
        handler = "; ".join(deed[key] for key in ("onclick", "onchange") if key in deed)
        if self._run(handler):
            return
        if (to := deed.get("href", "")).startswith("javascript:"):
            self._run(to.removeprefix("javascript:"))
        elif to and not to.startswith("#"):
            self.tell("go", url=urljoin(self.url, to))
        elif to := deed.get("submit", ""):
            said = {n["name"]: n["text"] for n in self.page.nodes if n["name"] and n["class"].endswith("EditText")}
            self.tell("go", url=f"{urljoin(self.url, to)}?{urlencode(said)}" if said else urljoin(self.url, to))

    def _run(self, handler: str) -> bool:
        """Do what a handler says in plain words; whether it keeps the element from what it does by itself."""
        for statement in map(str.strip, handler[:_HANDLER].split(";")):
            if found := _GO.fullmatch(statement):
                self.tell("go", url=urljoin(self.url, found["to"]))
            elif found := _CALL.fullmatch(statement):
                said = [one.strip() for one in _VALUE.findall(found[3])]
                values = [one[1:-1] if one[0] in "'\"" else json.loads(one) for one in said]
                self.tell("call", call="", object=found[1], method=found[2], args=values)
        return handler.replace(" ", "").endswith(("returnfalse", "returnfalse;"))

    async def type(self, a: dict[str, Any]) -> None:
        for node in self.page.nodes:
            if node["id"] == a["node"]:
                node["text"] = a["text"]
        self._shown()

    async def eval(self, a: dict[str, Any]) -> str:
        self._run(a["script"])
        return "null"
