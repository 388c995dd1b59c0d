# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The same answers as other libraries. A test without its library is skipped."""

import numpy as np
import pytest
from conftest import sphere

import diffam


@pytest.fixture(scope="module")
def bent():
    """A mesh without symmetry, and points on both sides."""
    ball = sphere(4)
    x = ball.vertices
    bent = x * [1.5, 1, 0.7] + 0.2 * np.sin(3 * x[:, [1, 2, 0]])
    return diffam.Mesh(bent, ball.faces), np.random.default_rng(8).normal(size=(3000, 3))


def test_distances_and_winding_numbers_of_libigl(bent):
    igl = pytest.importorskip("igl")
    mesh, points = bent
    sign = igl.SIGNED_DISTANCE_TYPE_WINDING_NUMBER
    theirs = igl.signed_distance(points, mesh.vertices, mesh.faces.astype(np.int64), sign_type=sign)
    ours = diffam.signed_distance(*mesh, points)
    np.testing.assert_allclose(ours.distance, theirs[0], atol=1e-12)
    np.testing.assert_allclose(ours.point, theirs[2], atol=1e-7)
    winding = igl.winding_number(mesh.vertices, mesh.faces.astype(np.int64), points)
    np.testing.assert_allclose(diffam.winding_number(*mesh, points, error=0), winding, atol=1e-9)


def test_closest_points_and_volume_of_trimesh(bent):
    trimesh = pytest.importorskip("trimesh")
    pytest.importorskip("rtree")
    mesh, points = bent
    theirs = trimesh.Trimesh(*mesh, process=False)
    closest, distance, _ = theirs.nearest.on_surface(points[:300])
    ours = diffam.closest_points(*mesh, points[:300])
    np.testing.assert_allclose(ours.distance, distance, atol=1e-9)
    np.testing.assert_allclose(ours.point, closest, atol=1e-6)
    report = diffam.check_mesh(*mesh)
    assert report.volume == pytest.approx(theirs.volume) and report.area == pytest.approx(theirs.area)


def test_eigenvalues_of_scipy(bent):
    sparse = pytest.importorskip("scipy.sparse")
    linalg = pytest.importorskip("scipy.sparse.linalg")
    (vertices, faces), _ = bent
    n = len(vertices)
    stiffness, mass = sparse.csr_matrix((n, n)), np.zeros(n)
    for k in range(3):  # the cotangent of corner k weighs the edge across
        a, b, c = (vertices[faces[:, (k + j) % 3]] for j in range(3))
        normal = np.linalg.norm(np.cross(b - a, c - a), axis=1)
        weight = ((b - a) * (c - a)).sum(axis=1) / normal / 2
        i, j = faces[:, (k + 1) % 3], faces[:, (k + 2) % 3]
        for row, column, sign in ((i, j, -1), (j, i, -1), (i, i, 1), (j, j, 1)):
            stiffness = stiffness + sparse.csr_matrix((sign * weight, (row, column)), shape=(n, n))
        np.add.at(mass, faces[:, k], normal / 6)
    for kind, m in (("none", np.ones(n)), ("lumped", mass)):
        theirs = np.sort(linalg.eigsh(stiffness, 12, sparse.diags(m), sigma=-1e-3, return_eigenvectors=False))
        ours = diffam.eigenbasis(vertices, faces, modes=12, mass=kind)
        np.testing.assert_allclose(ours.values, theirs, atol=1e-8, rtol=1e-7)
        np.testing.assert_allclose(ours.mass, m, rtol=1e-12)


def test_rays_of_open3d(bent):
    o3d = pytest.importorskip("open3d")
    mesh, points = bent
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(mesh.vertices.astype(np.float32)), o3d.core.Tensor(mesh.faces.astype(np.uint32)))
    rays = np.concatenate([points, -points], axis=1).astype(np.float32)
    theirs = scene.cast_rays(o3d.core.Tensor(rays))["t_hit"].numpy()
    ours = diffam.ray_hits(*mesh, points, -points)
    hit = np.isfinite(theirs) & np.isfinite(ours.t)
    assert hit.mean() > 0.5 and (np.isfinite(theirs) == np.isfinite(ours.t)).mean() > 0.999
    np.testing.assert_allclose(ours.t[hit], theirs[hit], atol=1e-4)


def test_volumes_of_nibabel(tmp_path):
    nibabel = pytest.importorskip("nibabel")
    voxels = np.arange(-30, 30, dtype=np.int16).reshape(3, 4, 5)
    affine = np.array([[0, 0.9, 0, 4], [-1.1, 0, 0, 5], [0, 0, 2, 6], [0, 0, 0, 1.0]])
    diffam.write_volume(tmp_path / "v.nii", voxels, affine)
    theirs = nibabel.load(tmp_path / "v.nii")
    assert theirs.get_data_dtype() == np.int16
    np.testing.assert_array_equal(np.asanyarray(theirs.dataobj), voxels)
    np.testing.assert_allclose(theirs.affine, affine, atol=1e-6)
