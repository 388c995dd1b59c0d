# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Wrong arguments are exceptions with one line that says what was expected. Memory and threads."""

import multiprocessing
import threading
import time

import numpy as np
import pytest
from conftest import sphere

import diffam

MESH = sphere(1)
POINTS = np.zeros((4, 3))
QUERY = diffam.DistanceQuery(*MESH, threads=2)


def raises(kind, text):
    return pytest.raises(kind, match=text)


@pytest.mark.parametrize(
    "vertices, faces, points, kind, text",
    [
        (MESH.vertices[:, :2], MESH.faces, POINTS, diffam.UsageError, "vertices: expected an array of N x 3, got 18 x 2"),
        (MESH.vertices, MESH.faces, np.zeros(3), diffam.UsageError, "points: expected an array of N x 3, got 3"),
        (MESH.vertices, MESH.faces, 1.0, diffam.UsageError, "points: .* got one number"),
        (MESH.vertices, MESH.faces, [[1, 2, 3], [4, 5]], diffam.UsageError, "points: expected an array"),
        (MESH.vertices, MESH.faces, POINTS.astype(complex), TypeError, "points: .* type complex128"),
        (MESH.vertices, MESH.faces, [["a", "b", "c"]], TypeError, "points: expected real numbers"),
        (MESH.vertices, MESH.faces.astype(float), POINTS, TypeError, "faces: expected whole numbers"),
        (MESH.vertices, MESH.faces[:, :2], POINTS, diffam.UsageError, "faces: expected an array of F x 3"),
        (MESH.vertices, [], POINTS, diffam.UsageError, "faces: expected an array of F x 3"),
        (MESH.vertices, np.empty((0, 3), int), POINTS, diffam.UsageError, "at least one face"),
        (MESH.vertices, [[0, 1, 18]], POINTS, diffam.UsageError, "expected vertex indices from 0 to 17, got 18"),
        (MESH.vertices, [[0, 1, -1]], POINTS, diffam.UsageError, "expected vertex indices from 0 to 17, got -1"),
        (MESH.vertices, [[0, 1, 2**32]], POINTS, diffam.UsageError, "got 4294967296"),
        (np.where(np.arange(18)[:, None] == 7, np.nan, MESH.vertices), MESH.faces, POINTS, diffam.UsageError, "vertex 7"),
    ],
)
def test_wrong_arrays_are_refused(vertices, faces, points, kind, text):
    with raises(kind, text) as e:
        diffam.signed_distance(vertices, faces, points)
    assert "\n" not in str(e.value)


