// The map of a day, live: Leaflet over the base map of PDOK. Without network, script or Leaflet the drawing stays as it is.
(() => {
  "use strict";
  const box = document.getElementById("kaart");
  const source = document.getElementById("kaart-gegevens");
  if (!box || !source || typeof window.L !== "object") return;
  const data = JSON.parse(source.textContent);
  const TILES = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png";
  const SVG = "http://www.w3.org/2000/svg";

  // Only where the base map answers is the live map better than the drawing.
  const probe = new Image();
  probe.onload = () => start();
  probe.onerror = () => { box.querySelector(".vw-mapgone").hidden = false; };
  probe.src = TILES.replace("{z}", "8").replace("{x}", "131").replace("{y}", "84");

  function start() {
    const place = document.createElement("div");
    place.className = "vw-leaflet";
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", "Kaart. Dezelfde gegevens staan in de lijsten op deze pagina.");
    box.prepend(place);
    box.classList.add("is-live");
    const map = L.map(place, { zoomSnap: 0.5, scrollWheelZoom: false, attributionControl: false });
    const layer = L.tileLayer(TILES, { minZoom: 6, maxZoom: 19 }).addTo(map);
    layer.on("tileerror", () => { box.querySelector(".vw-mapgone").hidden = false; });
    box.querySelector(".vw-mapnote").hidden = false;
    const bounds = L.latLngBounds([]);
    data.routes.forEach((line, index) => {
      L.polyline(line, { className: index ? "vw-way vw-way2" : "vw-way", weight: 3.5, dashArray: index ? "9 5" : null }).addTo(map);
      line.forEach((point) => bounds.extend(point));
    });
    for (const [code, lat, lon, name] of data.containers) {
      const drawn = box.querySelector(`.vw-map [data-code="${CSS.escape(code)}"]`);
      if (!drawn) continue;
      const svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("viewBox", "-22 -24 44 48");
      svg.setAttribute("aria-hidden", "true");
      const copy = drawn.cloneNode(true);
      copy.removeAttribute("class");
      svg.append(copy);
      const icon = L.divIcon({ className: "vw-pinicon", html: svg, iconSize: [44, 48], iconAnchor: [22, 24] });
      const link = document.createElement("a");
      link.href = `/rondes/container/${encodeURIComponent(code)}/`;
      link.textContent = name;
      L.marker([lat, lon], { icon, title: name, alt: name, keyboard: false }).bindPopup(link).addTo(map);
      bounds.extend([lat, lon]);
    }
    for (const [name, lat, lon] of data.places) {
      L.circleMarker([lat, lon], { radius: 7, weight: 3, className: "vw-way" }).bindTooltip(name).addTo(map);
      bounds.extend([lat, lon]);
    }
    map.fitBounds(bounds, { padding: [24, 24] });
  }
})();
