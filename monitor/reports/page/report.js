"use strict";
(function () {
  const data = JSON.parse(document.getElementById("timeline-data").textContent);
  const host = document.getElementById("timeline");
  const tip = document.getElementById("tip");
  const NS = "http://www.w3.org/2000/svg";
  const LEFT = 170, LANE = 26, TOP = 24;
  const scopes = Array.from(new Set(data.bands.map((band) => band.scope)));
  const rows = scopes.length + data.lanes.length;
  const height = TOP + rows * LANE + 8;
  let from = 0, until = data.length, width = 900;

  function make(name, attributes, text) {
    const node = document.createElementNS(NS, name);
    for (const key of Object.keys(attributes)) node.setAttribute(key, String(attributes[key]));
    if (text !== undefined) node.textContent = text;
    return node;
  }
  function x(t) { return LEFT + (t - from) / (until - from) * (width - LEFT - 10); }
  function step(span) {
    let size = 1000;
    for (const factor of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000, 300000, 600000, 3600000]) {
      size = factor * 1000;
      if (span / size <= Math.max((width - LEFT) / 80, 2)) return size;
    }
    return span / 10;
  }
  function name(t) {
    const seconds = t / 1e6;
    return (seconds >= 0 ? "+" : "") + seconds.toFixed(until - from < 5e6 ? 3 : 1) + " s";
  }
  function short(text) { const all = Array.from(text); return all.length > 24 ? all.slice(0, 23).join("") + "…" : text; }

  function draw() {
    width = Math.max(host.clientWidth, 400);
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": host.getAttribute("aria-label") });
    const clip = make("clipPath", { id: "plot" });
    clip.append(make("rect", { x: LEFT, y: 0, width: width - LEFT, height }));
    svg.append(clip);
    const plot = make("g", { "clip-path": "url(#plot)" });
    const size = step(until - from);
    for (let at = Math.ceil(from / size) * size; at <= until; at += size) {
      plot.append(make("line", { x1: x(at), x2: x(at), y1: TOP - 6, y2: height, class: "rule" }));
      plot.append(make("text", { x: x(at) + 3, y: 13, class: "axis" }, name(at)));
    }
    scopes.concat(data.lanes).forEach((lane, row) => {
      const y = TOP + row * LANE;
      const text = make("text", { x: 8, y: y + 17, class: "lane" }, short(lane));
      text.append(make("title", {}, lane));
      svg.append(text, make("line", { x1: 0, x2: width, y1: y + LANE, y2: y + LANE, class: "rule" }));
    });
    for (const band of data.bands) {
      const y = TOP + scopes.indexOf(band.scope) * LANE + 4;
      const start = x(band.from), edge = Math.max(x(band.from + band.err) - start, 0);
      const tone = "band-" + band.state;
      plot.append(make("rect", { x: start - edge, y, width: 2 * edge, height: LANE - 8, class: "edge " + tone }));
      const body = make("rect", { x: start + edge, y, width: Math.max(x(band.until) - start - edge, 2), height: LANE - 8, class: "band " + tone });
      body.append(make("title", {}, `${band.scope}: ${band.name} (#${band.seq}, ±${(band.err / 1000).toFixed(1)} ms)`));
      plot.append(body);
      if (x(band.until) - start > 60) plot.append(make("text", { x: Math.max(start + edge, LEFT) + 5, y: y + 13, class: "bandname" }, band.name));
    }
    for (const [lane, t, err, seq, kind, status, text] of data.points) {
      if (t + err < from || t - err > until) continue;
      const y = TOP + (scopes.length + lane) * LANE + LANE / 2;
      if (x(t + err) - x(t - err) > 4) plot.append(make("line", { x1: x(t - err), x2: x(t + err), y1: y, y2: y, class: "error" }));
      const shape = kind === "transmission"
        ? make("rect", { x: x(t) - 4, y: y - 4, width: 8, height: 8 })
        : make("circle", { cx: x(t), cy: y, r: status ? 5 : 3.5 });
      shape.setAttribute("class", "p " + kind + (lane === 0 ? " user" : "") + (status ? " " + status : ""));
      const line = `${name(t)} ±${(err / 1000).toFixed(1)} ms · #${seq} · ${text}`;
      shape.append(make("title", {}, line));
      shape.addEventListener("pointerenter", () => { tip.textContent = line; });
      plot.append(shape);
    }
    svg.append(plot);
    host.replaceChildren(svg);
  }
  function view(a, b) {
    const span = Math.min(Math.max(b - a, 2000), data.length * 1.1);
    const middle = Math.min(Math.max((a + b) / 2, 0), data.length);
    from = middle - span / 2;
    until = middle + span / 2;
    draw();
  }
  function zoom(factor, at) { view(at - (at - from) * factor, at + (until - at) * factor); }
  function move(part) { const by = (until - from) * part; view(from + by, until + by); }

  host.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && Math.abs(event.deltaX) < Math.abs(event.deltaY) && document.activeElement !== host) return;
    event.preventDefault();
    const place = (event.clientX - host.getBoundingClientRect().left - LEFT) / (width - LEFT);
    zoom(event.deltaY > 0 ? 1.25 : 0.8, from + Math.max(place, 0) * (until - from));
  }, { passive: false });
  let held = null;
  host.addEventListener("pointerdown", (event) => { held = event.clientX; host.focus({ preventScroll: true }); });
  window.addEventListener("pointerup", () => { held = null; });
  host.addEventListener("pointermove", (event) => {
    if (held === null) return;
    move((held - event.clientX) / (width - LEFT));
    held = event.clientX;
  });
  const keys = { ArrowLeft: () => move(-0.2), ArrowRight: () => move(0.2), "+": () => zoom(0.7, (from + until) / 2),
    "=": () => zoom(0.7, (from + until) / 2), "-": () => zoom(1.4, (from + until) / 2), "0": () => view(0, data.length) };
  host.addEventListener("keydown", (event) => { if (keys[event.key]) { event.preventDefault(); keys[event.key](); } });
  for (const button of document.querySelectorAll("[data-key]")) button.addEventListener("click", () => keys[button.dataset.key]());
  for (const link of document.querySelectorAll("[data-seq]")) {
    link.addEventListener("click", () => {
      const point = data.points.find((one) => one[3] === Number(link.dataset.seq));
      if (!point) return;
      view(point[1] - 1e6, point[1] + 1e6);
      tip.textContent = `${name(point[1])} · #${point[3]} · ${point[6]}`;
      host.scrollIntoView({ block: "center" });
    });
  }
  window.addEventListener("resize", draw);
  draw();
})();
