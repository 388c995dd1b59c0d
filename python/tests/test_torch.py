# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The function of PyTorch against its own check of gradients. Skipped without torch."""

import numpy as np
import pytest
from conftest import sphere

import diffam

torch = pytest.importorskip("torch")
import diffam.torch  # noqa: E402


@pytest.fixture
def tensors():
    mesh = sphere(1)
    points = np.random.default_rng(11).normal(size=(20, 3))
    return tuple(map(torch.from_dlpack, (mesh.vertices, mesh.faces, points)))


def test_gradients_pass_gradcheck(tensors):
    vertices, faces, points = tensors
    vertices.requires_grad_(), points.requires_grad_()
    assert torch.autograd.gradcheck(lambda v, p: diffam.torch.signed_distance(v, faces, p), (vertices, points))


def test_values_are_those_of_the_arrays(tensors):
    vertices, faces, points = tensors
    d = diffam.torch.signed_distance(*tensors)
    assert d.tolist() == diffam.signed_distance(*(np.from_dlpack(t) for t in tensors)).distance.tolist()
    small = diffam.torch.signed_distance(vertices.float(), faces, points.float())
    assert small.dtype == torch.float32


def test_descent_fits_a_sphere(tensors):
    vertices, faces, points = tensors
    target = 2 * points / points.norm(dim=1, keepdim=True)
    x = vertices.clone().requires_grad_()
    optimizer = torch.optim.Adam([x], lr=0.05)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = diffam.torch.signed_distance(x, faces, target).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.01 * losses[0]


def test_wrong_types_are_refused(tensors):
    vertices, faces, points = tensors
    with pytest.raises(diffam.UsageError, match="one type"):
        diffam.torch.signed_distance(vertices, faces, points.float())
    with pytest.raises(TypeError, match="whole numbers"):
        diffam.torch.signed_distance(vertices, faces.double(), points)
