// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Fills the page from its data.
"use strict";

function showVerdict(to, scans) {
  const count = (state) => scans.filter((scan) => scan.state === state).length;
  const flagged = scans.filter((scan) => flagsOf(scan).length > 0).length, failed = count("failed");
  const parts = [`${count("done")} of ${scans.length} scans done`];
  if (failed > 0) parts.push(`${failed} failed`);
  for (const state of ["not finished", "not run"]) if (count(state) > 0) parts.push(`${count(state)} ${state}`);
  parts.push(flagged === 0 ? "no vertebra is flagged" : `flagged vertebrae in ${flagged}: look at these first`);
  const good = flagged + failed === 0;
  to.append(element("p", {class: good ? "banner" : "banner flagged", id: "verdict-line"}, (good ? "\u2713 " : "\u26a0 ") + parts.join(", ") + "."));
}

function showFailures(section, to, scans) {
  const failed = scans.filter((scan) => scan.state === "failed");
  section.hidden = failed.length === 0;
  const rows = failed.map((scan) => element("tr", {}, element("th", {scope: "row"}, scan.name), element("td", {}, String(scan.code ?? "")),
    element("td", {class: "text"}, scan.reason), element("td", {}, scan.log === null ? "" : element("a", {href: addressOf(scan.log)}, "log"))));
  const head = ["scan", "code", "reason", "log"].map((name) => element("th", {scope: "col", class: name === "reason" ? "text" : ""}, name));
  to.append(element("table", {class: "cases"}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)));
}

function start() {
  const at = (id) => document.getElementById(id);
  document.title = `${data.title}: diffam cohort`;
  at("title").textContent = data.title;
  at("methods").textContent = data.methods;
  showVerdict(at("verdict"), data.scans);
  showFailures(at("failures-section"), at("failures"), data.scans);
  new ScanTable(at("scans"), at("scan-tools"), data.scans);
  requestAnimationFrame(() => document.body.setAttribute("data-ready", ""));
}

start();
