# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Finds the scans of a VerSe data set, in both layouts in which it is distributed, and writes scans in them.

    by subject    .../rawdata/sub-X/sub-X[_...]_ct.nii.gz
                  .../derivatives/sub-X/sub-X[_...]_seg-vert_msk.nii.gz and ..._seg-subreg_ctd.json
    challenge     .../X.nii.gz, X_seg.nii.gz and X_ctd.json, X_ctd-iso.json or X_iso-ctd.json in one folder
"""
import dataclasses
import json
import math
import pathlib

import nibabel
import numpy

import masks

SUBJECT_CENTRES = ("_seg-subreg_ctd.json", "_seg-vb_ctd.json", "_ctd.json")
CHALLENGE_CENTRES = ("_ctd.json", "_ctd-iso.json", "_iso-ctd.json")
SACRUM, COCCYX = 26, 27


@dataclasses.dataclass(frozen=True)
class Scan:
    name: str
    ct: pathlib.Path
    truth: pathlib.Path
    centres: pathlib.Path | None

    def problem(self):
        """What is missing, or an empty text."""
        lost = [str(p) for p in (self.ct, self.truth) if not p.is_file()]
        return f"no {' and no '.join(lost)}" if lost else "" if self.centres else "no file of centres"

    def labels(self):
        """The labels that the file of centres names; none where it cannot be read."""
        try:
            entries = json.loads(self.centres.read_text())
            found = {int(e["label"]) for e in entries if "label" in e and all(math.isfinite(e[k]) for k in "XYZ")}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return set()
        return found - {SACRUM, COCCYX}


def first_file(stem, endings):
    return next((p for p in (stem.with_name(stem.name + e) for e in endings) if p.is_file()), None)


def subject_scan(ct):
    name = ct.name.removesuffix("_ct.nii.gz")
    parts = list(ct.parent.parts)
    parts[len(parts) - 1 - parts[::-1].index("rawdata")] = "derivatives"
    stem = pathlib.Path(*parts) / name
    return Scan(name, ct, stem.with_name(f"{name}_seg-vert_msk.nii.gz"), first_file(stem, SUBJECT_CENTRES))


def challenge_scan(truth):
    stem = truth.with_name(truth.name.removesuffix("_seg.nii.gz"))
    return Scan(stem.name, stem.with_name(f"{stem.name}.nii.gz"), truth, first_file(stem, CHALLENGE_CENTRES))


def scans(dataset):
    """All scans below a folder, sorted by path. A name that comes twice gets the names of its folders in front."""
    files = sorted(dataset.rglob("*.nii.gz"))
    found = [subject_scan(f) for f in files if f.name.endswith("_ct.nii.gz") and "rawdata" in f.relative_to(dataset).parts]
    found += [challenge_scan(f) for f in files if f.name.endswith("_seg.nii.gz")]
    names = [s.name for s in found]
    return [s if names.count(s.name) == 1 else
            dataclasses.replace(s, name="-".join((*s.ct.relative_to(dataset).parts[:-1], s.name))) for s in found]


def in_frame(centre, image, letters):
    """World mm -> mm from the first voxel of the image, along axes that grow towards these letters (like PIR)."""
    index = nibabel.affines.apply_affine(numpy.linalg.inv(image.affine), centre)
    to = nibabel.orientations.ornt_transform(nibabel.io_orientation(image.affine), nibabel.orientations.axcodes2ornt(letters))
    out = numpy.zeros(3)
    for own, (axis, sign) in enumerate(to):
        steps = index[own] if sign > 0 else image.shape[own] - 1 - index[own]
        out[int(axis)] = steps * image.header.get_zooms()[own]
    return out


def write_scan(folder, name, ct, truth, centres, challenge_frame=None):
    """Writes images and centres {label: world mm} by subject, or in the challenge's layout with centres on voxels of 1 mm
    whose axes grow towards the letters of `challenge_frame`."""
    if challenge_frame:
        stem = folder / "training" / name
        files = [stem.with_name(name + e) for e in (".nii.gz", "_seg.nii.gz", "_ctd.json")]
        points, head = {l: in_frame(c, ct, challenge_frame) for l, c in centres.items()}, []
    else:
        name = f"sub-{name}"
        derived = folder / "derivatives" / name
        files = [folder / "rawdata" / name / f"{name}_ct.nii.gz", derived / f"{name}_seg-vert_msk.nii.gz",
                 derived / f"{name}_seg-subreg_ctd.json"]
        points = {l: nibabel.affines.apply_affine(numpy.linalg.inv(ct.affine), c) for l, c in centres.items()}
        head = [{"direction": list(nibabel.aff2axcodes(ct.affine))}]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
    nibabel.save(ct, files[0])
    nibabel.save(truth, files[1])
    entries = [{"label": l, **{k: round(float(x), 1) for k, x in zip("XYZ", points[l])}} for l in sorted(points, key=masks.rank)]
    files[2].write_text(json.dumps(head + entries))
