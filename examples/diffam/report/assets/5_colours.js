// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Colours of the meshes: by level and by part of the bone. Hues are those of Okabe and Ito ("Color universal
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

/** The ways to colour the meshes: `of(mesh)` gives a function from a vertex to its colour; `legend` explains it. */
function colourings(packed, meshes) {
  const kinds = packed.part_names.map(kindOfPart), seen = new Set(meshes.flatMap((mesh) => [...new Set(mesh.parts)].map((p) => kinds[p])));
  return {
    level: {of: (mesh) => () => mesh.colour, legend: meshes.map((mesh) => [mesh.colour, mesh.name])},
    region: {of: (mesh) => (vertex) => partColours[kinds[mesh.parts[vertex]]],
             legend: Object.entries(partColours).filter(([kind]) => seen.has(kind)).map(([kind, c]) => [c, kind.replace(/_/g, " ")])},
  };
}
