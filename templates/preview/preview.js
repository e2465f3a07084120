"use strict";
// Keeps the page as the files are: what differs is taken from a fresh copy of this page.
const frame = document.querySelector("iframe");
const shown = document.getElementById("preview").dataset;
let events, busy = false, again = false;

function say(id, text) {
  // A status that stays the same must not be read out again.
  const place = document.getElementById(id);
  if (place.textContent !== text) place.textContent = text;
}

function listen() {
  events?.close();
  events = new EventSource(document.body.dataset.events);
  events.onmessage = event => {
    say("connection", "");
    if (event.data !== shown.version) update();
  };
  events.onerror = () => say("connection", "预览停了，或者连不上。再运行 serve，打开它给出的地址");
}

async function update() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch(location.href);
    if (answer.redirected) { location.reload(); return; }
    if (answer.ok) await take(parsed(await answer.text()));
  } catch {
    say("connection", "没有取到新的一版");
  } finally {
    busy = false;
    if (again) { again = false; update(); }
  }
}

function parsed(text) {
  // Its style has a nonce of its own, which this page's policy doesn't know, and is here already.
  return new DOMParser().parseFromString(text.replace(/<style[^]*?<\/style>/, ""), "text/html");
}

async function take(fresh) {
  const next = fresh.getElementById("preview").dataset;
  if (!frame) {
    // The list keeps its scroll position, and the link that has the keyboard.
    const place = document.getElementById("preview"), link = document.activeElement?.getAttribute("href");
    place.replaceChildren(...fresh.getElementById("preview").childNodes);
    if (link) place.querySelector(`a[href="${CSS.escape(link)}"]`)?.focus({ preventScroll: true });
    shown.version = next.version;
    return;
  }
  if (next.pageVersion !== shown.pageVersion) await turn();
  shown.pageVersion = next.pageVersion;
  document.title = fresh.title;
  for (const id of ["summary", "notice"]) say(id, fresh.getElementById(id).textContent);
  document.getElementById("summary").className = fresh.getElementById("summary").className;
  document.getElementById("others").innerHTML = fresh.getElementById("others").innerHTML;
  list(fresh.getElementById("findings"));
  shown.version = next.version;
}

// The report, put into the frame as it is but for what would only knock at other addresses: the
// frame's policy lets nothing of that through, yet a browser may connect before it asks the policy.
const OUTSIDE = "base, embed, frame, iframe, link, meta[http-equiv], object, script";

let turning = Promise.resolve();

function turn() {
  turning = turning.catch(() => {}).then(fill);
  return turning;
}

async function fill() {
  const page = frame.contentDocument, view = frame.contentWindow;
  const text = await (await fetch(document.body.dataset.page)).text();
  // The frame's own parser goes by the frame's policy, which allows a report its styles.
  const fresh = new view.DOMParser().parseFromString(text, "text/html");
  for (const element of fresh.querySelectorAll(OUTSIDE)) element.remove();
  // A link that leads away may open no window from within the frame, nor take its place: see below.
  for (const link of fresh.querySelectorAll("a[href]:not([href^='#'])")) {
    link.setAttribute("target", "_blank");
  }
  // Replaced where it stands, so that nothing jumps or flickers.
  const place = [view.scrollX, view.scrollY];
  const sideways = [...page.querySelectorAll(".scroll")].map(box => box.scrollLeft);
  page.documentElement.replaceWith(fresh.documentElement);
  [...page.querySelectorAll(".scroll")].forEach((box, n) => { box.scrollLeft = sideways[n] ?? 0; });
  view.scrollTo(...place);
}

// The findings: those that were open stay open, and the keyboard stays where it was.
function list(fresh) {
  const findings = document.getElementById("findings");
  const key = element => element?.closest("details")?.dataset.key;
  const open = new Set([...findings.querySelectorAll("details[open]")].map(key));
  const active = findings.contains(document.activeElement) ? key(document.activeElement) : undefined;
  const top = findings.scrollTop;
  findings.replaceChildren(...fresh.childNodes);
  for (const details of findings.querySelectorAll("details")) {
    if (open.has(details.dataset.key)) details.open = true;
    if (active && details.dataset.key === active) details.firstElementChild.focus();
  }
  if (active && !findings.contains(document.activeElement)) findings.focus();
  findings.scrollTop = top;
  allowCopying();
}

function marks(key) {
  return [...frame.contentDocument.querySelectorAll("[data-finding]")].filter(mark => mark.dataset.finding === key);
}

// Scrolls to the mark of a finding and highlights it; a finding without one is about the whole file.
function show(key) {
  for (const mark of frame.contentDocument.querySelectorAll(".shown")) mark.classList.remove("shown");
  const [mark] = marks(key);
  if (!mark) { frame.contentWindow.scrollTo(0, 0); return; }
  mark.classList.add("shown");
  mark.scrollIntoView({block: "center", inline: "center"});
}

// Opens the finding of a mark.
function explain(key) {
  const details = document.getElementById(`finding-${key}`);
  if (!details) return;
  details.open = true;
  details.scrollIntoView({block: "nearest"});
  details.firstElementChild.focus();
  show(key);
}

function allowCopying() {
  if (navigator.clipboard) for (const button of document.querySelectorAll(".copy")) button.hidden = false;
}

if (frame) {
  const findings = document.getElementById("findings");
  findings.addEventListener("click", event => {
    if (!event.target.matches(".copy")) return;
    navigator.clipboard.writeText(event.target.previousElementSibling.textContent);
    event.target.textContent = "已复制";
  });
  // A finding that is opened shows its mark in the report.
  findings.addEventListener("click", event => {
    const opened = event.target.closest("summary")?.parentElement;
    if (opened && !opened.open) show(opened.dataset.key);
  });
  frame.addEventListener("load", () => {
    if (!frame.contentDocument) return; // a page of the browser's own: the server has gone
    if (shown.pageVersion) turn();
    frame.contentDocument.addEventListener("click", event => {
      // The frame shows this report and nothing else; another address gets a window of its own.
      const link = event.target.closest?.("a[href]");
      if (link?.dataset.finding) {
        event.preventDefault();
        explain(link.dataset.finding);
      }
      if (!link || link.getAttribute("href").startsWith("#")) return;
      event.preventDefault();
      if (/^https?:$/.test(link.protocol)) open(link.href, "_blank", "noopener,noreferrer");
    });
  });
  frame.src = "/frame";
  allowCopying();
}

// A browser keeps few connections to one server: pages that nobody sees give theirs back.
document.addEventListener("visibilitychange", () => { document.hidden ? events.close() : listen(); });
listen();
