# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Results of the program. Each part is read from its file at its first use."""

import csv
import json
import os
import shutil
import tempfile
import weakref
from functools import cached_property
from pathlib import Path
from typing import Any, Dict, Optional, Union

import numpy as np

from . import files
from .errors import MissingInput, UsageError

Table = Dict[str, Dict[str, float]]


def _number(text: str) -> float:
    return float(text) if text else float("nan")


class Results:
    """A folder of results. A folder that Python made is removed with the last use of this object: `save` keeps it."""

    def __init__(self, folder: Union[str, "os.PathLike[str]"]) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise MissingInput(f"{self.folder}: expected a folder of results")

    @classmethod
    def _temporary(cls, folder: str) -> Any:
        made = cls(folder)
        weakref.finalize(made, shutil.rmtree, folder, ignore_errors=True)
        return made

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.folder)!r})"

    def file(self, ending: str) -> Path:
        """The file of the folder whose name ends so. Raises `MissingInput` unless there is exactly one."""
        found = sorted(self.folder.glob("*" + ending))
        if len(found) != 1:
            raise MissingInput(f"{self.folder}: expected one file that ends in {ending}, found {len(found)}")
        return found[0]

    def save(self, folder: Union[str, "os.PathLike[str]"]) -> Path:
        """Copies all files to a new folder, and returns it. Raises FileExistsError if it is there already."""
        return Path(shutil.copytree(self.folder, folder))

    def _json(self, file: Path) -> Any:
        return json.loads(file.read_text(encoding="utf-8"))


class Measures(Results):
    """Regions, landmarks and measurements of vertebrae (docs/measurements.md)."""

    @cached_property
    def measures(self) -> Table:
        """{"L1": {"height_anterior_mm": ..., ...}}; NaN: not defined at this level, or not visible."""
        with self.file("_measures.csv").open(encoding="utf-8", newline="") as lines:
            return {
                row.pop("name"): {key: _number(text) for key, text in row.items()} for row in csv.DictReader(lines)
            }

    @cached_property
    def angles(self) -> Dict[str, float]:
        """Angles of the spine in degrees, those that are defined."""
        with self.file("_angles.csv").open(encoding="utf-8", newline="") as lines:
            return {row["angle"]: _number(row["degrees"]) for row in csv.DictReader(lines)}

    @cached_property
    def landmarks(self) -> Dict[str, Dict[str, np.ndarray]]:
        """{"L1": {"body_centre": (x, y, z), ...}} in world RAS, mm."""
        out: Dict[str, Dict[str, np.ndarray]] = {}
        with self.file("_landmarks.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                place = np.array([float(row[axis]) for axis in "xyz"])
                out.setdefault(row["vertebra"], {})[row["landmark"]] = place
        return out

    @cached_property
    def regions(self) -> np.ndarray:
        """Parts of the bone in the CT's grid, with the numbers of SPINEPS and TPTBox."""
        return files.read_labels(self.file("_seg-subreg_msk.nii.gz")).voxels


class Fit(Measures):
    """The results of a fit. `Fit(folder)` opens those of an earlier one."""

    @cached_property
    def report(self) -> Dict[str, Any]:
        """The contents of report.json: version, settings, times, vertebrae with their flags, losses, warnings."""
        return self._json(self.folder / "report.json")

    @cached_property
    def _mask(self) -> files.Volume:
        return files.read_labels(self.file("_seg-vert_msk.nii.gz"))

    @property
    def labels(self) -> np.ndarray:
        """Labels in the CT's grid (I x J x K, uint8): VerSe's numbers, or those of labels="totalseg"."""
        return self._mask.voxels

    @property
    def affine(self) -> np.ndarray:
        """4 x 4: voxel index -> world RAS, mm."""
        return self._mask.affine

    @cached_property
    def meshes(self) -> Dict[str, files.Mesh]:
        """{"L1": mesh} in world RAS, mm. Vertex k is the same anatomical point in every scan."""
        return {v["name"]: files.read_mesh(self.folder / v["mesh"]) for v in self.report["vertebrae"]}

    @cached_property
    def centres(self) -> Dict[str, np.ndarray]:
        """{"L1": (x, y, z)}: centres of the bodies in world RAS, mm, from head to foot."""
        return {v["name"]: np.array(v["centre_mm"]) for v in self.report["vertebrae"]}

    @cached_property
    def confidence(self) -> Dict[str, Optional[float]]:
        """{"L1": probability that the Dice of place and shape is at least 0.8}; None: not visible."""
        return {v["name"]: v["confidence"] for v in self.report["vertebrae"]}

    @property
    def page(self) -> Path:
        """The report as an HTML page. Raises `MissingInput` with report="none"."""
        return self.file("_report.html")


class Found(Results):
    """The vertebrae that `find` found."""

    @cached_property
    def record(self) -> Dict[str, Any]:
        """The contents of NAME_find.json (docs/find.md)."""
        return self._json(self.file("_find.json"))

    @property
    def sure(self) -> bool:
        """Whether the names are sure."""
        return self.record["sure"]

    @property
    def margin(self) -> Optional[float]:
        """The cost of the second reading of the names less that of the first."""
        return self.record["margin"]

    @cached_property
    def centres(self) -> Dict[str, np.ndarray]:
        """{"L1": (x, y, z)}: centres of the bodies in world RAS, mm. `fit` takes them as its centres."""
        return {v["name"]: np.array(v["position_ras_mm"]) for v in self.record["vertebrae"]}

    @property
    def picture(self) -> Path:
        return self.file("_find.png")


class Phantom(Results):
    """A generated CT with its truth."""

    _truth = "_truth.nii.gz"

    @property
    def file_of_ct(self) -> Path:
        return self.file("_ct.nii.gz")

    @cached_property
    def _ct(self) -> files.Volume:
        return files.read_volume(self.file_of_ct)

    @property
    def ct(self) -> np.ndarray:
        """I x J x K, float32, HU."""
        return self._ct.voxels

    @property
    def affine(self) -> np.ndarray:
        return self._ct.affine

    @cached_property
    def labels(self) -> np.ndarray:
        """The true labels, uint8, VerSe's numbers."""
        return files.read_labels(self.file(self._truth)).voxels

    @property
    def centres(self) -> Path:
        """The file of the centres, for `fit`."""
        return self.file("_ctd.json")


class Synthetic(Phantom):
    """A CT that was made from a fit, with its exact labels."""

    _truth = "_seg-vert_msk.nii.gz"


def output_folder(where: str, output: Any, resume: bool = False) -> "tuple[str, bool]":
    """The folder of a run, and whether it is a temporary one."""
    if output is not None:
        return os.fspath(output), False
    if resume:
        raise UsageError(f"{where}: resume: expected output=, the folder of the stopped run")
    return tempfile.mkdtemp(prefix="diffam_"), True
