// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The five sections: which world position a pixel shows, and where a section cuts a mesh. A section has an axis
// across the picture and one down it; it is curved where it follows the spine's curve.
"use strict";

/** Mirrored axes: right and front are on the left of a picture, head and front on top. */
const sectionKinds = {
  axial: {through: 2, across: 0, down: 1, left: "R", right: "L", top: "A", bottom: "P"},
  sagittal: {through: 0, across: 1, down: 2, left: "A", right: "P", top: "H", bottom: "F"},
  coronal: {through: 1, across: 0, down: 2, left: "R", right: "L", top: "H", bottom: "F"},
};

/** Position of the spine's curve along `axis` at height z. */
function curveAt(volume, axis, z) {
  const values = axis === 0 ? volume.curve.x : volume.curve.y;
  const at = Math.min(Math.max((z - volume.origin[2]) / volume.spacing, 0), values.length - 1);
  const low = Math.floor(at), high = Math.min(low + 1, values.length - 1);
  return values[low] + (at - low) * (values[high] - values[low]);
}

/** Greys of a section at `place` (mm along its axis, or from the curve), row by row from the top left. */
function sectionPixels(volume, kind, curved, place) {
  const {through, across, down} = sectionKinds[kind], size = volume.size, stride = [1, size[0], size[0] * size[1]];
  const width = size[across], height = size[down], out = new Uint8ClampedArray(4 * width * height), last = size[through] - 1;
  for (let row = 0; row < height; ++row) {
    const b = height - 1 - row;
    const world = curved ? place + curveAt(volume, through, volume.origin[2] + b * volume.spacing) : place;
    const index = (world - volume.origin[through]) / volume.spacing, inside = index > -0.5 && index < last + 0.5;
    const low = Math.min(Math.max(Math.floor(index), 0), last), high = Math.min(low + 1, last), t = Math.min(Math.max(index - low, 0), 1);
    for (let column = 0; column < width; ++column) {
      const base = (width - 1 - column) * stride[across] + b * stride[down];
      const near = volume.voxels[base + low * stride[through]], far = volume.voxels[base + high * stride[through]];
      const pixel = 4 * (row * width + column);
      out[pixel] = out[pixel + 1] = out[pixel + 2] = inside ? near + t * (far - near) : 0;
      out[pixel + 3] = 255;
    }
  }
  return new ImageData(out, width, height);
}

/** Pixel of a world position in the picture of a section, before it is enlarged. */
function pixelOf(volume, kind, p) {
  const {across, down} = sectionKinds[kind];
  return [volume.size[across] - 0.5 - (p[across] - volume.origin[across]) / volume.spacing,
          volume.size[down] - 0.5 - (p[down] - volume.origin[down]) / volume.spacing];
}

/** World coordinates across and down of a pixel. */
function worldOf(volume, kind, x, y) {
  const {across, down} = sectionKinds[kind];
  return [volume.origin[across] + (volume.size[across] - 0.5 - x) * volume.spacing,
          volume.origin[down] + (volume.size[down] - 0.5 - y) * volume.spacing];
}

/** Calls `draw(a, b)` with both ends, in pixels, of each line in which a section cuts a face of the mesh. */
function cutMesh(volume, kind, curved, place, mesh, draw) {
  const through = sectionKinds[kind].through, v = mesh.vertices, count = v.length / 3;
  if (!curved && (place < mesh.lower[through] || place > mesh.upper[through])) return;
  const side = new Float32Array(count);
  for (let i = 0; i < count; ++i)
    side[i] = v[3 * i + through] - place - (curved ? curveAt(volume, through, v[3 * i + 2]) : 0);
  const ends = [];
  for (let f = 0; f < mesh.faces.length; f += 3) {
    ends.length = 0;
    for (let k = 0; k < 3; ++k) {
      const a = mesh.faces[f + k], b = mesh.faces[f + (k + 1) % 3];
      if ((side[a] < 0) === (side[b] < 0)) continue;
      const t = side[a] / (side[a] - side[b]);
      ends.push(pixelOf(volume, kind, [0, 1, 2].map((n) => v[3 * a + n] + t * (v[3 * b + n] - v[3 * a + n]))));
    }
    if (ends.length === 2) draw(ends[0], ends[1]);
  }
}
