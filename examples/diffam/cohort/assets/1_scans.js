// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The table of scans: worst first, sorted by any column, filtered by name and by state.
"use strict";

const flagsOf = (scan) => scan.vertebrae.filter(([, , , , flags]) => flags.length > 0);
const textOf = (number, digits) => number === null ? "\u2013" : number.toFixed(digits);
const addressOf = (path) => path.split("/").map(encodeURIComponent).join("/");

/** Failed scans first, then those that are not finished, then flagged ones, each by the lowest confidence; those that were not run come last. */
function badness(scan) {
  if (scan.state === "failed") return -3;
  if (scan.state === "not finished") return -2;
  if (scan.state === "not run") return 2;
  return (scan.lowest ?? 0) - (flagsOf(scan).length > 0 ? 1 : 0);
}

/** Columns: [head, key to sort by (null is last), class of its cells]. */
const columns = [
  ["Picture", null, "text"],
  ["Scan", (scan) => scan.name, "text"],
  ["Verdict", badness, "text"],
  ["Vertebrae", (scan) => scan.vertebrae.length, "text"],
  ["Lowest confidence", (scan) => scan.lowest, ""],
  ["Dice", (scan) => scan.dice, ""],
  ["Seconds", (scan) => scan.state === "done" ? scan.seconds : null, ""],
];

function verdictOf(scan) {
  const lines = [];
  if (scan.state === "done") {
    const flagged = flagsOf(scan);
    lines.push(element("div", {}, flagged.length === 0 ? "\u2713 no flag" : `\u26a0 ${flagged.length} flagged`));
    for (const [name, , , , flags] of flagged) {
      const other = flags.filter((flag) => !flag.startsWith("confidence"));  // the next column has the confidences
      if (other.length > 0) lines.push(element("div", {class: "quiet"}, `${name}: ${other.join("; ")}`));
    }
    if (scan.not_scored) lines.push(element("div", {class: "quiet"}, `no Dice: ${scan.not_scored}`));
    for (const warning of scan.warnings) lines.push(element("div", {class: "quiet"}, warning));
  } else {
    lines.push(element("div", {class: "state-" + scan.state.replaceAll(" ", "-")}, `\u2717 ${scan.state}`));
    if (scan.reason) lines.push(element("div", {class: "quiet"}, scan.reason));
    if (scan.log) lines.push(element("a", {href: addressOf(scan.log)}, "log"));
  }
  return lines;
}

function chipsOf(scan) {
  return element("div", {class: "chips"}, ...scan.vertebrae.map(([name, fitted, confidence, , flags]) => {
    const text = fitted ? `${name} ${textOf(confidence, 2)}` : `${name} not fitted`;
    return element("span", flags.length > 0 || !fitted ? {class: "flagged", title: flags.join("; ")} : {}, text);
  }));
}

function rowOf(scan) {
  const picture = scan.picture === null ? "" : element("img", {src: addressOf(scan.picture), loading: "lazy", alt: `sections of ${scan.name}`});
  const linked = (attributes, ...children) => scan.report === null ? element("span", attributes, ...children)
    : element("a", {...attributes, href: addressOf(scan.report)}, ...children);
  const name = linked({class: "name"}, scan.name);
  name.setAttribute("tabindex", "0");
  const row = element("tr", {},
    element("td", {}, picture === "" ? "" : linked({tabindex: "-1"}, picture)),
    element("th", {scope: "row", class: "text"}, name),
    element("td", {class: "text"}, ...verdictOf(scan)),
    element("td", {class: "text"}, chipsOf(scan)),
    element("td", {}, textOf(scan.lowest, 2)), element("td", {}, textOf(scan.dice, 3)),
    element("td", {}, scan.state === "done" ? textOf(scan.seconds, 0) : "\u2013"));
  return {scan, row, name};
}

class ScanTable {
  constructor(to, tools, scans) {
    this.rows = scans.map(rowOf);
    this.body = element("tbody");
    this.heads = columns.map(([head, key, kind], n) => {
      const made = element("th", {scope: "col", class: kind}, head);
      if (key !== null) {
        const button = element("button", {type: "button"}, head);
        button.addEventListener("click", () => this.sort(n, this.sorted === n && this.direction === 1 ? -1 : 1));
        made.replaceChildren(button);
      }
      return made;
    });
    to.append(element("table", {class: "cases"}, element("thead", {}, element("tr", {}, ...this.heads)), this.body));
    this.words = element("input", {type: "search", placeholder: "name or reason", "aria-label": "filter by name or reason"});
    this.states = element("select", {"aria-label": "filter by state"},
      ...["all scans", "flagged", "done", "failed", "not finished", "not run"].map((state) => element("option", {}, state)));
    this.count = element("span", {class: "quiet", role: "status"});
    tools.append(this.words, this.states, this.count);
    this.words.addEventListener("input", () => this.show());
    this.states.addEventListener("change", () => this.show());
    document.addEventListener("keydown", (event) => this.press(event));
    this.sort(2, 1);
  }

  sort(column, direction) {
    const key = columns[column][1];
    this.sorted = column;
    this.direction = direction;
    const compare = (a, b) => {
      const x = key(a.scan), y = key(b.scan);
      if (x === null || y === null) return (x === null) - (y === null);
      return direction * (x < y ? -1 : x > y ? 1 : 0);
    };
    this.rows.sort((a, b) => compare(a, b) || (a.scan.name < b.scan.name ? -1 : 1));
    this.heads.forEach((head, n) => n === column ? head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending")
                                                 : head.removeAttribute("aria-sort"));
    this.show();
  }

  show() {
    const words = this.words.value.toLowerCase(), state = this.states.value;
    const wanted = ({scan}) => (state === "all scans" || scan.state === state || (state === "flagged" && flagsOf(scan).length > 0))
      && (scan.name + " " + scan.reason).toLowerCase().includes(words);
    this.shown = this.rows.filter(wanted);
    this.body.replaceChildren(...this.shown.map(({row}) => row));
    this.count.textContent = `${this.shown.length} of ${this.rows.length} scans`;
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
    const typing = event.target === this.words;
    if (event.key === "/" && !typing) {
      this.words.focus();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const at = this.shown.findIndex(({name}) => name === document.activeElement);
      const next = this.shown[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next === undefined || (at < 0 && event.key === "ArrowUp")) return;
      next.name.focus();
      next.row.scrollIntoView({block: "nearest"});
      event.preventDefault();
    }
  }
}