def test_errors_have_their_kind(tmp_path):
    query = diffam.DistanceQuery(*MESH)
    with raises(diffam.UsageError, "expected 18 vertices, got 4"):
        query.move(POINTS)
    with raises(diffam.UsageError, "expected 4 directions, got 1"):
        query.ray_hits(POINTS, [[1, 0, 0]])
    with raises(diffam.UsageError, "error of at least 0"):
        query.winding_number(POINTS, error=-1)
    with raises(diffam.UsageError, "count >= 0"):
        diffam.DistanceQuery(*MESH, threads=-1)
    with raises(diffam.UsageError, "mass: expected"):
        diffam.eigenbasis(*MESH, modes=5, mass="full")
    with raises(diffam.Error, "modes"):
        diffam.eigenbasis(*MESH, modes=500)
    with raises(diffam.Error, "vert"):
        diffam.eigenbasis(MESH.vertices, [[0, 1, 99]], modes=5)
    with raises(diffam.BadData, "remesh: expected a closed mesh"):
        diffam.remesh(MESH.vertices, MESH.faces[1:], edge_length=1)
    with raises(diffam.UsageError, "above the mesh's own mean"):
        diffam.remesh(*MESH, edge_length=0.01)
    with raises(diffam.UsageError, "either"):
        diffam.remesh(*MESH)
    with raises(diffam.UsageError, "label from 1 to 255"):
        diffam.label_surface(np.ones((3, 3, 3), np.uint8), np.eye(4), 0)
    with raises(diffam.UsageError, "0 to 255"):
        diffam.dice(np.full((3, 3, 3), 300), np.ones((3, 3, 3), int))
    with raises(diffam.UsageError, "one shape"):
        diffam.dice(np.ones((3, 3, 3), int), np.ones((3, 3, 4), int))
    with raises(diffam.MissingInput, "no.nii"):
        diffam.read_volume(tmp_path / "no.nii")
    (tmp_path / "text.nii").write_text("no volume")
    with raises(diffam.BadData, "text.nii"):
        diffam.read_volume(tmp_path / "text.nii")
    with raises(diffam.CannotCreate, "nowhere"):
        diffam.write_volume(tmp_path / "nowhere" / "v.nii", np.ones((2, 2, 2)), np.eye(4))
    with raises(diffam.UsageError, "ends in .nii"):
        diffam.write_volume(tmp_path / "v.txt", np.ones((2, 2, 2)), np.eye(4))
    with raises(diffam.UsageError, "three axes"):
        diffam.write_volume(tmp_path / "v.nii", np.ones((2, 2)), np.eye(4))
    with raises(diffam.UsageError, "affine"):
        diffam.write_volume(tmp_path / "v.nii", np.ones((2, 2, 2)), np.eye(3))
    with raises(diffam.BadData, "independent axes"):
        diffam.write_volume(tmp_path / "v.nii", np.ones((2, 2, 2)), np.diag([1.0, 0, 1, 1]))
    assert issubclass(diffam.BadData, ValueError) and issubclass(diffam.MissingInput, OSError)


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def test_a_thousand_calls_keep_no_memory(tmp_path):
    mesh, labels = sphere(2), np.ones((6, 6, 6), np.uint8)
    points = np.random.default_rng(1).normal(size=(1000, 3))
    diffam.write_mesh(tmp_path / "m.ply", *mesh)

    def calls() -> None:
        d = diffam.signed_distance(*mesh, points, threads=1)
        diffam.geometry.vertex_gradient(*mesh, d, d.distance)
        diffam.ray_hits(*mesh, points, -points, threads=1)
        diffam.label_surface(labels, np.eye(4), 1)
        diffam.check_mesh(*mesh)
        diffam.read_mesh(tmp_path / "m.ply")
        with pytest.raises(diffam.UsageError):
            diffam.DistanceQuery(mesh.vertices, [[0, 1, 999999]])

    for _ in range(100):
        calls()
    before = resident()
    for _ in range(1000):
        calls()
    assert resident() - before < 2 << 20  # one lost array of distances alone would be 8 MB


def test_two_threads_at_once():
    mesh = sphere(4)
    shared = diffam.DistanceQuery(*mesh)
    inputs = [np.random.default_rng(k).normal(size=(3000 + 500 * k, 3)) for k in range(4)]
    expected = [diffam.signed_distance(*mesh, p).distance for p in inputs]
    wrong = []

    def work(k: int) -> None:
        for _ in range(20):
            for query in (shared, diffam.DistanceQuery(*mesh, threads=2)):
                if not (query.signed_distance(inputs[k]).distance == expected[k]).all():
                    wrong.append(k)

    workers = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    assert not wrong


def fork_answers(points) -> tuple:
    """Distances by a new query, and what the parent's query says."""
    with pytest.raises(diffam.UsageError, match="a fork of it"):
        QUERY.signed_distance(points)
    return diffam.signed_distance(*MESH, points).distance, diffam.winding_number(*MESH, points)


def test_a_forked_process_works_alone():
    points = np.random.default_rng(3).normal(size=(5000, 3))
    expected = QUERY.signed_distance(points).distance  # the parent has threads now
    with multiprocessing.get_context("fork").Pool(1) as pool:
        distances, _ = pool.apply_async(fork_answers, (points,)).get(timeout=60)
    np.testing.assert_array_equal(distances, expected)


def test_python_runs_while_the_library_computes():
    mesh = sphere(5)
    worker = threading.Thread(target=diffam.eigenbasis, args=mesh, kwargs={"modes": 100})
    worker.start()
    turns, longest, last = 0, 0.0, time.perf_counter()
    while worker.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last, turns = max(longest, now - last), now, turns + 1
    assert turns > 20 and longest < 1
