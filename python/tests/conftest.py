# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Meshes with known answers, and one small CT that all tests of the program share."""

import numpy as np
import pytest

import diffam

FAST = {"preset": "fast", "iterations": 20, "samples": 1000, "threads": 2, "progress": False}


def sphere(rounds: int = 3, radius: float = 1.0) -> diffam.Mesh:
    """An octahedron, each face divided in four `rounds` times, with its vertices on a sphere."""
    vertices = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
    vertices = [np.array(v, dtype=float) for v in vertices]
    faces = [(0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4), (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5)]
    for _ in range(rounds):
        middles, finer = {}, []

        def middle(a: int, b: int) -> int:
            key = (min(a, b), max(a, b))
            if key not in middles:
                m = vertices[a] + vertices[b]
                vertices.append(m / np.linalg.norm(m))
                middles[key] = len(vertices) - 1
            return middles[key]

        for a, b, c in faces:
            x, y, z = middle(a, b), middle(b, c), middle(c, a)
            finer += [(a, x, z), (b, y, x), (c, z, y), (x, y, z)]
        faces = finer
    return diffam.Mesh(radius * np.array(vertices), np.array(faces, dtype=np.int32))


@pytest.fixture(scope="session")
def ball() -> diffam.Mesh:
    return sphere()


@pytest.fixture(scope="session")
def points() -> np.ndarray:
    return np.random.default_rng(5).normal(size=(500, 3))


@pytest.fixture(scope="session")
def phantom(tmp_path_factory) -> diffam.Phantom:
    return diffam.phantom(levels="L2-L3", spacing=(2, 2, 2), output=tmp_path_factory.mktemp("phantom"))


@pytest.fixture(scope="session")
def fit(phantom, tmp_path_factory) -> diffam.Fit:
    return diffam.fit(phantom.file_of_ct, phantom.centres, output=tmp_path_factory.mktemp("fit") / "out", **FAST)
