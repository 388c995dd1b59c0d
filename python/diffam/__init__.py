# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Vertebra segmentation in CT without training, and its mesh library.

>>> import diffam
>>> fit = diffam.fit("ct.nii.gz")              # runs the program `diffam`, which this package holds
>>> fit.labels, fit.affine                     # VerSe numbers in the grid of the CT
>>> fit.meshes["L3"].vertices                  # world RAS, mm
>>> diffam.signed_distance(vertices, faces, points).distance

Points, vertices and results are in the unit of the mesh; files are in world RAS and mm.
"""

from ._native import version as __version__
from .commands import evaluate, find, fit, measure, phantom, synth, template
from .errors import (
    BadData,
    CannotCreate,
    Defect,
    DiffamWarning,
    Error,
    Killed,
    LowConfidence,
    MissingInput,
    NoDevice,
    Stopped,
    UsageError,
    WriteFailed,
)
from .files import Mesh, Volume, read_labels, read_mesh, read_volume, write_mesh, write_volume
from .geometry import (
    DistanceQuery,
    Distances,
    Eigenbasis,
    MeshReport,
    RayHits,
    check_mesh,
    closest_points,
    eigenbasis,
    ray_hits,
    remesh,
    self_intersections,
    signed_distance,
    winding_number,
)
from .labels import SurfaceDistances, dice, label_surface, surface_distances
from .results import Fit, Found, Measures, Phantom, Synthetic

__all__ = [name for name in globals() if not name.startswith("_")] + ["__version__"]
