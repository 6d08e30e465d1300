// The driver's page in a tunnel: what is reported goes into a queue on the phone and leaves as soon as there is a network.
// Nothing is lost when the page is closed; sending twice is no mistake, the server knows.
(() => {
  "use strict";
  const main = document.querySelector("[data-worker]");
  const shown = document.querySelector("[data-queue]");
  if (!main || !shown || !("indexedDB" in window)) return;
  const NAME = "vliegwiel-rondes";
  const STORE = "meldingen";
  const LARGEST = 1600;
  let sending = false;

  if ("serviceWorker" in navigator) navigator.serviceWorker.register(main.dataset.worker, { scope: "/rondes/wagen/" }).catch(() => {});

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  async function work(mode, what) {
    const db = await opened;
    return new Promise((resolve, reject) => {
      const asked = what(db.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }
  const all = () => work("readonly", (store) => store.getAll());

  document.querySelectorAll("form[data-stop]").forEach((form) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const what = event.submitter ? event.submitter.value : "geleegd";
      const entry = { url: form.action, stop: form.dataset.stop, name: form.dataset.name, fields: [], photo: null };
      for (const [name, value] of new FormData(form)) {
        if (name === "foto") {
          if (value.size) entry.photo = await smaller(value);
        } else if (name !== "om") entry.fields.push([name, value]);
      }
      entry.fields.push(["wat", what], ["om", new Date().toISOString()]);
      await work("readwrite", (store) => store.add(entry));
      await show();
      await flush(true);
    });
  });

  async function smaller(file) {
    try {
      const picture = await createImageBitmap(file);
      const share = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * share);
      canvas.height = Math.round(picture.height * share);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.8));
    } catch {
      return file;
    }
  }

  async function flush(reload) {
    if (sending) return;
    sending = true;
    let sent = 0;
    let trouble = "";
    try {
      for (const entry of await all()) {
        const body = new FormData();
        const token = document.querySelector('[name="csrfmiddlewaretoken"]');
        for (const [name, value] of entry.fields) body.append(name, name === "csrfmiddlewaretoken" && token ? token.value : value);
        if (entry.photo) body.append("foto", entry.photo, "foto.jpg");
        const response = await fetch(entry.url, { method: "POST", body, headers: { Accept: "application/json" } });
        if (response.ok || response.status === 404 || response.status === 400) {
          if (!response.ok) trouble = `${entry.name}: ${(await response.json()).detail}`;
          await work("readwrite", (store) => store.delete(entry.id));
          sent += 1;
        } else if (response.status === 401 || response.status === 403) {
          trouble = "Log opnieuw in. Uw meldingen staan klaar en gaan dan vanzelf mee.";
          break;
        } else break;
      }
    } catch {
      // No network: the queue stays, and goes when there is one.
    }
    sending = false;
    await show(trouble);
    if (sent && reload && !trouble && !(await all()).length) window.location.reload();
  }

  async function show(trouble) {
    const waiting = await all();
    for (const entry of waiting) {
      const line = document.querySelector(`[data-line="${CSS.escape(entry.stop)}"] [data-state]`);
      const done = entry.fields.some(([name, value]) => name === "wat" && value === "geleegd");
      if (line) line.textContent = done ? "geleegd, wacht op netwerk" : "kon niet, wacht op netwerk";
      const panel = document.querySelector(`[data-next="${CSS.escape(entry.stop)}"]`);
      if (panel) next(panel);
    }
    const text = [trouble || ""];
    if (waiting.length) text.push(`${waiting.length} ${waiting.length === 1 ? "melding wacht" : "meldingen wachten"} op netwerk. U kunt verder rijden.`);
    shown.textContent = text.join(" ").trim();
    shown.hidden = !shown.textContent;
  }

  // The stop on top is reported: fold the first one open that is not, so that the driver can go on without a network.
  function next(panel) {
    panel.querySelectorAll("button, summary").forEach((one) => one.setAttribute("disabled", ""));
    const lines = [...document.querySelectorAll("[data-line]")];
    const at = lines.findIndex((line) => line.dataset.line === panel.dataset.next);
    const coming = [...lines.slice(at + 1), ...lines.slice(0, at)].find((line) => {
      const state = line.querySelector("[data-state]");
      return line.querySelector("details") && state && !state.textContent.trim();
    });
    if (coming) coming.querySelector("details").open = true;
  }

  window.addEventListener("online", () => flush(true));
  show();
  flush(false);
  setInterval(() => flush(true), 20000);
})();
