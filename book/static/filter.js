// The table of claims, filtered by verdict, source and data set. Without this script it shows all.
"use strict";

(() => {
  const NAMES = { verdict: "Verdict", source: "In the paper", on: "Data" };

  const filterable = (board) => {
    const rows = [...board.querySelectorAll("tbody tr")];
    const values = (row, key) => row.dataset[key].split(key === "on" ? "|" : /, | and /);
    const bar = document.createElement("form");
    bar.className = "filter";
    const count = document.createElement("output");
    const selects = Object.entries(NAMES).map(([key, name]) => {
      const select = document.createElement("select");
      select.dataset.key = key;
      const found = new Set(rows.flatMap((row) => values(row, key)).filter(Boolean));
      select.append(new Option("all", ""), ...[...found].map((value) => new Option(value, value)));
      const label = document.createElement("label");
      label.append(`${name}: `, select);
      bar.append(label);
      return select;
    });
    bar.append(count);

    const show = () => {
      for (const row of rows)
        row.hidden = !selects.every(
          ({ value, dataset: { key } }) => !value || values(row, key).includes(value),
        );
      count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} claims`;
    };
    bar.addEventListener("change", show);
    show();
    board.prepend(bar);
  };

  document.querySelectorAll(".scoreboard").forEach(filterable);
})();
