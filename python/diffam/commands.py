# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The commands of the program as functions. `options` are those of its command line (`diffam fit --help`) with
underscores: `iterations=500`, `weight_edge=0.01`, `without=["overlap"]`, `accept_levels=True`."""

import json
import os
import shutil
from typing import Any, Dict, Mapping, Optional, Sequence, Type, Union

import numpy as np

from . import files, program
from .errors import LowConfidence
from .inputs import Inputs
from .results import Fit, Found, Measures, Phantom, Results, Synthetic, output_folder

Pins = Optional[Mapping[str, Sequence[float]]]


def _run(
    command: str,
    kind: Type[Results],
    output: Any,
    progress: bool,
    arguments: Sequence[str],
    values: Mapping[str, Any],
    file: str = "",
) -> Any:
    """Runs a command that writes a folder, or a file in it and others beside it. A folder that was made here goes with
    its results, or with an error."""
    folder, temporary = output_folder(command, output, bool(values.get("resume")))

    def results() -> Any:
        return kind._temporary(folder) if temporary else kind(folder)

    try:
        program.run(
            command,
            [*arguments, "--output=" + os.path.join(folder, file), *program.options(values)],
            progress=progress,
            stacklevel=4,
        )
        return results()
    except LowConfidence as e:
        e.result = results()
        raise
    except BaseException:
        if temporary:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _folder(results: Union[Fit, files.Path]) -> str:
    return str(results.folder) if isinstance(results, Fit) else os.fspath(results)


def fit(
    ct: Any,
    centres: Any = None,
    *,
    affine: Any = None,
    preset: str = "default",
    templates: Any = None,
    pins: Pins = None,
    output: Optional[files.Path] = None,
    progress: bool = True,
    **options: Any,
) -> Fit:
    """Fits a mesh to every vertebra of a CT.

    ct          a path (file, DICOM folder), an image of nibabel or SimpleITK, or an array (I x J x K, HU) with
                `affine`, the 4 x 4 matrix from voxel index to world RAS in mm
    centres     a path, or {"L1": (x, y, z)} in world RAS, mm; None: they are found
    preset      "fast", "default" or "paper"
    templates   a path, several paths, or {"L1": mesh}; None: built in
    pins        {"L1": (x, y, z)}: the vertebra at this place has this name
    output      the folder of the results; None: a temporary one
    progress    shows the program's messages on sys.stderr; they go to the logger "diffam" as well

    Results are the program's own bytes, for any number of `threads`. Raises the exception of the program's exit code
    (`diffam.errors`); `LowConfidence` with `fail_below=`. Ctrl-C stops the run; with `output`, the same call with
    `resume=True` goes on from its checkpoint.
    """
    with Inputs() as inputs:
        arguments = ["--input=" + inputs.volume("fit", ct, affine, "ct"), *inputs.templates(templates)]
        values = {"centres": inputs.centres("fit", centres), "preset": preset, "pin": pins, **options}
        return _run("fit", Fit, output, progress, arguments, values)


def find(
    ct: Any,
    *,
    affine: Any = None,
    pins: Pins = None,
    centres: Any = None,
    output: Optional[files.Path] = None,
    progress: bool = True,
    **options: Any,
) -> Found:
    """Finds and names the vertebrae of a CT. Arguments as for `fit`."""
    with Inputs() as inputs:
        arguments = ["--input=" + inputs.volume("find", ct, affine, "ct")]
        values = {"centres": inputs.centres("find", centres), "pin": pins, **options}
        return _run("find", Found, output, progress, arguments, values)


def measure(
    results: Union[Fit, files.Path],
    ct: Any = None,
    *,
    affine: Any = None,
    templates: Any = None,
    output: Optional[files.Path] = None,
    **options: Any,
) -> Measures:
    """Regions, landmarks and measurements of an earlier fit, or of its folder; densities need its `ct`."""
    with Inputs() as inputs:
        arguments = ["--results=" + _folder(results), *inputs.templates(templates)]
        if ct is not None:
            arguments.append("--input=" + inputs.volume("measure", ct, affine, "ct"))
        return _run("measure", Measures, output, False, arguments, options)


def evaluate(prediction: Any, truth: Any, *, affine: Any = None, **options: Any) -> Dict[str, Any]:
    """Compares a label volume with the true one: Dice and surface distances in mm of each vertebra, and their means.

    Both are paths, images, or arrays with `affine`; the prediction may be a `Fit`. `levels="T10-L5"` takes these
    alone. Returns what `diffam eval --json` writes.
    """
    with Inputs() as inputs:

        def path(image: Any, name: str) -> str:
            if isinstance(image, Fit):
                return str(image.file("_seg-vert_msk.nii.gz"))
            return inputs.volume("evaluate", image, affine if isinstance(image, np.ndarray) else None, name)

        scores = inputs.file("scores.json")
        program.run(
            "eval",
            [
                "--prediction=" + path(prediction, "prediction"),
                "--truth=" + path(truth, "truth"),
                f"--json={scores}",
                *program.options(options),
            ],
        )
        return json.loads(scores.read_text(encoding="utf-8"))


def phantom(*, output: Optional[files.Path] = None, **options: Any) -> Phantom:
    """Generates a CT of a spine with its true labels: `levels="T10-L5"`, `spacing=(1, 1, 2)`, `noise=15`, `seed=3`."""
    return _run("phantom", Phantom, output, False, [], options)


def synth(
    results: Union[Fit, files.Path],
    *,
    like: Any = None,
    background: Any = None,
    output: Optional[files.Path] = None,
    **options: Any,
) -> Synthetic:
    """Makes a CT from the meshes and the appearance of a fit, or of its folder, with its exact labels.

    `like` is a volume whose grid the CT gets, `background` one whose values it has around the bone; each a path or an
    image. `spacing=(1, 1, 2)`, `blur=0.5`, `noise=15`, `seed=3`.
    """
    with Inputs() as inputs:
        arguments = ["--results=" + _folder(results)]
        for name, image in (("like", like), ("background", background)):
            if image is not None:
                arguments.append(f"--{name}=" + inputs.volume("synth", image, None, name))
        return _run("synth", Synthetic, output, False, arguments, options, "synth_ct.nii.gz")


def template(level: Optional[str] = None, **options: Any) -> Union[files.Mesh, Dict[str, files.Mesh]]:
    """The built-in mesh of a level, or of all levels as {"C1": mesh, ...}; mm, x right, y front, z up.

    `from_masks=[...]` makes a template of label volumes (paths), and `per_label=True` one for each level.
    """
    with Inputs() as inputs:
        masks = options.pop("from_masks", None)
        arguments = ["--from-masks", *map(str, masks)] if masks is not None else []
        one = level is not None or (masks is not None and not options.get("per_label"))
        out = inputs.file("mesh.ply" if one else "meshes")
        values = {"level": level, "all": level is None and masks is None, **options}
        program.run("template", [*arguments, f"--output={out}", *program.options(values)])
        if one:
            return files.read_mesh(out)
        return {file.stem: files.read_mesh(file) for file in sorted(out.glob("*.ply"))}
