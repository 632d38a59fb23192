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
  const last = {};
  function filled(list, none, rows, make) {
    const said = JSON.stringify(rows);
    if (last[list] === said) return; // what has not changed keeps its focus
    last[list] = said;
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
  function opens(button, row, number) {
    button.type = "button";
    button.dataset.row = number;
    button.addEventListener("click", () => {
      id("panel-what").textContent = row.title || row.what;
      const rows = document.createDocumentFragment();
      for (const [name, value] of row.fields) { put(rows, "dt", "", name); put(rows, "dd", "", value); }
      id("panel-fields").replaceChildren(rows);
      const frames = document.createDocumentFragment();
      for (const frame of row.stack || []) put(frames, "li", "", frame);
      id("panel-stack").replaceChildren(frames);
      if (!id("panel").open) id("panel").show();
      id("panel-close").focus();
    });
  }
  id("panel-close").addEventListener("click", () => id("panel").close());
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && id("panel").open) id("panel").close(); });
  // Consent over the session so far: a row a scope, a band a state.
  function bands(marks, seconds) {
    const made = document.createDocumentFragment();
    const scopes = [...new Set(marks.map((mark) => mark.scope))].slice(0, 12);
    for (const scope of scopes) {
      const own = marks.filter((mark) => mark.scope === scope);
      const svg = document.createElementNS(NS, "svg");
      svg.setAttribute("viewBox", `0 0 ${seconds} 10`);
      svg.setAttribute("preserveAspectRatio", "none");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", scope + ": " + own.map((mark) => `${mark.at} s ${mark.name}`).join(", "));
      own.forEach((mark, place) => {
        const bar = document.createElementNS(NS, "rect");
        const until = place + 1 < own.length ? own[place + 1].at : seconds;
        for (const [name, value] of [["x", mark.at], ["y", 1], ["width", Math.max(until - mark.at, 0.4)], ["height", 8]]) bar.setAttribute(name, value);
        bar.setAttribute("class", mark.state);
        svg.append(bar);
      });
      const box = put(made, "div", "band", "");
      put(box, "span", "soft", scope);
      box.append(svg);
    }
    id("bands").replaceChildren(made);
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
      opens(put(item, "button", "link", row.title), row, row.id);
      item.append(` ${row.level_name} · ${row.about} ${row.count}`);
    });
    id("walk").hidden = !state.places.length;
    filled("places", "no-places", state.places, (list, text) => put(list, "li", "", text));
    id("app").textContent = state.app;
    id("scenario").textContent = state.scenario;
    filled("recent", "no-recent", state.recent, (list, row) => {
      const line = put(list, "tr", row.kind, "");
      put(line, "td", "", row.second);
      opens(put(put(line, "td", "mono", ""), "button", "link", row.what), row, row.seq);
      put(line, "td", "", row.data);
      put(line, "td", "", row.owner);
    });
    bands(state.bands, Math.max(state.seconds, 1));
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
