# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Signed distances as a function that PyTorch differentiates. Importing this module needs torch.

>>> import diffam.torch
>>> d = diffam.torch.signed_distance(vertices, faces, points)    # N; float32 or float64, on the CPU
>>> d.abs().mean().backward()                                    # vertices.grad, points.grad
"""

from typing import Any, Tuple

import numpy as np
import torch
from torch.autograd.function import once_differentiable

from . import geometry
from .errors import UsageError


def _array(what: str, tensor: torch.Tensor) -> np.ndarray:
    """The tensor's own memory, by DLPack."""
    if tensor.device.type != "cpu":
        raise UsageError(f"signed_distance: {what}: expected a tensor on the CPU, got {tensor.device}")
    return np.from_dlpack(tensor.detach())


class SignedDistance(torch.autograd.Function):
    """dd/dp and dd/dv of Kim & Park 2024, section 2.2. Distances have a kink where the closest point jumps; there
    the gradient is that of one of the closest points."""

    @staticmethod
    def forward(ctx: Any, vertices: torch.Tensor, faces: torch.Tensor, points: torch.Tensor) -> torch.Tensor:
        if vertices.dtype != points.dtype:
            raise UsageError(
                f"signed_distance: expected vertices and points of one type, got {vertices.dtype} and {points.dtype}"
            )
        v, f = _array("vertices", vertices), _array("faces", faces)
        found = geometry.signed_distance(v, f, _array("points", points))
        ctx.save_for_backward(vertices, faces, *map(torch.from_dlpack, found))
        return torch.from_dlpack(found.distance).clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_distance: torch.Tensor) -> Tuple[Any, None, Any]:
        vertices, faces, *found = ctx.saved_tensors
        d_vertices = d_points = None
        if ctx.needs_input_grad[0]:
            arrays = geometry.Distances(*(_array("distances", t) for t in found))
            d_vertices = torch.from_dlpack(
                geometry.vertex_gradient(
                    _array("vertices", vertices), _array("faces", faces), arrays, _array("d_distance", d_distance)
                )
            )
        if ctx.needs_input_grad[2]:
            d_points = d_distance[:, None] * found[3]
        return d_vertices, None, d_points


def signed_distance(vertices: torch.Tensor, faces: torch.Tensor, points: torch.Tensor) -> torch.Tensor:
    """Signed distances (N) of points (N x 3) to a mesh of vertices (V x 3) and faces (F x 3, whole numbers), negative
    inside, with gradients by vertices and points. Raises as `diffam.signed_distance`."""
    return SignedDistance.apply(vertices, faces, points)
