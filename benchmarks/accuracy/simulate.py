# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Simulates a CT from the mask of a real patient, for spine levels without a CT.

The bone is the mask, with a cortical shell of varying thickness and a textured marrow. Around it are discs between the
bodies, the spinal canal, muscle and fat, a vessel, an airway or lungs, and ribs without a label. The image has noise,
the blur of a scanner, and slices that are thicker than the pixels are wide. Everything is made from the mask, never from
a template. The first and last vertebrae of the mask stay in the CT without a label, like the neighbours of a labelled
chain in a real scan (C1 keeps its label, because no vertebra is above it). Vertebrae that touch the border of the mask's
image also lose their label.
"""
import dataclasses

import nibabel
import numpy
from scipy import ndimage

import masks


@dataclasses.dataclass(frozen=True)
class Look:
    """The appearance of a simulated CT: intensities in HU, lengths in mm."""
    cortex: float = 900
    cortex_mm: float = 1.3
    marrow: float = 190
    marrow_texture: float = 40
    disc: float = 90
    canal: float = 25
    muscle: float = 55
    fat: float = -95
    vessel: float = 45
    noise: float = 18
    blur_mm: float = 0.6
    slice_factor: int = 1  # thickness of a slice in voxels, along the spine


LOOKS = {
    "plain": Look(),
    # Contrast medium, low bone density, a smooth kernel, thick slices, low dose.
    "contrast": Look(cortex=600, cortex_mm=0.9, marrow=105, marrow_texture=25, disc=75, canal=15, muscle=70, fat=-105,
                     vessel=280, noise=30, blur_mm=0.9, slice_factor=2),
}


T1, T10 = 8, 17
# The ways of ribs from the joint with the transverse process in an adult of mean size: side, front, up, mm.
FIRST_RIB, RIB = [[14, 4, -4], [26, 20, -12], [26, 55, -30]], [[22, -6, -6], [42, 4, -18], [58, 35, -35]]


def smooth_step(x, width):
    t = numpy.clip((x + width) / (2 * width), 0, 1)
    return t * t * (3 - 2 * t)


def smooth_noise(random, shape, sigma):
    """Smooth random noise with mean 0 and standard deviation 1."""
    field = ndimage.gaussian_filter(random.standard_normal(shape, dtype=numpy.float32), sigma)
    return (field - field.mean()) / field.std()


def working_grid(image, spacing, margin):
    """Resamples the mask to isotropic voxels in RAS, with a margin around it. Returns labels and affine."""
    image = nibabel.as_closest_canonical(image)
    labels = numpy.asanyarray(image.dataobj).astype(numpy.uint8)
    used = numpy.argwhere(labels > 0)
    low, high = used.min(axis=0), used.max(axis=0)
    zooms = numpy.linalg.norm(image.affine[:3, :3], axis=0)
    directions = image.affine[:3, :3] / zooms
    first = low - margin / zooms
    size = numpy.ceil((high - low + 2 * margin / zooms) * zooms / spacing).astype(int)
    affine = numpy.eye(4)
    affine[:3, :3] = directions * spacing
    affine[:3, 3] = nibabel.affines.apply_affine(image.affine, first)
    out = numpy.zeros(size, numpy.uint8)
    best = numpy.full(size, 0.5, numpy.float32)
    for label in numpy.unique(labels[labels > 0]):
        source = label_window(labels, label, 4)
        soft = ndimage.gaussian_filter((labels[source] == label).astype(numpy.float32), 0.5)
        start = numpy.array([s.start for s in source])
        begin = numpy.maximum(numpy.floor((start - first) * zooms / spacing), 0).astype(int)
        end = numpy.minimum(numpy.ceil((start + soft.shape - first) * zooms / spacing), size).astype(int)
        soft = ndimage.affine_transform(soft, numpy.diag(spacing / zooms), offset=first + begin * spacing / zooms - start,
                                        output_shape=tuple(end - begin), order=1)
        window = tuple(slice(i, j) for i, j in zip(begin, end))
        out[window][soft > best[window]] = label
        best[window] = numpy.maximum(best[window], soft)
    return out, affine


def label_window(labels, label, margin):
    box = ndimage.find_objects((labels == label).astype(numpy.uint8))[0]
    return tuple(slice(max(0, s.start - margin), min(n, s.stop + margin)) for s, n in zip(box, labels.shape))


def way_to_body(labels, label, centre, affine, spacing):
    """The window of a label, and the distance to its body in it: the part near the centre and not behind it."""
    window = label_window(labels, label, int(18 / spacing))
    index = nibabel.affines.apply_affine(numpy.linalg.inv(affine), centre) - [s.start for s in window]
    p = numpy.stack(numpy.mgrid[tuple(slice(0, s.stop - s.start) for s in window)], axis=-1) - index
    near = (numpy.linalg.norm(p, axis=-1) * spacing < 30) & (p[..., 1] * spacing > -14)
    return window, ndimage.distance_transform_edt(~((labels[window] == label) & near), spacing)


def disc_mask(labels, centres, affine, spacing):
    """The discs: voxels between two neighbouring bodies whose distances to both add up to little more than the gap."""
    discs = numpy.zeros(labels.shape, bool)
    order = [l for l in sorted(centres, key=masks.rank) if (labels == l).any()]
    for upper, lower in zip(order, order[1:]):
        together = numpy.zeros(labels.shape, numpy.float32)
        for label in (upper, lower):
            window, distance = way_to_body(labels, label, centres[label], affine, spacing)
            way = numpy.full(labels.shape, 99, numpy.float32)
            way[window] = distance
            together += way
        line = numpy.linspace(centres[upper], centres[lower], 60)
        index = numpy.rint(nibabel.affines.apply_affine(numpy.linalg.inv(affine), line)).astype(int)
        between = [together[tuple(i)] for i in index if labels[tuple(i)] == 0]
        if between and min(between) < 15:
            discs |= (together < min(between) + 3) & (labels == 0)
    return discs


def tube(points, affine, shape, radius):
    """Signed distance to a tube of the given radius around a polyline of world points."""
    index = numpy.linalg.inv(affine)
    spacing = numpy.linalg.norm(affine[:3, 0])
    out = numpy.full(shape, 99, numpy.float32)
    voxels = nibabel.affines.apply_affine(index, points)
    for a, b in zip(voxels, voxels[1:]):
        reach = radius / spacing + 4
        low = numpy.maximum(numpy.floor(numpy.minimum(a, b) - reach), 0).astype(int)
        high = numpy.minimum(numpy.ceil(numpy.maximum(a, b) + reach) + 1, shape).astype(int)
        if (high <= low).any():
            continue
        window = tuple(slice(l, h) for l, h in zip(low, high))
        p = numpy.stack(numpy.mgrid[window], axis=-1) - a
        along = numpy.clip(p @ (b - a) / max((b - a) @ (b - a), 1e-9), 0, 1)
        d = numpy.linalg.norm(p - along[..., None] * (b - a), axis=-1) * spacing - radius
        out[window] = numpy.minimum(out[window], d)
    return out


def process_tip(labels, label, centre, affine, side):
    """The tip of a transverse process from the body's centre, mm: the middle of what reaches farthest to a side."""
    window = label_window(labels, label, 0)
    voxels = numpy.argwhere(labels[window] == label) + [s.start for s in window]
    places = (nibabel.affines.apply_affine(affine, voxels) - centre) * [side, 1, 1]
    return places[places[:, 0] > places[:, 0].max() - 3].mean(axis=0)


