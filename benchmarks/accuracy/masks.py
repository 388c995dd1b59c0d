# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Label volumes: signed distances, centres of vertebral bodies, and centre files."""
import json
import pathlib

import nibabel
import numpy
from scipy import ndimage

T13 = 28


def name_of(label):
    """The name of a label in the numbering of VerSe, where 20 is L1."""
    if label == T13:
        return "T13"
    return f"C{label}" if label < 8 else f"T{label - 7}" if label < 20 else f"L{label - 19}"


def segment_of(label):
    return "cervical" if label < 8 else "thoracic" if label < 20 or label == T13 else "lumbar"


def rank(label):
    """A sort key that orders labels from head to foot."""
    return 19.5 if label == T13 else label


def signed_distance(mask, spacing):
    """Distance in mm to the border of the mask, negative inside, smoothed to remove the steps of the voxels."""
    half = 0.5 * float(numpy.mean(spacing))
    outside = ndimage.distance_transform_edt(~mask, spacing)
    inside = ndimage.distance_transform_edt(mask, spacing)
    d = numpy.where(mask, half - inside, outside - half)
    return ndimage.gaussian_filter(d, 0.7).astype(numpy.float32)


def depth_centre(mask, spacing):
    """Voxel index of the centre of a vertebral body.

    It is the mean of the region around the deepest voxel in which voxels are at least half as deep. It is within 2 mm
    of the centres of VerSe, except for C1, C2 and collapsed bodies.
    """
    box = ndimage.find_objects(numpy.pad(mask, 1).astype(numpy.uint8))[0]
    depth = ndimage.distance_transform_edt(numpy.pad(mask, 1)[box], spacing)
    parts, _ = ndimage.label(2 * depth >= depth.max(), numpy.ones((3, 3, 3)))
    index = numpy.argwhere(parts == parts.flat[depth.argmax()]).mean(axis=0)
    return index + [s.start - 1 for s in box]


def cut_labels(labels):
    """Labels that touch the border of the image. The image may show only a part of these bones."""
    sides = [numpy.take(labels, end, axis) for axis in range(3) for end in (0, -1)]
    return set(numpy.unique(numpy.concatenate([s.ravel() for s in sides])).astype(int).tolist()) - {0}


def body_centres(path, renumber=lambda label: label, wanted=lambda label: True):
    """{label: world RAS mm} computed from a label file, without the labels that touch the border of the image."""
    image = nibabel.load(path)
    labels = numpy.asanyarray(image.dataobj).astype(int)
    cut = cut_labels(labels)
    centres = {}
    for stored in numpy.unique(labels):
        label = renumber(int(stored))
        if stored == 0 or stored in cut or label is None or not wanted(label):
            continue
        index = depth_centre(labels == stored, image.header.get_zooms()[:3])
        centres[label] = nibabel.affines.apply_affine(image.affine, index)
    return centres


def read_centres(path, image):
    """{label: world RAS mm} from a VerSe centre file, whose voxels must be those of `image` (else ValueError)."""
    entries = json.loads(pathlib.Path(path).read_text())
    directions = [e["direction"] for e in entries if "direction" in e]
    if directions and tuple(directions[0]) != nibabel.aff2axcodes(image.affine):
        raise ValueError(f"{path}: its directions are not those of the image")
    return {int(e["label"]): nibabel.affines.apply_affine(image.affine, [e["X"], e["Y"], e["Z"]])
            for e in entries if "label" in e}


def read_csv(path):
    """{label: world RAS mm} from a file that `write_centres` wrote."""
    labels = {name_of(l): l for l in (*range(1, 27), T13)}
    rows = [line.split(",") for line in pathlib.Path(path).read_text().splitlines()[2:]]
    return {labels[r[0]]: numpy.array([float(x) for x in r[1:]]) for r in rows}


def write_centres(path, centres):
    """Writes centres (world RAS, mm) to a CSV file for `diffam fit -c`."""
    lines = ["# frame: world-ras", "label,x,y,z"]
    for label in sorted(centres, key=rank):
        lines.append(f"{name_of(label)}," + ",".join(f"{x:.2f}" for x in centres[label]))
    pathlib.Path(path).write_text("\n".join(lines) + "\n")
