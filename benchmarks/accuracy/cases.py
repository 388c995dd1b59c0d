# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The cases of the benchmark: scans in DATA_DIR that have a true mask, CTs simulated from the masks in DATA_DIR, and
templates with the patients from which they were made."""
import dataclasses
import hashlib
import inspect
import pathlib

import nibabel

import masks
import simulate


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    patient: str
    ct: pathlib.Path
    centres: pathlib.Path | None  # where the fit starts; None: it finds them
    truth: pathlib.Path
    fit: tuple = ()    # arguments of `diffam fit`
    score: tuple = ()  # arguments of `diffam eval`
    renumber: bool = False  # the truth has the label numbers of TotalSegmentator
    true_centres: pathlib.Path | None = None  # to compare with those of the fit


@dataclasses.dataclass(frozen=True)
class Mask:
    patient: str
    labels: pathlib.Path
    centres: pathlib.Path | None  # None: computed from the mask
    spacing: float = 1.0          # of the simulated CT, mm


def mask_files(data):
    only = data / "verse_masks_only"
    return [
        Mask("gl003", only / "sub-gl003_dir-ax_seg-vert_msk.nii.gz", only / "sub-gl003_dir-ax_seg-subreg_ctd.json", 0.8),
        Mask("gl017", only / "sub-gl017_seg-vert_msk.nii.gz", only / "sub-gl017_seg-subreg_ctd.json", 0.8),
        Mask("healthivert", only / "healthivert_0007_msk.nii.gz", None),
        Mask("verse004", only / "sub-verse004_seg-vert_msk.nii.gz", only / "sub-verse004_seg-subreg_ctd.json"),
        Mask("verse010", only / "sub-verse010_seg-vert_msk.nii.gz", only / "sub-verse010_seg-subreg_ctd.json"),
        Mask("malekosh", only / "malekosh_sub-sample001_seg-vert_msk.nii.gz", None),
        Mask("verse014", data / "verse014_ct_L1-L5/sub-verse014_seg-vert_msk.nii.gz",
             data / "verse014_ct_L1-L5/sub-verse014_seg-vb_ctd.json"),
    ]


def verse014(data, out):
    folder = data / "verse014_ct_L1-L5"
    return Case("verse014", "verse014", folder / "sub-verse014_ct.nii.gz", folder / "sub-verse014_seg-vb_ctd.json",
                folder / "sub-verse014_seg-vert_msk.nii.gz")


def crop(data, out):
    """A crop around L3. The source of the data names the voxel of its centre."""
    folder = data / "tptbox_ct_L3"
    centres = new_file(out / "centres/tptbox.csv")
    centres.write_text("# frame: voxel\nlabel,x,y,z\nL3,17.7,20.9,34.7\n")
    return Case("tptbox", "tptbox", folder / "sub-ct_label-22_ct.nii.gz", centres,
                folder / "sub-ct_seg-vert_label-22_msk.nii.gz", score=("--levels", "L3"))


def trunk(data, out):
    """A CT of 3 mm. Its centres are those of the bodies in another mask."""
    folder = data / "totalsegmentator_3mm"
    centres = new_file(out / "centres/totalseg_3mm.csv")
    masks.write_centres(centres, masks.body_centres(folder / "example_ct_vertebrae_pp_refined.nii.gz",
                                                    wanted=lambda l: 20 <= l <= 24))
    return Case("totalseg_3mm", "totalseg_3mm", folder / "example_ct.nii.gz", centres,
                folder / "example_ct_totalseg_vertebrae.nii.gz", ("--labels", "totalseg"),
                ("--labels", "totalseg", "--levels", "L1-L5"), True)


def new_file(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def real_cases(data, out):
    """Scans with a mask."""
    return (make(data, out) for make in (verse014, crop, trunk))


def centres_of(mask, folder):
    """The centre file of a mask. It is computed from the mask if none exists."""
    if mask.centres:
        return mask.centres
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{mask.patient}.csv"
    masks.write_centres(path, masks.body_centres(mask.labels, wanted=lambda l: l <= 25 or l == masks.T13))
    return path


def simulated_case(mask, look, out, seed=1, margin=22):
    """A CT simulated from a mask. It is made again if the mask or the text of simulate.py or masks.py changes. This
    includes comments and docstrings: a text that did not change surely gives the same CT."""
    recipe = inspect.getsource(simulate) + inspect.getsource(masks) + repr((look, seed, mask.spacing, margin))
    stamp = hashlib.sha256(recipe.encode() + mask.labels.read_bytes()).hexdigest()[:12]
    name = f"{mask.patient}_{look}"
    folder = out / "simulated" / f"{name}_{stamp}"
    case = Case(f"sim_{name}", mask.patient, folder / f"{name}_ct.nii.gz", folder / f"{name}.csv",
                folder / f"{name}_truth.nii.gz")
    if not case.centres.exists():  # the last file that is written
        folder.mkdir(parents=True, exist_ok=True)
        image = nibabel.load(mask.labels)
        centres = masks.read_centres(mask.centres, image) if mask.centres else masks.body_centres(mask.labels)
        ct, truth, kept = simulate.simulate(image, centres, simulate.LOOKS[look], seed, mask.spacing, margin)
        nibabel.save(ct, case.ct)
        nibabel.save(truth, case.truth)
        masks.write_centres(case.centres, kept)
    return case


def simulated_cases(data, out, patients, looks, **how):
    for mask in mask_files(data):
        if mask.patient in patients:
            for look in looks:
                yield simulated_case(mask, look, out, **how)


TEMPLATES = {  # name: patients from whose masks it was made
    "builtin": set(),
    "mean_lumbar": {"verse004"},
    "average": {"verse004", "healthivert", "malekosh"},
    "masks": set(),  # made for each case, from all other patients
}


def template_arguments(name, case, data, runner):
    """The `-t ...` arguments of a fit, or None if the template was made from this patient."""
    if case.patient in TEMPLATES[name]:
        return None
    folder = data / "templates"
    if name == "builtin":
        return ()
    if name == "mean_lumbar":
        return ("-t", str(folder / "mean_lumbar.off"))
    if name == "average":
        return ("-t", *(str(f) for f in sorted(folder.glob("average_*.off"))))
    return ("-t", str(runner.template_without(case.patient, mask_files(data))))
