// The drawing of a process, by bpmn-js. Without script, or when the drawing cannot be read, the table says the same.
(() => {
  "use strict";
  const place = document.getElementById("tekening");
  const data = document.getElementById("tekening-bpmn");
  if (!place || !data || typeof window.BpmnJS !== "function") return;
  const section = place.closest("section");
  section.hidden = false;
  const viewer = new window.BpmnJS({ container: place });
  const canvas = () => viewer.get("canvas");
  const readable = 0.85;

  const fit = () => {
    const c = canvas();
    c.zoom("fit-viewport");
    // On a narrow screen all at once cannot be read: then begin at the left, at a size that can.
    if (c.zoom() < 0.4) {
      const box = c.viewbox();
      c.viewbox({ x: box.inner.x - 10, y: box.inner.y - 10, width: box.outer.width / readable, height: box.outer.height / readable });
    }
  };
  const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

  viewer.importXML(JSON.parse(data.textContent)).then(
    () => {
      fit();
      section.dataset.drawn = "true";
      section.querySelectorAll("[data-zoom]").forEach((button) =>
        button.addEventListener("click", () => {
          const how = button.dataset.zoom;
          if (how === "fit") canvas().zoom("fit-viewport");
          else canvas().zoom(canvas().zoom() * (how === "in" ? 1.25 : 0.8));
        }),
      );
      place.addEventListener("keydown", (event) => {
        const step = steps[event.key];
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        canvas().scroll({ dx: step[0], dy: step[1] });
      });
    },
    () => {
      section.hidden = true;
    },
  );
})();
