"use strict";
// Searches units and headings while one types, and sentences when the form is sent. Characters are
// compared without regard to case and width, on both sides by the same function.
(() => {
  const SHOWN = 200; // results of each list
  const AROUND = 40; // characters of a sentence before and after what was found
  const form = document.getElementById("search");
  const field = form.elements.namedItem("q");
  const year = form.elements.namedItem("year");
  const status = document.getElementById("search-status");
  const places = document.getElementById("search-places");
  const texts = document.getElementById("search-texts");
  let index, latest = 0;

  const folded = new Map();

  function foldCharacter(character) {
    let found = folded.get(character);
    if (found === undefined) {
      found = character.normalize("NFKC").toLowerCase();
      folded.set(character, found);
    }
    return found;
  }

  function fold(text) {
    return Array.from(text.normalize("NFC"), foldCharacter).join("");
  }

  // The pieces of a text: [text, whether it is what was searched for].
  function pieces(text, wanted) {
    const characters = Array.from(text.normalize("NFC"));
    const starts = [];
    let whole = "";
    characters.forEach((character, number) => {
      const part = foldCharacter(character);
      for (let n = 0; n < part.length; n++) starts.push(number);
      whole += part;
    });
    starts.push(characters.length);
    const found = [];
    let done = 0;
    for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + wanted.length)) {
      const start = starts[at], end = starts[at + wanted.length - 1] + 1;
      if (start < done) continue;
      found.push([characters.slice(done, start).join(""), false]);
      found.push([characters.slice(start, end).join(""), true]);
      done = end;
    }
    found.push([characters.slice(done).join(""), false]);
    return found;
  }

  function marked(text, wanted) {
    return pieces(text, wanted).map(([part, hit]) => hit ? make("mark", {}, part) : part);
  }

  function excerpt(text, wanted) {
    const all = pieces(text, wanted);
    const last = all.length - 1;
    return all.map(([part, hit], number) => {
      if (hit) return make("mark", {}, part);
      const letters = Array.from(part);
      const left = number === 0 ? 0 : AROUND, right = number === last ? 0 : AROUND;
      if (letters.length <= left + right + 2) return part;
      return `${letters.slice(0, left).join("")}…${right ? letters.slice(-right).join("") : ""}`;
    });
  }

  function link(href, anchor, ...content) {
    return make("a", { href: form.dataset.top + href + (anchor && `#${anchor}`) }, ...content);
  }

  function show(list, items, count) {
    list.replaceChildren(...items.slice(0, SHOWN).map(item => make("li", {}, ...item)));
    if (count > SHOWN) list.append(make("li", { class: "note" }, `还有 ${count - SHOWN} 处，没有列出。把词写长一些，或者选一个年度`));
    list.hidden = !count;
    document.getElementById(`${list.id}-title`).hidden = !count;
  }

  // Loads the index, once.
  async function ready() {
    if (index) return;
    index = await loadPart("search/index");
    for (const each of index.years) year.append(make("option", { value: each }, `${each}年`));
  }

  function findPlaces(wanted) {
    const found = [];
    for (const [name, href] of index.units) {
      if (fold(name).includes(wanted)) found.push(() => [link(href, "", ...marked(name, wanted))]);
    }
    const forms = new Map(Object.entries(index.forms).map(([edition, headings]) =>
      [edition, headings.filter(([, title]) => fold(title).includes(wanted))]));
    const seen = new Set(); // folders of units of which the headings of the form are listed
    for (const [unit, ofYear, edition, href, own] of index.reports) {
      if (year.value && year.value !== String(ofYear)) continue;
      const headings = own.filter(([, title]) => fold(title).includes(wanted));
      const folder = href.slice(0, href.lastIndexOf("/") + 1);
      const ofForm = year.value || !seen.has(folder) ? forms.get(String(edition)) : [];
      seen.add(folder);
      for (const [anchor, title] of [...ofForm, ...headings]) {
        found.push(() => [link(href, anchor, `${unit}${ofYear}年：`, ...marked(title, wanted))]);
      }
    }
    show(places, found.slice(0, SHOWN).map(item => item()), found.length);
    return found.length;
  }

  function heading(edition, anchor) {
    return index.forms[edition].find(([id]) => id === anchor)[1];
  }

  // Finds sentences year by year; `current` says whether the reader still wants them.
  async function findSentences(wanted, current) {
    const items = [];
    let count = 0;
    for (const each of year.value ? [Number(year.value)] : index.years) {
      for (let number = 1, more = true; more; number++) {
        const part = await loadPart(`search/${each}-${number}`);
        if (!current()) return count;
        more = part.more;
        for (const [unit, ofYear, edition, href, [anchor, text]] of part.texts) {
          if (!fold(text).includes(wanted)) continue;
          for (const sentence of text.split("\n")) {
            if (!fold(sentence).includes(wanted)) continue;
            count++;
            if (count > SHOWN) continue;
            items.push([link(href, anchor, `${unit}${ofYear}年，${heading(edition, anchor)}`), make("p", {}, ...excerpt(sentence, wanted))]);
          }
        }
        show(texts, items, count);
        status.textContent = `正文 ${count} 处，找到${each}年……`;
      }
    }
    return count;
  }

  async function search(withSentences) {
    const wanted = fold(field.value).trim();
    const number = ++latest;
    const current = () => number === latest;
    try {
      await ready();
      if (!current()) return;
      if (!wanted) {
        for (const list of [places, texts]) show(list, [], 0);
        status.textContent = "";
        return;
      }
      const ofPlaces = `单位和标题 ${findPlaces(wanted)} 处`;
      show(texts, [], 0);
      if (!withSentences) {
        status.textContent = `${ofPlaces}。按“查找”再找正文`;
        return;
      }
      const count = await findSentences(wanted, current);
      if (current()) status.textContent = `${ofPlaces}，正文 ${count} 处`;
    } catch {
      if (current()) status.textContent = "读不到查找用的文件，请刷新再试";
    }
  }

  // What is searched for stands in the address: it can be copied, and the back button works.
  function address() {
    const query = new URLSearchParams({ q: field.value.trim() });
    if (year.value) query.set("year", year.value);
    return `#${query}`;
  }

  async function restore() {
    const query = new URLSearchParams(location.hash.slice(1));
    field.value = query.get("q") ?? "";
    await ready().catch(() => {});
    year.value = query.get("year") ?? "";
    if (year.selectedIndex < 0) year.value = "";
    await search(query.has("q"));
  }

  let waiting;
  field.addEventListener("input", event => {
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(search, 200, false);
  });
  field.addEventListener("compositionend", () => search(false));
  form.addEventListener("submit", event => {
    event.preventDefault();
    clearTimeout(waiting);
    if (location.hash === address()) search(true);
    else location.hash = address();
  });
  addEventListener("hashchange", restore);
  document.getElementById("search-without").hidden = true;
  form.hidden = false;
  ready().catch(() => {});
  restore();
})();
