(function () {
  const id = (name) => document.getElementById(name);
  async function send(mark) {
    const said = id("mark-said");
    try {
      const answer = await fetch("mark", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(mark),
      });
      said.textContent = answer.ok ? said.dataset.taken : await answer.text();
    } catch (error) {
      said.textContent = String(error);
    }
  }
  for (const button of document.querySelectorAll("#manual button[data-what]")) {
    button.addEventListener("click", () => {
      const what = button.dataset.what;
      const mark = { what };
      if (what === "consent") Object.assign(mark, { scope: id("mark-scope").value, state: button.dataset.state });
      if (what === "function") Object.assign(mark, { name: id("mark-name").value, begins: Boolean(button.dataset.begins) });
      if (what === "note") mark.text = id("mark-text").value;
      send(mark);
    });
  }
  id("screen").addEventListener("click", (event) => {
    const picture = event.currentTarget;
    const scale = picture.naturalWidth / picture.clientWidth;
    send({ what: "tap", x: Math.round(event.offsetX * scale), y: Math.round(event.offsetY * scale) });
  });
  let listed = "";
  document.addEventListener("monitor-state", (event) => {
    const controls = event.detail.controls || [];
    const now = JSON.stringify(controls);
    if (now === listed) return;
    listed = now;
    id("controls").replaceChildren(...controls.map((one) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = one.label;
      button.addEventListener("click", () => send({ what: "tap", x: one.x, y: one.y }));
      return button;
    }));
  });
})();
