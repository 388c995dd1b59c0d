# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Signed distances, winding numbers, rays, eigenbases and remeshing of triangle meshes.

A mesh is an array of vertices (V x 3) and one of faces (F x 3, vertex indices from 0, counter-clockwise seen from
outside). Arrays may have any strides. Points and vertices of float32 are computed in float32, all others in float64.
C++ runs without Python's lock; `threads` does not change a result, and 0 means all cores.

A wrong shape, an index that is no vertex and a vertex that is not finite raise `UsageError` (a `ValueError`);
numbers that are not real raise `TypeError`.
"""

import os
from typing import NamedTuple, Optional, Tuple

import numpy as np
from numpy.typing import ArrayLike

from . import _native, arguments
from ._native import MeshReport
from .errors import UsageError
from .files import Mesh

Array = np.ndarray


class Distances(NamedTuple):
    """Distances of N points to a mesh. A point that is not finite has the distance NaN and the face -1."""

    distance: Array  #: N, negative inside; never negative without signs
    face: Array  #: N, int32: the closest face
    point: Array  #: N x 3: the closest point of the surface
    gradient: Array  #: N x 3: of the distance by the point, a unit vector


class RayHits(NamedTuple):
    """First hits of N rays. A ray that meets nothing has an infinite t and the face -1."""

    t: Array  #: N: the hit is at origin + t direction
    face: Array  #: N, int32: the face that is hit first
    bary: Array  #: N x 3: the hit's weights of the corners of the face
    d_origin: Array  #: N x 3: gradient of t by the origin
    d_direction: Array  #: N x 3: gradient of t by the direction


class Eigenbasis(NamedTuple):
    """The first K eigenvectors of the Laplace-Beltrami operator, S phi = lambda M phi."""

    vectors: Array  #: V x K, one eigenvector a column; column 0 is constant
    values: Array  #: K, ascending; the first is 0
    mass: Array  #: V: the diagonal of M


def _types(where: str, vertices: ArrayLike, points: ArrayLike) -> Tuple[Array, Array]:
    """Vertices and points in one type: float32 if both are, else float64."""
    v, p = arguments.rows(where, "vertices", vertices), arguments.rows(where, "points", points)
    together = np.result_type(v, p)
    return v.astype(together, copy=False), p.astype(together, copy=False)


class DistanceQuery:
    """A mesh with its search tree, for many queries.

    `vertices` (V x 3) and `faces` (F x 3) are copied. The type of the vertices, float32 or float64, is that of all
    results. Several threads may use one query; their calls run one after the other. A forked process needs its own.
    """

    def __init__(self, vertices: ArrayLike, faces: ArrayLike, *, threads: int = 0) -> None:
        where = "DistanceQuery"
        v = arguments.rows(where, "vertices", vertices)
        self.dtype: np.dtype = v.dtype
        kind = _native.Query32 if v.dtype == np.float32 else _native.Query64
        self._query = kind(v, arguments.faces(where, faces), arguments.threads(threads))
        self._process = os.getpid()

    def __repr__(self) -> str:
        return f"DistanceQuery({self.vertex_count} vertices, {self.face_count} faces, {self.dtype})"

    @property
    def vertex_count(self) -> int:
        return self._query.vertex_count

    @property
    def face_count(self) -> int:
        return self._query.face_count

    def _points(self, what: str, points: ArrayLike) -> Array:
        if os.getpid() != self._process:
            raise UsageError("DistanceQuery: expected the process that made the query, got a fork of it")
        p = arguments.rows("DistanceQuery", what, points)
        return p.astype(self.dtype, copy=False) if self.dtype == np.float64 else p

    def move(self, vertices: ArrayLike) -> None:
        """Moves the vertices (V x 3); the faces stay."""
        v = self._points("vertices", vertices)
        self._query.move(v.astype(self.dtype, copy=False))

    def signed_distance(self, points: ArrayLike) -> Distances:
        """Distances of points (N x 3), negative inside, with closest faces, closest points and gradients.

        The sign is that of the winding number (Barill et al. 2018): meshes may intersect themselves or have holes.
        """
        return Distances(*self._query.distances(self._points("points", points), True))

    def closest_points(self, points: ArrayLike) -> Distances:
        """The same without signs, which takes less time."""
        return Distances(*self._query.distances(self._points("points", points), False))

    def winding_number(self, points: ArrayLike, *, error: float = 1e-3) -> Array:
        """Winding numbers (N) of points (N x 3), each wrong by at most `error` and rounding; 0: the exact sum."""
        return self._query.winding_numbers(self._points("points", points), error)

    def ray_hits(self, origins: ArrayLike, directions: ArrayLike) -> RayHits:
        """First hits with t >= 0 of rays from `origins` along `directions` (both N x 3, of any length)."""
        o, d = self._points("origins", origins), self._points("directions", directions)
        together = np.result_type(o, d)
        return RayHits(*self._query.first_hits(o.astype(together, copy=False), d.astype(together, copy=False)))


def signed_distance(vertices: ArrayLike, faces: ArrayLike, points: ArrayLike, *, threads: int = 0) -> Distances:
    """Signed distances of points (N x 3) to a mesh in one call: see `DistanceQuery.signed_distance`."""
    v, p = _types("signed_distance", vertices, points)
    return DistanceQuery(v, faces, threads=threads).signed_distance(p)


def closest_points(vertices: ArrayLike, faces: ArrayLike, points: ArrayLike, *, threads: int = 0) -> Distances:
    """The closest points of the surface, with distances that are not signed."""
    v, p = _types("closest_points", vertices, points)
    return DistanceQuery(v, faces, threads=threads).closest_points(p)


def winding_number(
    vertices: ArrayLike, faces: ArrayLike, points: ArrayLike, *, error: float = 1e-3, threads: int = 0
) -> Array:
    """Winding numbers (N) of points (N x 3): 1 inside of a closed mesh and 0 outside, each within `error`."""
    v, p = _types("winding_number", vertices, points)
    return DistanceQuery(v, faces, threads=threads).winding_number(p, error=error)


def ray_hits(
    vertices: ArrayLike, faces: ArrayLike, origins: ArrayLike, directions: ArrayLike, *, threads: int = 0
) -> RayHits:
    """First hits of rays from `origins` along `directions` (both N x 3)."""
    v, o = _types("ray_hits", vertices, origins)
    return DistanceQuery(v, faces, threads=threads).ray_hits(o, directions)


def vertex_gradient(
    vertices: ArrayLike, faces: ArrayLike, distances: Distances, d_distance: ArrayLike
) -> Array:
    """The gradient (V x 3) of a loss by the vertices, from its gradient `d_distance` (N) by the distances.

    d_v_k = -w_k d_distance gradient, with the barycentric weights w of the closest point (Kim & Park 2024, section
    2.2). `distances` is the answer for this mesh. The gradient by the points is `d_distance[:, None] * gradient`.
    """
    where, dtype = "vertex_gradient", distances.distance.dtype
    v = arguments.rows(where, "vertices", vertices).astype(dtype, copy=False)
    d = arguments.floats(where, "d_distance", d_distance).astype(dtype, copy=False)
    if d.shape != distances.distance.shape:
        raise UsageError(f"{where}: d_distance: expected {distances.distance.shape[0]} numbers, got {d.shape}")
    return _native.vertex_gradient(
        v, arguments.faces(where, faces), distances.face, distances.point, distances.gradient, d
    )


def check_mesh(vertices: ArrayLike, faces: ArrayLike) -> MeshReport:
    """Counts the defects of a mesh; `ok` says whether it is closed, with outward faces. Signed distances to a mesh
    with defects are those of its winding numbers."""
    return _native.check_mesh(*arguments.mesh("check_mesh", vertices, faces))


def self_intersections(vertices: ArrayLike, faces: ArrayLike) -> Array:
    """Pairs of faces (P x 2) that pass through each other, the smaller index first, in ascending order."""
    return _native.self_intersections(*arguments.mesh("self_intersections", vertices, faces))


def eigenbasis(
    vertices: ArrayLike, faces: ArrayLike, modes: int = 150, *, mass: str = "none", threads: int = 1
) -> Eigenbasis:
    """The first `modes` eigenvectors of a connected mesh (Kim & Park 2024, section 2.3), in float64.

    `mass` "none" is M = I: eigenvalues depend on the number of vertices. "lumped" is a third of the area of the faces
    at each vertex. Raises `UsageError` if there are not so many modes, `BadData` for a mesh that is not connected.
    """
    if mass not in ("none", "lumped"):
        raise UsageError(f"eigenbasis: mass: expected 'none' or 'lumped', got {mass!r}")
    v, f = arguments.mesh("eigenbasis", vertices, faces)
    return Eigenbasis(*_native.eigenbasis(v, f, modes, mass == "lumped", arguments.threads(threads)))


def remesh(
    vertices: ArrayLike,
    faces: ArrayLike,
    *,
    edge_length: Optional[float] = None,
    vertex_count: Optional[int] = None,
    rounds: int = 12,
) -> Mesh:
    """A mesh of even triangles on the same surface.

    Give the length of its edges, or the number of its vertices (to 1 %). No edge is split, so the result is coarser
    than the mesh. Positions are multiples of 2^-12: use mm (Botsch & Kobbelt 2004). Raises `BadData` for a mesh that
    is not closed, `UsageError` for a result that would be finer.
    """
    if (edge_length is None) == (vertex_count is None):
        raise UsageError("remesh: expected either edge_length or vertex_count")
    if vertex_count is not None and vertex_count < 1:
        raise UsageError(f"remesh: vertex_count: expected a positive number, got {vertex_count}")
    v, f = arguments.mesh("remesh", vertices, faces)
    return Mesh(*_native.remesh(v, f, float(edge_length or 0), int(vertex_count or 0), rounds))
