#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Times libigl (pip install libigl) on the open meshes of `diffam_sdf_peers open`: fast winding numbers (Barill et
al. 2018) at 10,000 points, on one thread, without and with the build of the tree.

    OMP_NUM_THREADS=1 python3 benchmarks/sdf_libigl.py
"""
import time

import igl
import numpy as np


def torus(ring, tube, rings, sides):
    a, b = np.meshgrid(np.arange(rings), np.arange(sides), indexing="ij")
    u, v = 2 * np.pi * a.ravel() / rings, 2 * np.pi * b.ravel() / sides
    r = ring + tube * np.cos(v)
    vertices = np.stack([r * np.cos(u), r * np.sin(u), tube * np.sin(v)], axis=1)
    at = lambda i, j: (i % rings) * sides + j % sides
    p, q, s, t = at(a, b).ravel(), at(a + 1, b).ravel(), at(a + 1, b + 1).ravel(), at(a, b + 1).ravel()
    return vertices, np.concatenate([np.stack([p, q, s], 1), np.stack([p, s, t], 1)])


def timed(call):
    begin = time.process_time()
    result = call()
    return time.process_time() - begin, result


def main():
    vertices, faces = torus(0.4, 0.2, 1003, 501)
    centre = vertices[faces].mean(axis=1)
    random = np.random.default_rng(1)
    for name, kept in (("torus", slice(None)), ("half a torus", centre[:, 1] > 0), ("the upper half", centre[:, 2] > 0)):
        own = np.ascontiguousarray(faces[kept])
        at = own[random.integers(len(own), size=10000), 0]
        points = vertices[at] + random.normal(scale=0.15, size=(10000, 3))
        build, _ = timed(lambda: igl.fast_winding_number(vertices, own, points[:1]))
        seconds, _ = timed(lambda: igl.fast_winding_number(vertices, own, points))
        print(f"{name:20} {len(own):8} faces: {(seconds - build) * 100:8.2f} us a point, {seconds * 100:8.2f} with the build")


if __name__ == "__main__":
    main()
