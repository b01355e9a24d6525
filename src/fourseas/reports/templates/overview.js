"use strict";
(async () => {
  const { data, charts, chosen, forms, few } = JSON.parse(document.getElementById("content").textContent);
  const unpacked = ({ n, columns }) => Array.from({ length: n }, (_, row) =>
    Object.fromEntries(Object.entries(columns).map(([name, { values, places, each }]) =>
      [name, values[places ? places[row] : Math.floor(row / each) % values.length]])));
  for (const [name, rows] of Object.entries(data)) {
    if (rows.columns) data[name] = unpacked(rows);
  }

  const formats = Object.fromEntries(Object.entries(forms).map(([name, form]) => {
    const [, sign, comma, digits, type] = /^(\+?)(,?)(?:\.(\d))?([f%]?)$/.exec(form);
    return [name, new Intl.NumberFormat("en-US", {
      style: type === "%" ? "percent" : "decimal",
      useGrouping: comma === ",",
      signDisplay: sign ? "always" : "auto",
      minimumFractionDigits: Number(digits ?? 0),
      maximumFractionDigits: Number(digits ?? 0),
    })];
  }));
  const written = (value, form) => {
    if (typeof value === "string") return value;
    if (typeof value !== "number") return "-";
    const isPart = form === "count" && Math.abs(value) < few && value % 1;
    return formats[isPart ? "ratio" : form].format(form === "points" ? 100 * value : value);
  };
  const isShown = {
    both: (row) => row.unit_id === chosen.a || row.unit_id === chosen.b,
    partners: (row) =>
      row.unit_id === chosen.a && row.partner_id !== chosen.a && row.field_name === chosen.f,
    pair: (row) => row.unit_id === chosen.a && row.partner_id === chosen.b,
  };
  const writeTable = (name, { data: rows, follows, order, headings }) => {
    const shown = data[rows].filter(isShown[follows]);
    if (order) shown.sort((one, other) => (other[order] ?? -Infinity) - (one[order] ?? -Infinity));
    const lines = shown.map((row) => {
      const line = document.createElement("tr");
      headings.forEach(([field, form], place) => {
        const cell = document.createElement(place ? "td" : "th");
        if (place) cell.className = form; else cell.scope = "row";
        cell.textContent = written(row[field], form);
        line.append(cell);
      });
      return line;
    });
    document.querySelector(`#${name} tbody`).replaceChildren(...lines);
  };
  const writeTables = () => {
    for (const [name, { table }] of Object.entries(charts)) if (table) writeTable(name, table);
  };

  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const views = [];
  for (const [name, chart] of Object.entries(charts)) {
    const shared = Object.entries(chart.data).map(([key, source]) => [key, data[source]]);
    const spec = { ...chart.spec, datasets: Object.fromEntries(shared) };
    const place = document.querySelector(`#${name} .live`);
    place.hidden = false;
    const { view } = await vegaEmbed(place, spec, {
      actions: false, ast: true, renderer: "svg", bind: place.nextElementSibling,
      tooltip: { theme: isDark ? "dark" : "light" },
    });
    place.previousElementSibling.remove();
    views.push(view);
  }

  for (const label of document.querySelectorAll("label.field")) label.hidden = false;
  document.getElementById("choice").hidden = false;
  document.addEventListener("change", ({ target }) => {
    if (!(target.name in chosen) || target.tagName !== "SELECT") return;
    chosen[target.name] = target.value;
    for (const view of views) {
      if (target.name in view.getState().signals) view.signal(target.name, target.value).runAsync();
    }
    for (const text of document.querySelectorAll(`[data-choice=${target.name}]`)) {
      text.textContent = target.selectedOptions[0].text;
    }
    writeTables();
  });
  document.documentElement.dataset.ready = "yes";
})();
