# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Inputs of the program: paths as they are, images and arrays as files in a folder of their own."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any, List, Mapping, Optional

import numpy as np

from . import files
from .errors import UsageError

_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])  # to RAS, and back


def _of_simpleitk(image: Any) -> files.Volume:
    sitk = sys.modules["SimpleITK"]
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    affine[:3, 3] = image.GetOrigin()
    return files.Volume(sitk.GetArrayViewFromImage(image).T, _LPS @ affine)


def volume_of(where: str, image: Any, affine: Any) -> files.Volume:
    """The voxels of an image of nibabel or SimpleITK, or of an array with its affine matrix."""
    if hasattr(image, "dataobj") and hasattr(image, "affine"):
        found = files.Volume(np.asanyarray(image.dataobj), image.affine)
    elif hasattr(image, "GetDirection") and "SimpleITK" in sys.modules:
        if image.GetDimension() != 3 or image.GetNumberOfComponentsPerPixel() != 1:
            raise UsageError(f"{where}: expected an image of three dimensions with one number a voxel")
        found = _of_simpleitk(image)
    elif isinstance(image, files.Volume):
        found = image
    elif affine is None:
        raise UsageError(f"{where}: expected a path, an image, or an array with affine=, the 4 x 4 matrix to world RAS")
    else:
        return files.Volume(image, affine)
    if affine is not None:
        raise UsageError(f"{where}: affine: expected with an array alone; the image has its own")
    return found


class Inputs:
    """A temporary folder for the inputs of one run, removed at the end of a `with`."""

    def __init__(self) -> None:
        self._folder: Optional[tempfile.TemporaryDirectory] = None

    def __enter__(self) -> "Inputs":
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def file(self, name: str) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="diffam_")
        return Path(self._folder.name) / name

    def volume(self, where: str, image: Any, affine: Any, name: str) -> str:
        """A path, or the file of an image. The file is not compressed, and its voxels keep their type."""
        if isinstance(image, (str, os.PathLike)):
            if affine is not None:
                raise UsageError(f"{where}: affine: expected with an array alone; a file has its own")
            return os.fspath(image)
        file = self.file(name + ".nii")
        files.write_volume(file, *volume_of(where, image, affine))
        return str(file)

    def centres(self, where: str, centres: Any) -> Optional[str]:
        """A path, or a table of {"L1": (x, y, z)} in world RAS, mm."""
        if centres is None or isinstance(centres, (str, os.PathLike)):
            return None if centres is None else os.fspath(centres)
        if not isinstance(centres, Mapping):
            raise UsageError(f"{where}: centres: expected a path or a dict like {{'L1': (x, y, z)}}")
        lines = ["# frame: world-ras"]
        for name, position in centres.items():
            place = np.asarray(position, dtype=np.float64)
            if place.shape != (3,) or not np.isfinite(place).all():
                raise UsageError(f"{where}: centres: {name}: expected three finite numbers, got {position!r}")
            lines.append(",".join([str(name), *map(repr, place.tolist())]))
        file = self.file("centres.csv")
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(file)

    def templates(self, templates: Any) -> List[str]:
        """Options for a path, several paths, or a dict of meshes {"L1": mesh}."""
        if templates is None:
            return []
        if isinstance(templates, Mapping):
            for level, mesh in templates.items():
                file = self.file(f"templates/{level}.ply")
                file.parent.mkdir(exist_ok=True)
                files.write_mesh(file, *mesh)
            return ["--template", str(self.file("templates"))]
        single = isinstance(templates, (str, os.PathLike))
        return ["--template", *([os.fspath(templates)] if single else map(os.fspath, templates))]
