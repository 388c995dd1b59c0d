# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""The group `find`: `diffam find` on the real scans with known centres and on random crops of them. Crops are 2 to 12
vertebrae long, half of them also narrow, each stored along other axes than its scan. A crop without ribs, sacrum and axis
cannot be named; there, the right answer is "not sure"."""
import json
import shutil

import nibabel
import numpy

import masks

NEAR_MM = 10      # a vertebra is found where a found centre is this near
BORDER_MM = 15    # a vertebra is whole in a crop where its centre is so far from the upper and lower border
FALSE_MM = 15     # a found centre is false where no known centre is this near, between the first and the last one
MOST_CROPPED = 12


def scans(data):
    """(name, path of the CT, {label: centre in world RAS mm}) of each scan."""
    for folder, ct, centres in (("verse014_ct_L1-L5", "sub-verse014_ct.nii.gz", "sub-verse014_seg-vb_ctd.json"),
                                ("lidc0001_chest_C7-L3", "ct.nii.gz", "ct_seg-subreg_ctd.json"),
                                ("acrin_neck_C2-T1", "ct.nii.gz", "ct_clicked_seg-subreg_ctd.json"),
                                ("totalseg_aorta_metal", "ct.nii.gz", "ct_seg-subreg_ctd.json")):
        path = data / folder / ct
        if path.exists():
            yield folder.split("_")[0], path, masks.read_centres(data / folder / centres, nibabel.load(path))
    trunk = data / "totalsegmentator_3mm"
    if trunk.exists():
        yield "totalseg_3mm", trunk / "example_ct.nii.gz", masks.body_centres(
            trunk / "example_ct_vertebrae_pp_refined.nii.gz", wanted=lambda l: 20 <= l <= 24)


def crop(image, centres, random):
    """A random part of an image that holds some of the vertebrae, stored along random axes."""
    order = sorted(centres, key=masks.rank)
    count = min(len(order), random.integers(2, MOST_CROPPED + 1))
    first = random.integers(0, len(order) - count + 1)
    upper, lower = centres[order[first]], centres[order[first + count - 1]]
    half = 400 if random.random() < 0.5 else random.uniform(45, 90)  # mm to the sides
    middle = (numpy.asarray(upper) + lower) / 2
    low = numpy.array([middle[0] - half, middle[1] - half - 20, min(upper[2], lower[2]) - random.uniform(16, 28)])
    high = numpy.array([middle[0] + half, middle[1] + half - 20, max(upper[2], lower[2]) + random.uniform(16, 28)])
    corners = numpy.array([[(low, high)[c >> a & 1][a] for a in range(3)] for c in range(8)])
    index = nibabel.affines.apply_affine(numpy.linalg.inv(image.affine), corners)
    begin = numpy.maximum(numpy.floor(index.min(axis=0)), 0).astype(int)
    end = numpy.minimum(numpy.ceil(index.max(axis=0)) + 1, image.shape).astype(int)
    part = image.slicer[tuple(slice(b, e) for b, e in zip(begin, end))]
    turned = numpy.stack([random.permutation(3), random.choice([-1, 1], 3)], axis=1)
    return part.as_reoriented(turned), low[2], high[2]


def compare(found, centres, low, high):
    """Counts of one search against the centres that are known."""
    whole = {l: numpy.asarray(c) for l, c in centres.items() if low + BORDER_MM <= c[2] <= high - BORDER_MM}
    places = [numpy.array(v["position_ras_mm"]) for v in found["vertebrae"]]
    distances, wrong = [], 0
    for label, centre in whole.items():
        away = [float(numpy.linalg.norm(p - centre)) for p in places]
        nearest = int(numpy.argmin(away)) if away else None
        if nearest is None or away[nearest] > NEAR_MM:
            continue
        distances.append(away[nearest])
        wrong += found["vertebrae"][nearest]["label"] != label
    known = [c[2] for c in centres.values()]
    false = sum(min(float(numpy.linalg.norm(p - c)) for c in centres.values()) > FALSE_MM for p in places
                if min(known) < p[2] < max(known))
    return {"whole": len(whole), "distances": distances, "wrong": wrong, "false": false, "sure": found["sure"],
            "margin": found["margin"], "anchors": found["anchors"]}


def search(runner, name, ct):
    """The record of `diffam find`, and its time in seconds. No vertebrae and not sure if no spine was found."""
    folder = runner.out / "finds" / name
    shutil.rmtree(folder, ignore_errors=True)  # no record of an earlier run
    seconds = runner.call(["find", "-q", "-i", ct, "-o", folder, "--overwrite", "--threads", runner.threads], may_fail=(65,))
    records = sorted(folder.glob("*_find.json"))
    nothing = {"vertebrae": [], "sure": False, "margin": 0, "anchors": []}
    return (json.loads(records[0].read_text()) if records else nothing), seconds


def run(data, out, runner, crops=100, seed=1):
    random = numpy.random.default_rng(seed)
    all_scans = list(scans(data))
    rows = []
    for name, ct, centres in all_scans:
        found, seconds = search(runner, name, ct)
        box = nibabel.affines.apply_affine(nibabel.load(ct).affine, numpy.array(numpy.meshgrid(
            *[(0, n - 1) for n in nibabel.load(ct).shape])).reshape(3, -1).T)
        rows.append({"case": name, "seconds": seconds, **compare(found, centres, box[:, 2].min(), box[:, 2].max())})
    folder = out / "crops"
    folder.mkdir(parents=True, exist_ok=True)
    several = [s for s in all_scans if len(s[2]) > 1]
    for n in range(crops):
        name, ct, centres = several[random.integers(len(several))]
        part, low, high = crop(nibabel.load(ct), centres, random)
        path = folder / f"crop{n:03}_ct.nii.gz"
        nibabel.save(part, path)
        found, seconds = search(runner, path.name.split("_")[0], path)
        rows.append({"case": f"crops of {name}", "seconds": seconds, **compare(found, centres, low, high)})
        path.unlink()
    return rows


def markdown(rows):
    head = ["case", "searches", "whole vertebrae", "found", "median mm", "largest mm", "false", "sure", "named wrong and sure",
            "right but not sure", "seconds"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    names = [*dict.fromkeys(r["case"] for r in rows), "all crops"]
    for name in names:
        some = [r for r in rows if r["case"] == name or (name == "all crops" and r["case"].startswith("crops of"))]
        if not some:
            continue
        distances = [d for r in some for d in r["distances"]] or [float("nan")]
        whole = sum(r["whole"] for r in some)
        found = sum(len(r["distances"]) for r in some)
        lines.append(f"| {name} | {len(some)} | {whole} | {found} | {numpy.median(distances):.1f} | {max(distances):.1f} | "
                     f"{sum(r['false'] for r in some)} | {sum(r['sure'] for r in some)} | "
                     f"{sum(r['sure'] and r['wrong'] > 0 for r in some)} | "
                     f"{sum(not r['sure'] and r['wrong'] == 0 and bool(r['distances']) for r in some)} | "
                     f"{sum(r['seconds'] for r in some) / len(some):.1f} |")
    return "\n".join(lines) + "\n"