def rib_distance(labels, centres, affine):
    """Signed distance to both ribs of every thoracic vertebra. A rib starts beside the body, passes in front of the tip
    of the transverse process, runs on to the side and back, and curves to the front, the first one soon. T11 and T12 have
    short processes, beside which the rib passes."""
    out = numpy.full(labels.shape, 99, numpy.float32)
    thoracic = [l for l in centres if masks.segment_of(l) == "thoracic" and (labels == l).any()]
    tips = {(l, s): process_tip(labels, l, centres[l], affine, s) for l in thoracic for s in (-1, 1)}
    sizes = [tip[0] / (37 - 1.1 * (l - T1)) for (l, _), tip in tips.items() if l <= T10]  # to the mean of adults
    size = numpy.clip(numpy.median(sizes), 0.75, 1.2) if sizes else 1
    for (label, side), tip in tips.items():
        joint = tip + [-2, 6, 0] if label <= T10 else size * numpy.array([36, -31, 2])
        way = FIRST_RIB if label == T1 else RIB
        path = numpy.array([size * numpy.array([17, -13, 7]), joint, *(joint + size * numpy.array(way))])
        out = numpy.minimum(out, tube(centres[label] + path * [side, 1, 1], affine, labels.shape, 4 * size))
    return out


def bone_intensity(random, depth, look, spacing):
    """HU of bone at the given depth below its surface."""
    thickness = look.cortex_mm * (1 + 0.25 * smooth_noise(random, depth.shape, 3 / spacing))
    marrow = look.marrow + look.marrow_texture * smooth_noise(random, depth.shape, 0.8 / spacing)
    share = smooth_step(depth - thickness, 0.5)
    return look.cortex * (1 - share) + marrow * share


