// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Line charts as SVG. Lines differ in colour and in dashes.
"use strict";

const chartColours = ["#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a3f9d"];
const chartDashes = ["", "7 3", "2 3", "9 3 2 3", "", "7 3", "2 3", "9 3 2 3"];

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** About `count` round numbers in [low, high]. */
function roundTicks(low, high, count) {
  const raw = (high - low) / count, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= raw * 0.999), ticks = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9 * step; ++k) ticks.push(Number((k * step).toPrecision(10)));
  return ticks;
}

/** `lines`: [{name, x, y}]; null is a gap. `logarithmic`: powers of ten upward, and numbers of 0 or less are gaps. */
function lineChart({title, across, up, lines, logarithmic = false}) {
  const width = 640, height = 380, left = 64, right = 12, top = 34, bottom = 46;
  const heightOf = (y) => y === null || (logarithmic && y <= 0) ? null : logarithmic ? Math.log10(y) : y;
  const points = lines.flatMap((line) => line.y.map((y, i) => [line.x[i], heightOf(y)])).filter((p) => p[0] !== null && p[1] !== null);
  const box = element("figure", {class: "chart"}, element("h3", {}, title));
  if (points.length < 2) return box;
  const span = (values) => values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
  const [x0, x1] = span(points.map((p) => p[0])), [low, high] = span(points.map((p) => p[1])), pad = 0.05 * (high - low || 1);
  const px = (x) => left + (x - x0) / (x1 - x0 || 1) * (width - left - right);
  const py = (y) => height - bottom - (y - low + pad) / (high - low + 2 * pad) * (height - top - bottom);
  const picture = svg("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${title}: ${up} against ${across}`});
  const grid = (x1_, y1_, x2_, y2_) => picture.append(svg("line", {x1: x1_, y1: y1_, x2: x2_, y2: y2_, stroke: "#d5d8de"}));
  for (const t of roundTicks(x0, x1, 8)) {
    grid(px(t), top, px(t), height - bottom);
    picture.append(svg("text", {x: px(t), y: height - bottom + 16, "text-anchor": "middle"}, String(t)));
  }
  const upTicks = logarithmic ? roundTicks(low - pad, high + pad, 6).filter(Number.isInteger) : roundTicks(low - pad, high + pad, 6);
  for (const t of upTicks) {
    grid(left, py(t), width - right, py(t));
    picture.append(svg("text", {x: left - 6, y: py(t) + 4, "text-anchor": "end"}, logarithmic ? `1e${t}` : String(t)));
  }
  lines.forEach((line, n) => {
    let path = "", pen = "M";
    line.y.forEach((y, i) => {
      const h = heightOf(y);
      if (h !== null) path += `${pen}${px(line.x[i]).toFixed(1)} ${py(h).toFixed(1)}`;
      pen = h === null ? "M" : "L";
    });
    picture.append(svg("path", {d: path, fill: "none", stroke: chartColours[n], "stroke-width": 2, "stroke-dasharray": chartDashes[n]}));
  });
  picture.append(svg("text", {x: (left + width - right) / 2, y: height - 8, "text-anchor": "middle"}, across),
                 svg("text", {x: left, y: 18}, up));
  box.append(picture);
  if (lines.length > 1)
    box.append(element("div", {class: "legend"}, ...lines.map((line, n) => legendLine(chartColours[n], chartDashes[n], line.name))));
  return box;
}

function legendLine(colour, dashes, text) {
  const line = svg("line", {x1: 0, y1: 6, x2: 30, y2: 6, stroke: colour, "stroke-width": 3, "stroke-dasharray": dashes});
  return element("span", {}, svg("svg", {width: 34, height: 12, "aria-hidden": "true"}, line), text);
}

function showCharts(to, appearance, history) {
  // No point of a vertebra is deeper than 15 mm, and few samples are farther out than 25 mm.
  const shown = appearance.distance_mm.map((d, i) => i).filter((i) => appearance.distance_mm[i] >= -15 && appearance.distance_mm[i] <= 25);
  to.append(lineChart({title: "Learned appearance", across: "signed distance to the bone surface, mm (negative inside)", up: "intensity, HU",
                       lines: [{name: "f", x: shown.map((i) => appearance.distance_mm[i]), y: shown.map((i) => appearance.hu[i])}]}));
  const names = Object.keys(history).filter((name) => name !== "step" && history[name].some((y) => y > 0));
  to.append(lineChart({title: "Losses", across: "iteration", up: "loss (unweighted; total is the weighted sum), powers of ten", logarithmic: true,
                       lines: names.map((name) => ({name: name.replace(/_/g, " "), x: history[name].map((y, i) => i * history.step), y: history[name]}))}));
}
