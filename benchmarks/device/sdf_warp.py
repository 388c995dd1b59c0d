#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
#
# Measures NVIDIA Warp on the same GPU, for comparison: signed distance (closest point, and sign by winding number) of a
# million points to a vertebra of 5,104 faces. The points are like those of distance.cu: 9.6 mm noise around vertices.
# Exit code 77 means that there is no Warp or no GPU.
#
#     python3 benchmarks/device/sdf_warp.py [--program build/cuda-native/bin/diffam]
import argparse
import pathlib
import subprocess
import sys
import tempfile

POINTS = 1000000
UNIT_MM = 64


def skipped(why):
    print(f"SKIPPED: {why}")
    return 77


def read_obj(path, numpy):
    rows = [line.split() for line in path.read_text().splitlines()]
    vertices = [r[1:4] for r in rows if r[:1] == ["v"]]
    faces = [[int(corner.split("/")[0]) - 1 for corner in r[1:4]] for r in rows if r[:1] == ["f"]]
    return numpy.array(vertices, numpy.float32), numpy.array(faces, numpy.int32)


def main():
    p = argparse.ArgumentParser(description="Signed distance by NVIDIA Warp")
    p.add_argument("--program", default="build/cuda-native/bin/diffam", help="the program that makes the mesh")
    a = p.parse_args()
    try:
        import numpy
        import warp as wp
    except ImportError as missing:
        return skipped(f"no {missing.name} in this Python")
    wp.config.quiet = True
    wp.init()
    if not wp.is_cuda_available():
        return skipped("Warp finds no CUDA device")

    @wp.kernel
    def closest(mesh: wp.uint64, points: wp.array(dtype=wp.vec3), distances: wp.array(dtype=float)):
        i = wp.tid()
        found = wp.mesh_query_point_no_sign(mesh, points[i], float(1.0e6))
        distances[i] = wp.length(points[i] - wp.mesh_eval_position(mesh, found.face, found.u, found.v))

    @wp.kernel
    def by_winding(mesh: wp.uint64, points: wp.array(dtype=wp.vec3), distances: wp.array(dtype=float)):
        i = wp.tid()
        found = wp.mesh_query_point_sign_winding_number(mesh, points[i], float(1.0e6))
        distances[i] = found.sign * wp.length(points[i] - wp.mesh_eval_position(mesh, found.face, found.u, found.v))

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([a.program, "template", "--level", "L3", "-o", f"{folder}/L3.obj"], check=True,
                       stdout=subprocess.DEVNULL)
        vertices, faces = read_obj(pathlib.Path(folder) / "L3.obj", numpy)
    vertices /= UNIT_MM
    random = numpy.random.default_rng(1)
    noise = random.normal(0, 9.6 / UNIT_MM, (POINTS, 3)).astype(numpy.float32)
    points = vertices[random.integers(0, len(vertices), POINTS)] + noise
    with wp.ScopedDevice("cuda:0"):
        mesh = wp.Mesh(wp.array(vertices, dtype=wp.vec3), wp.array(faces.ravel(), dtype=int), support_winding_number=True)
        where = wp.array(points, dtype=wp.vec3)
        distances = wp.zeros(POINTS, dtype=float)
        begin, end = wp.Event(enable_timing=True), wp.Event(enable_timing=True)
        for name, query in (("closest point", closest), ("signed distance", by_winding)):
            times = []
            for _ in range(6):  # the first launch compiles
                wp.record_event(begin)
                mesh.refit()
                wp.launch(query, POINTS, inputs=[mesh.id, where, distances])
                wp.record_event(end)
                times.append(wp.get_event_elapsed_time(begin, end))
            inside = float((distances.numpy() < 0).mean())
            print(f"NVIDIA Warp {wp.config.version}  {name:15} {POINTS} points, {len(faces)} faces: "
                  f"{POINTS / sorted(times[1:])[2] / 1e3:.0f} million a second, refit included ({100 * inside:.0f} % inside)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
