"use strict";
// Compares up to five units in a year. What is chosen stands in the address: #u=甲&u=乙&y=2022.
(() => {
  const form = document.getElementById("compare");
  const choices = [...form.querySelectorAll("select[name=u]")];
  const year = form.elements.namedItem("y");
  const details = form.elements.namedItem("d");
  const status = document.getElementById("compare-status");
  const result = document.getElementById("compare-result");
  const known = new Map(); // the data of each part that was loaded
  let units, latest = 0;

  async function part(name) {
    if (!known.has(name)) known.set(name, await loadPart(name));
    return known.get(name);
  }

  // The choice in the address; unknown units and years are left out.
  function chosen() {
    const query = new URLSearchParams(location.hash.slice(1));
    const ids = [...new Set(query.getAll("u"))].filter(id => units.has(id));
    return { ids: ids.slice(0, choices.length), year: query.get("y") ?? "", details: query.has("d") };
  }

  function address() {
    const query = new URLSearchParams();
    for (const id of new Set(choices.map(select => select.value))) if (id) query.append("u", id);
    if (year.value) query.set("y", year.value);
    if (details.checked) query.set("d", "1");
    return `#${query}`;
  }

  // The years that the units have, the newest first, and the newest that all of them have.
  function yearsOf(data) {
    const all = data.map(unit => Object.keys(unit.years));
    const years = [...new Set(all.flat())].sort().reverse();
    return [years, years.find(each => all.every(own => own.includes(each))) ?? years[0]];
  }

  // The edition that most of the reports follow, of several the newest.
  function editionOf(reports) {
    const counts = new Map();
    for (const [edition] of reports) counts.set(edition, (counts.get(edition) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0];
  }

  function cell([, , values, notes], number) {
    const note = notes[number];
    return make("td", {}, values[number], ...(note ? [make("span", { class: "cell-note" }, `（${note}）`)] : []));
  }

  function table({ title, cells }, first, columns) {
    const shown = cells.map((each, number) => [...each, number]).filter(([, , , , isDetail]) => details.checked || !isDetail);
    const several = new Set(shown.map(([, , column]) => column)).size > 1;
    const measures = new Set(shown.map(([, , , measure]) => measure));
    const names = columns.map(([unit, report]) =>
      make("th", { scope: "col" }, make("a", { href: form.dataset.top + report[1] }, unit.name)));
    const body = make("tbody", {});
    for (const [path, row, column, measure, , number] of shown) {
      const label = several ? `${row}：${column}` : row;
      const head = make("th", { scope: "row" }, measure && measures.size > 1 ? `${label}（${measure}）` : label);
      body.append(make("tr", { "data-path": path }, head, ...columns.map(([, report]) => cell(report, first + number))));
    }
    const remarks = [...(measures.size === 1 ? measures : []), ...(shown.length < cells.length ? ["只列总计"] : [])].filter(Boolean);
    const caption = make("caption", {}, remarks.length ? `${title}（${remarks.join("，")}）` : title);
    const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "项目"), ...names));
    const inner = make("table", { class: "compared" }, caption, head, body);
    return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": title }, inner);
  }

  function say(data, wanted, edition) {
    const has = unit => unit.years[wanted];
    const lists = [
      ["", data.filter(unit => has(unit)?.[0] === edition)],
      ["没有这一年的年报：", data.filter(unit => !has(unit))],
      ["这一年用的是另一版格式，数不能并列：", data.filter(unit => has(unit) && has(unit)[0] !== edition)],
    ];
    const words = lists.filter(([, list]) => list.length).map(([label, list]) => label + list.map(unit => unit.name).join("、"));
    status.textContent = data.length ? `${wanted}年。${words.join("；")}` : "选两个到五个单位";
  }

  async function draw() {
    const number = ++latest;
    const want = chosen();
    choices.forEach((select, n) => { select.value = want.ids[n] ?? ""; });
    details.checked = want.details;
    const data = await Promise.all(want.ids.map(id => part(units.get(id))));
    const [years, usual] = yearsOf(data);
    const shown = years.includes(want.year) ? want.year : usual;
    const reports = data.filter(unit => unit.years[shown]).map(unit => [unit, unit.years[shown]]);
    const edition = editionOf(reports.map(([, report]) => report));
    const tables = edition ? await part(`compare/form-${edition}`) : [];
    if (number !== latest) return;
    year.replaceChildren(...years.map(each => make("option", { value: each }, `${each}年`)));
    year.value = shown ?? "";
    year.disabled = details.disabled = !years.length;
    const columns = reports.filter(([, report]) => report[0] === edition);
    let first = 0;
    result.replaceChildren(...tables.map(each => {
      const drawn = table(each, first, columns);
      first += each.cells.length;
      return drawn;
    }));
    say(data, shown, edition);
  }

  function update() {
    draw().catch(() => { status.textContent = "读不到单位的数，请刷新再试"; });
  }

  async function begin() {
    const listed = await loadPart("compare/index");
    units = new Map(listed.map(([id, , name]) => [id, name]));
    for (const select of choices) {
      select.append(...listed.map(([id, name]) => make("option", { value: id }, name)));
    }
    form.addEventListener("change", () => { location.hash = address(); });
    form.addEventListener("submit", event => event.preventDefault());
    addEventListener("hashchange", update);
    document.getElementById("compare-without").hidden = true;
    form.hidden = false;
    update();
  }

  begin().catch(() => { status.textContent = "读不到单位的名单，请刷新再试"; });
})();
