# SPDX-FileCopyrightText: 2026 The diffam authors
# SPDX-License-Identifier: MIT
"""Calibrates the confidence of a vertebra (measure/confidence.hpp), and tests it.

Calibration: a good fit of each scan, whose meshes are moved, turned and scaled at random (diffam_displaced_fits), seen
in the CT and in spoiled copies of it. Test: fits that were spoiled before they began (spoil.py), which the calibration
has not seen. For the test of a patient, the model is fitted without this patient.
"""
import csv
import json
import subprocess

import nibabel
import numpy

import masks
import spoil

FAULTS = ("none", "noise", "metal", "thick")
TRIALS, FITS = 20, 400
GOOD = 0.8
EVIDENCE = ("falling", "rising", "visible", "below_chain", "size_step")
BINS = (0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0001)


def rows_of(tool, ct, truth, results, offset, trials, seed, **facts):
    done = subprocess.run([str(tool), *map(str, (ct, truth, results, offset, trials, seed))], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{tool.name} {results}: {done.stderr.strip()}")
    return [{**facts, **r} for r in csv.DictReader(done.stdout.splitlines())]


def good_fit(scan, runner, out):
    """A fit of up to six neighbouring vertebrae of a scan, from the right centres."""
    folder = out / "confidence" / scan.name
    if not (folder / "fit/report.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        order = sorted(scan.centres, key=masks.rank)
        first = max(0, len(order) // 2 - 3)
        centres = {l: numpy.asarray(scan.centres[l], float) for l in order[first:first + 6]}
        points = numpy.array([*centres.values()])
        low, high = points.min(axis=0) - (75, 95, 45), points.max(axis=0) + (75, 65, 45)
        ct, truth = (spoil.cut_around(i, low, high) for i in (scan.ct, scan.truth))
        save_ct(ct, folder / "ct.nii.gz")
        nibabel.save(spoil.with_labels(truth), folder / "truth.nii.gz")
        masks.write_centres(folder / "centres.csv", centres)
        runner.call(["fit", "-q", "-i", folder / "ct.nii.gz", "-c", folder / "centres.csv", "-o", folder / "fit", "--overwrite",
                     "--report", "none", "--preset", "fast"])
    return folder


def save_ct(ct, path):
    nibabel.save(nibabel.Nifti1Image(numpy.asanyarray(ct.dataobj).astype(numpy.int16), ct.affine), path)


def displaced(scan, runner, out, tool):
    """Rows of the displaced meshes of a scan, in its CT and in spoiled copies."""
    folder = good_fit(scan, runner, out)
    offset = json.loads((folder / "fit/report.json").read_text())["hu_offset"]
    ct, truth = nibabel.load(folder / "ct.nii.gz"), nibabel.load(folder / "truth.nii.gz")
    centres, rows = masks.read_csv(folder / "centres.csv"), []
    for n, fault in enumerate(FAULTS):
        paths = folder / f"{fault}_ct.nii.gz", folder / f"{fault}_truth.nii.gz"
        if not all(p.exists() for p in paths):
            spoiled, labels = spoil.spoil_voxels(fault, ct, truth, centres, numpy.random.default_rng(n + 100))
            save_ct(spoiled, paths[0])
            nibabel.save(labels, paths[1])
        rows += rows_of(tool, *paths, folder / "fit", offset, TRIALS, n + 1, patient=scan.patient, kind=fault)
    return rows


def spoiled(number, scans, runner, out, tool):
    """Rows of a fit that was spoiled before it began."""
    facts = spoil.job(number, scans, runner, out)
    if facts["refused"]:
        return [], facts
    folder = out / "spoiled" / f"{number:04d}"
    offset = json.loads((folder / "fit/report.json").read_text())["hu_offset"]
    patient = next(s.patient for s in scans if s.name == facts["scan"])
    return rows_of(tool, folder / "ct.nii.gz", folder / "truth.nii.gz", folder / "fit", offset, 0, 1, patient=patient, kind=facts["kind"]), facts


def table(rows):
    """Evidence with a column of ones, and whether each vertebra is good. Rows of vertebrae that are not visible go."""
    x = numpy.array([[1, *(float(r[name]) for name in EVIDENCE)] for r in rows])
    good = numpy.array([float(r["dice"]) >= GOOD for r in rows])
    seen = numpy.isfinite(x).all(axis=1)
    return x[seen], good[seen], [r for r, s in zip(rows, seen) if s]


def probability(x, b):
    return 1 / (1 + numpy.exp(-numpy.clip(x @ b, -30, 30)))


def fitted(x, good, ridge=0.1):
    """Coefficients by Newton's method, with a small penalty so that separable data have an answer."""
    b, penalty = numpy.zeros(x.shape[1]), ridge * numpy.diag([0] + [1] * (x.shape[1] - 1))
    for _ in range(100):
        p = probability(x, b)
        step = numpy.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + penalty, x.T @ (good - p) - penalty @ b)
        b = b + step
        if abs(step).max() < 1e-9:
            return b
    raise RuntimeError("confidence: the logistic model did not converge")


def auc(p, good):
    """Probability that a good vertebra has more confidence than a bad one; a tie counts half."""
    if good.all() or not good.any():
        return float("nan")
    difference = p[good][:, None] - p[~good][None, :]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def reliability(p, good):
    lines = ["| confidence | vertebrae | mean confidence | share with Dice >= .8 |", "|---|---|---|---|"]
    for low, high in zip(BINS, BINS[1:]):
        here = (p >= low) & (p < high)
        if here.any():
            lines.append(f"| {low:g} to {min(high, 1):g} | {here.sum()} | {p[here].mean():.2f} | {good[here].mean():.2f} |")
    return lines


def summary(name, p, good, dice):
    flagged = p < 0.5
    return (f"| {name} | {len(p)} | {good.sum()} | {auc(p, good):.3f} | {100 * flagged[good].mean() if good.any() else 0:.1f} % | "
            f"{((dice < 0.7) & ~flagged).sum()} of {(dice < 0.7).sum()} |")


def without_own(train, test):
    """Confidence of the vertebrae of `test`, each by a model that has not seen its patient; and what goes with it."""
    p, good, dice, kept = [], [], [], []
    for patient in sorted({r["patient"] for r in test}):
        x, y, _ = table([r for r in train if r["patient"] != patient])
        own, own_good, rows = table([r for r in test if r["patient"] == patient])
        p.append(probability(own, fitted(x, y)))
        good.append(own_good)
        dice.append([float(r["dice"]) for r in rows])
        kept += rows
    return numpy.concatenate(p), numpy.concatenate(good), numpy.concatenate(dice), kept


def report(train, test, refused, fits):
    b = fitted(*table(train)[:2])
    names = ("constant", *EVIDENCE)
    lines = ["{" + ", ".join(f".{n} = {v:.3f}" for n, v in zip(names, b)) + "}", "",
             "| set | vertebrae | Dice >= .8 | AUC | of these flagged | Dice < .7 and not flagged |", "|---|---|---|---|---|---|"]
    p, good, dice, _ = without_own(train, train)
    lines.append(summary("displaced meshes", p, good, dice))
    of_train = reliability(p, good)
    if test:
        p, good, dice, rows = without_own(train, test)
        lines.append(summary(f"{fits} spoiled fits ({refused} more were refused)", p, good, dice))
        for kind in sorted({r["kind"] for r in rows}):
            own = numpy.array([r["kind"] == kind for r in rows])
            lines.append(summary(f"- {kind}", p[own], good[own], dice[own]))
        of_train += ["", "Spoiled fits:", ""] + reliability(p, good)
    return "\n".join([*lines, "", "Displaced meshes:", "", *of_train]) + "\n"


def run(data, out, runner, tool, most_fits=FITS):
    scans = list(spoil.scans(data, out))
    train = [row for scan in scans for row in displaced(scan, runner, out, tool)]
    test, refused, fits = [], 0, 0
    for number in range(most_fits):
        rows, facts = spoiled(number, scans, runner, out, tool)
        test += rows
        refused += bool(facts["refused"])
        fits += not facts["refused"]
    text = report(train, test, refused, fits)
    (out / "confidence.md").write_text(text)
    return text
