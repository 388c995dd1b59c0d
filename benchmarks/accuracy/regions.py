# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The groups `regions` and `measures`: what a fit says of parts and densities, against masks.

Regions: sub-region masks of `diffam fit` against true ones (numbers of SPINEPS; the border of the body, 49, counts as
body, 50). Within the voxels that both whole masks share, so that a Dice tells of the borders between parts alone, and
over all voxels, so that it also tells of the fit. Landmarks of the fit are compared with places in the true masks: the
middle of the body, the ends of the spinous and transverse processes (the mean of their last 3 mm, along the line from the
body's middle to that of the process), and for the middle of a facet, its distance to the voxels of that articular process.
Measures: density and volume of each vertebra from the fit against those from the true mask. The true trabecular
density is the mean of voxels more than 4 mm below the surface of the true mask and within 25 mm of the body's centre."""
import csv
import dataclasses

import nibabel
import numpy
from scipy import ndimage

import cases
import masks

NAMES = {41: "arch", 42: "spinous process", 43: "transverse left", 44: "transverse right", 45: "upper articular left",
         46: "upper articular right", 47: "lower articular left", 48: "lower articular right", 50: "body"}
DEEP_MM, NEAR_MM, END_MM = 4, 25, 3
SHARE = 5  # an odd number


def dice(a, b):
    both = a.sum() + b.sum()
    return 2 * (a & b).sum() / both if both else None


def mean_surface_distance(a, b, spacing):
    """Mean distance in mm between the borders of two masks, both directions."""
    if not a.any() or not b.any():
        return None
    box = ndimage.find_objects((a | b).astype(numpy.uint8))[0]
    a, b = numpy.pad(a[box], 1), numpy.pad(b[box], 1)
    def border(m):
        return m & ~ndimage.binary_erosion(m)
    to_a, to_b = (ndimage.distance_transform_edt(~border(m), spacing) for m in (a, b))
    return float((to_b[border(a)].mean() + to_a[border(b)].mean()) / 2)


def region_cases(data, out):
    """(case, true sub-regions): the crop of L3, and a CT simulated from a mask of T1 to L5."""
    crop = next(c for c in cases.real_cases(data, out) if c.name == "tptbox")
    yield crop, data / "tptbox_ct_L3/sub-ct_seg-subreg_label-22_msk.nii.gz", {22}
    mask = next(m for m in cases.mask_files(data) if m.patient == "malekosh")
    parts = dataclasses.replace(mask, labels=data / "verse_masks_only/malekosh_sub-sample001_seg-subreg_msk.nii.gz")
    yield cases.simulated_case(mask, "plain", out), parts.labels, None


def on_grid(path, like):
    """The nearest labels of another image at the voxels of `like`."""
    image = nibabel.load(path)
    to = numpy.linalg.inv(image.affine) @ like.affine
    stored = numpy.asanyarray(image.dataobj).astype(numpy.uint8)
    return ndimage.affine_transform(stored, to[:3, :3], to[:3, 3], like.shape, order=0)


def compare(prediction, whole, truth, true_whole, spacing, labels):
    rows = []
    kept = numpy.isin(true_whole, list(labels)) if labels else true_whole > 0
    truth = numpy.where(truth == 49, 50, truth) * kept
    prediction = prediction * (numpy.isin(whole, list(labels)) if labels else whole > 0)
    shared = (truth > 0) & (prediction > 0) & (whole == true_whole)
    for number, name in NAMES.items():
        t, p = truth == number, prediction == number
        rows.append({"region": name, "dice": dice(p, t), "dice_shared": dice(p & shared, t & shared),
                     "mean_mm": mean_surface_distance(p, t, spacing)})
    return rows


TIPS = {"spinous_tip": 42, "transverse_tip_left": 43, "transverse_tip_right": 44}
FACETS = {"upper_facet_left": 45, "upper_facet_right": 46, "lower_facet_left": 47, "lower_facet_right": 48}


def compare_landmarks(table, parts, whole, like):
    """Rows of landmark and mm, for each vertebra that has all of its parts inside the image."""
    rows, cut = [], masks.cut_labels(whole)
    voxels = {}
    for at in numpy.argwhere((whole > 0) & (parts > 0)):
        voxels.setdefault((whole[tuple(at)], parts[tuple(at)]), []).append(at)
    places = {key: nibabel.affines.apply_affine(like.affine, numpy.array(of)) for key, of in voxels.items()}
    for row in table:
        label = int(row["label"])
        body = numpy.concatenate([places.get((label, part), numpy.empty((0, 3))) for part in (49, 50)])
        name, point = row["landmark"], numpy.array([float(row[axis]) for axis in "xyz"])
        of = places.get((label, TIPS.get(name) or FACETS.get(name)))
        if label in cut or not len(body):
            continue
        middle = body.mean(axis=0)
        if name == "body_centre":
            error = numpy.linalg.norm(point - middle)
        elif of is None:
            continue
        elif name in FACETS:
            error = numpy.linalg.norm(of - point, axis=1).min()
        else:
            along = of @ (of.mean(axis=0) - middle)
            along /= numpy.linalg.norm(of.mean(axis=0) - middle)
            error = numpy.linalg.norm(of[along > along.max() - END_MM].mean(axis=0) - point)
        rows.append({"vertebra": row["vertebra"], "landmark": name, "mm": float(error)})
    return rows


def run_regions(data, out, runner):
    """Rows of regions, and rows of landmarks."""
    rows, points = [], []
    for case, parts, labels in region_cases(data, out):
        folder = runner.folder(case)
        like = nibabel.load(case.truth)
        whole, prediction = (numpy.asanyarray(nibabel.load(next(folder.glob(f"*_seg-{kind}_msk.nii.gz"))).dataobj)
                             for kind in ("vert", "subreg"))
        true_whole = numpy.asanyarray(like.dataobj).astype(int)
        true_parts = on_grid(parts, like)
        found = compare(prediction, whole, true_parts, true_whole, like.header.get_zooms()[:3], labels)
        rows += [{"case": case.name, **r} for r in found]
        table = list(csv.DictReader(next(folder.glob("*_landmarks.csv")).read_text().splitlines()))
        points += [{"case": case.name, **r} for r in compare_landmarks(table, true_parts, true_whole, like)]
    return rows, points


def depth_below_surface(mask, spacing):
    """Depth in mm of each voxel's centre below the faces of the mask's border voxels. A distance transform of the voxels
    themselves ends at centres of the background, half a voxel further out: it is taken on voxels of a fifth. Outside of the
    array is background."""
    fine = numpy.pad(mask, 1).repeat(SHARE, 0).repeat(SHARE, 1).repeat(SHARE, 2)
    middle = (slice(SHARE // 2, None, SHARE),) * 3
    return ndimage.distance_transform_edt(fine, spacing / SHARE)[middle][1:-1, 1:-1, 1:-1] - spacing.mean() / (2 * SHARE)


def true_density(ct, mask, spacing, centre):
    index = numpy.stack(numpy.meshgrid(*map(numpy.arange, mask.shape), indexing="ij"), axis=-1)
    near = numpy.linalg.norm((index - centre) * spacing, axis=-1) < NEAR_MM
    deep = (depth_below_surface(mask, spacing) > DEEP_MM) & near
    return float(ct[deep].mean()) if deep.any() else None


def run_measures(data, out, runner):
    rows = []
    for case in cases.real_cases(data, out):
        folder = runner.folder(case)
        table = list(csv.DictReader((next(folder.glob("*_measures.csv"))).read_text().splitlines()))
        truth, ct = nibabel.load(case.truth), nibabel.load(case.ct)
        labels = numpy.asanyarray(truth.dataobj).astype(int)
        cut = masks.cut_labels(labels)
        spacing = numpy.array(truth.header.get_zooms()[:3], float)
        values = ct.get_fdata(dtype=numpy.float32)
        for row in table:
            stored = 51 - int(row["label"]) if case.renumber else int(row["label"])
            if stored in cut or not (labels == stored).any() or not row["trabecular_hu_mean"]:
                continue
            box = ndimage.find_objects(numpy.pad((labels == stored), 2).astype(numpy.uint8))[0]
            mask = numpy.pad(labels == stored, 2)[box]
            centre = masks.depth_centre(mask, spacing)
            rows.append({"case": case.name, "name": row["name"],
                         "hu": float(row["trabecular_hu_mean"]),
                         "true_hu": true_density(numpy.pad(values, 2, mode="edge")[box], mask, spacing, centre),
                         "ml": float(row["volume_ml"]), "true_ml": float(mask.sum() * spacing.prod() / 1000)})
    return rows


def markdown(regions, points, measures):
    lines = []
    if regions:
        lines += ["| case | region | Dice | Dice within both masks | mean distance, mm |", "|---|---|---|---|---|"]
        lines += [f"| {r['case']} | {r['region']} | {r['dice']:.3f} | {r['dice_shared']:.3f} | {r['mean_mm']:.2f} |"
                  for r in regions if r["mean_mm"] is not None]
        lines.append("")
    if points:
        lines += ["| case | landmark | number | median, mm | 95 % below |", "|---|---|---|---|---|"]
        kinds = dict.fromkeys((r["case"], r["landmark"].removesuffix("_left").removesuffix("_right")) for r in points)
        for case, kind in kinds:
            errors = [r["mm"] for r in points if r["case"] == case and r["landmark"].startswith(kind)]
            lines.append(f"| {case} | {kind} | {len(errors)} | {numpy.median(errors):.1f} | {numpy.quantile(errors, .95):.1f} |")
        lines.append("")
    if measures:
        lines += ["| case | vertebra | trabecular HU | from the true mask | volume, ml | of the true mask |",
                  "|---|---|---|---|---|---|"]
        lines += [f"| {r['case']} | {r['name']} | {r['hu']:.0f} | {r['true_hu']:.0f} | {r['ml']:.1f} | {r['true_ml']:.1f} |"
                  for r in measures if r["true_hu"] is not None]
    return "\n".join(lines) + "\n"
