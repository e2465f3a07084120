"use strict";
// Keys for what the links do without a script: to the next change, to the one before.
{
  const changes = [...document.querySelectorAll(".change")];
  const keys = document.querySelector(".walk label");
  const status = document.querySelector(".walk [role=status]");
  if (keys) keys.hidden = false;

  addEventListener("keydown", event => {
    const step = {n: 1, j: 1, p: -1, k: -1}[event.key];
    if (!step || !keys?.firstElementChild.checked) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const next = changes.findIndex(change => change.matches(":target")) + step;
    location.hash = changes[Math.max(0, Math.min(next, changes.length - 1))].id;
  });
  addEventListener("hashchange", () => {
    const at = document.querySelector(".change:target .steps > span");
    if (at) status.textContent = at.textContent;
  });
}