def soft_tissue(random, labels, centres, affine, look, spacing):
    shape = labels.shape
    planes = smooth_noise(random, shape, 5 / spacing)
    hu = look.fat + (look.muscle - look.fat) * smooth_step(planes + 0.8, 0.3)
    order = sorted(centres, key=masks.rank)
    line = numpy.array([centres[l] for l in order])
    cervical = [l for l in order if masks.segment_of(l) == "cervical"]
    thoracic = [l for l in order if masks.segment_of(l) == "thoracic"]
    vessel = tube(line + [-14, 30, 0], affine, shape, 9)
    hu = numpy.where(vessel < 0, look.vessel, hu)
    if cervical:
        airway = tube(numpy.array([centres[l] for l in cervical]) + [0, 27, 0], affine, shape, 8)
        hu = numpy.where(airway < 0, -1000, hu)
    if len(thoracic) > 2:
        lung = numpy.full(shape, 99, numpy.float32)
        for side in (-1, 1):
            path = numpy.array([centres[l] for l in thoracic]) + [side * 58, 12, 0]
            lung = numpy.minimum(lung, tube(path, affine, shape, 30))
        hu = numpy.where(lung < 0, -830, hu)
    discs = disc_mask(labels, centres, affine, spacing)
    hu = numpy.where(discs, look.disc, hu)
    near = ndimage.binary_dilation(labels > 0, iterations=int(round(2 / spacing)))
    canal = numpy.zeros(shape, bool)
    for k in range(shape[2]):
        canal[:, :, k] = ndimage.binary_fill_holes(near[:, :, k]) & ~near[:, :, k]
    return numpy.where(canal & ~discs, look.canal, hu)


def simulate(image, centres, look, seed=1, spacing=1.0, margin=22):
    """Makes (CT, truth, centres) from a label image and the centres of its bodies. CT and truth are nibabel images,
    centres are {label: world mm}. `margin` is in mm around the mask: one number, or one an axis (RAS)."""
    random = numpy.random.default_rng(seed)
    labels, affine = working_grid(image, spacing, numpy.asarray(margin))
    nearest = numpy.full(labels.shape, 99, numpy.float32)
    owner = numpy.zeros(labels.shape, numpy.uint8)
    for label in numpy.unique(labels[labels > 0]):
        window = label_window(labels, label, int(8 / spacing))
        d = masks.signed_distance(labels[window] == label, (spacing,) * 3)
        closer = d < nearest[window]
        owner[window][closer & (d < 0)] = label
        nearest[window] = numpy.minimum(nearest[window], d)
    hu = soft_tissue(random, labels, centres, affine, look, spacing)
    ribs = numpy.maximum(rib_distance(labels, centres, affine), 0.6 - nearest)  # leaves a joint space
    skin = 0.5 * spacing  # partial volume effect at a surface
    for distance in (ribs, nearest):
        share = smooth_step(-distance, skin)
        hu = hu * (1 - share) + bone_intensity(random, -distance, look, spacing) * share
    hu = ndimage.gaussian_filter(hu, look.blur_mm / spacing)
    f = look.slice_factor
    depth = labels.shape[2] // f * f
    hu = hu[:, :, :depth].reshape(hu.shape[0], hu.shape[1], -1, f).mean(axis=3)
    grain = ndimage.gaussian_filter(random.standard_normal(hu.shape), 0.5)
    hu = hu + look.noise * grain / grain.std()
    thick = affine.copy()
    thick[:3, 2] *= f
    thick[:3, 3] += affine[:3, 2] * (f - 1) / 2
    truth = owner[:, :, f // 2:depth:f][:, :, :hu.shape[2]]
    labelled = sorted((int(x) for x in numpy.unique(labels) if x), key=masks.rank)
    context = {labelled[-1]} | ({labelled[0]} if labelled[0] != 1 else set())
    context |= masks.cut_labels(numpy.asanyarray(image.dataobj))
    truth = numpy.where(numpy.isin(truth, list(context)), 0, truth).astype(numpy.uint8)
    kept = {l: c for l, c in centres.items() if l in labelled and l not in context}
    ct = nibabel.Nifti1Image(numpy.clip(numpy.rint(hu), -1024, 3071).astype(numpy.int16), thick)
    return ct, nibabel.Nifti1Image(truth, thick), kept
