"use strict";
(function () {
  const id = (name) => document.getElementById(name);
  const NS = "http://www.w3.org/2000/svg";
  function put(parent, tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.textContent = text;
    parent.append(node);
    return node;
  }
  function filled(list, none, rows, make) {
    const made = document.createDocumentFragment();
    for (const row of rows) make(made, row);
    id(list).replaceChildren(made);
    id(none).hidden = rows.length > 0;
  }
  function lane(parent, row) {
    const box = document.createElement("div");
    box.className = "lane";
    put(box, "span", "", row.name);
    const most = Math.max(1, ...row.seconds);
    const svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", `0 0 ${row.seconds.length} 10`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    row.seconds.forEach((count, place) => {
      if (!count) return;
      const bar = document.createElementNS(NS, "rect");
      const tall = Math.max(0.6, 10 * count / most);
      for (const [name, value] of [["x", place], ["y", 10 - tall], ["width", 0.9], ["height", tall]]) bar.setAttribute(name, value);
      svg.append(bar);
    });
    box.append(svg);
    put(box, "output", "", `${row.seconds[row.seconds.length - 2] || 0} /s`);
    parent.append(box);
  }
  let shown = "";
  function show(state) {
    document.dispatchEvent(new CustomEvent("monitor-state", { detail: state }));
    if (id("line").textContent !== state.line && state.line) id("line").textContent = state.line;
    id("device").textContent = state.device;
    id("seconds").textContent = state.seconds;
    id("events").textContent = state.events;
    id("progress").max = Math.max(state.step.total, 1);
    id("progress").value = state.step.number;
    filled("consent", "no-consent", state.consent, (list, row) => {
      const item = put(list, "li", "", row.scope + ": ");
      put(item, "span", "state " + row.state, row.name);
    });
    const lanes = document.createDocumentFragment();
    for (const name of Object.keys(state.lanes)) lane(lanes, state.lanes[name]);
    id("lanes").replaceChildren(lanes);
    filled("health", "no-health", state.health, (list, text) => put(list, "li", "", text));
    id("lost").textContent = state.lost ? id("lost").dataset.text.replace("{n}", state.lost) : "";
    filled("findings", "no-findings", state.findings, (list, row) => {
      const item = put(list, "li", row.status, "");
      item.dataset.id = row.id;
      put(item, "b", "", row.title);
      item.append(` ${row.level_name} · ${row.about} ${row.count}`);
    });
    if (state.screen && state.screen !== shown) {
      shown = state.screen;
      id("screen").src = "screen/" + shown;
      id("screen").hidden = false;
      id("no-screen").hidden = true;
    }
  }
  const stream = new EventSource("state");
  stream.addEventListener("state", (event) => { id("gone").hidden = true; show(JSON.parse(event.data)); });
  stream.addEventListener("end", (event) => {
    stream.close();
    show(JSON.parse(event.data));
    location.replace("report");
  });
  stream.addEventListener("error", () => { id("gone").hidden = false; });
})();
