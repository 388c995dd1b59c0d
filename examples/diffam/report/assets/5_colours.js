// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Colours of the meshes: by level, by part of the bone, by confidence, and by the edges of the image at each vertex. Hues are those of Okabe and Ito ("Color universal
// design", 2008), which colour-blind readers tell apart.
"use strict";

/** Left and right parts have one colour. */
const partColours = {
  body_wall: "#bbbbbb", upper_end_plate: "#56b4e9", lower_end_plate: "#0072b2", dens: "#ffffff", pedicle: "#e69f00",
  lamina: "#f0e442", spinous_process: "#d55e00", transverse: "#009e73", upper_articular: "#cc79a7", lower_articular: "#7a1f1f",
};

function kindOfPart(name) {
  return name.replace(/_(left|right)$/, "");
}

/** Blue to yellow by lightness (after cividis: Nunez, Anderton and Renslow, PLoS ONE 13, 2018), and grey without a number. */
const rampColours = ["#00224e", "#2a3f6d", "#575d6d", "#7d7c78", "#a59c74", "#d2c060", "#fee838"], noNumber = "#ffffff";

function rampColour(share) {
  return rampColours[Math.min(rampColours.length - 1, Math.floor(share * rampColours.length))];
}

function confidenceColour(confidence) {
  return confidence === null ? noNumber : rampColour(confidence);
}

/** HU inside less HU outside of the surface, by steps of 4 HU: bone has more than 27. */
const edgeColours = [["#d55e00", "brighter outside: no bone, or misplaced"], ["#bbbbbb", "no edge"], ["#0072b2", "darker outside, as around bone"],
                     ["#ffffff", "outside of the image"]];

function edgeColour(drop) {
  return edgeColours[drop === -128 || drop === undefined ? 3 : 4 * drop > 27 ? 2 : 4 * drop < -27 ? 0 : 1][0];
}

/** The ways to colour the meshes: `of(mesh)` gives a function from a vertex to its colour; `legend` explains it. */
function colourings(packed, meshes, confidences) {
  const kinds = packed.part_names.map(kindOfPart), seen = new Set(meshes.flatMap((mesh) => [...new Set(mesh.parts)].map((p) => kinds[p])));
  return {
    level: {of: (mesh) => () => mesh.colour, legend: meshes.map((mesh) => [mesh.colour, mesh.name])},
    region: {of: (mesh) => (vertex) => partColours[kinds[mesh.parts[vertex]]],
             legend: Object.entries(partColours).filter(([kind]) => seen.has(kind)).map(([kind, c]) => [c, kind.replace(/_/g, " ")])},
    confidence: {of: (mesh) => { const colour = confidenceColour(confidences.get(mesh.name)); return () => colour; },
                 legend: meshes.map((mesh) => [confidenceColour(confidences.get(mesh.name)), `${mesh.name} ${confidences.get(mesh.name)?.toFixed(2) ?? "not visible"}`])},
    edges: {of: (mesh) => (vertex) => edgeColour(mesh.drops[vertex]), legend: edgeColours},
  };
}
