# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Volumes and meshes in files. What a reader remarks on a file becomes a `DiffamWarning`."""

import os
import warnings
from typing import Any, NamedTuple, Union

import numpy as np
from numpy.typing import ArrayLike

from . import _native, arguments
from .errors import DiffamWarning

Path = Union[str, "os.PathLike[str]"]


class Mesh(NamedTuple):
    """A triangle mesh."""

    vertices: np.ndarray  #: V x 3; of files in world RAS, mm
    faces: np.ndarray  #: F x 3, int32; counter-clockwise seen from outside


class Volume(NamedTuple):
    """Voxels on a grid."""

    voxels: np.ndarray  #: I x J x K, the first index fastest in memory
    affine: np.ndarray  #: 4 x 4: voxel index -> world RAS, mm


def _told(value: Any, remarks: "list[str]") -> Any:
    for remark in remarks:
        warnings.warn(remark, DiffamWarning, stacklevel=3)
    return value


def read_volume(file: Path) -> Volume:
    """Reads a NIfTI, NRRD or MetaImage file as float32 (HU for a CT).

    Raises `MissingInput` where the file cannot be read, `BadData` where it is damaged or of another format.
    """
    value, remarks = _native.read_volume(file)
    return _told(Volume(*value), remarks)


def read_labels(file: Path) -> Volume:
    """Reads a label volume as uint8. Raises `BadData` where a voxel lies between two whole numbers."""
    value, remarks = _native.read_labels(file)
    return _told(Volume(*value), remarks)


def write_volume(file: Path, voxels: ArrayLike, affine: ArrayLike) -> None:
    """Writes .nii or .nii.gz. uint8, int16, uint16 and float32 keep their type, bool and int8 become wider, and other
    numbers become float32, in which the program computes."""
    array = arguments.voxels("write_volume", "voxels", voxels)
    if array.dtype not in (np.uint8, np.int16, np.uint16, np.float32):
        wider = {"bool": np.uint8, "int8": np.int16}.get(array.dtype.name, np.float32)
        array = array.astype(wider)
    _native.write_volume(file, array, arguments.affine("write_volume", affine))


def read_mesh(file: Path) -> Mesh:
    """Reads .ply, .obj, .stl or .off (float64, RAS; a file with SPACE=LPS in a comment is converted)."""
    value, remarks = _native.read_mesh(file)
    return _told(Mesh(*value), remarks)


def write_mesh(file: Path, vertices: ArrayLike, faces: ArrayLike) -> None:
    """Writes binary .ply, .obj or binary .stl, as float32."""
    _native.write_mesh(file, *arguments.mesh("write_mesh", vertices, faces))
