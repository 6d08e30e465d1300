// Keeps the driver's page and what it is made of on the phone, so that it opens without a network. Network first: what is kept is
// only shown when nothing else comes. Other pages are left alone.
"use strict";
const KEPT = "vliegwiel-rondes-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (!pathname.startsWith("/rondes/wagen/") && !pathname.startsWith("/static/") && !pathname.startsWith("/huisstijl")) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  const cache = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    // A page that leads to the login is not the driver's page.
    if (response.ok && !response.redirected) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}
