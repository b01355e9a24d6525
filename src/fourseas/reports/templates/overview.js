"use strict";
(async () => {
  const { data, charts } = JSON.parse(document.getElementById("specs").textContent);
  const unpacked = ({ n, columns }) => Array.from({ length: n }, (_, row) =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) =>
      [name, column.texts ? column.texts[column.places[row]] : column.values[row]])));
  for (const [name, rows] of Object.entries(data)) {
    if (rows.columns) data[name] = unpacked(rows);
  }
  const views = [];
  for (const [name, chart] of Object.entries(charts)) {
    const shared = Object.entries(chart.data).map(([key, source]) => [key, data[source]]);
    const spec = { ...chart.spec, datasets: Object.fromEntries(shared) };
    const place = document.querySelector(`#${name} .chart`);
    place.replaceChildren();
    const { view } = await vegaEmbed(place, spec, { actions: false, renderer: "svg" });
    views.push(view);
  }
  const form = document.getElementById("choice");
  form.hidden = false;
  form.addEventListener("change", (event) => {
    const { name, value } = event.target;
    for (const view of views) {
      if (name in view.getState().signals) view.signal(name, value).runAsync();
    }
  });
  document.documentElement.dataset.ready = "yes";
})();
