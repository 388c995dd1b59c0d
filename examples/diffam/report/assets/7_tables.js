// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tables: measurements (a row each, a column for each vertebra), angles of the spine, inputs and settings.
"use strict";

function tableOf(head, rows, attributes = {}) {
  const row = (cells, tag) => element("tr", {}, ...cells.map((cell, n) => {
    const made = element(n === 0 ? "th" : tag, n === 0 ? {scope: tag === "th" ? "col" : "row"} : {}, cell.text ?? cell);
    if (cell.title) made.setAttribute("title", cell.title);
    return made;
  }));
  return element("table", attributes, element("thead", {}, row(head, "th")), element("tbody", {}, ...rows.map((cells) => row(cells, "td"))));
}

/** "height_anterior_mm" as "height anterior": the unit has a column of its own. */
function readableName(name) {
  return name.replace(/_(mm2|mm|deg|ml)$/, "").replace(/_hu_/, " HU ").replace(/_/g, " ").replace("genant", "Genant");
}

function readableValue(value) {
  if (value === null) return "\u2013";
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

function showMeasures(to, measures, angles) {
  const rows = measures.columns.map((column, n) => [
    {text: readableName(column.name), title: column.definition}, column.unit === "1" ? "" : column.unit,
    ...measures.rows.map((row) => readableValue(row.values[n]))]);
  to.append(element("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "measurements"},
                    tableOf(["measurement", "unit", ...measures.rows.map((row) => row.name)], rows, {class: "measures"})));
  to.append(element("p", {class: "quiet"}, "Left and right are the patient's. \u2013: not defined at this level, or not visible. Genant's grade is for screening and no diagnosis."));
  if (angles.length > 0)
    to.append(tableOf(["angle", "degrees"], angles.map((a) => [a.name, readableValue(a.degrees)])));
  const definitions = tableOf(["measurement", "definition"], measures.columns.map((c) => [readableName(c.name), c.definition]), {class: "settings"});
  to.append(element("details", {}, element("summary", {}, "Definitions"), definitions));
}

/** Rows of nested settings: "weights.image", 1. */
function flattened(value, name = "") {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return [[name, Array.isArray(value) ? value.join(", ") : String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flattened(inner, name ? `${name}.${key}` : key));
}

function showRun(to, run) {
  const facts = {version: `diffam ${run.version}`, method: run.method, preset: run.preset, device: run.device, labels: run.labels,
                 "HU offset": run.hu_offset, ...run.inputs};
  to.append(element("div", {class: "scroll"}, tableOf(["fact", "value"], flattened(facts), {class: "settings", id: "facts"})));
  to.append(element("details", {}, element("summary", {}, "All settings"), tableOf(["setting", "value"], flattened(run.settings), {class: "settings"})));
  to.append(element("h3", {}, "How to cite"), element("pre", {},
    "H. Kim and J. Park, Vertebral segmentation without training using differentiable appearance modeling of a deformable " +
    `spine template, SPIE Medical Imaging 2024, doi 10.1117/12.3006602\nThe diffam authors, diffam ${run.version}: ` +
    "training-free vertebra segmentation by differentiable appearance modelling"));
}
