# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Queries, eigenbases and meshes against geometry, derivatives and invariants."""

import tracemalloc

import numpy as np
import pytest
from conftest import sphere

import diffam
from diffam import arguments


def test_signed_distances_are_those_of_a_sphere(points):
    fine = sphere(5)
    d = diffam.signed_distance(*fine, points)
    radius = np.linalg.norm(points, axis=1)
    np.testing.assert_allclose(d.distance, radius - 1, atol=1e-3)  # the facets lie up to 6e-4 inside
    far = np.abs(radius - 1) > 0.1
    np.testing.assert_allclose(d.gradient[far], (points / radius[:, None])[far], atol=0.05)
    on_face = np.linalg.norm(points - d.point, axis=1)
    np.testing.assert_allclose(on_face, np.abs(d.distance), atol=1e-12)


@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 2e-6), (np.float64, 1e-12)])
def test_results_have_the_type_of_the_arguments(ball, points, dtype, tolerance):
    d = diffam.signed_distance(ball.vertices.astype(dtype), ball.faces, points.astype(dtype))
    assert (d.distance.dtype, d.gradient.dtype, d.face.dtype) == (dtype, dtype, np.int32)
    exact = diffam.signed_distance(*ball, points.astype(dtype).astype(float))
    np.testing.assert_allclose(d.distance, exact.distance, atol=tolerance)


def test_float32_keeps_its_digits_far_from_the_origin(ball, points):
    shift = np.array([3000.0, -2000.0, 1000.0])
    query = diffam.DistanceQuery((ball.vertices + shift).astype(np.float32), ball.faces)
    near = diffam.signed_distance(*ball, points).distance
    np.testing.assert_allclose(query.signed_distance(points + shift).distance, near, atol=5e-4)


def test_strides_do_not_matter(ball, points):
    expected = diffam.signed_distance(*ball, points).distance
    wide = np.zeros((2 * len(points), 5))
    wide[::2, 1:4] = points
    reversed_faces = np.asfortranarray(ball.faces[::-1].astype(np.int64))
    d = diffam.signed_distance(np.asfortranarray(ball.vertices), reversed_faces[::-1], wide[::2, 1:4])
    np.testing.assert_array_equal(d.distance, expected)
    read_only = points.copy()
    read_only.flags.writeable = False
    swapped = points.astype(points.dtype.newbyteorder())
    for other in (read_only, swapped, points.tolist()):
        np.testing.assert_array_equal(diffam.signed_distance(*ball, other).distance, expected)


