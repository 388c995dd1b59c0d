#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Times signed distances and rays of the Python package beside libigl and Open3D, on the same arrays.

    build/venv/bin/python benchmarks/python_peers.py [POINTS]    # after scripts/test-python; pip install libigl open3d

Numbers are seconds of processor time of all threads, the least of five calls, with the tree built anew in each call.
A peer that is not installed is left out.
"""

import importlib
import sys
import time

import numpy as np

import diffam


def peer(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"SKIPPED: {name} is not installed")
        return None


def seconds(work):
    least = float("inf")
    for _ in range(5):
        begin = time.process_time()
        work()
        least = min(least, time.process_time() - begin)
    return least


def open3d_scene(o3d, mesh):
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(mesh.vertices.astype(np.float32)), o3d.core.Tensor(mesh.faces.astype(np.uint32)))
    return scene


def rivals(igl, o3d, mesh, points, rays):
    """Name and work of each measurement: distances, then rays."""
    small = diffam.Mesh(mesh.vertices.astype(np.float32), mesh.faces)
    single, ahead = points.astype(np.float32), rays.astype(np.float32)
    yield "signed distance, diffam, float64", lambda: diffam.signed_distance(*mesh, points)
    yield "signed distance, diffam, float32", lambda: diffam.signed_distance(*small, single)
    if igl:
        kind = igl.SIGNED_DISTANCE_TYPE_FAST_WINDING_NUMBER
        faces = mesh.faces.astype(np.int64)
        yield "signed distance, libigl, float64", lambda: igl.signed_distance(points, mesh.vertices, faces, sign_type=kind)
    if o3d:
        yield (
            "signed distance, Open3D, float32",
            lambda: open3d_scene(o3d, mesh).compute_signed_distance(o3d.core.Tensor(single)),
        )
    yield "rays, diffam, float32", lambda: diffam.ray_hits(*small, ahead[:, :3], ahead[:, 3:])
    if o3d:
        yield "rays, Open3D, float32", lambda: open3d_scene(o3d, mesh).cast_rays(o3d.core.Tensor(ahead))


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    igl, o3d = peer("igl"), peer("open3d")
    rng = np.random.default_rng(1)
    print("| mesh | work | processor time, s | of diffam's |\n|---|---|---|---|")
    for level in ("C1", "L3"):
        mesh = diffam.template(level)
        points = rng.uniform(mesh.vertices.min(axis=0) - 10, mesh.vertices.max(axis=0) + 10, (count, 3))
        rays = np.concatenate([points, rng.normal(size=(count, 3))], axis=1)
        own = {}
        for name, work in rivals(igl, o3d, mesh, points, rays):
            took = seconds(work)
            what, who, kind = name.split(", ")[0], name.split(", ")[1], name.split(", ")[-1]
            if who == "diffam":
                own[what, kind] = took
            print(f"| {level}, {len(mesh.faces)} faces | {name} | {took:.3f} | {took / own[what, kind]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
