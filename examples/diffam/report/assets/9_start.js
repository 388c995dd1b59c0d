// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Fills the page from its data.
"use strict";

async function start() {
  const at = (id) => document.getElementById(id);
  document.title = `${data.name}: diffam report`;
  at("case").textContent = data.name;
  showVerdict(at("verdict"), data.run);
  showMeasures(at("measures"), data.measures, data.angles);
  showCharts(at("charts"), data.appearance, data.run.loss_history);
  showRun(at("run"), data.run);
  const meshes = readMeshes(data.meshes);
  showScene(at("scene"), meshes, colourings(data.meshes, meshes, new Map(data.run.vertebrae.map((v) => [v.name, v.confidence]))));
  if (data.slices.pictures.length === 0) at("views").textContent = "The CT has no voxel near the meshes.";
  else {
    const {size, origin, spacing} = data.slices;
    const volume = {size, origin, spacing, curve: data.spine_curve, voxels: await readVoxels(data.slices)};
    new SliceViews(at("views"), at("slice-tools"), volume, meshes);
  }
  requestAnimationFrame(() => document.body.setAttribute("data-ready", ""));
}

start();
