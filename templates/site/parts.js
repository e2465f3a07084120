"use strict";
// Loads data from scripts in the folder of the site: a page that is opened from a disk may not fetch
// anything. Each of them is one call of nianbaoPart with its path, without .js, and its data.
const partsTop = document.currentScript.dataset.top;
const partsWaited = new Map();

function nianbaoPart(name, data) {
  partsWaited.get(name)?.done(data);
}

// The promise of the data of a part.
function loadPart(name) {
  const known = partsWaited.get(name);
  if (known) return known.promise;
  const entry = {};
  partsWaited.set(name, entry);
  const script = document.createElement("script");
  entry.promise = new Promise((done, failed) => {
    entry.done = done;
    script.onerror = script.onload = () => failed(new Error(name)); // too late, if it has called
  }).finally(() => {
    partsWaited.delete(name);
    script.remove();
  });
  script.src = `${partsTop}${name}.js`;
  document.head.append(script);
  return entry.promise;
}

// An element with attributes and content: texts, which are never read as HTML, and elements.
function make(tag, attributes, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}
