# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Fits that should go wrong: a part of a scan with a fault in its clicks, its voxels or its templates. Each job is a
function of its number. A fit that the program refuses has no result, and is counted as refused."""
import dataclasses
import functools
import json

import nibabel
import numpy
from scipy import ndimage

import cases
import fits
import masks
import starts

SIMULATED = (("gl003", "plain"), ("gl017", "contrast"), ("healthivert", "contrast"), ("verse004", "plain"), ("verse010", "contrast"),
             ("malekosh", "plain"))
KINDS = ("none", "none", "short", "shift one", "shift all", "turned", "skipped", "one off", "values", "template", "cut",
         "metal", "thick", "noise", "stretched", "mirrored")
REAL = 3  # the first of `scans`
ITERATIONS, SAMPLES = 100, 1500  # short fits: many of them say more than a few of full length


@dataclasses.dataclass
class Scan:
    name: str
    patient: str
    ct: nibabel.Nifti1Image
    truth: nibabel.Nifti1Image  # VerSe's numbers
    centres: dict               # {label: world RAS mm}, whole vertebrae


def with_labels(image, change=lambda label: label):
    """The image with whole numbers, changed by a function."""
    labels = numpy.rint(numpy.asanyarray(image.dataobj)).astype(int)
    table = numpy.array([change(l) for l in range(labels.max() + 1)], numpy.uint8)
    return nibabel.Nifti1Image(table[labels], image.affine)


def verse014(data, out):
    case = cases.verse014(data, out)
    ct = nibabel.load(case.ct)
    return Scan("verse014", "verse014", ct, with_labels(nibabel.load(case.truth)), masks.read_centres(case.centres, ct))


def trunk(data, out):
    case = cases.trunk(data, out)
    return Scan("totalseg_3mm", "totalseg_3mm", nibabel.load(case.ct),
                with_labels(nibabel.load(case.truth), lambda l: 51 - l if 27 <= l <= 50 else 0), masks.read_csv(case.centres))


def chest(data, out):
    folder = data / "lidc0001_chest_C7-L3"
    ct = nibabel.load(folder / "ct.nii.gz")
    centres = masks.read_centres(folder / "ct_seg-subreg_ctd.json", ct)
    return Scan("lidc0001", "lidc0001", ct, with_labels(nibabel.load(folder / "mask_vert.nii.gz")),
                {l: c for l, c in centres.items() if 8 <= l <= 20})


def simulated(patient, look, data, out):
    case = next(cases.simulated_cases(data, out, (patient,), (look,)))
    return Scan(case.name, case.patient, nibabel.load(case.ct), with_labels(nibabel.load(case.truth)), masks.read_csv(case.centres))


MAKERS = {"verse014": verse014, "totalseg_3mm": trunk, "lidc0001": chest,  # by the name of the scan
          **{f"sim_{patient}_{look}": functools.partial(simulated, patient, look) for patient, look in SIMULATED}}


def scans(data, out):
    """The scans whose vertebrae have a mask, real ones first."""
    return (make(data, out) for make in MAKERS.values())


def cut_around(image, low, high):
    """The part of an image in a box of the world."""
    corners = numpy.array([[(low, high)[c >> a & 1][a] for a in range(3)] for c in range(8)])
    index = nibabel.affines.apply_affine(numpy.linalg.inv(image.affine), corners)
    begin = numpy.maximum(numpy.floor(index.min(axis=0)), 0).astype(int)
    end = numpy.minimum(numpy.ceil(index.max(axis=0)) + 1, image.shape).astype(int)
    return image.slicer[tuple(slice(b, e) for b, e in zip(begin, end))]


def direction(random):
    d = random.normal(size=3)
    return d / numpy.linalg.norm(d)


def spoil_clicks(kind, centres, random):
    order = sorted(centres, key=masks.rank)
    wrong = {l: numpy.array(c, float) for l, c in centres.items()}
    one = order[random.integers(len(order))]
    if kind == "shift one":
        wrong[one] += random.uniform(15, 25) * direction(random)
    if kind == "shift all":
        step = random.uniform(15, 25) * direction(random)
        wrong = {l: c + step for l, c in wrong.items()}
    if kind == "stretched":
        middle = numpy.mean([*wrong.values()], axis=0)
        wrong = {l: middle + random.choice([0.75, 1.3]) ** (l != one) * (c - middle) for l, c in wrong.items()}
    if kind == "skipped":  # no click on one, and the names below go on
        at = random.integers(1, len(order) - 1)
        wrong = {**{l: wrong[l] for l in order[:at]}, **{order[i - 1]: wrong[order[i]] for i in range(at + 1, len(order))}}
    if kind == "one off":
        wrong = {l + 1: c for l, c in wrong.items()}
    return wrong


def spoil_voxels(kind, ct, truth, centres, random):
    voxels = numpy.asanyarray(ct.dataobj).astype(numpy.float32)
    spacing = numpy.linalg.norm(ct.affine[:3, :3], axis=0)
    if kind == "values":
        factor, power = random.choice([0.4, 0.6, 1.8]), random.choice([1, 1, -1])
        voxels = factor * power * voxels + random.choice([0, 150, -200])
    if kind == "metal":
        index = nibabel.affines.apply_affine(numpy.linalg.inv(ct.affine), centres[random.choice(sorted(centres))])
        grid = numpy.stack(numpy.meshgrid(*[numpy.arange(n) for n in ct.shape], indexing="ij"), axis=-1)
        for _ in range(2):
            off = (grid - index - random.normal(0, 12, 3) / spacing) * spacing
            axis = direction(random)
            along = off @ axis
            across = numpy.linalg.norm(off - along[..., None] * axis, axis=-1)
            voxels[(across < 3) & (abs(along) < 25)] = 3000
            voxels += 500 * random.choice([-1, 1]) * numpy.exp(-(along / 4) ** 2) * numpy.exp(-across / 60)
    if kind == "thick":
        up = numpy.argmax(abs(ct.affine[2, :3]))
        step = max(1, round(8 / spacing[up]))
        sigma = [0.0] * 3
        sigma[up] = step / 2.4
        cut = tuple(slice(None, None, step) if a == up else slice(None) for a in range(3))
        ct = nibabel.Nifti1Image(ndimage.gaussian_filter(voxels, sigma), ct.affine).slicer[cut]
        return ct, truth.slicer[cut]
    if kind == "noise":
        sigma = random.uniform(0, 1)
        noise = ndimage.gaussian_filter(random.normal(size=voxels.shape), sigma)
        voxels += random.uniform(100, 400) * noise / noise.std()
    if kind == "mirrored":  # from front to back about the middle of the centres
        front = numpy.argmax(abs(ct.affine[1, :3]))
        index = nibabel.affines.apply_affine(numpy.linalg.inv(ct.affine), numpy.mean([*centres.values()], axis=0))
        at = numpy.clip(numpy.rint(2 * index[front] - numpy.arange(ct.shape[front])).astype(int), 0, ct.shape[front] - 1)
        voxels = numpy.take(voxels, at, front)
        labels = numpy.take(numpy.asanyarray(truth.dataobj), at, front)
        truth = nibabel.Nifti1Image(labels, truth.affine)
    return nibabel.Nifti1Image(voxels, ct.affine), truth


def templates_of(kind, levels, random, runner, out):
    """Arguments of `diffam fit`."""
    if kind == "turned":
        label = random.choice([0, *levels])
        degrees = int(random.choice([45, 90, 135, 180]) * random.choice([-1, 1]))
        return ("-t", starts.turned_templates(runner.program, out, levels, label, random.choice(list("xyz")), degrees))
    if kind == "template":
        wrong = random.choice([l for l in (4, 9, 15, 22) if min(abs(l - k) for k in levels) > 3])
        path = out / "templates" / f"only_{masks.name_of(wrong)}.ply"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            runner.call(["template", "--level", masks.name_of(wrong), "-o", path])
        return ("-t", path)
    return ()


def dice_of(mask, truth, labels):
    """Dice of each vertebra in the true one that it covers best: its place and shape are judged, not its name."""
    found, true = (numpy.asanyarray(i.dataobj).astype(int) for i in (mask, truth))
    size = numpy.bincount(true.ravel(), minlength=2)
    def best(inside):
        both = numpy.bincount(true[inside], minlength=len(size))
        return float((2 * both / (both.sum() + size))[1:].max())
    return {l: best(found == l) for l in labels}


def scan_of(number, all_scans):
    """Every other job has a real scan."""
    part = all_scans[REAL:] if number % 2 else all_scans[:REAL]
    return part[number // 2 % len(part)]


def kind_of(number, random=None):
    """The fault of a job: the first number that its generator draws."""
    return KINDS[(random or numpy.random.default_rng(number)).integers(len(KINDS))]


def facts_file(number, out):
    return out / "spoiled" / f"{number:04d}" / "facts.json"


def has_run(number, out):
    return facts_file(number, out).exists()


def job(number, all_scans, runner, out):
    """Makes the inputs, fits, and scores job `number`. Returns its facts, from an earlier run if there is one."""
    done = facts_file(number, out)
    folder = done.parent
    if has_run(number, out):
        return json.loads(done.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(number)
    scan = scan_of(number, all_scans)
    kind = kind_of(number, random)
    order = sorted(scan.centres, key=masks.rank)
    count = min(len(order), int(random.integers(3, 6)))
    first = int(random.integers(0, len(order) - count + 1))
    centres = {l: numpy.asarray(scan.centres[l], float) for l in order[first:first + count]}
    points = numpy.array([*centres.values()])
    above = 5 if kind == "cut" else 45
    low, high = points.min(axis=0) - (65, 85, 45), points.max(axis=0) + (65, 45, above)
    ct, truth = (cut_around(i, low, high) for i in (scan.ct, scan.truth))
    truth = with_labels(truth)
    ct, truth = spoil_voxels(kind, ct, truth, centres, random)
    clicks = spoil_clicks(kind, centres, random)
    nibabel.save(nibabel.Nifti1Image(numpy.asanyarray(ct.dataobj).astype(numpy.int16), ct.affine), folder / "ct.nii.gz")
    nibabel.save(truth, folder / "truth.nii.gz")
    masks.write_centres(folder / "centres.csv", clicks)
    iterations = int(random.choice([8, 20, 50])) if kind == "short" else ITERATIONS
    settings = ["--preset", "fast", "--samples", SAMPLES, "--iterations", iterations]
    if kind not in ("none", "cut", "noise") and random.random() < 0.5:
        settings += ["--start-search", 0]
    if kind == "values":
        settings += ["--hu-offset", "none"]
    template = templates_of(kind, sorted(clicks), random, runner, out)
    facts = {"number": number, "scan": scan.name, "kind": kind, "settings": [str(s) for s in settings], "template": [str(t) for t in template],
             "refused": "", "dice": {}}
    try:
        runner.call(["fit", "-q", "-i", folder / "ct.nii.gz", "-c", folder / "centres.csv", "-o", folder / "fit", "--overwrite",
                     "--report", "none", "--threads", 1, *settings, *template])
        mask = nibabel.load(folder / "fit/ct_seg-vert_msk.nii.gz") if (folder / "fit/ct_seg-vert_msk.nii.gz").exists() else \
            nibabel.load(next((folder / "fit").glob("*_seg-vert_msk.nii.gz")))
        facts["dice"] = {str(l): d for l, d in dice_of(mask, truth, clicks).items()}
    except fits.Failed as failed:
        if failed.stopped:
            raise
        facts["refused"] = failed.reason
    unfinished = done.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(facts, indent=1))
    unfinished.rename(done)
    return facts
