// What a page shows, as a WebView's accessibility tree tells it; in a world of its own, which the page does not see.
const INPUTS = { checkbox: "CheckBox", radio: "RadioButton", button: "Button", submit: "Button", reset: "Button" };
const MOST = 2000;
let elements = [];

function standinRead() {
  const nodes = [];
  let loose = "";
  elements = [];
  const add = (kind, text, element, more) => {
    flush();
    if (nodes.length >= MOST) return;
    elements.push(element);
    const node = { id: elements.length, class: kind, rid: element?.id ?? "", text: text.replace(/\s+/g, " ").trim() };
    nodes.push({ desc: "", clickable: false, checkable: false, checked: false, enabled: !element?.disabled, ...node, ...more });
  };
  const flush = () => {
    const text = loose;
    loose = "";
    if (text.trim()) add("android.view.View", text, null);
  };
  const named = (element) => element.getAttribute("aria-label") || element.labels?.[0]?.innerText || "";
  const control = (element) => {
    const tag = element.localName, role = element.getAttribute("role") ?? "";
    const kind = tag === "input" ? element.type : "";
    const box = ["checkbox", "radio", "switch"].includes(role) ? role : kind;
    if (["checkbox", "radio", "switch"].includes(box)) {
      const on = element.checked ?? element.getAttribute("aria-checked") === "true";
      const name = role === "switch" ? "Switch" : INPUTS[box];
      add(`android.widget.${name}`, named(element) || element.innerText, element, { clickable: true, checkable: true, checked: on });
    } else if (tag === "button" || role === "button" || kind in INPUTS) {
      add("android.widget.Button", named(element) || element.innerText || element.value || "", element, { clickable: true });
    } else if (kind || tag === "textarea") {
      const more = { clickable: true, hint: element.placeholder, password: kind === "password", desc: named(element) };
      add("android.widget.EditText", element.value, element, more);
    } else if ((tag === "a" && element.href) || (element.matches("[onclick],[data-standin-click]") && tag !== "body")) {
      if (element.querySelector("a[href],button,input,[onclick],[data-standin-click]")) return false;
      add("android.view.View", named(element) || element.innerText, element, { clickable: true });
    } else if (tag === "img" && element.alt) {
      add("android.widget.Image", element.alt, element);
    } else return false;
    return true;
  };
  const walk = (parent) => {
    for (const child of parent.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) loose += child.data;
      if (child.nodeType !== Node.ELEMENT_NODE) continue;
      const style = getComputedStyle(child);
      if (style.display === "none" || style.visibility === "hidden" || ["script", "style"].includes(child.localName)) continue;
      if (child.type === "hidden" || control(child)) continue;
      const block = !style.display.startsWith("inline") && style.display !== "contents";
      if (block) flush();
      walk(child.shadowRoot ?? child);
      if (block) flush();
    }
  };
  if (document.body) walk(document.body);
  flush();
  return { nodes: nodes.filter((node) => node.text || node.desc || node.clickable), title: document.title };
}

let due = 0;
function standinTell() {
  clearTimeout(due);
  due = setTimeout(() => globalThis.standinShows?.(JSON.stringify(standinRead())), 30);
}

function standinClick(number) {
  elements[number - 1]?.click();
  standinTell();
}

function standinType(number, text) {
  const element = elements[number - 1];
  if (!element) return;
  element.value = text;
  for (const name of ["input", "change"]) element.dispatchEvent(new Event(name, { bubbles: true }));
  standinTell();
}

document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(standinTell).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  document.addEventListener("change", standinTell, true);
  standinTell();
});
// ---- the page's own world
function standin(objects, bridge) {
  delete globalThis.standin;
  for (const [name, methods] of Object.entries(objects)) {
    globalThis[name] = Object.fromEntries(methods.map((method) => [method, (...args) => {
      const request = new XMLHttpRequest();
      request.open("GET", `${bridge}${name}/${method}?${encodeURIComponent(JSON.stringify(args))}`, false);
      request.send();
      return JSON.parse(request.responseText) ?? undefined;
    }]));
  }
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (kind, ...rest) {
    if (kind === "click" && this instanceof Element) this.setAttribute("data-standin-click", "");
    return listen.call(this, kind, ...rest);
  };
}
