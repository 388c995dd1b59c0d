# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Images without a spine: parts of real CTs beside, in front of and above the spine, CTs that are inverted, look like an
MR or have their blocks shuffled, noise, and simple bones. In none of them may a chain of vertebrae be found."""
import hashlib
import inspect
import json

import nibabel
import numpy

import crops

SPINE_SIDE, SPINE_FRONT, SPINE_BACK = 55, 45, 75  # mm from the nearest centre: beyond, there is no vertebra
ABOVE_C1 = 45


def boxes_beside(image, centres, random, count):
    """Boxes of 100 to 180 mm beside, in front of and above the known vertebrae, as far as the image goes."""
    low, high = crops.box_of(image)
    points = numpy.array(list(centres.values()))
    sides = [("left", 0, low[0], points[:, 0].min() - SPINE_SIDE), ("right", 0, points[:, 0].max() + SPINE_SIDE, high[0]),
             ("front", 1, points[:, 1].max() + SPINE_FRONT, high[1])]
    if crops.C1 in centres or crops.C2 in centres:
        sides.append(("above", 2, points[:, 2].max() + ABOVE_C1, high[2]))
    sides = [s for s in sides if s[3] - s[2] > 50]
    for n in range(count if sides else 0):
        where, axis, first, last = sides[n % len(sides)]
        begin, end = numpy.empty(3), numpy.empty(3)
        for a in range(3):
            f, l = (first, last) if a == axis else (low[a], high[a])
            length = min(l - f, random.uniform(100, 180))
            begin[a] = random.uniform(f, l - length)
            end[a] = begin[a] + length
        yield where, cut(image, begin, end)


def cut(image, low, high):
    corners = numpy.array([[(low, high)[c >> a & 1][a] for a in range(3)] for c in range(8)])
    index = nibabel.affines.apply_affine(numpy.linalg.inv(image.affine), corners)
    begin = numpy.maximum(numpy.ceil(index.min(axis=0)), 0).astype(int)
    end = numpy.minimum(numpy.floor(index.max(axis=0)) + 1, image.shape).astype(int)
    return image.slicer[tuple(slice(b, e) for b, e in zip(begin, end))]


def like(image, values):
    return nibabel.Nifti1Image(numpy.clip(numpy.rint(values), -1024, 3071).astype(numpy.int16), image.affine)


def as_mr(hu):
    """Bright fat, middling muscle and fluid, dark bone, air and lung: a T1-weighted MR."""
    return numpy.interp(hu, (-1024, -400, -100, -20, 60, 200, 500, 3071), (0, 0, 900, 450, 350, 200, 60, 20))


def shuffled(hu, random, block):
    """The blocks of an image in random order."""
    n = [s // block for s in hu.shape]
    cut_off = hu[:n[0] * block, :n[1] * block, :n[2] * block]
    blocks = cut_off.reshape(n[0], block, n[1], block, n[2], block).transpose(0, 2, 4, 1, 3, 5).reshape(-1, block, block, block)
    blocks = blocks[random.permutation(len(blocks))].reshape(*n, block, block, block)
    return blocks.transpose(0, 3, 1, 4, 2, 5).reshape(cut_off.shape)


def bones(random):
    """Two long bones, a skull, or a pair of bent tubes, in muscle; 2 mm voxels."""
    shape = (90, 90, 120)
    x, y, z = numpy.mgrid[:90, :90, :120] * 2.0
    hu = numpy.full(shape, 50.0) + random.normal(0, 12, shape)
    bend = random.uniform(0, 25) * numpy.sin(z / random.uniform(40, 90))
    for side in (-1, 1):
        r = numpy.hypot(x - 90 + side * 38 + bend, y - 90)
        outer = 13 + 10 * numpy.exp(-((z - 120) / 30) ** 2) * random.uniform(0, 1)
        hu = numpy.where(r < outer, 1100, hu)
        hu = numpy.where(r < outer - random.uniform(3, 6), random.uniform(-60, 60), hu)
    if random.random() < 0.4:
        r = numpy.hypot(numpy.hypot(x - 90, y - 90), 0.8 * (z - 120))
        hu = numpy.where(numpy.abs(r - 72) < 4, 1000, numpy.where(r < 68, 35, 50)) + random.normal(0, 12, shape)
    return nibabel.Nifti1Image(hu.astype(numpy.int16), numpy.diag([2.0, 2, 2, 1]))


def images(scans, random):
    for name, ct, centres, _ in scans:
        image = crops.loaded(ct)
        for where, part in boxes_beside(image, centres, random, 12):
            yield f"{where} of {name}", part
        if len(centres) < 2:
            continue
        points = numpy.array(list(centres.values()))
        near = cut(image, points.min(axis=0) - 70, points.max(axis=0) + 60)
        hu = numpy.asanyarray(near.dataobj).astype(float)
        yield f"inverted {name}", like(near, -hu)
        yield f"MR of {name}", like(near, as_mr(hu))
        yield f"shuffled {name}", like(near, shuffled(hu, random, max(6, int(24 / near.header.get_zooms()[0]))))
    for n in range(6):
        yield "bones", bones(random)
        values = random.normal(100, 400, (90, 90, 100))
        if n % 2:
            values = numpy.round(values.cumsum(axis=n // 2) / 6)
        yield "noise", nibabel.Nifti1Image(values.astype(numpy.int16), numpy.diag([2.0, 2, 2, 1]))


def made(scans, folder, seed):
    """The images, made once: dictionaries with name, kind, ct."""
    recipe = inspect.getsource(inspect.getmodule(made)) + repr((seed, [(n, str(p)) for n, p, _, _ in scans]))
    folder = folder / hashlib.sha256(recipe.encode()).hexdigest()[:12]
    listed = folder / "negatives.json"
    if not listed.exists():  # the last file that is written
        folder.mkdir(parents=True, exist_ok=True)
        out = []
        for n, (kind, image) in enumerate(images(scans, numpy.random.default_rng(seed))):
            path = folder / f"none{n:03}_ct.nii.gz"
            nibabel.save(image, path)
            out.append({"name": f"none{n:03}", "kind": kind, "ct": str(path)})
        listed.write_text(json.dumps(out))
    return json.loads(listed.read_text())
