#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""libigl's part of `diffam_sdf_peers`, which calls this with a folder of its own (sdf_libigl.hpp).

Reads the files `vertices` (double), `faces` (int32), `points` and perhaps `directions` (float), each n x 3. Writes
`values` (double) and prints the seconds of CPU time of all queries on one thread, without the build of the tree.
Signed distances build their trees in each call: the time of a call with one point is subtracted.
"""
import pathlib
import sys
import time

import igl
import numpy as np

MANY = 5  # times all points in one call, so that the build is a small part of it


def fastest(call, rounds=2):
    least = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        result = call()
        least = min(least, time.process_time() - begin)
    return least, result


def main(folder):
    read = lambda name, kind: np.fromfile(folder / name, kind).reshape(-1, 3)
    vertices, faces = read("vertices", np.float64), read("faces", np.int32).astype(np.int64)
    points = read("points", np.float32).astype(np.float64)
    if (folder / "directions").exists():
        directions = read("directions", np.float32).astype(np.float64)
        tree = igl.AABB()
        tree.init(vertices, faces)
        seconds, (face, values, _) = fastest(lambda: tree.intersect_ray_first(vertices, faces, points, directions), 5)
        values = np.where(face < 0, np.inf, values)
    else:
        by = igl.SIGNED_DISTANCE_TYPE_FAST_WINDING_NUMBER
        build, _ = fastest(lambda: igl.signed_distance(points[:1], vertices, faces, by))
        many, (values, *_) = fastest(lambda: igl.signed_distance(np.tile(points, (MANY, 1)), vertices, faces, by))
        seconds, values = (many - build) / MANY, values[: len(points)]
    values.astype(np.float64).tofile(folder / "values")
    print(seconds)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
