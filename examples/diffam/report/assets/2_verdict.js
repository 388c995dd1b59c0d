// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The verdict: how many vertebrae are flagged, why, and what the run warned of.
"use strict";

function verdictText(vertebrae) {
  const flagged = vertebrae.filter((v) => v.flags.length > 0);
  const count = vertebrae.length === 1 ? "1 vertebra" : `${vertebrae.length} vertebrae`;
  if (flagged.length === 0) return `\u2713 ${count} fitted, none is flagged.`;
  return `\u26a0 ${flagged.length} of ${count} flagged: look at ${flagged.map((v) => v.name).join(", ")} first.`;
}

function confidenceText(confidence) {
  return confidence === null ? "not visible, " : `confidence ${confidence.toFixed(2)}, `;
}

function showVerdict(to, run) {
  const flagged = run.vertebrae.some((v) => v.flags.length > 0);
  to.append(element("p", {class: flagged ? "banner flagged" : "banner", id: "verdict-line"}, verdictText(run.vertebrae)));
  const list = element("ul", {class: "flags"});
  for (const v of run.vertebrae) {
    const text = v.flags.length > 0 ? "\u26a0 " + v.flags.join("; ") : "no flag";
    list.append(element("li", v.flags.length > 0 ? {class: "flagged"} : {}, element("strong", {}, v.name), confidenceText(v.confidence), text));
  }
  to.append(list, element("p", {class: "quiet"}, "Confidence: an estimate of the probability that place and shape are right (Dice of at least 0.8). It does not judge the names. Low confidence is a reason to doubt a vertebra; high confidence does not replace a look at the slices."));
  if (run.warnings.length === 0) return;
  to.append(element("h3", {}, "Warnings of the run"),
            element("ul", {class: "warnings"}, ...run.warnings.map((line) => element("li", {}, line))));
}
