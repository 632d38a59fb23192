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
    const seconds = (t - data.origin) / 1e6; // from the app's start, as in the account of a finding
    return (seconds >= 0 ? "+" : "") + seconds.toFixed(until - from < 5e6 ? 3 : 1) + " s";
  }
  function short(text) { const all = Array.from(text); return all.length > 24 ? all.slice(0, 23).join("") + "…" : text; }

  const folded = new Set();
  const owners = new Map();
  for (const article of document.querySelectorAll("article[data-seqs]")) {
    for (const seq of article.dataset.seqs.split(" ")) if (!owners.has(Number(seq))) owners.set(Number(seq), article);
  }
  let lit = 0;
  const facts = JSON.parse(document.getElementById("panel-data").textContent);
  const panel = document.getElementById("panel");
  const part = (name) => document.getElementById("panel-" + name);
  let opener = null;
  function open(seq, line) {
    const one = facts.events[seq] || { what: line || "", fields: [], stack: 0, shot: 0, finding: 0 };
    part("h").textContent = `${part("h").dataset.text || (part("h").dataset.text = part("h").textContent)} #${seq}`;
    part("what").textContent = one.what;
    part("fields").replaceChildren(...one.fields.flatMap(([name, value]) => {
      const term = document.createElement("dt"), said = document.createElement("dd");
      term.textContent = name;
      said.textContent = value;
      return [term, said];
    }));
    const frames = facts.stacks[one.stack] || [];
    part("stack").hidden = frames.length === 0;
    part("stack").querySelector("ol").replaceChildren(...frames.map((frame) => {
      const item = document.createElement("li");
      item.textContent = frame;
      return item;
    }));
    const link = part("finding");
    link.hidden = !one.finding;
    link.textContent = link.dataset.text.replace("{n}", one.finding);
    link.href = "#f" + one.finding;
    const picture = document.querySelector(`#shot-${one.shot} img`);
    part("shot").hidden = !picture;
    if (picture) part("shot").src = picture.src;
    opener = document.activeElement;
    if (!panel.open) panel.show();
    part("close").focus({ preventScroll: true });
  }
  part("close").addEventListener("click", () => panel.close());
  panel.addEventListener("close", () => { if (opener && opener.isConnected) opener.focus({ preventScroll: true }); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && panel.open) panel.close(); });
  part("finding").addEventListener("click", () => {
    const article = document.querySelector(part("finding").getAttribute("href"));
    if (article) show(article);
  });
  function show(article) {
    for (const other of document.querySelectorAll(".finding.lit")) other.classList.remove("lit");
    article.hidden = false;
    article.closest("section").hidden = false;
    article.closest("details.fold").open = true;
    article.classList.add("lit");
    article.scrollIntoView({ block: "center" });
  }
  function bins(plot, points) {
    const size = 6, counts = new Map();
    for (const [lane, t] of points) {
      const key = lane + ":" + Math.floor(x(t) / size);
      counts.set(key, (counts.get(key) || 0) + 1);
    }
    const most = Math.max(...counts.values());
    for (const [key, count] of counts) {
      const [lane, column] = key.split(":").map(Number);
      const tall = 3 + (LANE - 8) * Math.log(1 + count) / Math.log(1 + most);
      const y = TOP + (scopes.length + lane + 1) * LANE - 3 - tall;
      const bar = make("rect", { x: column * size, y, width: size - 1, height: tall, class: "bin" });
      bar.append(make("title", {}, String(count)));
      plot.append(bar);
    }
  }

  function draw() {
    width = Math.max(host.clientWidth, 400);
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": host.getAttribute("aria-label") });
    const clip = make("clipPath", { id: "plot" });
    clip.append(make("rect", { x: LEFT, y: 0, width: width - LEFT, height }));
    svg.append(clip);
    const plot = make("g", { "clip-path": "url(#plot)" });
    const size = step(until - from);
    for (let at = Math.ceil((from - data.origin) / size) * size + data.origin; at <= until; at += size) {
      plot.append(make("line", { x1: x(at), x2: x(at), y1: TOP - 6, y2: height, class: "rule" }));
      plot.append(make("text", { x: x(at) + 3, y: 13, class: "axis" }, name(at)));
    }
    scopes.concat(data.lanes).forEach((lane, row) => {
      const y = TOP + row * LANE;
      const text = make("text", { x: 8, y: y + 17, class: "lane" }, short(lane));
      text.append(make("title", {}, lane));
      const place = row - scopes.length;
      if (place >= 0) text.addEventListener("click", () => { folded.has(place) ? folded.delete(place) : folded.add(place); draw(); });
      if (folded.has(place)) text.setAttribute("opacity", "0.4");
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
    const seen = data.points.filter((one) => one[1] + one[2] >= from && one[1] - one[2] <= until && !folded.has(one[0]));
    // Where marks would hide each other, plain ones are drawn as a density; what findings name stays a mark.
    const dense = seen.length > 1500;
    if (dense) bins(plot, seen.filter((one) => !one[5] && one[0] !== 0));
    for (const [lane, t, err, seq, kind, status, text] of dense ? seen.filter((one) => one[5] || one[0] === 0) : seen) {
      const y = TOP + (scopes.length + lane) * LANE + LANE / 2;
      if (x(t + err) - x(t - err) > 4) plot.append(make("line", { x1: x(t - err), x2: x(t + err), y1: y, y2: y, class: "error" }));
      const shape = kind === "transmission"
        ? make("rect", { x: x(t) - 4, y: y - 4, width: 8, height: 8 })
        : make("circle", { cx: x(t), cy: y, r: status ? 5 : 3.5 });
      shape.setAttribute("class", "p " + kind + (lane === 0 ? " user" : "") + (status ? " " + status : ""));
      const line = `${name(t)} ±${(err / 1000).toFixed(1)} ms · #${seq} · ${text}`;
      shape.append(make("title", {}, line));
      shape.addEventListener("pointerenter", () => { tip.textContent = line; });
      if (seq === lit) shape.classList.add("lit");
      const article = owners.get(seq);
      if (article || facts.events[seq]) shape.classList.add("linked");
      shape.addEventListener("click", () => { if (article) show(article); open(seq, line); });
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
      open(Number(link.dataset.seq), point ? point[6] : "");
      if (!point || link.tagName === "BUTTON") return;
      lit = point[3];
      view(point[1] - 1e6, point[1] + 1e6);
      tip.textContent = `${name(point[1])} · #${point[3]} · ${point[6]}`;
      host.scrollIntoView({ block: "center" });
    });
  }
  window.addEventListener("resize", draw);
  window.addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details:not(.screen)")) one.open = true; });
  draw();

  // Each screen is in the page once; findings show the same picture.
  for (const picture of document.querySelectorAll("img[data-shot]")) {
    const source = document.querySelector(`#shot-${picture.dataset.shot} img`);
    if (source) picture.src = source.src;
  }
  for (const picture of document.querySelectorAll("image[data-shot]")) {
    const source = document.querySelector(`#shot-${picture.dataset.shot} img`);
    if (source) picture.setAttribute("href", source.src);
  }

  // What a search finds is marked without a change to the page.
  function mark(words) {
    if (!window.CSS || !CSS.highlights) return;
    const ranges = [];
    const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (words.length && ranges.length < 2000 && walk.nextNode()) {
      const node = walk.currentNode;
      if (!node.parentElement.closest("article.finding, section.group, table.filterable") || node.parentElement.closest("[hidden]")) continue;
      const text = node.textContent.toLocaleLowerCase();
      if (text.length !== node.textContent.length) continue;
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("hit", new Highlight(...ranges));
  }
  if (window.matchMedia("(max-width:640px)").matches) for (const one of document.querySelectorAll("details.fold")) one.open = false;
  for (const button of document.querySelectorAll("[data-curl]")) {
    button.addEventListener("click", () => {
      const text = button.dataset.curl;
      const copied = () => { tip.textContent = text; button.classList.add("done"); };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(copied, copied);
      else copied();
    });
  }

  const form = document.getElementById("filter");
  if (form) {
    const articles = Array.from(document.querySelectorAll("article.finding"));
    const matched = document.getElementById("matched");
    const apply = () => {
      const wanted = new FormData(form);
      const words = String(wanted.get("q") || "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const article of articles) {
        const text = (article.textContent + " " + article.closest("section").querySelector("h3").textContent).toLocaleLowerCase();
        const fits = ["status", "level", "sdk", "data", "rule"].every((name) => !wanted.get(name) || article.dataset[name] === wanted.get(name))
          && (!wanted.get("item") || article.dataset.item.split(" ").includes(wanted.get("item")))
          && words.every((word) => text.includes(word));
        article.hidden = !fits;
        if (fits) count += 1;
      }
      for (const section of document.querySelectorAll("section.group")) {
        const row = document.querySelector(`tr[data-group="${section.id}"]`);
        section.hidden = !section.querySelector("article:not([hidden])");
        if (!row) continue;
        row.hidden = section.hidden;
        for (const place of row.querySelectorAll("[data-count]")) {
          place.textContent = section.querySelectorAll(`article[data-status="${place.dataset.count}"]:not([hidden])`).length;
        }
      }
      for (const row of document.querySelectorAll("table.filterable tbody tr")) {
        const text = row.textContent.toLocaleLowerCase();
        row.hidden = !(words.every((word) => text.includes(word)) && (!wanted.get("sdk") || row.dataset.sdk === wanted.get("sdk"))
          && (!wanted.get("data") || row.dataset.data.split(" ").includes(wanted.get("data"))));
      }
      mark(words);
      matched.textContent = matched.dataset.text.replace("{n}", count).replace("{all}", articles.length);
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    table.querySelectorAll("thead th").forEach((head, column) => {
      if ("plain" in head.dataset) return;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = Array.from(body.rows).sort((a, b) =>
          a.cells[column].textContent.localeCompare(b.cells[column].textContent, undefined, { numeric: true }));
        body.append(...(down ? rows.reverse() : rows));
      });
    });
  }
})();