def test_arrays_are_not_copied(ball, points):
    for array in (points, points.astype(np.float32), np.asfortranarray(points)):
        assert arguments.rows("", "", array) is array
    tracemalloc.start()  # sees the arrays that NumPy makes; results belong to the library
    diffam.DistanceQuery(*ball).signed_distance(np.broadcast_to(points[0], (10000, 3)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000  # a copy of the points has 240,000 bytes


def test_number_of_threads_does_not_change_a_bit(ball, points):
    one, two = (diffam.signed_distance(*ball, points, threads=n) for n in (1, 2))
    for a, b in zip(one, two):
        np.testing.assert_array_equal(a, b)


def test_moved_query_equals_a_new_one(ball, points):
    query = diffam.DistanceQuery(*ball)
    query.move(2 * ball.vertices)
    np.testing.assert_allclose(
        query.signed_distance(points).distance,
        diffam.signed_distance(2 * ball.vertices, ball.faces, points).distance,
        atol=1e-14,
    )
    assert (query.vertex_count, query.face_count) == (len(ball.vertices), len(ball.faces))


def test_distances_without_sign(ball, points):
    signed, plain = diffam.signed_distance(*ball, points), diffam.closest_points(*ball, points)
    np.testing.assert_array_equal(plain.distance, np.abs(signed.distance))


def test_winding_numbers(ball, points):
    inside = np.linalg.norm(points, axis=1) < 0.95
    outside = np.linalg.norm(points, axis=1) > 1
    w = diffam.winding_number(*ball, points, error=0)
    np.testing.assert_allclose(w[inside], 1, atol=1e-9)
    np.testing.assert_allclose(w[outside], 0, atol=1e-9)
    half = ball.faces[ball.vertices[ball.faces].mean(axis=1)[:, 2] > 0]
    np.testing.assert_allclose(diffam.winding_number(ball.vertices, half, [[0.0, 0.0, 0.0]], error=0), 0.5, atol=1e-9)
    np.testing.assert_allclose(diffam.winding_number(*ball, points), w, atol=1e-3)


def test_ray_hits_and_their_gradients(ball):
    rng = np.random.default_rng(2)
    origins, directions = rng.normal(size=(50, 3)) * 0.2, rng.normal(size=(50, 3))
    hits = diffam.ray_hits(*ball, origins, directions)
    at = origins + hits.t[:, None] * directions
    corners = ball.vertices[ball.faces[hits.face]]
    np.testing.assert_allclose((hits.bary[:, :, None] * corners).sum(axis=1), at, atol=1e-12)
    step = 1e-6
    for given, gradient in ((0, hits.d_origin), (1, hits.d_direction)):
        for k in range(3):
            moved = [origins.copy(), directions.copy()]
            moved[given][:, k] += step
            numeric = (diffam.ray_hits(*ball, *moved).t - hits.t) / step
            np.testing.assert_allclose(gradient[:, k], numeric, atol=1e-4, rtol=1e-4)
    away = diffam.ray_hits(*ball, [[2.0, 0, 0]], [[1.0, 0, 0]])
    assert np.isinf(away.t[0]) and away.face[0] == -1


def test_vertex_gradients_are_the_differences(ball, points):
    weights = np.random.default_rng(3).normal(size=len(points))
    d = diffam.signed_distance(*ball, points)
    gradient = diffam.geometry.vertex_gradient(*ball, d, weights)
    along = np.random.default_rng(4).normal(size=ball.vertices.shape)
    step = 1e-6
    ends = [
        diffam.signed_distance(ball.vertices + s * step * along, ball.faces, points).distance @ weights for s in (1, -1)
    ]
    np.testing.assert_allclose((gradient * along).sum(), (ends[0] - ends[1]) / (2 * step), rtol=1e-5)


def test_points_that_are_not_finite_have_no_distance(ball):
    d = diffam.signed_distance(*ball, [[np.nan, 0, 0], [0, np.inf, 0], [2, 0, 0]])
    assert np.isnan(d.distance[:2]).all() and (d.face[:2] == -1).all()
    assert d.distance[2] == pytest.approx(1)


def test_no_points(ball):
    d = diffam.signed_distance(*ball, np.empty((0, 3)))
    assert d.distance.shape == (0,) and d.point.shape == (0, 3)
    assert diffam.winding_number(*ball, np.empty((0, 3))).shape == (0,)
    assert diffam.ray_hits(*ball, np.empty((0, 3)), np.empty((0, 3))).bary.shape == (0, 3)


def test_eigenbasis_is_orthonormal_and_that_of_a_sphere():
    basis = diffam.eigenbasis(*sphere(4), modes=9, mass="lumped")
    gram = basis.vectors.T @ (basis.mass[:, None] * basis.vectors)
    np.testing.assert_allclose(gram, np.eye(9), atol=1e-8)
    np.testing.assert_allclose(basis.values[[0, 1, 2, 3, 4, 8]], [0, 2, 2, 2, 6, 6], atol=0.1)  # l (l + 1)
    assert diffam.eigenbasis(*sphere(2), modes=5).mass.tolist() == [1.0] * len(sphere(2).vertices)


def test_check_mesh_counts_defects(ball):
    report = diffam.check_mesh(*ball)
    assert report.ok and report.genus == 0 and report.components == 1 and str(report) == "closed, faces outward"
    assert report.volume == pytest.approx(4 / 3 * np.pi, rel=0.03)
    hole = diffam.check_mesh(ball.vertices, ball.faces[1:])
    assert not hole.ok and hole.boundary_edges == 3 and "3 boundary edges" in str(hole)
    assert diffam.check_mesh(ball.vertices, ball.faces[:, ::-1]).volume < 0
    assert diffam.check_mesh(ball.vertices, [[0, 1, 2**40]]).bad_indices == 1


def test_self_intersections(ball):
    assert len(diffam.self_intersections(*ball)) == 0
    two = np.concatenate([ball.vertices, ball.vertices + [1, 0, 0]])
    pairs = diffam.self_intersections(two, np.concatenate([ball.faces, ball.faces + len(ball.vertices)]))
    assert len(pairs) > 0 and (pairs[:, 0] < len(ball.faces)).all() and (pairs[:, 1] >= len(ball.faces)).all()


@pytest.mark.parametrize("wish", [{"edge_length": 6.0}, {"vertex_count": 300}])
def test_remesh_stays_on_the_surface(wish):
    fine = sphere(4, radius=20)
    mesh = diffam.remesh(*fine, **wish)
    assert diffam.check_mesh(*mesh).ok
    if "vertex_count" in wish:
        assert len(mesh.vertices) == pytest.approx(300, rel=0.02)
    corners = mesh.vertices[mesh.faces]
    lengths = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)
    assert lengths.std() / lengths.mean() < 0.2
    assert np.abs(diffam.closest_points(*fine, mesh.vertices).distance).max() < 1e-3


def test_labels_and_surfaces(tmp_path):
    grid = np.stack(np.meshgrid(*[np.arange(24)] * 3, indexing="ij"), axis=-1)
    affine = np.array([[-0.5, 0, 0, 3], [0, 0.5, 0, 4], [0, 0, 0.5, 5], [0, 0, 0, 1.0]])
    truth = 20 * (np.linalg.norm(grid - 11.5, axis=-1) < 8)
    shifted = np.roll(truth, 2, axis=0)
    both = (truth & shifted > 0).sum()
    assert diffam.dice(shifted, truth) == {20: 2 * both / (2 * (truth > 0).sum())}
    assert diffam.dice(truth, truth) == {20: 1.0}
    a, b = (diffam.label_surface(x, affine, 20) for x in (truth, shifted))
    assert diffam.check_mesh(*a).ok
    assert diffam.check_mesh(*a).volume == pytest.approx(4 / 3 * np.pi * 4**3, rel=0.05)
    distances = diffam.surface_distances(a, b)
    assert 0.3 < distances.mean < 0.8 and distances.mean < distances.hd95 <= distances.hausdorff <= 1 + 1e-9
    assert diffam.surface_distances(a, a).hausdorff < 1e-12
    diffam.write_mesh(tmp_path / "a.ply", *a)
    again = diffam.read_mesh(tmp_path / "a.ply")
    np.testing.assert_allclose(again.vertices, a.vertices, atol=1e-6)
    np.testing.assert_array_equal(again.faces, a.faces)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "float32", "int8", "bool", "int32", "float64", "int64"])
def test_volumes_keep_their_values(tmp_path, dtype):
    voxels = (np.arange(60).reshape(3, 4, 5) * 2 - 20 * (dtype[0] in "if")).astype(dtype)
    affine = np.array([[0, 0, 2, 1], [1.5, 0, 0, -2], [0, 1, 0, 3], [0, 0, 0, 1.0]])
    diffam.write_volume(tmp_path / "v.nii.gz", voxels, affine)
    again = diffam.read_volume(tmp_path / "v.nii.gz")
    np.testing.assert_array_equal(again.voxels, voxels.astype(np.float32))
    np.testing.assert_allclose(again.affine, affine, atol=1e-6)
    assert again.voxels.flags.f_contiguous
