// Keys for the desk. Only a shortcut to links, boxes and fields that are on the page; everything works without this file.
// The page says which: data-key="j" on a link or a field, and J, K and X in the worklist. Not loaded when switched off.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll(".vw-worklist tbody tr:not(.vw-rowgroup)")];
  const linkOf = (row) => row.querySelector("th a");

  // The row that has the focus, or the last one that had it.
  let last = null;
  const current = () => document.activeElement?.closest?.(".vw-worklist tbody tr") ?? last;

  const typing = (target) =>
    target.isContentEditable ||
    target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])");

  const step = (by) => {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(current());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    last = all[next];
    linkOf(last)?.focus();
    return true;
  };

  const pick = () => {
    const box = current()?.querySelector("input[type=checkbox]");
    box?.click();
    return Boolean(box);
  };

  const follow = (key) => {
    const found = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key);
    if (!found) return false;
    if (found.matches("input")) {
      found.focus();
      found.select();
    } else {
      found.click();
    }
    return true;
  };

  const inList = { j: () => step(1), k: () => step(-1), x: pick };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof Element) || typing(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : "";
    if (!key) return;
    const done = (rows().length && inList[key]?.()) || follow(key);
    if (done) event.preventDefault();
  });
})();
