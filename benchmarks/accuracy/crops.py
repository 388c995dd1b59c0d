# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Random crops of CTs with known centres. They are made once: a later run reads the list of them."""
import functools
import hashlib
import inspect
import json

import nibabel
import numpy

import masks

BORDER_MM = (18, 18, 15)  # a body is whole in a crop where its centre is so far from the borders: side, front, top
MOST_CROPPED = 12  # vertebrae
T12, L1, C7, T1, C1, C2, L5 = 19, 20, 7, 8, 1, 2, 24


def box_of(image):
    """The least and the largest world coordinate of an image, mm."""
    corners = numpy.array(numpy.meshgrid(*[(0, n - 1) for n in image.shape])).reshape(3, -1).T
    world = nibabel.affines.apply_affine(image.affine, corners)
    return world.min(axis=0), world.max(axis=0)


def whole_in(centres, low, high):
    """The vertebrae whose bodies are whole in a box of the world."""
    return {l: c for l, c in centres.items()
            if all(low[a] + BORDER_MM[a] <= c[a] <= high[a] - BORDER_MM[a] for a in range(3))}


def anchors_in_view(centres, low, high, ribs=True):
    """What of the truth tells names in a box of the world: ribs need 68 mm to both sides, the sacrum 40 mm below L5."""
    whole = whole_in(centres, low, high)
    wide = {l for l, c in whole.items() if low[0] + 68 <= c[0] <= high[0] - 68 and c[1] - low[1] > 65}
    out = []
    if ribs and {T12, L1} <= wide:
        out.append("last rib")
    if ribs and {C7, T1} <= wide:
        out.append("first rib")
    if C2 in whole and centres[C2][2] + 28 <= high[2]:
        out.append("axis")
    if L5 in whole and low[2] + 40 <= centres[L5][2] and low[0] + 45 <= centres[L5][0] <= high[0] - 45:
        out.append("sacrum")
    return out


def crop(image, centres, random):
    """A random part of an image that holds some of the vertebrae, stored along random axes. Returns it and its box."""
    order = sorted(centres, key=masks.rank)
    count = min(len(order), random.integers(2, MOST_CROPPED + 1))
    first = random.integers(0, len(order) - count + 1)
    upper, lower = centres[order[first]], centres[order[first + count - 1]]
    half = 400 if random.random() < 0.5 else random.uniform(45, 90)  # mm to the sides
    middle = (numpy.asarray(upper) + lower) / 2
    more = [random.uniform(16, 28) if random.random() < 0.6 else random.uniform(28, 75) for _ in range(2)]
    low = numpy.array([middle[0] - half, middle[1] - half - 20, min(upper[2], lower[2]) - more[0]])
    high = numpy.array([middle[0] + half, middle[1] + half - 20, max(upper[2], lower[2]) + more[1]])
    corners = numpy.array([[(low, high)[c >> a & 1][a] for a in range(3)] for c in range(8)])
    index = nibabel.affines.apply_affine(numpy.linalg.inv(image.affine), corners)
    begin = numpy.maximum(numpy.floor(index.min(axis=0)), 0).astype(int)
    end = numpy.minimum(numpy.ceil(index.max(axis=0)) + 1, image.shape).astype(int)
    part = image.slicer[tuple(slice(b, e) for b, e in zip(begin, end))]
    turned = numpy.stack([random.permutation(3), random.choice([-1, 1], 3)], axis=1)
    return part.as_reoriented(turned), box_of(part)


@functools.cache
def loaded(path):
    """An image with its voxels in memory."""
    image = nibabel.load(path)
    return nibabel.Nifti1Image(numpy.asanyarray(image.dataobj), image.affine, image.header)


def made(scans, folder, count, seed):
    """`count` crops of scans: dictionaries with name, scan, ct, centres, low, high (mm), anchors. Scans: (name, path of
    the CT, {label: centre}, whether ribs show)."""
    recipe = inspect.getsource(inspect.getmodule(made)) + repr((count, seed, [(n, str(p)) for n, p, _, _ in scans]))
    folder = folder / hashlib.sha256(recipe.encode()).hexdigest()[:12]
    listed = folder / "crops.json"
    if not listed.exists():  # the last file that is written
        folder.mkdir(parents=True, exist_ok=True)
        random = numpy.random.default_rng(seed)
        several = [s for s in scans if len(s[2]) > 1]
        out = []
        for n in range(count):
            name, ct, centres, ribs = several[n % len(several)]
            part, (low, high) = crop(loaded(ct), centres, random)
            path = folder / f"crop{n:03}_ct.nii.gz"
            nibabel.save(part, path)
            out.append({"name": f"crop{n:03}", "scan": name, "ct": str(path), "low": low.tolist(), "high": high.tolist(),
                        "centres": {int(l): list(map(float, c)) for l, c in centres.items()},
                        "anchors": anchors_in_view(centres, low, high, ribs)})
        listed.write_text(json.dumps(out))
    cases = json.loads(listed.read_text())
    for c in cases:
        c["centres"] = {int(l): numpy.array(x) for l, x in c["centres"].items()}
    return cases
