# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Checks of arguments that are arrays. An array that is right is passed on as it is."""

import os
from typing import Any, Tuple

import numpy as np
from numpy.typing import ArrayLike

from .errors import UsageError

Array = np.ndarray
_forked = False


def _after_fork() -> None:
    global _forked
    _forked = True


os.register_at_fork(after_in_child=_after_fork)


def threads(count: int) -> int:
    """The number of threads; 1 in a forked process, which has none of the threads of its parent."""
    return 1 if _forked else count


def _array(where: str, what: str, value: Any) -> Array:
    try:
        return np.asarray(value)
    except ValueError as e:  # rows of different lengths
        raise UsageError(f"{where}: {what}: expected an array, got {e}") from None


def _shape(array: Array) -> str:
    return " x ".join(map(str, array.shape)) or "one number"


def _numbers(where: str, what: str, array: Array, kinds: str, named: str) -> None:
    if array.dtype.kind not in kinds:
        raise TypeError(f"{where}: {what}: expected {named}, got numbers of type {array.dtype}")


def floats(where: str, what: str, value: ArrayLike) -> Array:
    """float32 and float64 stay as they are; other real numbers become float64."""
    array = _array(where, what, value)
    _numbers(where, what, array, "biuf", "real numbers")
    keeps = array.dtype in (np.float32, np.float64) and array.dtype.isnative
    return array if keeps else array.astype(np.float64)


def rows(where: str, what: str, value: ArrayLike) -> Array:
    """N x 3 real numbers."""
    array = floats(where, what, value)
    if array.ndim != 2 or array.shape[1] != 3:
        raise UsageError(f"{where}: {what}: expected an array of N x 3, got {_shape(array)}")
    return array


def faces(where: str, value: ArrayLike) -> Array:
    """F x 3 whole numbers, as int64. Their range is checked by the library."""
    array = _array(where, "faces", value)
    if array.size == 0:
        array = array.astype(np.int64)
    _numbers(where, "faces", array, "iu", "whole numbers")
    if array.ndim != 2 or array.shape[1] != 3:
        raise UsageError(f"{where}: faces: expected an array of F x 3, got {_shape(array)}")
    return array.astype(np.int64, copy=False)


def mesh(where: str, vertices: ArrayLike, triangles: ArrayLike) -> Tuple[Array, Array]:
    """Vertices as float64, and faces."""
    return rows(where, "vertices", vertices).astype(np.float64, copy=False), faces(where, triangles)


def affine(where: str, value: Any) -> Array:
    """The 4 x 4 matrix from voxel index to world (RAS, mm)."""
    array = np.ascontiguousarray(floats(where, "affine", value), dtype=np.float64)
    if array.shape != (4, 4) or not np.isfinite(array).all() or (array[3] != (0, 0, 0, 1)).any():
        raise UsageError(f"{where}: affine: expected a finite 4 x 4 matrix with the last row 0 0 0 1")
    return array


def voxels(where: str, what: str, value: Any) -> Array:
    """Real numbers on a grid; the first index becomes the fastest in memory."""
    array = _array(where, what, value)
    _numbers(where, what, array, "biuf", "real numbers")
    if array.ndim != 3 or array.size == 0:
        raise UsageError(f"{where}: {what}: expected voxels along three axes, got {_shape(array)}")
    return np.asfortranarray(array)


def labels(where: str, what: str, value: Any) -> Array:
    """Whole numbers from 0 to 255 on a grid, as uint8."""
    array = voxels(where, what, value)
    out = array.astype(np.uint8, copy=False)
    if out is not array and not (out == array).all():
        raise UsageError(f"{where}: {what}: expected whole numbers from 0 to 255, got others")
    return out
