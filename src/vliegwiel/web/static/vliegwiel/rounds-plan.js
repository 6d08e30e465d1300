// Changing a plan by dragging or with the keys; the effect is asked at once and said aloud. The buttons on the page do the same.
(() => {
  "use strict";
  const lanes = document.querySelector("[data-change]");
  const effect = document.querySelector("[data-effect]");
  if (!lanes || !effect) return;
  const said = effect.querySelector("[data-said]");
  const doIt = effect.querySelector("[data-doit]");
  const form = document.querySelector(".vw-stopdo");
  if (!form) return;
  const field = (name) => form.querySelector(`[name="${name}"]`).value;
  let moving = null;
  let asked = null;
  let home = null;
  let turn = 0;

  const lines = () => lanes.querySelectorAll(".vw-stopline[data-code]");
  lines().forEach((line) => {
    line.draggable = true;
    line.tabIndex = 0;
    line.setAttribute("aria-keyshortcuts", "Alt+ArrowUp Alt+ArrowDown Alt+ArrowLeft Alt+ArrowRight");
  });

  function remember(line) {
    home = { parent: line.parentNode, next: line.nextSibling };
  }

  function back() {
    if (asked && home) home.parent.insertBefore(asked.line, home.next);
    asked = null;
    effect.hidden = true;
    number();
  }

  function number() {
    lanes.querySelectorAll(".vw-stops").forEach((list) => {
      list.querySelectorAll(".vw-stopline[data-code]").forEach((line, index) => {
        line.querySelector(".vw-stopno").textContent = String(index + 1);
      });
    });
  }

  function place(line) {
    const all = [...line.parentNode.querySelectorAll(".vw-stopline[data-code]")];
    return all.indexOf(line) + 1;
  }

  function body(line, look) {
    const sent = new FormData();
    for (const name of ["csrfmiddlewaretoken", "versie", "dag", "soort"]) sent.set(name, field(name));
    sent.set("container", line.dataset.code);
    sent.set("wat", "verplaatsen");
    sent.set("wagen", line.closest("[data-truck]").dataset.truck);
    sent.set("plek", String(place(line)));
    if (look) sent.set("doe", "bekijk");
    return sent;
  }

  async function ask(line) {
    const mine = ++turn;
    asked = { line };
    number();
    effect.hidden = false;
    effect.classList.remove("is-refused");
    doIt.hidden = true;
    said.textContent = `${line.dataset.name}: uitrekenen…`;
    const answer = await send(body(line, true));
    if (mine !== turn || !asked) return;
    said.textContent = `${line.dataset.name} naar stop ${place(line)}. ${answer.zin}`;
    effect.classList.toggle("is-refused", !answer.kan);
    doIt.hidden = false;
    effect.querySelector("[data-apply]").hidden = !answer.kan;
  }

  async function send(sent) {
    try {
      const response = await fetch(lanes.dataset.change, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (response.ok) return answer;
      return { zin: answer.detail || "Dat lukte niet.", kan: false };
    } catch {
      return { zin: "Er is nu geen verbinding. Probeer het zo opnieuw.", kan: false };
    }
  }

  effect.querySelector("[data-undo]").addEventListener("click", () => {
    const line = asked && asked.line;
    back();
    if (line) line.focus();
  });
  effect.querySelector("[data-apply]").addEventListener("click", async () => {
    if (!asked) return;
    const answer = await send(body(asked.line, false));
    if (answer.naar) window.location.assign(answer.naar);
    else { said.textContent = answer.zin; effect.classList.add("is-refused"); }
  });

  lanes.addEventListener("dragstart", (event) => {
    const line = event.target.closest(".vw-stopline[data-code]");
    if (!line) return;
    if (asked && asked.line !== line) back();
    if (!asked) remember(line);
    moving = line;
    line.classList.add("is-moving");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", line.dataset.code);
  });
  lanes.addEventListener("dragover", (event) => {
    if (!moving || !event.target.closest("[data-truck]")) return;
    event.preventDefault();
    mark(event.target);
  });
  lanes.addEventListener("drop", (event) => {
    const lane = event.target.closest("[data-truck]");
    if (!moving || !lane) return;
    event.preventDefault();
    const target = event.target.closest(".vw-stopline");
    lane.querySelector(".vw-stops").insertBefore(moving, target && target !== moving ? target : null);
    ask(moving);
  });
  lanes.addEventListener("dragend", () => {
    if (moving) moving.classList.remove("is-moving");
    moving = null;
    mark(null);
  });

  function mark(target) {
    lanes.querySelectorAll(".is-target").forEach((one) => one.classList.remove("is-target"));
    if (!target) return;
    const line = target.closest(".vw-stopline");
    (line || target.closest("[data-truck]")).classList.add("is-target");
  }

  lanes.addEventListener("keydown", (event) => {
    const line = event.target.closest(".vw-stopline[data-code]");
    if (!line || !event.altKey || !event.key.startsWith("Arrow") || event.target !== line) return;
    event.preventDefault();
    if (asked && asked.line !== line) back();
    if (!asked) remember(line);
    const list = line.parentNode;
    const all = [...list.querySelectorAll(".vw-stopline[data-code]")];
    const at = all.indexOf(line);
    if (event.key === "ArrowUp" && at > 0) list.insertBefore(line, all[at - 1]);
    else if (event.key === "ArrowDown" && at < all.length - 1) list.insertBefore(line, all[at + 1].nextSibling);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const trucks = [...lanes.querySelectorAll("[data-truck]")];
      const now = trucks.indexOf(line.closest("[data-truck]"));
      const other = trucks[now + (event.key === "ArrowRight" ? 1 : -1)];
      if (!other) return;
      const there = other.querySelectorAll(".vw-stopline[data-code]");
      other.querySelector(".vw-stops").insertBefore(line, there[at] || null);
    } else return;
    line.focus();
    ask(line);
  });
})();
