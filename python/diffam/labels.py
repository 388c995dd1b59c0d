# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Metrics of label volumes and of surfaces. `diffam.evaluate` gives the scores of whole scans."""

from typing import Dict, NamedTuple

from numpy.typing import ArrayLike

from . import _native, arguments
from .errors import UsageError
from .files import Mesh


class SurfaceDistances(NamedTuple):
    """Distances between two surfaces in the unit of the vertices; infinite if one of them is empty."""

    mean: float  #: average symmetric surface distance
    hd95: float  #: the larger 95th percentile by area of both directions
    hausdorff: float  #: the largest distance


def dice(prediction: ArrayLike, truth: ArrayLike) -> Dict[int, float]:
    """Dice of every label but 0 in either volume (Dice 1945). Both have the same grid and labels from 0 to 255."""
    p = arguments.labels("dice", "prediction", prediction)
    t = arguments.labels("dice", "truth", truth)
    if p.shape != t.shape:
        raise UsageError(f"dice: expected two volumes of one shape, got {p.shape} and {t.shape}")
    return _native.dice(p, t)


def label_surface(labels: ArrayLike, affine: ArrayLike, label: int) -> Mesh:
    """The surface of a label (1 to 255) as a closed mesh in world coordinates; empty if no voxel has the label."""
    voxels = arguments.labels("label_surface", "labels", labels)
    return Mesh(*_native.label_surface(voxels, arguments.affine("label_surface", affine), label))


def surface_distances(a: Mesh, b: Mesh, *, sample_spacing: float = 1.0, threads: int = 0) -> SurfaceDistances:
    """Distances between two meshes, from sample points less than `sample_spacing` apart to exact closest points."""
    where = "surface_distances"
    return SurfaceDistances(
        *_native.surface_distances(
            *arguments.mesh(where, *a), *arguments.mesh(where, *b), sample_spacing, arguments.threads(threads)
        )
    )
