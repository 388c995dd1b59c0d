// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the data of the page, and makes elements. All texts become text nodes: a file name is never read as HTML.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

/** Makes an element: attributes, then children (elements or texts). */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** The meshes: vertices in world mm, indices of faces, the part of each vertex. */
function readMeshes(packed) {
  const faces = packed.faces.map((text) => new Uint32Array(bytesOf(text).buffer));
  return packed.vertebrae.map((v) => {
    const steps = new Uint16Array(bytesOf(v.vertices).buffer);
    const vertices = Float32Array.from(steps, (s, i) => packed.origin[i % 3] + s * packed.step);
    const lower = [Infinity, Infinity, Infinity], upper = [-Infinity, -Infinity, -Infinity];
    vertices.forEach((x, i) => {
      lower[i % 3] = Math.min(lower[i % 3], x);
      upper[i % 3] = Math.max(upper[i % 3], x);
    });
    return {name: v.name, colour: v.colour, centre: v.centre, vertices, lower, upper,
            faces: faces[v.faces], parts: bytesOf(v.parts), drops: new Int8Array(bytesOf(v.drops).buffer)};
  });
}

/** The voxels of the CT, x fastest, from the pictures of its axial slices. */
async function readVoxels(slices) {
  const [nx, ny, nz] = slices.size, voxels = new Uint8Array(nx * ny * nz);
  for (const [n, picture] of slices.pictures.entries()) {
    const image = new Image();
    image.src = "data:image/jpeg;base64," + picture;
    await image.decode();
    const canvas = element("canvas", {width: image.width, height: image.height});
    const context = canvas.getContext("2d", {willReadFrequently: true});
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height).data;
    const first = n * slices.slices_a_picture * nx * ny;
    for (let i = 0; i < image.width * image.height; ++i) voxels[first + i] = pixels[4 * i];
  }
  return voxels;
}

/** A swatch of a colour and its meaning. */
function legendEntry(colour, text) {
  const swatch = element("span", {class: "swatch"});
  swatch.style.background = colour;
  return element("span", {}, swatch, text);
}
